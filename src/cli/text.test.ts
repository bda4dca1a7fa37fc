import { describe, expect, it } from 'vitest';
import { table, tone, width } from './text.ts';

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
    ).toBe('NAME     PID\nweb1     7\n数据库   12\na\\u{a}b\n');
  });

  it('colours only when told to', () => {
    const rows = [[{ text: 'x', tone: 'red' as const }]];
    expect(table(['H'], rows, false)).toBe('H\nx\n');
    expect(table(['H'], rows, true)).toBe('\u001b[1mH\u001b[0m\n\u001b[31mx\u001b[0m\n');
    expect(tone('x', 'plain', true)).toBe('x');
  });

  it('measures combining marks and joiners as nothing', () => {
    expect(width('e\u0301')).toBe(1);
    expect(width('می\u200cخ')).toBe(3);
  });
});
