import { and, commas, or, type PlainMessage, t } from '../../words/words.ts';
import {
  ANY,
  type Condition,
  type Dimension,
  type Family,
  type LinkDimension,
  numbers,
  type State,
  stateRanges,
  words,
} from './condition.ts';
import { isText, kindName } from './condition-texts.ts';
import { addressText, complement, intersection, type Ranges, rangesOf } from './ranges.ts';

/** What an expression of nftables can load into a register. Source: linux/netfilter/nf_tables.h. */
export interface Field {
  /** As nft calls it; `fieldName` says it in words. */
  readonly name: string;
  readonly bytes: number;
  /** True for what the kernel keeps in the machine's own byte order: little endian. */
  readonly little: boolean;
  readonly means:
    | { readonly type: 'number'; readonly dimension: Dimension }
    /** A link by its name, or by its number. */
    | { readonly type: 'link'; readonly dimension: LinkDimension; readonly byNumber: boolean }
    | { readonly type: 'state' }
    | { readonly type: 'status' }
    | { readonly type: 'family' }
    | { readonly type: 'local' }
    /** Chance: numbers from `first`, `count` of them, each as often. */
    | { readonly type: 'chance'; readonly first: bigint; readonly count: bigint; readonly words: string | null }
    | { readonly type: 'other'; readonly text: (value: bigint) => string };
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;
const other = (name: string, bytes: number, little: boolean, text: (value: bigint) => string = hex): Field => ({
  name,
  bytes,
  little,
  means: { type: 'other', text },
});
const numeric = (dimension: Dimension, bytes: number, little = false): Field => ({
  name: dimension,
  bytes,
  little,
  means: { type: 'number', dimension },
});

const SPORT = numeric('sport', 2);
const FLAGS = numeric('flags', 1);
const DPORT = numeric('dport', 2);
const PROTOCOL = numeric('protocol', 1);

interface Place {
  readonly field: Field;
  readonly index: number;
}

const HEADERS: Readonly<Record<Family, readonly (readonly [number, Field])[]>> = {
  4: [
    [9, PROTOCOL],
    [12, numeric('saddr', 4)],
    [16, numeric('daddr', 4)],
  ],
  6: [
    [6, PROTOCOL],
    [8, numeric('saddr', 16)],
    [24, numeric('daddr', 16)],
  ],
};
const PORT_PROTOCOLS = rangesOf([6n, 17n, 33n, 132n, 136n].map((each) => [each, each] as const));

const isTcp = (protocol: Ranges | undefined): boolean =>
  protocol?.length === 1 && protocol[0]?.[0] === 6n && protocol[0][1] === 6n;

/** Which field each byte of a header belongs to. */
export function headerBytes(base: number, offset: number, length: number, condition: Condition): Place[] {
  const { family, numbers: held } = condition;
  const known = held.protocol === undefined || intersection(held.protocol, PORT_PROTOCOLS).length > 0;
  const places =
    base === 1 && family !== null
      ? HEADERS[family]
      : base === 2 && known
        ? ([[0, SPORT], [2, DPORT], ...(isTcp(held.protocol) ? ([[13, FLAGS]] as const) : [])] as const)
        : [];
  const layer = ['link', 'network', 'transport', 'inner'][base] ?? '?';
  return Array.from({ length }, (_, at) => {
    const byte = offset + at;
    const found = places.find(([start, { bytes }]) => start <= byte && byte < start + bytes);
    if (found !== undefined) return { field: found[1], index: byte - found[0] };
    const name = t('{count, number} bytes at {offset} of the {layer} header', { count: length, offset, layer });
    return { field: other(name, length, false), index: at };
  });
}

const decimal = String;
const link = (dimension: LinkDimension, bytes: 4 | 16, byNumber: boolean): Field => ({
  name: byNumber ? `${dimension} number` : `${dimension}name`,
  bytes,
  little: byNumber,
  means: { type: 'link', dimension, byNumber },
});
const META: Readonly<Record<number, Field>> = {
  1: other('ether type', 2, false),
  3: numeric('mark', 4, true),
  4: link('iif', 4, true),
  5: link('oif', 4, true),
  6: link('iif', 16, false),
  7: link('oif', 16, false),
  10: other('sent by uid', 4, true, decimal),
  11: other('sent by gid', 4, true, decimal),
  15: { name: 'nfproto', bytes: 1, little: false, means: { type: 'family' } },
  16: PROTOCOL,
  17: { ...link('iif', 16, false), name: 'ibrname' },
  24: { name: 'random', bytes: 4, little: true, means: { type: 'chance', first: 0n, count: 1n << 32n, words: null } },
};
const META_NAMES: Readonly<Record<number, string>> = {
  0: 'packet length',
  2: 'priority',
  8: 'iif type',
  9: 'oif type',
  19: 'packet type',
  20: 'cpu',
  21: 'iif group',
  22: 'oif group',
  23: 'cgroup',
  25: 'ipsec',
  26: 'iif kind',
  27: 'oif kind',
};

const SAID: Readonly<Record<string, PlainMessage>> = {
  'ether type': 'ether type',
  'sent by uid': 'sent by uid',
  'sent by gid': 'sent by gid',
  'packet length': 'packet length',
  'packet type': 'packet type',
  mark: 'mark',
  connection: 'connection',
};

/** A field in the words of the reader; most keep nft's. */
export function fieldName({ name }: Field): string {
  const said = SAID[name];
  return said === undefined ? name : t(said);
}

export function metaField(key: number): Field {
  return META[key] ?? other(META_NAMES[key] ?? `meta ${key}`, 4, true);
}

const STATE_BITS: readonly (readonly [bigint, State])[] = [
  [1n, 'invalid'],
  [2n, 'established'],
  [4n, 'related'],
  [8n, 'new'],
  [64n, 'untracked'],
];
const STATUS: Readonly<Record<number, PlainMessage>> = {
  1: 'expected',
  2: 'seen both ways',
  4: 'assured',
  8: 'confirmed',
  16: 'source translated',
  32: 'destination translated',
};
const CT_NAMES = [
  'state',
  'direction',
  'status',
  'mark',
  'secmark',
  'expiration',
  'helper',
  'l3proto',
  'saddr',
  'daddr',
];
const CT_MORE = [
  'protocol',
  'sport',
  'dport',
  'label',
  'packets',
  'bytes',
  'avgpkt',
  'zone',
  'event',
  'saddr',
  'daddr',
  'saddr',
  'daddr',
  'id',
];

/** What nft calls the parts of what is known of a connection, by their number. */
export const CONNECTION_NAMES: readonly string[] = [...CT_NAMES, ...CT_MORE];

export function connectionField(key: number, direction: number | null, family: Family | null): Field {
  const what = CONNECTION_NAMES[key] ?? String(key);
  const name =
    direction === null
      ? t('connection {what}', { what })
      : direction === 0
        ? t('connection original {what}', { what })
        : t('connection reply {what}', { what });
  if (key === 0) return { name: 'connection', bytes: 4, little: true, means: { type: 'state' } };
  if (key === 2) return { name: 'connection', bytes: 4, little: true, means: { type: 'status' } };
  if (key === 11 || key === 12) return other(name, 2, false, decimal);
  const long = key === 21 || key === 22 || ((key === 8 || key === 9) && family === 6);
  if (long || key === 8 || key === 9 || key === 19 || key === 20) {
    const bytes = long ? 16 : 4;
    return other(name, bytes, false, (value) => addressText(value, bytes * 8));
  }
  if (key === 1 || key === 7 || key === 10) return other(name, 1, false, decimal);
  return other(name, 4, true);
}

const RESULT_ADDRESS_TYPE = 3;
const LOCAL_TYPE = 2n;
/** A question to the routing table. */
export function routeField(result: number, flags: number): Field {
  const words = [t('source'), t('destination'), t('mark'), t('incoming link'), t('outgoing link')];
  const asked = and(words.filter((_, bit) => (flags >> bit) & 1));
  const name = t('{asked} address type', { asked });
  if (result !== RESULT_ADDRESS_TYPE) return other(t('route of {asked}', { asked }), result === 2 ? 16 : 4, true);
  if (flags === 2) return { name, bytes: 4, little: true, means: { type: 'local' } };
  return other(name, 4, true, (value) => kindName(Number(value)));
}

export function chanceField(first: number, count: number, text: string | null): Field {
  const means = { type: 'chance', first: BigInt(first), count: BigInt(count), words: text } as const;
  return { name: text ?? t('chance'), bytes: 4, little: true, means };
}

export function unknownField(name: string, bytes: number): Field {
  return other(t('{name}, which is not understood, gives', { name }), bytes, false);
}

function size(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + Number(to - from + 1n), 0);
}

function textOf(field: Field, ranges: Ranges, bits: number, one: (value: bigint) => string): string {
  const rest = complement(ranges, bits);
  const not = rest.length < ranges.length || (rest.length === 1 && rest[0]?.[0] === rest[0]?.[1]);
  const list = (not ? rest : ranges).map(([from, to]) => (from === to ? one(from) : `${one(from)}-${one(to)}`));
  return isText(fieldName(field), not, commas(list));
}

/** What it asks that a field is among these values. Links are compared by name elsewhere. */
export function fieldCondition(field: Field, ranges: Ranges): Condition | null {
  const { means } = field;
  const bits = field.bytes * 8;
  if (ranges.length === 0) return null;
  if (complement(ranges, bits).length === 0) return ANY;
  const has = (value: bigint) => ranges.some(([from, to]) => from <= value && value <= to);
  switch (means.type) {
    case 'number':
      return numbers(means.dimension, ranges);
    case 'family': {
      const [v4, v6] = [has(2n), has(10n)];
      return v4 && v6 ? ANY : v4 ? { ...ANY, family: 4 } : v6 ? { ...ANY, family: 6 } : null;
    }
    case 'local': {
      if (size(ranges) === 1 && has(LOCAL_TYPE)) return { ...ANY, local: true };
      if (size(complement(ranges, bits)) === 1 && !has(LOCAL_TYPE)) return { ...ANY, local: false };
      const kinds = intersection(ranges, [[0n, 15n]]);
      return kinds.length === 0 ? null : numbers('kind', kinds);
    }
    case 'state': {
      const states = STATE_BITS.filter(([bit]) => has(bit)).map(([, state]) => state);
      return states.length === 0 ? null : numbers('state', stateRanges(states));
    }
    case 'status':
      return words(textOf(field, ranges, bits, statusNames));
    case 'chance': {
      const common = intersection(ranges, [[means.first, means.first + means.count - 1n]]);
      if (common.length === 0) return null;
      return { ...ANY, share: size(common) / Number(means.count), also: means.words === null ? [] : [means.words] };
    }
    case 'link':
      return words(textOf(field, ranges, bits, hex));
    case 'other':
      return words(textOf(field, ranges, bits, means.text));
  }
}

/** A connection's bits of status by name. */
export function statusNames(mask: bigint): string {
  const found = Object.entries(STATUS).filter(([bit]) => (mask & BigInt(bit)) !== 0n);
  return found.length === 0 ? hex(mask) : or(found.map(([, name]) => t(name)));
}

/** That a connection is in one of the states of a mask, or in none of them. */
export function stateCondition(mask: bigint, among: boolean): Condition | null {
  const states = STATE_BITS.filter(([bit]) => ((mask & bit) !== 0n) === among).map(([, state]) => state);
  return states.length === 0 ? null : states.length === STATE_BITS.length ? ANY : numbers('state', stateRanges(states));
}
