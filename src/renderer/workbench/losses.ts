import { createTargetFinder, modeOf, namesContainer } from '#core/sharing/members.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Container, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, semicolons, t } from '#core/words/words.ts';

/** What is lost with a namespace of each kind whose owner ends. */
const LOSS: Readonly<Record<NamespaceKind, PlainMessage>> = {
  mnt: 'loses its file systems',
  // Whoever is in the pid namespace of an init that ends is killed with it. Source: pid_namespaces(7).
  pid: 'ends with it',
  // The engine takes the container's links away; what stays is a namespace with nothing but its loopback.
  net: 'loses its network',
  ipc: 'no longer shares its memory',
  uts: 'no longer shares its host name',
  user: 'no longer shares its users',
  cgroup: 'no longer shares its cgroup',
  time: 'no longer shares its clock',
};

/** Running containers that borrow a namespace of this one, with what they borrow. */
export function borrowers(
  snapshot: Snapshot,
  owner: Container,
): readonly { readonly container: Container; readonly kinds: readonly NamespaceKind[] }[] {
  const targetOf = createTargetFinder(snapshot.containers);
  return snapshot.containers.flatMap((container) => {
    if (container.pid === null || container.id === owner.id) return [];
    const kinds = NAMESPACE_KINDS.filter((kind) => {
      const mode = modeOf(container, kind);
      return namesContainer(mode) && targetOf(mode)?.id === owner.id;
    });
    return kinds.length === 0 ? [] : [{ container, kinds }];
  });
}

/** Names that are told before they are only counted. */
const MOST_NAMED = 6;

/** Who loses what when a container is stopped, restarted or removed; '' for nobody. */
export function losses(snapshot: Snapshot, owner: Container): string {
  const all = borrowers(snapshot, owner);
  const told = all.slice(0, MOST_NAMED).map(({ container, kinds }) => {
    // A container that is killed cannot lose anything else.
    const lost = (kinds.includes('pid') ? (['pid'] as const) : kinds).map((kind) => t(LOSS[kind]));
    const all = lost.reduce((one, other) => t('{one} and {other} ⟨verbs⟩', { one, other }));
    return t('{name} {losses}', { name: visibleText(container.name), losses: all });
  });
  if (told.length === 0) return '';
  const rest = all.length - told.length;
  const list = semicolons(told);
  return rest > 0 ? t('{list}; and {count, number} more.', { list, count: rest }) : t('{list}.', { list });
}
