import { Worker } from 'node:worker_threads';
import { type PlainMessage, sentences, t } from '#core/words/words.ts';
import { type Said, ToldError } from '../told.ts';

export function failure(code: 'export-too-large' | 'export-failed', text: Said): Error {
  return Object.assign(new ToldError(text), { code });
}

/** What can be done where a picture is too much for its format. */
export const INSTEAD: PlainMessage = 'Choose a smaller scale, filter it to fewer containers, or export SVG.';

/**
 * What a thread answers. It is one of its own and lives for one picture: the host goes on answering meanwhile.
 * @param withinMs limit of time, in milliseconds
 * @throws Error with code `export-failed`
 */
export function inThread<T>(file: URL, workerData: unknown, withinMs: number): Promise<T> {
  const worker = new Worker(file, { workerData });
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          failure('export-failed', () =>
            sentences(t('The picture was not drawn within {seconds} s.', { seconds: withinMs / 1000 }), t(INSTEAD)),
          ),
        ),
      withinMs,
    );
    worker.once('message', resolve);
    worker.once('error', (error) =>
      reject(failure('export-failed', () => t('The picture was not drawn: {reason}', { reason: error.message }))),
    );
    worker.once('exit', () =>
      reject(failure('export-failed', () => t('The picture was not drawn: its thread has ended.'))),
    );
    worker.once('exit', () => clearTimeout(timer));
  }).finally(() => void worker.terminate());
}

/** Pictures are drawn one after another: each may need some hundred megabytes. */
let last: Promise<unknown> = Promise.resolve();

export function oneAfterAnother<T>(draw: () => Promise<T>): Promise<T> {
  const drawing = last.then(draw);
  last = drawing.catch(() => {});
  return drawing;
}

/** Bytes of a file: in base64 it must fit into one message of a port. */
export const LARGEST_FILE = 40 * 1024 * 1024;
