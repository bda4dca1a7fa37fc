import { beginOf, changeTimes, pictureAt, type Timeline } from '#core/recording/timeline.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';

/** A moment of the past that is looked at. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Since when the machine was as it is shown. */
  readonly since: number;
  readonly snapshot: Snapshot;
}

/** The parts of the state that concern time. */
interface Timed {
  readonly timeline: Timeline | null;
  readonly file: { readonly timeline?: Timeline } | null;
  readonly moment: Moment | null;
}

/** The moments one can go to: those of the opened recording, else of the live machine; null for none. */
export function shownTimeline({ file, timeline }: Timed): Timeline | null {
  if (file !== null) return file.timeline ?? null;
  // If the past is kept for zero minutes, the timeline only holds the newest picture.
  return timeline !== null && timeline.bounds.time > 0 ? timeline : null;
}

/** Goes to a recorded time; null goes to the end, which is live unless a file is shown. */
export function atMoment<S extends Timed>(state: S, at: number | null): S {
  const timeline = shownTimeline(state);
  if (timeline === null || at === null) return state.moment === null ? state : { ...state, moment: null };
  const time = Math.max(at, beginOf(timeline));
  if (state.moment?.at === time) return state;
  const since = changeTimes(timeline).findLast((change) => change <= time) ?? time;
  // Between two changes nothing is drawn anew.
  const snapshot = state.moment?.since === since ? state.moment.snapshot : pictureAt(timeline, since);
  return { ...state, moment: { at: time, since, snapshot } };
}

/** The next time at which something changed, or the one before; null for the end, and at it. */
export function stepFrom(timeline: Timeline, at: number | null, step: 1 | -1): number | null {
  const times = changeTimes(timeline);
  if (step === 1) return at === null ? null : (times.find((time) => time > at) ?? null);
  // The newest change is what is shown at the end.
  return times.findLast((time) => time < (at ?? times.at(-1) ?? 0)) ?? times[0] ?? null;
}
