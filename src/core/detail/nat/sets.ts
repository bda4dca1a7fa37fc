import { attributes, byType, bytesOf, number, text } from './bytes.ts';

/** A set or map of nftables with what is in it. Source: linux/netfilter/nf_tables.h. */
export interface NftSet {
  readonly name: string;
  readonly keyLength: number;
  readonly elements: readonly Element[];
  /** Whether all of its elements were read. */
  readonly whole: boolean;
}

export interface Element {
  /** First and last key, both included; null for what fits everything else. */
  readonly keys: readonly [Uint8Array, Uint8Array] | null;
  readonly data: Uint8Array | null;
  readonly verdict: { readonly code: number; readonly chain: string } | null;
}

const SET = { table: 1, name: 2, flags: 3, keyLength: 5 } as const;
const LIST = { table: 1, set: 2, elements: 3 } as const;
const ELEMENT = { key: 1, data: 2, flags: 3, keyEnd: 10 } as const;
const DATA = { value: 1, verdict: 2 } as const;
const IS_INTERVAL = 4;
const ENDS_INTERVAL = 1;
const CATCH_ALL = 2;

/** A verdict: accept, drop, or a chain that is jumped to. */
export function verdictOf(bytes: Uint8Array | undefined): Element['verdict'] {
  if (bytes === undefined) return null;
  const parts = byType(bytes);
  const code = number(parts.get(1), 0, 4, false);
  return code === null ? null : { code: code | 0, chain: text(parts.get(2)) };
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** One below, as a number of that many bytes. */
function before(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (let at = out.length - 1; at >= 0; at--) {
    out[at] = ((out[at] ?? 0) - 1) & 0xff;
    if (out[at] !== 0xff) break;
  }
  return out;
}

interface Raw {
  readonly key: Uint8Array | null;
  readonly end: Uint8Array | null;
  readonly flags: number;
  readonly data: Uint8Array | null;
  readonly verdict: Element['verdict'];
}

function rawElement(bytes: Uint8Array): Raw {
  const parts = byType(bytes);
  const value = (type: number) => byType(parts.get(type)).get(DATA.value) ?? null;
  return {
    key: value(ELEMENT.key),
    end: value(ELEMENT.keyEnd),
    flags: number(parts.get(ELEMENT.flags), 0, 4, false) ?? 0,
    data: value(ELEMENT.data),
    verdict: verdictOf(byType(parts.get(ELEMENT.data)).get(DATA.verdict)),
  };
}

function elementsOf(raw: readonly Raw[], interval: boolean): Element[] {
  const out: Element[] = raw
    .filter(({ flags }) => (flags & CATCH_ALL) !== 0)
    .map(({ data, verdict }) => ({ keys: null, data, verdict }));
  // The kernel tells them in the order of a hash, which is another one each time.
  const keyed = raw
    .filter(({ flags, key }) => key !== null && (flags & CATCH_ALL) === 0)
    .sort((a, b) => compare(a.key ?? new Uint8Array(), b.key ?? new Uint8Array()));
  if (!interval || keyed.some(({ end }) => end !== null)) {
    for (const { key, end, data, verdict } of keyed)
      if (key !== null) out.push({ keys: [key, end ?? key], data, verdict });
    return out;
  }
  // An interval is told as where it begins and where the next one that is not in it begins.
  const sorted = keyed
    .map((each) => ({ ...each, key: each.key ?? new Uint8Array() }))
    .sort((a, b) => compare(a.key, b.key) || (b.flags & ENDS_INTERVAL) - (a.flags & ENDS_INTERVAL));
  for (const [index, { key, flags, data, verdict }] of sorted.entries()) {
    if ((flags & ENDS_INTERVAL) !== 0) continue;
    const next = sorted[index + 1];
    const last = next === undefined ? new Uint8Array(key.length).fill(0xff) : before(next.key);
    out.push({ keys: [key, last], data, verdict });
  }
  return out;
}

/** The sets by family, table and name. */
export function setsOf(
  messages: readonly { family: number; set?: string | undefined; elements?: string | undefined }[],
  cut: boolean,
): Map<string, NftSet> {
  const raw = new Map<string, Raw[]>();
  for (const { family, elements } of messages) {
    if (elements === undefined) continue;
    const parts = byType(bytesOf(elements));
    const key = setKey(family, text(parts.get(LIST.table)), text(parts.get(LIST.set)));
    const list = raw.get(key) ?? [];
    raw.set(key, list);
    for (const { data } of attributes(parts.get(LIST.elements))) list.push(rawElement(data));
  }
  const out = new Map<string, NftSet>();
  for (const { family, set } of messages) {
    if (set === undefined) continue;
    const parts = byType(bytesOf(set));
    const name = text(parts.get(SET.name));
    const key = setKey(family, text(parts.get(SET.table)), name);
    const flags = number(parts.get(SET.flags), 0, 4, false) ?? 0;
    const keyLength = number(parts.get(SET.keyLength), 0, 4, false) ?? 0;
    const elements = elementsOf(raw.get(key) ?? [], (flags & IS_INTERVAL) !== 0);
    out.set(key, { name, keyLength, elements, whole: !cut });
  }
  return out;
}

export function setKey(family: number, table: string, name: string): string {
  return `${family} ${table} ${name}`;
}
