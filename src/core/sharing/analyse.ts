import { engineProcesses } from '../services/trust.ts';
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind, parseNamespaceId } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { atOnce, type Steps } from '../snapshot/steps.ts';
import { findBroken } from './broken.ts';
import { causeOf, hostItself, joined, owner, pathCause } from './causes.ts';
import { findIsolation } from './findings.ts';
import { type ContainerProcesses, containerProcesses, createTargetFinder, modeOf, namesContainer } from './members.ts';
import {
  type Cause,
  type ContainerStanding,
  HOST,
  type MemberId,
  type MemberSet,
  type SharedNamespace,
  type Sharing,
} from './sharing.ts';

export interface AnalyseOptions {
  /** Bulkhead's own helper containers count as members only when asked for. */
  readonly includeHelpers?: boolean;
}

/** Members of a namespace that is long. */
const LONG = 500;

/** Kinds whose joining brings the target's user namespace along. Source: moby daemon/oci_linux.go. */
const CARRIERS: readonly NamespaceKind[] = ['net', 'ipc', 'pid'];

/** Who is in what: incidences only, so that nothing grows with the square of the members. */
class Incidences {
  readonly #members = new Map<NamespaceId, Set<MemberId>>();
  /** Members that are in a namespace by a later process and not by their init. */
  readonly #late = new Map<NamespaceId, Set<MemberId>>();

  add(id: NamespaceId, member: MemberId): void {
    const members = this.#members.get(id);
    if (members === undefined) this.#members.set(id, new Set([member]));
    else members.add(member);
  }

  /** A process that is elsewhere counts where it joined somebody: a namespace that only it is in shares nothing. */
  addLate(id: NamespaceId, member: MemberId): void {
    const members = this.#members.get(id);
    if (members === undefined || members.has(member)) return;
    members.add(member);
    const late = this.#late.get(id);
    if (late === undefined) this.#late.set(id, new Set([member]));
    else late.add(member);
  }

  isLate(id: NamespaceId, member: MemberId): boolean {
    return this.#late.get(id)?.has(member) ?? false;
  }

  size(id: NamespaceId): number {
    return this.#members.get(id)?.size ?? 0;
  }

  has(id: NamespaceId, member: MemberId): boolean {
    return this.#members.get(id)?.has(member) ?? false;
  }

  *shared(): Generator<[NamespaceId, Set<MemberId>]> {
    for (const entry of this.#members) if (entry[1].size > 1) yield entry;
  }
}

/** Stable, short and the same on every machine: FNV-1a, 64 bits, of the member list. */
function keyOf(members: readonly MemberId[]): string {
  if (members.length === 2) return `set:${members.join('+')}`;
  // In two halves, since numbers are exact up to 53 bits; the prime is 2⁴⁰ + 0x1b3.
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const text = members.join('+');
  for (let at = 0; at < text.length; at += 1) {
    low = (low ^ text.charCodeAt(at)) >>> 0;
    const product = low * 0x1b3;
    high = (high * 0x1b3 + low * 0x100 + Math.floor(product / 2 ** 32)) % 2 ** 32;
    low = product >>> 0;
  }
  return `set:${members.length}:${high.toString(16)}${low.toString(16).padStart(8, '0')}`;
}

/**
 * Who shares which namespace with whom, and why. Pure and near linear in processes and members.
 * A container stands where its init stands; the host where its init side stands, so that a shell that entered a
 * container's namespaces makes no member of the host.
 */
export function analyseSharing(snapshot: Snapshot, options: AnalyseOptions = {}): Sharing {
  return atOnce(analyseInSteps(snapshot, options));
}

/** The same, for who has something else to do in between. */
export function* analyseInSteps(snapshot: Snapshot, options: AnalyseOptions = {}): Steps<Sharing> {
  const containers = snapshot.containers.filter(({ helper }) => options.includeHelpers === true || !helper);
  const running = containerProcesses({ ...snapshot, containers });
  const targetOf = createTargetFinder(snapshot.containers);
  yield;
  const byId = new Map(containers.map((container) => [container.id, container]));
  const host = snapshot.host.namespaces;

  const incidences = new Incidences();
  for (const kind of NAMESPACE_KINDS) {
    const id = host[kind];
    if (id !== null) incidences.add(id, HOST);
  }
  for (const [id, { init }] of running) {
    for (const kind of NAMESPACE_KINDS) {
      const namespace = init.namespaces[kind];
      if (namespace !== null) incidences.add(namespace, id);
    }
  }
  yield;
  const elsewhere = new Map<MemberId, Map<NamespaceKind, number[]>>();
  for (const [id, { init, processes }] of running) {
    for (const process of processes) {
      for (const kind of NAMESPACE_KINDS) {
        const namespace = process.namespaces[kind];
        if (namespace === null || namespace === init.namespaces[kind]) continue;
        incidences.addLate(namespace, id);
        const kinds = elsewhere.get(id) ?? new Map<NamespaceKind, number[]>();
        elsewhere.set(id, kinds);
        const pids = kinds.get(kind);
        if (pids === undefined) kinds.set(kind, [process.pid]);
        else pids.push(process.pid);
      }
    }
  }

  yield;
  /** Containers that another one names in its mode, by kind. */
  const named = new Map<NamespaceKind, Set<MemberId>>(NAMESPACE_KINDS.map((kind) => [kind, new Set()]));
  for (const container of containers) {
    for (const kind of NAMESPACE_KINDS) {
      const mode = modeOf(container, kind);
      const target = namesContainer(mode) ? targetOf(mode) : null;
      if (target !== null) named.get(kind)?.add(target.id);
    }
  }

  const causeFor = (container: Container, kind: NamespaceKind, namespace: NamespaceId): Cause => {
    if (incidences.isLate(namespace, container.id)) return joined();
    const declared = targetOf(modeOf(container, kind));
    const target = declared !== null && incidences.has(namespace, declared.id) ? declared : null;
    let carrier: { container: Container; kind: NamespaceKind } | null = null;
    if (kind === 'user') {
      for (const by of CARRIERS) {
        const other = targetOf(modeOf(container, by));
        if (other !== null && incidences.has(namespace, other.id)) carrier ??= { container: other, kind: by };
      }
    }
    return causeOf({
      container,
      kind,
      withHost: incidences.has(namespace, HOST),
      target,
      named: named.get(kind)?.has(container.id) ?? false,
      carrier,
      engine: snapshot.engine,
    });
  };

  /** Where somebody joined at run time and no mode names an owner, it was made for whoever was in it first. */
  const setOwner = (namespace: NamespaceId, members: readonly MemberId[], causes: Map<MemberId, Cause>): void => {
    if (members.some((member) => member === HOST || causes.get(member)?.code === 'owner')) return;
    const kind = parseNamespaceId(namespace)?.kind;
    const unexplained = members.filter((member) => {
      const code = causes.get(member)?.code;
      const unsaid = code === 'joined-at-run-time' || (code === 'unknown' && kind === 'cgroup');
      return unsaid && !incidences.isLate(namespace, member);
    });
    const startOf = (member: MemberId): number => running.get(member)?.init.startTime ?? Number.POSITIVE_INFINITY;
    const [first] = [...unexplained].sort((a, b) => startOf(a) - startOf(b));
    if (first !== undefined) causes.set(first, owner());
  };

  yield;
  const engineParts = snapshot.engine?.rootless === true ? engineProcesses(snapshot) : [];
  /** What of a rootless engine stands in a namespace that is not the machine's. */
  const engineIn = (namespace: NamespaceId): string[] => {
    const kind = parseNamespaceId(namespace)?.kind;
    if (kind === undefined || snapshot.host.initial[kind] === namespace) return [];
    return engineParts
      .filter(({ namespaces }) => namespaces[kind] === namespace)
      .map(({ pid, argv, comm }) => `${argv[0]?.split('/').at(-1) ?? comm} ${pid}`);
  };

  const nameOf = (member: MemberId): string => (member === HOST ? '' : (byId.get(member)?.name ?? ''));
  const byNamespace = new Map<NamespaceId, SharedNamespace>();
  const sets = new Map<string, { members: readonly MemberId[]; shared: SharedNamespace[] }>();
  for (const [namespace, ids] of incidences.shared()) {
    const kind = parseNamespaceId(namespace)?.kind;
    if (kind === undefined) continue;
    const members = [...ids].sort((a, b) => compareText(nameOf(a), nameOf(b)) || compareText(a, b));
    const causes = new Map<MemberId, Cause>();
    for (const member of members) {
      const container = byId.get(member);
      causes.set(
        member,
        container === undefined ? hostItself(engineIn(namespace)) : causeFor(container, kind, namespace),
      );
    }
    setOwner(namespace, members, causes);
    // Whoever has it of their own comes before those who joined it; the host before all.
    const rankOf = (member: MemberId): number => (member === HOST ? 0 : causes.get(member)?.code === 'owner' ? 1 : 2);
    members.sort((a, b) => rankOf(a) - rankOf(b));
    const shared: SharedNamespace = { namespace, kind, members, causes };
    byNamespace.set(namespace, shared);
    const key = keyOf([...ids].sort(compareText));
    const set = sets.get(key);
    if (set === undefined) sets.set(key, { members, shared: [shared] });
    else set.shared.push(shared);
    // Those that all are in, as the user's, take as long as a hundred others.
    if (members.length > LONG) yield;
  }
  yield;

  const standing = (
    container: Container,
    own: ContainerProcesses | undefined,
    kind: NamespaceKind,
  ): ContainerStanding => {
    const namespace = own?.init.namespaces[kind] ?? null;
    const pids = elsewhere.get(container.id)?.get(kind) ?? [];
    if (namespace === null) return { namespace, standing: 'unknown', cause: null, partners: 0, elsewhere: pids };
    const shared = byNamespace.get(namespace);
    // Nobody else is in it, and yet it may not have been made for this container.
    const given = pathCause(container, kind);
    if (shared === undefined) return { namespace, standing: 'private', cause: given, partners: 0, elsewhere: pids };
    return {
      namespace,
      standing: incidences.has(namespace, HOST) ? 'host' : 'shared',
      cause: shared.causes.get(container.id) ?? null,
      partners: incidences.size(namespace) - 1,
      elsewhere: pids,
    };
  };

  yield;
  const guests = new Map<NamespaceId, number[]>();
  for (const { pid, container, namespaces } of snapshot.processes) {
    if (container !== null) continue;
    for (const kind of NAMESPACE_KINDS) {
      const namespace = namespaces[kind];
      if (namespace === null || incidences.size(namespace) === 0 || incidences.has(namespace, HOST)) continue;
      const pids = guests.get(namespace);
      if (pids === undefined) guests.set(namespace, [pid]);
      else pids.push(pid);
    }
  }

  const rank = new Map(NAMESPACE_KINDS.map((kind, index) => [kind, index]));
  yield;
  const standings = new Map(
    containers.map((container) => {
      const own = running.get(container.id);
      const at = (kind: NamespaceKind): ContainerStanding => standing(container, own, kind);
      return [
        container.id,
        {
          mnt: at('mnt'),
          pid: at('pid'),
          net: at('net'),
          ipc: at('ipc'),
          uts: at('uts'),
          user: at('user'),
          cgroup: at('cgroup'),
          time: at('time'),
        },
      ];
    }),
  );
  yield;
  const broken = findBroken({ ...snapshot, containers }, running, targetOf);
  yield;
  const findings = findIsolation({ ...snapshot, containers }, running);
  yield;
  return {
    containers: standings,
    byNamespace,
    sets: [...sets]
      .map(
        ([key, { members, shared }]): MemberSet => ({
          key,
          members,
          shared: shared.sort((a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0)),
        }),
      )
      .sort((a, b) => compareText(a.key, b.key)),
    guests,
    broken,
    findings,
  };
}
