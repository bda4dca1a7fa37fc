import { createContext, useContext, useRef, useSyncExternalStore } from 'react';
import type { Scene, ViewOptions } from '#core/layout/scene.ts';
import type { Selection, State } from '../state/state.ts';
import { type Store, useSelect } from '../state/store.ts';
import type { Actions } from '../transport/start.ts';

/** What commands can do to the picture while it is shown. */
export interface PictureControls {
  fit(): void;
  zoomIn(): void;
  zoomOut(): void;
  /** Lays everything out afresh, pins apart. */
  tidy(): void;
  /** Puts everything back to where it was before it was last laid out afresh. */
  untidy(): void;
  /** Scrolls what a selection stands for into view. */
  reveal(selection: Selection): void;
  scene(): Scene | null;
}

/** What every part of the page may use; the same object for ever. */
export interface Page {
  readonly store: Store;
  readonly actions: Actions;
  readonly picture: { current: PictureControls | null };
  /** Asks for a file of a snapshot or recording, and opens it, or compares what is shown with it. */
  pickFile(use: 'open' | 'compare'): void;
  /** Selects something, or nothing. */
  select(selection: Selection | null): void;
  /** Selects something, scrolls it into view in the picture, and opens its details. */
  show(selection: Selection): void;
  /** Closes the details where they cover the views. */
  uncover(): void;
  /** Changes what is shown. A change that hides something says so, with a way back. */
  changeView(change: Partial<ViewOptions>): void;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('This part is not within a page.');
  return page;
}

/** What a part shows of the page's state. */
export function usePageState<T>(select: (state: State) => T): T {
  return useSelect(usePage().store, select);
}

/** The state for a part that shows several of its fields: it is drawn anew only when one of these changes. */
export function usePageFields(fields: readonly (keyof State)[]): State {
  const { store } = usePage();
  const last = useRef<State | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const now = store.get();
    const before = last.current;
    if (before === null || fields.some((field) => before[field] !== now[field])) last.current = now;
    return last.current ?? now;
  });
}
