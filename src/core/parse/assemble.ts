import { hostKind } from '../snapshot/host-kind.ts';
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind, parseNamespaceId } from '../snapshot/namespace.ts';
import { compareContainers, compareNamespaces, compareProcesses } from '../snapshot/order.ts';
import {
  type Belonging,
  type Container,
  type Engine,
  type Host,
  type Namespace,
  type Problem,
  type Process,
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  type Snapshot,
} from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import { assignContainers, type Owned } from './belonging.ts';
import { containerIdsIn } from './cgroup.ts';
import type { EndFrame, FrameOrProblem, HostFrame, NamespaceFrame, ProcessFrame } from './frames.ts';

/** The container that each process belongs to is decided by `assemble`, when both sides are known. */
type ProcessFacts = Omit<Process, 'container' | 'belongs'>;
type NamespaceFacts = Omit<Namespace, 'pids'>;

/** What probe and engine have told so far. Owned by one session; everything made from it is immutable. */
export interface Facts {
  probeVersion: string;
  host: HostFrame | null;
  end: EndFrame | null;
  /** Problems of the decoder, by code; the probe's own come with its `end`. */
  problems: Map<string, Problem>;
  processes: Map<number, ProcessFacts>;
  namespaces: Map<NamespaceId, NamespaceFacts>;
  /** The boot id of the machine that the app runs on; null where that is no Linux. */
  ownBootId: string | null;
  engine: Engine | null;
  containers: Map<string, Container>;
  /** The record that each process had in the last snapshot: what did not change keeps its identity, for the diff. */
  shown: WeakMap<ProcessFacts, Process>;
}

export function createFacts(ownBootId: string | null = null): Facts {
  return {
    ownBootId,
    probeVersion: '',
    host: null,
    end: null,
    problems: new Map(),
    processes: new Map(),
    namespaces: new Map(),
    engine: null,
    containers: new Map(),
    shown: new WeakMap(),
  };
}

function processFacts(frame: ProcessFrame): ProcessFacts {
  return {
    pid: frame.pid,
    startTime: frame.startTime,
    ppid: frame.ppid,
    comm: frame.comm,
    argv: frame.argv,
    argvTruncated: frame.argvTruncated ?? false,
    uid: frame.uid[1] ?? 0,
    gid: frame.gid[1] ?? 0,
    nsPids: frame.nsPids,
    state: frame.state,
    threads: frame.threads,
    kernelThread: frame.kernelThread ?? false,
    cgroup: frame.cgroup,
    otherCgroups: frame.otherCgroups ?? [],
    root: frame.root,
    capabilities:
      frame.caps === null
        ? null
        : {
            inheritable: frame.caps.inh,
            permitted: frame.caps.prm,
            effective: frame.caps.eff,
            bounding: frame.caps.bnd,
            ambient: frame.caps.amb,
          },
    seccomp: frame.seccomp,
    noNewPrivs: frame.noNewPrivs,
    namespaces: frame.namespaces,
    unreadable: frame.unreadable ?? false,
    threadNamespaces: frame.threadNamespaces ?? [],
  };
}

function namespaceFacts({ t: _, ...facts }: NamespaceFrame): NamespaceFacts {
  return facts;
}

/** Takes in one frame. A new `hello` means a new probe: what an earlier one told of processes is dropped. */
export function applyProbeFrame(facts: Facts, frame: FrameOrProblem): void {
  switch (frame.t) {
    case 'hello':
      facts.probeVersion = frame.version;
      facts.processes.clear();
      facts.namespaces.clear();
      facts.problems.clear();
      facts.end = null;
      break;
    case 'host':
      facts.host = frame;
      break;
    case 'process':
      facts.processes.set(frame.pid, processFacts(frame));
      break;
    case 'namespace':
      facts.namespaces.set(frame.id, namespaceFacts(frame));
      break;
    case 'process-gone':
      // The pid may already be another process's.
      if (facts.processes.get(frame.pid)?.startTime === frame.startTime) facts.processes.delete(frame.pid);
      break;
    case 'namespace-gone':
      facts.namespaces.delete(frame.id);
      break;
    case 'end':
      facts.end = frame;
      break;
    case 'problem': {
      const known = facts.problems.get(frame.problem.code);
      const count = (known?.count ?? 0) + frame.problem.count;
      facts.problems.set(frame.problem.code, { ...frame.problem, count });
      break;
    }
    case 'reply':
      break;
  }
}

export function setEngine(facts: Facts, engine: Engine | null): void {
  facts.engine = engine;
}

export function setContainers(facts: Facts, containers: readonly Container[]): void {
  facts.containers = new Map(containers.map((container) => [container.id, container]));
}

export function upsertContainer(facts: Facts, container: Container): void {
  facts.containers.set(container.id, container);
}

export function removeContainer(facts: Facts, id: string): void {
  facts.containers.delete(id);
}

const NOTHING: Host['initial'] = {
  mnt: null,
  pid: null,
  net: null,
  ipc: null,
  uts: null,
  user: null,
  cgroup: null,
  time: null,
};

function hostOf(facts: Facts, { owners, watchers }: ReturnType<typeof assignContainers>): Host {
  const { host, engine } = facts;
  if (host === null) {
    const kernel = engine?.kernel ?? '';
    const kind = hostKind({ engine, kernel, nested: false, here: null, vendor: null, product: null });
    return {
      ...kind,
      hostname: engine?.name ?? '',
      kernel,
      arch: engine?.arch ?? '',
      bootId: null,
      bootTime: null,
      clockTicks: 100,
      role: engine === null ? 'unknown' : kind.role,
      memory: null,
      cpus: null,
      cgroupVersion: engine?.cgroupVersion ?? null,
      lsms: null,
      initial: NOTHING,
      namespaces: NOTHING,
    };
  }
  const nested = host.pidNamespaceInitial === false;
  const { kernel, vendor, product } = host;
  const here = facts.ownBootId === null || host.bootId === null ? null : facts.ownBootId === host.bootId;
  return {
    ...hostKind({ engine, kernel, nested, here, vendor, product }),
    // The helper container has a hostname of its own; the engine knows its machine's.
    hostname: host.self.uts === host.initial.uts ? host.hostname : (engine?.name ?? host.hostname),
    kernel,
    arch: host.arch,
    bootId: host.bootId,
    bootTime: host.bootTime,
    clockTicks: host.clockTicks,
    memory: host.memory,
    cpus: host.cpus,
    cgroupVersion: host.cgroupVersion === null ? null : (String(host.cgroupVersion) as Host['cgroupVersion']),
    lsms: host.lsms === null ? null : host.lsms.split(','),
    initial: host.initial,
    namespaces: engineSide(facts, watchers) ?? (nested ? initSide(facts, owners) : host.initial),
  };
}

/**
 * The namespaces in which a rootless engine runs its containers' shims: what its `--network=host` and the like mean.
 * RootlessKit has a user and a mount namespace of its own, and a network unless told otherwise; Podman has no network.
 * Null for engines that run as root, and while no container of it runs.
 */
function engineSide({ engine, host, processes }: Facts, watchers: readonly number[]): Host['namespaces'] | null {
  if (engine?.rootless !== true || host === null) return null;
  const watcher = watchers.map((pid) => processes.get(pid)).find((each) => each?.namespaces.mnt != null);
  if (watcher === undefined) return null;
  const side = { ...host.initial };
  for (const kind of NAMESPACE_KINDS) side[kind] = watcher.namespaces[kind] ?? side[kind];
  return side;
}

/**
 * The namespaces of a nested host's own processes: those of its init, and where the kernel closes that to us, those of
 * the first process outside of containers that can be read.
 */
function initSide(facts: Facts, owners: ReadonlyMap<number, Owned>): Host['namespaces'] {
  const found = { ...NOTHING };
  const outside = [...facts.processes.values()]
    .filter(({ pid, kernelThread }) => owners.get(pid)?.container == null && !kernelThread)
    .sort((a, b) => a.pid - b.pid);
  for (const { namespaces } of outside) {
    for (const kind of NAMESPACE_KINDS) found[kind] ??= namespaces[kind];
  }
  return found;
}

interface Assigned {
  readonly owners: ReadonlyMap<number, Owned>;
  readonly host: Host;
}

/**
 * Whose each process is, and what "host" means; each needs the other where the host is not the kernel's initial
 * namespaces, so that is told in a second look.
 */
function assign(facts: Facts, takenAt: string, problems: Map<string, Problem>): Assigned {
  const { processes, containers } = facts;
  const clockTicks = facts.host?.clockTicks ?? 100;
  const bootTime = facts.host?.bootTime ?? null;
  const uptime = bootTime === null ? null : Date.parse(takenAt) / 1000 - bootTime;
  const look = (host: Host['namespaces']) => assignContainers({ processes, containers, host, uptime, clockTicks });
  const first = look(facts.host?.initial ?? NOTHING);
  const host = hostOf(facts, first);
  const { owners, misnamed } = host.namespaces === host.initial ? first : look(host.namespaces);
  const [one] = misnamed;
  if (one !== undefined) {
    problems.set('container-pid', {
      code: 'container-pid',
      message: t(
        'The engine names a process of another container as the init of some containers ({name} among them); their processes were told by cgroup.',
        { name: one.name },
      ),
      count: misnamed.length,
    });
  }
  return { owners, host };
}

const PROBE = 'bulkhead-probe';

const NOBODYS: Owned = { container: null, belongs: null };

function processRecord(facts: Facts, process: ProcessFacts, owned: Owned): Process {
  const before = facts.shown.get(process);
  if (before !== undefined && before.container === owned.container && equalBelonging(before.belongs, owned.belongs)) {
    return before;
  }
  const record = { ...process, ...owned };
  facts.shown.set(process, record);
  return record;
}

function equalBelonging(a: Belonging | null, b: Belonging | null): boolean {
  if (a === null || b === null) return a === b;
  return a.by === b.by && a.cgroupOf === b.cgroupOf && a.disagrees === b.disagrees && a.starting === b.starting;
}

/** Members by namespace; also of namespaces that the probe sent no record of. */
function membersOf(processes: Iterable<ProcessFacts>): Map<NamespaceId, number[]> {
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

function bareNamespace(id: NamespaceId, initial: Readonly<Record<NamespaceKind, string | null>>): NamespaceFacts {
  const { kind, inode } = parseNamespaceId(id) ?? { kind: 'mnt', inode: 0 };
  return {
    id,
    kind,
    inode,
    device: null,
    initial: initial[kind] === id,
    owner: null,
    parent: null,
    ownerUid: null,
    uniqueId: null,
    pins: [],
  };
}

/** Our probes look into namespaces by opening them: that is nobody's hold on them. */
function ownProbes({ processes, containers }: Facts, owners: ReadonlyMap<number, Owned>): Set<number> {
  const own = new Set<number>();
  for (const { pid, comm, uid, cgroup } of processes.values()) {
    if (comm !== PROBE) continue;
    const container = owners.get(pid)?.container ?? null;
    // Anybody may call themselves so: outside of containers only root is believed.
    const believed =
      container === null
        ? uid === 0 && (cgroup === null || containerIdsIn(cgroup).length === 0)
        : containers.get(container)?.helper === true;
    if (believed) own.add(pid);
  }
  return own;
}

/**
 * The snapshot of what is known now. Near linear in processes, namespaces and containers.
 * @param moment.takenAt ISO 8601, UTC
 * @param moment.via how the probe runs; without a probe's host record the snapshot holds the engine's facts only
 */
export function assemble(facts: Facts, moment: { takenAt: string; via: 'helper' | 'direct' | 'file' }): Snapshot {
  const problems = new Map(facts.problems);
  const { owners, host } = assign(facts, moment.takenAt, problems);
  const members = membersOf(facts.processes.values());

  const namespaces: Namespace[] = [];
  const own = ownProbes(facts, owners);
  for (const record of facts.namespaces.values()) {
    const pins = record.pins.filter((pin) => pin.type === 'mount' || !own.has(pin.pid));
    namespaces.push({ ...record, pins, pids: members.get(record.id) ?? [] });
  }
  for (const [id, pids] of members) {
    if (!facts.namespaces.has(id)) namespaces.push({ ...bareNamespace(id, host.initial), pids });
  }
  for (const { pids } of namespaces) pids.sort((a, b) => a - b);

  return {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    takenAt: moment.takenAt,
    demo: false,
    engine: facts.engine,
    host,
    probe:
      facts.end === null
        ? null
        : {
            version: facts.probeVersion,
            via: moment.via,
            durationMs: facts.end.durationUs / 1000,
            cpuMs: facts.end.cpuUs / 1000,
            processes: facts.processes.size,
            unreadable: facts.end.unreadable,
            vanished: facts.end.vanished,
            problems: [...facts.end.problems, ...problems.values()],
          },
    processes: [...facts.processes.values()]
      .map((process) => processRecord(facts, process, owners.get(process.pid) ?? NOBODYS))
      .sort(compareProcesses),
    namespaces: namespaces.sort(compareNamespaces),
    containers: [...facts.containers.values()].sort(compareContainers),
  };
}
