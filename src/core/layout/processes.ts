import type { MemberId, Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceId } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import type { GraphNode, GraphSet } from './scene.ts';

/** Processes of no container that have all their namespaces in common, and at least one that is not the host's. */
export interface ProcessGroup {
  readonly key: MemberId;
  /** The lowest pid. */
  readonly leader: Process;
  readonly pids: ReadonlySet<number>;
}

/** Characters of the leader's command line that go into the picture: more would be cut there anyway. */
const COMMAND_LENGTH = 80;

/** The same as long as the leader lives. */
const processKey = ({ pid, startTime }: Process): MemberId => `process:${pid}:${startTime}`;

/** As lsns groups them, but by all eight kinds at once. Ascending by leader. */
function groupProcesses(snapshot: Snapshot): ProcessGroup[] {
  const host = snapshot.host.namespaces;
  const groups = new Map<string, Process[]>();
  for (const process of snapshot.processes) {
    if (process.container !== null || process.kernelThread) continue;
    const own = NAMESPACE_KINDS.map((kind) => process.namespaces[kind]);
    if (NAMESPACE_KINDS.every((kind, index) => own[index] === null || own[index] === host[kind])) continue;
    const key = own.join();
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [process]);
    else list.push(process);
  }
  return [...groups.values()]
    .map((processes) => {
      const leader = processes.reduce((first, each) => (each.pid < first.pid ? each : first));
      return { key: processKey(leader), leader, pids: new Set(processes.map(({ pid }) => pid)) };
    })
    .sort((a, b) => a.leader.pid - b.leader.pid);
}

/** Who is in each namespace that some process group is in and the host is not: containers and process groups. */
function membersByNamespace(groups: readonly ProcessGroup[], snapshot: Snapshot, sharing: Sharing) {
  const host = snapshot.host.namespaces;
  const members = new Map<NamespaceId, MemberId[]>();
  for (const { key, leader } of groups) {
    for (const kind of NAMESPACE_KINDS) {
      const id = leader.namespaces[kind];
      if (id === null || id === host[kind]) continue;
      const list = members.get(id);
      if (list === undefined) members.set(id, [key]);
      else list.push(key);
    }
  }
  for (const [container, row] of sharing.containers) {
    for (const kind of NAMESPACE_KINDS) {
      const id = row[kind].namespace;
      if (id !== null) members.get(id)?.push(container);
    }
  }
  return members;
}

export interface ProcessPart {
  readonly nodes: readonly { readonly node: GraphNode; readonly pids: ReadonlySet<number> }[];
  /** Sets with at least one process group in them; they take the place of the sets that name the same namespaces. */
  readonly sets: readonly GraphSet[];
  /** How many process groups are in each namespace that is not the host's. */
  readonly guests: ReadonlyMap<NamespaceId, number>;
}

/**
 * The processes that belong to no container, as far as they are worth a node: with an engine those that entered a
 * container's namespace from outside, as `nsenter` does; without one all that left the host's namespaces.
 */
export function processPart(snapshot: Snapshot, sharing: Sharing): ProcessPart {
  const all = groupProcesses(snapshot);
  const everybody = membersByNamespace(all, snapshot, sharing);
  const enters = ({ leader }: ProcessGroup) =>
    NAMESPACE_KINDS.some((kind) => {
      const id = leader.namespaces[kind];
      return id !== null && everybody.get(id)?.some((member) => sharing.containers.has(member));
    });
  const groups = snapshot.engine === null && sharing.containers.size === 0 ? all : all.filter(enters);
  const members = groups.length === all.length ? everybody : membersByNamespace(groups, snapshot, sharing);
  const host = snapshot.host.namespaces;
  const nodes = groups.map(({ key, leader, pids }) => ({
    pids,
    node: {
      key,
      type: 'process' as const,
      label: leader.comm,
      detail: `pid ${leader.pid} · ${leader.argv.join(' ').slice(0, COMMAND_LENGTH) || leader.comm}`,
      state: 'running' as const,
      processes: pids.size,
      strip: NAMESPACE_KINDS.map((kind) => {
        const namespace = leader.namespaces[kind];
        if (namespace === null) return { kind, standing: 'unknown' as const, partners: 0, namespace };
        if (namespace === host[kind]) return { kind, standing: 'host' as const, partners: 1, namespace };
        const partners = (members.get(namespace)?.length ?? 1) - 1;
        return { kind, standing: partners > 0 ? ('shared' as const) : ('private' as const), partners, namespace };
      }),
      group: null,
      warnings: 0,
      broken: false,
    },
  }));
  const sets = new Map<
    string,
    { members: MemberId[]; strands: { kind: (typeof NAMESPACE_KINDS)[number]; namespace: NamespaceId }[] }
  >();
  for (const kind of NAMESPACE_KINDS) {
    for (const [namespace, list] of members) {
      if (!namespace.startsWith(`${kind}:`) || list.length < 2) continue;
      const sorted = [...list].sort(compareText);
      const signature = sorted.join('+');
      const set = sets.get(signature) ?? { members: sorted, strands: [] };
      set.strands.push({ kind, namespace });
      sets.set(signature, set);
    }
  }
  const guests = new Map<NamespaceId, number>();
  for (const [namespace, list] of members) {
    guests.set(namespace, list.filter((member) => !sharing.containers.has(member)).length);
  }
  return {
    nodes,
    guests,
    sets: [...sets.values()].map((set) => ({ key: `processes:${set.strands[0]?.namespace ?? ''}`, ...set })),
  };
}
