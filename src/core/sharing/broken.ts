import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { type ContainerProcesses, modeOf, namesContainer } from './members.ts';
import type { BrokenShare } from './sharing.ts';

/** Shares that are declared and not actual, whether the owner was restarted, stopped or removed. */
export function findBroken(
  snapshot: Snapshot,
  running: ReadonlyMap<string, ContainerProcesses>,
  targetOf: (mode: string) => Container | null,
): BrokenShare[] {
  const broken: BrokenShare[] = [];
  for (const container of snapshot.containers) {
    const own = running.get(container.id);
    // A container that does not run cannot be cut off from anything.
    if (own === undefined) continue;
    for (const kind of NAMESPACE_KINDS) {
      const declared = modeOf(container, kind);
      if (!namesContainer(declared)) continue;
      const target = targetOf(declared);
      const report = (text: string): void => {
        broken.push({ container: container.id, kind, target: target?.id ?? null, declared, text });
      };
      if (target === null) {
        report(
          `${container.name} was started in the ${kind} namespace of a container that no longer exists. Recreate ${container.name} with a container that does.`,
        );
        continue;
      }
      const other = running.get(target.id);
      if (other === undefined) {
        if (target.pid === null) {
          report(
            `${container.name} still uses the ${kind} namespace of ${target.name}, which has stopped. Start ${target.name}, then restart ${container.name}.`,
          );
        }
        continue;
      }
      const mine = own.init.namespaces[kind];
      const theirs = other.init.namespaces[kind];
      if (mine !== null && theirs !== null && mine !== theirs) {
        report(
          `${container.name} is set to share the ${kind} namespace of ${target.name}, and does not: ${target.name} got a new one when it was restarted. Restart ${container.name} to join it.`,
        );
      }
    }
  }
  return broken;
}
