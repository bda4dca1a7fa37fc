import { describe, expect, test } from 'vitest';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { hubShapeMark } from './line-marks.ts';
import { KIND_STYLES, kindColour, onKindColour, THEMES, type ThemeName } from './palette.ts';
import type { SceneNode } from './scene.ts';
import { alarmMarks, signMarks } from './sign-marks.ts';

type Triple = readonly [number, number, number];
const THEME_NAMES: readonly ThemeName[] = ['light', 'dark'];

/** Linear light, 0 to 1. Source: IEC 61966-2-1. */
function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** Source: WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  };
  const [x, y] = [luminance(a), luminance(b)];
  return x > y ? x / y : y / x;
}

type Matrix = readonly [Triple, Triple, Triple];

/** How colours look to people with full colour deficiencies. Source: Machado, Oliveira and Fernandes 2009, severity 1. */
const VISIONS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  const row = ([a, b, c]: Triple) => Math.min(1, Math.max(0, a * x + b * y + c * z));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** CIELAB of linear sRGB, D65. */
function lab([r, g, b]: Triple): Triple {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIEDE2000. Source: Sharma, Wu and Dalal 2005. */
function distance([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const degrees = 180 / Math.PI;
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const polar = (a: number, b: number) => {
    const x = a * (1 + g);
    return { c: Math.hypot(x, b), h: (Math.atan2(b, x) * degrees + 360) % 360 };
  };
  const one = polar(a1, b1);
  const two = polar(a2, b2);
  const turn = ((two.h - one.h + 540) % 360) - 180;
  const dl = l2 - l1;
  const dc = two.c - one.c;
  const dh = 2 * Math.sqrt(one.c * two.c) * Math.sin(turn / 2 / degrees);
  const l = (l1 + l2) / 2;
  const c = (one.c + two.c) / 2;
  const h = (one.h + turn / 2 + 360) % 360;
  const cos = (factor: number, shift: number) => Math.cos((factor * h + shift) / degrees);
  const t = 1 - 0.17 * cos(1, -30) + 0.24 * cos(2, 0) + 0.32 * cos(3, 6) - 0.2 * cos(4, -63);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const sc = 1 + 0.045 * c;
  const sh = 1 + 0.015 * c * t;
  const rt =
    -2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7)) * Math.sin((60 * Math.exp(-(((h - 275) / 25) ** 2))) / degrees);
  return Math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh));
}

test('the distance is the published one', () => {
  // Sharma, Wu and Dalal 2005, table 1, pairs 1, 7 and 25.
  expect(distance([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 3);
  expect(distance([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 3);
  expect(distance([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(1.2644, 3);
});

describe.each(THEME_NAMES)('%s', (name) => {
  const theme = THEMES[name];

  test('kinds stand out from both surfaces (WCAG 1.4.11)', () => {
    for (const kind of NAMESPACE_KINDS) {
      for (const surface of [theme.page, theme.panel]) {
        expect([kind, contrast(kindColour(kind, name), surface) >= 3]).toEqual([kind, true]);
      }
    }
  });

  test('text can be read on every surface, and upon every kind (WCAG 1.4.3)', () => {
    for (const surface of [theme.page, theme.panel, theme.node]) {
      for (const text of [theme.text, theme.muted, theme.danger]) {
        expect([text, surface, contrast(text, surface) >= 4.5]).toEqual([text, surface, true]);
      }
    }
    for (const kind of NAMESPACE_KINDS) {
      const ratio = contrast(onKindColour(kind, name), kindColour(kind, name));
      expect([kind, ratio >= 4.5]).toEqual([kind, true]);
    }
  });

  test.each(Object.entries(VISIONS))('kinds can be told apart with %s', (_vision, matrix) => {
    const colours = NAMESPACE_KINDS.map((kind) => lab(times(matrix, linear(kindColour(kind, name)))));
    colours.forEach((a, index) => {
      for (const b of colours.slice(index + 1)) expect(distance(a, b)).toBeGreaterThan(13.5);
    });
  });
});

test('colour is never the only sign: line, shape and letters differ too', () => {
  const styles = NAMESPACE_KINDS.map((kind) => KIND_STYLES[kind]);
  expect(new Set(styles.map(({ dash, double }) => `${dash}${double}`)).size).toBe(8);
  expect(new Set(styles.map(({ shape }) => shape)).size).toBe(8);
  expect(new Set(styles.map(({ short }) => short)).size).toBe(8);
});

test.each(THEME_NAMES)('%s: states and kinds of which some people see the same colour differ in shape', (name) => {
  const theme = THEMES[name];
  const dot = signMarks({ type: 'container', state: 'running' } as SceneNode, 0, 0, 1, theme);
  const stopped = signMarks({ type: 'container', state: 'exited' } as SceneNode, 0, 0, 1, theme);
  const kinds = NAMESPACE_KINDS.map((kind) => [hubShapeMark(kind, { x: 0, y: 0 }, 4, theme)]);
  const marks = [dot, stopped, alarmMarks(0, 0, 1, theme, true), alarmMarks(0, 0, 1, theme, false), ...kinds];
  // Without any colour.
  const filled = (value: string | number | undefined): string =>
    value === undefined || value === 'none' || value === theme.page ? 'hollow' : 'filled';
  const shapes = marks.map((list) =>
    list.map(({ tag, attrs: { fill, stroke: _stroke, ...rest } }) => [tag, filled(fill), rest]),
  );
  expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(marks.length);
});
