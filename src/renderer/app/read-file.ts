import { isRecording } from '#core/recording/blocks.ts';
import type { Timeline } from '#core/recording/timeline.ts';
import { decodeSnapshotFile } from '#core/snapshot/decode.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import { readRecording } from './read-recording.ts';

/** What a file holds: a snapshot, of a recording the last one with all that it holds; or why it cannot be opened. */
export type FileAnswer =
  | {
      readonly ok: true;
      readonly snapshot: Snapshot;
      readonly timeline: Timeline | null;
      /** What is missing from it, in a sentence; null if nothing is. */
      readonly problem: string | null;
    }
  | { readonly ok: false; readonly reason: string };

/** The lists of a snapshot that may be long. */
const LISTS = ['processes', 'namespaces', 'containers'] as const;

/** Records in one message. The page is blocked while it takes over one message, but not between two. */
const AT_ONCE = 1_000;

/** How much of a step is done, of 1: of the bytes taken from the disk, of what they mean, and of the records handed over. */
export interface Progress {
  readonly type: 'progress';
  readonly step: 'bytes' | 'meaning' | 'records';
  readonly done: number;
}

/** Where each step begins in the whole, and how much of it it is: as they take their time. */
const STEPS: Readonly<Record<Progress['step'], readonly [from: number, part: number]>> = {
  bytes: [0, 0.05],
  meaning: [0.05, 0.65],
  records: [0.7, 0.3],
};

/** How far a file is read, of 1. */
export function doneOf({ step, done }: Progress): number {
  const [from, part] = STEPS[step];
  return from + part * Math.min(1, Math.max(0, done));
}

/** What a file's worker says: the records of a snapshot come before the answer, which then has none. */
export type FileMessage =
  | Progress
  | { readonly type: 'records'; readonly list: (typeof LISTS)[number]; readonly records: readonly object[] }
  | { readonly type: 'answer'; readonly answer: FileAnswer };

/** The messages by which the page is told what a file holds. */
export function* messagesOf(answer: FileAnswer): Generator<FileMessage> {
  // The moments of a recording share their records, and would no longer share them in more than one piece.
  if (!answer.ok || answer.timeline !== null) {
    yield { type: 'answer', answer };
    return;
  }
  const { snapshot } = answer;
  const all = LISTS.reduce((sum, list) => sum + snapshot[list].length, 0);
  let sent = 0;
  for (const list of LISTS) {
    for (let at = 0; at < snapshot[list].length; at += AT_ONCE) {
      const records = snapshot[list].slice(at, at + AT_ONCE);
      yield { type: 'records', list, records };
      sent += records.length;
      yield { type: 'progress', step: 'records', done: sent / all };
    }
  }
  const rest = { ...snapshot, processes: [], namespaces: [], containers: [] };
  yield { type: 'answer', answer: { ...answer, snapshot: rest } };
}

/** Puts the messages about one file together again: gives the answer with the last of them. */
export function gatherAnswer(): (message: FileMessage) => FileAnswer | null {
  const lists: Record<(typeof LISTS)[number], object[]> = { processes: [], namespaces: [], containers: [] };
  return (message) => {
    if (message.type === 'progress') return null;
    if (message.type === 'records') {
      for (const record of message.records) lists[message.list].push(record);
      return null;
    }
    const { answer } = message;
    if (!answer.ok || answer.timeline !== null) return answer;
    return { ...answer, snapshot: { ...answer.snapshot, ...(lists as Pick<Snapshot, keyof typeof lists>) } };
  };
}

/** Reads the bytes of a snapshot or a recording. */
export async function readBytes(
  bytes: Uint8Array<ArrayBuffer>,
  onProgress: (progress: Progress) => void = () => {},
): Promise<FileAnswer> {
  const onStep = (done: number): void => onProgress({ type: 'progress', step: 'meaning', done });
  if (isRecording(bytes)) {
    try {
      const { timeline, alone, problem } = await readRecording(bytes, onStep);
      if (timeline === null) return { ok: false, reason: problem ?? t('The recording holds no moment.') };
      return { ok: true, snapshot: timeline.newest, timeline: alone ? null : timeline, problem };
    } catch (thrown) {
      return { ok: false, reason: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }
  const text = (part: Uint8Array, encoding: string) => new TextDecoder(encoding, { fatal: true }).decode(part);
  const decoded = decodeSnapshotFile(bytes, text, onStep);
  return decoded.ok
    ? { ok: true, snapshot: decoded.snapshot, timeline: null, problem: null }
    : { ok: false, reason: decoded.message };
}
