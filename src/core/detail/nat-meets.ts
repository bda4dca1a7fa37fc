import { commas, t } from '../words/words.ts';
import { asksAddress, asksPort } from './nat/ranges.ts';
import { askedTexts, type NatRule } from './nat.ts';

/** Which rules of translation a packet meets, and what they ask that is not known of it. */

export interface Meeting {
  /** Of what arrives, or of what is sent from here. */
  readonly hook: 'prerouting' | 'output';
  readonly family: 4 | 6;
  /** Null for each address of the namespace. */
  readonly address: string | null;
  /** Whether the address is one of the namespace itself. */
  readonly local: boolean;
  readonly port: number;
  readonly protocol: string;
  /** Null for anybody's. */
  readonly source: string | null;
  /** The links that it may come by, null for one that is not seen; none for what is sent from here. */
  readonly by: readonly (string | null)[];
}

const ELSEWHERE: readonly NatRule['to']['kind'][] = ['dnat', 'redirect', 'netmap', 'tproxy'];

/** Null where the link is not seen, and the rule is for some. */
function asksLink({ arrives }: NatRule, by: string | null): boolean | null {
  if (arrives === null) return true;
  if (by === null) return arrives.not ? true : null;
  return (
    arrives.of.some((each) => (each.endsWith('*') ? by.startsWith(each.slice(0, -1)) : each === by)) !== arrives.not
  );
}

/** Whether a rule may send the packet elsewhere. */
export function mayMeet(rule: NatRule, { hook, family, address, local, port, protocol, source, by }: Meeting): boolean {
  if (rule.hook !== null && rule.hook !== hook) return false;
  if (!ELSEWHERE.includes(rule.to.kind)) return false;
  if (rule.family !== null && rule.family !== family) return false;
  if (rule.protocols !== null && rule.protocols.of.includes(protocol) === rule.protocols.not) return false;
  if (rule.local !== null && rule.local !== local) return false;
  if (!asksPort(rule.ports, port) || (address !== null && !asksAddress(rule.destinations, address))) return false;
  if (source !== null && !asksAddress(rule.sources, source)) return false;
  return by.length === 0 || by.some((each) => asksLink(rule, each) !== false);
}

/** What a rule asks that is not surely true of a packet that may meet it, in words. */
export function openConditions(rule: NatRule, { address, source, by }: Meeting): string[] {
  const { arrives, sources, destinations } = rule;
  const more = askedTexts({
    ...rule,
    local: null,
    arrives: by.every((each) => asksLink(rule, each) === true) ? null : arrives,
    sources: source === null ? sources : null,
  });
  if (destinations === null || address !== null) return more;
  const addresses = commas(destinations.of);
  return [
    destinations.not
      ? t('for any address but {addresses} alone', { addresses })
      : t('for {addresses} alone', { addresses }),
    ...more,
  ];
}

/** The address that a rule sends to, where it is one. */
export function oneAddress(addresses: string | null): string | null {
  return addresses === null || /[-/]/.test(addresses) ? null : addresses;
}
