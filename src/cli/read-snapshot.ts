import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { decodeSnapshotFile, LARGEST_SNAPSHOT_BYTES, tooLarge } from '#core/snapshot/decode.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { type Context, takeSnapshot, untilAborted } from './context.ts';
import type { Wish } from './endpoint-choice.ts';
import { CliError, EXIT } from './exit-codes.ts';

/** All of a file or of the standard input, up to what a snapshot may have. An interruption ends the wait for it. */
async function readBytes({ signal, terminal }: Context, file: string): Promise<Uint8Array> {
  const stream: Readable = file === '-' ? terminal.input : createReadStream(file);
  const collect = async (): Promise<Uint8Array> => {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of stream) {
      length += (piece as Buffer).length;
      if (length > LARGEST_SNAPSHOT_BYTES) throw new Error(tooLarge(length));
      pieces.push(piece as Buffer);
    }
    return Buffer.concat(pieces);
  };
  try {
    return await untilAborted(signal, collect());
  } finally {
    // Nothing is kept open by what is no longer wanted.
    stream.destroy();
  }
}

/**
 * The snapshot in a file (`-` for the standard input), or of a new scan where none is named.
 * @param details a new scan takes what can be read on request as well; a file has it or has it not
 */
export async function readSnapshot(
  context: Context,
  file: string | undefined,
  wish: Wish,
  details = false,
): Promise<Snapshot> {
  if (file === undefined) return takeSnapshot(context, wish, details);
  const name = visibleText(file === '-' ? 'stdin' : file);
  let bytes: Uint8Array;
  try {
    if (file !== '-') {
      const { size } = await stat(file);
      if (size > LARGEST_SNAPSHOT_BYTES) throw new Error(tooLarge(size));
    }
    bytes = await readBytes(context, file);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.failed, `${name} cannot be read: ${visibleText((error as Error).message)}`);
  }
  const decoded = decodeSnapshotFile(bytes, (part, encoding) =>
    new TextDecoder(encoding, { fatal: true }).decode(part),
  );
  if (decoded.ok) {
    for (const problem of decoded.snapshot.details?.problems ?? []) {
      context.notice(`Note: ${visibleText(problem.message)}`);
    }
    return decoded.snapshot;
  }
  throw new CliError(EXIT.failed, `${name}: ${visibleText(decoded.message)}`);
}
