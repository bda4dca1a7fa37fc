import { DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import { commas, t } from '#core/words/words.ts';
import type { Store } from '../state/store.ts';

/** The view with one kind switched, or alone. */
export function toggleKind(view: ViewOptions, kind: NamespaceKind, solo: boolean): Partial<ViewOptions> {
  if (solo) return { kinds: view.kinds.length === 1 && view.kinds[0] === kind ? [...NAMESPACE_KINDS] : [kind] };
  return { kinds: NAMESPACE_KINDS.filter((each) => view.kinds.includes(each) !== (each === kind)) };
}

/** Shows again everything that a filter can hide. */
export const NO_FILTER: Partial<ViewOptions> = {
  kinds: DEFAULT_VIEW.kinds,
  stopped: DEFAULT_VIEW.stopped,
  filter: DEFAULT_VIEW.filter,
};

function told(before: ViewOptions, change: Partial<ViewOptions>): (() => string) | null {
  const cleared = change.filter === '' && change.kinds !== undefined && change.stopped !== undefined;
  if (cleared) return () => t('The filter is cleared.');
  if (change.kinds === undefined || change.kinds.join() === before.kinds.join()) return null;
  const hidden = NAMESPACE_KINDS.filter((kind) => !change.kinds?.includes(kind));
  return () => (hidden.length === 0 ? t('All kinds are shown.') : t('Hidden: {kinds}.', { kinds: commas(hidden) }));
}

/** Changes the view; where that hides or shows much at once, says so, with a way back. */
export function changeView(store: Store, change: Partial<ViewOptions>): void {
  const before = store.get().view;
  store.dispatch({ type: 'view', view: change });
  const text = told(before, change);
  if (text === null) return;
  // Undoes the change made here, even if another change was made since.
  const fields = Object.keys(change) as (keyof ViewOptions)[];
  const back: Partial<ViewOptions> = Object.fromEntries(fields.map((field) => [field, before[field]]));
  store.dispatch({ type: 'toast', toast: { text, undo: () => store.dispatch({ type: 'view', view: back }) } });
}
