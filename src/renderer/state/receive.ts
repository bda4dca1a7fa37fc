import type { SessionEvent, SessionStatus } from '#api/contract.ts';
import { DEFAULT_SETTINGS, type Settings } from '#api/settings.ts';
import {
  beginTimeline,
  liveBounds,
  recordChange,
  recordLoss,
  recordSnapshot,
  recordTold,
  seenAgain,
  type Timeline,
} from '#core/recording/timeline.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { type CostSample, keepSamples } from './cost.ts';

/** The parts of the state that a session fills. */
interface Watched {
  readonly settings: Settings | null;
  readonly status: SessionStatus | null;
  readonly live: Snapshot | null;
  readonly timeline: Timeline | null;
  readonly checkedAt: string | null;
  readonly costs: readonly CostSample[];
}

/**
 * The timeline after an event. It is kept, because for a large picture it is needed once before the picture is shown
 * and once when it is.
 */
const made = new WeakMap<
  SessionEvent,
  { readonly from: Timeline | null; readonly keep: number; readonly next: Timeline }
>();

function once(event: SessionEvent, state: Watched, make: (keep: number) => Timeline): Timeline {
  const keep = state.settings?.keep ?? DEFAULT_SETTINGS.keep;
  const known = made.get(event);
  if (known?.from === state.timeline && known.keep === keep) return known.next;
  const next = make(keep);
  made.set(event, { from: state.timeline, keep, next });
  return next;
}

/** The state after an event of a session: the newest picture, and the past for as long as it is kept. */
export function receive<S extends Watched>(state: S, event: SessionEvent): S {
  const { timeline } = state;
  switch (event.type) {
    case 'status':
      return event.status.phase === 'stale'
        ? { ...lost(state), status: event.status }
        : { ...state, status: event.status };
    case 'snapshot': {
      const { snapshot } = event;
      // A demonstration is one moment.
      if (snapshot.demo) return scanned({ ...state, live: snapshot, timeline: null }, snapshot.takenAt, snapshot.probe);
      const next = once(event, state, (keep) =>
        timeline === null ? beginTimeline(snapshot, liveBounds(keep)) : recordSnapshot(timeline, snapshot),
      );
      return scanned(withTimeline(state, next), snapshot.takenAt, snapshot.probe);
    }
    case 'change': {
      // A change without a snapshot before it cannot be applied to anything.
      if (timeline === null) return state;
      const next = withTimeline(
        state,
        once(event, state, () => recordChange(timeline, event.patch)),
      );
      return scanned(next, event.patch.takenAt, next.live?.probe ?? null);
    }
    case 'event':
      return timeline === null ? state : { ...state, timeline: recordTold(timeline, event.event) };
    case 'alive': {
      const seen = timeline === null ? null : seenAgain(timeline, Date.parse(event.takenAt));
      return scanned(seen === timeline ? state : { ...state, timeline: seen }, event.takenAt, event);
    }
  }
}

function withTimeline<S extends Watched>(state: S, timeline: Timeline): S {
  return { ...state, timeline, live: timeline.newest };
}

/** After the time when the picture was last known to be true, nothing is known. */
export function lost<S extends Watched>(state: S): S {
  const { timeline, checkedAt } = state;
  if (timeline === null || checkedAt === null) return state;
  return { ...state, timeline: recordLoss(timeline, Date.parse(checkedAt)) };
}

function scanned<S extends Watched>(state: S, takenAt: string, cost: { durationMs: number; cpuMs: number } | null): S {
  const costs =
    cost === null
      ? []
      : keepSamples(state.costs, { at: Date.parse(takenAt), durationMs: cost.durationMs, cpuMs: cost.cpuMs });
  return { ...state, checkedAt: takenAt, costs };
}
