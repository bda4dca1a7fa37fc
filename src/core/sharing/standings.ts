import { kept } from '../snapshot/kept.ts';
import { NAMESPACE_KINDS, type NamespaceId, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { pathCause } from './causes.ts';
import { elsewhereOf, type Incidences } from './incidences.ts';
import type { ContainerProcesses } from './members.ts';
import type { ContainerStanding, SharedNamespace, StandingRow } from './sharing.ts';

const NO_PIDS: readonly number[] = [];

/** How one container stands in each kind; what equals `before` is the same object. */
export function standingsOf(
  container: Container,
  own: ContainerProcesses | undefined,
  { byNamespace, incidences }: { byNamespace: ReadonlyMap<NamespaceId, SharedNamespace>; incidences: Incidences },
  before: StandingRow | undefined,
): StandingRow {
  const pids = own === undefined ? null : elsewhereOf(own).pids;
  const at = (kind: NamespaceKind): ContainerStanding => {
    const was = before?.[kind];
    const namespace = own?.init.namespaces[kind] ?? null;
    const elsewhere = pids?.get(kind) ?? NO_PIDS;
    const shared = namespace === null ? undefined : byNamespace.get(namespace);
    const standing =
      namespace === null
        ? 'unknown'
        : shared === undefined
          ? 'private'
          : incidences.withHost(namespace)
            ? 'host'
            : 'shared';
    // Nobody else may be in it, and yet it may not have been made for this container.
    const cause =
      standing === 'private'
        ? kept(was?.cause ?? undefined, pathCause(container, kind))
        : (shared?.causes.get(container.id) ?? null);
    const partners = shared === undefined ? 0 : shared.members.length - 1;
    const same =
      was !== undefined &&
      was.namespace === namespace &&
      was.standing === standing &&
      was.cause === cause &&
      was.partners === partners &&
      kept(was.elsewhere, elsewhere) === was.elsewhere;
    return same ? was : { namespace, standing, cause, partners, elsewhere };
  };
  const row: StandingRow = {
    mnt: at('mnt'),
    pid: at('pid'),
    net: at('net'),
    ipc: at('ipc'),
    uts: at('uts'),
    user: at('user'),
    cgroup: at('cgroup'),
    time: at('time'),
  };
  return before !== undefined && NAMESPACE_KINDS.every((kind) => before[kind] === row[kind]) ? before : row;
}
