import { useSyncExternalStore } from 'react';
import { type Action, reduce } from './reduce.ts';
import { INITIAL, type State } from './state.ts';

/** The page's one store. */
export interface Store {
  get(): State;
  dispatch(action: Action): void;
  subscribe(listener: () => void): () => void;
}

/** @param start what differs from an empty page at the beginning */
export function createStore(start: Partial<State> = {}): Store {
  let state: State = { ...INITIAL, ...start };
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * What a component shows of the state: it is drawn anew only when that changes.
 * @param select gives the same object for the same state
 */
export function useSelect<T>(store: Store, select: (state: State) => T): T {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
