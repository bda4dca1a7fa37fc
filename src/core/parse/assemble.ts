import { pidsByNamespace } from '../snapshot/by-key.ts';
import { type NamespaceId, type NamespaceKind, parseNamespaceId } from '../snapshot/namespace.ts';
import { compareContainers, compareNamespaces, compareProcesses } from '../snapshot/order.ts';
import {
  type Belonging,
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
import type { Facts, NamespaceFacts, ProcessFacts } from './facts.ts';
import { hostOf, NO_NAMESPACES } from './host.ts';

interface Assigned {
  readonly owners: ReadonlyMap<number, Owned>;
  readonly host: Host;
}

/**
 * Which container each process belongs to, and which namespaces "host" means. Each depends on the other where the host
 * is not in the kernel's initial namespaces, so there is a second pass then.
 */
function assign(facts: Facts, takenAt: string, problems: Map<string, Problem>): Assigned {
  const { processes, containers } = facts;
  const clockTicks = facts.host?.clockTicks ?? 100;
  const bootTime = facts.host?.bootTime ?? null;
  const uptime = bootTime === null ? null : Date.parse(takenAt) / 1000 - bootTime;
  const look = (host: Host['namespaces']) => assignContainers({ processes, containers, host, uptime, clockTicks });
  const first = look(facts.host?.initial ?? NO_NAMESPACES);
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

/** Our probes open namespaces to look into them: that must not count as keeping them alive. */
function ownProbes({ processes, containers }: Facts, owners: ReadonlyMap<number, Owned>): Set<number> {
  const own = new Set<number>();
  for (const { pid, comm, uid, cgroup } of processes.values()) {
    if (comm !== PROBE) continue;
    const container = owners.get(pid)?.container ?? null;
    // Any process may have this name: outside of containers only root is believed.
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
  const members = pidsByNamespace(facts.processes.values());

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
