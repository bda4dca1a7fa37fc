import { visibleText } from '../text/visible.ts';
import type { Difference, Differences } from './difference.ts';

/** Longer arguments are cut: the JSON has them whole. */
const LONGEST = 160;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const SIGNS: Readonly<Record<Difference['change'], string>> = { added: '+', removed: '-', changed: '~' };

/** Of these the words say what they are. */
const PLAIN: ReadonlySet<Difference['what']> = new Set([
  'setting',
  'container',
  'limit',
  'port',
  'mount',
  'network',
  'namespace',
]);

/** A difference in one line for people, in its parts; all of it can be shown as it is. */
export function differenceWords({ change, what, container, text, before, after }: Difference) {
  const values = change === 'changed' ? `: ${before} → ${after}` : what === 'container' ? '' : `: ${before ?? after}`;
  const told = PLAIN.has(what) ? text : `${what} ${text}`;
  return {
    sign: SIGNS[change],
    who: container === null ? '' : visibleText(container),
    text: visibleText(cut(told) + cut(values)),
  };
}

/** All differences as text, a line each, with what the comparison rests on above them. */
export function differencesText({ notes, list }: Differences): string {
  const lines = list.map((each) => {
    const { sign, who, text } = differenceWords(each);
    return `${sign} ${who === '' ? '' : `${who}: `}${text}`;
  });
  return [...notes, ...lines].map((line) => `${line}\n`).join('');
}
