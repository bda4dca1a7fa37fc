import type { NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Pin, Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import { DetailError } from './service.ts';

/** Where a namespace can be reached: a process in it, or what holds it. */
export interface Way {
  readonly process: Process | null;
  /** Below /proc. */
  readonly path: string;
}

function pathOf(snapshot: Snapshot, kind: NamespaceKind, pin: Pin): string | null {
  switch (pin.type) {
    case 'mount': {
      // One whose root is the tree's own sees the place by its name.
      const inTree = snapshot.processes.filter(({ namespaces }) => namespaces.mnt === pin.mnt);
      const holder = inTree.find(({ root }) => root === '/') ?? inTree[0];
      if (holder !== undefined) return `${holder.pid}/root${pin.path}`;
      for (const { pid, threadNamespaces } of snapshot.processes) {
        const thread = threadNamespaces.find(({ namespaces }) => namespaces.mnt === pin.mnt);
        if (thread !== undefined) return `${pid}/task/${thread.tid}/root${pin.path}`;
      }
      return null;
    }
    case 'fd':
      return `${pin.pid}/fd/${pin.fd}`;
    case 'thread':
      return `${pin.pid}/task/${pin.tid}/ns/${kind}`;
    case 'for_children':
      return `${pin.pid}/ns/${kind}_for_children`;
  }
}

/** Null where no process is in it and nothing is known to hold it. */
export function findWay(snapshot: Snapshot, id: string): Way | null {
  const namespace = snapshot.namespaces.find((each) => each.id === id);
  if (namespace === undefined) return null;
  const { kind, pids, pins } = namespace;
  const process = snapshot.processes.find(({ pid }) => pid === pids[0]);
  if (process !== undefined) return { process, path: `${process.pid}/ns/${kind}` };
  for (const pin of pins) {
    const path = pathOf(snapshot, kind, pin);
    if (path !== null) return { process: null, path };
  }
  return null;
}

/** @throws DetailError where there is none */
export function wayTo(snapshot: Snapshot, id: string): Way {
  const way = findWay(snapshot, id);
  if (way !== null) return way;
  const there = snapshot.namespaces.some((each) => each.id === id);
  const within = snapshot.namespaces.some(({ parent, owner }) => parent === id || owner === id);
  throw new DetailError(() =>
    there
      ? within
        ? t('No process is in it, and only other namespaces hold it, so it cannot be looked into.')
        : t('No process is in it and nothing is known to hold it, so it cannot be looked into.')
      : t('There is no namespace {id} any more.', { id }),
  );
}
