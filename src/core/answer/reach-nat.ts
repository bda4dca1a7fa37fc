import type { DetailOf } from '../detail/detail.ts';
import { addressText, parseAddress } from '../detail/nat/ranges.ts';
import type { NatRule } from '../detail/nat.ts';
import { type Meeting, mayMeet, oneAddress, openConditions } from '../detail/nat-meets.ts';
import { t } from '../words/words.ts';
import { familyOf, isOwn } from './reach-facts.ts';

type Net = DetailOf<'net'>;

/** A packet as a rule sees it. */
export interface Packet {
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  readonly source: string | null;
  /** The link that it came by; null for one that is sent from here. */
  readonly by: string | null;
}

/** The first rule that may translate a packet's destination, and what it asks that is not known of the packet. */
export interface Translation {
  readonly rule: NatRule;
  readonly unsure: readonly string[];
  readonly address: string;
  readonly port: number;
}

function meetingOf(net: Net, { address, port, protocol, source, by }: Packet): Meeting {
  return {
    hook: by === null ? 'output' : 'prerouting',
    ...{ family: familyOf(address), address, local: isOwn(net, address), port, protocol, source },
    by: by === null ? [] : [by === '' ? null : by],
  };
}

/** Null where no rule is for it. */
export function translate(net: Net, packet: Packet): Translation | null {
  const meeting = meetingOf(net, packet);
  const rule = net.nat?.find((each) => mayMeet(each, meeting));
  if (rule === undefined) return null;
  const { kind, addresses, ports } = rule.to;
  const unsure = openConditions(rule, meeting);
  const to = destinationOf(rule.to, packet.address);
  if (to.several) unsure.push(t('to one of {addresses}', { addresses: addresses ?? '' }));
  if (ports?.includes('-')) unsure.push(t('to one of the ports {ports}', { ports }));
  if (kind === 'tproxy') unsure.push(t('it hands packets to a socket without changing them'));
  return {
    rule,
    unsure,
    address: to.address,
    port: ports === null || ports.includes('-') ? packet.port : Number(ports),
  };
}

/** Where a rule sends what is for an address: the first where it may be one of several. */
function destinationOf({ kind, addresses }: NatRule['to'], address: string): { address: string; several: boolean } {
  if (kind === 'redirect' || kind === 'tproxy' || addresses === null) return { address, several: false };
  const one = oneAddress(addresses);
  if (one !== null) return { address: one, several: false };
  const [first = '', last = ''] = addresses.split('-');
  const [from, to, at] = [parseAddress(first), parseAddress(last), parseAddress(address)];
  if (kind !== 'netmap' || from === null || to === null || at === null) return { address: first, several: true };
  // Each address has its counterpart at the same place in the other prefix.
  return { address: addressText(from.value + (at.value % (to.value - from.value + 1n)), at.bits), several: false };
}
