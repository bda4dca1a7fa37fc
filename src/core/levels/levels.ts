import type { NamespaceId } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Namespace, Process, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';

/** One line of a uid map: `count` ids from `inside` on are those from `outside` on. Source: user_namespaces(7). */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** A process with its number at every level, from the machine's own down to its own. */
export interface LevelProcess {
  readonly pid: number;
  readonly pids: readonly number[];
  readonly comm: string;
  readonly uid: number;
  /** The container's id; null for none. */
  readonly container: string | null;
}

/** A user or pid namespace, with those that are inside it. */
export interface Level {
  readonly namespace: Namespace;
  readonly kind: 'user' | 'pid';
  /** The containers whose processes are in it and in no deeper one, by id. */
  readonly containers: readonly string[];
  /** Its own processes, not those of the levels within; ascending by their innermost number. */
  readonly processes: readonly LevelProcess[];
  /** The machine's own, or one whose parent is not known. */
  readonly within: readonly Level[];
}

/** No namespace can lie deeper: user and pid namespaces nest 32 deep each. A damaged file may claim more. */
const DEEPEST = 64;

/** How many levels are nested in each other. */
export function depthOf(level: Level): number {
  return 1 + level.within.reduce((deepest, each) => Math.max(deepest, depthOf(each)), 0);
}

/**
 * User and pid namespaces as they lie within each other: a user namespace in its parent, a pid namespace in its parent
 * where both have the same owner, else in the user namespace that owns it. Each of them appears once, whatever the
 * snapshot says of parents.
 */
export function levelsOf(snapshot: Snapshot): readonly Level[] {
  const spaces = new Map<NamespaceId, Namespace>();
  for (const namespace of snapshot.namespaces) {
    if (namespace.kind === 'user' || namespace.kind === 'pid') spaces.set(namespace.id, namespace);
  }
  const containerIds = new Map<NamespaceId, Set<string>>();
  const processes = new Map<NamespaceId, LevelProcess[]>();
  for (const process of snapshot.processes) {
    const { pid, user } = process.namespaces;
    const home = pid !== null && spaces.has(pid) ? pid : user;
    if (home === null || process.kernelThread) continue;
    push(processes, home, toLevelProcess(process));
    if (process.container === null) continue;
    const ids = containerIds.get(home);
    if (ids === undefined) containerIds.set(home, new Set([process.container]));
    else ids.add(process.container);
  }
  const children = new Map<NamespaceId | null, Namespace[]>();
  for (const namespace of spaces.values()) push(children, parentOf(namespace, spaces), namespace);

  const done = new Set<NamespaceId>();
  const build = (namespace: Namespace, depth: number): Level => {
    done.add(namespace.id);
    const inner = depth < DEEPEST ? (children.get(namespace.id) ?? []) : [];
    const within = inner.filter(({ id }) => !done.has(id)).sort(compareLevels);
    return {
      namespace,
      kind: namespace.kind === 'user' ? 'user' : 'pid',
      containers: [...(containerIds.get(namespace.id) ?? [])].sort(compareText),
      processes: (processes.get(namespace.id) ?? []).sort((a, b) => innermost(a) - innermost(b) || a.pid - b.pid),
      within: within.map((each) => build(each, depth + 1)),
    };
  };
  const roots = (children.get(null) ?? []).sort(compareLevels).map((each) => build(each, 1));
  // In a damaged file namespaces may be each other's parents, or too deep: those are reached from no root.
  for (const namespace of spaces.values()) if (!done.has(namespace.id)) roots.push(build(namespace, 1));
  return roots;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function innermost({ pids, pid }: LevelProcess): number {
  return pids.at(-1) ?? pid;
}

function toLevelProcess({ pid, nsPids, comm, uid, container }: Process): LevelProcess {
  return { pid, pids: nsPids.length === 0 ? [pid] : nsPids, comm, uid, container };
}

/** The namespace that encloses another; null if there is none, or it is not known. */
function parentOf(namespace: Namespace, spaces: ReadonlyMap<NamespaceId, Namespace>): NamespaceId | null {
  const known = (id: NamespaceId | null): NamespaceId | null =>
    id !== null && id !== namespace.id && spaces.has(id) ? id : null;
  if (namespace.kind === 'user') return known(namespace.parent);
  const parent = known(namespace.parent);
  const owner = known(namespace.owner);
  if (parent !== null && (owner === null || spaces.get(parent)?.owner === namespace.owner)) return parent;
  return owner ?? parent;
}

/** User namespaces, which are few, before pid namespaces; of each the machine's own first, then by number. */
function compareLevels(a: Namespace, b: Namespace): number {
  const rank = ({ kind, initial }: Namespace): number => (kind === 'user' ? 0 : 2) + (initial ? 0 : 1);
  return rank(a) - rank(b) || a.inode - b.inode;
}

/** The id outside that stands for one inside; null where the map has none. */
export function outsideId(map: readonly IdRange[], id: number): number | null {
  const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
  return range === undefined ? null : range.outside + (id - range.inside);
}

/**
 * Who root of a user namespace is for the level around it, in a sentence.
 * @param map its uid map; null where it was not read
 */
export function rootSentence({ initial, ownerUid }: Namespace, map: readonly IdRange[] | null): string {
  if (initial) return t('root here is root of the machine');
  if (map !== null) {
    const outside = outsideId(map, 0);
    if (outside === null) return t('no root here: nobody outside stands for uid 0');
    return outside === 0 ? t('root here is root outside too') : t('root here is uid {uid} outside', { uid: outside });
  }
  return ownerUid === null
    ? t('who is root here is unknown')
    : t('created by uid {uid}; its map was not read', { uid: ownerUid });
}
