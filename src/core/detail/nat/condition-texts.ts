import {
  bitsOf,
  type Condition,
  choiceText,
  type Dimension,
  type LinkDimension,
  linkText,
  type MarkTest,
  type Names,
  STATES,
  statesIn,
} from './condition.ts';
import { type Choice, choiceOf, complement, contains, type Ranges } from './ranges.ts';

/** What a condition asks, in words. */

/** IANA; the kernel names the others by number. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

export function protocolChoice({ numbers: { protocol }, unread }: Condition): Choice | null {
  if (protocol === undefined) return unread.protocol ?? null;
  const choice = choiceOf(protocol, 8);
  return choice === null ? null : { ...choice, of: choice.of.map((each) => PROTOCOLS[each] ?? `protocol ${each}`) };
}

export function numberChoice(condition: Condition, dimension: Exclude<Dimension, 'protocol'>): Choice | null {
  const ranges = condition.numbers[dimension];
  if (ranges === undefined) return condition.unread[dimension] ?? null;
  return choiceOf(ranges, bitsOf(dimension, condition.family));
}

function markText(ranges: Ranges): string {
  const one = (value: bigint) => `0x${value.toString(16)}`;
  const pairs = (list: Ranges) => list.map(([from, to]) => (from === to ? one(from) : `${one(from)}-${one(to)}`));
  const rest = complement(ranges, 32);
  return rest.length < ranges.length || (rest.length === 1 && ranges.length === 1 && rest[0]?.[0] === rest[0]?.[1])
    ? `mark not ${pairs(rest).join(', ')}`
    : `mark ${pairs(ranges).join(', ')}`;
}

/** Source: rtnetlink(7). */
const KINDS = ['unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable'] as const;

export const kindName = (value: number): string => KINDS[value] ?? `type ${value}`;

export function kindsIn(ranges: Ranges): string[] {
  return Array.from({ length: 16 }, (_, at) => at)
    .filter((at) => contains(ranges, [[BigInt(at), BigInt(at)]]))
    .map(kindName);
}

function listText(title: string, all: readonly string[], named: readonly string[]): string {
  const rest = all.filter((each) => !named.includes(each));
  return rest.length < named.length ? `${title} not ${rest.join(' or ')}` : `${title} ${named.join(' or ')}`;
}

const FLAG_NAMES = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const;

/** Which of TCP's flags must be set, and which not; where that is not all that is asked, how much it is. */
function flagsText(ranges: Ranges): string {
  const values = Array.from({ length: 256 }, (_, at) => at).filter((at) =>
    contains(ranges, [[BigInt(at), BigInt(at)]]),
  );
  const set = values.reduce((sum, each) => sum & each, 255);
  const any = values.reduce((sum, each) => sum | each, 0);
  const names = (bits: number) => FLAG_NAMES.filter((_, bit) => ((bits >> bit) & 1) === 1).join(', ');
  const free = FLAG_NAMES.filter((_, bit) => (((any & ~set) >> bit) & 1) === 1).length;
  if (values.length !== 2 ** free) return `TCP with one of ${values.length} sets of flags`;
  const without = names(~any & 255);
  return `TCP with ${names(set) || 'no flag'} set${without === '' ? '' : `, without ${without}`}`;
}

export function markTestText({ mask, value, not }: MarkTest): string {
  return `mark under the mask 0x${mask.toString(16)} ${not ? 'is not' : 'is'} 0x${value.toString(16)}`;
}

/** Of connections, flags and kinds of addresses. */
function packetTexts({ numbers: { state, translated, flags, kind }, marks }: Condition): string[] {
  return [
    ...marks.map(markTestText),
    ...(state === undefined ? [] : [listText('connection', STATES, statesIn(state))]),
    ...(translated === undefined
      ? []
      : [contains(translated, [[1n, 1n]]) ? 'its destination was translated' : 'its destination was not translated']),
    ...(flags === undefined ? [] : [flagsText(flags)]),
    ...(kind === undefined
      ? []
      : [
          listText(
            'destination address type',
            Array.from({ length: 16 }, (_, at) => kindName(at)),
            kindsIn(kind),
          ),
        ]),
  ];
}

/** That a rule asks whose address the destination is. */
export const WHOSE_ADDRESS = {
  own: 'for an address of this machine',
  other: 'for an address that is not of this machine',
} as const;

/** What is asked besides protocol, destination and port, each in words. */
export function otherTexts(condition: Condition): string[] {
  const { links, local, numbers: held, share, also, except } = condition;
  const daddr = numberChoice(condition, 'daddr');
  const source = numberChoice(condition, 'saddr');
  const sport = numberChoice(condition, 'sport');
  const percent = Math.round(share * 1000) / 10;
  return [
    ...(Object.entries(links) as [LinkDimension, Names][]).map(([key, names]) => linkText(key, names)),
    ...(local === false ? [WHOSE_ADDRESS.other] : []),
    ...(local === true && daddr !== null ? [WHOSE_ADDRESS.own] : []),
    ...(source === null ? [] : [`from ${choiceText(source)}`]),
    ...(sport === null ? [] : [`from port ${choiceText(sport)}`]),
    ...(held.mark === undefined ? [] : [markText(held.mark)]),
    ...packetTexts(condition),
    ...(Object.entries(condition.unread) as [Dimension, Choice][])
      .filter(([key]) => key === 'mark' || held[key] !== undefined)
      .map(([key, choice]) => `${key} ${choiceText(choice)}`),
    ...also,
    ...(share > 1 - 1e-9 ? [] : [`taken ${percent} % of the time`]),
    ...except.map((each) => `not for what an earlier rule takes: ${conditionText(each)}`),
  ];
}

/** A condition in one sentence, for what an earlier rule takes. */
export function conditionText(condition: Condition): string {
  const protocol = protocolChoice(condition);
  const daddr = numberChoice(condition, 'daddr');
  const dport = numberChoice(condition, 'dport');
  const parts = [
    ...(condition.family === null ? [] : [`IPv${condition.family}`]),
    ...(protocol === null ? [] : [choiceText(protocol)]),
    ...(daddr === null ? [] : [`to ${choiceText(daddr)}`]),
    ...(condition.local === true && daddr === null ? ['to an address of this machine'] : []),
    ...(dport === null ? [] : [`port ${choiceText(dport)}`]),
    ...otherTexts(condition),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
