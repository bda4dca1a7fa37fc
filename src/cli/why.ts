import { why, whyCommands } from '#core/answer/why.ts';
import { whyTarget } from '#core/answer/why-target.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { firstOf, sentences, t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, snapshotExit } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { readSnapshot } from './read-snapshot.ts';
import { tone } from './text.ts';

/** Members that are named before the rest is only counted. */
const MOST_NAMED = 8;

export interface WhyOptions extends ReadOptions {
  readonly snapshot?: string;
}

function subjectOf(snapshot: Snapshot, text: string) {
  const target = whyTarget(snapshot, text);
  if (target.ok) return target.subject;
  const lines = target.candidates.map((candidate) => `\n  ${visibleText(candidate)}`).join('');
  throw new CliError(EXIT.usage, visibleText(target.message) + lines);
}

/** In which namespaces one is, or two are, and why. */
export function whyCommand(a: string, b: string | undefined, options: WhyOptions): Command {
  return async (context) => {
    const snapshot = await readSnapshot(context, options.snapshot, options);
    const subjects = [a, ...(b === undefined ? [] : [b])].map((text) => subjectOf(snapshot, text));
    const rows = why(snapshot, analyseSharing(snapshot), subjects);
    if (options.json === true) {
      context.out(`${visibleJson(rows, 2)}\n`);
      return snapshotExit(snapshot);
    }
    for (const { kind, namespace, members, cause } of rows) {
      const head = `${tone(kind.padEnd(6), 'bold', context.colour)} ${namespace ?? t('unknown')}`;
      const who = firstOf(members, MOST_NAMED);
      context.out(`${head}  ${tone(visibleText(who), 'dim', context.colour)}\n       ${visibleText(cause)}\n`);
    }
    for (const command of new Set(whyCommands(snapshot, subjects))) {
      context.out(`${sentences(tone(t('the same:'), 'dim', context.colour), visibleText(command))}\n`);
    }
    return snapshotExit(snapshot);
  };
}
