import type { PlainMessage } from '#core/words/words.ts';

/** Exit codes of the command line, as `--help` and the README list them. Stable: scripts rely on them. */
export const EXIT = {
  ok: 0,
  /** The work failed; the message on stderr says why. */
  failed: 1,
  /** Wrong use: unknown command, option or value; a file that cannot be used. */
  usage: 2,
  /** No engine or machine could be used. */
  noEndpoint: 3,
  /** Data were printed, but all of it comes from the engine: the probe could not run. `reach`: it is not known. */
  partial: 4,
  /** What was looked for was found, and it is not as it should be, or not as it was: `check`, `diff`; `reach`: it does not arrive. */
  found: 5,
  /** Ended by Ctrl+C before the work was done (128 + SIGINT, as shells expect it). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, PlainMessage])[] = [
  [EXIT.ok, 'done'],
  [EXIT.failed, 'failed; the message on stderr says why'],
  [EXIT.usage, 'wrong use: unknown command, option or value; a file that cannot be used'],
  [EXIT.noEndpoint, 'no usable endpoint'],
  [EXIT.partial, "partial: the probe could not run, so only the engine's facts were printed; reach: unknown"],
  [EXIT.found, 'check: something is at least as bad as --fail-on says; diff: something differs; reach: not reachable'],
  [EXIT.interrupted, 'ended by Ctrl+C before the work was done'],
];

/** A failure with the code that the process ends with. The message is for people and says what to do. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
