import type { Service } from '../services/services.ts';
import type { MemberId, Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceId } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, type PlainMessage, t } from '../words/words.ts';
import type { GraphGroup, GraphNode, GraphSet } from './scene.ts';

/** Processes that are one node of the picture, and no container of this engine. */
interface ProcessGroup {
  readonly key: MemberId;
  readonly type: 'process' | 'service' | 'foreign';
  readonly label: string;
  readonly detail: string;
  /** The lowest pid. */
  readonly leader: Process;
  readonly pids: ReadonlySet<number>;
  /** The container that it runs inside of: a nested engine's. */
  readonly inside: MemberId | null;
  /** What it is drawn in, where that is not for its namespaces to say. */
  readonly group: Omit<GraphGroup, 'members' | 'kind'> | null;
}

/** Characters of the leader's command line that go into the picture: more would be cut there anyway. */
const COMMAND_LENGTH = 80;

/** The same as long as the leader lives. */
const processKey = ({ pid, startTime }: Process): MemberId => `process:${pid}:${startTime}`;

function commandOf(process: Process): string {
  const words = process.argv.join(' ').slice(0, COMMAND_LENGTH) || process.comm;
  return `pid ${process.pid} · ${words}`;
}

const first = (processes: readonly Process[]): Process | undefined =>
  processes.reduce<Process | undefined>((least, each) => (least && least.pid < each.pid ? least : each), undefined);

/** Processes of no container that left the host, as lsns groups them, but by all eight kinds at once. */
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
  return [...groups.values()].flatMap((processes): ProcessGroup[] => {
    const leader = first(processes);
    if (leader === undefined) return [];
    const pids = new Set(processes.map(({ pid }) => pid));
    const told = { type: 'process' as const, label: leader.comm, detail: commandOf(leader), inside: null, group: null };
    return [{ key: processKey(leader), leader, pids, ...told }];
  });
}

/** Shims and proxies are as many as containers and ports: those of the same namespaces are one node. */
const PLURALS: Readonly<Partial<Record<Service['kind'], PlainMessage>>> = { shim: 'shims', proxy: 'port proxies' };

function isForeign({ kind }: Service): boolean {
  return kind === 'container' || kind === 'build';
}

/** The enclosure of what runs on the machine itself; other engines' containers have one a pod or an engine. */
function groupOfService(service: Service, snapshot: Snapshot): ProcessGroup['group'] {
  if (service.inside !== null) return null;
  if (!isForeign(service)) return { key: 'services', type: 'services', label: snapshot.host.hostname };
  if (service.pod !== null) return { key: `pod:${service.pod}`, type: 'pod', label: service.pod };
  return { key: `engine:${service.note}`, type: 'engine', label: service.note };
}

/** Services as nodes, without the processes that are nodes already. */
function groupServices(services: readonly Service[], drawn: readonly ProcessGroup[], snapshot: Snapshot) {
  const taken = new Set(drawn.flatMap(({ pids }) => [...pids]));
  const bundles = new Map<string, { services: Service[]; processes: Process[] }>();
  for (const service of services) {
    const processes = service.processes.filter(({ pid }) => !taken.has(pid));
    const [leader] = processes;
    if (leader === undefined) continue;
    const namespaces = NAMESPACE_KINDS.map((kind) => leader.namespaces[kind]).join();
    const key = PLURALS[service.kind] === undefined ? service.key : `${service.kind}:${namespaces}`;
    const bundle = bundles.get(key) ?? { services: [], processes: [] };
    bundle.services.push(service);
    bundle.processes.push(...processes);
    bundles.set(key, bundle);
  }
  return [...bundles].flatMap(([key, bundle]): ProcessGroup[] => {
    const [service] = bundle.services;
    const leader = first(bundle.processes);
    if (service === undefined || leader === undefined) return [];
    const foreign = isForeign(service);
    const plural = bundle.services.length > 1 ? PLURALS[service.kind] : undefined;
    const anonymous = /^container ([0-9a-f]{12})$/.exec(service.name)?.[1];
    return [
      {
        // A unit that is restarted is still the same node.
        key: `${foreign ? 'foreign' : 'service'}:${key}`,
        type: foreign ? 'foreign' : 'service',
        label:
          plural !== undefined
            ? t(plural)
            : anonymous === undefined
              ? service.name.replace(/\.service$/, '')
              : leader.comm,
        detail:
          plural !== undefined
            ? commas([...new Set(bundle.services.map(({ name }) => name))]).slice(0, COMMAND_LENGTH)
            : foreign
              ? [service.note, anonymous].filter((each) => each !== undefined).join(' · ')
              : service.note || commandOf(leader),
        leader,
        pids: new Set(bundle.processes.map(({ pid }) => pid)),
        inside: service.inside,
        group: groupOfService(service, snapshot),
      },
    ];
  });
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
  if (members.size === 0) return members;
  for (const [container, row] of sharing.containers) {
    for (const kind of NAMESPACE_KINDS) {
      const id = row[kind].namespace;
      if (id !== null) members.get(id)?.push(container);
    }
  }
  return members;
}

export interface ProcessPart {
  readonly nodes: readonly {
    readonly node: GraphNode;
    readonly pids: ReadonlySet<number>;
    readonly inside: MemberId | null;
    readonly group: ProcessGroup['group'];
  }[];
  /** Sets with at least one process group in them; they take the place of the sets that name the same namespaces. */
  readonly sets: readonly Pick<GraphSet, 'key' | 'members' | 'strands'>[];
  /** How many process groups are in each namespace that is not the host's. */
  readonly guests: ReadonlyMap<NamespaceId, number>;
}

/**
 * What is drawn that is no container of this engine: processes that entered a container's namespace from outside, as
 * `nsenter` does, or without an engine all that left the host's namespaces; and of the services those that are given.
 */
export function processPart(snapshot: Snapshot, sharing: Sharing, services: readonly Service[]): ProcessPart {
  const all = groupProcesses(snapshot);
  const everybody = membersByNamespace(all, snapshot, sharing);
  const enters = ({ leader }: ProcessGroup) =>
    NAMESPACE_KINDS.some((kind) => {
      const id = leader.namespaces[kind];
      return id !== null && everybody.get(id)?.some((member) => sharing.containers.has(member));
    });
  const guests = snapshot.engine === null && sharing.containers.size === 0 ? all : all.filter(enters);
  const groups = [...guests, ...groupServices(services, guests, snapshot)].sort(
    (a, b) => a.leader.pid - b.leader.pid || compareText(a.key, b.key),
  );
  const members = membersByNamespace(groups, snapshot, sharing);
  const host = snapshot.host.namespaces;
  const nodes = groups.map(({ key, type, label, detail, leader, pids, inside, group }) => ({
    pids,
    inside,
    group,
    node: {
      key,
      type,
      label,
      short: label,
      // Of what has no other words its command is told once.
      command: type === 'process' || detail === commandOf(leader) ? '' : commandOf(leader),
      init: null,
      detail,
      state: 'running' as const,
      processes: pids.size,
      pids: [...pids].sort((a, b) => a - b),
      strip: NAMESPACE_KINDS.map((kind) => {
        const namespace = leader.namespaces[kind];
        const rest = { kind, namespace, reason: null };
        if (namespace === null) return { ...rest, standing: 'unknown' as const, partners: 0, told: false };
        if (namespace === host[kind]) return { ...rest, standing: 'host' as const, partners: 1, told: false };
        const partners = (members.get(namespace)?.length ?? 1) - 1;
        const standing = partners > 0 ? ('shared' as const) : ('private' as const);
        return { ...rest, standing, partners, told: partners > 0 };
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
  const counts = new Map<NamespaceId, number>();
  for (const [namespace, list] of members) {
    counts.set(namespace, list.filter((member) => !sharing.containers.has(member)).length);
  }
  return {
    nodes,
    guests: counts,
    sets: [...sets.values()].map((set) => ({ key: `processes:${set.strands[0]?.namespace ?? ''}`, ...set })),
  };
}
