import { visibleText } from '../text/visible.ts';
import { t } from '../words/words.ts';
import type { Difference, Differences } from './difference.ts';

/** Longer arguments are cut: the JSON has them whole. */
const LONGEST = 160;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const SIGNS: Readonly<Record<Difference['change'], string>> = { added: '+', removed: '-', changed: '~' };

/** Of the others the words say what they are. */
function toldOf({ what, text }: Difference): string {
  if (what === 'machine') return t('machine {text}', { text });
  if (what === 'share') return t('share {text}', { text });
  return what === 'process' ? t('process {text}', { text }) : text;
}

/** A difference in one line for people, in its parts; all of it can be shown as it is. */
export function differenceWords(difference: Difference) {
  const { change, what, container, before, after } = difference;
  const values = change === 'changed' ? `${before} → ${after}` : what === 'container' ? null : (before ?? after);
  const told = cut(toldOf(difference));
  return {
    sign: SIGNS[change],
    who: container === null ? '' : visibleText(container),
    text: visibleText(values === null ? told : t('{what}: {told}', { what: told, told: cut(values) })),
  };
}

/** All differences as text, a line each, with what the comparison rests on above them. */
export function differencesText({ notes, list }: Differences): string {
  const lines = list.map((each) => {
    const { sign, who, text } = differenceWords(each);
    return `${sign} ${who === '' ? text : t('{what}: {told}', { what: who, told: text })}`;
  });
  return [...notes, ...lines].map((line) => `${line}\n`).join('');
}
