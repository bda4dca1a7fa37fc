import { isCapabilityMask } from '../snapshot/capabilities.ts';
import { cgroupsElsewhere } from '../snapshot/cgroups-elsewhere.ts';
import type { Made } from '../snapshot/kept.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import type { Steps } from '../snapshot/steps.ts';
import { firstOf, sentences, t } from '../words/words.ts';
import { runWithout } from './flags.ts';
import { enginePaths, reachOf } from './host-paths.ts';
import type { ContainerProcesses } from './members.ts';
import { mountFindings } from './mounts.ts';
import { proxiesByPort } from './published.ts';
import { findRights } from './rights.ts';
import type { Finding, MemberId } from './sharing.ts';

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
  const { pid } = init;
  const same = (kind: 'pid' | 'net' | 'ipc' | 'user'): string =>
    t('pid {pid} is in {namespace}, as the host is.', { pid, namespace: init.namespaces[kind] ?? '' });
  // With a rootless engine "host" is where the engine stands, and RootlessKit gives it a network of its own.
  const ownNetwork = snapshot.engine?.rootless === true && host.net !== null && host.net !== snapshot.host.initial.net;
  const findings: Told[] = [];
  if (container.privileged) {
    findings.push({
      code: 'privileged',
      severity: 'danger',
      title: t('Privileged'),
      text: t(
        'It has every capability, sees every device and runs without seccomp and AppArmor: root inside is root outside.',
      ),
      evidence: t('The engine says {setting}.', { setting: 'Privileged: true' }),
      cure: t('Run it without --privileged, and give it what it needs with --cap-add and --device.'),
      source:
        'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities; CIS Docker Benchmark 1.6.0, 5.5',
    });
  }
  if (inHost('pid') && ptrace) {
    findings.push({
      code: 'host-pid-ptrace',
      severity: 'danger',
      title: t('Host processes within reach'),
      text: t(
        'It sees every process of the host and has CAP_SYS_PTRACE: it can read and change any of them, and enter their root directories through /proc.',
      ),
      evidence: sentences(
        same('pid'),
        t('CapEff of its main process (pid {pid}) is {mask}.', { pid, mask: init.capabilities?.effective ?? '' }),
      ),
      cure: t('Run it without --pid=host, or without --cap-add=SYS_PTRACE.'),
      source: 'ptrace(2); pid_namespaces(7); CIS Docker Benchmark 1.6.0, 5.16',
    });
  } else if (inHost('pid')) {
    findings.push({
      code: 'host-pid',
      severity: 'warning',
      title: t('Host pid namespace'),
      text: t('It sees every process of the host with its arguments, and may signal those of the same user.'),
      evidence: same('pid'),
      cure: runWithout('--pid=host'),
      source: 'pid_namespaces(7); CIS Docker Benchmark 1.6.0, 5.16',
    });
  }
  if (inHost('net')) {
    findings.push({
      code: 'host-net',
      severity: 'warning',
      title: ownNetwork ? t('Network of the rootless engine') : t('Host network'),
      text: ownNetwork
        ? t(
            'It uses the network in which the rootless engine itself runs (RootlessKit’s), not the machine’s: it reaches what listens there, including other --network=host containers of this user, and published ports do not apply.',
          )
        : t(
            "It uses the host's network stack: it reaches what listens on the host's loopback address, including the engine's own listeners, and published ports do not apply.",
          ),
      evidence: same('net'),
      cure: t('Run it without --network=host, and publish its ports with -p.'),
      source: ownNetwork
        ? 'network_namespaces(7); https://docs.docker.com/engine/security/rootless/'
        : 'network_namespaces(7); https://docs.docker.com/engine/network/drivers/host/; CIS Docker Benchmark 1.6.0, 5.10',
    });
  }
  if (inHost('ipc')) {
    findings.push({
      code: 'host-ipc',
      severity: 'warning',
      title: t('Host IPC'),
      text: t("It sees the host's shared memory, semaphores and message queues."),
      evidence: same('ipc'),
      cure: runWithout('--ipc=host'),
      source: 'ipc_namespaces(7); CIS Docker Benchmark 1.6.0, 5.17',
    });
  }
  if (inHost('user') && init.uid === 0) {
    findings.push({
      code: 'root-is-root',
      severity: 'notice',
      title: t('Root inside is root outside'),
      text: t(
        'It has no user namespace of its own and runs as uid 0: only capabilities, seccomp and the LSM isolate it.',
      ),
      evidence: sentences(same('user'), t('It runs as uid {uid}.', { uid: 0 })),
      cure: t('Run it with --user, or the engine with --userns-remap.'),
      source: 'user_namespaces(7); https://docs.docker.com/engine/security/userns-remap/',
    });
  }
  if (!container.privileged && init.seccomp === 0) {
    findings.push({
      code: 'no-seccomp',
      severity: 'warning',
      title: t('No seccomp filter'),
      text: t('Every system call of the kernel is open to it.'),
      evidence: t('Seccomp of its main process (pid {pid}) is {mode}.', { pid, mode: 0 }),
      cure: runWithout('--security-opt=seccomp=unconfined'),
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
    .map((process) => ({
      pid: process.pid,
      cgroup: cgroupsElsewhere(process, process.container ?? '')[0] ?? process.cgroup,
    }))
    .map(({ pid, cgroup }) =>
      cgroup === null ? t('pid {pid} in an unknown cgroup', { pid }) : t('pid {pid} in {cgroup}', { pid, cgroup }),
    );
  return firstOf(named, MOST_PIDS, processes.length);
}

/** Where cgroup and container do not agree. */
function ofCgroups(left: readonly Process[], claims: readonly Process[]): Told[] {
  const findings: Told[] = [];
  if (left.length > 0) {
    findings.push({
      code: 'left-its-cgroup',
      severity: 'warning',
      title: t('Processes outside its cgroup'),
      text: t(
        '{count, plural, one {A process of it is in another cgroup than the container: the limits of the container do not apply to it, and what it uses is not counted as its use.} other {# processes of it are in other cgroups than the container: the limits of the container do not apply to them, and what they use is not counted as its use.}}',
        { count: left.length },
      ),
      evidence: t('By ancestors and namespaces these belong to the container: {processes}.', {
        processes: pidsText(left),
      }),
      cure: t(
        'Restart it. Where an engine inside makes cgroups at the top of the tree, run it with --cgroupns=private.',
      ),
      source: 'cgroups(7)',
    });
  }
  if (claims.length > 0) {
    findings.push({
      code: 'claimed',
      severity: 'warning',
      title: t('Other processes in a cgroup with its id'),
      text: t(
        '{count, plural, one {A process is in a cgroup that has this container’s id in its name, but by its ancestors and namespaces it does not belong to the container.} other {# processes are in a cgroup that has this container’s id in its name, but by their ancestors and namespaces they do not belong to the container.}} Whoever may make cgroups may give them any name.',
        { count: claims.length },
      ),
      evidence: t('Found: {processes}.', { processes: pidsText(claims) }),
      cure: t('Find out who started them. They are not counted as the container’s.'),
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

/** Containers between two steps. */
const A_STEP = 100;

/**
 * What follows for isolation from the facts of every running container, in the order of the snapshot.
 * @param made what was found of a container is found again only where something that it rests on is another
 */
export function* findIsolation(
  snapshot: Snapshot,
  running: ReadonlyMap<string, ContainerProcesses>,
  made: Made<MemberId, readonly Finding[]>,
): Steps<readonly Finding[]> {
  const { engine, host } = snapshot;
  const paths = enginePaths(snapshot);
  const known = JSON.stringify(paths);
  const rootless = engine?.rootless === true;
  const odd = snapshot.processes.filter(({ belongs }) => belongs?.disagrees === true);
  const left = byContainer(odd, ({ container }) => container);
  const claims = byContainer(odd, ({ container, belongs }) =>
    container === null ? (belongs?.cgroupOf ?? null) : null,
  );
  const proxiesOf = proxiesByPort(snapshot);
  const out: Finding[] = [];
  for (const [index, container] of snapshot.containers.entries()) {
    const init = running.get(container.id)?.init;
    if (init === undefined) continue;
    const outside = left.get(container.id) ?? [];
    const claimed = claims.get(container.id) ?? [];
    const proxies = proxiesOf(container);
    const restsOn = [container, init, engine, host, known, ...outside, null, ...claimed, null, ...proxies];
    const found = made.get(container.id, restsOn, () =>
      [
        ...ofInit(container, init, snapshot),
        ...findRights(container, init, snapshot, proxies),
        ...mountFindings(
          container.mounts.flatMap((mount) => reachOf(mount, paths)),
          rootless,
          (mounts) => t('The engine lists these mounts: {mounts}.', { mounts }),
        ),
        ...ofCgroups(outside, claimed),
      ].map((told): Finding => ({ container: container.id, ...told })),
    );
    for (const finding of found) out.push(finding);
    if (index % A_STEP === A_STEP - 1) yield;
  }
  return out;
}
