import { t } from '../../words/words.ts';
import { type Condition, choiceText, type Dimension, linkText, statesIn } from '../nat/condition.ts';
import { kindsIn, numberChoice, protocolChoice } from '../nat/condition-texts.ts';
import { contains } from '../nat/ranges.ts';
import { legacyTables, type NatReply, nftTables, otherFamilies } from '../nat/reply.ts';
import type { Action, Rule, Table } from '../nat/rules.ts';
import type { Filter, FilterRule } from './schema.ts';

/** The rules of a network namespace as the probe read them, in the order in which the kernel asks them. */

type Written<T> = { -readonly [Key in keyof T]: T[Key] };

function unreadText(key: Dimension, values: string): string {
  switch (key) {
    case 'daddr':
      return t('to {addresses}', { addresses: values });
    case 'saddr':
      return t('from {addresses}', { addresses: values });
    case 'dport':
      return t('port {ports}', { ports: values });
    case 'sport':
      return t('from port {ports}', { ports: values });
    default:
      return `${key} ${values}`;
  }
}

function askedOf(condition: Condition): Partial<FilterRule> {
  const { family, links, local, numbers, marks, share, unread } = condition;
  const out: Written<Partial<FilterRule>> = {};
  const choices = {
    protocols: protocolChoice(condition),
    sources: numberChoice(condition, 'saddr'),
    destinations: numberChoice(condition, 'daddr'),
    sourcePorts: numberChoice(condition, 'sport'),
    ports: numberChoice(condition, 'dport'),
    flags: numbers.flags === undefined ? null : numberChoice(condition, 'flags'),
    mark: numbers.mark === undefined ? null : numberChoice(condition, 'mark'),
  };
  const also = [...condition.also];
  for (const [key, choice] of Object.entries(choices) as [keyof typeof choices, FilterRule['ports'] | null][])
    if (choice != null) out[key] = choice;
  // What a set holds that was not read cannot be judged: it stays in words.
  for (const [key, choice] of Object.entries(unread) as [Dimension, { not: boolean; of: string[] }][]) {
    const title = ({ daddr: 'destinations', saddr: 'sources', dport: 'ports', sport: 'sourcePorts' } as const)[
      key as 'daddr'
    ];
    also.push(unreadText(key, choiceText(choice)));
    if (numbers[key] === undefined) delete out[title ?? (key === 'protocol' ? 'protocols' : 'mark')];
  }
  if (family !== null) out.family = family;
  for (const [key, name] of [
    ['iif', 'arrives'],
    ['oif', 'leaves'],
  ] as const) {
    const names = links[key];
    if (names === undefined) continue;
    out[name] = { not: names.not, of: [...names.of] };
    if (names.of.some((each) => each.startsWith('link number '))) also.push(linkText(key, names));
  }
  if (local !== null) out.local = local;
  if (numbers.kind !== undefined) out.kinds = kindsIn(numbers.kind);
  if (numbers.state !== undefined) out.states = statesIn(numbers.state);
  if (numbers.translated !== undefined) out.translated = contains(numbers.translated, [[1n, 1n]]);
  if (marks.length > 0) out.markBits = marks.map((each) => ({ ...each }));
  if (share < 1 - 1e-9) out.share = share;
  if (also.length > 0) out.also = also;
  return out;
}

function doesOf(action: Action): Pick<FilterRule, 'does' | 'to'> {
  switch (action.type) {
    case 'jump':
    case 'goto':
      return { does: action.type, to: action.chain };
    case 'unclear':
      return { does: 'unclear', to: action.what };
    case 'nat':
      // A translated packet has passed this table.
      return { does: 'accept' };
    default:
      return { does: action.type };
  }
}

function rulesOf({ by, outcomes, mark, untracks }: Rule): FilterRule[] {
  return outcomes.flatMap(({ condition, action }) => {
    const does = doesOf(action);
    if (does.does === 'continue' && mark === undefined && untracks !== true) return [];
    return [
      {
        by,
        ...askedOf(condition),
        ...does,
        ...(mark === undefined ? {} : { setsMark: mark }),
        ...(untracks === true ? { untracks } : {}),
      },
    ];
  });
}

/** The chains that some base leads to. */
function reached(chains: ReadonlyMap<string, FilterRule[]>, bases: readonly string[]): Map<string, FilterRule[]> {
  const out = new Map<string, FilterRule[]>();
  const open = [...bases];
  for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
    if (out.has(chain)) continue;
    const rules = chains.get(chain) ?? [];
    out.set(chain, rules);
    for (const { does, to } of rules) if ((does === 'jump' || does === 'goto') && to !== undefined) open.push(to);
  }
  return out;
}

const decides = ({ does, setsMark, untracks }: FilterRule): boolean =>
  ['drop', 'reject', 'unclear'].includes(does) || setsMark !== undefined || untracks === true;

function tableOf({ name, family, chains, bases }: Table): Filter['tables'] {
  const all = new Map([...chains].map(([chain, rules]) => [chain, rules.flatMap(rulesOf)]));
  // A chain that neither drops nor marks anything lets everything through.
  const counting = (bases ?? []).filter(
    ({ chain, policy }) =>
      policy === 'drop' || [...reached(all, [chain]).values()].some((rules) => rules.some(decides)),
  );
  if (counting.length === 0) return [];
  const kept = reached(
    all,
    counting.map(({ chain }) => chain),
  );
  const makers = new Set([...chains.values()].flatMap((rules) => rules.map(({ by }) => by)));
  const by = makers.has('iptables') ? 'iptables' : makers.has('iptables-nft') ? 'iptables-nft' : 'nft';
  return [
    {
      name,
      by,
      family,
      bases: counting.map((base) => ({ ...base })),
      chains: Object.fromEntries(kept),
    },
  ];
}

function switched(text: string | null | undefined): boolean | null {
  return text == null ? null : text !== '0';
}

function localnetOf(settings: NonNullable<NatReply['settings']>): Pick<Filter, 'localnet'> {
  const names = Object.entries(settings).flatMap(([name, value]) => {
    const link = /^net\/ipv4\/conf\/(.+)\/route_localnet$/.exec(name)?.[1];
    return link === undefined ? [] : [{ link, on: value !== null && value !== '0' }];
  });
  return names.length === 0 ? {} : { localnet: names.filter(({ on }) => on).map(({ link }) => link) };
}

/** Null where nothing could be read. */
export function filterOf(reply: NatReply, links: ReadonlyMap<number, string>): Filter | null {
  const { settings, legacyTables: others } = reply;
  // Probes before did not read these tables.
  if (settings === undefined || others === undefined) return null;
  const unread = [
    ...(reply.unread === true ? [t('The rules of {name} could not be read.', { name: 'nftables' })] : []),
    ...(reply.cut === true ? [t('There are more rules of nftables than are read.')] : []),
    ...([...others.map(({ content }) => content), reply.legacy, reply.legacy6].includes('unread')
      ? [t('A table of the older iptables could not be read.')]
      : []),
    ...otherFamilies(reply).map((name) => t('The rules of table {name} are not understood here.', { name })),
  ];
  // Without br_netfilter there is no such setting, and bridges ask no rules.
  const bridged = (name: string) => settings[`net/bridge/bridge-nf-call-${name}`] === '1';
  return {
    tables: [...nftTables(reply, links), ...legacyTables(reply)].flatMap(tableOf),
    unread,
    forwards: {
      4: switched(settings['net/ipv4/ip_forward']),
      6: switched(settings['net/ipv6/conf/all/forwarding']),
    },
    bridged: { 4: bridged('iptables'), 6: bridged('ip6tables') },
    ...localnetOf(settings),
  };
}
