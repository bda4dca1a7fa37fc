import type * as z from 'zod';
import { t } from '../words/words.ts';
import type { DetailOf, natRuleSchema } from './detail.ts';
import { choiceText, linkText } from './nat/condition.ts';
import { numberChoice, protocolChoice, restTexts, whoseText } from './nat/condition-texts.ts';
import { legacyTables, type NatReply, nftTables } from './nat/reply.ts';
import { storedRule } from './nat/stored-rule.ts';
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
    also: restTexts(condition),
    to,
  };
}

/** What has a field of its own: files of older versions, which spoke English alone, say it in words, too. */
const TOLD = /^(?:arrives by |from (?:any but )?[0-9a-f]*[.:]|for an address (?:that is not )?of this machine)/;

/** What a rule asks that is in words alone, and so cannot be judged. */
export function onlyInWords({ also, leaves }: Pick<NatRule, 'also' | 'leaves'>): string[] {
  return also.filter((text) => !TOLD.test(text) && (leaves === undefined || !text.startsWith('leaves by ')));
}

/** What a rule asks besides protocol, destination and port, in words. */
export function askedTexts(
  rule: Pick<NatRule, 'arrives' | 'leaves' | 'local' | 'destinations' | 'sources' | 'also'>,
): string[] {
  const { arrives, leaves, local, destinations, sources } = rule;
  return [
    ...(arrives === null ? [] : [linkText('iif', arrives)]),
    ...(leaves == null ? [] : [linkText('oif', leaves)]),
    ...whoseText(local, destinations !== null),
    ...(sources === null ? [] : [t('from {addresses}', { addresses: choiceText(sources) })]),
    ...onlyInWords(rule).map(storedRule),
  ];
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
): { rules: NatRule[] | null; unread: string[]; notes: string[] } {
  const read = (legacy: NatReply['legacy']) => legacy !== null && legacy !== 'unread';
  if (reply.nft === null && !read(reply.legacy) && !read(reply.legacy6 ?? null)) {
    return { rules: null, unread: unreadOf(reply), notes: [] };
  }
  const { found, cut } = translations([...nftTables(reply, links), ...legacyTables(reply)]);
  const rules = unique(found.map(ruleOf));
  return {
    rules,
    unread: unreadOf(reply),
    notes: reply.cut === true || cut ? [t('There are more rules for translation than are told here.')] : [],
  };
}

/** Why there may be more rules of translation; undefined where there is no such reason. */
export function unreadTranslation({
  notes,
  natUnread,
}: Pick<DetailOf<'net'>, 'natUnread'> & { readonly notes?: readonly string[] | undefined }): string | undefined {
  // Files of older versions have it among the notes alone.
  return natUnread === undefined ? notes?.find((note) => note.startsWith('The rules of ')) : natUnread[0];
}

export function natRules(reply: NatReply): NatRule[] | null {
  return natOf(reply).rules;
}

/** What of the rules could not be read, in sentences. */
function unreadOf(reply: NatReply): string[] {
  const tables = [
    [reply.unread === true, 'nftables'],
    [reply.legacy === 'unread', t('iptables (the older kind)')],
    [reply.legacy6 === 'unread', t('ip6tables (the older kind)')],
  ] as const;
  return tables.filter(([unread]) => unread).map(([, name]) => t('The rules of {name} could not be read.', { name }));
}
