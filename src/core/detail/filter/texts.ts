import { choiceText } from '../nat/condition.ts';
import { markTestText } from '../nat/condition-texts.ts';
import { asksPort } from '../nat/ranges.ts';
import type { Judgement } from './judge.ts';
import type { FilterRule } from './schema.ts';

const SYN = 2;
const SYN_ACK = 18;

function flagsText(flags: NonNullable<FilterRule['flags']>): string {
  const [first, answer] = [asksPort(flags, SYN), asksPort(flags, SYN_ACK)];
  if (first === answer) return 'some flags of TCP';
  return first ? 'first packets (SYN)' : 'no first packets (SYN)';
}

/** What a rule asks, in words; `everything` where it asks nothing. */
export function askedText(rule: FilterRule): string {
  const { family, protocols, sources, sourcePorts, destinations, ports, arrives, leaves, local, kinds, states } = rule;
  const parts = [
    ...(family === undefined || sources !== undefined || destinations !== undefined ? [] : [`IPv${family}`]),
    ...(protocols === undefined ? [] : [choiceText(protocols)]),
    ...(sources === undefined ? [] : [`from ${choiceText(sources)}`]),
    ...(sourcePorts === undefined ? [] : [`from port ${choiceText(sourcePorts)}`]),
    ...(destinations === undefined ? [] : [`to ${choiceText(destinations)}`]),
    ...(ports === undefined ? [] : [`port ${choiceText(ports)}`]),
    ...(arrives === undefined ? [] : [`arriving by ${choiceText(arrives)}`]),
    ...(leaves === undefined ? [] : [`leaving by ${choiceText(leaves)}`]),
    ...(local === undefined ? [] : [`to an address ${local ? '' : 'not '}of this machine`]),
    ...(kinds === undefined ? [] : [`to an address that is ${kinds.join(' or ')}`]),
    ...(states === undefined ? [] : [`connection ${states.join(' or ')}`]),
    ...(rule.translated === undefined ? [] : [`its destination ${rule.translated ? '' : 'not '}translated`]),
    ...(rule.flags === undefined ? [] : [flagsText(rule.flags)]),
    ...(rule.mark === undefined ? [] : [`mark ${choiceText(rule.mark)}`]),
    ...(rule.markBits ?? []).map(markTestText),
    ...(rule.share === undefined ? [] : [`${Math.round(rule.share * 1000) / 10} % of the time`]),
    ...(rule.also ?? []),
  ];
  return parts.length === 0 ? 'everything' : parts.join(', ');
}

const MAKERS = { nft: 'nftables', 'iptables-nft': 'iptables on nftables', iptables: 'iptables' } as const;

/** Why a packet does not pass, or why that is not known, in a sentence. */
export function judgementText({ ok, rule, table, chain }: Judgement): string {
  if (table === null) return 'No rule drops it.';
  const place = `${table.name} ${chain} (${MAKERS[table.by]})`;
  if (rule === null) {
    const policy = `The policy of ${place} is to drop what no rule lets through`;
    return ok === false ? `${policy}, and none lets this through.` : `${policy}; whether one does is not known.`;
  }
  const what = `A rule in ${place} for ${askedText(rule)}`;
  if (rule.does === 'unclear') return `${what}: ${rule.to ?? 'what it does'} is not understood.`;
  if (ok === false) return `${what} ${rule.does === 'reject' ? 'rejects' : 'drops'} it.`;
  return `Whether a rule in ${place} is for it cannot be said: ${askedText(rule)}.`;
}

/** The command that lists the chain. */
export function judgementCommand({ table, chain }: Judgement): string {
  if (table === null) return 'nft list ruleset';
  if (table.by === 'nft') {
    const family = table.family === null ? 'inet' : table.family === 6 ? 'ip6' : 'ip';
    return `nft list chain ${family} ${table.name} ${chain}`;
  }
  const program = `${table.family === 6 ? 'ip6tables' : 'iptables'}${table.by === 'iptables' ? '-legacy' : ''}`;
  return `${program} -t ${table.name} -S ${chain}`;
}
