import type { Container, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { CliError, EXIT } from './exit-codes.ts';

/** Candidates that are listed before the rest is only counted. */
const MOST_LISTED = 20;

/** Containers that may have been meant, a line each; '' where there are none. */
export function candidateLines(containers: readonly Container[]): string {
  const lines = containers.slice(0, MOST_LISTED).map(({ id, name }) => `\n  ${id.slice(0, 12)} ${visibleText(name)}`);
  const rest = containers.length - lines.length;
  return lines.join('') + (rest > 0 ? `\n  ${t('and {count, number} more', { count: rest })}` : '');
}

/** Those whose names have in them what was typed. */
export function containersLike({ containers }: Snapshot, text: string): Container[] {
  const typed = text.toLowerCase();
  return containers.filter(({ helper, name }) => !helper && name.toLowerCase().includes(typed));
}

/** A shorter start of an id is too likely to be something else, such as a pid. */
const SHORTEST = 4;

/**
 * A container by its name, its id, or the start of its id, as docker takes it; null where there is none.
 * @throws CliError where several ids begin like that
 */
export function findContainer(snapshot: Snapshot, text: string): Container | null {
  const exact = snapshot.containers.find(({ id, name }) => name === text || id === text);
  if (exact !== undefined) return exact;
  if (text.length < SHORTEST) return null;
  const found = snapshot.containers.filter(({ id }) => id.startsWith(text));
  if (found.length < 2) return found[0] ?? null;
  throw new CliError(
    EXIT.usage,
    t('Several containers’ ids begin with {text}:', { text: visibleText(text) }) + candidateLines(found),
  );
}
