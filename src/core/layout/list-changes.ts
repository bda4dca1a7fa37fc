import { kept } from '../snapshot/kept.ts';

/**
 * How a list changed, for a receiver that has the old one: pieces of the old list, each with its start and length, and
 * between them new entries.
 */
export type ListChange<T> = readonly (readonly [from: number, count: number] | { readonly fresh: readonly T[] })[];

/** A record in which some lists are given by their changes, and all other fields as they are. */
export type ListChanges<T, L extends keyof T> = Omit<T, L> & {
  readonly [K in L]: T[K] extends readonly (infer E)[] ? ListChange<E> : never;
};

/** Entries are compared by reference: an equal entry that is another object is only sent once more than needed. */
function changeOf<T>(before: readonly T[], after: readonly T[]): ListChange<T> {
  const places = new Map(before.map((entry, index) => [entry, index]));
  const pieces: ([number, number] | { fresh: T[] })[] = [];
  for (const entry of after) {
    const place = places.get(entry);
    const last = pieces.at(-1);
    if (place === undefined) {
      if (last !== undefined && 'fresh' in last) last.fresh.push(entry);
      else pieces.push({ fresh: [entry] });
    } else if (last !== undefined && !('fresh' in last) && last[0] + last[1] === place) last[1] += 1;
    else pieces.push([place, 1]);
  }
  return pieces;
}

function changed<T>(before: readonly T[], change: ListChange<T>): readonly T[] {
  const [first] = change;
  if (change.length === 1 && first !== undefined && !('fresh' in first) && first[1] === before.length) return before;
  return change.flatMap((piece) => ('fresh' in piece ? piece.fresh : before.slice(piece[0], piece[0] + piece[1])));
}

/** @param before null if the other side has nothing yet */
export function changesOf<T extends object, L extends keyof T>(
  before: T | null,
  after: T,
  lists: readonly L[],
): ListChanges<T, L> {
  const told = lists.map((name) => [name, changeOf((before?.[name] ?? []) as unknown[], after[name] as unknown[])]);
  return { ...after, ...Object.fromEntries(told) };
}

export function withChangesOf<T extends object, L extends keyof T>(
  before: T | null,
  changes: ListChanges<T, L>,
  lists: readonly L[],
): T {
  const whole = lists.map((name) => {
    return [name, changed((before?.[name] ?? []) as unknown[], changes[name] as ListChange<unknown>)];
  });
  return { ...changes, ...Object.fromEntries(whole) } as unknown as T;
}

/** The record with every entry of its lists that is equal to one `before` replaced by that one. */
export function keptFrom<T extends object, L extends keyof T>(before: T | null, after: T, lists: readonly L[]): T {
  if (before === null) return after;
  const fields = lists.map((name) => {
    const known = new Map((before[name] as readonly { key: string }[]).map((entry) => [entry.key, entry]));
    const entries = (after[name] as readonly { key: string }[]).map((entry) => {
      return kept(known.get(entry.key), entry);
    });
    return [name, entries];
  });
  return { ...after, ...Object.fromEntries(fields) };
}
