import type { Patch } from '../diff/patch.ts';
import { findBroken } from '../sharing/broken.ts';
import { containerProcesses, createTargetFinder, modeOf, namesContainer } from '../sharing/members.ts';
import type { BrokenShare } from '../sharing/sharing.ts';
import { containersById, namespacesById, processesByPid } from '../snapshot/by-key.ts';
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind, parseNamespaceId } from '../snapshot/namespace.ts';
import type { Container, Namespace, Process, Snapshot } from '../snapshot/snapshot.ts';
import { type Saying, saying } from '../words/words.ts';
import type { Happening } from './happening.ts';
import { madeBy } from './makers.ts';

/** Kinds in which containers share the host's namespace by default: joining it is not worth an event. */
const DEFAULT_KINDS: ReadonlySet<string> = new Set(['user', 'time', 'cgroup']);
/** The most names in one sentence. */
const MOST_NAMES = 3;
/**
 * A container that is new in the picture but started longer ago than this did not start now; it was only not seen
 * before. Allows for clocks that differ.
 */
const LATE_MS = 60_000;

/** A snapshot with its records by their keys. */
interface Side {
  readonly snapshot: Snapshot;
  readonly processes: ReadonlyMap<number, Process>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly containers: ReadonlyMap<string, Container>;
}

function sideOf(snapshot: Snapshot): Side {
  return {
    snapshot,
    processes: processesByPid(snapshot.processes),
    namespaces: namespacesById(snapshot.namespaces),
    containers: containersById(snapshot.containers),
  };
}

const runs = (container: Container | undefined): boolean =>
  container?.state === 'running' || container?.state === 'paused';

/** The containers that have a process in a namespace; what the runtime is still setting up does not count. */
function membersOf(side: Side, id: NamespaceId): Set<string> {
  const members = new Set<string>();
  for (const pid of side.namespaces.get(id)?.pids ?? []) {
    const process = side.processes.get(pid);
    if (process === undefined || process.container === null || process.belongs?.starting === true) continue;
    const container = side.containers.get(process.container);
    if (container !== undefined && !container.helper) members.add(container.id);
  }
  return members;
}

/** Namespaces that processes of containers came into or went out of. */
function touchedBy(patch: Patch, before: Side): Set<NamespaceId> {
  const touched = new Set<NamespaceId>();
  const touch = (process: Process | undefined): void => {
    if (process === undefined || process.container === null) return;
    for (const kind of NAMESPACE_KINDS) {
      const id = process.namespaces[kind];
      if (id !== null) touched.add(id);
    }
  };
  for (const { pid } of patch.processes.remove) touch(before.processes.get(pid));
  for (const process of patch.processes.upsert) {
    touch(before.processes.get(process.pid));
    touch(process);
  }
  return touched;
}

const brokenSets = new WeakMap<Snapshot, ReadonlyMap<string, BrokenShare>>();

function brokenOf({ snapshot }: Side): ReadonlyMap<string, BrokenShare> {
  const known = brokenSets.get(snapshot);
  if (known !== undefined) return known;
  const declaring = snapshot.containers.filter((one) =>
    NAMESPACE_KINDS.some((kind) => namesContainer(modeOf(one, kind))),
  );
  const targetOf = createTargetFinder(snapshot.containers);
  const targets = declaring.flatMap((one) => NAMESPACE_KINDS.flatMap((kind) => targetOf(modeOf(one, kind)) ?? []));
  const running = containerProcesses({ ...snapshot, containers: [...new Set([...declaring, ...targets])] });
  const list = findBroken({ ...snapshot, containers: declaring }, running, targetOf);
  const made = new Map(list.map((share) => [`${share.container} ${share.kind}`, share]));
  brokenSets.set(snapshot, made);
  return made;
}

type Make = (what: Happening['what'], container: string, text: Saying) => Happening;

function lives(patch: Patch, before: Side, make: Make): Happening[] {
  const began = Date.parse(before.snapshot.takenAt) - LATE_MS;
  const changed = patch.containers.upsert.flatMap((now): Happening[] => {
    const was = before.containers.get(now.id);
    if (now.helper) return [];
    const another = runs(was) && runs(now) && was?.startedAt !== now.startedAt;
    const list: Happening[] = [];
    if (runs(was) && (!runs(now) || another)) {
      const { name, exitCode } = now;
      const unknown = exitCode === null || another;
      list.push(
        make(
          'died',
          now.id,
          unknown ? saying('{name} died', { name }) : saying('{name} died, exit code {code}', { name, code: exitCode }),
        ),
      );
    }
    const old = was === undefined && now.startedAt !== null && Date.parse(now.startedAt) < began;
    if (runs(now) && (!runs(was) || another) && !old) {
      list.push(make('started', now.id, saying('{name} started', { name: now.name })));
    }
    return list;
  });
  const removed = patch.containers.remove.flatMap((id): Happening[] => {
    const was = before.containers.get(id);
    if (was === undefined || was.helper || !runs(was)) return [];
    return [make('died', id, saying('{name} died and was removed', { name: was.name }))];
  });
  return [...changed, ...removed];
}

const nameOf = (id: string, { containers }: Side): string => containers.get(id)?.name ?? id.slice(0, 12);

const MOVES = {
  joined: {
    machine: '{name} joined the {kind} namespace of the machine',
    few: '{name} joined the {kind} namespace of {names}',
    many: '{name} joined the {kind} namespace of {names} and {n, number} more',
  },
  left: {
    machine: '{name} left the {kind} namespace of the machine',
    few: '{name} left the {kind} namespace of {names}',
    many: '{name} left the {kind} namespace of {names} and {n, number} more',
  },
} as const;

/** @param others the containers whose namespace it is; null for the machine's */
function moved(what: 'joined' | 'left', name: string, kind: NamespaceKind, others: readonly string[] | null): Saying {
  if (others === null) return saying(MOVES[what].machine, { name, kind });
  const all = others.toSorted();
  const names = all.slice(0, MOST_NAMES).join(', ');
  const n = all.length - MOST_NAMES;
  return n > 0 ? saying(MOVES[what].many, { name, kind, names, n }) : saying(MOVES[what].few, { name, kind, names });
}

function shares(patch: Patch, before: Side, after: Side, make: Make): Happening[] {
  const list: Happening[] = [];
  for (const id of touchedBy(patch, before)) {
    const kind = after.namespaces.get(id)?.kind ?? before.namespaces.get(id)?.kind;
    if (kind === undefined) continue;
    const host = after.snapshot.host.namespaces[kind] === id;
    if (host && DEFAULT_KINDS.has(kind)) continue;
    const [were, are] = [membersOf(before, id), membersOf(after, id)];
    const tell = (what: 'joined' | 'left', one: string, all: ReadonlySet<string>, side: Side): void => {
      const others = [...all].filter((other) => other !== one);
      if (!host && others.length === 0) return;
      const names = host ? null : others.map((other) => nameOf(other, side));
      list.push(make(what, one, moved(what, nameOf(one, side), kind, names)));
    };
    for (const one of are) {
      const container = after.containers.get(one);
      // If all are new, the namespace belongs to the one that declares no share.
      const owner =
        were.size === 0 && container !== undefined && !namesContainer(modeOf(container, kind)) && are.size > 1;
      if (!were.has(one) && (host || !owner)) tell('joined', one, are, after);
    }
    for (const one of were) {
      // A container that has ended has left all namespaces.
      if (!are.has(one) && runs(after.containers.get(one))) tell('left', one, were, before);
    }
  }
  return list;
}

function breaks(before: Side, after: Side, make: Make): Happening[] {
  const old = brokenOf(before);
  return [...brokenOf(after)].flatMap(([key, { container, kind, target, declared }]) => {
    if (old.has(key)) return [];
    const owner = target === null ? declared.replace('container:', '').slice(0, 12) : nameOf(target, after);
    const name = nameOf(container, after);
    const text = saying('{name} no longer shares the {kind} namespace of {owner}, although it is set to', {
      name,
      kind,
      owner,
    });
    return [make('broken', container, text)];
  });
}

function connections(patch: Patch, before: Side, make: Make): Happening[] {
  return patch.containers.upsert.flatMap((now): Happening[] => {
    const was = before.containers.get(now.id);
    if (was === undefined || now.helper || was.networks === now.networks) return [];
    // Networks connected at its start are part of the start, and those cut at its end are part of the end.
    if (runs(was) !== runs(now) || was.startedAt !== now.startedAt) return [];
    const { name } = now;
    const [old, current] = [was, now].map(({ networks }) => new Set(networks.map((each) => each.name)));
    const came = now.networks
      .filter((each) => !old?.has(each.name))
      .map(({ name: network, ip }) =>
        make(
          'connected',
          now.id,
          ip === null || ip === ''
            ? saying('{name} was connected to the network {network}', { name, network })
            : saying('{name} was connected to the network {network}, as {ip}', { name, network, ip }),
        ),
      );
    const went = was.networks
      .filter((each) => !current?.has(each.name))
      .map(({ name: network }) =>
        make('disconnected', now.id, saying('{name} was disconnected from the network {network}', { name, network })),
      );
    return [...came, ...went];
  });
}

/** Programs that set containers up: the namespaces that they make are the containers'. */
const RUNTIMES = /^(runc|crun|youki|conmon)/;

function makings(patch: Patch, before: Side, after: Side, make: Make): Happening[] {
  const fresh = new Set(patch.namespaces.upsert.map(({ id }) => id).filter((id) => !before.namespaces.has(id)));
  if (fresh.size === 0) return [];
  return patch.processes.upsert.flatMap((process): Happening[] => {
    const { pid, ppid, comm, startTime, container, belongs } = process;
    if (process.kernelThread || belongs?.starting === true || (container === null && RUNTIMES.test(comm))) return [];
    const owner = container === null ? undefined : after.containers.get(container);
    if (owner?.helper === true) return [];
    const was = before.processes.get(pid);
    // While the runtime sets it up it stands anywhere: what it has afterwards is what it began with.
    const known = was?.startTime === startTime && was.belongs?.starting !== true ? was : undefined;
    const first = after.processes.get(owner?.pid ?? -1);
    const made = madeBy(process, known, after.processes.get(ppid), fresh, first);
    if (made.length === 0) return [];
    const kinds = [...new Set(made.map((id) => parseNamespaceId(id)?.kind ?? id))];
    const values = { process: `${pid} ${comm}`, kinds: kinds.join(', ') };
    const text =
      owner === undefined
        ? saying('process {process}, outside of all containers, made namespaces of its own: {kinds}', values)
        : saying('process {process} in {name} made namespaces of its own: {kinds}', { ...values, name: owner.name });
    return [make('made', container ?? '', text)];
  });
}

/** Containers in which a process appeared that nothing in them has started: an exec of the engine. */
export function execsIn(patch: Patch, before: Snapshot, after: Snapshot): Set<string> {
  const [old, now] = [sideOf(before), sideOf(after)];
  const found = new Set<string>();
  for (const process of patch.processes.upsert) {
    if (process.container === null || old.processes.get(process.pid)?.startTime === process.startTime) continue;
    const init = now.containers.get(process.container)?.pid === process.pid;
    if (!init && now.processes.get(process.ppid)?.container !== process.container) found.add(process.container);
  }
  return found;
}

/**
 * What happened from one moment to the next, as the two tell it. Near linear in what changed, and in the snapshots only
 * where something of a container did.
 */
export function happened(patch: Patch, before: Snapshot, after: Snapshot): Happening[] {
  const ofInterest =
    patch.containers.upsert.length > 0 ||
    patch.containers.remove.length > 0 ||
    patch.processes.remove.length > 0 ||
    patch.processes.upsert.some(({ container }) => container !== null) ||
    patch.namespaces.upsert.some(({ id }) => !namespacesById(before.namespaces).has(id));
  if (!ofInterest) return [];
  const at = Date.parse(after.takenAt);
  const make: Make = (what, container, text) => ({ at, what, container, text, seen: true });
  const [old, now] = [sideOf(before), sideOf(after)];
  return [
    ...lives(patch, old, make),
    ...connections(patch, old, make),
    ...makings(patch, old, now, make),
    ...shares(patch, old, now, make),
    ...breaks(old, now, make),
  ];
}
