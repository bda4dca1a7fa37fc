import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  briefNodeMarks,
  fitMiddle,
  fitText,
  hubMarks,
  linkMarks,
  nodeMarks,
  round2,
  slotMarks,
  strandMarks,
  textWidth,
} from './marks.ts';
import { compareNames } from './order.ts';
import { THEMES } from './palette.ts';
import type { SceneNode } from './scene.ts';

const theme = THEMES.light;
const at = { x: 0, y: 0 };
const texts = (marks: readonly { text?: string }[]) => marks.flatMap(({ text }) => text ?? []);

const NODE: SceneNode = {
  key: 'a',
  type: 'container',
  label: 'web1',
  detail: 'nginx:1.27',
  state: 'running',
  processes: 3,
  strip: [
    { kind: 'net', standing: 'shared', partners: 2, namespace: 'net:[1]' },
    { kind: 'pid', standing: 'host', partners: 9, namespace: 'pid:[2]' },
    { kind: 'user', standing: 'host', partners: 9, namespace: 'user:[3]' },
  ],
  group: null,
  warnings: 0,
  broken: false,
  x: 0,
  y: 0,
  width: 190,
  height: 72,
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

test('a slot says how it stands by more than colour', () => {
  const slot = (standing: 'private' | 'shared' | 'host' | 'unknown') =>
    slotMarks({ kind: 'net', standing, partners: 2 }, at, theme);
  expect(texts(slot('private'))).toEqual(['net']);
  expect(texts(slot('shared'))).toEqual(['net', '3']);
  expect(slot('host').some(({ attrs }) => attrs['stroke-dasharray'] !== undefined)).toBe(true);
  expect(texts(slot('unknown'))).toEqual(['?']);
  expect(slot('private')[0]?.attrs.fill).toBe('none');
});

test('the cgroup strand is a double line, a broken share is crossed out, and dashes tell kinds apart', () => {
  const points = [at, { x: 100, y: 0 }];
  expect(strandMarks('cgroup', points, theme)).toHaveLength(2);
  expect(strandMarks('net', points, theme)).toHaveLength(1);
  expect(strandMarks('mnt', points, theme)[0]?.attrs['stroke-dasharray']).toBe('10 4');
  const link = { key: 'k', set: 's', from: 'a', to: 'b', strands: [{ kind: 'net' as const, namespace: '', points }] };
  expect(linkMarks({ ...link, broken: false }, theme)).toHaveLength(1);
  const crossed = linkMarks({ ...link, broken: true }, theme);
  expect(crossed.find(({ tag }) => tag === 'circle')?.attrs).toMatchObject({ cx: 20, cy: 0, stroke: theme.danger });
});

test('a hub shows how many, and a sign for every kind', () => {
  const strands = (['net', 'ipc', 'uts'] as const).map((kind) => ({ kind, namespace: `${kind}:[1]` }));
  const marks = hubMarks({ key: 'h', members: ['a', 'b', 'c'], strands, x: 0, y: 0, radius: 17 }, theme);
  expect(texts(marks)).toEqual(['3']);
  expect(marks.filter(({ tag }) => tag === 'path')).toHaveLength(3);
});

test('from afar a node keeps its name and what is unusual', () => {
  const brief = briefNodeMarks(NODE, theme);
  expect(texts(brief)).toEqual(['web1', '3']);
  // The frame, the shared slot and the host's pid; the user namespace, which everybody shares, is left out.
  expect(brief.filter(({ tag }) => tag === 'rect')).toHaveLength(3);
  expect(texts(nodeMarks(NODE, theme))).toContain('nginx:1.27');
  expect(texts(nodeMarks({ ...NODE, state: 'paused' }, theme))).toContain('paused');
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

test('rounding never gives negative zero', () => {
  expect(Object.is(round2(-0.001), 0)).toBe(true);
});
