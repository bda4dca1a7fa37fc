import * as z from 'zod';
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type Snapshot, snapshotSchema } from './snapshot.ts';

export type Decoded =
  | { readonly ok: true; readonly snapshot: Snapshot }
  /** `message` says what is wrong, where, and what to do. */
  | { readonly ok: false; readonly message: string };

const headSchema = z.object({ format: z.string(), version: z.number() });

function refuse(message: string): Decoded {
  return { ok: false, message };
}

/** Reads a saved snapshot. Unknown fields are ignored; a newer version is refused; nothing throws. */
export function decodeSnapshot(text: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(
      `This is not JSON (${error instanceof Error ? error.message : 'unreadable'}). Open a file that Bulkhead saved.`,
    );
  }
  const head = headSchema.safeParse(value);
  if (!head.success || head.data.format !== SNAPSHOT_FORMAT) {
    return refuse(`This is JSON and not a Bulkhead snapshot: "format" is not "${SNAPSHOT_FORMAT}".`);
  }
  if (head.data.version > SNAPSHOT_VERSION) {
    return refuse(
      `This snapshot has format version ${head.data.version}; this Bulkhead reads up to ${SNAPSHOT_VERSION}. Update Bulkhead.`,
    );
  }
  const parsed = snapshotSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.map(String).join('.') ?? '';
    return refuse(`This snapshot is damaged at "${where}": ${issue?.message ?? 'invalid'}. Save it again.`);
  }
  return { ok: true, snapshot: parsed.data };
}

/** The canonical text of a snapshot: the schema's key order, two spaces, one line feed at the end. */
export function encodeSnapshot(snapshot: Snapshot): string {
  // Parsing puts known keys into the schema's order, whatever order the object was built in.
  return `${JSON.stringify(snapshotSchema.parse(snapshot), null, 2)}\n`;
}
