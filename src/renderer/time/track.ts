import type { Happening } from '#core/recording/happening.ts';
import { beginOf, endOf, type Timeline } from '#core/recording/timeline.ts';

/** The first and last time of the track, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Shorter spans are drawn as if they were so long, in milliseconds. */
const SHORTEST_MS = 1_000;
/** The track is divided into this many places; events in the same place are one mark. */
const PLACES = 160;

/** @param now the end of what is still going on; null for a file, which ends with its last moment */
export function spanOf(timeline: Timeline, now: number | null): Span {
  const to = Math.max(now ?? 0, endOf(timeline));
  const from = Math.max(beginOf(timeline), to - timeline.bounds.time);
  return { from: Math.min(from, to - SHORTEST_MS), to };
}

/** Where a time stands, from 0 to 1. */
export function placeOf({ from, to }: Span, at: number): number {
  return Math.min(1, Math.max(0, (at - from) / (to - from)));
}

/** What happened at one place of the track. */
export interface Mark {
  readonly at: number;
  /** The most severe first, then the newest. */
  readonly happenings: readonly Happening[];
}

const GRAVEST: readonly Happening['what'][] = [
  ...(['oom', 'broken', 'died', 'started', 'left', 'joined'] as const),
  ...(['disconnected', 'connected', 'made', 'exec'] as const),
];

export function marksOf(happenings: readonly Happening[], span: Span): Mark[] {
  const places = new Map<number, Happening[]>();
  for (const one of happenings) {
    if (one.at < span.from) continue;
    const place = Math.round(placeOf(span, one.at) * PLACES);
    const list = places.get(place);
    if (list === undefined) places.set(place, [one]);
    else list.push(one);
  }
  return [...places.values()].map((list) => {
    const happenings = list.toSorted((a, b) => GRAVEST.indexOf(a.what) - GRAVEST.indexOf(b.what) || b.at - a.at);
    return { at: happenings[0]?.at ?? span.from, happenings };
  });
}

/** The event after a time, or before it; null for none. At the end, all are before. */
export function eventFrom(happenings: readonly Happening[], at: number | null, step: 1 | -1): number | null {
  const times = happenings.map((one) => one.at);
  if (step === 1) return at === null ? null : (times.find((time) => time > at) ?? null);
  return times.findLast((time) => at === null || time < at) ?? null;
}
