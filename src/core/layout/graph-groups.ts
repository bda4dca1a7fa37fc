import type { MemberId, Sharing } from '../sharing/sharing.ts';
import { containerGroup } from '../snapshot/container-group.ts';
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Container } from '../snapshot/snapshot.ts';
import type { ProcessPart } from './processes.ts';
import type { GraphGroup, GraphNode } from './scene.ts';

/** Kinds that hold containers without a group's label together, the closest tie first. */
const TIES: readonly NamespaceKind[] = ['net', 'pid', 'ipc', 'mnt', 'uts', 'cgroup'];

/** Groups ascending by key, and in which of them each member is. */
export interface Grouped {
  readonly groups: readonly GraphGroup[];
  readonly groupOf: ReadonlyMap<MemberId, GraphGroup>;
}

/**
 * What is drawn in one enclosure: a pod or compose project where labelled, else who shares the namespace that is the
 * closest tie.
 * @param strips of all nodes, in their order
 * @param known every container, drawn or not
 */
export function groupNodes(
  containers: readonly Container[],
  others: ProcessPart['nodes'],
  strips: ReadonlyMap<MemberId, GraphNode['strip']>,
  known: ReadonlyMap<MemberId, Container>,
  sharing: Sharing,
): Grouped {
  const groups = new Map<string, GraphGroup & { readonly members: MemberId[] }>();
  const groupOf = new Map<MemberId, GraphGroup>();
  const join = (about: Omit<GraphGroup, 'members'>, member: MemberId) => {
    const group = groups.get(about.key) ?? { ...about, members: [] };
    group.members.push(member);
    groups.set(about.key, group);
    groupOf.set(member, group);
  };
  for (const container of containers) {
    const group = containerGroup(container);
    if (group !== null) join({ ...group, kind: null }, container.id);
  }
  for (const { node, group, inside } of others) {
    if (group !== null) join({ ...group, kind: null }, node.key);
    if (inside === null) continue;
    const outer = groupOf.get(inside);
    if (outer !== undefined) join({ ...outer, kind: null }, node.key);
    else {
      const nested = {
        key: `nested:${inside}`,
        type: 'nested',
        label: known.get(inside)?.name ?? inside,
        kind: null,
      } as const;
      join(nested, inside);
      join(nested, node.key);
    }
  }
  for (const kind of TIES) {
    const place = NAMESPACE_KINDS.indexOf(kind);
    const free = new Map<NamespaceId, MemberId[]>();
    for (const [member, strip] of strips) {
      const slot = strip[place];
      if (slot?.standing !== 'shared' || slot.namespace === null || groupOf.has(member)) continue;
      const list = free.get(slot.namespace);
      if (list === undefined) free.set(slot.namespace, [member]);
      else list.push(member);
    }
    for (const [namespace, members] of [...free].sort((a, b) => compareText(a[0], b[0]))) {
      if (members.length < 2) continue;
      const causes = sharing.byNamespace.get(namespace)?.causes;
      const owner = members.find((member) => causes?.get(member)?.code === 'owner') ?? members[0] ?? '';
      const label = known.get(owner)?.name ?? others.find(({ node }) => node.key === owner)?.node.label ?? namespace;
      for (const member of members) join({ key: `tie:${namespace}`, type: 'shared', label, kind }, member);
    }
  }
  return { groups: [...groups.values()].sort((a, b) => compareText(a.key, b.key)), groupOf };
}
