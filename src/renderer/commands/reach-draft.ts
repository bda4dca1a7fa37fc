import type { ReachQuestion, Selection, State } from '../state/state.ts';
import { shownSnapshot } from '../state/state.ts';

function nameOf(state: State, id: string | null): string | null {
  return shownSnapshot(state)?.containers.find((each) => each.id === id)?.name ?? null;
}

/** The container that a selection stands for; null for none, or two. */
const containerOf = (selection: Selection | null | undefined): string | null =>
  selection?.type === 'container' ? selection.id : null;

/**
 * Where the dialog begins: from the first of two that are selected to the second; else from the container that was
 * selected before to the one that is selected now, as far as there are two.
 */
export function reachDraft(state: State): ReachQuestion {
  const { selection } = state;
  const pair = selection?.type === 'pair' ? selection : null;
  const now = nameOf(state, pair?.second ?? containerOf(selection));
  const before = nameOf(state, pair?.first ?? containerOf(state.back.at(-1)));
  if (now === null) return { from: '', to: '' };
  return before === null || before === now ? { from: now, to: '' } : { from: before, to: `${now}:` };
}
