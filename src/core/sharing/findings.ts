import { isCapabilityMask } from '../snapshot/capabilities.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { enginePaths, reachOf } from './host-paths.ts';
import type { ContainerProcesses } from './members.ts';
import { mountFindings } from './mounts.ts';
import { findRights } from './rights.ts';
import type { Finding } from './sharing.ts';

/** The bit's number in capabilities(7). */
const CAP_SYS_PTRACE = 19n;

function holds(effective: string | undefined, bit: bigint): boolean {
  if (effective === undefined || !isCapabilityMask(effective)) return false;
  return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
}

type Told = Omit<Finding, 'container'>;

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
      source:
        'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities; CIS Docker Benchmark 1.6.0, 5.5',
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
      source: 'ptrace(2); pid_namespaces(7); CIS Docker Benchmark 1.6.0, 5.16',
    });
  } else if (inHost('pid')) {
    findings.push({
      code: 'host-pid',
      severity: 'warning',
      title: 'Host pid namespace',
      text: 'It sees every process of the host with its arguments, and may signal those of the same user.',
      evidence: `${same('pid')}.`,
      cure: 'Run it without --pid=host.',
      source: 'pid_namespaces(7); CIS Docker Benchmark 1.6.0, 5.16',
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
      source: ownNetwork
        ? 'network_namespaces(7); https://docs.docker.com/engine/security/rootless/'
        : 'network_namespaces(7); https://docs.docker.com/engine/network/drivers/host/; CIS Docker Benchmark 1.6.0, 5.10',
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
      source: 'ipc_namespaces(7); CIS Docker Benchmark 1.6.0, 5.17',
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
      source: 'user_namespaces(7); https://docs.docker.com/engine/security/userns-remap/',
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
      source: 'seccomp(2); https://docs.docker.com/engine/security/seccomp/; CIS Docker Benchmark 1.6.0, 5.22',
    });
  }
  return findings;
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
      ...findRights(container, own.init, snapshot),
      ...mountFindings(
        container.mounts.flatMap((mount) => reachOf(mount, paths)),
        rootless,
        'The engine tells of',
      ),
      ...ofCgroups(left.get(container.id) ?? [], claims.get(container.id) ?? []),
    ].map((told): Finding => ({ container: container.id, ...told }));
  });
}
