import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { isRecording } from '#core/recording/blocks.ts';
import { momentAt, type Recording, snapshotAt } from '#core/recording/recording.ts';
import { decodeSnapshotFile, LARGEST_SNAPSHOT_BYTES, tooLarge } from '#core/snapshot/decode.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { stored } from '#core/words/stored.ts';
import { t } from '#core/words/words.ts';
import { type Context, takeSnapshot, untilAborted } from './context.ts';
import type { EndpointOptions } from './endpoint-choice.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { readRecording } from './recording-file.ts';

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

/** The snapshot of a recording's bytes at a time; the last one where none is given. */
function recorded(context: Context, name: string, bytes: Uint8Array, at: string | undefined): Snapshot {
  let recording: Recording;
  try {
    recording = readRecording(bytes);
  } catch (error) {
    throw new CliError(EXIT.usage, t('{name}: {reason}', { name, reason: (error as Error).message }));
  }
  if (recording.problem !== null) {
    context.notice(t('{name}: {reason}', { name, reason: visibleText(recording.problem) }));
  }
  if (recording.entries.length === 0)
    throw new CliError(EXIT.usage, t('{name}: the recording holds no moment.', { name }));
  const index = at === undefined ? recording.entries.length - 1 : momentAt(recording, at);
  if (typeof index === 'string')
    throw new CliError(EXIT.usage, t('{name}: {reason}', { name, reason: visibleText(index) }));
  return snapshotAt(recording, index);
}

/** Whether a name is the standard input, or a moment of a recording that comes from there. */
export const fromStdin = (name: string): boolean => /^-(@|$)/.test(name);

/** A moment of a recording, as `FILE@TIME`; a file that is called so is that file. */
function momentOf(name: string): { readonly file: string; readonly at: string | undefined } {
  const [, file, at] = /^(.+)@([^@/\\]+)$/s.exec(name) ?? [];
  return file === undefined || existsSync(name) ? { file: name, at: undefined } : { file, at };
}

/**
 * The snapshot in a file (`-` for the standard input, `FILE@TIME` for a moment of a recording), or of a new scan where
 * none is named.
 * @param time of a recording: which moment; the last one where nothing is said
 * @param details a new scan takes what can be read on request as well; a file has it or has it not
 */
export async function readSnapshot(
  context: Context,
  named: string | undefined,
  options: EndpointOptions,
  details = false,
  time?: string,
): Promise<Snapshot> {
  if (named === undefined) return takeSnapshot(context, options, details);
  const { file, at } = time === undefined ? momentOf(named) : { file: named, at: time };
  const name = visibleText(file === '-' ? t('stdin') : file);
  let bytes: Uint8Array;
  try {
    if (file !== '-') {
      const { size } = await stat(file);
      if (size > LARGEST_SNAPSHOT_BYTES) throw new Error(tooLarge(size));
    }
    bytes = await readBytes(context, file);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      EXIT.usage,
      t('{file} cannot be read: {reason}', { file: name, reason: visibleText((error as Error).message) }),
    );
  }
  if (isRecording(bytes)) return recorded(context, name, bytes, at);
  if (at !== undefined) {
    throw new CliError(EXIT.usage, t('{name} is a single moment, not a recording: leave the time out.', { name }));
  }
  const decoded = decodeSnapshotFile(bytes, (part, encoding) =>
    new TextDecoder(encoding, { fatal: true }).decode(part),
  );
  if (decoded.ok) {
    for (const problem of decoded.snapshot.details?.problems ?? []) {
      context.notice(t('Note: {problem}', { problem: visibleText(stored(problem.message)) }));
    }
    return decoded.snapshot;
  }
  throw new CliError(EXIT.usage, t('{name}: {reason}', { name, reason: visibleText(decoded.message) }));
}
