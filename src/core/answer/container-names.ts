import type { Container } from '../snapshot/snapshot.ts';
import { commas, t } from '../words/words.ts';

/** Containers that are named before the rest is only counted. */
const MOST_NAMED = 20;

/** Containers by name, for whoever named one that is not there: those first that have in their names what was typed. */
export function containerNames(containers: readonly Pick<Container, 'name'>[], typed: string): string {
  const names = containers.map(({ name }) => name);
  const like = names.filter((name) => typed !== '' && name.toLowerCase().includes(typed.toLowerCase()));
  const all = [...like, ...names.filter((name) => !like.includes(name))];
  const rest = all.length - MOST_NAMED;
  if (rest <= 0) return commas(all) || t('none');
  return t('{names} and {count, number} more', { names: commas(all.slice(0, MOST_NAMED)), count: rest });
}

/** What was typed, as a message says it: where it is nothing, that is seen. */
export const typedText = (text: string): string => (text.trim() === '' ? `“${text}”` : text);
