import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { selectSharing } from '../page/derived.ts';
import type { Selection, State } from '../state/state.ts';

/**
 * The container whose namespaces the keys step through: the selected one, or the one from which the selected namespace
 * was opened.
 */
function containerOf({ selection, back }: State): string | null {
  if (selection?.type === 'container') return selection.id;
  const last = back.at(-1);
  return selection?.type === 'namespace' && last?.type === 'container' ? last.id : null;
}

/** The next or previous of a container's namespaces, in the order of the kinds; null where no container is looked at. */
export function besideNamespace(state: State, step: 1 | -1): Selection | null {
  const id = containerOf(state);
  const standing = id === null ? undefined : selectSharing(state)?.containers.get(id);
  if (standing === undefined) return null;
  const own = NAMESPACE_KINDS.flatMap((kind) => standing[kind].namespace ?? []);
  if (own.length === 0) return null;
  const at = state.selection?.type === 'namespace' ? own.indexOf(state.selection.id) : step > 0 ? -1 : 0;
  const next = own[(at + step + own.length) % own.length];
  return next === undefined ? null : { type: 'namespace', id: next };
}
