import { CHANGE_STYLES } from '../layout/change-marks.ts';
import { compareNames } from '../layout/order.ts';
import type { GraphNode } from '../layout/scene.ts';
import { commandText, processRows, stateText } from '../processes/rows.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { type PlainMessage, t } from '../words/words.ts';
import { FACT_NAMES, FACTS, factText } from './columns.ts';
import { letterOf, numberNamespaces } from './letters.ts';

/** A table as files have it: every cell is text of others, not yet escaped. */
export interface Table {
  /** A kind, or a message: programs read the English of it. */
  readonly heads: readonly (NamespaceKind | PlainMessage)[];
  /** What a column's cells tell of, where it is a kind. */
  readonly kinds: readonly (NamespaceKind | null)[];
  /** How far the first words of a row are indented, in steps; empty if no row is. */
  readonly depths: readonly number[];
  /** The column that is indented. */
  readonly tree: number;
  readonly rows: readonly (readonly string[])[];
  /** How it is read, in a sentence without its full stop. */
  readonly note: string;
}

/** Containers by their ids: what is gone is the earlier snapshot's. */
export function containersOf(snapshot: Snapshot, before: Snapshot | null): Map<string, Container> {
  return new Map([...(before?.containers ?? []), ...snapshot.containers].map((each) => [each.id, each]));
}

/**
 * A row for each thing that is drawn but the machine: its namespaces, and what the engine tells of it.
 * @param before the earlier snapshot that `nodes` are compared with
 */
export function containerTable(snapshot: Snapshot, nodes: readonly GraphNode[], before: Snapshot | null): Table {
  const shown = nodes
    .filter(({ type }) => type !== 'host')
    // What is gone keeps its place.
    .sort((a, b) => (before === null ? 0 : compareNames(a.label, b.label)));
  const containers = containersOf(snapshot, before);
  const numbers = numberNamespaces(shown, new Map());
  const compared = before !== null;
  return {
    heads: [
      'Name',
      ...(compared ? (['Change'] as const) : []),
      ...NAMESPACE_KINDS,
      ...FACTS.map((fact) => FACT_NAMES[fact]),
    ],
    kinds: [null, ...(compared ? [null] : []), ...NAMESPACE_KINDS, ...FACTS.map(() => null)],
    depths: [],
    tree: 0,
    rows: shown.map((node) => [
      node.label,
      ...(compared ? [node.change === undefined ? '' : t(CHANGE_STYLES[node.change].word)] : []),
      ...NAMESPACE_KINDS.map((kind) => {
        const slot = node.strip.find((each) => each.kind === kind);
        if (slot === undefined || slot.standing === 'unknown') return '?';
        if (slot.standing !== 'shared') return slot.standing === 'host' ? 'host' : 'own';
        const number = numbers.get(slot.namespace ?? '');
        return number === undefined ? `(${slot.partners + 1})` : `${letterOf(number)} (${slot.partners + 1})`;
      }),
      ...FACTS.map((fact) => factText(fact, node, containers.get(node.key))),
    ]),
    note: t('The same letter in a column is the same namespace, with how many are in it; ? is unknown'),
  };
}

/** A row for each process but the kernel's threads, as a tree. */
export function processTable(snapshot: Snapshot): Table {
  const rows = processRows(snapshot, {
    tree: true,
    filter: '',
    kernelThreads: false,
    sort: { column: 'pid', down: false },
    folded: new Set(),
  });
  return {
    heads: ['PID', 'Inside', 'Command', 'Container', 'User', 'Own namespaces', 'Threads', 'State'],
    kinds: Array<null>(8).fill(null),
    depths: rows.map(({ depth }) => depth),
    tree: 2,
    rows: rows.map(({ process, container, differs }) => [
      String(process.pid),
      String(process.nsPids.at(-1) ?? process.pid),
      commandText(process),
      container,
      String(process.uid),
      differs.map(({ kind }) => kind).join(' '),
      String(process.threads),
      stateText(process),
    ]),
    note: t('Inside: the number in its own pid namespace. User: as the machine counts'),
  };
}
