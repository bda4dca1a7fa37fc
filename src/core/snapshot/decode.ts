import * as z from 'zod';
import { type Encoding, encodingOf } from '../text/encoding.ts';
import { inEnglish } from '../words/language.ts';
import { t } from '../words/words.ts';
import { readDetails } from './details-schema.ts';
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type Snapshot, snapshotSchema } from './snapshot.ts';

export type Decoded =
  | { readonly ok: true; readonly snapshot: Snapshot }
  /** `message` says what is wrong, where, and what to do. */
  | { readonly ok: false; readonly message: string };

/** Bytes of the largest file that is read: text and values are held at once, and 20,000 processes are about 25 MB. */
export const LARGEST_SNAPSHOT_BYTES = 256 * 1024 * 1024;
/** Objects and lists within each other: a snapshot has 6, and later versions may have more. */
const MOST_LEVELS = 64;
/** Objects and lists, and all values: a snapshot of 200,000 processes has about 2 and 12 million. */
const MOST_GROUPS = 8_000_000;
const MOST_VALUES = 40_000_000;

const headSchema = z.object({ format: z.string(), version: z.number(), details: z.unknown().optional() });
/** Details are read apart: one bad record of them is no reason to refuse the snapshot. */
const withoutDetails = snapshotSchema.omit({ details: true });

function refuse(message: string): Decoded {
  return { ok: false, message };
}

/** Why a text would take more memory to parse than any snapshot needs; null for one that would not. */
function tooMuch(text: string): string | null {
  let level = 0;
  let groups = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // A string: on to its end.
        for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
        break;
      case 0x5b:
      case 0x7b:
        level += 1;
        groups += 1;
        if (level > MOST_LEVELS)
          return t('its values are nested more than {count, number} levels deep', { count: MOST_LEVELS });
        if (groups > MOST_GROUPS)
          return t('it has more than {count, number} million objects and lists', { count: MOST_GROUPS / 1e6 });
        break;
      case 0x5d:
      case 0x7d:
        level -= 1;
        break;
      case 0x2c:
        values += 1;
        if (values > MOST_VALUES)
          return t('it has more than {count, number} million values', { count: MOST_VALUES / 1e6 });
    }
  }
  return null;
}

/**
 * Reads a saved snapshot from a file's bytes, in UTF-8 or in UTF-16, as PowerShell's `>` writes it.
 * @param text decodes bytes and throws where they are none of that encoding: `TextDecoder` with `fatal`
 */
export function decodeSnapshotFile(
  bytes: Uint8Array,
  text: (bytes: Uint8Array, encoding: Encoding) => string,
  onStep?: OnStep,
): Decoded {
  if (bytes.length > LARGEST_SNAPSHOT_BYTES) return refuse(tooLarge(bytes.length));
  const encoding = encodingOf(bytes);
  try {
    return decodeSnapshot(text(bytes, encoding), onStep);
  } catch {
    return refuse(
      t('This is not text in {encoding}. Open a file that Bulkhead saved.', { encoding: encoding.toUpperCase() }),
    );
  }
}

/** That a file of so many bytes is not read. */
export function tooLarge(bytes: number): string {
  return t('This file has {size} MB, and {limit} are the limit. Save a snapshot of fewer processes.', {
    size: Math.round(bytes / 1024 / 1024),
    limit: LARGEST_SNAPSHOT_BYTES / 1024 / 1024,
  });
}

/** How far the reading of a file is, at the end of each of its steps: of 1, and about as long as each takes. */
export type OnStep = (done: number) => void;
const CHECKED = 0.15;
const PARSED = 0.4;

/** Reads a saved snapshot. Unknown fields are ignored; a newer version is refused; nothing throws. */
export function decodeSnapshot(text: string, onStep: OnStep = () => {}): Decoded {
  const much = tooMuch(text);
  onStep(CHECKED);
  if (much !== null)
    return refuse(t('This is not a snapshot: {reason}. Open a file that Bulkhead saved.', { reason: much }));
  let value: unknown;
  try {
    // A byte order mark is no part of JSON.
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return refuse(
      t('This is not JSON ({reason}). Open a file that Bulkhead saved.', {
        reason: error instanceof Error ? error.message : String(error),
      }),
    );
  }
  onStep(PARSED);
  const head = headSchema.safeParse(value);
  if (!head.success || head.data.format !== SNAPSHOT_FORMAT) {
    return refuse(
      t('This is JSON and not a Bulkhead snapshot: "format" is not "{format}".', { format: SNAPSHOT_FORMAT }),
    );
  }
  if (head.data.version > SNAPSHOT_VERSION) {
    return refuse(
      t('This snapshot has format version {version}; this Bulkhead reads up to {newest}. Update Bulkhead.', {
        version: head.data.version,
        newest: SNAPSHOT_VERSION,
      }),
    );
  }
  const parsed = withoutDetails.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.map(String).join('.') ?? '';
    return refuse(
      t('This snapshot is damaged at "{where}": {reason}. Save it again.', { where, reason: issue?.message ?? '?' }),
    );
  }
  const { details } = head.data;
  if (details === undefined) return { ok: true, snapshot: parsed.data };
  return {
    ok: true,
    snapshot: { ...parsed.data, details: inEnglish(() => readDetails(details, parsed.data.takenAt)) },
  };
}

/** The canonical text of a snapshot: the schema's key order, two spaces, one line feed at the end. */
export function encodeSnapshot(snapshot: Snapshot): string {
  // Parsing puts known keys into the schema's order, whatever order the object was built in.
  return `${JSON.stringify(snapshotSchema.parse(snapshot), null, 2)}\n`;
}
