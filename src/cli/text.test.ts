import { describe, expect, it } from 'vitest';
import { table, tone, wantsColour, width, wrapped } from './text.ts';

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

  it('fits a terminal: the widest gives way, the last is broken into lines, nothing is wider', () => {
    const rows = [['a-name-that-is-very-long-indeed', 'x', 'one two three four five six seven eight nine ten eleven']];
    const text = table(['NAME', 'S', 'REASON'], rows, false, 50);
    const lines = text.split('\n');
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(50);
    expect(lines[1]).toMatch(/^a-name-.*… {2}x {2}one two/);
    expect(text.replace(/\s+/g, ' ')).toContain('six seven');
    expect(text).toContain('eleven');
    expect(table(['NAME', 'S'], [['a', 'b']], false, 50)).toBe('NAME  S\na     b\n');
    // Where it cannot fit, no column is lost.
    expect(table(['A', 'B'], [['abcdefghijkl', 'b']], false, 5)).toBe('A           B\nabcdefghi…  b\n');
  });

  it('asks the environment whether to colour', () => {
    expect(wantsColour({}, true)).toBe(true);
    expect(wantsColour({}, false)).toBe(false);
    expect(wantsColour({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
    expect(wantsColour({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(wantsColour({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(wantsColour({ NO_COLOR: '' }, true)).toBe(true);
  });

  it('breaks Chinese between its characters, and leaves a mark at the word that it closes', () => {
    expect(wrapped('容器没有运行，因此没有（其他）进程', 12)).toEqual(['容器没有运', '行，因此没有', '（其他）进程']);
    expect(wrapped('加入 web1 的命名空间', 10)).toEqual(['加入 web1', '的命名空间']);
    expect(wrapped('写法：web1、:8080、web1:/data', 12)).toEqual(['写法：web1、', ':8080、', 'web1:/data']);
    expect(wrapped('--network=container:web1 joins', 10)).toEqual(['--network=container:web1', 'joins']);
    const lines = table(
      ['名称', 'WHY'],
      [['数据库', '它加入了另一个容器的网络命名空间，并且还在其中']],
      false,
      32,
    ).split('\n');
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(32);
    expect(lines).toHaveLength(4);
  });

  it('measures combining marks and joiners as nothing', () => {
    expect(width('e\u0301')).toBe(1);
    expect(width('می\u200cخ')).toBe(3);
  });
});
