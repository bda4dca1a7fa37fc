import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
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
    for (const kind of NAMESPACE_KINDS) {
      const declared = modeOf(container, kind);
      if (!namesContainer(declared)) continue;
      const own = running.get(container.id);
      // A container that does not run cannot be cut off from anything.
      if (own === undefined) continue;
      const target = targetOf(declared);
      const { name } = container;
      const report = (text: string): void => {
        const told = declared.replace(/[0-9a-f]{64}/, (id) => id.slice(0, 12));
        broken.push({ container: container.id, kind, target: target?.id ?? null, declared: told, text });
      };
      if (target === null) {
        report(
          t(
            '{name} was started in the {kind} namespace of a container that no longer exists. Recreate {name} with one that does.',
            { name, kind },
          ),
        );
        continue;
      }
      const other = running.get(target.id);
      if (other === undefined) {
        if (target.pid === null) {
          report(
            t(
              '{name} still uses the {kind} namespace of {owner}, which has stopped. Start {owner}, then restart {name}.',
              { name, kind, owner: target.name },
            ),
          );
        }
        continue;
      }
      const mine = own.init.namespaces[kind];
      const theirs = other.init.namespaces[kind];
      if (mine !== null && theirs !== null && mine !== theirs) {
        report(
          t(
            '{name} is set to share the {kind} namespace of {owner} but does not: {owner} got a new one when it was restarted. Restart {name} to join it.',
            { name, kind, owner: target.name },
          ),
        );
      }
    }
  }
  return broken;
}
