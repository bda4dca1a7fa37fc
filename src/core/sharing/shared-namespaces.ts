import { engineProcesses } from '../services/trust.ts';
import { kept, keptList, type Made } from '../snapshot/kept.ts';
import { type NamespaceId, type NamespaceKind, parseNamespaceId } from '../snapshot/namespace.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import type { Steps } from '../snapshot/steps.ts';
import { causeOf, hostItself, joined, owner } from './causes.ts';
import type { Incidences } from './incidences.ts';
import { type ContainerProcesses, modeOf } from './members.ts';
import { type Cause, HOST, type MemberId, type SharedNamespace, type Sharing } from './sharing.ts';

/** Members of a namespace that is long. */
const LONG = 500;

/** Kinds whose joining brings the target's user namespace along. Source: moby daemon/oci_linux.go. */
const CARRIERS: readonly NamespaceKind[] = ['net', 'ipc', 'pid'];

/** Causes by container, kind by kind: what was made of the same facts is not made again. */
export type Causes = Readonly<Record<NamespaceKind, Made<MemberId, Cause>>>;

interface Given {
  readonly snapshot: Snapshot;
  readonly containers: readonly Container[];
  readonly byId: ReadonlyMap<MemberId, Container>;
  readonly running: ReadonlyMap<MemberId, ContainerProcesses>;
  readonly incidences: Incidences;
  readonly targetOf: (mode: string) => Container | null;
  readonly causes: Causes;
}

/** Containers that another one names in its mode, by kind. */
function namedByOthers({ containers, targetOf }: Given): Readonly<Record<NamespaceKind, ReadonlySet<MemberId>>> {
  const of = (kind: NamespaceKind): ReadonlySet<MemberId> => {
    const named = new Set<MemberId>();
    for (const container of containers) {
      const target = targetOf(modeOf(container, kind));
      if (target !== null) named.add(target.id);
    }
    return named;
  };
  const none: ReadonlySet<MemberId> = new Set();
  return {
    ...{ mnt: none, pid: of('pid'), net: of('net'), ipc: of('ipc') },
    ...{ uts: of('uts'), user: of('user'), cgroup: of('cgroup'), time: none },
  };
}

/** Every namespace with two or more members, and why each is in it; those that equal `before` are the same objects. */
export function* sharedNamespaces(
  given: Given,
  before: Sharing['byNamespace'] | undefined,
): Steps<Map<NamespaceId, SharedNamespace>> {
  const { snapshot, byId, running, incidences, targetOf, causes } = given;
  const { engine } = snapshot;
  const named = namedByOthers(given);

  const causeFor = (container: Container, kind: NamespaceKind, namespace: NamespaceId, withHost: boolean): Cause => {
    const declared = targetOf(modeOf(container, kind));
    const target = declared !== null && incidences.has(namespace, declared.id) ? declared : null;
    let carrier: { container: Container; kind: NamespaceKind } | null = null;
    if (kind === 'user') {
      for (const by of CARRIERS) {
        const other = targetOf(modeOf(container, by));
        if (other !== null && incidences.has(namespace, other.id)) carrier ??= { container: other, kind: by };
      }
    }
    const isNamed = named[kind].has(container.id);
    return causes[kind].get(
      container.id,
      [container, withHost, target, isNamed, carrier?.container, carrier?.kind, engine],
      () => causeOf({ container, kind, withHost, target, named: isNamed, carrier, engine }),
    );
  };

  /** Where somebody joined at run time and no mode names an owner, it was made for whoever was in it first. */
  const unnamedOwner = (
    namespace: NamespaceId,
    kind: NamespaceKind,
    members: readonly MemberId[],
    why: ReadonlyMap<MemberId, Cause>,
  ): MemberId | null => {
    if (incidences.withHost(namespace) || members.some((member) => why.get(member)?.code === 'owner')) return null;
    const startOf = (member: MemberId): number => running.get(member)?.init.startTime ?? Number.POSITIVE_INFINITY;
    const unexplained = members.filter((member) => {
      const code = why.get(member)?.code;
      const unsaid = code === 'joined-at-run-time' || (code === 'unknown' && kind === 'cgroup');
      return unsaid && !incidences.isLate(namespace, member);
    });
    return unexplained.sort((a, b) => startOf(a) - startOf(b))[0] ?? null;
  };

  const engineParts = engine?.rootless === true ? engineProcesses(snapshot) : [];
  /** What of a rootless engine stands in a namespace that is not the machine's. */
  const engineIn = (namespace: NamespaceId, kind: NamespaceKind): string[] => {
    if (snapshot.host.initial[kind] === namespace) return [];
    return engineParts
      .filter(({ namespaces }) => namespaces[kind] === namespace)
      .map(({ pid, argv, comm }) => `${argv[0]?.split('/').at(-1) ?? comm} ${pid}`);
  };

  const out = new Map<NamespaceId, SharedNamespace>();
  for (const [namespace, ids] of incidences.shared()) {
    const kind = parseNamespaceId(namespace)?.kind;
    if (kind === undefined) continue;
    const was = before?.get(namespace);
    const withHost = incidences.withHost(namespace);
    const late = incidences.lateIn(namespace);
    const why = new Map<MemberId, Cause>();
    for (const member of ids) {
      const container = byId.get(member);
      const cause =
        container === undefined
          ? kept(was?.causes.get(member), hostItself(engineIn(namespace, kind)))
          : late?.has(member)
            ? kept(was?.causes.get(member), joined())
            : causeFor(container, kind, namespace, withHost);
      why.set(member, cause);
    }
    const first = unnamedOwner(namespace, kind, ids, why);
    if (first !== null) why.set(first, kept(was?.causes.get(first), owner()));
    // Whoever has it of their own comes before those who joined it; the host before all.
    const isOwner = (member: MemberId): boolean => why.get(member)?.code === 'owner';
    const ranked = ids.some(isOwner)
      ? [
          ...ids.filter((member) => member === HOST),
          ...ids.filter((member) => isOwner(member)),
          ...ids.filter((member) => member !== HOST && !isOwner(member)),
        ]
      : ids;
    const members = keptList(was?.members, ranked);
    const same =
      was !== undefined && was.members === members && members.every((id) => was.causes.get(id) === why.get(id));
    out.set(namespace, same ? was : { namespace, kind, members, causes: why });
    // Those that all are in, as the user's, take as long as a hundred others.
    if (ids.length > LONG) yield;
  }
  return out;
}
