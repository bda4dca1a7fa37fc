import { commas, or, t } from '../../words/words.ts';
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
  const choice = choiceOf(protocol, 8, 'decimal');
  return choice === null ? null : { ...choice, of: choice.of.map((each) => PROTOCOLS[each] ?? `protocol ${each}`) };
}

export function numberChoice(condition: Condition, dimension: Exclude<Dimension, 'protocol'>): Choice | null {
  const ranges = condition.numbers[dimension];
  if (ranges === undefined) return condition.unread[dimension] ?? null;
  const notation =
    dimension === 'mark' ? 'hex' : dimension === 'daddr' || dimension === 'saddr' ? 'address' : 'decimal';
  return choiceOf(ranges, bitsOf(dimension, condition.family), notation);
}

/** `mark 0x1`, `mark not 0x1` */
export function isText(field: string, not: boolean, values: string): string {
  return not ? t('{field} not {values}', { field, values }) : t('{field} {values}', { field, values });
}

function markText(ranges: Ranges): string {
  const one = (value: bigint) => `0x${value.toString(16)}`;
  const pairs = (list: Ranges) => list.map(([from, to]) => (from === to ? one(from) : `${one(from)}-${one(to)}`));
  const rest = complement(ranges, 32);
  return rest.length < ranges.length || (rest.length === 1 && ranges.length === 1 && rest[0]?.[0] === rest[0]?.[1])
    ? isText(t('mark'), true, commas(pairs(rest)))
    : isText(t('mark'), false, commas(pairs(ranges)));
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
  return rest.length < named.length ? isText(title, true, or(rest)) : isText(title, false, or(named));
}

const FLAG_NAMES = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'] as const;

/** Which of TCP's flags must be set, and which not; where that is not all that is asked, how much it is. */
function flagsText(ranges: Ranges): string {
  const values = Array.from({ length: 256 }, (_, at) => at).filter((at) =>
    contains(ranges, [[BigInt(at), BigInt(at)]]),
  );
  const set = values.reduce((sum, each) => sum & each, 255);
  const any = values.reduce((sum, each) => sum | each, 0);
  const names = (bits: number) => FLAG_NAMES.filter((_, bit) => ((bits >> bit) & 1) === 1);
  const free = FLAG_NAMES.filter((_, bit) => (((any & ~set) >> bit) & 1) === 1).length;
  if (values.length !== 2 ** free) return t('TCP with one of {count, number} sets of flags', { count: values.length });
  const [flags, without] = [commas(names(set)), commas(names(~any & 255))];
  if (flags === '') return without === '' ? t('TCP with no flag set') : t('TCP without {without}', { without });
  return without === ''
    ? t('TCP with {flags} set', { flags })
    : t('TCP with {flags} set, without {without}', { flags, without });
}

export function maskText(field: string, mask: string, value: string, not: boolean): string {
  return not
    ? t('{field} under the mask {mask} is not {value}', { field, mask, value })
    : t('{field} under the mask {mask} is {value}', { field, mask, value });
}

export function markTestText({ mask, value, not }: MarkTest): string {
  return maskText(t('mark'), `0x${mask.toString(16)}`, `0x${value.toString(16)}`, not);
}

/** Of connections, flags and kinds of addresses. */
function packetTexts({ numbers: { state, translated, flags, kind }, marks }: Condition): string[] {
  return [
    ...marks.map(markTestText),
    ...(state === undefined ? [] : [listText(t('connection ⟨state⟩'), STATES, statesIn(state))]),
    ...(translated === undefined
      ? []
      : [
          contains(translated, [[1n, 1n]])
            ? t('its destination was translated')
            : t('its destination was not translated'),
        ]),
    ...(flags === undefined ? [] : [flagsText(flags)]),
    ...(kind === undefined
      ? []
      : [
          listText(
            t('destination address type'),
            Array.from({ length: 16 }, (_, at) => kindName(at)),
            kindsIn(kind),
          ),
        ]),
  ];
}

/** That it is asked whose address the destination is, where that is not told with the destination. */
export function whoseText(local: boolean | null, withDestination: boolean): string[] {
  if (local === false) return [t('for an address that is not of this machine')];
  return local === true && withDestination ? [t('for an address of this machine')] : [];
}

/** What is asked besides protocol, destination and port, each in words. */
function otherTexts(condition: Condition): string[] {
  const source = numberChoice(condition, 'saddr');
  return [
    ...(Object.entries(condition.links) as [LinkDimension, Names][]).map(([key, names]) => linkText(key, names)),
    ...whoseText(condition.local, numberChoice(condition, 'daddr') !== null),
    ...(source === null ? [] : [t('from {addresses}', { addresses: choiceText(source) })]),
    ...restTexts(condition),
  ];
}

/** What is asked besides protocol, addresses, ports and links, each in words. */
export function restTexts(condition: Condition): string[] {
  const { numbers: held, share, also, except } = condition;
  const sport = numberChoice(condition, 'sport');
  const percent = Math.round(share * 1000) / 10;
  return [
    ...(sport === null ? [] : [t('from port {ports}', { ports: choiceText(sport) })]),
    ...(held.mark === undefined ? [] : [markText(held.mark)]),
    ...packetTexts(condition),
    ...(Object.entries(condition.unread) as [Dimension, Choice][])
      .filter(([key]) => key === 'mark' || held[key] !== undefined)
      .map(([key, choice]) => `${key} ${choiceText(choice)}`),
    ...also,
    ...(share > 1 - 1e-9 ? [] : [t('taken {percent} % of the time', { percent })]),
    ...except.map((each) => t('not for what an earlier rule takes: {packets}', { packets: conditionText(each) })),
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
    ...(daddr === null ? [] : [t('to {addresses}', { addresses: choiceText(daddr) })]),
    ...(condition.local === true && daddr === null ? [t('to an address of this machine')] : []),
    ...(dport === null ? [] : [t('port {ports}', { ports: choiceText(dport) })]),
    ...otherTexts(condition),
  ];
  return parts.length === 0 ? t('everything') : commas(parts);
}
