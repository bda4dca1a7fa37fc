import { pidsByNamespace } from '../snapshot/by-key.ts';
import { equalJson } from '../snapshot/equal.ts';
import type { NamespaceId } from '../snapshot/namespace.ts';
import { compareContainers, compareNamespaces, compareProcesses } from '../snapshot/order.ts';
import type { Namespace, Process, Snapshot } from '../snapshot/snapshot.ts';
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

/** Records before and after a patch, and what makes the difference. */
interface Patched<T> {
  /** The same list as before where nothing is gone and nothing came. */
  readonly list: T[];
  readonly gone: readonly T[];
  readonly come: readonly T[];
  /** False for what somebody else wrote, where the records before were out of order or there twice. */
  readonly inOrder: boolean;
}

function patched<T>(
  before: T[],
  upsert: readonly T[],
  isRemoved: (record: T) => boolean,
  keyOf: (record: T) => string | number,
  compare: (a: T, b: T) => number,
): Patched<T> {
  const fresh = new Map(upsert.map((record) => [keyOf(record), record]));
  const come = [...fresh.values()].sort(compare);
  const gone: T[] = [];
  const staying = before.filter((record) => {
    const stays = !fresh.has(keyOf(record)) && !isRemoved(record);
    if (!stays) gone.push(record);
    return stays;
  });
  if (gone.length + come.length === 0) return { list: before, gone, come, inOrder: true };
  const all = merged(staying, come, compare);
  const inOrder = all.every((record, index) => index === 0 || compare(all[index - 1] as T, record) < 0);
  const list = inOrder ? all : [...new Map(all.map((record) => [keyOf(record), record])).values()].sort(compare);
  return { list, gone, come, inOrder };
}

/** The result of `pidsByNamespace` for the newest list. It is as large as the list, so only the newest is kept. */
const newestMembers = new WeakMap<readonly Process[], Map<NamespaceId, number[]>>();

/**
 * Who is in what after a patch, and the namespaces that somebody came into or went out of.
 * @param asked whether anybody asks where no process came or went
 */
function patchedMembers(before: readonly Process[], { list, gone, come, inOrder }: Patched<Process>, asked: boolean) {
  if (list === before && !asked) return { members: new Map<NamespaceId, number[]>(), touched: new Set<NamespaceId>() };
  const members = newestMembers.get(before) ?? pidsByNamespace(before);
  newestMembers.delete(before);
  const [left, joined] = [pidsByNamespace(gone), pidsByNamespace(come)];
  const touched = new Set([...left.keys(), ...joined.keys()]);
  if (!inOrder) return { members: pidsByNamespace(list), touched };
  for (const id of touched) {
    const away = new Set(left.get(id));
    const rest = (members.get(id) ?? []).filter((pid) => !away.has(pid));
    members.set(
      id,
      merged(rest, joined.get(id) ?? [], (a, b) => a - b),
    );
  }
  for (const id of left.keys()) if (members.get(id)?.length === 0) members.delete(id);
  newestMembers.set(list, members);
  return { members, touched };
}

/**
 * The next snapshot. Records that the patch does not touch keep their identity, and so do lists of which it touches none,
 * so that what follows from them need not be made anew.
 */
export function applyPatch(snapshot: Snapshot, patch: Patch): Snapshot {
  const ended = new Map(patch.processes.remove.map(({ pid, startTime }) => [pid, startTime]));
  const processes = patched(
    snapshot.processes,
    patch.processes.upsert,
    ({ pid, startTime }) => ended.get(pid) === startTime,
    ({ pid }) => pid,
    compareProcesses,
  );
  const { members, touched } = patchedMembers(snapshot.processes, processes, patch.namespaces.upsert.length > 0);

  // Those that it tells of, and those that it does not, but whose members are others now.
  const told = new Set(patch.namespaces.upsert.map(({ id }) => id));
  const withMembers = (record: Omit<Namespace, 'pids'>): Namespace => ({
    ...record,
    pids: members.get(record.id) ?? [],
  });
  const others = snapshot.namespaces.filter(
    ({ id, pids }) => touched.has(id) && !told.has(id) && !equalJson(pids, members.get(id) ?? []),
  );
  const removed = new Set(patch.namespaces.remove);
  const namespaces = patched(
    snapshot.namespaces,
    [...others.filter(({ id }) => !removed.has(id)), ...patch.namespaces.upsert].map(withMembers),
    ({ id }) => removed.has(id),
    ({ id }) => id,
    compareNamespaces,
  );
  const goneContainers = new Set(patch.containers.remove);
  const containers = patched(
    snapshot.containers,
    patch.containers.upsert,
    ({ id }) => goneContainers.has(id),
    ({ id }) => id,
    compareContainers,
  );
  return {
    ...snapshot,
    takenAt: patch.takenAt,
    engine: patch.engine === undefined ? snapshot.engine : patch.engine,
    host: patch.host ?? snapshot.host,
    probe: patch.probe === undefined ? snapshot.probe : patch.probe,
    processes: processes.list,
    namespaces: namespaces.list,
    containers: containers.list,
  };
}
