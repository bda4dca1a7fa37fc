import { type Difference, type Differences, difference } from '#core/answer/difference.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import type { ReadOptions } from './commands.ts';
import { type Command, type Context, snapshotExit } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { readSnapshot } from './read-snapshot.ts';
import { type Tone, tone } from './text.ts';

const SIGNS: Readonly<Record<Difference['change'], readonly [string, Tone]>> = {
  added: ['+', 'green'],
  removed: ['-', 'red'],
  changed: ['~', 'yellow'],
};

/** Longer arguments are cut: the JSON has them whole. */
const LONGEST = 160;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function line({ change, what, container, text, before, after }: Difference, colour: boolean): string {
  const [sign, look] = SIGNS[change];
  const who = container === null ? '' : `${container}: `;
  const values = change === 'changed' ? `: ${before} → ${after}` : what === 'container' ? '' : `: ${before ?? after}`;
  // The words of these say what they are.
  const plain = new Set<Difference['what']>(['setting', 'container', 'limit', 'port', 'mount', 'network', 'namespace']);
  const told = plain.has(what) ? text : `${what} ${text}`;
  return `${tone(sign, look, colour)} ${tone(visibleText(who), 'bold', colour)}${visibleText(cut(told) + cut(values))}\n`;
}

function view({ list }: Differences, colour: boolean): string {
  return list.map((each) => line(each, colour)).join('');
}

/** What is not the same in two snapshots; `live` is a new scan. Ends with 5 when something is not. */
export function diffCommand(before: string, after: string, options: ReadOptions): Command {
  return async (context: Context) => {
    const isStdin = (name: string) => /^-(@|$)/.test(name);
    if (isStdin(before) && isStdin(after)) {
      throw new CliError(EXIT.usage, 'Only one of the two can be read from the standard input.');
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
      if (found.list.length === 0) context.notice('Nothing that was compared differs.');
    }
    if (found.list.length > 0) return EXIT.found;
    // What could not be compared may differ.
    return [old, now].some((each) => snapshotExit(each) === EXIT.partial) ? EXIT.partial : EXIT.ok;
  };
}
