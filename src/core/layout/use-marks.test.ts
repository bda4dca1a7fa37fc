import { expect, test } from 'vitest';
import { cardMarks } from './card-marks.ts';
import type { Mark } from './marks.ts';
import { THEMES } from './palette.ts';
import type { CardUse, SceneNode } from './scene.ts';
import { barsOfUse } from './use-marks.ts';

const theme = THEMES.light;
const NODE: SceneNode = {
  ...{
    key: 'a',
    type: 'container',
    label: 'web1',
    short: 'web1',
    command: 'nginx',
    init: { inside: 1, outside: 4711 },
  },
  ...{ detail: 'registry.example.com/shop/nginx:1.27', state: 'running', processes: 3, strip: [], group: null },
  ...{ warnings: 0, broken: false, x: 0, y: 0, width: 228, height: 64, pinned: false },
};
const USE: CardUse = {
  cpu: 0.25,
  memory: 0.5,
  pressed: { cpu: false, memory: false },
  text: '50 % CPU · 1.0 GiB',
  unknown: null,
};
const bars = (marks: readonly Mark[], fill: string) => marks.filter(({ attrs }) => attrs.fill === fill);
const widths = (marks: readonly Mark[]) => marks.map(({ attrs }) => Number(attrs.width));

test('two bars are as long as what is used of the machine, and the figures stand beside the image', () => {
  const marks = barsOfUse(USE, NODE, { theme, unit: 1 });
  const [cpu = 0, memory = 0] = widths(bars(marks, theme.groupBorder));
  expect(cpu).toBe(memory);
  const used = widths(bars(marks, theme.muted));
  expect(used[0]).toBeCloseTo(cpu / 4, 1);
  expect(used[1]).toBeCloseTo(memory / 2, 1);
  const texts = cardMarks({ ...NODE, use: USE }, { theme, unit: 1 }).flatMap(({ text }) => text ?? []);
  expect(texts).toContain('50 % CPU · 1.0 GiB');
  expect(texts).toContain('nginx:1.27');
  expect(texts.join()).not.toMatch(/processes/);
});

test('what presses against its limit has a colour, what is not known is dashes and no empty bar, and little is still seen', () => {
  const pressed = barsOfUse({ ...USE, pressed: { cpu: true, memory: false } }, NODE, { theme, unit: 1 });
  expect(bars(pressed, theme.warning)).toHaveLength(1);
  const unknown = barsOfUse({ ...USE, cpu: null }, NODE, { theme, unit: 1 });
  expect(bars(unknown, theme.groupBorder)).toHaveLength(1);
  expect(unknown.filter(({ attrs }) => attrs['stroke-dasharray'] !== undefined)).toHaveLength(1);
  expect(bars(barsOfUse({ ...USE, cpu: 0 }, NODE, { theme, unit: 1 }), theme.muted)).toHaveLength(1);
  const little = barsOfUse({ ...USE, cpu: 0.000_1, memory: 3 }, NODE, { theme, unit: 1 });
  const [cpu = 0, memory = 0] = widths(bars(little, theme.muted));
  expect(cpu).toBeGreaterThanOrEqual(1);
  expect(memory).toBe(widths(bars(little, theme.groupBorder))[1]);
});

test.each([
  [228, 64],
  [176, 48],
  [118, 27],
  [80, 18],
])('on a card of %i × %i they stand below its text and within it', (width, height) => {
  const node = { ...NODE, width, height, use: USE };
  const marks = cardMarks(node, { theme, unit: 1 });
  const drawn = [...bars(marks, theme.groupBorder), ...bars(marks, theme.muted)].filter(({ tag }) => tag === 'rect');
  expect(drawn).toHaveLength(4);
  const base = Math.max(...marks.filter(({ tag }) => tag === 'text').map(({ attrs }) => Number(attrs.y)));
  for (const { attrs } of drawn) {
    expect(Number(attrs.y)).toBeGreaterThan(base + 1);
    expect(Number(attrs.y) + Number(attrs.height)).toBeLessThanOrEqual(height / 2 - 1);
    expect(Number(attrs.x)).toBeGreaterThan(-width / 2);
    expect(Number(attrs.x) + Number(attrs.width)).toBeLessThan(width / 2);
  }
});

test('a card that is too small for a name has no bars either', () => {
  const marks = cardMarks({ ...NODE, width: 40, height: 9, use: USE }, { theme, unit: 1 });
  expect(bars(marks, theme.groupBorder)).toEqual([]);
});
