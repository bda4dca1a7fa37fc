import { equalJson } from './equal.ts';

/**
 * Of two moments most is the same. What is made of a moment takes from what was made of an earlier one whatever is equal,
 * the very same objects, so that whoever uses it can tell at a glance that nothing changed there.
 */

/** True where both have the same items, one by one. */
export function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** The earlier list where it has the same items as the later one. */
export function keptList<T>(before: readonly T[] | undefined, made: readonly T[]): readonly T[] {
  return before !== undefined && sameItems(before, made) ? before : made;
}

/** The earlier value where it is equal to the later one: plain values as JSON has them. */
export function kept<T>(before: T | undefined, made: T): T {
  return before !== undefined && equalJson(before, made) ? before : made;
}

/** The earlier list where all in it is equal, else the later one with the items of the earlier that are equal to theirs. */
export function keptByKey<T>(
  before: readonly T[] | undefined,
  made: readonly T[],
  keyOf: (item: T) => string,
): readonly T[] {
  if (before === undefined) return made;
  const known = new Map(before.map((item) => [keyOf(item), item]));
  return keptList(
    before,
    made.map((item) => kept(known.get(keyOf(item)), item)),
  );
}

/**
 * What was made of what, by a key: it is made again only where something that it is made of is another. Of an earlier one
 * of these only what is asked for again goes on to the later one: what is gone is forgotten.
 */
export class Made<K, T> {
  private readonly all = new Map<K, { readonly of: readonly unknown[]; readonly value: T }>();
  private earlier: Made<K, T> | null;

  constructor(earlier: Made<K, T> | undefined) {
    this.earlier = earlier ?? null;
  }

  /**
   * @param of all that `make` looks at
   * @param make is given what was made of other things the last time
   */
  get(key: K, of: readonly unknown[], make: (earlier: T | undefined) => T): T {
    const known = this.earlier?.all.get(key);
    const entry = known !== undefined && sameItems(known.of, of) ? known : { of, value: make(known?.value) };
    this.all.set(key, entry);
    return entry.value;
  }

  /** Nothing more is asked for: the earlier ones are let go. */
  end(): void {
    this.earlier = null;
  }
}
