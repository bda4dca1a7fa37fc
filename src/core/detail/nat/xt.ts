import { commas, t } from '../../words/words.ts';
import { bigOf, number, text } from './bytes.ts';
import { ANY, both, type Condition, type Family, numbers, words } from './condition.ts';
import { isText, kindName, maskText } from './condition-texts.ts';
import { stateCondition } from './fields.ts';
import { complement, type Ranges, rangesOf } from './ranges.ts';

/** The matches of iptables, as the kernel holds them. Sources: linux/netfilter/xt_*.h, nf_nat.h. */

const ALL_PORTS = 0xffff;

function ports(dimension: 'dport' | 'sport', from: number, to: number, inverted: boolean): Condition {
  if (from === 0 && to === ALL_PORTS && !inverted) return ANY;
  const ranges = rangesOf([[BigInt(from), BigInt(to)]]);
  return numbers(dimension, inverted ? complement(ranges, 16) : ranges);
}

function and(...parts: readonly Condition[]): Condition {
  return parts.reduce<Condition>((sum, each) => both(sum, each) ?? words(t('never')), ANY);
}

const at16 = (info: Uint8Array, at: number): number => number(info, at, 2, true) ?? 0;
export const at32 = (info: Uint8Array, at: number): number => number(info, at, 4, true) ?? 0;

function listOfPorts(info: Uint8Array, revision: number): Condition[] {
  const [which, count] = [info[0] ?? 0, info[1] ?? 0];
  const found: [bigint, bigint][] = [];
  for (let at = 0; at < Math.min(count, 15); at++) {
    const from = at16(info, 2 + 2 * at);
    const isRange = revision > 0 && (info[32 + at] ?? 0) !== 0;
    found.push([BigInt(from), BigInt(isRange ? at16(info, 4 + 2 * at) : from)]);
    if (isRange) at += 1;
  }
  const inverted = revision > 0 && (info[47] ?? 0) !== 0;
  const [inside, outside] = [rangesOf(found), complement(rangesOf(found), 16)];
  if (which === 0) return [numbers('sport', inverted ? outside : inside)];
  if (which === 1) return [numbers('dport', inverted ? outside : inside)];
  if (inverted) return [and(numbers('sport', outside), numbers('dport', outside))];
  // Either port may match: told as two conditions that no packet meets both of.
  return [numbers('dport', inside), and(numbers('sport', inside), numbers('dport', outside))];
}

const LOCAL = 4;

function addressType(info: Uint8Array, revision: number): Condition {
  const [source, destination] = [at16(info, 0), at16(info, 2)];
  const flags = at32(info, 4);
  const notSource = revision === 0 ? flags !== 0 : (flags & 1) !== 0;
  const notDestination = revision === 0 ? at32(info, 8) !== 0 : (flags & 2) !== 0;
  const bitsOf = (mask: number) => Array.from({ length: 12 }, (_, bit) => bit).filter((bit) => (mask >> bit) & 1);
  const limited = revision > 0 && (flags & 12) !== 0;
  const names = (mask: number) => {
    const kinds = commas(bitsOf(mask).map(kindName));
    return limited ? t('{kinds} of the link', { kinds }) : kinds;
  };
  const parts: Condition[] = [];
  if (source !== 0) parts.push(words(isText(t('source address type'), notSource, names(source))));
  if (destination === LOCAL && !limited) parts.push({ ...ANY, local: !notDestination });
  else if (destination !== 0 && !limited) {
    const kinds = rangesOf(bitsOf(destination).map((bit) => [BigInt(bit), BigInt(bit)] as const));
    parts.push(numbers('kind', notDestination ? complement(kinds, 4) : kinds));
  } else if (destination !== 0)
    parts.push(words(isText(t('destination address type'), notDestination, names(destination))));
  return and(...parts);
}

/** linux/netfilter/xt_conntrack.h: besides the states that nftables has, too. */
const DESTINATION_TRANSLATED = 128;
const SOURCE_TRANSLATED = 64;
const UNTRACKED = 256;

/** What a mask of iptables asks of the connection: one of the states, or that it is translated. */
function states(mask: number, inverted: boolean): Condition[] {
  const bits = BigInt((mask & 15) | ((mask & UNTRACKED) === 0 ? 0 : 64));
  const [translated, state] = [numbers('translated', [[1n, 1n]]), bits === 0n ? null : stateCondition(bits, true)];
  const source = words(inverted ? t('its source was not translated') : t('its source was translated'));
  if (!inverted) {
    return [
      ...(state === null ? [] : [state]),
      ...((mask & DESTINATION_TRANSLATED) === 0 ? [] : [translated]),
      ...((mask & SOURCE_TRANSLATED) === 0 ? [] : [source]),
    ];
  }
  return [
    and(
      (bits === 0n ? ANY : stateCondition(bits, false)) ?? words(t('never')),
      (mask & DESTINATION_TRANSLATED) === 0 ? ANY : numbers('translated', [[0n, 0n]]),
      (mask & SOURCE_TRANSLATED) === 0 ? ANY : source,
    ),
  ];
}

function conntrack(info: Uint8Array, revision: number): Condition[] {
  const [flags, inverse] = [at16(info, 146), at16(info, 148)];
  const mask = revision === 1 ? (info[150] ?? 0) : at16(info, 150);
  const asked = (flags & 1) === 0 ? [ANY] : states(mask, (inverse & 1) !== 0);
  if ((flags & ~1) === 0) return asked;
  const more = words(t('more of the connection (conntrack), which is not understood'));
  return asked.map((each) => and(each, more));
}

function owner(info: Uint8Array): Condition {
  const [match, inverse] = [info[16] ?? 0, info[17] ?? 0];
  const span = (at: number) => {
    const [from, to] = [at32(info, at), at32(info, at + 4)];
    return from === to ? String(from) : `${from}-${to}`;
  };
  const not = (bit: number) => (inverse & bit) !== 0;
  return words(
    ...((match & 1) !== 0 ? [isText(t('sent by uid'), not(1), span(0))] : []),
    ...((match & 2) !== 0 ? [isText(t('sent by gid'), not(2), span(8))] : []),
    ...((match & 4) !== 0 ? [not(4) ? t('not from a socket here') : t('from a socket here')] : []),
  );
}

function statistic(info: Uint8Array): Condition {
  const share = at16(info, 0) === 0 ? at32(info, 4) / 2 ** 31 : 1 / (at32(info, 4) + 1);
  return { ...ANY, share: (at16(info, 2) & 1) === 0 ? share : 1 - share };
}

function mark(info: Uint8Array): Condition {
  const [value, mask] = [at32(info, 0), at32(info, 4)];
  const inverted = (info[8] ?? 0) !== 0;
  if (mask === 0xffffffff) {
    const ranges = rangesOf([[BigInt(value), BigInt(value)]]);
    return numbers('mark', inverted ? complement(ranges, 32) : ranges);
  }
  return { ...ANY, marks: [{ mask, value, not: inverted }] };
}

function portsOf(info: Uint8Array, at: number, dimension: 'dport' | 'sport', inverted: boolean): Condition {
  return ports(dimension, at16(info, at), at16(info, at + 2), inverted);
}

/** TCP's flags: those of `mask` are as in `set`. */
function tcpFlags(mask: number, set: number, inverted: boolean): Condition {
  if (mask === 0) return ANY;
  const all = Array.from({ length: 256 }, (_, value) => value).filter((value) => (value & mask) === set);
  const ranges = rangesOf(all.map((value) => [BigInt(value), BigInt(value)] as const));
  return numbers('flags', inverted ? complement(ranges, 8) : ranges);
}

/** What a match asks, as alternatives; what is not understood says so. */
export function xtMatch(name: string, revision: number, info: Uint8Array, family: Family): Condition[] {
  switch (name) {
    case 'multiport':
      return listOfPorts(info, revision);
    case 'conntrack':
      return conntrack(info, revision);
    case 'state':
      return states((at32(info, 0) & 15) | ((at32(info, 0) & 64) === 0 ? 0 : UNTRACKED), false);
    default:
      return [plainMatch(name, revision, info, family)];
  }
}

function notUnderstood(name: string): Condition {
  return words(t('the match "{name}", which is not understood', { name }));
}

function connectionMark(info: Uint8Array): string {
  const [value, mask] = [at32(info, 0), at32(info, 4)];
  const inverted = (info[8] ?? 0) !== 0;
  const hex = (number: number) => `0x${number.toString(16)}`;
  const field = t('connection {what}', { what: 'mark' });
  return mask === 0xffffffff ? isText(field, inverted, hex(value)) : maskText(field, hex(mask), hex(value), inverted);
}

/** linux/netfilter/xt_iprange.h, from revision 1 on: for both families. */
function addressRange(info: Uint8Array, family: Family): Condition {
  const length = family === 4 ? 4 : 16;
  const flags = info[64] ?? 0;
  const address = (index: number) => bigOf(info.subarray(16 * index, 16 * index + length));
  const among = (dimension: 'saddr' | 'daddr', index: number, inverted: boolean) =>
    inRanges(dimension, rangesOf([[address(index), address(index + 1)]]), inverted, 8 * length);
  return and(
    (flags & 1) === 0 ? ANY : among('saddr', 0, (flags & 16) !== 0),
    (flags & 2) === 0 ? ANY : among('daddr', 2, (flags & 32) !== 0),
  );
}

function plainMatch(name: string, revision: number, info: Uint8Array, family: Family): Condition {
  const protocol = (value: bigint) => numbers('protocol', [[value, value]]);
  switch (name) {
    case 'comment':
      return ANY;
    case 'tcp': {
      const inverse = info[11] ?? 0;
      const more = (info[8] ?? 0) !== 0 || (inverse & 8) !== 0;
      return and(
        protocol(6n),
        portsOf(info, 0, 'sport', (inverse & 1) !== 0),
        portsOf(info, 4, 'dport', (inverse & 2) !== 0),
        tcpFlags(info[9] ?? 0, info[10] ?? 0, (inverse & 4) !== 0),
        more ? words(t('an option of TCP, which is not understood')) : ANY,
      );
    }
    case 'udp': {
      const inverse = info[8] ?? 0;
      return and(
        numbers('protocol', [
          [17n, 17n],
          [136n, 136n],
        ]),
        portsOf(info, 0, 'sport', (inverse & 1) !== 0),
        portsOf(info, 4, 'dport', (inverse & 2) !== 0),
      );
    }
    case 'sctp':
    case 'dccp': {
      const sctp = name === 'sctp';
      const [flags, inverse] = sctp ? [at32(info, 284), at32(info, 288)] : [at16(info, 8), at16(info, 10)];
      return and(
        protocol(sctp ? 132n : 33n),
        (flags & 1) === 0 ? ANY : portsOf(info, 4, 'sport', (inverse & 1) !== 0),
        (flags & 2) === 0 ? ANY : portsOf(info, 0, 'dport', (inverse & 2) !== 0),
        (flags & ~3) === 0 ? ANY : words(t('more of {name}, which is not understood', { name })),
      );
    }
    case 'addrtype':
      return addressType(info, revision);
    case 'mark':
      return mark(info);
    case 'connmark':
      return words(connectionMark(info));
    case 'iprange':
      return revision === 1 ? addressRange(info, family) : notUnderstood(name);
    case 'statistic':
      return statistic(info);
    case 'owner':
      return owner(info);
    case 'set':
      return words(t('addresses or ports in a set of ipset, which is not read'));
    default:
      return notUnderstood(name);
  }
}

export function inRanges(
  dimension: 'protocol' | 'daddr' | 'saddr',
  ranges: Ranges,
  inverted: boolean,
  bits: number,
): Condition {
  return numbers(dimension, inverted ? complement(ranges, bits) : ranges);
}

/** A link by its name and the mask of what is compared: `veth+` compares the first letters alone. */
export function linkNames(bytes: Uint8Array, mask: Uint8Array): string | null {
  const compared = mask.filter((byte) => byte !== 0).length;
  if (compared === 0) return null;
  const name = text(bytes.subarray(0, compared));
  return name.length < compared ? name : `${name}*`;
}
