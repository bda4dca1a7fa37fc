import { t } from '#core/words/words.ts';
import { EngineError } from './engine-error.ts';

/**
 * An id or name as a part of a path. Nothing else goes into one: a page, a file or an engine may have made it up.
 * @throws EngineError
 */
export function word(name: unknown): string {
  if (typeof name === 'string' && /^(sha256:)?[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/.test(name)) return name;
  throw new EngineError(() => t('This is no id and no name of a container. Use one that `docker ps -a` lists.'), null);
}
