import { semicolons, t } from '../../words/words.ts';
import { ANY, bitsOf, both, type Condition, type Dimension, words } from './condition.ts';
import { conditionText } from './condition-texts.ts';
import { fieldCondition, fieldName } from './fields.ts';
import { complement, rangesOf } from './ranges.ts';
import { type Byte, type Group, groupsOf, type Lookup, linkCondition, valueIn } from './registers.ts';
import type { NftSet } from './sets.ts';

/** What looking into a set or map of nftables asks of a packet. */

/** The parts of a concatenation, each of which begins with a register of its own; null where one is not understood. */
function partsOf(bytes: readonly (Byte | undefined)[], length: number): Group[] | null {
  const parts: Group[] = [];
  for (let at = 0; at < length; ) {
    const first = bytes[at];
    if (first === undefined || first.is !== 'field') return null;
    let end = at + 1;
    for (
      let next = bytes[end];
      next !== undefined && next.is === 'field' && next.field === first.field;
      next = bytes[++end]
    );
    const [group] = groupsOf(bytes.slice(at, end)) ?? [];
    if (group === undefined || group.flip !== 0n) return null;
    if (group.mask !== (1n << BigInt(8 * group.field.bytes)) - 1n) return null;
    const start = at;
    parts.push({ ...group, bytes: group.bytes.map((each) => ({ ...each, at: each.at + start })) });
    at = (end + 3) & ~3;
  }
  return parts;
}

/** What each element asks of a key; null where that cannot be said. */
export function elementsOf(
  set: NftSet | undefined,
  bytes: readonly (Byte | undefined)[],
  narrowest: Condition,
  links: ReadonlyMap<number, string>,
): Lookup['found'] {
  if (set === undefined || !set.whole) return null;
  const parts = partsOf(bytes, set.keyLength);
  if (parts === null) return null;
  const out: { condition: Condition; element: NftSet['elements'][number] }[] = [];
  for (const element of set.elements) {
    if (element.keys === null) continue;
    const [from, to] = element.keys;
    let condition: Condition | null = ANY;
    for (const part of parts) {
      const asked: Condition | null =
        part.field.means.type === 'link'
          ? linkCondition(part, from, false, links)
          : fieldCondition(part.field, rangesOf([[valueIn(part, from), valueIn(part, to)]]));
      condition = condition === null || asked === null ? null : both(condition, asked);
    }
    if (condition !== null) out.push({ condition, element });
  }
  const rest = set.elements.find(({ keys }) => keys === null);
  if (rest !== undefined) {
    const asked = outside(
      out.map(({ condition }) => condition),
      narrowest,
    );
    if (asked !== null) out.push({ condition: asked, element: rest });
  }
  return out;
}

/** None of these; null where no packet fits. */
export function outside(conditions: readonly Condition[], narrowest: Condition): Condition | null {
  const single = joined(conditions, narrowest);
  if (single !== null) return single.outside;
  const list = semicolons(conditions.slice(0, 8).map(conditionText));
  return words(conditions.length > 8 ? t('none of: {list}; and more', { list }) : t('none of: {list}', { list }));
}

/** Conditions that ask for one thing alone, as one; null where there are several things. */
export function joined(
  conditions: readonly Condition[],
  narrowest: Condition,
): { inside: Condition; outside: Condition | null } | null {
  if (conditions.length === 0) return { inside: words(t('never')), outside: ANY };
  const dimensions = new Set(conditions.flatMap((each) => Object.keys(each.numbers) as Dimension[]));
  const links = new Set(conditions.flatMap((each) => Object.keys(each.links)));
  const plain = conditions.every(
    ({ also, local, family, share, unread, marks }) =>
      also.length === 0 &&
      marks.length === 0 &&
      local === null &&
      family === null &&
      share === 1 &&
      Object.keys(unread).length === 0,
  );
  if (!plain || dimensions.size + links.size !== 1) return null;
  const [link] = links;
  if (link === 'iif' || link === 'oif') {
    const of = conditions.flatMap((each) => each.links[link]?.of ?? []);
    return {
      inside: { ...ANY, links: { [link]: { not: false, of } } },
      outside: { ...ANY, links: { [link]: { not: true, of } } },
    };
  }
  const [key] = dimensions;
  if (key === undefined) return null;
  const ranges = rangesOf(conditions.flatMap((each) => [...(each.numbers[key] ?? [])]));
  const rest = complement(ranges, bitsOf(key, narrowest.family));
  return {
    inside: { ...ANY, numbers: { [key]: ranges } },
    outside: rest.length === 0 ? null : { ...ANY, numbers: { [key]: rest } },
  };
}

/** What is asked of a set or map that could not be read: of which field, at least. */
export function unreadSet(name: string, first: Byte | undefined, inverted: boolean): Condition {
  const title = name.startsWith('__')
    ? t('those of a set that was not read')
    : t('those of {name}, which was not read', { name });
  if (first?.is === 'field' && first.field.means.type === 'number')
    return { ...ANY, unread: { [first.field.means.dimension]: { not: inverted, of: [title] } } };
  const field = first?.is === 'field' ? fieldName(first.field) : t('something');
  return words(
    inverted ? t('{field} not among {set}', { field, set: title }) : t('{field} among {set}', { field, set: title }),
  );
}
