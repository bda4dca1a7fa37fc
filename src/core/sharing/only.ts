import type { Snapshot } from '../snapshot/snapshot.ts';
import { isDefault } from './describe.ts';
import { HOST, type MemberId, type Sharing } from './sharing.ts';

/** These containers, and those that share a namespace with one of them by choice. */
export function withPartners(ids: Iterable<MemberId>, sharing: Sharing): ReadonlySet<MemberId> {
  const wanted = new Set(ids);
  const out = new Set(wanted);
  for (const shared of sharing.byNamespace.values()) {
    // The machine is everybody's partner, and tells nothing.
    if (isDefault(shared) || shared.members.includes(HOST)) continue;
    if (shared.members.some((member) => wanted.has(member))) for (const member of shared.members) out.add(member);
  }
  return out;
}

/** The same snapshot with these containers alone: no other one, none of their processes, no namespace of theirs alone. */
export function onlyContainers(snapshot: Snapshot, ids: ReadonlySet<string>): Snapshot {
  const gone = new Set(
    snapshot.processes.filter(({ container }) => container !== null && !ids.has(container)).map(({ pid }) => pid),
  );
  return {
    ...snapshot,
    containers: snapshot.containers.filter(({ id }) => ids.has(id)),
    processes: snapshot.processes.filter(({ pid }) => !gone.has(pid)),
    namespaces: snapshot.namespaces.flatMap((namespace) => {
      const pids = namespace.pids.filter((pid) => !gone.has(pid));
      const lost = namespace.pids.length > 0 && pids.length === 0 && !namespace.initial;
      return lost ? [] : [{ ...namespace, pids }];
    }),
  };
}
