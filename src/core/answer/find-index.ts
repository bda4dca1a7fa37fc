import type { DetailOf } from '../detail/detail.ts';
import { collectedOfKind } from '../snapshot/details.ts';
import { namespaceName } from '../snapshot/namespace-name.ts';
import type { Container, Namespace, Process, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';

export const FOUND_TYPES = [
  ...([
    'container',
    'process',
    'namespace',
    'port',
    'address',
    'link',
    'mount',
    'volume',
    'network',
    'cgroup',
  ] as const),
  'image',
] as const;
export type FoundType = (typeof FOUND_TYPES)[number];

/** What a hit leads to in the picture. */
export type Place =
  | { readonly type: 'container'; readonly id: string; readonly pid?: number }
  | { readonly type: 'host'; readonly pid?: number }
  | { readonly type: 'namespace'; readonly id: string };

export interface Hit {
  readonly type: FoundType;
  readonly name: string;
  /** The container's name; null for what is of none. */
  readonly container: string | null;
  /** Outside, as the probe sees it. */
  readonly pid: number | null;
  /** Why it is a hit, and what it is. */
  readonly why: string;
  readonly place: Place;
  /** 0 is what was meant, if anything was; more is less likely. */
  readonly rank: number;
}

/** How well a text fits words in lower case: 0 equal, 1 at its start, 2 at the start of a word, 3 within; null not at all. */
export function textRank(text: string, words: readonly string[]): number | null {
  const lower = text.toLowerCase();
  if (words.length === 1 && lower === words[0]) return 0;
  let worst = 1;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return null;
    worst = Math.max(worst, at === 0 ? 1 : /[^a-z0-9]/.test(lower[at - 1] ?? '') ? 2 : 3);
  }
  return worst;
}

/** Who has a namespace: a container, or what it is called else. */
interface Owner {
  readonly container: Container | null;
  readonly name: string;
}

/** A snapshot made ready to be searched. Bulkhead's own helpers are no part of it. */
export interface FindIndex {
  readonly snapshot: Snapshot;
  readonly containers: readonly Container[];
  readonly processes: readonly Process[];
  /** Pid, name, a line feed, and the command line of each process, in lower case, in their order. */
  readonly texts: readonly string[];
  readonly byId: ReadonlyMap<string, Container>;
  readonly byPid: ReadonlyMap<number, Process>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly nets: ReadonlyMap<string, DetailOf<'net'>>;
  readonly mounts: ReadonlyMap<string, DetailOf<'mnt'>>;
  owner(namespace: string): Owner;
  /** Where a process is shown. */
  placeOf(process: Process): Place;
}

function createIndex(snapshot: Snapshot): FindIndex {
  const helpers = new Set(snapshot.containers.filter(({ helper }) => helper).map(({ id }) => id));
  const containers = snapshot.containers.filter(({ helper }) => !helper);
  const processes = snapshot.processes.filter(({ container }) => container === null || !helpers.has(container));
  const byId = new Map(containers.map((container) => [container.id, container]));
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const namespaces = new Map(snapshot.namespaces.map((namespace) => [namespace.id, namespace]));
  const { initial, namespaces: own } = snapshot.host;
  const hosts = new Set([...Object.values(initial), ...Object.values(own)]);
  const owners = new Map<string, Owner>();
  const findOwner = (id: string): Owner => {
    const namespace = namespaces.get(id);
    let first: Process | undefined;
    for (const pid of namespace?.pids ?? []) {
      const process = byPid.get(pid);
      first ??= process;
      const container = process?.container == null ? undefined : byId.get(process.container);
      if (container !== undefined) return { container, name: container.name };
    }
    if (first !== undefined) return { container: null, name: `${first.comm} (pid ${first.pid})` };
    return { container: null, name: (namespace === undefined ? null : namespaceName(namespace)?.name) ?? id };
  };
  return {
    snapshot,
    containers,
    processes,
    texts: processes.map(({ pid, comm, argv }) => `${pid} ${comm}\n${argv.join(' ')}`.toLowerCase()),
    byId,
    byPid,
    namespaces,
    nets: collectedOfKind(snapshot, 'net'),
    mounts: collectedOfKind(snapshot, 'mnt'),
    owner(id) {
      // Not kept: the language may be another one the next time.
      if (hosts.has(id)) return { container: null, name: t('the machine') };
      const known = owners.get(id) ?? findOwner(id);
      owners.set(id, known);
      return known;
    },
    placeOf: ({ container, pid }) =>
      container === null ? { type: 'host', pid } : { type: 'container', id: container, pid },
  };
}

const indexes = new WeakMap<Snapshot, FindIndex>();

/** The same for the same snapshot: made once. */
export function indexOf(snapshot: Snapshot): FindIndex {
  const known = indexes.get(snapshot);
  if (known !== undefined) return known;
  const made = createIndex(snapshot);
  indexes.set(snapshot, made);
  return made;
}
