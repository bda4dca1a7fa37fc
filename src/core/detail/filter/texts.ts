import { commas, or, t } from '../../words/words.ts';
import { choiceText } from '../nat/condition.ts';
import { isText, markTestText } from '../nat/condition-texts.ts';
import { asksPort } from '../nat/ranges.ts';
import { storedRule } from '../nat/stored-rule.ts';
import type { Judgement } from './judge.ts';
import type { FilterRule } from './schema.ts';

const SYN = 2;
const SYN_ACK = 18;

function flagsText(flags: NonNullable<FilterRule['flags']>): string {
  const [first, answer] = [asksPort(flags, SYN), asksPort(flags, SYN_ACK)];
  if (first === answer) return t('some flags of TCP');
  return first ? t('first packets (SYN)') : t('no first packets (SYN)');
}

/** What a rule asks, in words; `everything` where it asks nothing. */
export function askedText(rule: FilterRule): string {
  const { family, protocols, sources, sourcePorts, destinations, ports, arrives, leaves, local, kinds, states } = rule;
  const parts = [
    ...(family === undefined || sources !== undefined || destinations !== undefined ? [] : [`IPv${family}`]),
    ...(protocols === undefined ? [] : [choiceText(protocols)]),
    ...(sources === undefined ? [] : [t('from {addresses}', { addresses: choiceText(sources) })]),
    ...(sourcePorts === undefined ? [] : [t('from port {ports}', { ports: choiceText(sourcePorts) })]),
    ...(destinations === undefined ? [] : [t('to {addresses}', { addresses: choiceText(destinations) })]),
    ...(ports === undefined ? [] : [t('port {ports}', { ports: choiceText(ports) })]),
    ...(arrives === undefined ? [] : [t('arriving by {link}', { link: choiceText(arrives) })]),
    ...(leaves === undefined ? [] : [t('leaving by {link}', { link: choiceText(leaves) })]),
    ...(local === undefined
      ? []
      : [local ? t('to an address of this machine') : t('to an address not of this machine')]),
    ...(kinds === undefined ? [] : [t('to an address that is {kinds}', { kinds: or(kinds) })]),
    ...(states === undefined ? [] : [isText(t('connection ⟨state⟩'), false, or(states))]),
    ...(rule.translated === undefined
      ? []
      : [rule.translated ? t('its destination was translated') : t('its destination was not translated')]),
    ...(rule.flags === undefined ? [] : [flagsText(rule.flags)]),
    ...(rule.mark === undefined ? [] : [isText(t('mark'), false, choiceText(rule.mark))]),
    ...(rule.markBits ?? []).map(markTestText),
    ...(rule.share === undefined
      ? []
      : [t('{percent} % of the time', { percent: Math.round(rule.share * 1000) / 10 })]),
    ...(rule.also ?? []).map(storedRule),
  ];
  return parts.length === 0 ? t('everything') : commas(parts);
}

/** What made a rule, in the words of its users. */
export function makerText(by: FilterRule['by']): string {
  return { nft: 'nftables', 'iptables-nft': t('iptables on nftables'), iptables: 'iptables' }[by];
}

/** Why a packet does not pass, or why that is not known, in a sentence. */
export function judgementText({ ok, rule, table, chain }: Judgement): string {
  if (table === null) return t('No rule drops it.');
  const place = t('{chain} ({maker})', { chain: `${table.name} ${chain}`, maker: makerText(table.by) });
  if (rule === null) {
    return ok === false
      ? t('The policy of {place} is to drop what no rule lets through, and none lets this through.', { place })
      : t('The policy of {place} is to drop what no rule lets through; whether one does is not known.', { place });
  }
  const packets = askedText(rule);
  if (rule.does === 'unclear') {
    const action = rule.to === undefined ? t('what it does') : storedRule(rule.to);
    return t('A rule in {place} for {packets}: {action} is not understood.', { place, packets, action });
  }
  if (ok === false) {
    return rule.does === 'reject'
      ? t('A rule in {place} for {packets} rejects it.', { place, packets })
      : t('A rule in {place} for {packets} drops it.', { place, packets });
  }
  return t('Whether a rule in {place} is for it cannot be said: {packets}.', { place, packets });
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
