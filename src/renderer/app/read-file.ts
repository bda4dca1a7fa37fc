import { isRecording } from '#core/recording/blocks.ts';
import type { Timeline } from '#core/recording/timeline.ts';
import { decodeSnapshotFile } from '#core/snapshot/decode.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
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

/** Reads the bytes of a snapshot or a recording. */
export async function readBytes(bytes: Uint8Array<ArrayBuffer>): Promise<FileAnswer> {
  if (isRecording(bytes)) {
    try {
      const { timeline, problem } = await readRecording(bytes);
      if (timeline === null) return { ok: false, reason: problem ?? 'The recording holds no moment.' };
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
