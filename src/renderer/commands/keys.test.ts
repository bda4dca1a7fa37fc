import { describe, expect, it } from 'vitest';
import { COMMANDS, keysOf } from '#api/commands.ts';
import { commandOf, keyText, type Press, pageCommand } from './keys.ts';

function press(key: string, extra: Partial<Press> = {}): Press {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...extra };
}

describe('the table of commands', () => {
  it('has every command once', () => {
    const ids = COMMANDS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['a Mac', true],
    ['any other', false],
  ])('has no two commands on one key, on %s', (_name, mac) => {
    const clashes: string[] = [];
    for (const scope of new Set(COMMANDS.map((entry) => entry.scope))) {
      const owners = new Map<string, string>();
      // A part of the page hears its keys before the page does: F6 of a terminal may be both.
      for (const entry of COMMANDS.filter((each) => each.scope === scope)) {
        for (const key of keysOf(entry, mac)) {
          const other = owners.get(key);
          if (other !== undefined) clashes.push(`${scope} ${key}: ${other} and ${entry.id}`);
          owners.set(key, entry.id);
        }
      }
    }
    expect(clashes).toEqual([]);
  });

  it('has single letters in lower case, as keys are looked up', () => {
    const odd = COMMANDS.flatMap((entry) => [...entry.keys, ...(entry.macKeys ?? [])]).filter((key) =>
      /(^|\+)[A-Z]$/.test(key),
    );
    expect(odd).toEqual([]);
  });
});

describe('a key press', () => {
  it.each<[string, Press, boolean, string | null]>([
    ['a letter', press('i'), false, 'toggle-panel'],
    ['a digit', press('2', { code: 'Digit2' }), false, 'kind-pid'],
    [
      'a digit with Shift, whatever character that is',
      press('"', { code: 'Digit2', shiftKey: true }),
      false,
      'only-pid',
    ],
    ['a character that needs Shift', press('?', { shiftKey: true }), false, 'shortcuts'],
    ['the menu key', press('k', { ctrlKey: true }), false, 'palette'],
    ['the menu key of a Mac', press('k', { metaKey: true }), true, 'palette'],
    ['Ctrl on a Mac is none', press('k', { ctrlKey: true }), true, null],
    ['with Shift', press('E', { ctrlKey: true, shiftKey: true }), false, 'export-png'],
    ['Alt and an arrow', press('ArrowLeft', { altKey: true }), false, 'back'],
    ['Alt and an arrow on a Mac move in a text', press('ArrowLeft', { altKey: true }), true, null],
    ['no command', press('q'), false, null],
  ])('%s', (_name, event, mac, expected) => {
    expect(commandOf(event, 'page', mac)).toBe(expected);
  });

  it('in a text field is text, but with the menu key', () => {
    expect(pageCommand(press('i'), false, true, false)).toBeNull();
    expect(pageCommand(press('Backspace'), false, true, false)).toBeNull();
    expect(pageCommand(press('ArrowLeft', { altKey: true }), false, true, true)).toBeNull();
    expect(pageCommand(press('ArrowLeft', { altKey: true }), false, true, false)).toBe('back');
    expect(pageCommand(press('z', { ctrlKey: true }), false, true, false)).toBeNull();
    expect(pageCommand(press('k', { ctrlKey: true }), false, true, false)).toBe('palette');
    expect(pageCommand(press('F6'), false, true, false)).toBe('next-region');
  });

  it("is left to the host's menu where that has it", () => {
    expect(pageCommand(press('o', { ctrlKey: true }), true, false, false)).toBeNull();
    expect(pageCommand(press('o', { ctrlKey: true }), false, false, false)).toBe('open');
    expect(pageCommand(press('z', { ctrlKey: true }), true, false, false)).toBe('undo');
  });

  it('is told as people know it', () => {
    expect(keyText('Mod+Shift+e', false)).toBe('Ctrl+Shift+E');
    expect(keyText('Mod+k', true)).toBe('⌘K');
    expect(keyText('+', false)).toBe('+');
    expect(keyText('Alt+ArrowLeft', false)).toBe('Alt+←');
  });
});
