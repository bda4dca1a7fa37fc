import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind, parseNamespaceId } from './namespace.ts';
import { compareContainers, compareNamespaces, compareProcesses } from './order.ts';
import {
  type Container,
  type Namespace,
  type Process,
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  type Snapshot,
} from './snapshot.ts';

/** For tests only: snapshots in a few words. Namespaces of a container are its own unless `namespaces` says otherwise. */

const INITIAL: Readonly<Record<NamespaceKind, NamespaceId>> = {
  mnt: 'mnt:[4026531832]',
  pid: 'pid:[4026531836]',
  net: 'net:[4026531833]',
  ipc: 'ipc:[4026531839]',
  uts: 'uts:[4026531838]',
  user: 'user:[4026531837]',
  cgroup: 'cgroup:[4026531835]',
  time: 'time:[4026531834]',
};

export interface ContainerSketch {
  readonly name: string;
  /** Namespace ids by kind; a container's name means that container's namespace, 'host' the host's. */
  readonly namespaces?: Partial<Record<NamespaceKind, string>>;
  readonly container?: Partial<Container>;
  readonly process?: Partial<Process>;
  /** False for a container without processes. */
  readonly running?: boolean;
}

/** The id that a sketched container gets: 64 hexadecimal digits made of its name. */
export function idOf(name: string): string {
  const hex = [...name].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')).join('');
  if (hex.length <= 64) return hex.padEnd(64, '0');
  // A long name may differ anywhere. FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (const digit of hex) hash = Math.imul(hash ^ digit.charCodeAt(0), 0x01000193) >>> 0;
  return hex.slice(0, 56) + hash.toString(16).padStart(8, '0');
}

function process(pid: number, extra: Partial<Process>): Process {
  return {
    pid,
    startTime: 1000 + pid,
    ppid: 1,
    comm: 'sleep',
    argv: ['sleep', '1000'],
    argvTruncated: false,
    uid: 0,
    gid: 0,
    nsPids: [pid, 1],
    state: 'S',
    threads: 1,
    kernelThread: false,
    cgroup: null,
    otherCgroups: [],
    container: null,
    belongs: null,
    root: '/',
    capabilities: null,
    seccomp: 2,
    noNewPrivs: false,
    namespaces: { ...INITIAL, pid_for_children: INITIAL.pid, time_for_children: INITIAL.time },
    unreadable: false,
    threadNamespaces: [],
    ...extra,
  };
}

export function container(name: string, pid: number | null, extra: Partial<Container> = {}): Container {
  return {
    id: idOf(name),
    name,
    image: 'busybox:1',
    imageId: null,
    command: ['sleep', '1000'],
    state: pid === null ? 'exited' : 'running',
    pid,
    created: '2026-01-01T00:00:00Z',
    startedAt: null,
    finishedAt: null,
    exitCode: null,
    hostname: null,
    labels: {},
    modes: { net: 'default', ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' },
    ports: [],
    asked: null,
    networks: [],
    mounts: [],
    privileged: false,
    capAdd: [],
    capDrop: [],
    securityOptions: [],
    lsmProfile: null,
    devices: null,
    limits: null,
    restartPolicy: 'no',
    helper: false,
    ...extra,
  };
}

/** Kinds that the engine leaves with the host by default. */
const DEFAULT_HOST: readonly NamespaceKind[] = ['user', 'time'];

export function snapshotOf(sketch: {
  readonly containers: readonly ContainerSketch[];
  readonly processes?: readonly Process[];
}): Snapshot {
  const index = new Map(sketch.containers.map(({ name }, position) => [name, position]));
  const own = (kind: NamespaceKind, position: number): NamespaceId =>
    `${kind}:[${4_026_540_000 + position * 8 + NAMESPACE_KINDS.indexOf(kind)}]`;
  const namespaceOf = (one: ContainerSketch, position: number, kind: NamespaceKind): NamespaceId => {
    const said = one.namespaces?.[kind];
    if (said === 'host' || (said === undefined && DEFAULT_HOST.includes(kind))) return INITIAL[kind];
    if (said === undefined) return own(kind, position);
    const other = index.get(said);
    return other === undefined ? own(kind, position) : own(kind, other);
  };
  const processes: Process[] = [process(1, { comm: 'init', ppid: 0, nsPids: [1] }), ...(sketch.processes ?? [])];
  const containers: Container[] = [];
  for (const [position, one] of sketch.containers.entries()) {
    const pid = one.running === false ? null : 1000 + position;
    containers.push(container(one.name, pid, one.container));
    if (pid === null) continue;
    const at = (kind: NamespaceKind): NamespaceId => namespaceOf(one, position, kind);
    processes.push(
      process(pid, {
        container: idOf(one.name),
        namespaces: {
          mnt: at('mnt'),
          pid: at('pid'),
          net: at('net'),
          ipc: at('ipc'),
          uts: at('uts'),
          user: at('user'),
          cgroup: at('cgroup'),
          time: at('time'),
          pid_for_children: at('pid'),
          time_for_children: at('time'),
        },
        ...one.process,
      }),
    );
  }
  processes.sort(compareProcesses);
  const members = new Map<NamespaceId, number[]>();
  for (const { pid, namespaces } of processes) {
    for (const kind of NAMESPACE_KINDS) {
      const id = namespaces[kind];
      if (id !== null) members.set(id, [...(members.get(id) ?? []), pid]);
    }
  }
  const namespaces: Namespace[] = [...members].map(([id, pids]) => ({
    id,
    kind: parseNamespaceId(id)?.kind ?? 'mnt',
    inode: parseNamespaceId(id)?.inode ?? 0,
    device: 4,
    initial: Object.values(INITIAL).includes(id),
    owner: null,
    parent: null,
    ownerUid: null,
    uniqueId: null,
    pids,
    pins: [],
  }));
  return {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    takenAt: '2026-01-01T00:00:00.000Z',
    demo: false,
    engine: null,
    host: {
      hostname: 'vm',
      kernel: '6.12.0',
      arch: 'x86_64',
      bootId: null,
      bootTime: null,
      clockTicks: 100,
      role: 'linux',
      what: 'this Linux',
      because: 'Bulkhead runs on the same boot of the same kernel.',
      memory: 8 * 1024 ** 3,
      cpus: 4,
      cgroupVersion: '2',
      lsms: ['capability', 'apparmor'],
      initial: INITIAL,
      namespaces: INITIAL,
    },
    probe: null,
    processes,
    namespaces: namespaces.sort(compareNamespaces),
    containers: containers.sort(compareContainers),
  };
}
