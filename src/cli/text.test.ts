import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safe, safeJson, table, tone, width } from './text.ts';

describe('safe', () => {
  it('writes what could act on a terminal as an escape', () => {
    expect(safe('a\u001b[31mb\nc\u009b\u202ed\u007f')).toBe('a\\x1b[31mb\\x0ac\\x9b\\u202ed\\x7f');
  });

  it('leaves ordinary letters of any language alone', () => {
    expect(safe('web-1 größe 数据 🐳')).toBe('web-1 größe 数据 🐳');
  });

  it('lets no control character through, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const character of safe(text)) {
          const code = character.codePointAt(0) ?? 0;
          expect(code >= 0x20 && !(code >= 0x7f && code <= 0x9f) && !(code >= 0x202a && code <= 0x202e)).toBe(true);
        }
      }),
    );
  });
});

describe('safeJson', () => {
  it('keeps the value and hides no character', () => {
    const value = { name: 'a\u009b31m\u202e\u001b' };
    const text = safeJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toBe('{"name":"a\\u009b31m\\u202e\\u001b"}');
  });
});

describe('table', () => {
  it('aligns columns by what the terminal shows', () => {
    expect(
      table(
        ['NAME', 'PID'],
        [
          ['web1', '7'],
          ['数据库', '12'],
          ['a\nb', ''],
        ],
        false,
      ),
    ).toBe('NAME    PID\nweb1    7\n数据库  12\na\\x0ab\n');
  });

  it('colours only when told to', () => {
    const rows = [[{ text: 'x', tone: 'red' as const }]];
    expect(table(['H'], rows, false)).toBe('H\nx\n');
    expect(table(['H'], rows, true)).toBe('\u001b[1mH\u001b[0m\n\u001b[31mx\u001b[0m\n');
    expect(tone('x', 'plain', true)).toBe('x');
  });

  it('measures combining marks as nothing', () => {
    expect(width('e\u0301')).toBe(1);
  });
});
