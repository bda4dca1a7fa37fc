import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { type EnginePaths, enginePaths, type HostReach, reachOf } from './host-paths.ts';
import type { ContainerProcesses } from './members.ts';
import type { Finding } from './sharing.ts';

/** Bit numbers of capabilities(7) that findings speak of. */
const CAP_SYS_PTRACE = 19n;
const CAP_SYS_ADMIN = 21n;

function holds(effective: string | undefined, bit: bigint): boolean {
  if (effective === undefined || !/^[0-9a-f]{1,16}$/i.test(effective)) return false;
  return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
}

type Told = Omit<Finding, 'container'>;

const SEVERITIES = ['notice', 'warning', 'danger'] as const;

/** What its flags and the facts of its init lead to. */
function ofInit(container: Container, init: Process, snapshot: Snapshot): Told[] {
  const host = snapshot.host.namespaces;
  const inHost = (kind: 'pid' | 'net' | 'ipc' | 'user'): boolean =>
    host[kind] !== null && host[kind] === init.namespaces[kind];
  const ptrace = holds(init.capabilities?.effective, CAP_SYS_PTRACE);
  const mask = `CapEff of its init (pid ${init.pid}) is ${init.capabilities?.effective}`;
  const same = (kind: 'pid' | 'net' | 'ipc' | 'user'): string =>
    `pid ${init.pid} is in ${init.namespaces[kind]}, as the host is`;
  // With a rootless engine "host" is where the engine stands, and RootlessKit gives it a network of its own.
  const ownNetwork = snapshot.engine?.rootless === true && host.net !== null && host.net !== snapshot.host.initial.net;
  const findings: Told[] = [];
  if (container.privileged) {
    findings.push({
      code: 'privileged',
      severity: 'danger',
      title: 'Privileged',
      text: 'It holds every capability, sees every device and runs without seccomp and AppArmor: root in it is root outside.',
      evidence: 'The engine says Privileged: true.',
      cure: 'Run it without --privileged; give what it needs with --cap-add and --device.',
      source: 'docker run reference, --privileged',
    });
  } else if (holds(init.capabilities?.effective, CAP_SYS_ADMIN)) {
    findings.push({
      code: 'cap-sys-admin',
      severity: 'warning',
      title: 'CAP_SYS_ADMIN',
      text: 'It may mount file systems and enter namespaces; with few other steps that reaches the host.',
      evidence: `${mask}.`,
      cure: 'Run it without --cap-add=SYS_ADMIN.',
      source: 'capabilities(7)',
    });
  }
  if (inHost('pid') && ptrace) {
    findings.push({
      code: 'host-pid-ptrace',
      severity: 'danger',
      title: 'Host processes within reach',
      text: 'It sees every process of the host and holds CAP_SYS_PTRACE: it can read and change any of them, and enter their root directory through /proc.',
      evidence: `${same('pid')}; ${mask}.`,
      cure: 'Run it without --pid=host, or without --cap-add=SYS_PTRACE.',
      source: 'ptrace(2), pid_namespaces(7)',
    });
  } else if (inHost('pid')) {
    findings.push({
      code: 'host-pid',
      severity: 'warning',
      title: 'Host pid namespace',
      text: 'It sees every process of the host with its arguments, and may signal those of the same user.',
      evidence: `${same('pid')}.`,
      cure: 'Run it without --pid=host.',
      source: 'pid_namespaces(7)',
    });
  }
  if (inHost('net')) {
    findings.push({
      code: 'host-net',
      severity: 'warning',
      title: ownNetwork ? 'Network of the rootless engine' : 'Host network',
      text: ownNetwork
        ? 'It uses the network in which the rootless engine itself runs (RootlessKit’s), not the machine’s: it reaches what listens there, other --network=host containers of this user among it, and published ports do not apply.'
        : "It uses the host's network stack: it reaches listeners on the host's loopback address, the engine's own among them, and published ports do not apply.",
      evidence: `${same('net')}.`,
      cure: 'Run it without --network=host, and publish its ports with -p.',
      source: ownNetwork ? 'network_namespaces(7), Docker documentation, rootless mode' : 'network_namespaces(7)',
    });
  }
  if (inHost('ipc')) {
    findings.push({
      code: 'host-ipc',
      severity: 'warning',
      title: 'Host IPC',
      text: "It sees the host's shared memory, semaphores and message queues.",
      evidence: `${same('ipc')}.`,
      cure: 'Run it without --ipc=host.',
      source: 'ipc_namespaces(7)',
    });
  }
  if (inHost('user') && init.uid === 0) {
    findings.push({
      code: 'root-is-root',
      severity: 'notice',
      title: 'Root inside is root outside',
      text: 'It has no user namespace of its own and runs as uid 0: only capabilities, seccomp and the LSM keep it apart.',
      evidence: `${same('user')}, with uid 0.`,
      cure: 'Run it with --user, or the engine with --userns-remap.',
      source: 'user_namespaces(7)',
    });
  }
  if (!container.privileged && init.seccomp === 0) {
    findings.push({
      code: 'no-seccomp',
      severity: 'warning',
      title: 'No seccomp filter',
      text: 'Every system call of the kernel is open to it.',
      evidence: `Seccomp of its init (pid ${init.pid}) is 0.`,
      cure: 'Run it without --security-opt=seccomp=unconfined.',
      source: 'seccomp(2)',
    });
  }
  return findings;
}

interface ReachWords {
  readonly title: string;
  readonly text: (reach: HostReach) => string;
  readonly source: string;
}

const READS = 'It can read';
const WRITES = 'It can change';
const does = ({ mount }: HostReach): string => (mount.readOnly ? READS : WRITES);

const REACH: Readonly<Record<HostReach['code'], ReachWords>> = {
  'engine-socket': {
    title: 'Engine socket inside',
    text: ({ path }) =>
      `It reaches ${path}: whoever speaks to the engine controls it, which amounts to root. A read-only mount does not prevent that, since connecting to a socket writes nothing.`,
    source: 'Docker security documentation, daemon attack surface; connect(2)',
  },
  'runtime-socket': {
    title: 'Container runtime’s socket inside',
    text: ({ path }) =>
      `It reaches ${path}: whoever speaks to it can run a container with every right, past the engine. A read-only mount does not prevent that.`,
    source: 'containerd and CRI documentation; connect(2)',
  },
  'host-root': {
    title: 'The whole machine’s files inside',
    text: (reach) =>
      reach.mount.readOnly
        ? 'It can read every file of the machine: keys, password hashes, and the files of all containers.'
        : 'It can change every file of the machine, which amounts to root.',
    source: 'CIS Docker Benchmark, sensitive host directories',
  },
  'host-etc': {
    title: 'The machine’s settings inside',
    text: (reach) =>
      reach.mount.readOnly
        ? `It can read ${reach.path} of the machine, with what is secret in it.`
        : `It can change ${reach.path} of the machine: users, what runs at set times or at start. That amounts to root.`,
    source: 'CIS Docker Benchmark, sensitive host directories',
  },
  'engine-data': {
    title: 'The files of all containers inside',
    text: (reach) => `${does(reach)} ${reach.path}, where images, volumes and the files of all containers are.`,
    source: 'CIS Docker Benchmark, sensitive host directories',
  },
  'host-proc': {
    title: 'The machine’s /proc inside',
    text: (reach) =>
      reach.mount.readOnly
        ? 'It sees the arguments of every process of the machine, and as root their environment.'
        : 'Through /proc/sys/kernel/core_pattern and its like root in it can have the machine run any program.',
    source: 'proc(5), core(5)',
  },
  'host-sys': {
    title: 'The machine’s /sys inside',
    text: (reach) =>
      reach.mount.readOnly
        ? 'It sees the machine’s devices and the whole tree of cgroups.'
        : `As root it can change ${reach.path} of the machine: devices, or the limits and programs of cgroups.`,
    source: 'sysfs(5), cgroups(7)',
  },
  'host-dev': {
    title: 'The machine’s devices inside',
    text: () =>
      'It has the nodes of every device. Unless it is privileged, its device rules still decide which may be opened.',
    source: 'docker run reference, --device; cgroups(7), devices',
  },
  'host-programs': {
    title: 'Programs of the machine can be changed',
    text: ({ path }) => `It can change ${path} of the machine, which root runs or reads there.`,
    source: 'CIS Docker Benchmark, sensitive host directories',
  },
};

function mountText({ mount }: HostReach): string {
  const mode = mount.readOnly ? 'read-only' : 'writable';
  if (mount.type === 'bind') return `${mount.source} at ${mount.destination}, ${mode}`;
  return `volume ${mount.name}, a bind of ${mount.device}, at ${mount.destination}, ${mode}`;
}

function mountCure({ mount }: HostReach): string {
  const mode = mount.readOnly ? ':ro' : '';
  return mount.type === 'bind'
    ? `-v ${mount.source}:${mount.destination}${mode}`
    : `-v ${mount.name}:${mount.destination}${mode}`;
}

/** What it reaches through its mounts: a finding a kind of reach, whatever number of mounts leads to it. */
function ofMounts(container: Container, paths: EnginePaths, rootless: boolean): Told[] {
  const byCode = new Map<HostReach['code'], HostReach[]>();
  for (const reach of container.mounts.flatMap((mount) => reachOf(mount, paths))) {
    const list = byCode.get(reach.code);
    if (list === undefined) byCode.set(reach.code, [reach]);
    else list.push(reach);
  }
  const told = [...byCode].map(([code, reaches]): Told => {
    const rank = Math.max(...reaches.map(({ severity }) => SEVERITIES.indexOf(severity)));
    const worst = reaches.find(({ severity }) => severity === SEVERITIES[rank]) ?? (reaches[0] as HostReach);
    const { title, text, source } = REACH[code];
    // Without root the engine, and all that it runs, may do what its user may: no more.
    const limit = rootless
      ? ' The engine runs without root, so all this is as its user, not as root of the machine.'
      : '';
    return {
      code,
      severity: rootless && rank === 2 ? 'warning' : worst.severity,
      title,
      text: text(worst) + limit,
      evidence: `The engine tells of ${reaches.length === 1 ? 'the mount' : 'the mounts'} ${reaches.map(mountText).join('; ')}.`,
      cure: `Run it without ${[...new Set(reaches.map(mountCure))].join(' and ')}.`,
      source,
    };
  });
  // The engine tells mounts in no certain order.
  const order = Object.keys(REACH);
  return told.sort(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || order.indexOf(a.code) - order.indexOf(b.code),
  );
}

/** Pids that a text names before it only counts them. */
const MOST_PIDS = 8;

function pidsText(processes: readonly Process[]): string {
  const named = processes
    .slice(0, MOST_PIDS)
    .map(({ pid, cgroup }) => `pid ${pid} in ${cgroup ?? 'an unknown cgroup'}`);
  return named.join(', ') + (processes.length > MOST_PIDS ? ` and ${processes.length - MOST_PIDS} more` : '');
}

/** Where cgroup and container do not agree. */
function ofCgroups(left: readonly Process[], claims: readonly Process[]): Told[] {
  const findings: Told[] = [];
  if (left.length > 0) {
    findings.push({
      code: 'left-its-cgroup',
      severity: 'warning',
      title: 'Processes outside its cgroup',
      text: `${left.length === 1 ? 'A process of it is' : `${left.length} processes of it are`} in another cgroup than the container: its limits do not hold for them, and what they use is not counted as its use.`,
      evidence: `By ancestors and namespaces they are the container’s: ${pidsText(left)}.`,
      cure: 'Restart it. Where an engine inside makes cgroups at the top of the tree, run it with --cgroupns=private.',
      source: 'cgroups(7)',
    });
  }
  if (claims.length > 0) {
    findings.push({
      code: 'claimed',
      severity: 'warning',
      title: 'Others bear its id',
      text: `${claims.length === 1 ? 'A process is' : `${claims.length} processes are`} in a cgroup with this container’s id in its name, and neither ancestors nor namespaces make it the container’s. Who may make cgroups may give them any name.`,
      evidence: `${pidsText(claims)}.`,
      cure: 'Look who started it: it is not counted as the container’s.',
      source: 'cgroups(7)',
    });
  }
  return findings;
}

function byContainer(processes: readonly Process[], idOf: (process: Process) => string | null): Map<string, Process[]> {
  const map = new Map<string, Process[]>();
  for (const process of processes) {
    const id = idOf(process);
    if (id === null) continue;
    const list = map.get(id);
    if (list === undefined) map.set(id, [process]);
    else list.push(process);
  }
  return map;
}

/** What follows for isolation from the facts of every running container, in the order of the snapshot. */
export function findIsolation(snapshot: Snapshot, running: ReadonlyMap<string, ContainerProcesses>): Finding[] {
  const paths = enginePaths(snapshot);
  const rootless = snapshot.engine?.rootless === true;
  const odd = snapshot.processes.filter(({ belongs }) => belongs?.disagrees === true);
  const left = byContainer(odd, ({ container }) => container);
  const claims = byContainer(odd, ({ container, belongs }) =>
    container === null ? (belongs?.cgroupOf ?? null) : null,
  );
  return snapshot.containers.flatMap((container) => {
    const own = running.get(container.id);
    if (own === undefined) return [];
    return [
      ...ofInit(container, own.init, snapshot),
      ...ofMounts(container, paths, rootless),
      ...ofCgroups(left.get(container.id) ?? [], claims.get(container.id) ?? []),
    ].map((told): Finding => ({ container: container.id, ...told }));
  });
}
