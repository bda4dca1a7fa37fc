import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { compareText } from '../snapshot/order.ts';
import { cardMarks } from './card-marks.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import { farGroupMarks, groupMarks } from './group-marks.ts';
import { type GroupSummary, summariesOf } from './group-summary.ts';
import { layoutScene } from './layout.ts';
import { hubMarks, linkMarks, strandMarks } from './line-marks.ts';
import { fitMiddle, fitText, type Mark, round2, SMALLEST_TEXT, textWidth } from './marks.ts';
import { compareNames, nameKey } from './order.ts';
import { kindColour, THEMES } from './palette.ts';
import type { SceneGroup, SceneLink, SceneNode } from './scene.ts';

const theme = THEMES.light;
const view = { theme, unit: 1 };
const texts = (marks: readonly { text?: string }[]) => marks.flatMap(({ text }) => text ?? []).sort();

const NODE: SceneNode = {
  key: 'a',
  type: 'container',
  label: 'shop-web1',
  short: 'web1',
  command: 'nginx -g daemon',
  init: { inside: 1, outside: 4711 },
  detail: 'nginx:1.27',
  state: 'running',
  processes: 3,
  strip: [
    { kind: 'net', standing: 'shared', partners: 2, namespace: 'net:[1]', told: true, reason: '--network=container:a' },
    { kind: 'pid', standing: 'host', partners: 9, namespace: 'pid:[2]', told: true, reason: '--pid=host' },
    { kind: 'user', standing: 'host', partners: 9, namespace: 'user:[3]', told: false, reason: 'engine default' },
  ],
  group: null,
  warnings: 0,
  broken: false,
  x: 0,
  y: 0,
  width: 228,
  height: 64,
  pinned: false,
};

test('cut text fits, keeps both ends or the start, and never splits a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 30, max: 200 }), (text, width) => {
      for (const cut of [fitText(text, 12, width), fitMiddle(text, 12, width)]) {
        expect(cut === text || textWidth(cut, 12) <= width).toBe(true);
        expect(cut).not.toMatch(/\p{Cs}/u);
      }
    }),
  );
  expect(fitMiddle('registry.example.com/shop/api:2.14.1', 10, 120, false, 0)).toMatch(/^….*api:2\.14\.1$/);
  expect(fitMiddle('registry.example.com/shop/api:2.14.1', 10, 120)).toMatch(/^regi.*….*2\.14\.1$/);
});

test('hostile lengths are cheap', () => {
  const start = performance.now();
  fitMiddle('x'.repeat(1_000_000), 12, 150);
  fitText('x'.repeat(1_000_000), 12, 150);
  expect(performance.now() - start).toBeLessThan(200);
});

test('a card tells name, image, command and pids, and of the kinds only what is not ordinary', () => {
  const marks = cardMarks(NODE, view);
  expect(texts(marks)).toEqual(['web1', '3 processes', 'nginx:1.27', 'net 3', 'pid host', 'ngin…  1 → 4711'].sort());
  expect(texts(cardMarks({ ...NODE, state: 'paused' }, view))).toContain('paused');
});

test('all eight kinds stand on a card that is large enough', () => {
  const strip = (['mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup', 'time'] as const).map((kind) => ({
    kind,
    standing: kind === 'net' ? ('shared' as const) : kind === 'user' ? ('host' as const) : ('private' as const),
    partners: kind === 'net' ? 150 : 0,
    namespace: `${kind}:[1]`,
    told: kind === 'net',
    reason: null,
  }));
  const shown = cardMarks({ ...NODE, strip, width: 300, height: 90 }, view).flatMap(({ text }) => text ?? []);
  expect(shown.slice(-8)).toEqual(['mnt', 'pid', 'net 99+', 'ipc', 'uts', 'usr⌂', 'cgr', 'tim']);
});

test('what has no room is left out in a fixed order, and no text is smaller than 11 pixels', () => {
  const sizes = (marks: readonly Mark[], unit: number) =>
    marks.filter(({ tag }) => tag === 'text').map(({ attrs }) => Number(attrs['font-size']) / unit);
  let before = 99;
  for (let scale = 4; scale > 0.02; scale *= 0.9) {
    const unit = 1 / scale;
    const marks = cardMarks(NODE, { theme, unit });
    for (const size of sizes(marks, unit)) expect(size).toBeGreaterThan(SMALLEST_TEXT - 0.01 - 0.005 / unit);
    const said = marks.filter(({ tag }) => tag === 'text').length;
    expect(said).toBeLessThanOrEqual(before);
    before = said;
  }
  expect(before).toBe(0);
  const at = (scale: number) => texts(cardMarks(NODE, { theme, unit: 1 / scale })).join(' ');
  expect(at(1)).toContain('nginx:1.27');
  expect(at(0.7)).not.toContain('nginx:1.27');
  expect(at(0.7)).toContain('net 3');
  expect(at(0.3)).toMatch(/^web1/);
});

const GROUP: SceneGroup = {
  key: 'g',
  type: 'pod',
  kind: null,
  label: 'default/billing',
  members: ['a', 'b'],
  x: 0,
  y: 0,
  width: 250,
  height: 120,
  title: { x: 5, y: 0, width: 240, height: 24 },
};

test('a group keeps its name and count the longest, and from afar in the place of its members', () => {
  expect(texts(groupMarks(GROUP, view))).toEqual(['2', 'Pod', 'default/billing'].sort());
  const narrow = { ...GROUP, title: { ...GROUP.title, width: 75 } };
  expect(texts(groupMarks(narrow, view))).toEqual(['2', 'billing']);
  expect(texts(groupMarks(GROUP, { theme, unit: 3 }))).toEqual([]);
  expect(texts(farGroupMarks(GROUP, { theme, unit: 3 }))).toContain('2');
});

test('from afar a title is as large as all of it has room for, and stubs of names are none', () => {
  const far = (label: string, width: number) => {
    const group: SceneGroup = { ...GROUP, type: 'compose', label, width, members: ['a', 'b', 'c'] };
    return farGroupMarks(group, view).filter(({ tag }) => tag === 'text');
  };
  const said = (label: string, width: number) => far(label, width).map(({ text }) => text);
  expect(said('billing2', 90)).toEqual(['billing2', '3']);
  expect(said('crm', 60)).toEqual(['crm', '3']);
  const sizeOf = (width: number) => Number(far('billing2', width)[0]?.attrs['font-size']);
  expect(sizeOf(90)).toBeGreaterThanOrEqual(11);
  expect(sizeOf(90)).toBeLessThan(sizeOf(160));
  expect(sizeOf(1_000)).toBe(22);
  expect(said('billing2', 66)[0]).toMatch(/^bil.*…$/);
  expect(said('billing2', 32)).toEqual(['3']);
  expect(said('billing2', 8)).toEqual([]);
});

test('from afar a group tells by signs what is shared, broken or found inside, and that nothing runs', () => {
  const small: SceneGroup = { ...GROUP, label: 'billing', width: 28, height: 50, members: ['a', 'b', 'c'] };
  const nothing: GroupSummary = { shared: [], host: [], stopped: 0, broken: 0, warned: 0 };
  const far = (summary: Partial<GroupSummary>, group = small) => farGroupMarks(group, view, { ...nothing, ...summary });
  const strokes = (marks: readonly Mark[]) => marks.map(({ attrs }) => attrs.stroke);
  expect(far({}).map(({ tag }) => tag)).toEqual(['rect', 'text']);
  const shared = far({ shared: ['net', 'ipc'], host: ['pid'] });
  for (const kind of ['net', 'ipc', 'pid'] as const) expect(strokes(shared)).toContain(kindColour(kind, theme.name));
  // Only what is the machine's by choice stands upon its edge.
  expect(strokes(shared).filter((stroke) => stroke === theme.hull)).toHaveLength(1);
  expect(far({ broken: 1 })[0]?.attrs.stroke).toBe(theme.danger);
  expect(far({ warned: 2 }).some(({ attrs }) => attrs.stroke === theme.warning)).toBe(true);
  expect(far({ stopped: 2 })[0]?.attrs).not.toHaveProperty('stroke-dasharray');
  expect(far({ stopped: 3 })[0]?.attrs).toHaveProperty('stroke-dasharray');
  // Beside a title too, and not where the signs would be too small to be told apart.
  const wide = far({ shared: ['net'] }, { ...small, width: 120 });
  expect(strokes(wide)).toContain(kindColour('net', theme.name));
  expect(texts(wide)).toContain('billing');
  expect(farGroupMarks(small, { theme, unit: 12 }, { ...nothing, shared: ['net', 'ipc'] })).toHaveLength(1);
  for (const { tag, attrs } of shared.filter(({ tag: each }) => each === 'text'))
    expect([tag, Number(attrs['font-size']) >= 11]).toEqual(['text', true]);
});

test('a summary counts what is no default', () => {
  const snapshot = madeFleet(25);
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
  const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
  const summaries = summariesOf(scene);
  expect(summaries.size).toBe(scene.groups.length);
  const pod = scene.groups.find(({ type }) => type === 'pod');
  expect(summaries.get(pod?.key ?? '')).toEqual({ shared: ['net', 'ipc'], host: [], stopped: 0, broken: 0, warned: 0 });
});

const LINK: SceneLink = {
  key: 'k',
  set: 's',
  from: 'a',
  to: 'b',
  end: 'owner',
  texts: ['net · --network=container:web1', 'net · container:web1', 'net'],
  room: { x: 0, y: 0, width: 200, height: 18 },
  broken: false,
  strands: [
    {
      kind: 'net',
      namespace: '',
      points: [
        { x: 0, y: 0 },
        { x: 100, y: 0 },
      ],
    },
  ],
};

test('a line says why it is there in the longest words that fit, and is red only where it is broken', () => {
  expect(texts(linkMarks(LINK, view))).toEqual(['net · --network=container:web1']);
  expect(texts(linkMarks({ ...LINK, room: { x: 0, y: 0, width: 130, height: 18 } }, view))).toEqual([
    'net · container:web1',
  ]);
  expect(texts(linkMarks({ ...LINK, room: { x: 0, y: 0, width: 10, height: 18 } }, view))).toEqual([]);
  expect(texts(linkMarks(LINK, { theme, unit: 2 }))).toEqual([]);
  const owner = linkMarks(LINK, view).find(({ tag }) => tag === 'circle');
  expect(owner?.attrs).toMatchObject({ cx: 100, cy: 0 });
  const colours = (link: SceneLink) => linkMarks(link, view).map(({ attrs }) => attrs.stroke);
  expect(colours(LINK)).not.toContain(theme.danger);
  expect(colours({ ...LINK, broken: true })).toContain(theme.danger);
});

test('the cgroup strand is a double line, and dashes tell kinds apart', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  expect(strandMarks('cgroup', points, view)).toHaveLength(2);
  expect(strandMarks('net', points, view)).toHaveLength(1);
  expect(strandMarks('mnt', points, view)[0]?.attrs['stroke-dasharray']).toBe('10 4');
});

test('a hub shows how many, where that can be read', () => {
  const strands = (['net', 'ipc'] as const).map((kind) => ({ kind, namespace: `${kind}:[1]` }));
  const hub = { key: 'h', members: ['a', 'b', 'c'], strands, owner: null, texts: ['net, ipc'], room: null };
  expect(texts(hubMarks({ ...hub, x: 0, y: 0, radius: 8 }, view))).toEqual(['3']);
  expect(texts(hubMarks({ ...hub, x: 0, y: 0, radius: 3 }, view))).toEqual([]);
});

test('names go in the order of people', () => {
  const names = ['web-10', 'web-2', 'web-1', 'web', 'a10b2', 'a10b10', 'a9', 'web-02', '10', '9', ''];
  expect([...names].sort(compareNames)).toEqual([
    '',
    '9',
    '10',
    'a9',
    'a10b2',
    'a10b10',
    'web',
    'web-1',
    'web-02',
    'web-2',
    'web-10',
  ]);
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 6 }), { maxLength: 8 }), (list) => {
      const sorted = [...list].sort(compareNames);
      expect([...list].reverse().sort(compareNames)).toEqual(sorted);
    }),
  );
});

test('the keys of names give the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-c0-2 -]{0,6}$/), { maxLength: 8 }), (list) => {
      const keyed = list.map((name) => ({ name, key: nameKey(name) }));
      keyed.sort((a, b) => compareText(a.key, b.key) || compareText(a.name, b.name));
      expect(keyed.map(({ name }) => name)).toEqual([...list].sort(compareNames));
    }),
  );
});

test('rounding never gives negative zero', () => {
  expect(Object.is(round2(-0.001), 0)).toBe(true);
});

test('a group of many and a hub of many have their thousands apart', () => {
  const members = Array.from({ length: 20_000 }, (_, index) => `c${index}`);
  const group: SceneGroup = {
    ...{ key: 'compose:shop', type: 'compose', kind: null, label: 'shop', members },
    ...{ x: 0, y: 0, width: 300, height: 200, title: { x: 0, y: 0, width: 300, height: 26 } },
  };
  expect(texts(groupMarks(group, view))).toContain('20,000');
  expect(texts(farGroupMarks(group, view))).toContain('20,000');
});

test('pods beside each other are called alike: with what they are, and in a small room by their own name', () => {
  const pod = (width: number): SceneGroup => ({
    ...{ key: 'pod', type: 'pod', kind: null, label: 'default/shop-pod', members: ['a', 'b'] },
    ...{ x: 0, y: 0, width, height: 200, title: { x: 0, y: 0, width, height: 26 } },
  });
  expect(texts(groupMarks(pod(300), view))).toEqual(['2', 'Pod', 'default/shop-pod']);
  expect(texts(groupMarks(pod(140), view))).toEqual(['2', 'Pod', 'shop-pod']);
});
