import { shortened } from '../addresses.ts';

/** Sets of numbers (ports, addresses, marks) as ascending ranges that neither touch nor overlap, ends included. */
export type Ranges = readonly (readonly [bigint, bigint])[];

/** What is asked of one thing. `not`: everything but these. Texts are single values, `from-to`, or prefixes. */
export interface Choice {
  not: boolean;
  of: string[];
}

export function rangesOf(pairs: Iterable<readonly [bigint, bigint]>): Ranges {
  const out: [bigint, bigint][] = [];
  const sorted = [...pairs].filter(([from, to]) => from <= to).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  for (const [from, to] of sorted) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + 1n) last[1] = to > last[1] ? to : last[1];
    else out.push([from, to]);
  }
  return out;
}

export function complement(ranges: Ranges, bits: number): Ranges {
  const out: [bigint, bigint][] = [];
  let at = 0n;
  for (const [from, to] of ranges) {
    if (from > at) out.push([at, from - 1n]);
    at = to + 1n;
  }
  const end = 1n << BigInt(bits);
  if (at < end) out.push([at, end - 1n]);
  return out;
}

export function intersection(a: Ranges, b: Ranges): Ranges {
  const out: [bigint, bigint][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) break;
    const from = left[0] > right[0] ? left[0] : right[0];
    const to = left[1] < right[1] ? left[1] : right[1];
    if (from <= to) out.push([from, to]);
    if (left[1] < right[1]) i += 1;
    else j += 1;
  }
  return out;
}

export function contains(outer: Ranges, inner: Ranges): boolean {
  return inner.every(([from, to]) => outer.some(([low, high]) => low <= from && to <= high));
}

/** The value that a mask leaves of others: a range where the mask's bits are the highest, null otherwise. */
export function maskedRange(value: bigint, mask: bigint, bits: number): readonly [bigint, bigint] | null {
  const all = (1n << BigInt(bits)) - 1n;
  const free = all ^ (mask & all);
  if ((free & (free + 1n)) !== 0n) return null;
  return [value & mask, (value & mask) | free];
}

export function addressText(value: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  return shortened(groups);
}

/** Null for what is no address. */
export function parseAddress(address: string): { value: bigint; bits: 32 | 128 } | null {
  if (!address.includes(':')) {
    const parts = address.split('.').map(Number);
    if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return null;
    return { value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n), bits: 32 };
  }
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const v4 = dotted === null ? null : parseAddress(dotted[2] ?? '');
  const plain =
    v4 === null ? address : `${dotted?.[1]}${(v4.value >> 16n).toString(16)}:${(v4.value & 0xffffn).toString(16)}`;
  const [head = '', tail] = plain.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return { value: all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n), bits: 128 };
}

/** How values are written. */
export type Notation = 'address' | 'decimal' | 'hex';

function rangeText([from, to]: readonly [bigint, bigint], bits: number, notation: Notation): string {
  const width = BigInt(bits);
  const size = to - from + 1n;
  const one = (value: bigint): string =>
    notation === 'address' ? addressText(value, bits) : notation === 'hex' ? `0x${value.toString(16)}` : String(value);
  if (size === 1n) return one(from);
  if (notation === 'address' && (size & (size - 1n)) === 0n && from % size === 0n) {
    let prefix = width;
    for (let left = size; left > 1n; left >>= 1n) prefix -= 1n;
    return `${one(from)}/${prefix}`;
  }
  return `${one(from)}-${one(to)}`;
}

/** In the fewest words: what is meant, or what is not. Null for everything. */
export function choiceOf(ranges: Ranges, bits: number, notation: Notation): Choice | null {
  const rest = complement(ranges, bits);
  if (rest.length === 0) return null;
  const not =
    rest.length < ranges.length || (rest.length === 1 && rest[0]?.[0] === rest[0]?.[1] && ranges.length === 2);
  return { not, of: (not ? rest : ranges).map((range) => rangeText(range, bits, notation)) };
}

/** Whether a number (a port, a mark) is among those that are asked for. */
export function asksPort(choice: Choice | null, port: number): boolean {
  if (choice === null) return true;
  const found = choice.of.some((each) => {
    const [from = 0, to = from] = each.split('-').map(Number);
    return from <= port && port <= to;
  });
  return found !== choice.not;
}

/** The addresses of a text of a choice: first and last; null where it is none of that family. */
function span(each: string, bits: number): readonly [bigint, bigint] | null {
  const [low = '', high] = each.split('-');
  const [address = '', prefix] = low.split('/');
  const from = parseAddress(address);
  if (from === null || from.bits !== bits) return null;
  if (high !== undefined) {
    const to = parseAddress(high);
    return to === null ? null : [from.value, to.value];
  }
  const free = BigInt(bits) - BigInt(prefix ?? bits);
  return [from.value, from.value + (1n << free) - 1n];
}

/** Whether an address is among those that are asked for. */
export function asksAddress(choice: Choice | null, address: string): boolean {
  if (choice === null) return true;
  const parsed = parseAddress(address);
  if (parsed === null) return false;
  const found = choice.of.some((each) => {
    const range = span(each, parsed.bits);
    return range !== null && range[0] <= parsed.value && parsed.value <= range[1];
  });
  return found !== choice.not;
}
