import type { GraphNode, SceneLink } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';
import type { Selection } from './state.ts';

/**
 * What a node stands for in the rest of the page: processes that belong to no unit are shown by the namespace that sets
 * them apart.
 */
export function selectionOf(node: GraphNode): Selection {
  if (node.key === HOST) return { type: 'host' };
  if (node.type !== 'process') return { type: 'container', id: node.key };
  const own = node.strip.find((slot) => slot.standing === 'private' || slot.standing === 'shared');
  return own?.namespace ? { type: 'namespace', id: own.namespace } : { type: 'host' };
}

/**
 * What is selected when a container is pointed at besides the one that is selected: both. A third takes the place of the
 * second; one that is selected already is left alone.
 */
export function selectionWith(selection: Selection | null, node: GraphNode): Selection {
  const own = selectionOf(node);
  const first = selection?.type === 'container' ? selection.id : selection?.type === 'pair' ? selection.first : null;
  if (node.type !== 'container' || own.type !== 'container' || first === null || first === own.id) return own;
  return selection?.type === 'pair' && selection.second === own.id
    ? { type: 'container', id: first }
    : { type: 'pair', first, second: own.id };
}

/** What a line or hub stands for. */
export function selectionOfSet({
  set,
  strands,
  from,
  broken,
}: Pick<SceneLink, 'set' | 'strands' | 'from' | 'broken'>): Selection {
  const [first] = strands;
  if (broken && first !== undefined) return { type: 'broken', container: from, kind: first.kind };
  // A set with processes in it is none of the sharing's, nor is what is shared with the machine: its namespace can still
  // be told about.
  const known = !set.startsWith('processes:') && !set.startsWith('hull:');
  return known || !first?.namespace ? { type: 'set', key: set } : { type: 'namespace', id: first.namespace };
}
