import { type DetailOf, NET_LISTS, type Route, type RoutingRule } from '../detail/detail.ts';
import { asksAddress } from '../detail/nat/ranges.ts';
import { tableName } from '../detail/routes.ts';
import { stored } from '../words/stored.ts';
import { t } from '../words/words.ts';
import { familyOf } from './reach-facts.ts';

type Net = DetailOf<'net'>;

/** Which way a namespace sends a packet of its own. */
export type Routed =
  | { readonly type: 'route'; readonly route: Route; readonly text: string }
  | { readonly type: 'none'; readonly text: string }
  | { readonly type: 'unknown'; readonly text: string };

const within = (prefix: string, address: string): boolean => asksAddress({ not: false, of: [prefix] }, address);
const lengthOf = ({ destination }: Route): number =>
  destination === 'default' ? 0 : Number(destination.split('/')[1] ?? 0);

/** The narrowest route of a table, the one with the lowest metric first. */
function best(routes: readonly Route[], table: number, to: string, suppress: number | null): Route | null {
  const family = familyOf(to);
  const fitting = routes.filter(
    (route) =>
      route.table === table &&
      route.family === family &&
      !route.dead &&
      lengthOf(route) > (suppress ?? -1) &&
      (route.destination === 'default' || within(route.destination, to)),
  );
  fitting.sort((a, b) => lengthOf(b) - lengthOf(a) || (a.metric ?? 0) - (b.metric ?? 0));
  return fitting[0] ?? null;
}

/** Whether a rule is for a packet without a mark that is sent from here; null where that is not known. */
function meets(test: NonNullable<RoutingRule['test']>, to: string, from: string | null): boolean | null {
  const parts = [
    test.to === null || within(test.to, to),
    test.from === null || (from !== null && within(test.from, from)),
    // Packets bear the mark 0 until something marks them.
    test.mark === null || (test.mark.value & test.mark.mask) === 0,
    test.iif === null || test.iif === 'lo',
    test.oif === null,
  ];
  const all = parts.every((part) => part);
  if (all && test.more) return null;
  return all !== test.invert;
}

function ofTable(route: Route, by: string): Routed {
  const { destination: to, gateway } = route;
  if (route.type !== 'unicast' && route.type !== 'local')
    return { type: 'none', text: t('the route {to} of {by} says {type}', { to, by, type: route.type }) };
  if (route.ways.length > 1) return { type: 'unknown', text: t('the route {to} of {by} has several ways', { to, by }) };
  const device = route.device ?? '?';
  const text =
    gateway === null
      ? t('{to} by {device} ({by})', { to, device, by })
      : t('{to} by {device} through {gateway} ({by})', { to, device, gateway, by });
  return { type: 'route', route, text };
}

const noRoute = (to: string): Routed => ({
  type: 'none',
  text: familyOf(to) === 6 ? t('it has no IPv6 route there') : t('no route'),
});

/** Why the way of a packet cannot be told; null where routes and rules are known whole. */
function routingGap({ incomplete, notes }: Net): string | null {
  // Files of older versions have it among the notes alone, in English.
  const old = notes.find((note) => /^Not all (?:routes|rules of routing) |links and routes/.test(note));
  if (incomplete === undefined) return old === undefined ? null : stored(old);
  const [routes, rules] = [incomplete.includes('routes'), incomplete.includes('rules')];
  if (incomplete.length === NET_LISTS.length) return t('The kernel did not tell its links and routes.');
  return routes ? t('Not all routes could be read.') : rules ? t('Not all rules of routing could be read.') : null;
}

/** @param from the packet's source, where it is set before the route is chosen: of an answer, or of a bound socket */
export function routeTo(net: Net, to: string, from: string | null = null): Routed {
  const rules = net.rules.filter(({ family }) => family === familyOf(to)).sort((a, b) => a.priority - b.priority);
  const gap = routingGap(net);
  if (gap !== null) return { type: 'unknown', text: gap };
  if (rules.length === 0) {
    const route = best(net.routes, 254, to, null);
    return route === null ? noRoute(to) : ofTable(route, t('table {table}', { table: 'main' }));
  }
  for (const { priority: number, when, usual, test } of rules) {
    const priority = String(number);
    if (test === undefined)
      return { type: 'unknown', text: t('rule {priority} ({when}) was saved by an older version', { priority, when }) };
    const fits = meets(test, to, from);
    if (fits === null)
      return { type: 'unknown', text: t('rule {priority} ({when}) asks more than is known here', { priority, when }) };
    if (!fits || test.action === 'nop') continue;
    const table = tableName(test.table);
    const by = usual
      ? t('table {table}', { table })
      : t('table {table}, rule {priority}: {when}', { table, priority, when });
    if (test.action !== 'lookup') {
      return test.action === 'goto'
        ? { type: 'unknown', text: t('rule {priority} goes on at another rule', { priority }) }
        : { type: 'none', text: t('rule {priority} ({when}) says {action}', { priority, when, action: test.action }) };
    }
    const route = best(net.routes, test.table, to, test.suppressPrefix);
    if (route !== null && route.type !== 'throw') return ofTable(route, by);
  }
  return noRoute(to);
}
