import { COMMANDS, type CommandEntry, type CommandId, type CommandScope, keysOf } from '#api/commands.ts';
import { t } from '#core/words/words.ts';

/** The parts of a key press that decide which command it runs. */
export type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** True on a Mac, where ⌘ is the menu key and Alt with an arrow moves by words in a text. */
export const APPLE = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** A key press in the notation of the table; null where modifiers are held that no command has. */
export function pressed({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Press, mac: boolean): string | null {
  const mod = mac ? metaKey : ctrlKey;
  if (mac ? ctrlKey : metaKey) return null;
  // With Shift a digit is another character, on every layout a different one.
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  const name = digit !== undefined && (shiftKey || altKey) ? digit : key.length === 1 ? key.toLowerCase() : key;
  // Where Shift makes another character, as `?`, that character already says it.
  const shift = shiftKey && (name.length > 1 || /^[a-z0-9]$/.test(name));
  return [mod ? 'Mod' : '', altKey ? 'Alt' : '', shift ? 'Shift' : '', name].filter((part) => part !== '').join('+');
}

const tables = new Map<string, ReadonlyMap<string, CommandId>>();

function tableOf(scope: CommandScope, mac: boolean): ReadonlyMap<string, CommandId> {
  const name = `${scope} ${mac}`;
  const known = tables.get(name);
  if (known !== undefined) return known;
  const made = new Map<string, CommandId>();
  for (const entry of COMMANDS) {
    if (entry.scope !== scope) continue;
    for (const key of keysOf(entry, mac)) made.set(key, entry.id);
  }
  tables.set(name, made);
  return made;
}

/** The command that a key press runs in a part of the page; null if it runs none there. */
export function commandOf(press: Press, scope: CommandScope, mac = APPLE): CommandId | null {
  const key = pressed(press, mac);
  return key === null ? null : (tableOf(scope, mac).get(key) ?? null);
}

/** True where keys are typed as text: there only function keys and keys with the menu key or Alt are commands. */
export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/**
 * The page's command of a key press.
 * @param nativeMenu true where the host has menus: their keys are then theirs, or a switch would be switched twice
 * @param text true while the focus is where keys are text
 */
export function pageCommand(press: Press, nativeMenu: boolean, text: boolean, mac = APPLE): CommandId | null {
  const id = commandOf(press, 'page', mac);
  if (id === null) return null;
  const key = pressed(press, mac) ?? '';
  const withMod = key.startsWith('Mod+');
  // A text field undoes its own text.
  if (text && (!/^(Mod|Alt)\+|(^|\+)F\d+$/.test(key) || id === 'undo')) return null;
  if (nativeMenu && withMod && COMMANDS.find((entry) => entry.id === id)?.menu !== undefined) return null;
  return id;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowRight: '→',
  ArrowDown: '↓',
  Escape: 'Esc',
  '-': '−',
};

/** A key as people read it: `Mod+Shift+e` is ⇧⌘E on a Mac, Ctrl+Shift+E elsewhere. */
export function keyText(key: string, mac = APPLE): string {
  const parts = key === '+' ? ['+'] : key.split('+');
  const name = parts.at(-1) ?? '';
  const modifiers = parts.slice(0, -1);
  const shown =
    name === ' '
      ? t('Space ⟨key⟩')
      : (NAMES[name] ?? (modifiers.length > 0 && name.length === 1 ? name.toUpperCase() : name));
  if (!mac) return [...modifiers.map((part) => (part === 'Mod' ? 'Ctrl' : part)), shown].join('+');
  const signs: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' };
  return `${modifiers
    .map((part) => signs[part] ?? part)
    .sort()
    .reverse()
    .join('')}${shown}`;
}

/** The first key of a command, for tooltips and the palette; '' where it has none. */
export function firstKey(id: CommandId, mac = APPLE): string {
  const entry: CommandEntry | undefined = COMMANDS.find((each) => each.id === id);
  const key = entry === undefined ? undefined : keysOf(entry, mac)[0];
  return key === undefined ? '' : keyText(key, mac);
}
