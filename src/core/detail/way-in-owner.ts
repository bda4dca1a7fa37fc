import type { Container, Snapshot } from '../snapshot/snapshot.ts';

/** Whose network a container uses. */

/** The container whose network it borrows, however many borrow on the way; itself where it borrows none. */
export function publisherOf(snapshot: Snapshot, container: Container): Container {
  const seen = new Set<string>();
  let at = container;
  while (!seen.has(at.id)) {
    seen.add(at.id);
    const target = /^container:(.+)$/.exec(at.modes.net)?.[1];
    const next = snapshot.containers.find(({ id, name }) => id === target || name === target);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/** The network namespace of a container's first process; null where that is not known. */
export function netOf(snapshot: Snapshot, { pid }: Container): string | null {
  return snapshot.processes.find((process) => process.pid === pid)?.namespaces.net ?? null;
}
