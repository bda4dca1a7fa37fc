import type { ReachQuestion, Selection, State } from '../state/state.ts';
import { shownSnapshot } from '../state/state.ts';

/** The container that a selection stands for, by its name. */
function nameOf(state: State, selection: Selection | null | undefined): string | null {
  if (selection?.type !== 'container') return null;
  return shownSnapshot(state)?.containers.find(({ id }) => id === selection.id)?.name ?? null;
}

/** Where the dialog begins: from the container that was selected before to the one that is selected now, as far as there are two. */
export function reachDraft(state: State): ReachQuestion {
  const now = nameOf(state, state.selection);
  const before = nameOf(state, state.back.at(-1));
  if (now === null) return { from: '', to: '' };
  return before === null || before === now ? { from: now, to: '' } : { from: before, to: `${now}:` };
}
