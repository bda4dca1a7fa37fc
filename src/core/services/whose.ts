import { cgroupsElsewhere } from '../snapshot/cgroups-elsewhere.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, type PlainMessage, t } from '../words/words.ts';
import { optionOf, programOf } from './arguments.ts';
import { trustedProcesses } from './trust.ts';

/** Who a process belongs to. */
export interface Whose {
  /** The container that it is a process of; null for none of this engine's. */
  readonly container: Container | null;
  /** The container that it serves from outside, as a shim or docker-proxy does. */
  readonly serves: Container | null;
  /** How that is known, in words; null where there is nothing to tell. */
  readonly because: string | null;
}

const BY: Readonly<Record<'cgroup' | 'ancestry' | 'namespaces', PlainMessage>> = {
  cgroup: 'its cgroup bears the container’s id, and ancestors and namespaces agree',
  ancestry: 'it descends from the container’s first process',
  namespaces: 'it is below the container’s shim and in its namespaces',
};

function because(process: Process): string | null {
  const { belongs, cgroup, container } = process;
  if (belongs === null) return null;
  if (belongs.by === null) {
    return t('its cgroup {cgroup} bears a container’s id, but nothing else agrees', { cgroup: cgroup ?? '?' });
  }
  const reason = t(BY[belongs.by]);
  if (!belongs.disagrees) return reason;
  const elsewhere = commas(cgroupsElsewhere(process, container ?? ''));
  return belongs.by === 'cgroup'
    ? t('{reason}, though some controllers have it in {cgroup}', { reason, cgroup: elsewhere })
    : t('{reason}, though its cgroup is {cgroup}', { reason, cgroup: cgroup ?? '?' });
}

export function whoseProcess(snapshot: Snapshot, process: Process): Whose {
  const container = snapshot.containers.find(({ id }) => id === process.container) ?? null;
  if (container !== null || !trustedProcesses(snapshot)(process)) {
    return { container, serves: null, because: because(process) };
  }
  const program = programOf(process);
  if (program.startsWith('containerd-shim')) {
    const id = optionOf(process, 'id');
    const serves = snapshot.containers.find((each) => each.id === id) ?? null;
    return { container, serves, because: serves === null ? null : t('its arguments name the container that it holds') };
  }
  if (program === 'docker-proxy') {
    const address = optionOf(process, 'container-ip');
    const serves =
      address === null
        ? null
        : (snapshot.containers.find(({ networks }) => networks.some(({ ip }) => ip === address)) ?? null);
    return {
      container,
      serves,
      because:
        serves === null
          ? null
          : t('its arguments lead to {address}, the container’s address', { address: address ?? '?' }),
    };
  }
  return { container, serves: null, because: because(process) };
}

/** The processes with a given pid: outside, as the probe sees it, or in a nested namespace. */
export interface PidHits {
  readonly outside: Process | null;
  readonly inside: readonly Process[];
}

export function findPid({ processes }: Snapshot, pid: number): PidHits {
  return {
    outside: processes.find((process) => process.pid === pid) ?? null,
    inside: processes.filter((process) => process.pid !== pid && process.nsPids.slice(1).includes(pid)),
  };
}

/** `1234 → 7 in web1`. */
export function pidText({ containers }: Snapshot, { nsPids, pid, container }: Process): string {
  const name = containers.find(({ id }) => id === container)?.name;
  const pids = (nsPids.length === 0 ? [pid] : nsPids).join(' → ');
  return name === undefined ? pids : t('{pids} in {name}', { pids, name });
}
