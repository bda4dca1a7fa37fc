import type { HostCommand } from '#api/contract.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#core/export/formats.ts';

export type Command = HostCommand['command'];

/** The command that exports a format. */
export function exportCommand(id: ExportFormat['id']): Command {
  return `export-${id}`;
}

/** The format that a command exports; null for any other command. */
export function exportedFormat(command: Command): ExportFormat['id'] | null {
  return EXPORT_FORMATS.find(({ id }) => exportCommand(id) === command)?.id ?? null;
}

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

/** The key that menus use here, as people read it. */
export const MOD = APPLE ? '⌘' : 'Ctrl+';

/** True for the platform's menu key, and no other besides Shift. */
function withMod(event: KeyboardEvent): boolean {
  return (APPLE ? event.metaKey : event.ctrlKey) && !(APPLE ? event.ctrlKey : event.metaKey) && !event.altKey;
}

/** Keys with the menu key, as the native menus have them; those that a browser keeps for itself are left out. */
const MENU_KEYS: Readonly<Record<string, Command>> = {
  k: 'choose-endpoint',
  o: 'open',
  s: 'export-json',
  e: 'export-svg',
  i: 'toggle-panel',
  '0': 'fit',
};

const PLAIN_KEYS: Readonly<Record<string, Command>> = {
  '/': 'find',
  '?': 'shortcuts',
  f: 'fit',
  '0': 'fit',
  t: 'toggle-table',
  m: 'toggle-table',
  i: 'toggle-panel',
  e: 'choose-endpoint',
  '+': 'zoom-in',
  '=': 'zoom-in',
  '-': 'zoom-out',
};

/** True where a key is text: there only keys with the menu key are commands. */
export function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/**
 * The command of a key press; null for a key that is none.
 * @param nativeMenu true where the host has menus: their keys are then theirs, or a switch would be switched twice
 */
export function commandOf(event: KeyboardEvent, nativeMenu: boolean): Command | null {
  const key = event.key.toLowerCase();
  if (withMod(event)) {
    if (nativeMenu) return null;
    if (key === 'e' && event.shiftKey) return 'export-png';
    return event.shiftKey ? null : (MENU_KEYS[key] ?? null);
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTextField(event.target)) return null;
  return PLAIN_KEYS[key] ?? null;
}

/** What the shortcuts dialog tells, in groups. */
export const SHORTCUTS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['/', 'Search; Enter goes to the next hit'],
      ['1 … 8', 'Show or hide a kind: mnt, pid, net, ipc, uts, user, cgroup, time'],
      ['Shift+1 … 8', 'Show that kind alone'],
      ['h', 'Links to the host'],
      ['s', "Services and other engines' containers"],
      ['t or m', 'Table beside the picture'],
      ['i', 'Details'],
      ['e', 'Choose the engine'],
      ['Alt+← →', 'Back and forward through what was selected'],
      [`${MOD}Z`, 'Undo a change of filter or kinds'],
      ['Esc', 'Close, clear the search, clear the selection'],
      ['?', 'These keys'],
    ],
  },
  {
    title: 'In the picture',
    keys: [
      ['← ↑ → ↓', 'Nearest container in that direction'],
      ['Enter', 'Select it'],
      ['g', 'First of the next group; with Shift of the one before'],
      ['Shift+← ↑ → ↓', 'Move the picture'],
      ['p', 'Pin it where it is, or let it go'],
      ['f or 0', 'Fit everything'],
      ['+ −', 'Zoom'],
    ],
  },
  {
    title: 'In the table',
    keys: [
      ['← ↑ → ↓', 'Move from cell to cell'],
      ['Enter', 'Select the container or namespace'],
    ],
  },
  {
    title: 'In a terminal',
    keys: [
      ['F6', 'Leave it, to its tab; there ← → choose and Delete closes'],
      ['Ctrl+Shift+C', 'Copy what is selected'],
    ],
  },
  {
    title: 'Files',
    keys: [
      [`${MOD}O`, 'Open a snapshot'],
      [`${MOD}S`, 'Save the snapshot (JSON)'],
      [`${MOD}E`, 'Export SVG'],
      [`${MOD}Shift+E`, 'Export PNG'],
      [`${MOD}K`, 'Choose the engine'],
    ],
  },
];
