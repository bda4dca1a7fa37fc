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
      /** What of it is missing, in a sentence; null where nothing is. */
      readonly problem: string | null;
    }
  | { readonly ok: false; readonly reason: string };

/** What of a snapshot may be long. */
const LISTS = ['processes', 'namespaces', 'containers'] as const;

/** Records of one message: the page stands still while it takes one over, and not between two. */
const AT_ONCE = 1_000;

/** What a file's worker says: the records of a snapshot come before the answer, which then has none. */
export type FileMessage =
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
  for (const list of LISTS) {
    for (let at = 0; at < snapshot[list].length; at += AT_ONCE) {
      yield { type: 'records', list, records: snapshot[list].slice(at, at + AT_ONCE) };
    }
  }
  const rest = { ...snapshot, processes: [], namespaces: [], containers: [] };
  yield { type: 'answer', answer: { ...answer, snapshot: rest } };
}

/** Puts the messages about one file together again: gives the answer with the last of them. */
export function gatherAnswer(): (message: FileMessage) => FileAnswer | null {
  const lists: Record<(typeof LISTS)[number], object[]> = { processes: [], namespaces: [], containers: [] };
  return (message) => {
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
export async function readBytes(bytes: Uint8Array<ArrayBuffer>): Promise<FileAnswer> {
  if (isRecording(bytes)) {
    try {
      const { timeline, problem } = await readRecording(bytes);
      if (timeline === null) return { ok: false, reason: problem ?? t('The recording holds no moment.') };
      return { ok: true, snapshot: timeline.newest, timeline, problem };
    } catch (thrown) {
      return { ok: false, reason: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }
  const decoded = decodeSnapshotFile(bytes, (part, encoding) =>
    new TextDecoder(encoding, { fatal: true }).decode(part),
  );
  return decoded.ok
    ? { ok: true, snapshot: decoded.snapshot, timeline: null, problem: null }
    : { ok: false, reason: decoded.message };
}
