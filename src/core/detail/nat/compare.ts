import { and, t } from '../../words/words.ts';
import { bigOf } from './bytes.ts';
import { ANY, both, type Condition, numbers, words } from './condition.ts';
import { conditionText, isText, maskText } from './condition-texts.ts';
import { fieldCondition, fieldName, stateCondition, statusNames } from './fields.ts';
import { complement, maskedRange, type Ranges, rangesOf } from './ranges.ts';
import { type Group, linkCondition, valueIn } from './registers.ts';

/** What comparisons of nftables ask of a packet; null where no packet fits. */

/** Small fields are asked value by value. */
const MOST_BITS_TO_TRY = 8;
const TRANSLATED = 32n;

const OPERATORS = ['==', '!=', '<', '<=', '>', '>='];

/** The values that fit under a mask with gaps. */
function valuesUnder(mask: bigint, wanted: bigint, bits: number): Ranges {
  const all = Array.from({ length: 1 << bits }, (_, value) => BigInt(value));
  return rangesOf(all.filter((value) => (value & mask) === wanted).map((value) => [value, value] as const));
}

/** That a group is this value, or is not. */
function equalCondition(
  group: Group,
  value: Uint8Array,
  inverted: boolean,
  links: ReadonlyMap<number, string>,
): Condition | null {
  const { field, mask, flip } = group;
  const { means } = field;
  if (means.type === 'link') return linkCondition(group, value, inverted, links);
  const bits = field.bytes * 8;
  const wanted = valueIn(group, value) ^ flip;
  if ((wanted & ~mask) !== 0n) return inverted ? ANY : null;
  const among = (ranges: Ranges) => fieldCondition(field, inverted ? complement(ranges, bits) : ranges);
  const range = maskedRange(wanted, mask, bits);
  if (range !== null) return among(rangesOf([range]));
  // Of the bits of a state one alone is set.
  if (means.type === 'state' && wanted === 0n) return stateCondition(mask, inverted);
  if (means.type === 'status' && wanted === 0n) {
    const bit = inverted ? 1n : 0n;
    if (mask === TRANSLATED) return numbers('translated', [[bit, bit]]);
    return words(isText(fieldName(field), !inverted, statusNames(mask)));
  }
  if (means.type === 'number' && bits <= MOST_BITS_TO_TRY) return among(valuesUnder(mask, wanted, bits));
  if (means.type === 'number' && means.dimension === 'mark') {
    return { ...ANY, marks: [{ mask: Number(mask), value: Number(wanted), not: inverted }] };
  }
  return words(maskText(fieldName(field), `0x${mask.toString(16)}`, `0x${wanted.toString(16)}`, inverted));
}

function sizeCondition(groups: readonly Group[], operator: number, value: Uint8Array): Condition | null {
  const [group] = groups;
  if (group === undefined) return ANY;
  const bits = group.field.bytes * 8;
  const top = (1n << BigInt(bits)) - 1n;
  if (groups.length !== 1 || !group.ordered || group.mask !== top || group.flip !== 0n) {
    const names = and(groups.map(({ field }) => fieldName(field)));
    return words(`${names} ${OPERATORS[operator] ?? '?'} 0x${bigOf(value).toString(16)}`);
  }
  const limit = valueIn(group, value);
  const range = (
    [
      [0n, limit - 1n],
      [0n, limit],
      [limit + 1n, top],
      [limit, top],
    ] as const
  )[operator - 2];
  return fieldCondition(group.field, rangesOf(range === undefined ? [] : [range]));
}

/** @param groups null where what is compared is not of fields */
export function comparison(
  groups: readonly Group[] | null,
  operator: number,
  value: Uint8Array,
  links: ReadonlyMap<number, string>,
): Condition | null {
  const [only] = groups ?? [];
  if (groups === null || only === undefined) {
    return words(t('a comparison ({operator}) of what is not understood', { operator: OPERATORS[operator] ?? '?' }));
  }
  if (operator > 1) return sizeCondition(groups, operator, value);
  if (operator === 1 && groups.length === 1) return equalCondition(only, value, true, links);
  let all: Condition | null = ANY;
  for (const group of groups) {
    const each = equalCondition(group, value, false, links);
    all = all === null || each === null ? null : both(all, each);
  }
  if (operator === 0) return all;
  return all === null ? ANY : words(t('not ({packets})', { packets: conditionText(all) }));
}

/** That a field is in a range, or outside of it. */
export function rangeCondition(
  groups: readonly Group[] | null,
  low: Uint8Array,
  high: Uint8Array,
  outside: boolean,
): Condition | null {
  const [group] = groups ?? [];
  if (groups?.length !== 1 || group === undefined || !group.ordered || group.bytes.length !== group.field.bytes) {
    return words(t('a range of what is not understood'));
  }
  const ranges = rangesOf([[valueIn(group, low), valueIn(group, high)]]);
  return fieldCondition(group.field, outside ? complement(ranges, group.field.bytes * 8) : ranges);
}
