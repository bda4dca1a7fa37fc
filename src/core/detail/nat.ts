import * as z from 'zod';
import { shortened } from './addresses.ts';
import type { natRuleSchema } from './detail.ts';

/** The probe's account of address translation, as native/probe/README.md has it: the kernel's own messages in hex. */
export const natReply = z.object({
  nft: z.array(z.object({ family: z.int(), rule: z.string() })).nullable(),
  legacy: z.string().nullable(),
});

export type NatRule = z.infer<typeof natRuleSchema>;
type Protocol = NonNullable<NatRule['protocol']>;
const PROTOCOLS: Readonly<Record<number, Protocol>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
const NFPROTO_IPV6 = 10;

/** linux/netfilter/nf_tables.h */
const RULE = { table: 1, chain: 2, expressions: 4 } as const;
const META_L4PROTO = 16;
const NETWORK_HEADER = 1;
const TRANSPORT_HEADER = 2;

function bytesOf(hex: string): Uint8Array {
  const out = new Uint8Array(hex.length >> 1);
  for (let at = 0; at < out.length; at++) out[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16) || 0;
  return out;
}

/** Numbers in messages are the network's; in what iptables hands over they are the machine's: little endian. */
function number(bytes: Uint8Array | undefined, at: number, length: 2 | 4, little: boolean): number | null {
  if (bytes === undefined || at + length > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return length === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
}

/** More than the kernel allows for the name of a table, chain or expression. */
const LONGEST_NAME = 256;

function text(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return '';
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)).subarray(0, LONGEST_NAME));
}

/** IPv4 in dots, IPv6 as RFC 5952 has it; null for the address that means any. */
function address(bytes: Uint8Array | undefined, v6: boolean): string | null {
  const length = v6 ? 16 : 4;
  if (bytes === undefined || bytes.length < length) return null;
  const own = bytes.subarray(0, length);
  if (own.every((byte) => byte === 0)) return null;
  if (!v6) return own.join('.');
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((((own[at] ?? 0) << 8) | (own[at + 1] ?? 0)).toString(16));
  return shortened(groups);
}

/** A run of netlink attributes, in their order. */
function attributes(bytes: Uint8Array): { type: number; data: Uint8Array }[] {
  const out: { type: number; data: Uint8Array }[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = number(bytes, at, 2, true) ?? 0;
    if (length < 4 || at + length > bytes.length) break;
    out.push({ type: (number(bytes, at + 2, 2, true) ?? 0) & 0x3fff, data: bytes.subarray(at + 4, at + length) });
    at += (length + 3) & ~3;
  }
  return out;
}

function byType(bytes: Uint8Array | undefined): Map<number, Uint8Array> {
  return new Map(bytes === undefined ? [] : attributes(bytes).map(({ type, data }) => [type, data]));
}

interface Draft {
  protocol: Protocol | null;
  address: string | null;
  port: number | null;
  toAddress: string | null;
  toPort: number | null;
  translated: boolean;
}

const emptyDraft = (): Draft => ({
  protocol: null,
  address: null,
  port: null,
  toAddress: null,
  toPort: null,
  translated: false,
});

/** The match on a port of `tcp` and `udp`: source ports, then destination ports, in the machine's order. */
function matchPort(draft: Draft, name: string, info: Uint8Array): void {
  if (name !== 'tcp' && name !== 'udp') return;
  draft.protocol = name;
  const from = number(info, 4, 2, true);
  if (from !== null && from === number(info, 6, 2, true)) draft.port = from;
}

/** The target DNAT in its revisions. Source: linux/netfilter/nf_nat.h, the ports in the network's order. */
function target(draft: Draft, name: string, revision: number, info: Uint8Array, v6: boolean): void {
  if (name !== 'DNAT') return;
  draft.translated = true;
  const flags = number(info, revision === 0 && !v6 ? 4 : 0, 4, true) ?? 0;
  const [from, ports] = revision === 0 && !v6 ? [8, 16] : [4, 36];
  if ((flags & 1) !== 0) draft.toAddress = address(info.subarray(from), v6);
  if ((flags & 2) !== 0) draft.toPort = number(info, ports, 2, false);
}

/** A register is named by 16 bytes or by 4; the data written there stays until it is read. */
function expression(
  draft: Draft,
  registers: Map<number, string | Uint8Array>,
  name: string,
  data: Uint8Array,
  v6: boolean,
) {
  const parts = byType(data);
  const num = (type: number) => number(parts.get(type), 0, 4, false);
  if (name === 'meta' && num(2) === META_L4PROTO) registers.set(num(1) ?? 0, 'protocol');
  else if (name === 'meta') registers.delete(num(1) ?? 0);
  else if (name === 'payload') {
    const [base, offset, length] = [num(2), num(3), num(4)];
    const what =
      base === TRANSPORT_HEADER && offset === 2 && length === 2
        ? 'port'
        : base === NETWORK_HEADER && offset === (v6 ? 24 : 16) && length === (v6 ? 16 : 4)
          ? 'address'
          : base === NETWORK_HEADER && offset === (v6 ? 6 : 9) && length === 1
            ? 'protocol'
            : '';
    registers.set(num(1) ?? 0, what);
  } else if (name === 'cmp') {
    const equal = num(2) === 0;
    const value = byType(parts.get(3)).get(1);
    const what = registers.get(num(1) ?? 0);
    if (!equal || value === undefined) return;
    if (what === 'protocol') draft.protocol = PROTOCOLS[value[0] ?? 0] ?? draft.protocol;
    else if (what === 'port') draft.port = number(value, 0, 2, false);
    else if (what === 'address') draft.address = address(value, v6);
  } else if (name === 'immediate') {
    const value = byType(parts.get(2)).get(1);
    if (value !== undefined) registers.set(num(1) ?? 0, value);
  } else if (name === 'nat' && num(1) === 1) {
    draft.translated = true;
    const read = (type: number) => {
      const held = registers.get(num(type) ?? -1);
      return held instanceof Uint8Array ? held : undefined;
    };
    draft.toAddress = address(read(3), v6);
    draft.toPort = number(read(5), 0, 2, false);
  } else if (name === 'match') matchPort(draft, text(parts.get(1)), parts.get(3) ?? new Uint8Array());
  else if (name === 'target') target(draft, text(parts.get(1)), num(2) ?? 0, parts.get(3) ?? new Uint8Array(), v6);
}

function ruleOf(draft: Draft, by: NatRule['by'], table: string, chain: string): NatRule | null {
  const { translated, ...rule } = draft;
  return translated && (rule.toAddress !== null || rule.toPort !== null) ? { by, table, chain, ...rule } : null;
}

/** One message of nftables, as the kernel dumps its rules. */
function nftRule(family: number, bytes: Uint8Array): NatRule | null {
  const parts = byType(bytes);
  const draft = emptyDraft();
  const registers = new Map<number, string | Uint8Array>();
  let by: NatRule['by'] = 'nft';
  for (const { data } of attributes(parts.get(RULE.expressions) ?? new Uint8Array())) {
    const [name, inner] = [byType(data).get(1), byType(data).get(2)];
    if (text(name) === 'target') by = 'iptables-nft';
    expression(draft, registers, text(name), inner ?? new Uint8Array(), family === NFPROTO_IPV6);
  }
  return ruleOf(draft, by, text(parts.get(RULE.table)), text(parts.get(RULE.chain)));
}

/** linux/netfilter_ipv4/ip_tables.h: struct ipt_entry, and the head of a match or target. */
const ENTRY = { destination: 4, mask: 12, protocol: 80, inverse: 83, target: 88, next: 90, size: 112 } as const;
const PART = { name: 2, revision: 31, size: 32 } as const;

/** The table `nat` of the older iptables, as the kernel hands it out: one entry after the other. */
function legacyRules(bytes: Uint8Array): NatRule[] {
  const out: NatRule[] = [];
  let chain = '';
  for (let at = 0; at + ENTRY.size <= bytes.length; ) {
    const next = number(bytes, at + ENTRY.next, 2, true) ?? 0;
    const targetAt = number(bytes, at + ENTRY.target, 2, true) ?? 0;
    if (next < ENTRY.size || at + next > bytes.length) break;
    const entry = bytes.subarray(at, at + next);
    at += next;
    const name = text(entry.subarray(targetAt + PART.name, targetAt + PART.revision));
    // A chain begins with an entry whose only use is its name.
    if (name === 'ERROR') {
      chain = text(entry.subarray(targetAt + PART.size));
      continue;
    }
    const draft = emptyDraft();
    draft.protocol = PROTOCOLS[number(entry, ENTRY.protocol, 2, true) ?? 0] ?? null;
    if (number(entry, ENTRY.mask, 4, true) === 0xffffffff)
      draft.address = address(entry.subarray(ENTRY.destination), false);
    for (let part = ENTRY.size; part + PART.size <= targetAt; ) {
      const size = number(entry, part, 2, true) ?? 0;
      if (size < PART.size) break;
      matchPort(
        draft,
        text(entry.subarray(part + PART.name, part + PART.revision)),
        entry.subarray(part + PART.size, part + size),
      );
      part += size;
    }
    target(draft, name, entry[targetAt + PART.revision] ?? 0, entry.subarray(targetAt + PART.size), false);
    const rule = ruleOf(draft, 'iptables', 'nat', chain);
    if (rule !== null) out.push(rule);
  }
  return out;
}

/** The rules that send published ports on; null where neither kind of table could be read. */
export function natRules(reply: z.infer<typeof natReply>): NatRule[] | null {
  if (reply.nft === null && reply.legacy === null) return null;
  return [
    ...(reply.nft ?? []).flatMap(({ family, rule }) => nftRule(family, bytesOf(rule)) ?? []),
    ...(reply.legacy === null ? [] : legacyRules(bytesOf(reply.legacy))),
  ];
}
