import { CONTAINER_NAME } from '#core/snapshot/id-schemas.ts';
import { t } from '#core/words/words.ts';
import { EngineError } from './engine-error.ts';

/**
 * An id or name as a part of a path. Nothing else goes into one: a page, a file or an engine may have made it up.
 * @throws EngineError
 */
export function word(name: unknown): string {
  if (typeof name === 'string' && CONTAINER_NAME.test(name.replace(/^sha256:/, ''))) return name;
  throw new EngineError(
    () => t('This is neither the id nor the name of a container. Use one that `docker ps -a` lists.'),
    null,
  );
}
