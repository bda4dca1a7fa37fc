// @vitest-environment jsdom
import fc from 'fast-check';
import mermaid from 'mermaid';
import { describe, expect, test } from 'vitest';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { buildSceneGraph, DEFAULT_VIEW } from '../layout/graph.ts';
import { layoutScene } from '../layout/layout.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { decodeSnapshot } from '../snapshot/decode.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { EXPORT_FORMATS, type ExportFormat, exportFormat, type Picture, pngScale } from './formats.ts';
import { ExportLimitError, MERMAID_MAX_EDGES } from './mermaid.ts';
import { pageScene } from './page-scene.ts';

function pictureOf(snapshot: Snapshot, theme: Picture['theme'] = 'light'): Picture {
  return { snapshot, theme, view: 'sharing', options: DEFAULT_VIEW, scene: null, nets: [] };
}

/** The text of a format, and for what is no text what it is drawn from. */
function render(id: ExportFormat['id'], picture: Snapshot | Picture): string {
  const content = exportFormat(id).render('view' in picture ? picture : pictureOf(picture));
  return content.type === 'text' ? content.text : content.type === 'png' ? content.svg : JSON.stringify(content.pages);
}

/** A pod of three, a pair, a broken share, a container in the host's network, one alone and one that does not run. */
const SKETCHES: readonly ContainerSketch[] = [
  { name: 'pause' },
  { name: 'app', namespaces: { net: 'pause', ipc: 'pause' } },
  { name: 'log', namespaces: { net: 'pause', ipc: 'pause' } },
  { name: 'web1', namespaces: { uts: 'host' } },
  { name: 'web2', namespaces: { net: 'web1', uts: 'host' } },
  {
    name: 'stray',
    container: {
      modes: { net: `container:${idOf('web1')}`, ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' },
    },
  },
  { name: 'exporter', namespaces: { net: 'host' } },
  { name: 'off', running: false },
];

/** Names that end quotes, comments, elements or lines in some format, or that change how text is read. */
const HOSTILE = [
  '"quoted" \'single\' `back`',
  '\\" \\\\ \\n \\N',
  '</text></svg><script>alert(1)</script>',
  '<!-- --> ]]> <![CDATA[',
  'line\nbreak\r\ttab',
  '\u202eright\u2066to\u200fleft',
  'emoji 👩‍👩‍👧 日本語',
  '\u0000\u0007\u001b[31m\ud800',
  '%%{init: {"theme":"dark"}}%% end; click c0 "javascript:alert(1)"',
  '& &amp; &#60; #35; #quot;',
  '} ]; node [label="x"]; //',
  'end',
];

function hostile(names: readonly string[] = HOSTILE): Snapshot {
  return snapshotOf({
    containers: names.flatMap((name, index) => [
      {
        name: `${name} ${index}`,
        container: { image: name, labels: { 'com.docker.compose.project': name }, state: 'running' as const },
      },
      { name: `${index} ${name}`, namespaces: { net: `${name} ${index}` }, container: { image: name } },
    ]),
  });
}

function parseXml(text: string): Document {
  const document = new DOMParser().parseFromString(text, 'image/svg+xml');
  expect(document.querySelector('parsererror')?.textContent ?? '').toBe('');
  return document;
}

test('every format has its own id and label', () => {
  for (const field of ['id', 'label'] as const) {
    expect(new Set(EXPORT_FORMATS.map((format) => format[field])).size).toBe(EXPORT_FORMATS.length);
  }
});

test.each(EXPORT_FORMATS.map(({ id }) => id))('%s: the same input gives the same bytes, whatever its order', (id) => {
  const snapshot = snapshotOf({ containers: SKETCHES });
  const text = render(id, snapshot);
  expect(render(id, snapshot)).toBe(text);
  // Through a file and back, as the command line gets it.
  const decoded = decodeSnapshot(render('json', snapshot));
  if (!decoded.ok) throw new Error(decoded.message);
  expect(render(id, decoded.snapshot)).toBe(text);
  if (id !== 'pdf') expect(text.endsWith('\n')).toBe(true);
  if (!id.startsWith('csv')) expect(text).not.toContain('\r');
});

test.each(['svg', 'png', 'pdf', 'drawio'] as const)(
  '%s: networks are in it where they are asked for, hostile names too',
  (id) => {
    const snapshot = hostile();
    const networks = HOSTILE.slice(0, 5).map((name) => ({ name, id: null, ip: null, mac: null, subnets: [name] }));
    const connected = { ...snapshot, containers: snapshot.containers.map((each) => ({ ...each, networks })) };
    const options = { ...DEFAULT_VIEW, networks: true };
    const text = render(id, { ...pictureOf(connected), options });
    expect(render(id, { ...pictureOf(connected), options })).toBe(text);
    const without = render(id, connected);
    expect(without).not.toMatch(/class="network"|"className":"network"|layer-networks/);
    if (id === 'pdf') expect(text).toContain('"className":"network"');
    else {
      const document = parseXml(text);
      expect(document.querySelector(id === 'drawio' ? '[id="layer-networks"]' : 'g.network')).not.toBeNull();
      expect(document.querySelectorAll('script')).toHaveLength(0);
    }
  },
);

describe('SVG', () => {
  test('is whole in itself: no script, style, link, image or foreign object', () => {
    const svg = parseXml(render('svg', snapshotOf({ containers: SKETCHES })));
    expect(svg.documentElement.nodeName).toBe('svg');
    expect(svg.querySelectorAll('script, style, image, foreignObject, use, a').length).toBe(0);
    for (const element of svg.querySelectorAll('*')) {
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on|href/);
    }
  });

  test('says when, where and how much, and holds every name and the legend', () => {
    const svg = parseXml(render('svg', snapshotOf({ containers: SKETCHES })));
    const texts = [...svg.querySelectorAll('text')].map((element) => element.textContent ?? '');
    for (const { name } of SKETCHES) expect(texts).toContain(name);
    expect(texts.join('\n')).toContain('8 containers');
    expect(texts.join('\n')).toContain('2026-01-01 00:00:00 UTC');
    for (const kind of ['mnt', 'cgroup', 'time']) expect(texts).toContain(kind);
    expect(texts).toContain('declared, not in force');
  });

  test('has one container where there is one, and no sign for what it does not show', () => {
    const text = render('svg', snapshotOf({ containers: [{ name: 'a' }] }));
    expect(text).toContain('1 container ');
    expect(text).not.toContain('declared, not in force');
  });

  test('follows the theme', () => {
    const snapshot = snapshotOf({ containers: SKETCHES });
    expect(render('svg', pictureOf(snapshot, 'dark'))).toContain('fill="#0F1419"');
    expect(render('svg', pictureOf(snapshot, 'light'))).not.toContain('#0F1419" width');
  });

  test('says of a recording that it is one', () => {
    expect(render('svg', { ...snapshotOf({ containers: SKETCHES }), demo: true })).toContain('Recording: ');
  });

  test('hostile names stay text', () => {
    const text = render('svg', hostile());
    const svg = parseXml(text);
    expect(svg.querySelectorAll('script').length).toBe(0);
    // Nothing of a name acts or hides, but for the joiners of an emoji.
    expect(text.replaceAll(/\n|(?<=👩)\u200d/gu, '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
    const titles = [...svg.querySelectorAll('g > title')].map((title) => title.textContent ?? '');
    expect(titles.some((title) => title.startsWith('</text></svg><script>alert(1)</script> 2'))).toBe(true);
  });

  test('any name is well-formed XML', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { minLength: 1, maxLength: 4 }), (names) => {
        parseXml(render('svg', hostile(names)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('DOT', () => {
  /** Statements with strings and their escapes understood: the text outside of strings. */
  const outside = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"/gs, '""');

  test('has a hub for three members and a line for two, with their kinds', () => {
    const text = render('dot', snapshotOf({ containers: SKETCHES }));
    expect(text).toMatch(/shape=diamond, .*kinds="net ipc", label="3"/);
    // Spokes, a pair, a broken share, and one in the machine's own.
    expect(text.match(/ -- .*kind="net"/g)).toHaveLength(3 + 1 + 1 + 1);
    expect(text).toMatch(/label="broken"/);
  });

  test('hostile names stay inside their quotes', () => {
    const text = render('dot', hostile());
    const plain = outside(text);
    expect(plain).not.toContain('script');
    expect(plain).not.toContain('click');
    for (const line of plain.split('\n')) {
      expect(line).toMatch(/^(graph bulkhead \{|\s*(\/\/.*|subgraph cluster_\d+ \{|\}|[^"]*(""[^"]*)*;)|)$/);
    }
  });
});

describe('Mermaid', () => {
  const LINE =
    /^(flowchart LR|\s*(subgraph g\d+\["[^"]*"\]|end|c\d+\["[^"]*"\]|h\d+\{\{"[^"]*"\}\}|[ch]\d+ (---|-- "[^"]*" ---|-\. "[^"]*" \.-) [ch]\d+|))$/;

  test('is made of known lines only, hostile names too', () => {
    for (const snapshot of [snapshotOf({ containers: SKETCHES }), hostile()]) {
      for (const line of render('mermaid', snapshot).split('\n')) expect(line).toMatch(LINE);
    }
  });

  test('no label holds a character that Mermaid or HTML acts on', () => {
    for (const [, label] of render('mermaid', hostile()).matchAll(/"([^"]*)"/g)) {
      expect((label ?? '').replace(/#\d+;/g, '')).not.toMatch(/[<>&"'`\\;%{}|[\]()*_~#]/);
    }
  });

  test('Mermaid itself reads it, whatever things are called', async () => {
    await mermaid.parse(render('mermaid', snapshotOf({ containers: SKETCHES })));
    await mermaid.parse(render('mermaid', hostile()));
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(names, fc.string(), async (drafts, project) => {
        const containers = drafts.map((name, index) => ({
          name: index === 0 ? name : `${name}${index}`,
          container: { image: name, labels: { 'com.docker.compose.project': project } },
        }));
        await mermaid.parse(render('mermaid', snapshotOf({ containers })));
      }),
      { numRuns: 300 },
    );
  });

  test('what Mermaid would refuse is refused with advice', () => {
    const wide = [
      { name: 'a' },
      ...Array.from({ length: MERMAID_MAX_EDGES + 1 }, (_, index) => ({
        name: `c${index}`,
        namespaces: { net: 'a' },
      })),
    ];
    expect(() => render('mermaid', snapshotOf({ containers: wide }))).toThrow(ExportLimitError);
    expect(() => render('mermaid', snapshotOf({ containers: wide }))).toThrow(/Filter the picture/);
  });
});

describe('JSON', () => {
  test('is the snapshot itself', () => {
    const snapshot = hostile();
    // A lone surrogate cannot be told in UTF-8; JSON writes it as an escape and it comes back.
    expect(decodeSnapshot(render('json', snapshot))).toEqual({ ok: true, snapshot });
  });
});

test('a page is 16 by 9 with its head and its legend, at any number, and the picture fills it', () => {
  for (const count of [1, 5, 25, 60, 200]) {
    const svg = render('svg', madeFleet(count));
    const [, width = 0, height = 0] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)?.map(Number) ?? [];
    expect(width / height, String(count)).toBeCloseTo(16 / 9, 2);
    const scene = pageScene(madeFleet(count));
    const filled = scene.bounds.width / scene.bounds.height;
    // What is not filled lies beside the machine or above and below it.
    expect(Math.min(filled / (16 / 9), 16 / 9 / filled), String(count)).toBeGreaterThan(0.8);
  }
});

test('a picture as it is on the screen keeps the proportions that it has there', () => {
  const snapshot = madeFleet(5);
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
  const stage = { width: 600, height: 900 };
  const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0, stage });
  const svg = render('svg', { ...pictureOf(snapshot), scene });
  const [, width = 0, height = 0] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)?.map(Number) ?? [];
  expect(width / height).toBeLessThan(1);
});

test('a PNG is sharp where its size allows it', () => {
  const svg = (width: number, height: number) =>
    `<svg xmlns="x" width="${width}" height="${height}" viewBox="0 0 1 1">`;
  expect(pngScale(render('svg', snapshotOf({ containers: SKETCHES })))).toBe(2);
  expect(pngScale(svg(6000, 4000))).toBe(2);
  expect(pngScale(svg(8000.5, 500))).toBe(1);
  expect(pngScale(svg(7000, 7000))).toBe(1);
});

test('lines stay linear: three hundred in one namespace draw three hundred spokes in every format', () => {
  const names = Array.from({ length: 300 }, (_, index) => `c${index}`);
  const snapshot = snapshotOf({
    containers: names.map((name) => ({ name, namespaces: name === 'c0' ? {} : { net: 'c0' } })),
  });
  const scene = pageScene(snapshot);
  expect(scene.hubs).toHaveLength(1);
  expect(scene.links).toHaveLength(300);
  expect(render('dot', snapshot).match(/ -- /g)).toHaveLength(300);
  expect(render('mermaid', snapshot).match(/ --- /g)).toHaveLength(300);
});
