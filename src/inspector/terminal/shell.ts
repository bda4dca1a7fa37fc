import { t } from '#core/words/words.ts';
import { ToldError } from '../told.ts';

/** What a terminal shows. */
export interface ShellListener {
  /** Called before the program starts, with a sentence that the user must know of it. */
  onNotice(message: string): void;
  onOutput(bytes: Buffer): void;
  /**
   * Called once, last, unless `close` came first.
   * @param code null when the program could not be started, or was lost
   * @param message why, and what to do; empty where the code says it all
   */
  onExit(code: number | null, message: string): void;
}

/** A program that runs with a terminal of its own. */
export interface Shell {
  /** What a user would type for the same. */
  readonly command: string;
  /** Resolves when the bytes are on their way, and also when the program has ended. */
  write(bytes: Buffer): Promise<void>;
  resize(columns: number, rows: number): void;
  /** Stops and goes on with reading the output: the program waits meanwhile. */
  pause(): void;
  resume(): void;
  /** Ends the program and what it runs; resolves when the engine was told. Safe to call twice. */
  close(): Promise<void>;
}

/** There is no shell: `message` says why and what to do. */
export class ShellError extends ToldError {
  readonly code = 'shell';
}

/** A busy machine may need long to start one; whoever says nothing for so long never will. */
const START_WITHIN_MS = 60_000;

/** Calls `fail` unless the returned function is called in time: the shell has started, or has said why not. */
export function startLimit(fail: (error: ShellError) => void): () => void {
  const timer = setTimeout(
    () =>
      fail(
        new ShellError(() =>
          t('The shell did not start within {seconds} s. Try again, or look whether the engine hangs.', {
            seconds: START_WITHIN_MS / 1_000,
          }),
        ),
      ),
    START_WITHIN_MS,
  );
  return () => clearTimeout(timer);
}
