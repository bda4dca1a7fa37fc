import { type Difference, type Differences, difference } from '#core/answer/difference.ts';
import { differenceWords } from '#core/answer/difference-text.ts';
import { visibleJson } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, type Context, snapshotExit } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { fromStdin, readSnapshot } from './read-snapshot.ts';
import { type Tone, tone } from './text.ts';

const TONES: Readonly<Record<Difference['change'], Tone>> = { added: 'green', removed: 'red', changed: 'yellow' };

function line(difference: Difference, colour: boolean): string {
  const { sign, who, text } = differenceWords(difference);
  const name = who === '' ? '' : tone(t('{name}: ', { name: who }), 'bold', colour);
  return `${tone(sign, TONES[difference.change], colour)} ${name}${text}\n`;
}

function view({ list }: Differences, colour: boolean): string {
  return list.map((each) => line(each, colour)).join('');
}

/** What is not the same in two snapshots; `live` is a new scan. Ends with 5 when something is not. */
export function diffCommand(before: string, after: string, options: ReadOptions): Command {
  return async (context: Context) => {
    if (fromStdin(before) && fromStdin(after)) {
      throw new CliError(EXIT.usage, t('Only one of the two can be read from the standard input.'));
    }
    const of = (name: string) => readSnapshot(context, name === 'live' ? undefined : name, options);
    // One after the other: both may be a scan.
    const old = await of(before);
    const now = await of(after);
    const found = difference(old, now);
    if (options.json === true) context.out(`${visibleJson(found, 2)}\n`);
    else {
      for (const note of found.notes) context.notice(note);
      context.out(view(found, context.colour));
      if (found.list.length === 0) context.notice(t('There are no differences in what was compared.'));
    }
    if (found.list.length > 0) return EXIT.found;
    // What could not be compared may differ.
    return [old, now].some((each) => snapshotExit(each) === EXIT.partial) ? EXIT.partial : EXIT.ok;
  };
}
