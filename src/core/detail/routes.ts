import * as z from 'zod';
import { commas, or, type PlainMessage, semicolons, t } from '../words/words.ts';
import type { Route, RoutingRule, WayOut } from './detail.ts';
import { parseAddress } from './nat/ranges.ts';
import { storedRule } from './nat/stored-rule.ts';

/** What the probe tells of routing, as native/probe/README.md has it. Sources: ip-route(8), ip-rule(8), rtnetlink(7). */

const family = z.union([z.literal(4), z.literal(6)]);
const range = z.tuple([z.int(), z.int()]).nullable();

export const routeReply = z.object({
  family,
  table: z.int(),
  destination: z.string().nullable(),
  prefix: z.int(),
  gateway: z.string().nullable(),
  source: z.string().nullable(),
  index: z.int().nullable(),
  metric: z.int().nullable(),
  type: z.string(),
  dead: z.boolean(),
  ways: z.array(z.object({ index: z.int(), gateway: z.string().nullable() })),
});

export const ruleReply = z.object({
  family,
  priority: z.int(),
  invert: z.boolean(),
  from: z.string().nullable(),
  fromPrefix: z.int(),
  to: z.string().nullable(),
  toPrefix: z.int(),
  iif: z.string().nullable(),
  oif: z.string().nullable(),
  mark: z.int().nullable(),
  mask: z.int().nullable(),
  tos: z.int().nullable(),
  protocol: z.int().nullable(),
  sourcePorts: range,
  ports: range,
  uids: range,
  l3mdev: z.boolean(),
  /** It has conditions that are not among these. */
  other: z.boolean(),
  action: z.string(),
  table: z.int(),
  goto: z.int().nullable(),
  suppressPrefix: z.int().nullable(),
  suppressGroup: z.int().nullable(),
});

/** Where the kernel itself would send a packet to `to`, with that mark. */
export const wayOutReply = z.object({
  family,
  to: z.string(),
  mark: z.int().nullable(),
  /** One route, or none where the kernel has none: then `error` is its errno. */
  route: z.array(routeReply).max(1),
  error: z.int().nullable(),
});

type RouteReply = z.infer<typeof routeReply>;
type RuleReply = z.infer<typeof ruleReply>;
type WayOutReply = z.infer<typeof wayOutReply>;

const LOCAL = 255;
/** Names of tables, and the rules that every namespace begins with. Source: ip-route(8), ip-rule(8). */
const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', [LOCAL]: 'local' };
const FIRST_RULES: Readonly<Record<number, number>> = { 0: LOCAL, 32766: 254, 32767: 253 };

export function tableName(table: number): string {
  return TABLES[table] ?? String(table);
}

type Names = ReadonlyMap<number, string>;

function deviceName(names: Names, index: number | null): string | null {
  return index === null ? null : (names.get(index) ?? `#${index}`);
}

export function routesOf(routes: readonly RouteReply[], names: Names): Route[] {
  return routes.map(({ destination, prefix, index, ways, ...route }) => ({
    ...route,
    destination: destination === null && prefix === 0 ? 'default' : `${destination ?? '?'}/${prefix}`,
    device: deviceName(names, index),
    ways: ways.map((way) => ({ gateway: way.gateway, device: deviceName(names, way.index) })),
  }));
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function rangeText([from, to]: readonly [number, number]): string {
  return from === to ? String(from) : `${from}-${to}`;
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp', 132: 'sctp' };
const ALL_BITS = 0xffffffff;

/** Its conditions, one each. */
function conditions(rule: RuleReply): string[] {
  const list: string[] = [];
  if (rule.fromPrefix > 0) list.push(t('from {addresses}', { addresses: `${rule.from ?? '?'}/${rule.fromPrefix}` }));
  if (rule.toPrefix > 0) list.push(t('to {addresses}', { addresses: `${rule.to ?? '?'}/${rule.toPrefix}` }));
  if (rule.iif !== null) list.push(t('arriving by {link}', { link: rule.iif }));
  if (rule.oif !== null) list.push(t('bound to {link}', { link: rule.oif }));
  if (rule.mark !== null) {
    const mask = rule.mask === null || rule.mask === ALL_BITS ? '' : `/${hex(rule.mask)}`;
    list.push(t('marked {mark}', { mark: `${hex(rule.mark)}${mask}` }));
  }
  if (rule.tos !== null) list.push(t('with TOS {tos}', { tos: hex(rule.tos) }));
  if (rule.protocol !== null) list.push(PROTOCOLS[rule.protocol] ?? t('protocol {number}', { number: rule.protocol }));
  if (rule.sourcePorts !== null) list.push(t('from port {ports}', { ports: rangeText(rule.sourcePorts) }));
  if (rule.ports !== null) list.push(t('to port {ports}', { ports: rangeText(rule.ports) }));
  if (rule.uids !== null) list.push(t('of uid {uids}', { uids: rangeText(rule.uids) }));
  if (rule.l3mdev) list.push(t('of a VRF'));
  if (rule.other) list.push(t('under a condition that is not known here'));
  return list;
}

function actionText(rule: RuleReply): string {
  if (rule.action === 'goto') return t('go on at rule {number}', { number: rule.goto ?? '?' });
  if (rule.action !== 'lookup') return rule.action === 'nop' ? t('nothing') : rule.action;
  if (rule.l3mdev) return t('the table of the VRF');
  const but: string[] = [];
  if (rule.suppressPrefix === 0) but.push(t('its default routes do not count'));
  else if (rule.suppressPrefix !== null)
    but.push(t('routes of /{prefix} and wider do not count', { prefix: rule.suppressPrefix }));
  if (rule.suppressGroup !== null)
    but.push(t('routes by links of group {group} do not count', { group: rule.suppressGroup }));
  return commas([t('table {name}', { name: tableName(rule.table) }), ...but]);
}

function testOf(rule: RuleReply): NonNullable<RoutingRule['test']> {
  const prefix = (address: string | null, length: number) => (length > 0 ? `${address ?? '?'}/${length}` : null);
  const narrow = [rule.tos, rule.protocol, rule.sourcePorts, rule.ports, rule.uids, rule.suppressGroup];
  return {
    invert: rule.invert,
    from: prefix(rule.from, rule.fromPrefix),
    to: prefix(rule.to, rule.toPrefix),
    mark: rule.mark === null ? null : { value: rule.mark, mask: rule.mask ?? ALL_BITS },
    iif: rule.iif,
    oif: rule.oif,
    more: rule.l3mdev || rule.other || narrow.some((each) => each !== null),
    action: rule.action,
    table: rule.table,
    suppressPrefix: rule.suppressPrefix,
  };
}

export function rulesOf(rules: readonly RuleReply[]): RoutingRule[] {
  return rules.map((rule) => {
    const list = conditions(rule);
    const when = list.length === 0 ? t('all') : commas(list);
    const usual =
      list.length === 0 &&
      rule.action === 'lookup' &&
      !rule.invert &&
      rule.suppressPrefix === null &&
      rule.suppressGroup === null &&
      FIRST_RULES[rule.priority] === rule.table;
    return {
      family: rule.family,
      priority: rule.priority,
      when: rule.invert ? t('all but what is {when}', { when }) : when,
      what: actionText(rule),
      usual,
      test: testOf(rule),
    };
  });
}

/** errno(3), as routes answer. */
const PROBLEMS: Readonly<Record<number, PlainMessage>> = {
  13: 'is refused (prohibit)',
  22: 'is dropped (blackhole)',
  101: 'has no route',
  113: 'is refused (unreachable)',
};

function problemText(error: number | null): string {
  const known = PROBLEMS[error ?? 0];
  if (known !== undefined) return t(known);
  return error === null
    ? t('is not routed, for an unknown error')
    : t('is not routed (error {number})', { number: error });
}

/** Ways out with one answer each: places that are sent the same way stand together. */
export function waysOutOf(answers: readonly WayOutReply[], names: Names): WayOut[] {
  const ways = new Map<string, WayOut & { readonly to: string[] }>();
  for (const { family: of, to, mark, route: routes, error } of answers) {
    const [route] = routes;
    const way = {
      family: of,
      mark,
      device: deviceName(names, route?.index ?? null),
      gateway: route?.gateway ?? null,
      table: route?.table ?? null,
      problem: route === undefined ? problemText(error) : null,
    };
    const key = JSON.stringify(way);
    const known = ways.get(key);
    if (known === undefined) ways.set(key, { ...way, to: [to] });
    else known.to.push(to);
  }
  return [...ways.values()];
}

/** Whether the route's destination has that address, and how narrow it is; null where it has not. */
function fitting({ destination, family: of }: Route, address: string): number | null {
  if (destination === 'default') return 0;
  const [network = '', length = ''] = destination.split('/');
  const [a, b] = [parseAddress(network), parseAddress(address)];
  if (a === null || b === null || a.bits !== b.bits) return null;
  const rest = BigInt((of === 4 ? 32 : 128) - Number(length));
  return a.value >> rest === b.value >> rest ? Number(length) : null;
}

/** The ways among which the kernel chooses for each connection, of which it told one; none where the route has one. */
function spreadWays({ to, family: of, device, gateway, table }: WayOut, routes: readonly Route[]): Route['ways'] {
  const [address] = to;
  if (address === undefined) return [];
  const narrowest = routes
    .filter((route) => route.family === of && route.table === table && !route.dead)
    .flatMap((route) => {
      const length = fitting(route, address);
      return length === null ? [] : [{ route, length }];
    })
    .sort((a, b) => b.length - a.length || (a.route.metric ?? 0) - (b.route.metric ?? 0))[0];
  const ways = narrowest?.route.ways ?? [];
  return ways.some((way) => way.device === device && way.gateway === gateway) ? ways : [];
}

function hopText({ device, gateway }: Route['ways'][number]): string {
  const link = device ?? t('an unknown link');
  return gateway === null ? link : t('{link} through {gateway}', { link, gateway });
}

function outcome(way: WayOut, routes: readonly Route[]): string {
  const { device, gateway, table, problem } = way;
  if (problem !== null) return storedRule(problem);
  const link = device ?? t('an unknown link');
  const ways = spreadWays(way, routes);
  const one =
    gateway === null ? t('leaves by {link}', { link }) : t('leaves by {link} through {gateway}', { link, gateway });
  const by = ways.length > 1 ? t('is spread: it leaves by {ways}', { ways: or(ways.map(hopText)) }) : one;
  return table === null ? by : t('{outcome} (table {name})', { outcome: by, name: tableName(table) });
}

/** The words for that in files of older versions, which have no test. */
const NARROW = /\b(from|arriving|bound|uid|port|TOS|known)\b/;

/** Whether the answers above, for root and unbound packets of the namespace's own, need not hold for what a rule is for. */
function isNarrow({ when, test }: RoutingRule): boolean {
  if (test === undefined) return NARROW.test(when);
  return test.from !== null || test.iif !== null || test.oif !== null || test.more;
}

/** Which way traffic to the internet goes: by family, a sentence, and one for each mark that goes another way. */
export function waysOutSentences(
  ways: readonly WayOut[],
  rules: readonly RoutingRule[],
  routes: readonly Route[],
): (readonly [string, string])[] {
  const sentences: (readonly [string, string])[] = [];
  for (const each of [4, 6] as const) {
    const say = (text: string): void => void sentences.push([`IPv${each}`, text]);
    const plain = ways.filter(({ family: of, mark }) => of === each && mark === null);
    if (plain.length === 0) continue;
    const texts = plain.map((way) => outcome(way, routes));
    say(
      new Set(texts).size === 1
        ? t('What is meant for the internet {outcome}.', { outcome: texts[0] ?? '' })
        : t('It depends on the destination: {each}.', {
            each: semicolons(
              plain.map(({ to }, at) =>
                t('what is meant for {address} {outcome}', { address: to[0] ?? '?', outcome: texts[at] ?? '' }),
              ),
            ),
          }),
    );
    const marks = new Set(ways.flatMap(({ family: of, mark }) => (of === each && mark !== null ? [mark] : [])));
    for (const mark of marks) {
      const marked = ways.filter((way) => way.family === each && way.mark === mark).map((way) => outcome(way, routes));
      if (marked.join() !== texts.join())
        say(t('What is marked {mark} {outcome}.', { mark: hex(mark), outcome: or([...new Set(marked)]) }));
    }
    const own = rules.filter((rule) => rule.family === each && !rule.usual && isNarrow(rule));
    if (own.length > 0) {
      say(
        t(
          '{count, plural, one {Rule {list} sends some traffic another way by conditions of its own: see the rules.} other {Rules {list} send some traffic another way by conditions of their own: see the rules.}}',
          { count: own.length, list: commas(own.map(({ priority }) => String(priority))) },
        ),
      );
    }
  }
  return sentences;
}
