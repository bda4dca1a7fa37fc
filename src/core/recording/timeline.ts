import { applyPatch, diffSnapshots } from '../diff/diff.ts';
import type { Patch } from '../diff/patch.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { saying } from '../words/words.ts';
import { execsIn, happened } from './changes.ts';
import { type Happening, type Told, toldText } from './happening.ts';
import { heapSize } from './heap-size.ts';
import { type Between, CHANGES_BETWEEN, type Entry } from './recording.ts';

/** How much is kept. Beyond it the oldest is dropped. */
export interface Bounds {
  /** Milliseconds. */
  readonly time: number;
  /** Of memory. */
  readonly bytes: number;
}

/** What the app keeps of what it watches, for so many minutes. */
export const liveBounds = (minutes: number): Bounds => ({ time: minutes * 60_000, bytes: 64 * 1024 * 1024 });

/** Changes after which a whole snapshot is held, so that no moment is far from one. It shares what did not change. */
const CHANGES_A_STRETCH = 20;
/** The same for memory, as a part of the bound: so only a small part is dropped at once. */
const STRETCHES_AT_LEAST = 16;
const MOST_HAPPENINGS = 2_000;
/** An engine reports something first, and a scan may see it later, within this many milliseconds. */
const SEEN_WITHIN = 10_000;
const WORD = 8;

interface Change {
  readonly at: number;
  /** Null for the first that is kept. */
  readonly patch: Patch | null;
}

/** Moments that are stored as changes to one snapshot. */
interface Stretch {
  readonly start: Snapshot;
  /** The first is that of `start`. */
  readonly changes: readonly Change[];
  readonly bytes: number;
}

/** From when to when nothing was seen; `to` is null while that goes on. Milliseconds since 1970. */
export interface Gap {
  readonly from: number;
  readonly to: number | null;
}

/** What was seen of one machine, oldest first, within bounds: every moment of it can be shown. */
export interface Timeline {
  readonly bounds: Bounds;
  readonly stretches: readonly Stretch[];
  readonly newest: Snapshot;
  readonly happenings: readonly Happening[];
  readonly gaps: readonly Gap[];
  /** The memory that all of it takes, estimated as `heapSize` does. */
  readonly bytes: number;
  /** Which bound made the oldest moments go; null if all are still there. */
  readonly dropped: 'time' | 'bytes' | null;
}

const sizes = new WeakMap<object, number>();

function sizeOf(record: object): number {
  const known = sizes.get(record);
  if (known !== undefined) return known;
  const size = heapSize(record);
  sizes.set(record, size);
  return size;
}

/** All records of a snapshot, each counted once however many moments have it. */
function wholeSize({ processes, namespaces, containers }: Snapshot): number {
  let bytes = 0;
  for (const list of [processes, namespaces, containers]) for (const record of list) bytes += sizeOf(record) + WORD;
  return bytes;
}

/** The memory that a whole snapshot adds when its records are already kept: its lists, and those of the namespaces. */
function listSize({ processes, namespaces, containers }: Snapshot): number {
  const pids = namespaces.reduce((sum, namespace) => sum + namespace.pids.length, 0);
  return (processes.length + namespaces.length + containers.length + pids) * WORD;
}

const startOf = ({ changes }: Stretch): number => changes[0]?.at ?? 0;

/** Starts a timeline with the present snapshot. */
export function beginTimeline(snapshot: Snapshot, bounds: Bounds): Timeline {
  const first: Stretch = {
    start: snapshot,
    changes: [{ at: Date.parse(snapshot.takenAt), patch: null }],
    bytes: 0,
  };
  const bytes = wholeSize(snapshot);
  return { bounds, stretches: [first], newest: snapshot, happenings: [], gaps: [], bytes, dropped: null };
}

/** Drops the oldest until the rest is within the bounds. The newest stretch always stays. */
function within(timeline: Timeline): Timeline {
  const { bounds } = timeline;
  const now = endOf(timeline);
  let { stretches, bytes, dropped } = timeline;
  while (stretches.length > 1) {
    const [first, second] = stretches;
    if (first === undefined || second === undefined) break;
    const late = startOf(second) < now - bounds.time;
    if (!late && bytes <= bounds.bytes) break;
    bytes += wholeSize(second.start) - wholeSize(first.start) - first.bytes;
    stretches = stretches.slice(1);
    dropped = late ? 'time' : 'bytes';
  }
  const from = Math.max(startOf(stretches[0] as Stretch), now - bounds.time);
  const happenings = timeline.happenings.filter(({ at }) => at >= from).slice(-MOST_HAPPENINGS);
  const gaps = timeline.gaps.filter(({ to }) => to === null || to >= from);
  return { ...timeline, stretches, bytes, dropped, happenings, gaps };
}

/**
 * Each event is told once: if the engine has already reported it, that entry is marked as seen and leads to the moment
 * that shows it.
 */
function withSeen(known: readonly Happening[], news: readonly Happening[]): Happening[] {
  const list = [...known];
  for (const one of news) {
    const at = list.findLastIndex(
      (told) =>
        !told.seen && told.what === one.what && told.container === one.container && one.at - told.at <= SEEN_WITHIN,
    );
    const told = list[at];
    if (told !== undefined) list[at] = { ...told, seen: true, at: Math.max(told.at, one.at) };
    else if (one.what !== 'exec') list.push(one);
  }
  return list.sort((a, b) => a.at - b.at);
}

/** One more change, of the newest snapshot. */
export function recordChange(timeline: Timeline, patch: Patch): Timeline {
  const before = timeline.newest;
  const newest = applyPatch(before, patch);
  const last = timeline.stretches.at(-1) as Stretch;
  // A clock may be set back; the order stays.
  const at = Math.max(Date.parse(patch.takenAt), last.changes.at(-1)?.at ?? 0);
  const size = heapSize(patch);
  const full =
    last.changes.length >= CHANGES_A_STRETCH || last.bytes + size > timeline.bounds.bytes / STRETCHES_AT_LEAST;
  const change: Change = { at, patch };
  const added = full ? size + listSize(newest) : size;
  const stretches = full
    ? [...timeline.stretches, { start: newest, changes: [change], bytes: added }]
    : timeline.stretches.with(-1, { ...last, changes: [...last.changes, change], bytes: last.bytes + size });
  const execs = [...execsIn(patch, before, newest)].map(
    (container): Happening => ({ at, what: 'exec', container, text: saying('exec'), seen: true }),
  );
  const happenings = withSeen(timeline.happenings, [...happened(patch, before, newest), ...execs]);
  return within(seenAgain({ ...timeline, stretches, newest, happenings, bytes: timeline.bytes + added }, at));
}

/** A whole snapshot, after a loss or in between: what did not change keeps its identity. */
export function recordSnapshot(timeline: Timeline, snapshot: Snapshot): Timeline {
  const patch = diffSnapshots(timeline.newest, snapshot);
  return patch === null ? seenAgain(timeline, Date.parse(snapshot.takenAt)) : recordChange(timeline, patch);
}

/** What the engine told. */
export function recordTold(timeline: Timeline, told: Told): Timeline {
  const at = Date.parse(told.at);
  const { what, container } = told;
  const happening: Happening = { at, what, container, text: toldText(told), seen: what === 'oom', told };
  return within({ ...timeline, happenings: [...timeline.happenings, happening] });
}

/** Notes that from this time on nothing is seen. */
export function recordLoss(timeline: Timeline, from: number): Timeline {
  return timeline.gaps.at(-1)?.to === null ? timeline : { ...timeline, gaps: [...timeline.gaps, { from, to: null }] };
}

/** Notes that at this time the machine was seen again. */
export function seenAgain(timeline: Timeline, at: number): Timeline {
  const last = timeline.gaps.at(-1);
  return last?.to !== null ? timeline : { ...timeline, gaps: timeline.gaps.with(-1, { ...last, to: at }) };
}

/** When the first moment that is kept was, in milliseconds since 1970. */
export function beginOf({ stretches }: Timeline): number {
  return startOf(stretches[0] as Stretch);
}

/** When the last change, or the last of what was told, was. */
export function endOf({ stretches, happenings }: Timeline): number {
  return Math.max(stretches.at(-1)?.changes.at(-1)?.at ?? 0, happenings.at(-1)?.at ?? 0);
}

/** The times at which something changed, ascending, each once. */
export function changeTimes({ stretches }: Timeline): number[] {
  return [...new Set(stretches.flatMap(({ changes }) => changes.map(({ at }) => at)))];
}

/** What was there at a time; before the first moment that is kept, that one. */
export function pictureAt({ stretches, newest }: Timeline, at: number): Snapshot {
  if (at >= (stretches.at(-1)?.changes.at(-1)?.at ?? 0)) return newest;
  const stretch = stretches.findLast((one) => startOf(one) <= at) ?? (stretches[0] as Stretch);
  let snapshot = stretch.start;
  for (const change of stretch.changes.slice(1)) {
    if (change.at > at || change.patch === null) break;
    snapshot = applyPatch(snapshot, change.patch);
  }
  return snapshot;
}

/** All that is kept, as the parts of a recording's file, in the order of time. */
export function* entriesOf({ stretches, happenings, gaps }: Timeline): Generator<Entry | Between> {
  const iso = (at: number): string => new Date(at).toISOString();
  const between = [
    // Written before the moment that shows it, so that a reader also tells it only once.
    ...happenings.flatMap(({ told }) =>
      told === undefined ? [] : [{ at: Date.parse(told.at), entry: { type: 'event', event: told } as const }],
    ),
    ...gaps.flatMap(({ from, to }) =>
      to === null ? [] : [{ at: to, entry: { type: 'gap', gap: { from: iso(from), to: iso(to) } } as const }],
    ),
  ].sort((a, b) => a.at - b.at);
  let next = 0;
  /** Changes since the last whole snapshot; null before the first. */
  let since: number | null = null;
  for (const { start, changes } of stretches) {
    for (const [index, { at, patch }] of changes.entries()) {
      // Changes before the first moment have nothing to be applied to.
      for (; since !== null && (between[next]?.at ?? at) < at; next += 1) {
        const one = between[next];
        if (one !== undefined) yield one.entry;
      }
      if (index === 0 && (since === null || since + CHANGES_A_STRETCH >= CHANGES_BETWEEN)) {
        yield { type: 'snapshot', snapshot: start };
        since = 0;
      } else if (since !== null && patch !== null) {
        yield { type: 'change', patch };
        since += 1;
      }
    }
  }
  for (const { entry } of between.slice(next)) yield entry;
}

/** A timeline with one more part of a recording's file; null before its first moment. */
export function recordEntry(timeline: Timeline | null, entry: Entry | Between, bounds: Bounds): Timeline | null {
  if (timeline === null) return entry.type === 'snapshot' ? beginTimeline(entry.snapshot, bounds) : null;
  switch (entry.type) {
    case 'snapshot':
      return recordSnapshot(timeline, entry.snapshot);
    case 'change':
      return recordChange(timeline, entry.patch);
    case 'event':
      return recordTold(timeline, entry.event);
    case 'gap':
      return seenAgain(recordLoss(timeline, Date.parse(entry.gap.from)), Date.parse(entry.gap.to));
  }
}

/** The gap that a time lies in; null for none. */
export function gapAt({ gaps }: Timeline, at: number): Gap | null {
  return gaps.find(({ from, to }) => from < at && (to === null || at < to)) ?? null;
}
