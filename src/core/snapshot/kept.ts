import { equalJson } from './equal.ts';

/**
 * Most of a snapshot is the same as in the one before. What is computed from it takes over the earlier result wherever it is
 * equal, as the same object, so that whoever uses it can see by comparing references that nothing changed there.
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
 * Results by key, each with the inputs that it was made of: it is made again only if one of these is another object. Only
 * what is asked for again is taken over from the earlier `Made`, so that what is gone is forgotten.
 */
export class Made<K, T> {
  private readonly all = new Map<K, { readonly of: readonly unknown[]; readonly value: T }>();
  private earlier: Made<K, T> | null;

  constructor(earlier: Made<K, T> | undefined) {
    this.earlier = earlier ?? null;
  }

  /**
   * @param of everything that `make` reads
   * @param make gets the earlier result for this key, which was made of other inputs
   */
  get(key: K, of: readonly unknown[], make: (earlier: T | undefined) => T): T {
    const known = this.earlier?.all.get(key);
    const entry = known !== undefined && sameItems(known.of, of) ? known : { of, value: make(known?.value) };
    this.all.set(key, entry);
    return entry.value;
  }

  /** Call when nothing more is asked for: the earlier results are dropped. */
  end(): void {
    this.earlier = null;
  }
}
