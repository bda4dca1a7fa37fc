import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import type { ContainerProcesses } from './members.ts';
import type { Finding } from './sharing.ts';

/** Bit numbers of capabilities(7) that findings speak of. */
const CAP_SYS_PTRACE = 19n;
const CAP_SYS_ADMIN = 21n;

function holds(effective: string | undefined, bit: bigint): boolean {
  if (effective === undefined || !/^[0-9a-f]{1,16}$/i.test(effective)) return false;
  return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
}

const ENGINE_SOCKETS = /(^|\/)(docker|podman)\.sock$/;

/** What follows for isolation from the facts of one running container; each with the source of the rule. */
function findingsOf(container: Container, running: ContainerProcesses, snapshot: Snapshot): Finding[] {
  const findings: Finding[] = [];
  const add = (code: string, severity: Finding['severity'], title: string, text: string, source: string): void => {
    findings.push({ container: container.id, code, severity, title, text, source });
  };
  const { init } = running;
  const host = snapshot.host.namespaces;
  const inHost = (kind: 'pid' | 'net' | 'ipc' | 'user'): boolean =>
    host[kind] !== null && host[kind] === init.namespaces[kind];
  const ptrace = holds(init.capabilities?.effective, CAP_SYS_PTRACE);

  if (container.privileged) {
    add(
      'privileged',
      'danger',
      'Privileged',
      'It holds every capability, sees every device and runs without seccomp and AppArmor: root in it is root outside.',
      'docker run reference, --privileged',
    );
  } else if (holds(init.capabilities?.effective, CAP_SYS_ADMIN)) {
    add(
      'cap-sys-admin',
      'warning',
      'CAP_SYS_ADMIN',
      'It may mount file systems and enter namespaces; with few other steps that reaches the host.',
      'capabilities(7)',
    );
  }
  if (inHost('pid') && ptrace) {
    add(
      'host-pid-ptrace',
      'danger',
      'Host processes within reach',
      'It sees every process of the host and holds CAP_SYS_PTRACE: it can read and change any of them, and enter their root directory through /proc.',
      'ptrace(2), pid_namespaces(7)',
    );
  } else if (inHost('pid')) {
    add(
      'host-pid',
      'warning',
      'Host pid namespace',
      'It sees every process of the host with its arguments, and may signal those of the same user.',
      'pid_namespaces(7)',
    );
  }
  if (inHost('net')) {
    add(
      'host-net',
      'warning',
      'Host network',
      "It uses the host's network stack: it reaches listeners on the host's loopback address, the engine's own among them, and published ports do not apply.",
      'network_namespaces(7)',
    );
  }
  if (inHost('ipc')) {
    add(
      'host-ipc',
      'warning',
      'Host IPC',
      "It sees the host's shared memory, semaphores and message queues.",
      'ipc_namespaces(7)',
    );
  }
  if (inHost('user') && init.uid === 0) {
    add(
      'root-is-root',
      'notice',
      'Root inside is root outside',
      'It has no user namespace of its own and runs as uid 0: only capabilities, seccomp and the LSM keep it apart.',
      'user_namespaces(7)',
    );
  }
  if (!container.privileged && init.seccomp === 0) {
    add('no-seccomp', 'warning', 'No seccomp filter', 'Every system call of the kernel is open to it.', 'seccomp(2)');
  }
  for (const mount of container.mounts) {
    if (mount.type === 'bind' && ENGINE_SOCKETS.test(mount.source)) {
      add(
        'engine-socket',
        'danger',
        'Engine socket inside',
        `${mount.source} is mounted at ${mount.destination}: whoever speaks to it controls the engine, which amounts to root.`,
        'Docker security documentation, daemon attack surface',
      );
    }
  }
  return findings;
}

/** Findings of every running container, in the order of the snapshot. */
export function findIsolation(snapshot: Snapshot, running: ReadonlyMap<string, ContainerProcesses>): Finding[] {
  return snapshot.containers.flatMap((container) => {
    const own = running.get(container.id);
    return own === undefined ? [] : findingsOf(container, own, snapshot);
  });
}
