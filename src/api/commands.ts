import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import { commas, type PlainMessage, t } from '#core/words/words.ts';

/**
 * The one table of what can be done by a key, a menu or the palette: the page runs it, the native menus, the help and
 * the palette are made of it. What a command does is said in the page, in `commands/run.ts`.
 */

/**
 * Where a key counts: anywhere in the page, while the named part has the focus, or nowhere else than in the part that
 * handles it by itself, which then is listed for the help only.
 */
export type CommandScope = 'page' | 'picture' | 'list' | 'timeline' | 'terminal';

/** `app`: a Mac has a menu with the program's name for these; elsewhere they end the file menu or the help. */
export type CommandMenu = 'app' | 'file' | 'export' | 'edit' | 'view' | 'help';

type KindMessage = 'Show or hide {kind}' | 'Show {kind} alone';
type HelpMessage = 'Show or hide a kind: {kinds}' | 'Show that kind alone, or all again';

export interface CommandEntry {
  readonly id: string;
  /** As menus and the palette have it: `labelOf` says it. */
  readonly label: PlainMessage | { readonly message: KindMessage; readonly kind: NamespaceKind };
  /**
   * Modifiers and key with `+` between them: `Mod` is the platform's menu key (⌘ or Ctrl). Single letters are lower
   * case, other keys as `KeyboardEvent.key` names them.
   */
  readonly keys: readonly string[];
  /** Where a Mac has others. */
  readonly macKeys?: readonly string[];
  readonly scope: CommandScope;
  readonly menu?: CommandMenu;
  /** Begins a new part of its menu. */
  readonly line?: boolean;
  /** One line of the help for all commands that have it: `helpOf` says it. */
  readonly help?: HelpMessage;
  /** Moves within a part of the page: nothing to offer in the palette. */
  readonly move?: boolean;
}

type KindCommand = `kind-${NamespaceKind}` | `only-${NamespaceKind}`;

const kindEntries = NAMESPACE_KINDS.flatMap(
  (kind, index): (CommandEntry & { readonly id: KindCommand; readonly scope: 'page' })[] => [
    {
      id: `kind-${kind}`,
      label: { message: 'Show or hide {kind}', kind },
      keys: [`${index + 1}`],
      scope: 'page',
      help: 'Show or hide a kind: {kinds}',
    },
    {
      id: `only-${kind}`,
      label: { message: 'Show {kind} alone', kind },
      keys: [`Shift+${index + 1}`],
      scope: 'page',
      help: 'Show that kind alone, or all again',
    },
  ],
);

const ENTRIES = [
  { id: 'palette', label: 'Commands…', keys: ['Mod+k'], scope: 'page', menu: 'view' },
  { id: 'find', label: 'Find…', keys: ['/', 'Mod+f'], scope: 'page', menu: 'edit' },
  { id: 'open', label: 'Open Snapshot…', keys: ['Mod+o'], scope: 'page', menu: 'file' },
  { id: 'compare', label: 'Compare with…', keys: ['d'], scope: 'page', menu: 'file' },
  { id: 'compare-now', label: 'Compare with Now', keys: ['Shift+d'], scope: 'page', menu: 'file' },
  { id: 'end-comparison', label: 'End Comparison', keys: [], scope: 'page', menu: 'file' },
  { id: 'choose-endpoint', label: 'Choose Engine…', keys: ['e'], scope: 'page', menu: 'file' },
  { id: 'settings', label: 'Settings…', keys: ['Mod+,'], scope: 'page', menu: 'app' },
  { id: 'export', label: 'Export…', keys: ['Mod+e'], scope: 'page', menu: 'export' },
  { id: 'export-svg', label: 'Export SVG…', keys: [], scope: 'page', menu: 'export' },
  { id: 'export-png', label: 'Export PNG…', keys: ['Mod+Shift+e'], scope: 'page', menu: 'export' },
  { id: 'export-pdf', label: 'Export PDF…', keys: [], scope: 'page', menu: 'export' },
  { id: 'export-json', label: 'Export JSON…', keys: [], scope: 'page', menu: 'export' },
  { id: 'save-snapshot', label: 'Save Snapshot…', keys: ['Mod+s'], scope: 'page', menu: 'export' },
  { id: 'save-details', label: 'Save with Details…', keys: ['Mod+Shift+s'], scope: 'page', menu: 'export' },
  { id: 'save-recording', label: 'Save What Is Kept…', keys: [], scope: 'page', menu: 'export' },
  { id: 'export-drawio', label: 'Export draw.io…', keys: [], scope: 'page', menu: 'export' },
  { id: 'export-dot', label: 'Export Graphviz (DOT)…', keys: [], scope: 'page', menu: 'export' },
  { id: 'export-mermaid', label: 'Export Mermaid…', keys: [], scope: 'page', menu: 'export' },
  { id: 'view-graph', label: 'Graph', keys: [], scope: 'page', menu: 'view', line: true },
  { id: 'view-both', label: 'Graph and Table', keys: [], scope: 'page', menu: 'view' },
  { id: 'view-table', label: 'Table', keys: [], scope: 'page', menu: 'view' },
  { id: 'view-processes', label: 'Processes', keys: [], scope: 'page', menu: 'view' },
  { id: 'view-levels', label: 'Levels', keys: [], scope: 'page', menu: 'view' },
  { id: 'view-wiring', label: 'Wiring', keys: [], scope: 'page', menu: 'view' },
  { id: 'view-resources', label: 'Resources', keys: [], scope: 'page', menu: 'view' },
  { id: 'findings', label: 'Findings…', keys: ['c'], scope: 'page', menu: 'view', line: true },
  { id: 'isolation', label: 'Isolation…', keys: [], scope: 'page', menu: 'view' },
  { id: 'reach', label: 'Reach…', keys: ['r'], scope: 'page', menu: 'view' },
  { id: 'next-view', label: 'Next View', keys: ['v'], scope: 'page', menu: 'view' },
  { id: 'previous-view', label: 'Previous View', keys: ['Shift+v'], scope: 'page', menu: 'view' },
  { id: 'toggle-table', label: 'Table beside the Graph', keys: ['t', 'm'], scope: 'page', menu: 'view', line: true },
  { id: 'toggle-panel', label: 'Details', keys: ['i', 'Mod+i'], scope: 'page', menu: 'view' },
  { id: 'toggle-host-links', label: 'All Links to the Machine', keys: ['h'], scope: 'page', menu: 'view' },
  { id: 'toggle-services', label: "Services and Other Engines' Containers", keys: ['s'], scope: 'page', menu: 'view' },
  { id: 'toggle-networks', label: 'Docker Networks', keys: ['w'], scope: 'page', menu: 'view' },
  { id: 'toggle-card-use', label: 'Use on the Cards', keys: ['u'], scope: 'page', menu: 'view' },
  { id: 'moment-before', label: 'Previous Moment', keys: [','], scope: 'page', menu: 'view', line: true },
  { id: 'moment-after', label: 'Next Moment', keys: ['.'], scope: 'page', menu: 'view' },
  { id: 'newest', label: 'Back to Live', keys: ['n'], scope: 'page', menu: 'view' },
  { id: 'toggle-timeline', label: 'Timeline', keys: [], scope: 'page', menu: 'view' },
  { id: 'fit', label: 'Fit to Window', keys: ['f', '0', 'Mod+0'], scope: 'page', menu: 'view', line: true },
  { id: 'zoom-in', label: 'Zoom In', keys: ['+', '='], scope: 'page', menu: 'view' },
  { id: 'zoom-out', label: 'Zoom Out', keys: ['-'], scope: 'page', menu: 'view' },
  { id: 'tidy', label: 'Tidy Up', keys: ['Mod+Shift+l'], scope: 'page', menu: 'view' },
  ...kindEntries,
  { id: 'back', label: 'Back', keys: ['Alt+ArrowLeft', 'Backspace'], macKeys: ['Mod+[', 'Backspace'], scope: 'page' },
  { id: 'forward', label: 'Forward', keys: ['Alt+ArrowRight'], macKeys: ['Mod+]'], scope: 'page' },
  { id: 'next-namespace', label: "Next of the container's namespaces", keys: [']'], scope: 'page' },
  { id: 'previous-namespace', label: "Previous of the container's namespaces", keys: ['['], scope: 'page' },
  { id: 'next-region', label: 'Go to the next part of the page', keys: ['F6'], scope: 'page', move: true },
  {
    id: 'previous-region',
    label: 'Go to the previous part of the page',
    keys: ['Shift+F6'],
    scope: 'page',
    move: true,
  },
  { id: 'undo', label: 'Undo a change of filter, kinds or layout', keys: ['Mod+z'], scope: 'page' },
  { id: 'clear-filter', label: 'Clear the filter', keys: [], scope: 'page' },
  {
    id: 'escape',
    label: 'Close, clear the search, clear the selection',
    keys: ['Escape'],
    scope: 'page',
    move: true,
  },
  { id: 'guide', label: 'Guide…', keys: [], scope: 'page', menu: 'help' },
  { id: 'shortcuts', label: 'Keyboard Shortcuts', keys: ['?', 'Mod+/'], scope: 'page', menu: 'help' },
  { id: 'copy-diagnostics', label: 'Copy Diagnostics', keys: [], scope: 'page', menu: 'help', line: true },
  { id: 'about', label: 'About Bulkhead', keys: [], scope: 'page', menu: 'app' },
  {
    id: 'picture-step',
    label: 'Nearest box in that direction',
    keys: ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'],
    scope: 'picture',
    move: true,
  },
  {
    id: 'picture-pan',
    label: 'Move the picture',
    keys: ['Shift+ArrowLeft', 'Shift+ArrowUp', 'Shift+ArrowRight', 'Shift+ArrowDown'],
    scope: 'picture',
    move: true,
  },
  { id: 'picture-select', label: 'Select it', keys: ['Enter', ' '], scope: 'picture', move: true },
  {
    id: 'picture-select-both',
    label: 'Select it as well as what is selected',
    keys: ['Shift+Enter'],
    scope: 'picture',
    move: true,
  },
  { id: 'picture-next-line', label: 'Its next line', keys: ['l'], scope: 'picture', move: true },
  { id: 'picture-previous-line', label: 'Its previous line', keys: ['Shift+l'], scope: 'picture', move: true },
  { id: 'picture-back', label: 'From the line back to the box', keys: ['Backspace'], scope: 'picture', move: true },
  { id: 'picture-first', label: 'The first box', keys: ['Home'], scope: 'picture', move: true },
  { id: 'picture-last', label: 'The last box', keys: ['End'], scope: 'picture', move: true },
  { id: 'picture-next-group', label: 'First of the next group', keys: ['g'], scope: 'picture', move: true },
  {
    id: 'picture-previous-group',
    label: 'First of the previous group',
    keys: ['Shift+g'],
    scope: 'picture',
    move: true,
  },
  { id: 'picture-pin', label: 'Pin it where it is, or unpin it', keys: ['p'], scope: 'picture', move: true },
  {
    id: 'timeline-step',
    label: 'From change to change',
    keys: ['ArrowLeft', 'ArrowRight'],
    scope: 'timeline',
    move: true,
  },
  {
    id: 'timeline-event',
    label: 'From event to event',
    keys: ['PageDown', 'PageUp'],
    scope: 'timeline',
    move: true,
  },
  {
    id: 'timeline-ends',
    label: 'The first moment that is kept, the newest',
    keys: ['Home', 'End'],
    scope: 'timeline',
    move: true,
  },
  {
    id: 'list-step',
    label: 'From row to row, from cell to cell',
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
    scope: 'list',
    move: true,
  },
  { id: 'list-select', label: 'Select what the row stands for, or sort', keys: ['Enter'], scope: 'list', move: true },
  { id: 'list-jump', label: "Show a process's card in the picture", keys: ['Shift+Enter'], scope: 'list', move: true },
  {
    id: 'terminal-leave',
    label: 'Move to its tab, where ← → choose and Delete closes',
    keys: ['F6'],
    scope: 'terminal',
    move: true,
  },
  { id: 'terminal-copy', label: 'Copy what is selected', keys: ['Ctrl+Shift+c'], scope: 'terminal', move: true },
] as const satisfies readonly CommandEntry[];

export type CommandId = (typeof ENTRIES)[number]['id'];

/** Those that the page runs; the others belong to the part that has the focus. */
export type PageCommandId = Extract<(typeof ENTRIES)[number], { readonly scope: 'page' }>['id'];

export const COMMANDS: readonly (CommandEntry & { readonly id: CommandId })[] = ENTRIES;

/** What a command is called, in the language of now. */
export function labelOf({ label }: Pick<CommandEntry, 'label'>): string {
  return typeof label === 'string' ? t(label) : t(label.message, { kind: label.kind });
}

/** What several commands do, in one line of the help. */
export function helpOf(help: HelpMessage): string {
  return t(help, { kinds: commas(NAMESPACE_KINDS) });
}

/** The keys of a command on a platform (Node's process.platform, or anything else that is no Mac). */
export function keysOf(entry: CommandEntry, mac: boolean): readonly string[] {
  return mac ? (entry.macKeys ?? entry.keys) : entry.keys;
}

/** The keys that a menu shows for a command: the first with the menu key or Alt; a single letter is no menu's key. */
export function menuKey(entry: CommandEntry, mac: boolean): string | null {
  return keysOf(entry, mac).find((key) => /^(Mod|Alt)\+/.test(key)) ?? null;
}
