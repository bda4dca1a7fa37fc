import type { DetailOf } from '../detail/detail.ts';
import { asksAddress, asksPort } from '../detail/nat/ranges.ts';
import type { NatRule } from '../detail/nat.ts';
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

function asksLink({ arrives }: NatRule, by: string): boolean {
  if (arrives === null) return true;
  const found = arrives.of.some((each) => (each.endsWith('*') ? by.startsWith(each.slice(0, -1)) : each === by));
  return found !== arrives.not;
}

function fits(net: Net, rule: NatRule, { address, port, protocol, source, by }: Packet): boolean {
  if (rule.hook !== (by === null ? 'output' : 'prerouting')) return false;
  if (!['dnat', 'redirect', 'tproxy'].includes(rule.to.kind)) return false;
  if (rule.family !== null && rule.family !== familyOf(address)) return false;
  if (rule.protocols !== null && rule.protocols.of.includes(protocol) === rule.protocols.not) return false;
  if (!asksPort(rule.ports, port) || !asksAddress(rule.destinations, address)) return false;
  if (rule.local !== null && rule.local !== isOwn(net, address)) return false;
  if (by !== null && !asksLink(rule, by)) return false;
  return source === null || asksAddress(rule.sources, source);
}

/** What the links say of a packet is known here; the rest of what a rule asks is not. */
const OF_LINKS = /^arrives by /;

/** Null where no rule is for it. */
export function translate(net: Net, packet: Packet): Translation | null {
  const rule = net.nat?.find((each) => fits(net, each, packet));
  if (rule === undefined) return null;
  const { kind, addresses, ports } = rule.to;
  const single = addresses !== null && !/\/|\d-/.test(addresses);
  const unsure = rule.also.filter((text) => !OF_LINKS.test(text));
  if (rule.share < 1)
    unsure.push(t('only for {percent} % of the connections', { percent: Math.round(rule.share * 100) }));
  if (addresses !== null && !single) unsure.push(t('to one of {addresses}', { addresses }));
  if (ports?.includes('-')) unsure.push(t('to one of the ports {ports}', { ports }));
  if (kind === 'tproxy') unsure.push(t('it hands packets to a socket without changing them'));
  if (packet.source === null && rule.sources !== null) unsure.push(t('only for some sources'));
  return {
    rule,
    unsure,
    address: kind === 'redirect' || addresses === null ? packet.address : addresses,
    port: ports === null || ports.includes('-') ? packet.port : Number(ports),
  };
}
