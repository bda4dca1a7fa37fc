import type { Container } from '../snapshot/snapshot.ts';
import { firstOf, t } from '../words/words.ts';

/** Containers that are named before the rest is only counted. */
const MOST_NAMED = 20;

/** Containers by name, for whoever named one that is not there: those first that have in their names what was typed. */
export function containerNames(containers: readonly Pick<Container, 'name'>[], typed: string): string {
  const names = containers.map(({ name }) => name);
  const like = names.filter((name) => typed !== '' && name.toLowerCase().includes(typed.toLowerCase()));
  const all = [...like, ...names.filter((name) => !like.includes(name))];
  return firstOf(all, MOST_NAMED) || t('none');
}

/** What was typed, as a message says it: where it is nothing, that is seen. */
export const typedText = (text: string): string => (text.trim() === '' ? `“${text}”` : text);
