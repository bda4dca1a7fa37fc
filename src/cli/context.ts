import type { Handlers, SessionStatus } from '#api/contract.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { stored } from '#core/words/stored.ts';
import { sentences, t } from '#core/words/words.ts';
import { chooseEndpoint, type EndpointOptions } from './endpoint-choice.ts';
import { CliError, EXIT, type ExitCode } from './exit-codes.ts';

/** The backend as the commands need it: the contract, in process, and its end, which removes every helper. */
export interface InProcess extends Handlers {
  /** Keeps a fault of ours in the log, where there is one. */
  fault(error: unknown): void;
  close(): Promise<void>;
}

/** What a command may touch. Everything of the outside comes through here, so that tests can stand in for it. */
export interface Context {
  readonly version: string;
  /** True when stdout is a terminal, or FORCE_COLOR asks for it; never with NO_COLOR. */
  readonly colour: boolean;
  readonly stdoutIsTerminal: boolean;
  /** Columns of the terminal that stdout is; null where it is none. */
  readonly columns: number | null;
  /** Our own terminal, or whatever stands in its place. */
  readonly terminal: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream };
  /** Aborted by Ctrl+C, SIGTERM, or a reader of stdout that went away. */
  readonly signal: AbortSignal;
  /** Data. */
  out(data: string | Uint8Array): void;
  /** Progress, notices and errors; one line without its break. Text of others must be escaped by the caller. */
  notice(text: string): void;
  /** Made on the first use, closed at the end of the process. `web` is for pages, which ask before they start a helper. */
  inspector(host?: 'cli' | 'web'): Promise<InProcess>;
}

/** What a command ends with: one of ours, or the exit code of a program that was run for the user. */
export type Command = (context: Context) => Promise<number>;

/** Waits for the promise, or for the end that the user asked for. */
export function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new CliError(EXIT.interrupted, t('Interrupted.')));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The endpoint's id; says on stderr when it is not the one that docker would use. */
export async function pickEndpoint(context: Context, options: EndpointOptions): Promise<string> {
  const inspector = await context.inspector();
  const reports = await untilAborted(context.signal, inspector.request['endpoints.list']({}));
  const { id, notice } = chooseEndpoint(reports, options);
  if (notice !== null) context.notice(notice);
  if (options.privilegedHelper === true) await inspector.request['session.allow-privileged']({ endpoint: id });
  return id;
}

/** A notice of a session in one line, with the option that does what the app offers a button for. */
export function noticeText({ message, advice, action }: SessionStatus['notices'][number]): string {
  const option = action === 'privileged-helper' ? t('With --privileged-helper it may run; it still only reads.') : null;
  return sentences(message, advice, option);
}

/** What a session says of itself, a line each. */
export function statusLines({ message, retryAt, notices }: SessionStatus): readonly string[] {
  if (retryAt === null) return [message, ...notices.map(noticeText)];
  const seconds = Math.max(1, Math.round((Date.parse(retryAt) - Date.now()) / 1_000));
  return [sentences(message, t('Next try in {seconds} s.', { seconds })), ...notices.map(noticeText)];
}

/**
 * One scan of the chosen endpoint. What is missing from it, and why, goes to stderr.
 * @param details true for what can be read on request as well
 */
export async function takeSnapshot(context: Context, options: EndpointOptions, details = false): Promise<Snapshot> {
  const endpoint = await pickEndpoint(context, options);
  const inspector = await context.inspector();
  let notices: readonly SessionStatus['notices'][number][] = [];
  // The status says what a snapshot cannot: why the probe does not run.
  const stop = inspector.subscribe.session({ endpoint }, (event) => {
    if (event.type === 'status') notices = event.status.notices;
  });
  try {
    const snapshot = await untilAborted(context.signal, inspector.request['snapshot.take']({ endpoint, details }));
    for (const notice of notices) context.notice(visibleText(noticeText(notice)));
    const problems = [...(snapshot.probe?.problems ?? []), ...(snapshot.details?.problems ?? [])];
    for (const problem of problems)
      context.notice(t('Note: {problem}', { problem: visibleText(stored(problem.message)) }));
    if (snapshot.probe === null) {
      context.notice(t('Nothing below the engine is known: no processes, no namespaces.'));
    }
    return snapshot;
  } finally {
    stop();
  }
}

/** `partial` when nothing below the engine is known. */
export function snapshotExit(snapshot: Snapshot): ExitCode {
  return snapshot.probe === null && snapshot.engine !== null ? EXIT.partial : EXIT.ok;
}
