import { appendFileSync, closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { block, blocksOf, isRecording, recordingHead } from '#core/recording/blocks.ts';
import {
  type Between,
  decodeEntry,
  decodeRecording,
  type Entry,
  encodeEntry,
  type Recording,
} from '#core/recording/recording.ts';
import { LARGEST_SNAPSHOT_BYTES } from '#core/snapshot/decode.ts';
import { t } from '#core/words/words.ts';

/** A recording of a file's bytes. Throws a sentence for people where nothing of it can be read. */
export function readRecording(bytes: Uint8Array): Recording {
  const { blocks, whole } = blocksOf(bytes);
  const texts: string[] = [];
  let cut = whole < bytes.length;
  for (const each of blocks) {
    try {
      texts.push(gunzipSync(each, { maxOutputLength: LARGEST_SNAPSHOT_BYTES }).toString('utf8'));
    } catch {
      cut = true;
      break;
    }
  }
  return decodeRecording(texts, cut);
}

/** A file that entries are appended to; each is whole on the disk, or not there. */
export interface RecordingFile {
  /** When the last of what is in it already was (ISO 8601); null where there is none. */
  readonly last: string | null;
  /** @returns the bytes that it took */
  append(entry: Entry | Between): number;
}

function timeOf(entry: ReturnType<typeof decodeEntry>): string | null {
  if (typeof entry === 'string') return null;
  switch (entry.type) {
    case 'snapshot':
      return entry.snapshot.takenAt;
    case 'change':
      return entry.patch.takenAt;
    case 'event':
      return entry.event.at;
    case 'gap':
      return entry.gap.to;
  }
}

/** When the last of a recording's blocks was; null for none, and for one that is damaged. */
function lastOf(blocks: readonly Uint8Array[]): string | null {
  const last = blocks.at(-1);
  if (last === undefined) return null;
  try {
    return timeOf(decodeEntry(gunzipSync(last, { maxOutputLength: LARGEST_SNAPSHOT_BYTES }).toString('utf8')));
  } catch {
    return null;
  }
}

/**
 * Opens a file for more entries: a new one, or a recording, whose end is mended where it was cut off.
 * Throws a sentence for people where it is something else.
 */
export function openRecording(file: string): RecordingFile {
  let bytes: Uint8Array | null = null;
  let last: string | null = null;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (bytes === null || bytes.length === 0) appendFileSync(file, recordingHead());
  else if (!isRecording(bytes)) throw new Error(t('it exists and is not a recording. Name another file.'));
  else {
    const { blocks, whole } = blocksOf(bytes);
    last = lastOf(blocks);
    const handle = openSync(file, 'r+');
    ftruncateSync(handle, whole);
    closeSync(handle);
    if (whole === 0) appendFileSync(file, recordingHead());
  }
  return {
    last,
    append(entry) {
      const written = block(gzipSync(encodeEntry(entry)));
      appendFileSync(file, written);
      return written.length;
    },
  };
}
