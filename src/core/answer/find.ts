import type * as z from 'zod';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import { type FindIndex, FOUND_TYPES, type Hit, indexOf } from './find-index.ts';
import { containerPathHits, overlayHits, pathHits } from './find-mounts.ts';
import { namedHits, ofCgroups, ofUser } from './find-names.ts';
import { addressHits, linkHits, macHits, parsePort, plainAddress, portHits } from './find-network.ts';
import type { findSchema } from './schemas.ts';

/** One row of `bulkhead find --json`. */
export type FoundRow = z.infer<typeof findSchema>[number];

export interface Found {
  /** The best first. */
  readonly hits: readonly Hit[];
  /** How many more there were. */
  readonly more: number;
  /** What could not be searched, a sentence each. */
  readonly missing: readonly string[];
}

/** More are only counted: nobody reads them. */
export const MOST_HITS = 1_000;

const WITHOUT_DETAILS =
  'Links, addresses, listening ports, mount tables and layers are not in this snapshot: it was saved without details.';

/** A path of a cgroup, as the kernel has it and as it is mounted. */
function cgroupPath(path: string): string {
  return path.replace(
    /^\/sys\/fs\/cgroup(?:\/(?:unified|systemd|memory|cpu[^/]*|pids|blkio|devices|freezer))?(?=\/|$)/,
    '',
  );
}

function* allHits(index: FindIndex, what: string): Generator<Hit> {
  const typed = what.toLowerCase();
  const words = typed.split(/\s+/);
  const user = /^(?:uid|user)[:= ](\d+)$/.exec(typed)?.[1] ?? (typed === 'root' ? '0' : undefined);
  if (user !== undefined) yield* ofUser(index, Number(user));
  if (what.startsWith('/')) {
    const path = what.length > 1 ? what.replace(/\/+$/, '') : what;
    yield* pathHits(index, path);
    const group = cgroupPath(path);
    yield* ofCgroups(index, (each) =>
      each === group ? 0 : group.length > 1 && each.startsWith(`${group}/`) ? 2 : null,
    );
  }
  const [, name = '', inside = ''] = /^([^/:]+):(\/.*)$/.exec(what) ?? [];
  const container =
    inside === ''
      ? undefined
      : index.containers.find((each) => each.name === name || (name.length >= 4 && each.id.startsWith(name)));
  if (container !== undefined)
    yield* containerPathHits(index, container, inside.length > 1 ? inside.replace(/\/+$/, '') : inside);
  const port = parsePort(typed);
  if (port !== null) yield* portHits(index, port);
  const address = plainAddress(typed);
  if (address !== null) yield* addressHits(index, address);
  if (/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/.test(typed)) yield* macHits(index, typed.replaceAll('-', ':'));
  if (/^[a-z0-9][^/\s:]{1,30}$/.test(typed) && !/^\d+$/.test(typed)) yield* linkHits(index, typed);
  if (/^[0-9a-z]{8,64}(-init)?$/.test(typed)) yield* overlayHits(index, typed);
  yield* namedHits(index, typed, words);
}

const typeOrder = new Map(FOUND_TYPES.map((type, at) => [type, at]));

function compare(a: Hit, b: Hit): number {
  return (
    a.rank - b.rank ||
    (a.type === b.type ? 0 : (typeOrder.get(a.type) ?? 0) - (typeOrder.get(b.type) ?? 0)) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
    (a.pid ?? 0) - (b.pid ?? 0)
  );
}

/**
 * Everything that a handle may mean: a pid of any level, a name, an id, a number of a namespace, a port, an address, a
 * link, a path. Near linear in what the snapshot has; what is made for the first question serves those after it.
 */
export function find(snapshot: Snapshot, what: string): Found {
  const text = what.trim();
  const missing = snapshot.details === undefined ? [t(WITHOUT_DETAILS)] : [];
  if (text === '') return { hits: [], more: 0, missing };
  const all = [...allHits(indexOf(snapshot), text)].sort(compare);
  const hits: Hit[] = [];
  const seen = new Set<string>();
  let looked = 0;
  for (const hit of all) {
    if (hits.length === MOST_HITS) break;
    looked += 1;
    const key = `${hit.type}\n${hit.name}\n${hit.container}\n${hit.pid}\n${hit.why}`;
    if (!seen.has(key)) hits.push(hit);
    seen.add(key);
  }
  return { hits, more: all.length - looked, missing };
}

/** True for what only details can tell: a path, a port, an address, a link, a layer. */
export function needsDetails(what: string): boolean {
  const typed = what.trim().toLowerCase();
  return /[/]|^:?\d{2,}$|:\d|\d\.\d|[0-9a-f]:[0-9a-f]|^(veth|eth|br-)|^[0-9a-f]{12,}$/.test(typed);
}

/** As `bulkhead find --json` prints them. */
export function foundRows({ hits }: Found): FoundRow[] {
  return hits.map(({ type, name, container, pid, why }) => ({ type, name, container, pid, why }));
}
