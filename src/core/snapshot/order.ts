import { NAMESPACE_KINDS } from './namespace.ts';
import type { Container, Namespace, Process } from './snapshot.ts';

/** By UTF-16 code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareProcesses(a: Process, b: Process): number {
  return a.pid - b.pid;
}

const RANK = new Map(NAMESPACE_KINDS.map((kind, index) => [kind, index]));

export function compareNamespaces(a: Pick<Namespace, 'kind' | 'inode'>, b: Pick<Namespace, 'kind' | 'inode'>): number {
  return a.kind === b.kind ? a.inode - b.inode : (RANK.get(a.kind) ?? 0) - (RANK.get(b.kind) ?? 0);
}

export function compareContainers(a: Container, b: Container): number {
  return compareText(a.name, b.name) || compareText(a.id, b.id);
}

/** In order; the same list where it is already. */
export function sorted<T>(list: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  const inOrder = list.every((item, index) => index === 0 || compare(list[index - 1] as T, item) <= 0);
  return inOrder ? list : [...list].sort(compare);
}
