import { analyseSharing } from '../sharing/analyse.ts';
import { createMemberNames } from '../sharing/describe.ts';
import { HOST } from '../sharing/sharing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

export interface ShareNode {
  readonly id: string;
  readonly type: 'host' | 'container' | 'namespace';
  readonly label: string;
  /** Of a container; empty for others. */
  readonly image: string;
  readonly state: string;
  /** Of a namespace; empty for others. */
  readonly kind: string;
}

export interface ShareEdge {
  readonly id: string;
  /** A container, or the host. */
  readonly source: string;
  /** The namespace that it is in. */
  readonly target: string;
  readonly kind: string;
  /** Why it is in it, in Docker's words. */
  readonly cause: string;
}

/**
 * Who is in which namespace that others are in too, for programs that draw or count graphs: an edge for each member,
 * never for each pair, so that a namespace of 20,000 is 20,000 edges.
 */
export function shareGraph(snapshot: Snapshot): { readonly nodes: ShareNode[]; readonly edges: ShareEdge[] } {
  const sharing = analyseSharing(snapshot);
  const nameOf = createMemberNames(snapshot);
  const none = { image: '', state: '', kind: '' };
  const nodes: ShareNode[] = [{ ...none, id: HOST, type: 'host', label: snapshot.host.hostname }];
  for (const { id, name, image, state } of snapshot.containers) {
    nodes.push({ ...none, id, type: 'container', label: name, image, state });
  }
  const known = new Set(nodes.map(({ id }) => id));
  const edges: ShareEdge[] = [];
  for (const { id } of snapshot.namespaces) {
    const shared = sharing.byNamespace.get(id);
    if (shared === undefined) continue;
    nodes.push({ ...none, id, type: 'namespace', label: id, kind: shared.kind });
    for (const member of shared.members) {
      // Members that are neither a container nor the host have no record and are named by their id.
      if (!known.has(member)) nodes.push({ ...none, id: member, type: 'container', label: nameOf(member) });
      known.add(member);
      const cause = shared.causes.get(member)?.text ?? '';
      edges.push({ id: `${member} ${id}`, source: member, target: id, kind: shared.kind, cause });
    }
  }
  return { nodes, edges };
}
