import { NAMESPACE_KINDS, type NamespaceId } from '../snapshot/namespace.ts';
import { compareContainers, compareNamespaces, compareProcesses } from '../snapshot/order.ts';
import type { Namespace, Process, Snapshot } from '../snapshot/snapshot.ts';
import { equalJson } from './equal.ts';
import type { Patch } from './patch.ts';

function withoutPids({ pids: _, ...rest }: Namespace): Omit<Namespace, 'pids'> {
  return rest;
}

/** Records of `after` that are new or changed, and keys of `before` that are gone. */
function compare<T, R>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (record: T) => string | number,
  compared: (record: T) => unknown,
  removed: (record: T) => R,
): { upsert: T[]; remove: R[] } {
  const old = new Map(before.map((record) => [keyOf(record), record]));
  const upsert: T[] = [];
  for (const record of after) {
    const key = keyOf(record);
    const previous = old.get(key);
    if (previous === undefined || (previous !== record && !equalJson(compared(previous), compared(record)))) {
      upsert.push(record);
    }
    old.delete(key);
  }
  return { upsert, remove: [...old.values()].map(removed) };
}

/**
 * What changed from one snapshot to the next, or null when nothing did but the clock and the cost of the scan.
 * Near linear in both. `applyPatch(a, diffSnapshots(a, b))` equals `b`.
 */
export function diffSnapshots(before: Snapshot, after: Snapshot): Patch | null {
  const self = <T>(record: T): T => record;
  const processes = compare(
    before.processes,
    after.processes,
    (process) => process.pid,
    self,
    ({ pid, startTime }) => ({ pid, startTime }),
  );
  const namespaces = compare(
    before.namespaces,
    after.namespaces,
    ({ id }) => id,
    withoutPids,
    ({ id }) => id,
  );
  const containers = compare(
    before.containers,
    after.containers,
    ({ id }) => id,
    self,
    ({ id }) => id,
  );
  const engineChanged = !equalJson(before.engine, after.engine);
  const hostChanged = !equalJson(before.host, after.host);
  const lists = [processes, namespaces, containers];
  const probeAppeared = (before.probe === null) !== (after.probe === null);
  const problemsChanged = !equalJson(before.probe?.problems, after.probe?.problems);
  if (
    !engineChanged &&
    !hostChanged &&
    !probeAppeared &&
    !problemsChanged &&
    lists.every(({ upsert, remove }) => upsert.length === 0 && remove.length === 0)
  ) {
    return null;
  }
  return {
    takenAt: after.takenAt,
    ...(engineChanged ? { engine: after.engine } : {}),
    ...(hostChanged ? { host: after.host } : {}),
    probe: after.probe,
    processes,
    namespaces: { upsert: namespaces.upsert.map(withoutPids), remove: namespaces.remove },
    containers,
  };
}

/** Merges two sorted lists into one. */
function merged<T>(one: readonly T[], other: readonly T[], compare: (a: T, b: T) => number): T[] {
  const out: T[] = [];
  let at = 0;
  for (const item of one) {
    for (let next = other[at]; next !== undefined && compare(next, item) < 0; next = other[at]) {
      out.push(next);
      at += 1;
    }
    out.push(item);
  }
  for (const item of other.slice(at)) out.push(item);
  return out;
}

/**
 * The processes after a patch. Those that it does not touch are already sorted, unless they come from a file that
 * Bulkhead did not write.
 */
function patchedProcesses(
  before: readonly Process[],
  { upsert, remove }: Patch['processes'],
  touch: (process: Process) => void,
) {
  const ended = new Map(remove.map(({ pid, startTime }) => [pid, startTime]));
  const fresh = new Map(upsert.map((process) => [process.pid, process]));
  const staying = before.filter((process) => {
    const stays = !fresh.has(process.pid) && ended.get(process.pid) !== process.startTime;
    if (!stays) touch(process);
    return stays;
  });
  for (const process of upsert) touch(process);
  const all = merged(staying, [...fresh.values()].sort(compareProcesses), compareProcesses);
  const inOrder = all.every(({ pid }, index) => index === 0 || (all[index - 1]?.pid ?? 0) < pid);
  return inOrder ? all : [...new Map(all.map((process) => [process.pid, process])).values()].sort(compareProcesses);
}

/** The next snapshot. Records that the patch does not touch keep their identity, so that views can skip them. */
export function applyPatch(snapshot: Snapshot, patch: Patch): Snapshot {
  /** Namespaces whose members may have changed. */
  const touched = new Set<NamespaceId>();
  const sorted = patchedProcesses(snapshot.processes, patch.processes, ({ namespaces: own }) => {
    for (const kind of NAMESPACE_KINDS) {
      const id = own[kind];
      if (id !== null) touched.add(id);
    }
  });

  const namespaces = new Map(snapshot.namespaces.map((namespace) => [namespace.id, namespace]));
  for (const id of patch.namespaces.remove) namespaces.delete(id);
  for (const record of patch.namespaces.upsert) {
    namespaces.set(record.id, { ...record, pids: namespaces.get(record.id)?.pids ?? [] });
    touched.add(record.id);
  }
  if (touched.size > 0) {
    const members = new Map<NamespaceId, number[]>([...touched].map((id) => [id, []]));
    for (const process of sorted) {
      for (const kind of NAMESPACE_KINDS) {
        const id = process.namespaces[kind];
        if (id !== null) members.get(id)?.push(process.pid);
      }
    }
    for (const [id, pids] of members) {
      const namespace = namespaces.get(id);
      if (namespace !== undefined && !equalJson(namespace.pids, pids)) namespaces.set(id, { ...namespace, pids });
    }
  }

  const containers = new Map(snapshot.containers.map((container) => [container.id, container]));
  for (const id of patch.containers.remove) containers.delete(id);
  for (const container of patch.containers.upsert) containers.set(container.id, container);

  return {
    ...snapshot,
    takenAt: patch.takenAt,
    engine: patch.engine === undefined ? snapshot.engine : patch.engine,
    host: patch.host ?? snapshot.host,
    probe: patch.probe === undefined ? snapshot.probe : patch.probe,
    processes: sorted,
    namespaces: [...namespaces.values()].sort(compareNamespaces),
    containers: [...containers.values()].sort(compareContainers),
  };
}
