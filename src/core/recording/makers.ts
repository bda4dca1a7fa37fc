import { NAMESPACE_KINDS, NAMESPACE_LINKS, type NamespaceId } from '../snapshot/namespace.ts';
import type { Process } from '../snapshot/snapshot.ts';

type Known = Pick<Process, 'namespaces' | 'container'>;

/**
 * The namespaces that a process has made: nobody had them a moment ago, and neither had it, or, where it is new, its
 * parent. What a container begins with was made for it, by who started it.
 * @param before the same process a moment ago; undefined where it is new
 * @param parent its parent, as it is now; undefined where that is not known
 * @param fresh the namespaces that are new
 */
export function madeBy(
  process: Known,
  before: Known | undefined,
  parent: Known | undefined,
  fresh: ReadonlySet<string>,
): NamespaceId[] {
  if (fresh.size === 0) return [];
  const isFresh = (id: NamespaceId | null): id is NamespaceId => id !== null && fresh.has(id);
  if (before !== undefined) {
    const made = NAMESPACE_LINKS.filter((link) => before.namespaces[link] !== process.namespaces[link]);
    return [...new Set(made.map((link) => process.namespaces[link]))].filter(isFresh);
  }
  if (parent === undefined || parent.container !== process.container) return [];
  // A time or pid namespace that the parent made for its children was made by the parent.
  const parents = new Set(NAMESPACE_LINKS.map((link) => parent.namespaces[link]));
  return NAMESPACE_KINDS.map((kind) => process.namespaces[kind])
    .filter(isFresh)
    .filter((id) => !parents.has(id));
}
