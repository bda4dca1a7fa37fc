import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Host } from '../snapshot/snapshot.ts';
import type { ContainerProcesses } from './members.ts';
import { HOST, type MemberId } from './sharing.ts';

/** Where processes of a container are, and its init is not. */
export interface Elsewhere {
  readonly pids: ReadonlyMap<NamespaceKind, readonly number[]>;
  readonly namespaces: ReadonlySet<NamespaceId>;
}

const NOWHERE: Elsewhere = { pids: new Map(), namespaces: new Set() };

/** By what it is found in, which is the same object from moment to moment where a container's processes are the same. */
const found = new WeakMap<ContainerProcesses, Elsewhere>();

export function elsewhereOf(own: ContainerProcesses): Elsewhere {
  const known = found.get(own);
  if (known !== undefined) return known;
  const pids = new Map<NamespaceKind, number[]>();
  const namespaces = new Set<NamespaceId>();
  for (const process of own.processes) {
    for (const kind of NAMESPACE_KINDS) {
      const namespace = process.namespaces[kind];
      if (namespace === null || namespace === own.init.namespaces[kind]) continue;
      namespaces.add(namespace);
      const list = pids.get(kind);
      if (list === undefined) pids.set(kind, [process.pid]);
      else list.push(process.pid);
    }
  }
  const made = namespaces.size === 0 ? NOWHERE : { pids, namespaces };
  found.set(own, made);
  return made;
}

/**
 * Who is in what: incidences only, so that nothing grows with the square of the members. A container stands where its
 * init stands; the host where its init side stands, so that a shell that entered a container's namespaces makes no member
 * of the host.
 */
export class Incidences {
  private readonly members = new Map<NamespaceId, MemberId[]>();
  /** Members that are in a namespace by a later process and not by their init. */
  private readonly late = new Map<NamespaceId, Set<MemberId>>();
  private readonly hosts: ReadonlySet<NamespaceId>;
  private readonly running: ReadonlyMap<MemberId, ContainerProcesses>;

  /** @param containers ascending by name, then id: members of a namespace are in this order, the host first */
  constructor(
    host: Host['namespaces'],
    containers: readonly Container[],
    running: ReadonlyMap<MemberId, ContainerProcesses>,
  ) {
    this.running = running;
    this.hosts = new Set(NAMESPACE_KINDS.flatMap((kind) => host[kind] ?? []));
    for (const id of this.hosts) this.members.set(id, [HOST]);
    const order = new Map<MemberId, number>([[HOST, -1]]);
    for (const [index, { id }] of containers.entries()) {
      order.set(id, index);
      const init = running.get(id)?.init;
      if (init !== undefined) for (const kind of NAMESPACE_KINDS) this.add(init.namespaces[kind], id);
    }
    for (const { id } of containers) {
      const own = running.get(id);
      if (own !== undefined) for (const namespace of elsewhereOf(own).namespaces) this.addLate(namespace, id);
    }
    for (const id of this.late.keys()) {
      this.members.get(id)?.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    }
  }

  private add(id: NamespaceId | null, member: MemberId): void {
    if (id === null) return;
    const members = this.members.get(id);
    if (members === undefined) this.members.set(id, [member]);
    else if (members.at(-1) !== member) members.push(member);
  }

  /** A process that is elsewhere counts where it joined somebody: a namespace that only it is in shares nothing. */
  private addLate(id: NamespaceId, member: MemberId): void {
    const members = this.members.get(id);
    if (members === undefined || this.has(id, member)) return;
    members.push(member);
    const late = this.late.get(id);
    if (late === undefined) this.late.set(id, new Set([member]));
    else late.add(member);
  }

  isLate(id: NamespaceId, member: MemberId): boolean {
    return this.late.get(id)?.has(member) ?? false;
  }

  lateIn(id: NamespaceId): ReadonlySet<MemberId> | undefined {
    return this.late.get(id);
  }

  withHost(id: NamespaceId): boolean {
    return this.hosts.has(id);
  }

  has(id: NamespaceId, member: MemberId): boolean {
    const init = this.running.get(member)?.init;
    return (
      (init !== undefined && NAMESPACE_KINDS.some((kind) => init.namespaces[kind] === id)) || this.isLate(id, member)
    );
  }

  size(id: NamespaceId): number {
    return this.members.get(id)?.length ?? 0;
  }

  *shared(): Generator<[NamespaceId, readonly MemberId[]]> {
    for (const entry of this.members) if (entry[1].length > 1) yield entry;
  }
}
