import * as z from 'zod';
import { byType, bytesOf, number, text } from './bytes.ts';
import { legacyTable } from './legacy.ts';
import { nftRule } from './nft.ts';
import { type Base, HOOKS, type Table } from './rules.ts';
import { setsOf } from './sets.ts';

const legacyReply = z.union([
  /** It is there and could not be read. */
  z.literal('unread'),
  z.object({ hooks: z.array(z.int().nullable()), entries: z.string() }),
  /** Entries alone, as probes before wrote them. */
  z.string(),
]);

/** The probe's account of what translates, filters and sends on packets, as native/probe/README.md has it: the kernel's own messages in hex. */
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
  /** The other tables of the older iptables; `family` is the system's number. */
  legacyTables: z.array(z.object({ family: z.int(), table: z.string(), content: legacyReply })).optional(),
  /** Texts of /proc/sys, by name; null where there is none. */
  settings: z.record(z.string(), z.string().nullable()).optional(),
});
export type NatReply = z.infer<typeof natReply>;

const RULE = { table: 1, chain: 2, expressions: 4 } as const;
const CHAIN = { table: 1, name: 3, hook: 4, policy: 5, type: 7 } as const;
/** linux/netfilter.h: the families of tables, by number. */
const FAMILIES: Readonly<Record<number, 4 | 6 | null>> = { 1: null, 2: 4, 10: 6 };

/** The tables of IPv4, IPv6 and both. */
export function nftTables({ nft, chains, sets, cut }: NatReply, links: ReadonlyMap<number, string>): Table[] {
  const around = { sets: setsOf(sets ?? [], cut ?? false), links };
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
    if (name === undefined || !(family in FAMILIES)) continue;
    const type = text(parts.get(CHAIN.type));
    const drops = number(parts.get(CHAIN.policy), 0, 4, false) === 0;
    const priority = (number(hook.get(2), 0, 4, false) ?? 0) | 0;
    tableOf(family, text(parts.get(CHAIN.table))).bases?.push({
      chain: text(parts.get(CHAIN.name)),
      hook: name,
      priority,
      type: type === 'filter' || type === 'route' ? type : 'nat',
      policy: drops ? 'drop' : 'accept',
    });
  }
  for (const { family, rule } of nft ?? []) {
    if (!(family in FAMILIES)) continue;
    const parts = byType(bytesOf(rule));
    const name = text(parts.get(RULE.table));
    const chain = text(parts.get(RULE.chain));
    const table = tableOf(family, name);
    const rules = table.chains.get(chain) ?? [];
    table.chains.set(chain, rules);
    rules.push(nftRule(family, name, parts.get(RULE.expressions), around));
  }
  return [...tables.values()];
}

/** Those of the older iptables. */
export function legacyTables({ legacy, legacy6, legacyTables: others }: NatReply): Table[] {
  const all = [
    [4, 'nat', legacy] as const,
    [6, 'nat', legacy6 ?? null] as const,
    ...(others ?? []).map(({ family, table, content }) => [family === 2 ? 4 : 6, table, content] as const),
  ];
  return all.flatMap(([family, table, reply]) => {
    if (reply === null || reply === 'unread') return [];
    if (typeof reply === 'string') return [legacyTable(table, bytesOf(reply), null, family)];
    return [legacyTable(table, bytesOf(reply.entries), reply.hooks, family)];
  });
}

/** Families whose rules are asked elsewhere than at IP's hooks. Source: linux/netfilter.h. */
const OTHERS: Readonly<Record<number, string>> = { 5: 'netdev', 7: 'bridge' };

/** Tables of bridges and of single links that have rules or drop everything. */
export function otherFamilies({ nft, chains }: NatReply): string[] {
  const named = (family: number, message: string) =>
    OTHERS[family] === undefined ? [] : [`${OTHERS[family]} ${text(byType(bytesOf(message)).get(RULE.table))}`];
  return [
    ...new Set([
      ...(nft ?? []).flatMap(({ family, rule }) => named(family, rule)),
      ...(chains ?? []).flatMap(({ family, chain }) =>
        number(byType(bytesOf(chain)).get(CHAIN.policy), 0, 4, false) === 0 ? named(family, chain) : [],
      ),
    ]),
  ];
}
