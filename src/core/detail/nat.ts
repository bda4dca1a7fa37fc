import * as z from 'zod';
import type { natRuleSchema } from './detail.ts';
import { byType, bytesOf, number, text } from './nat/bytes.ts';
import { numberChoice, otherTexts, protocolChoice } from './nat/condition.ts';
import { legacyTable } from './nat/legacy.ts';
import { nftRule } from './nat/nft.ts';
import { type Base, HOOKS, type Table } from './nat/rules.ts';
import { setsOf } from './nat/sets.ts';
import { type Found, translations } from './nat/walk.ts';

const legacyReply = z.union([
  /** It is there and could not be read. */
  z.literal('unread'),
  z.object({ hooks: z.array(z.int().nullable()), entries: z.string() }),
  /** Entries alone, as probes before wrote them. */
  z.string(),
]);

/** The probe's account of address translation, as native/probe/README.md has it: the kernel's own messages in hex. */
export const natReply = z.object({
  nft: z.array(z.object({ family: z.int(), rule: z.string() })).nullable(),
  chains: z.array(z.object({ family: z.int(), chain: z.string() })).optional(),
  sets: z.array(z.object({ family: z.int(), set: z.string().optional(), elements: z.string().optional() })).optional(),
  /** More was there than is told. */
  cut: z.boolean().optional(),
  /** nftables are there and could not be read. */
  unread: z.boolean().optional(),
  legacy: legacyReply.nullable(),
  legacy6: legacyReply.nullish(),
});
type NatReply = z.infer<typeof natReply>;

export type NatRule = z.infer<typeof natRuleSchema>;

const RULE = { table: 1, chain: 2, expressions: 4 } as const;
const CHAIN = { table: 1, name: 3, hook: 4 } as const;
/** linux/netfilter.h: the families of tables, by number. */
const FAMILIES: Readonly<Record<number, 4 | 6 | null>> = { 1: null, 2: 4, 10: 6 };

function nftTables({ nft, chains, sets, cut }: NatReply): Table[] {
  const known = setsOf(sets ?? [], cut ?? false);
  const tables = new Map<string, Table & { bases: Base[] | null }>();
  const tableOf = (family: number, name: string) => {
    const key = `${family} ${name}`;
    const found: Table & { bases: Base[] | null } = tables.get(key) ?? {
      name,
      family: FAMILIES[family] ?? null,
      chains: new Map(),
      bases: chains === undefined ? null : [],
    };
    tables.set(key, found);
    return found;
  };
  for (const { family, chain } of chains ?? []) {
    const parts = byType(bytesOf(chain));
    const hook = byType(parts.get(CHAIN.hook));
    const name = HOOKS[number(hook.get(1), 0, 4, false) ?? -1];
    if (name === undefined) continue;
    const priority = (number(hook.get(2), 0, 4, false) ?? 0) | 0;
    tableOf(family, text(parts.get(CHAIN.table))).bases?.push({
      chain: text(parts.get(CHAIN.name)),
      hook: name,
      priority,
    });
  }
  for (const { family, rule } of nft ?? []) {
    const parts = byType(bytesOf(rule));
    const name = text(parts.get(RULE.table));
    const chain = text(parts.get(RULE.chain));
    const table = tableOf(family, name);
    const rules = table.chains.get(chain) ?? [];
    table.chains.set(chain, rules);
    rules.push(nftRule(family, name, parts.get(RULE.expressions), known));
  }
  return [...tables.values()];
}

function legacyTables({ legacy, legacy6 }: NatReply): Table[] {
  return [[4, legacy] as const, [6, legacy6 ?? null] as const].flatMap(([family, reply]) => {
    if (reply === null || reply === 'unread') return [];
    if (typeof reply === 'string') return [legacyTable(bytesOf(reply), null, family)];
    return [legacyTable(bytesOf(reply.entries), reply.hooks, family)];
  });
}

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
export function natOf(reply: NatReply): { rules: NatRule[] | null; notes: string[] } {
  const read = (legacy: NatReply['legacy']) => legacy !== null && legacy !== 'unread';
  if (reply.nft === null && !read(reply.legacy) && !read(reply.legacy6 ?? null)) {
    return { rules: null, notes: notesOf(reply, false) };
  }
  const all = [...nftTables(reply), ...legacyTables(reply)].map(translations);
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
