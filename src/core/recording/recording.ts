import * as z from 'zod';
import { applyPatch } from '../diff/diff.ts';
import { patchSchema } from '../diff/patch.ts';
import { decodeSnapshot } from '../snapshot/decode.ts';
import { type Snapshot, snapshotSchema } from '../snapshot/snapshot.ts';
import { type PlainMessage, sentences, t } from '../words/words.ts';
import { type Told, toldSchema } from './happening.ts';

/** A moment of a recording: the whole of it, or what changed since the one before. */
export type Entry =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'change'; readonly patch: z.infer<typeof patchSchema> };

const gapSchema = z.object({ from: z.string(), to: z.string() });

/** What lies between the moments: what the engine told, and from when to when nothing was seen (ISO 8601). */
export type Between =
  | { readonly type: 'event'; readonly event: Told }
  | { readonly type: 'gap'; readonly gap: z.infer<typeof gapSchema> };

const entrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), snapshot: z.unknown() }),
  z.object({ type: z.literal('change'), patch: patchSchema }),
  z.object({ type: z.literal('event'), event: toldSchema }),
  z.object({ type: z.literal('gap'), gap: gapSchema }),
]);

/** Changes after which a whole snapshot is written again, so that no moment is far from one. */
export const CHANGES_BETWEEN = 100;

/** Moments of one machine, oldest first. */
export interface Recording {
  readonly entries: readonly Entry[];
  /** What is missing, in a sentence; null where nothing is. */
  readonly problem: string | null;
}

/** True for the part of a recording that is a moment. */
export function isMoment(entry: Entry | Between): entry is Entry {
  return entry.type === 'snapshot' || entry.type === 'change';
}

export function encodeEntry(entry: Entry | Between): string {
  return JSON.stringify(
    entry.type === 'snapshot' ? { ...entry, snapshot: snapshotSchema.parse(entry.snapshot) } : entry,
  );
}

const noTime = (times: readonly string[]): boolean => times.some((time) => Number.isNaN(Date.parse(time)));

/** The content of a part's text; if it cannot be read, why, as the end of a sentence. */
export function decodeEntry(text: string): Entry | Between | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return t('is not JSON');
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) return t('is not one that this Bulkhead knows');
  const { data } = parsed;
  if (data.type === 'change') return noTime([data.patch.takenAt]) ? t('has no time') : data;
  if (data.type === 'event') return noTime([data.event.at]) ? t('has no time') : data;
  if (data.type === 'gap') return noTime([data.gap.from, data.gap.to]) ? t('has no time') : data;
  const decoded = decodeSnapshot(JSON.stringify(data.snapshot));
  if (!decoded.ok) return decoded.message;
  return noTime([decoded.snapshot.takenAt]) ? t('has no time') : { type: 'snapshot', snapshot: decoded.snapshot };
}

export const NOTHING_BEFORE: PlainMessage = 'is a change, but there is nothing before it';
export const CUT_OFF: PlainMessage = 'The end of the recording is cut off: its last moment was not written whole.';

/** Why a recording ends at a part, counted from 0. */
export function endsEarly(index: number, why: string): string {
  return t('The recording ends early: its part {n, number} {why}.', { n: index + 1, why: why.replace(/[.。]$/, '') });
}

/** Reads a recording from the texts of its blocks. Blocks after a damaged one depend on it and are left out. */
export function decodeRecording(texts: readonly string[], cut: boolean): Recording {
  const entries: Entry[] = [];
  for (const [index, text] of texts.entries()) {
    const entry = decodeEntry(text);
    if (typeof entry === 'string' || (entries.length === 0 && entry.type === 'change')) {
      return { entries, problem: endsEarly(index, typeof entry === 'string' ? entry : t(NOTHING_BEFORE)) };
    }
    if (isMoment(entry)) entries.push(entry);
  }
  return {
    entries,
    problem: cut ? t(CUT_OFF) : null,
  };
}

/** ISO 8601, of each moment. */
export function momentsOf({ entries }: Recording): string[] {
  return entries.map((entry) => (entry.type === 'snapshot' ? entry.snapshot.takenAt : entry.patch.takenAt));
}

/** What was there at a moment. Linear in the changes since the snapshot before it. */
export function snapshotAt({ entries }: Recording, index: number): Snapshot {
  let first = index;
  while (first > 0 && entries[first]?.type === 'change') first -= 1;
  const start = entries[first];
  if (start?.type !== 'snapshot') throw new Error(`no moment ${index}`);
  let { snapshot } = start;
  for (const entry of entries.slice(first + 1, index + 1)) {
    if (entry.type === 'change') snapshot = applyPatch(snapshot, entry.patch);
  }
  return snapshot;
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `90s`, `10m`, `2h` in milliseconds; null for anything else. */
export function durationOf(text: string): number | null {
  const [, number, unit] = /^(\d{1,9})([smh])$/.exec(text) ?? [];
  return number === undefined ? null : Number(number) * UNITS[unit as keyof typeof UNITS];
}

/**
 * The moment that was true at a time.
 * @param time ISO 8601, or how long after the beginning: `90s`, `10m`
 * @returns its index, or a sentence that says what would be right
 */
export function momentAt(recording: Recording, time: string): number | string {
  const moments = momentsOf(recording).map((moment) => Date.parse(moment));
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return t('The recording holds no moment.');
  const after = durationOf(time);
  const wanted = after === null ? Date.parse(time) : first + after;
  const range = t('It goes from {first} to {last}.', {
    first: new Date(first).toISOString(),
    last: new Date(last).toISOString(),
  });
  if (Number.isNaN(wanted)) {
    return sentences(
      t('{time} is not a time. Write one as 2026-01-31T12:00:00Z, or how long after the beginning: 90s, 10m.', {
        time,
      }),
      range,
    );
  }
  if (wanted < first) return sentences(t('{time} is before the recording.', { time }), range);
  // People type whole seconds, moments have milliseconds.
  if (wanted > last + 1_000) return sentences(t('{time} is after the recording.', { time }), range);
  return moments.findLastIndex((moment) => moment <= wanted);
}
