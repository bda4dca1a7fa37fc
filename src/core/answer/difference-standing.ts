import { analyseSharing } from '../sharing/analyse.ts';
import { isDefault } from '../sharing/describe.ts';
import { HOST, type MemberId } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import type { Facts } from './difference-facts.ts';

/** What two snapshots are compared by of namespaces, shares and processes. */

/** A fact of a container, or of the machine where `id` is null. */
export interface Stated {
  readonly container: string | null;
  readonly id: string | null;
  /** What it is, in no language. */
  readonly key: string;
  readonly text: string;
  readonly value: string;
}

/** What containers are called in both snapshots, so that what is the same has the same name. */
interface Names {
  readonly later: (member: MemberId) => MemberId;
  readonly nameOf: (id: string) => string;
}

export interface Standing {
  readonly snapshot: Snapshot;
  readonly processes: ReadonlyMap<number, Process>;
}

export function standingFacts(snapshot: Snapshot): Standing {
  return { snapshot, processes: new Map(snapshot.processes.map((process) => [process.pid, process])) };
}

/** The namespaces of a container's init by kind, but those that are the machine's: they come and go with no container. */
export function namespaceFacts({ snapshot, processes }: Standing, { pid }: Container): Facts {
  const init = pid === null ? undefined : processes.get(pid);
  if (init === undefined) return new Map();
  return new Map(
    NAMESPACE_KINDS.flatMap((kind): [string, string][] => {
      const id = init.namespaces[kind];
      return id === null || id === snapshot.host.namespaces[kind] ? [] : [[kind, id]];
    }),
  );
}

/** The namespaces that no container's process is in, by id; the value is who is in them or what holds them. */
export function ownNamespaceFacts({ namespaces, processes }: Snapshot): Facts {
  const known = new Map(processes.map((process) => [process.pid, process]));
  return new Map(
    namespaces.flatMap(({ id, initial, pids, pins }): [string, string][] => {
      const [leader] = pids;
      if (initial || pids.some((pid) => (known.get(pid)?.container ?? null) !== null)) return [];
      if (leader !== undefined) return [[id, t('of {name}', { name: known.get(leader)?.comm ?? t('a process') })]];
      const pin = pins.find(({ type }) => type === 'mount');
      return [[id, pin?.type === 'mount' ? t('held by {path}', { path: pin.path }) : t('without a process')]];
    }),
  );
}

/** Who shares what with whom by choice: one a container and namespace, whose value is the reason. */
export function sharesOf(snapshot: Snapshot, { later, nameOf }: Names): Stated[] {
  const sharing = analyseSharing(snapshot);
  const helpers = new Set(snapshot.containers.filter(({ helper }) => helper).map(({ id }) => id));
  const stated = (member: MemberId, kind: NamespaceKind, whose: string | null, value: string): Stated => {
    const id = later(member);
    const text = t('{kind} with {whose}', { kind, whose: whose ?? t('the machine') });
    return { container: nameOf(id), id, key: `${kind} ${whose ?? ''}`, text, value };
  };
  const shares: Stated[] = [];
  for (const shared of sharing.byNamespace.values()) {
    if (isDefault(shared)) continue;
    const { kind, causes } = shared;
    const members = shared.members.filter((member) => {
      return member === HOST || (!helpers.has(member) && causes.get(member)?.code !== 'engine-default');
    });
    // Whose it is stands first: the host, then whom it was made for.
    const [owner] = members;
    if (owner === undefined) continue;
    const whose = owner === HOST ? null : nameOf(later(owner));
    for (const member of members.slice(1)) {
      shares.push(stated(member, kind, whose, causes.get(member)?.text ?? t('reason unknown')));
    }
  }
  for (const { container, kind, target, declared } of sharing.broken) {
    const whose = target === null ? declared : nameOf(later(target));
    shares.push(stated(container, kind, whose, t('declared, not in force')));
  }
  return shares;
}

/** How many processes there are of each container and command line; kernel threads and our own helpers left out. */
export function processFacts(snapshot: Snapshot, { later, nameOf }: Names): Stated[] {
  const helpers = new Set(snapshot.containers.filter(({ helper }) => helper).map(({ id }) => id));
  const counts = new Map<string | null, Map<string, number>>();
  for (const { kernelThread, container, argv, comm } of snapshot.processes) {
    if (kernelThread || (container !== null && helpers.has(container))) continue;
    const id = container === null ? null : later(container);
    const lines = counts.get(id) ?? new Map<string, number>();
    const line = argv.length === 0 ? `[${comm}]` : argv.join(' ');
    lines.set(line, (lines.get(line) ?? 0) + 1);
    counts.set(id, lines);
  }
  return [...counts].flatMap(([id, lines]) =>
    [...lines].map(([text, count]) => {
      return { container: id === null ? null : nameOf(id), id, key: text, text, value: String(count) };
    }),
  );
}
