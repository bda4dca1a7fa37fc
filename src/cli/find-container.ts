import type { Container, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { CliError, EXIT } from './exit-codes.ts';

/** Shorter starts of ids are too likely to be something else: a pid. */
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
  const list = found.map(({ id, name }) => `  ${id.slice(0, 12)} ${visibleText(name)}`).join('\n');
  throw new CliError(
    EXIT.failed,
    `${t('Several containers’ ids begin with {text}:', { text: visibleText(text) })}\n${list}`,
  );
}
