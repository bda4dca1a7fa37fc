import { visibleText } from '../text/visible.ts';
import { commas, t } from '../words/words.ts';
import { type IdRange, type Level, rootSentence } from './levels.ts';

/** How many processes of a level are listed one by one. */
export const FIRST_PROCESSES = 5;

/**
 * What a level is called: by its containers, or by the first of its processes.
 * @param told the names of its containers
 */
export function levelName(
  { namespace, kind, containers, processes }: Level,
  told: readonly string[],
  outer: Level | null,
): string {
  if (namespace.initial) return kind === 'user' ? t('The machine: its users') : t('The machine: its processes');
  if (kind === 'user') return t('User namespace');
  const first = processes[0] === undefined ? t('PID namespace') : visibleText(processes[0].comm);
  // To the outer engine, everything that an engine inside a container starts belongs to that container.
  if (outer?.containers.includes(containers[0] ?? '') === true)
    return t('{name}, inside {outer}', { name: first, outer: told[0] ?? '' });
  return told.length > 0 ? commas(told.slice(0, 3)) : first;
}

/** Who is root of a level, or what it sees; '' if there is nothing to say. */
export function levelSentence({ namespace, kind }: Level, map: readonly IdRange[] | null): string {
  if (kind === 'user') return rootSentence(namespace, map);
  return namespace.initial ? t('sees every process of the machine') : '';
}
