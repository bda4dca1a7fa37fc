import type * as z from 'zod';
import type { natRuleSchema } from './detail.ts';
import { numberChoice, otherTexts, protocolChoice } from './nat/condition-texts.ts';
import { legacyTables, type NatReply, nftTables } from './nat/reply.ts';
import { type Found, translations } from './nat/walk.ts';

export type NatRule = z.infer<typeof natRuleSchema>;

function ruleOf({ by, table, chain, hook, condition, to }: Found): NatRule {
  return {
    by,
    table,
    chain,
    hook,
    family: condition.family,
    protocols: protocolChoice(condition),
    destinations: numberChoice(condition, 'daddr'),
    ports: numberChoice(condition, 'dport'),
    sources: numberChoice(condition, 'saddr'),
    arrives: condition.links.iif === undefined ? null : { ...condition.links.iif, of: [...condition.links.iif.of] },
    leaves: condition.links.oif === undefined ? null : { ...condition.links.oif, of: [...condition.links.oif.of] },
    local: condition.local,
    share: condition.share,
    also: otherTexts(condition),
    to,
  };
}

/** A rule in which nothing differs but where the packet comes from is told once. */
function unique(rules: readonly NatRule[]): NatRule[] {
  const seen = new Set<string>();
  return rules.filter((rule) => {
    const key = JSON.stringify(rule);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** The rules that translate addresses or ports, null where no kind of table could be read, and what is not known. */
/** @param links the names of the namespace's links, by number */
export function natOf(
  reply: NatReply,
  links: ReadonlyMap<number, string> = new Map(),
): { rules: NatRule[] | null; notes: string[] } {
  const read = (legacy: NatReply['legacy']) => legacy !== null && legacy !== 'unread';
  if (reply.nft === null && !read(reply.legacy) && !read(reply.legacy6 ?? null)) {
    return { rules: null, notes: notesOf(reply, false) };
  }
  const all = [...nftTables(reply, links), ...legacyTables(reply)].map(translations);
  const rules = unique(all.flatMap(({ found }) => found).map(ruleOf));
  return {
    rules,
    notes: notesOf(
      reply,
      all.some(({ cut }) => cut),
    ),
  };
}

export function natRules(reply: NatReply): NatRule[] | null {
  return natOf(reply).rules;
}

/** What of the rules is not known, in sentences. */
function notesOf(reply: NatReply, cut: boolean): string[] {
  const tables = [
    [reply.unread === true, 'nftables'],
    [reply.legacy === 'unread', 'iptables (the older kind)'],
    [reply.legacy6 === 'unread', 'ip6tables (the older kind)'],
  ] as const;
  return [
    ...tables.filter(([unread]) => unread).map(([, name]) => `The rules of ${name} could not be read.`),
    ...(cut || reply.cut === true ? ['There are more rules for translation than are told here.'] : []),
  ];
}
