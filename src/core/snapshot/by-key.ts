import { NAMESPACE_KINDS, type NamespaceId } from './namespace.ts';
import type { Container, Namespace, Process } from './snapshot.ts';

/** Indexes of a snapshot's lists, which may have thousands of records. */

/**
 * Computes something once for a list, and keeps it for the two newest lists: the later side of one change is the earlier
 * side of the next.
 */
export function ofNewest<L extends object, T>(make: (list: L) => T): (list: L) => T {
  let newest: readonly { readonly list: L; readonly made: T }[] = [];
  return (list) => {
    const entry = newest.find((each) => each.list === list) ?? { list, made: make(list) };
    newest = [entry, ...newest.filter((each) => each !== entry)].slice(0, 2);
    return entry.made;
  };
}

export const processesByPid = ofNewest(
  (processes: readonly Process[]): ReadonlyMap<number, Process> =>
    new Map(processes.map((process) => [process.pid, process])),
);

export const namespacesById = ofNewest(
  (namespaces: readonly Namespace[]): ReadonlyMap<string, Namespace> =>
    new Map(namespaces.map((namespace) => [namespace.id, namespace])),
);

export const containersById = ofNewest(
  (containers: readonly Container[]): ReadonlyMap<string, Container> =>
    new Map(containers.map((container) => [container.id, container])),
);

/** Pids by the namespaces that their processes are in, also namespaces that are in no list. */
export function pidsByNamespace(processes: Iterable<Pick<Process, 'pid' | 'namespaces'>>): Map<NamespaceId, number[]> {
  const members = new Map<NamespaceId, number[]>();
  for (const { pid, namespaces } of processes) {
    for (const kind of NAMESPACE_KINDS) {
      const id = namespaces[kind];
      if (id === null) continue;
      const list = members.get(id);
      if (list === undefined) members.set(id, [pid]);
      else list.push(pid);
    }
  }
  return members;
}

/** All processes by the container that they belong to, in their order. */
export const processesByContainer = ofNewest(
  (processes: readonly Process[]): ReadonlyMap<string, readonly Process[]> => {
    const lists = new Map<string, Process[]>();
    for (const process of processes) {
      if (process.container === null) continue;
      const list = lists.get(process.container);
      if (list === undefined) lists.set(process.container, [process]);
      else list.push(process);
    }
    return lists;
  },
);
