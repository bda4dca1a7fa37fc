import type { SessionEvent } from '#api/contract.ts';
import { reduce } from '../state/reduce.ts';
import { type State, shownSnapshot } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** A picture of fewer processes is made at once: sooner than in pieces. */
const MANY_PROCESSES = 2_000;

/** Makes what a state shows, piece by piece, before it is shown. */
export type Prepare = (next: State) => Promise<void>;

/**
 * Takes what a session tells, in its order. What a large picture needs is made before it is shown, and the page goes on
 * meanwhile.
 */
export function inTurn(store: Store, prepare: Prepare) {
  let ended = false;
  let waiting: SessionEvent[] = [];
  let busy = false;

  /** The state after an event, where its picture is another and a large one; null where there is nothing to prepare. */
  function large(event: SessionEvent): State | null {
    if (event.type !== 'snapshot' && event.type !== 'change') return null;
    const now = store.get();
    const next = reduce(now, { type: 'event', event });
    const snapshot = shownSnapshot(next);
    if (snapshot === null || snapshot === shownSnapshot(now)) return null;
    return snapshot.processes.length > MANY_PROCESSES ? next : null;
  }

  async function work(): Promise<void> {
    busy = true;
    try {
      for (let event = waiting.shift(); event !== undefined && !ended; event = waiting.shift()) {
        const next = large(event);
        if (next !== null) await prepare(next);
        if (!ended) store.dispatch({ type: 'event', event });
      }
    } finally {
      busy = false;
    }
  }

  return {
    tell(event: SessionEvent): void {
      if (ended) return;
      waiting.push(event);
      if (!busy) void work();
    },
    /** Another session is followed: what this one told and was not shown yet never is. */
    end(): void {
      ended = true;
      waiting = [];
    },
  };
}
