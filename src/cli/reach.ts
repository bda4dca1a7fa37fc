import type { Attempt } from '#core/answer/attempt.ts';
import { agreement, type Reach, type ReachAnswer, reach, reachReport } from '#core/answer/reach.ts';
import { ReachError } from '#core/answer/reach-hop.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { type PlainMessage, sentences, t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, type Context, pickEndpoint, untilAborted } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit-codes.ts';
import { readSnapshot } from './read-snapshot.ts';
import { type Tone, tone } from './text.ts';

export interface ReachOptions extends ReadOptions {
  /** A saved snapshot. */
  readonly snapshot?: string;
  /** Make one real connection, too. */
  readonly try?: boolean;
}

const VERDICTS: Readonly<Record<Reach['verdict'], { exit: ExitCode; tone: Tone; text: PlainMessage }>> = {
  reachable: { exit: EXIT.ok, tone: 'green', text: 'reachable' },
  'not-reachable': { exit: EXIT.found, tone: 'red', text: 'not reachable' },
  unknown: { exit: EXIT.partial, tone: 'yellow', text: 'unknown' },
};

function mark(ok: boolean | null, colour: boolean): string {
  if (ok === null) return tone('?', 'yellow', colour);
  return ok ? tone('✓', 'green', colour) : tone('✗', 'red', colour);
}

function outcome({ connected, error }: Attempt): string {
  if (error === null) return connected ? t('Tried: connected.') : t('Tried: not connected.');
  const reason = visibleText(error);
  return connected ? t('Tried: connected ({reason}).', { reason }) : t('Tried: not connected ({reason}).', { reason });
}

function triedText(verdict: Reach['verdict'], tried: Attempt): string {
  return `\n${sentences(outcome(tried), agreement(verdict, tried))}\n`;
}

function view({ verdict, because, hops, tried }: Reach, colour: boolean): string {
  const { tone: of, text } = VERDICTS[verdict];
  const steps = hops.map(
    ({ what, ok, evidence }) =>
      `  ${mark(ok, colour)} ${visibleText(what)}\n      ${tone(visibleText(evidence), 'dim', colour)}\n`,
  );
  const head = t('{verdict}. {because}', { verdict: tone(t(text), of, colour), because: visibleText(because) });
  return `${head}\n\n${steps.join('')}${tried === null ? '' : triedText(verdict, tried)}`;
}

/** One real connection, where one can be made from here. */
async function tryOnce(
  context: Context,
  options: ReachOptions,
  { attempt: goal }: ReachAnswer,
): Promise<Attempt | null> {
  if (goal === null) {
    context.notice(t('Nothing was tried: there is no address to connect to from there.'));
    return null;
  }
  const { net, address, port, protocol } = goal;
  const endpoint = await pickEndpoint({ ...context, notice: () => {} }, options);
  const inspector = await context.inspector();
  const destination = { address, port, protocol };
  return untilAborted(context.signal, inspector.request['reach.try']({ endpoint, net, destination }));
}

/** Whether a connection arrives, and the whole way, hop by hop. Ends with 5 where it does not, 4 where that is not known. */
export function reachCommand(from: string, to: string, options: ReachOptions): Command {
  return async (context) => {
    if (options.try === true && from === 'outside') {
      throw new CliError(
        EXIT.usage,
        t('--try connects from this machine, and `outside` is not on it: name `host`, a container or a pid.'),
      );
    }
    const snapshot = await readSnapshot(context, options.snapshot, options, true);
    let found: ReachAnswer;
    try {
      found = reach(snapshot, from, to);
    } catch (error) {
      if (error instanceof ReachError) throw new CliError(EXIT.usage, visibleText(error.message));
      throw error;
    }
    const report = reachReport(found, options.try === true ? await tryOnce(context, options, found) : null);
    context.out(options.json === true ? `${visibleJson(report, 2)}\n` : view(report, context.colour));
    return VERDICTS[found.verdict].exit;
  };
}
