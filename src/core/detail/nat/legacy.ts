import { t } from '../../words/words.ts';
import { bigOf, number, text } from './bytes.ts';
import { ANY, both, type Condition, type Family, words } from './condition.ts';
import { maskedRange, rangesOf } from './ranges.ts';
import { type Action, HOOKS, type Hook, type Rule, type Table } from './rules.ts';
import { inRanges, linkNames, xtMatch } from './xt.ts';
import { markTarget, xtTarget } from './xt-target.ts';

/** Offsets of `struct ipt_entry` and `struct ip6t_entry`. Sources: linux/netfilter_ipv4/ip_tables.h, …_ipv6/ip6_tables.h. */
const LAYOUT = {
  4: { address: 4, links: 16, protocol: 80, flags: 82, inverse: 83, target: 88, next: 90, size: 112, goto: 2 },
  6: { address: 16, links: 64, protocol: 128, flags: 131, inverse: 132, target: 140, next: 142, size: 168, goto: 4 },
} as const;
/** The head of a match or target. */
const PART = { name: 2, revision: 31, size: 32 } as const;
const INVERSE = { iif: 1, oif: 2, source: 8, destination: 16, fragment: 32, protocol: 64 } as const;

/** linux/netfilter/x_tables.h: verdicts are kept one below their negative; what is above is an entry that is jumped to. */
const QUEUE = -4;
const VERDICTS: Readonly<Record<number, Action>> = {
  [-1]: { type: 'drop' },
  [-2]: { type: 'accept' },
  [-5]: { type: 'return' },
};
/** linux/netfilter_ipv4.h: in which order a hook asks the tables. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };
const NAT_PRIORITY = { prerouting: -100, output: -100, input: 100, postrouting: 100, forward: 0 } as const;

/** The policy of a built-in chain is its last entry. */
const BASE = {
  nat: { type: 'nat', policy: 'accept' },
  filter: { type: 'filter', policy: 'accept' },
} as const;

function headCondition(entry: Uint8Array, family: Family): Condition {
  const at = LAYOUT[family];
  const bits = at.address * 8;
  const inverse = entry[at.inverse] ?? 0;
  const parts: Condition[] = [{ ...ANY, family }];
  for (const [index, dimension, bit] of [
    [0, 'saddr', INVERSE.source],
    [1, 'daddr', INVERSE.destination],
  ] as const) {
    const value = bigOf(entry.subarray(index * at.address, (index + 1) * at.address));
    const mask = bigOf(entry.subarray((index + 2) * at.address, (index + 3) * at.address));
    if (mask === 0n) continue;
    const range = maskedRange(value, mask, bits);
    if (range === null)
      parts.push(
        words(
          index === 0
            ? t('source addresses under a mask with gaps')
            : t('destination addresses under a mask with gaps'),
        ),
      );
    else parts.push(inRanges(dimension, rangesOf([range]), (inverse & bit) !== 0, bits));
  }
  for (const [index, key] of [
    [0, 'iif'],
    [1, 'oif'],
  ] as const) {
    const start = at.links + 16 * index;
    const name = linkNames(entry.subarray(start, start + 16), entry.subarray(start + 32, start + 48));
    if (name !== null) parts.push({ ...ANY, links: { [key]: { not: (inverse & INVERSE[key]) !== 0, of: [name] } } });
  }
  const protocol = number(entry, at.protocol, 2, true) ?? 0;
  if (protocol !== 0 && protocol <= 255) {
    const ranges = rangesOf([[BigInt(protocol), BigInt(protocol)]]);
    parts.push(inRanges('protocol', ranges, (inverse & INVERSE.protocol) !== 0, 8));
  }
  if (family === 4 && ((entry[at.flags] ?? 0) & 1) !== 0) parts.push(words(t('fragments')));
  return parts.reduce((sum, each) => both(sum, each) ?? words(t('never')));
}

/**
 * A table of the older iptables or ip6tables.
 * @param hooks where the built-in chains begin, by the number of the hook; null where that was not told
 */
export function legacyTable(
  table: string,
  bytes: Uint8Array,
  hooks: readonly (number | null)[] | null,
  family: Family,
): Table {
  const at = LAYOUT[family];
  const begins = new Map<number, string>();
  for (const [hook, offset] of (hooks ?? []).entries()) {
    const name = HOOKS[hook];
    if (offset !== null && name !== undefined) begins.set(offset, name.toUpperCase());
  }
  const entries: { offset: number; entry: Uint8Array; name: string; info: Uint8Array; targetAt: number }[] = [];
  for (let offset = 0; offset + at.size <= bytes.length; ) {
    const next = number(bytes, offset + at.next, 2, true) ?? 0;
    const targetAt = number(bytes, offset + at.target, 2, true) ?? 0;
    if (next < at.size || offset + next > bytes.length || targetAt < at.size || targetAt + PART.size > next) break;
    const entry = bytes.subarray(offset, offset + next);
    const name = text(entry.subarray(targetAt + PART.name, targetAt + PART.revision));
    const info = entry.subarray(targetAt + PART.size);
    // A chain of the user's begins with an entry whose only use is its name.
    if (name === 'ERROR') begins.set(offset + next, text(info));
    entries.push({ offset, entry, name, info, targetAt });
    offset += next;
  }
  const chains = new Map<string, Rule[]>();
  let chain = '';
  for (const { offset, entry, name, info, targetAt } of entries) {
    chain = begins.get(offset) ?? chain;
    if (name === 'ERROR') continue;
    let conditions: Condition[] = [headCondition(entry, family)];
    for (let part = at.size; part + PART.size <= targetAt; ) {
      const size = number(entry, part, 2, true) ?? 0;
      if (size < PART.size || part + size > targetAt) break;
      const match = text(entry.subarray(part + PART.name, part + PART.revision));
      const asked = xtMatch(
        match,
        entry[part + PART.revision] ?? 0,
        entry.subarray(part + PART.size, part + size),
        family,
      );
      conditions = conditions.flatMap((own) => asked.flatMap((each) => both(own, each) ?? []));
      part += size;
    }
    const rules = chains.get(chain) ?? [];
    chains.set(chain, rules);
    const action = actionOf();
    const mark = markTarget(name, entry[targetAt + PART.revision] ?? 0, info);
    rules.push({
      by: 'iptables',
      outcomes: conditions.map((condition) => ({ condition, action })),
      ...(mark === undefined ? {} : { mark }),
      ...(name === 'NOTRACK' || (name === 'CT' && (info[0] ?? 0) % 2 === 1) ? { untracks: true } : {}),
    });

    function actionOf(): Action {
      if (name !== '') return xtTarget(name, entry[targetAt + PART.revision] ?? 0, info, family);
      const verdict = (number(info, 0, 4, true) ?? 0) | 0;
      if (verdict === QUEUE) return { type: 'unclear', what: t('handed to a program (queue)') };
      if (verdict < 0) return VERDICTS[verdict] ?? { type: 'continue' };
      const to = begins.get(verdict);
      const goto = ((entry[at.flags] ?? 0) & at.goto) !== 0;
      // An entry may also send to the one right behind it, which is no jump.
      return to === undefined ? { type: 'continue' } : { type: goto ? 'goto' : 'jump', chain: to };
    }
  }
  const type = table === 'nat' ? 'nat' : 'filter';
  const priorityOf = (hook: Hook) => (table === 'nat' ? NAT_PRIORITY[hook] : (PRIORITIES[table] ?? 0));
  const bases = HOOKS.flatMap((hook, index) =>
    hooks?.[index] == null ? [] : [{ chain: hook.toUpperCase(), hook, priority: priorityOf(hook), ...BASE[type] }],
  );
  return { name: table, family, chains, bases: hooks === null ? null : bases };
}
