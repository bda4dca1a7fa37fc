import * as z from 'zod';
import { applyPatch } from '../diff/diff.ts';
import { patchSchema } from '../diff/patch.ts';
import { decodeSnapshot } from '../snapshot/decode.ts';
import { type Snapshot, snapshotSchema } from '../snapshot/snapshot.ts';

/** One entry of a recording: the whole of a moment, or what changed since the one before. */
export type Entry =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'change'; readonly patch: z.infer<typeof patchSchema> };

const entrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), snapshot: z.unknown() }),
  z.object({ type: z.literal('change'), patch: patchSchema }),
]);

/** Changes after which a whole snapshot is written again, so that no moment is far from one. */
export const CHANGES_BETWEEN = 100;

/** Moments of one machine, oldest first. */
export interface Recording {
  readonly entries: readonly Entry[];
  /** What is missing, in a sentence; null where nothing is. */
  readonly problem: string | null;
}

export function encodeEntry(entry: Entry): string {
  return JSON.stringify(
    entry.type === 'snapshot' ? { ...entry, snapshot: snapshotSchema.parse(entry.snapshot) } : entry,
  );
}

/** What an entry's text says; a sentence where it says nothing. */
function decodeEntry(text: string): Entry | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is no JSON';
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) return 'is none that this Bulkhead knows';
  if (parsed.data.type === 'change') return parsed.data;
  const decoded = decodeSnapshot(JSON.stringify(parsed.data.snapshot));
  return decoded.ok ? { type: 'snapshot', snapshot: decoded.snapshot } : decoded.message;
}

/** A recording of the texts of its blocks. What follows a damaged one rests on it, and is left out. */
export function decodeRecording(texts: readonly string[], cut: boolean): Recording {
  const entries: Entry[] = [];
  for (const [index, text] of texts.entries()) {
    const entry = decodeEntry(text);
    if (typeof entry === 'string' || (entries.length === 0 && entry.type === 'change')) {
      const why = typeof entry === 'string' ? entry : 'says what changed, and there is nothing before it';
      return { entries, problem: `The recording ends early: its part ${index + 1} ${why}.` };
    }
    entries.push(entry);
  }
  return {
    entries,
    problem: cut ? 'The end of the recording is cut off: its last moment was not written whole.' : null,
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
  if (first === undefined || last === undefined) return 'The recording holds no moment.';
  const after = durationOf(time);
  const wanted = after === null ? Date.parse(time) : first + after;
  const range = `It goes from ${new Date(first).toISOString()} to ${new Date(last).toISOString()}.`;
  if (Number.isNaN(wanted)) {
    return `${time} is no time. Write one as 2026-01-31T12:00:00Z, or how long after the beginning: 90s, 10m. ${range}`;
  }
  if (wanted < first) return `${time} is before the recording. ${range}`;
  // People write whole seconds.
  if (wanted > last + 1_000) return `${time} is after the recording. ${range}`;
  return moments.findLastIndex((moment) => moment <= wanted);
}
