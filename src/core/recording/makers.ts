import { NAMESPACE_KINDS, NAMESPACE_LINKS, type NamespaceId } from '../snapshot/namespace.ts';
import type { Process } from '../snapshot/snapshot.ts';

type Known = Pick<Process, 'namespaces' | 'container'>;

/**
 * The namespaces that a process has made: nobody was in them a moment ago, neither itself nor, if it is new, its
 * parent. The namespaces of a container's first process were made for it by the runtime; what is exec'ed later begins
 * with the container's.
 * @param before the same process a moment ago; undefined where it is new
 * @param parent its parent, as it is now; undefined where that is not known
 * @param fresh the namespaces that are new
 * @param first the first process of its container; undefined outside of containers, and where it is not known
 */
export function madeBy(
  process: Known,
  before: Known | undefined,
  parent: Known | undefined,
  fresh: ReadonlySet<string>,
  first: Known | undefined,
): NamespaceId[] {
  if (fresh.size === 0) return [];
  const isFresh = (id: NamespaceId | null): id is NamespaceId => id !== null && fresh.has(id);
  if (before !== undefined) {
    const made = NAMESPACE_LINKS.filter((link) => before.namespaces[link] !== process.namespaces[link]);
    return [...new Set(made.map((link) => process.namespaces[link]))].filter(isFresh);
  }
  // Outside containers only the parent matters; inside, an exec'ed process has its parent outside.
  if (process.container === null ? parent?.container !== null : first === undefined) return [];
  // With what a parent made for its children: a time or pid namespace.
  const given = [parent, first].flatMap((each) => NAMESPACE_LINKS.map((link) => each?.namespaces[link] ?? null));
  const others = new Set(given);
  return NAMESPACE_KINDS.map((kind) => process.namespaces[kind])
    .filter(isFresh)
    .filter((id) => !others.has(id));
}
