import { describe, expect, it } from 'vitest';
import { HAPPENING_KINDS, type Happening } from '#core/recording/happening.ts';
import { beginTimeline, liveBounds } from '#core/recording/timeline.ts';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { saying } from '#core/words/words.ts';
import { eventFrom, marksOf, placeOf, spanOf } from './track.ts';

const BEGIN = Date.UTC(2026, 0, 1);
const timeline = beginTimeline(
  { ...snapshotOf({ containers: [] }), takenAt: new Date(BEGIN).toISOString() },
  liveBounds(10),
);
const one = (at: number, what: Happening['what']): Happening => ({
  at,
  what,
  container: 'c',
  text: saying('exec'),
  seen: true,
});

describe('the track', () => {
  it('goes from the first moment to now, and no further back than what is kept', () => {
    expect(spanOf(timeline, BEGIN + 60_000)).toEqual({ from: BEGIN, to: BEGIN + 60_000 });
    const quiet = spanOf(timeline, BEGIN + 3_600_000);
    expect(quiet.to - quiet.from).toBe(liveBounds(10).time);
    // A file of one moment.
    expect(spanOf(timeline, null)).toEqual({ from: BEGIN - 1_000, to: BEGIN });
  });

  it('places what is outside of it at its ends', () => {
    const span = { from: 100, to: 200 };
    expect([0, 100, 150, 200, 999].map((at) => placeOf(span, at))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('a thousand events are as many marks as have room, each of its gravest', () => {
    const span = { from: 0, to: 1_000_000 };
    const storm = Array.from({ length: 1_000 }, (_, index) => one(index * 1_000, index % 50 === 0 ? 'oom' : 'exec'));
    const marks = marksOf(storm, span);
    expect(marks.length).toBeLessThan(170);
    expect(marks.flatMap(({ happenings }) => happenings)).toHaveLength(1_000);
    expect(marks.filter(({ happenings: [first] }) => first?.what === 'oom')).toHaveLength(20);
    expect(
      marksOf(
        HAPPENING_KINDS.map((what) => one(5, what)),
        span,
      ),
    ).toHaveLength(1);
  });

  it('events follow each other in both directions', () => {
    const list = [one(10, 'started'), one(20, 'died')];
    expect(eventFrom(list, null, -1)).toBe(20);
    expect(eventFrom(list, 20, -1)).toBe(10);
    expect(eventFrom(list, 10, -1)).toBeNull();
    expect(eventFrom(list, 10, 1)).toBe(20);
    expect(eventFrom(list, 20, 1)).toBeNull();
  });
});
