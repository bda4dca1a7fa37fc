import { commas, t } from '../../words/words.ts';
import { type Choice, complement, contains, intersection, type Ranges, rangesOf } from './ranges.ts';

/** What a rule asks of a packet, without loss: what has no place of its own is told in words. */

export type Dimension =
  | ('protocol' | 'daddr' | 'saddr' | 'dport' | 'sport' | 'mark')
  /** Of the connection: the index in `STATES`. */
  | 'state'
  /** 1 where its destination was translated. */
  | 'translated'
  /** TCP's: a byte of bits. */
  | 'flags'
  /** Of the destination's address, as the routing table numbers it. */
  | 'kind';
export type LinkDimension = 'iif' | 'oif';
export type Family = 4 | 6;

/** Names of links, `veth*` for all that begin so. */
export interface Names {
  readonly not: boolean;
  readonly of: readonly string[];
}

/** Asks bits of the mark. */
export interface MarkTest {
  readonly mask: number;
  readonly value: number;
  readonly not: boolean;
}

export interface Condition {
  /** Null for both. */
  readonly family: Family | null;
  readonly numbers: Readonly<Partial<Record<Dimension, Ranges>>>;
  readonly links: Readonly<Partial<Record<LinkDimension, Names>>>;
  /** Whether the destination is an address of this namespace itself; null where that is not asked. */
  readonly local: boolean | null;
  /** All of them must hold. */
  readonly marks: readonly MarkTest[];
  /** The part of the packets, of those that the rest fits. */
  readonly share: number;
  /** More that is asked, in words. */
  readonly also: readonly string[];
  /** What a set or map asks of these that could not be read. */
  readonly unread: Readonly<Partial<Record<Dimension, Choice>>>;
  /** Packets that an earlier rule takes away. */
  readonly except: readonly Condition[];
}

export const ANY: Condition = {
  family: null,
  numbers: {},
  links: {},
  local: null,
  marks: [],
  share: 1,
  also: [],
  unread: {},
  except: [],
};

const BITS = { protocol: 8, dport: 16, sport: 16, mark: 32, state: 3, translated: 1, flags: 8, kind: 4 } as const;

export function bitsOf(dimension: Dimension, family: Family | null): number {
  if (dimension === 'daddr' || dimension === 'saddr') return family === 6 ? 128 : 32;
  return BITS[dimension];
}

/** What conntrack says of a packet's connection; the last stands for all that may come yet, so that there are eight. */
export const STATES = ['invalid', 'established', 'related', 'new', 'untracked'] as const;
export type State = (typeof STATES)[number];

export function stateRanges(states: readonly State[]): Ranges {
  return rangesOf(
    states.map((each) => {
      const at = BigInt(STATES.indexOf(each));
      return [at, each === 'untracked' ? 7n : at] as const;
    }),
  );
}

export function statesIn(ranges: Ranges): State[] {
  return STATES.filter((_, at) => contains(ranges, [[BigInt(at), BigInt(at)]]));
}

export function numbers(dimension: Dimension, ranges: Ranges): Condition {
  return { ...ANY, numbers: { [dimension]: ranges } };
}

export function words(...also: string[]): Condition {
  return { ...ANY, also };
}

function bothNames(a: Names, b: Names): Names | null | 'unclear' {
  const plain = [...a.of, ...b.of].every((name) => !name.endsWith('*'));
  if (a.not && b.not) return { not: true, of: [...new Set([...a.of, ...b.of])] };
  if (!plain) {
    if (a.not === b.not && a.of.join() === b.of.join()) return a;
    return 'unclear';
  }
  const of = a.not ? b.of.filter((name) => !a.of.includes(name)) : a.of.filter((name) => b.of.includes(name) !== b.not);
  return of.length === 0 ? null : { not: false, of };
}

function sameMark(a: MarkTest, b: MarkTest): boolean {
  return a.mask === b.mask && a.value === b.value && a.not === b.not;
}

/** A packet that both ask for; null where there is none. */
export function both(a: Condition, b: Condition): Condition | null {
  if (a.family !== null && b.family !== null && a.family !== b.family) return null;
  if (a.local !== null && b.local !== null && a.local !== b.local) return null;
  const all: Partial<Record<Dimension, Ranges>> = { ...a.numbers };
  for (const [key, ranges] of Object.entries(b.numbers) as [Dimension, Ranges][]) {
    const own = all[key];
    const common = own === undefined ? ranges : intersection(own, ranges);
    if (common.length === 0) return null;
    all[key] = common;
  }
  const also = [...a.also];
  const links: Partial<Record<LinkDimension, Names>> = { ...a.links };
  for (const [key, names] of Object.entries(b.links) as [LinkDimension, Names][]) {
    const own = links[key];
    const common = own === undefined ? names : bothNames(own, names);
    if (common === null) return null;
    if (common === 'unclear') also.push(linkText(key, names));
    else links[key] = common;
  }
  for (const [key, choice] of Object.entries(b.unread) as [Dimension, Choice][]) {
    if (a.unread[key] !== undefined) also.push(`${key} ${choiceText(choice)}`);
  }
  for (const text of b.also) if (!also.includes(text)) also.push(text);
  const marks = [...a.marks, ...b.marks.filter((each) => !a.marks.some((own) => sameMark(own, each)))];
  const common = {
    family: a.family ?? b.family,
    numbers: all,
    links,
    local: a.local ?? b.local,
    marks,
    share: a.share * b.share,
    also,
    unread: { ...b.unread, ...a.unread },
    except: [],
  };
  // What no such packet is needs no mention.
  return {
    ...common,
    except: [...a.except, ...b.except].filter((each) => both(common, { ...each, except: [] }) !== null),
  };
}

function namesInside(inner: Names | undefined, outer: Names): boolean {
  if (inner === undefined) return false;
  if (inner.not !== outer.not) return !inner.not && outer.not && inner.of.every((name) => !matchesAny(name, outer.of));
  return inner.not
    ? outer.of.every((name) => inner.of.includes(name))
    : inner.of.every((name) => outer.of.includes(name));
}

function matchesAny(name: string, patterns: readonly string[]): boolean {
  // Two wildcards may have names in common: then they count as one.
  return patterns.some((each) => {
    const [a, b] = [each.replace(/\*$/, ''), name.replace(/\*$/, '')];
    if (each.endsWith('*') && b.startsWith(a)) return true;
    return name.endsWith('*') && a.startsWith(b) ? true : each === name;
  });
}

type Part =
  | { readonly type: 'family' | 'local' }
  | { readonly type: 'numbers'; readonly key: Dimension; readonly ranges: Ranges }
  | { readonly type: 'links'; readonly key: LinkDimension; readonly names: Names };

/** The parts of `taken` that are not already true of everything in `condition`. */
function openParts(condition: Condition, taken: Condition): Part[] {
  const parts: Part[] = [];
  if (taken.family !== null && taken.family !== condition.family) parts.push({ type: 'family' });
  if (taken.local !== null && taken.local !== condition.local) parts.push({ type: 'local' });
  for (const [key, ranges] of Object.entries(taken.numbers) as [Dimension, Ranges][]) {
    const own = condition.numbers[key];
    if (own === undefined || !contains(ranges, own)) parts.push({ type: 'numbers', key, ranges });
  }
  for (const [key, names] of Object.entries(taken.links) as [LinkDimension, Names][]) {
    if (!namesInside(condition.links[key], names)) parts.push({ type: 'links', key, names });
  }
  return parts;
}

function without(condition: Condition, part: Part, taken: Condition): Condition | null {
  switch (part.type) {
    case 'family':
      return { ...condition, family: taken.family === 4 ? 6 : 4 };
    case 'local':
      return { ...condition, local: !(taken.local ?? false) };
    case 'links':
      return both(condition, { ...ANY, links: { [part.key]: { ...part.names, not: !part.names.not } } });
    case 'numbers': {
      const family = condition.family ?? taken.family;
      return both(condition, numbers(part.key, complement(part.ranges, bitsOf(part.key, family))));
    }
  }
}

/**
 * What is left of a condition where `taken` was taken away before; null where nothing is left.
 * Exact: a part that cannot be written as one condition is kept as an exception.
 */
export function minus(condition: Condition, taken: Condition): Condition | null {
  if (both({ ...condition, except: [] }, { ...taken, except: [] }) === null) return condition;
  const parts = openParts(condition, taken);
  const plain =
    taken.also.every((text) => condition.also.includes(text)) &&
    taken.marks.every((each) => condition.marks.some((own) => sameMark(own, each))) &&
    taken.except.length === 0 &&
    Object.keys(taken.unread).length === 0;
  if (plain && parts.length === 0) {
    return taken.share >= 1 - 1e-9 ? null : { ...condition, share: condition.share * (1 - taken.share) };
  }
  const [only] = parts;
  if (plain && taken.share === 1 && parts.length === 1 && only !== undefined) return without(condition, only, taken);
  return { ...condition, except: [...condition.except, taken] };
}

export function linkText(key: LinkDimension, { not, of }: Names): string {
  const link = commas(of.map(valueText));
  if (key === 'iif') return not ? t('arrives by any link but {link}', { link }) : t('arrives by {link}', { link });
  return not ? t('leaves by any link but {link}', { link }) : t('leaves by {link}', { link });
}

/** What has no name of its own is kept as its number, and what was not read as the set's name: in English. */
function valueText(value: string): string {
  const [, set] = /^those of (.+), which was not read$/s.exec(value) ?? [];
  if (set !== undefined) return t('those of {name}, which was not read', { name: set });
  if (value === 'those of a set that was not read') return t('those of a set that was not read');
  const [, what, number] = /^(protocol|link number) (\d+)$/.exec(value) ?? [];
  if (number === undefined) return value;
  return what === 'protocol' ? t('protocol {number}', { number }) : t('link number {number}', { number });
}

export function choiceText({ not, of }: Choice): string {
  const values = commas(of.map(valueText));
  return not ? t('any but {values}', { values }) : values;
}
