import { insideOf } from '../detail/texts.ts';
import type { IdRange } from '../levels/levels.ts';
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { type PlainMessage, t } from '../words/words.ts';
import { treeRows } from './tree.ts';

/** One process of the machine, as a list shows it. */
export interface ProcessRow {
  readonly process: Process;
  /** How far below its ancestors; 0 in a flat list. */
  readonly depth: number;
  /** True where processes below it are in the list, shown or folded away. */
  readonly parent: boolean;
  /** The name of the container that it belongs to; '' for none. */
  readonly container: string;
  /** Its namespaces that are not those of the machine's init. */
  readonly differs: readonly { readonly kind: NamespaceKind; readonly namespace: NamespaceId }[];
  /** False for an ancestor that is only shown as the parent of a match. */
  readonly found: boolean;
}

export const PROCESS_COLUMNS = [
  'pid',
  'inside',
  'command',
  'container',
  'user',
  'cpu',
  'memory',
  'namespaces',
  'threads',
  'state',
] as const;
export type ProcessColumn = (typeof PROCESS_COLUMNS)[number];

/** A process's states. Source: proc_pid_stat(5). */
const STATE_WORDS: Readonly<Record<string, PlainMessage>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a device',
  T: 'stopped',
  t: 'traced',
  Z: 'zombie',
  X: 'dead',
  I: 'idle',
};

export function stateText({ state }: Process): string {
  const word = STATE_WORDS[state];
  return word === undefined ? state : t(word);
}

/** What a process was started as; in brackets where it has no arguments, as ps(1) writes it. */
export function commandText({ argv, comm }: Process): string {
  return argv.length === 0 || argv.join('') === '' ? `[${comm}]` : argv.join(' ');
}

/** The uid maps of user namespaces by id: those that were read. */
export type UidMaps = ReadonlyMap<string, readonly IdRange[]>;

/**
 * Who a process is inside and outside: `0 → 100000`; one number where it is in the machine's own user namespace. `?` where
 * the map was not read, `none` where the map has no number for it.
 * @param home the machine's user namespace
 */
export function userText({ uid, namespaces }: Process, home: string | null, maps: UidMaps): string {
  const own = namespaces.user;
  if (own === home && own !== null) return String(uid);
  const map = own === null ? undefined : maps.get(own);
  if (map === undefined) return `? → ${uid}`;
  return `${insideOf(map, uid) ?? t('none')} → ${uid}`;
}

/** What a process uses, where that is measured: percent of one processor, resident bytes. */
export interface ProcessUse {
  readonly cpu: number | null;
  readonly memory: number | null;
}

export interface ListOptions {
  readonly tree: boolean;
  /** Words that must all be in a row; '' for every row. */
  readonly filter: string;
  readonly kernelThreads: boolean;
  readonly sort: { readonly column: ProcessColumn; readonly down: boolean };
  /** Pids whose children are folded away; only in a tree. */
  readonly folded: ReadonlySet<number>;
  /** By pid; only where rows are sorted by it. */
  readonly uses?: ReadonlyMap<number, ProcessUse>;
}

type Compare = (a: ProcessRow, b: ProcessRow) => number;

const inside = ({ process }: ProcessRow): number => process.nsPids.at(-1) ?? process.pid;

const COMPARE: Readonly<Record<Exclude<ProcessColumn, keyof ProcessUse>, Compare>> = {
  pid: (a, b) => a.process.pid - b.process.pid,
  inside: (a, b) => inside(a) - inside(b),
  command: (a, b) => compareText(commandText(a.process), commandText(b.process)),
  // Processes in containers come first.
  container: (a, b) => Number(a.container === '') - Number(b.container === '') || compareText(a.container, b.container),
  user: (a, b) => a.process.uid - b.process.uid,
  namespaces: (a, b) => b.differs.length - a.differs.length,
  threads: (a, b) => b.process.threads - a.process.threads,
  state: (a, b) => compareText(a.process.state, b.process.state),
};

/** The highest use comes first, processes without a measurement last. */
function compareUse(column: keyof ProcessUse, uses: ListOptions['uses']): Compare {
  const used = ({ process }: ProcessRow): number => uses?.get(process.pid)?.[column] ?? -1;
  return (a, b) => used(b) - used(a);
}

/** All text of a row that is searched. */
function textOf({ process, container, differs }: ProcessRow): string {
  const ids = differs.map(({ namespace }) => namespace);
  return [
    ...process.nsPids,
    process.pid,
    `uid ${process.uid}`,
    STATE_WORDS[process.state] ?? process.state,
    process.comm,
    ...process.argv,
    container,
    ...ids,
  ]
    .join('\n')
    .toLowerCase();
}

/** The processes of a snapshot as the rows of a list or a tree. Linear but for the sort. */
export function processRows(snapshot: Snapshot, options: ListOptions): readonly ProcessRow[] {
  const names = new Map(snapshot.containers.map(({ id, name }) => [id, name]));
  const home = snapshot.host.namespaces;
  const rowOf = (process: Process): ProcessRow => ({
    process,
    depth: 0,
    parent: false,
    container: process.container === null ? '' : (names.get(process.container) ?? process.container.slice(0, 12)),
    differs: NAMESPACE_KINDS.flatMap((kind) => {
      const namespace = process.namespaces[kind];
      return namespace === null || home[kind] === null || namespace === home[kind] ? [] : [{ kind, namespace }];
    }),
    found: true,
  });
  const words = options.filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const all = snapshot.processes.filter((process) => options.kernelThreads || !process.kernelThread).map(rowOf);
  const fits = (row: ProcessRow): boolean => {
    if (words.length === 0) return true;
    const text = textOf(row);
    return words.every((word) => text.includes(word));
  };
  const { column } = options.sort;
  const compare = column === 'cpu' || column === 'memory' ? compareUse(column, options.uses) : COMPARE[column];
  const sign = options.sort.down ? -1 : 1;
  const sorted = (rows: ProcessRow[]): ProcessRow[] =>
    rows.sort((a, b) => sign * compare(a, b) || a.process.pid - b.process.pid);
  if (!options.tree) return sorted(all.filter(fits));
  return treeOf(sorted(all), fits, options.folded);
}

function treeOf(
  rows: readonly ProcessRow[],
  fits: (row: ProcessRow) => boolean,
  folded: ReadonlySet<number>,
): readonly ProcessRow[] {
  const byPid = new Map(rows.map((row) => [row.process.pid, row]));
  const found = new Set<number>();
  const kept = new Set<number>();
  for (const row of rows) {
    if (!fits(row)) continue;
    found.add(row.process.pid);
    // Stops at an ancestor that is kept already, so that each is visited once and a loop of parents ends.
    for (
      let at: ProcessRow | undefined = row;
      at !== undefined && !kept.has(at.process.pid);
      at = byPid.get(at.process.ppid)
    ) {
      kept.add(at.process.pid);
    }
  }
  const tree = treeRows(rows.filter(({ process }) => kept.has(process.pid)).map(({ process }) => process));
  const out: ProcessRow[] = [];
  /** The depth of a folded row: deeper rows are left out, up to the next that is not deeper. */
  let hidden = Number.POSITIVE_INFINITY;
  for (const [index, { process, depth }] of tree.entries()) {
    if (depth > hidden) continue;
    hidden = folded.has(process.pid) ? depth : Number.POSITIVE_INFINITY;
    const row = byPid.get(process.pid);
    if (row === undefined) continue;
    const parent = (tree[index + 1]?.depth ?? 0) > depth;
    out.push({ ...row, depth, parent, found: found.has(process.pid) });
  }
  return out;
}
