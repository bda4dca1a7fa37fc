import type { GraphNode } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';
import type { Selection } from './state.ts';

/** What a node stands for in the rest of the page: processes of no unit are told about by the namespace that sets them apart. */
export function selectionOf(node: GraphNode): Selection {
  if (node.key === HOST) return { type: 'host' };
  if (node.type !== 'process') return { type: 'container', id: node.key };
  const own = node.strip.find((slot) => slot.standing === 'private' || slot.standing === 'shared');
  return own?.namespace ? { type: 'namespace', id: own.namespace } : { type: 'host' };
}
