import { asksAddress, asksPort } from '../nat/ranges.ts';
import type { Hook } from '../nat/rules.ts';
import type { FilterRule } from './schema.ts';

/** A packet as a chain of a namespace sees it; null for what is not known. */
export interface Packet {
  readonly family: 4 | 6;
  readonly protocol: string;
  readonly source: string | null;
  readonly destination: string | null;
  /** First and last port that it may have. */
  readonly sourcePort: readonly [number, number];
  readonly port: readonly [number, number];
  /** The links that it comes and leaves by; null also where the hook has none. */
  readonly by: string | null;
  readonly to: string | null;
  readonly local: boolean | null;
  readonly state: 'new' | 'established';
  readonly translated: boolean | null;
  /** Null also for those of other protocols than TCP. */
  readonly flags: number | null;
}

/** The ports that a program gets when it asks for none; from outside it may be any of these. Source: ip(7). */
export const FREE_PORTS = [1024, 65_535] as const;
/** TCP's flags of the first packet, and of what answers it. */
export const SYN = 2;
const SYN_ACK = 18;

/** What answers a packet. */
export function answerOf(
  { source, destination, sourcePort, port, by, to, ...packet }: Packet,
  local: boolean | null,
): Packet {
  return {
    ...packet,
    source: destination,
    destination: source,
    sourcePort: port,
    port: sourcePort,
    by: to,
    to: by,
    local,
    state: 'established',
    flags: packet.flags === null ? null : SYN_ACK,
  };
}

/** What rules before made of it. */
export interface Marked {
  readonly mark: number | null;
  readonly untracked: boolean | null;
}

type Fit = boolean | null;
type Choice = NonNullable<FilterRule['ports']>;

const and = (parts: readonly Fit[]): Fit => (parts.includes(false) ? false : parts.includes(null) ? null : true);
const one = <T>(value: T | null | undefined, test: (value: T) => boolean): Fit => (value == null ? null : test(value));

function portFits(choice: Choice | undefined, [first, last]: readonly [number, number]): Fit {
  if (choice === undefined) return true;
  if (first === last) return asksPort(choice, first);
  // The borders of what is asked part the range into pieces that fit as a whole or not at all.
  const borders = choice.of.flatMap((each) => {
    const [from = 0, to = from] = each.split('-').map(Number);
    return [from, to + 1];
  });
  const points = [first, ...borders.filter((each) => first < each && each <= last)];
  const fits = points.map((each) => asksPort(choice, each));
  return fits.every((each) => each === fits[0]) ? (fits[0] ?? null) : null;
}

function addressFits(choice: Choice | undefined, address: string | null): Fit {
  return choice === undefined ? true : one(address, (value) => asksAddress(choice, value));
}

/** @param absent what it means that there is no link: null where it is not known which one */
function linkFits(choice: Choice | undefined, link: string | null, absent: boolean): Fit {
  if (choice === undefined) return true;
  // Where there is no link its name is empty, which is none of those that are asked for.
  if (link === null) return absent ? choice.not || choice.of.includes('*') : null;
  const found = choice.of.some((each) => (each.endsWith('*') ? link.startsWith(each.slice(0, -1)) : each === link));
  return found !== choice.not;
}

function stateFits(states: readonly string[] | undefined, { state }: Packet, { untracked }: Marked): Fit {
  if (states === undefined) return true;
  const [tracked, not] = [states.includes(state), states.includes('untracked')];
  return tracked === not ? tracked : untracked === null ? null : untracked ? not : tracked;
}

function kindFits(kinds: readonly string[] | undefined, { local }: Packet): Fit {
  if (kinds === undefined) return true;
  const [own, other] = [kinds.includes('local'), kinds.includes('unicast')];
  return own === other ? own : one(local, (value) => (value ? own : other));
}

function markFits({ mark, markBits }: FilterRule, { mark: has }: Marked): Fit {
  return and([
    mark === undefined ? true : one(has, (value) => asksPort(mark, value)),
    ...(markBits ?? []).map((each) => one(has, (value) => ((value & each.mask) >>> 0 === each.value) !== each.not)),
  ]);
}

/** Whether a packet fits a rule; null where that cannot be said. */
export function fits(rule: FilterRule, packet: Packet, marked: Marked, hook: Hook): Fit {
  const { protocols, flags } = rule;
  const sure = and([
    rule.family === undefined || rule.family === packet.family,
    protocols === undefined || protocols.of.includes(packet.protocol) !== protocols.not,
    addressFits(rule.sources, packet.source),
    addressFits(rule.destinations, packet.destination),
    portFits(rule.sourcePorts, packet.sourcePort),
    portFits(rule.ports, packet.port),
    linkFits(rule.arrives, packet.by, hook === 'output' || hook === 'postrouting'),
    linkFits(rule.leaves, packet.to, hook === 'prerouting' || hook === 'input'),
    rule.local === undefined ? true : one(packet.local, (value) => value === rule.local),
    kindFits(rule.kinds, packet),
    stateFits(rule.states, packet, marked),
    rule.translated === undefined ? true : one(packet.translated, (value) => value === rule.translated),
    flags === undefined ? true : one(packet.flags, (value) => asksPort(flags, value)),
    markFits(rule, marked),
  ]);
  return sure === true && ((rule.also ?? []).length > 0 || rule.share !== undefined) ? null : sure;
}
