import { t } from '../words/words.ts';

/**
 * The frame of a recording's file: eight letters, a version, then blocks that each say how long they are. What was cut
 * off in the middle of writing is the last block only.
 */

/** `bulkhead` in ASCII. */
const MAGIC = [0x62, 0x75, 0x6c, 0x6b, 0x68, 0x65, 0x61, 0x64];
const VERSION = 1;
const HEAD = MAGIC.length + 4;
/** The most bytes of one block: a damaged file may claim any length. */
const LARGEST_BLOCK = 256 * 1024 * 1024;

/** What a file of a recording begins with. */
export function recordingHead(): Uint8Array {
  const head = new Uint8Array(HEAD);
  head.set(MAGIC);
  new DataView(head.buffer).setUint32(MAGIC.length, VERSION);
  return head;
}

/** A block as it is written: its length, then its bytes. */
export function block(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + bytes.length);
  new DataView(out.buffer).setUint32(0, bytes.length);
  out.set(bytes, 4);
  return out;
}

/** True where a file says of itself that it is a recording. */
export function isRecording(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

export interface Blocks {
  /** Each is one gzip file. */
  readonly blocks: readonly Uint8Array[];
  /** Up to where the file is whole: there more can be appended. */
  readonly whole: number;
}

/** The blocks of a recording's file. Throws a sentence for people where it is of another version. */
export function blocksOf(bytes: Uint8Array): Blocks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEAD) return { blocks: [], whole: 0 };
  const version = view.getUint32(MAGIC.length);
  if (version !== VERSION) {
    throw new Error(
      t('This recording has format version {version}; this Bulkhead reads {known}. Update Bulkhead.', {
        version,
        known: VERSION,
      }),
    );
  }
  const blocks: Uint8Array[] = [];
  let at = HEAD;
  while (at + 4 <= bytes.length) {
    const length = view.getUint32(at);
    if (length > LARGEST_BLOCK || at + 4 + length > bytes.length) break;
    blocks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { blocks, whole: at };
}
