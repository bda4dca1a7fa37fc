import { namespaceName } from '../snapshot/namespace-name.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { stored } from '../words/stored.ts';
import { commas, firstOf, t } from '../words/words.ts';
import type { DetailOf, Link, Route, Socket } from './detail.ts';
import { storedRule } from './nat/stored-rule.ts';
import { hasCarrier } from './network.ts';
import { tableName, waysOutSentences } from './routes.ts';
import { facts, type Section } from './section.ts';
import { natSections } from './sections-nat.ts';

type Net = DetailOf<'net'>;

/** Who a namespace belongs to, in a word: a container's name, the host, the name it was given, or its id. */
export function namespaceOwner(snapshot: Snapshot, id: string): string {
  const kind = id.slice(0, id.indexOf(':')) as keyof Snapshot['host']['namespaces'];
  if (snapshot.host.namespaces[kind] === id || snapshot.host.initial[kind] === id) return t('the host');
  const namespace = snapshot.namespaces.find((each) => each.id === id);
  const pids = new Set(namespace?.pids);
  const owner = snapshot.processes.find((process) => process.container !== null && pids.has(process.pid))?.container;
  const container = snapshot.containers.find((each) => each.id === owner);
  if (container !== undefined) return container.name;
  const given = namespace === undefined ? null : namespaceName(namespace);
  return given === null ? id : `${given.name} (${given.path})`;
}

function holder(snapshot: Snapshot, { pids, outside }: Socket): string {
  const [first] = pids;
  if (first === undefined) return '';
  const process = snapshot.processes.find(({ pid }) => pid === first);
  const one = `${process?.comm ?? '?'} ${first}`;
  const all = firstOf([one], 1, pids.length);
  return outside ? t('{holder} (from outside)', { holder: all }) : all;
}

function socketAddress({ protocol, address, port }: Socket): string {
  if (port === null) return address;
  if (protocol === 'raw' || protocol === 'raw6') return t('{address}, protocol {number}', { address, number: port });
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** A socket as a place to reach. */
function placeOf({ protocol, port }: Socket, home: string): string | null {
  const family = protocol.replace(/6$/, '');
  if (port === null || (family !== 'tcp' && family !== 'udp')) return null;
  return `${home}:${port}${family === 'udp' ? '/udp' : ''}`;
}

function linkSection(detail: Net, snapshot: Snapshot): Section {
  return {
    title: t('Links'),
    part: 'links',
    head: [t('Link'), t('Kind'), t('State'), 'MTU', 'MAC', t('Addresses'), t('Leads to')],
    rows: detail.links.map(({ name, kind, loopback, up, state, mtu, mac, master, peer, addresses }) => [
      name,
      loopback ? 'loopback' : (kind ?? ''),
      up ? (state === 'unknown' ? 'up' : state) : 'down',
      mtu === null ? '' : String(mtu),
      mac === null || loopback ? '' : mac,
      addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(' '),
      commas(
        [
          master === null ? '' : t('bridge {name}', { name: master.name }),
          peer === null
            ? ''
            : peer.namespace === null
              ? t('#{index} in a namespace that is not seen', { index: peer.index })
              : t('{link} in {place}', {
                  link: peer.name ?? `#${peer.index}`,
                  place: namespaceOwner(snapshot, peer.namespace),
                }),
        ].filter((text) => text !== ''),
      ),
    ]),
    empty: t('It has no links.'),
  };
}

function routeRow(route: Route, links: readonly Link[]): string[] {
  const { family, table, destination, gateway, device, source, metric, type, dead, ways } = route;
  const down = dead || links.some((link) => link.name === device && !hasCarrier(link));
  const notes = [type === 'unicast' ? '' : type, down ? t('link down') : ''].filter((text) => text !== '');
  const name = destination === 'default' && family === 6 ? t('default (IPv6)') : destination;
  return [
    tableName(table),
    notes.length === 0 ? name : t('{name} ({notes})', { name, notes: commas(notes) }),
    ways.length === 0 ? (gateway ?? '') : ways.map((way) => way.gateway ?? t('direct')).join(', '),
    ways.length === 0 ? (device ?? '') : ways.map((way) => way.device ?? '').join(', '),
    source ?? '',
    metric === null ? '' : String(metric),
  ];
}

const MAIN = 254;

function routeSections({ links, routes, rules, waysOut }: Net): Section[] {
  const tables = [...new Set([MAIN, ...routes.map(({ table }) => table)])];
  const sections: Section[] = [];
  const sentences = waysOutSentences(waysOut, rules, routes);
  if (sentences.length > 0) {
    sections.push({ title: t('Way out'), part: 'waysOut', head: [], rows: sentences, empty: '' });
  }
  sections.push({
    title: t('{count, plural, one {Routes: table {tables}} other {Routes: tables {tables}}}', {
      count: tables.length,
      tables: commas(tables.map(tableName)),
    }),
    part: 'routes',
    head: [t('Table ⟨of routes⟩'), t('Destination'), t('Gateway'), t('Link'), t('Source'), t('Metric')],
    rows: routes.map((route) => routeRow(route, links)),
    empty: t('It has no routes.'),
  });
  if (rules.some(({ usual }) => !usual)) {
    sections.push({
      title: t('Rules of routing: the lowest first, until a table has a route'),
      part: 'routingRules',
      head: [t('Priority'), t('Family'), t('For ⟨packets⟩'), t('Leads to')],
      rows: rules.map(({ family, priority, when, what }) => [
        String(priority),
        `IPv${family}`,
        storedRule(when),
        storedRule(what),
      ]),
      empty: '',
    });
  }
  return sections;
}

/** A network namespace in words. */
export function netSections(detail: Net, snapshot: Snapshot, reachAs: string | null = null): Section[] {
  const sections: Section[] = [
    linkSection(detail, snapshot),
    {
      title: t('Listening'),
      part: 'listening',
      head: [t('Protocol'), t('Address'), t('Process')],
      rows: detail.listening.map((socket) => [socket.protocol, socketAddress(socket), holder(snapshot, socket)]),
      places: detail.listening.map((socket) => (reachAs === null ? null : placeOf(socket, reachAs))),
      empty: t('Nothing listens.'),
    },
    ...routeSections(detail),
  ];
  sections.push(...natSections(detail, snapshot));
  const more: [string, string][] = detail.notes.map((note) => [t('Note'), stored(note)]);
  if (detail.connected > 0)
    more.push([t('Other sockets'), t('{count, number}, connected or bound to nothing', { count: detail.connected })]);
  return more.length === 0 ? sections : [...sections, facts('also', t('Also'), more)];
}
