import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleJson, visibleText } from './visible.ts';

const written = (code: number): string => `\\u{${code.toString(16)}}`;
/** By Unicode's own words, each asked for by itself: the function's pattern is not reused. */
const CLASSES = [
  ['control', /\p{Cc}/u],
  ['format', /\p{Cf}/u],
  ['surrogate', /\p{Cs}/u],
  ['private use', /\p{Co}/u],
  ['unassigned', /\p{Cn}/u],
  ['default-ignorable', /\p{DI}/u],
  ['line separator', /\p{Zl}/u],
  ['paragraph separator', /\p{Zp}/u],
] as const;

describe('every code point', () => {
  const codes = Array.from({ length: 0x110000 }, (_, code) => code);

  it.each(CLASSES)('that is %s is written out, between letters as well', (_name, pattern) => {
    const members = codes.filter((code) => pattern.test(String.fromCodePoint(code)));
    expect(members.length).toBeGreaterThan(0);
    const wrong = members.filter((code) => visibleText(`a${String.fromCodePoint(code)}b`) !== `a${written(code)}b`);
    expect(wrong.map(written)).toEqual([]);
  });

  it('that is a letter, a mark, a number, a sign or a space is left alone', () => {
    const wrong = codes.filter((code) => {
      const character = String.fromCodePoint(code);
      if (!/[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u.test(character) || /\p{DI}/u.test(character)) return false;
      return visibleText(character) !== character;
    });
    expect(wrong.map(written)).toEqual([]);
  });
});

it.each([
  0x061c, 0x00ad, 0x206a, 0x206f, 0x3164, 0x115f, 0x17b4, 0xffa0, 0xfff9, 0xfffb, 0xfeff, 0x180e, 0xe0001, 0xe0041,
  0xe01ef, 0xfe0f, 0x034f, 0x1d173, 0xe000, 0x10ffff,
])('U+%i was invisible in one output or another', (code) => {
  expect(visibleText(`web1${String.fromCodePoint(code)}`)).toBe(`web1${written(code)}`);
});

describe('joiners', () => {
  it.each([
    ['Persian', 'می\u200cخواهم'],
    ['Hindi', 'क्\u200dष क्\u200cष'],
    ['Sinhala', 'ශ්\u200dරී'],
    ['a family', '👩\u200d👩\u200d👧'],
    ['a profession with a skin', '👩🏽\u200d🚒'],
    ['a heart in colour', '❤\ufe0f'],
    ['a couple', '👩\u200d❤\ufe0f\u200d👨'],
  ])('stay where they are part of the writing: %s', (_name, text) => {
    expect(visibleText(text)).toBe(text);
  });

  it.each([
    ['between Latin letters', 'web\u200d1', 'web\\u{200d}1'],
    ['after a letter that joins nothing', 'دا\u200cد', 'دا\\u{200c}د'],
    ['at the end', 'می\u200c', 'می\\u{200c}'],
    ['behind an emoji that is in colour anyway', '🐳\ufe0f', '🐳\\u{fe0f}'],
    ['behind an emoji alone', '👩\u200d', '👩\\u{200d}'],
    ['twice', 'می\u200c\u200cخ', 'می\\u{200c}\\u{200c}خ'],
    ['twice, the heart', '❤\ufe0f\ufe0f', '❤\ufe0f\\u{fe0f}'],
  ])('are written out %s', (_name, text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });
});

it('leaves no character that acts, whatever comes in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleText(text).replace(/\u200c|\u200d|\ufe0f/gu, '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
    }),
  );
});

describe('JSON', () => {
  it('keeps the value, and hides nothing', () => {
    const value = { name: 'a\u009b31m\u202e\u001b\u{e0041}', 'k\u00ad': ['\u3164'] };
    const text = visibleJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toBe('{"name":"a\\u009b31m\\u202e\\u001b\\udb40\\udc41","k\\u00ad":["\\u3164"]}');
    expect(JSON.parse(visibleJson(value, 2))).toEqual(value);
    expect(visibleJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
  });

  it('is the same value after parsing, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(JSON.parse(visibleJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
