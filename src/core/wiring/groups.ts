import type { Link } from '../detail/detail.ts';
import { optionOf } from '../services/arguments.ts';
import { proxiesIn } from '../services/proxies.ts';
import { namespaceName } from '../snapshot/namespace-name.ts';
import { compareText } from '../snapshot/order.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { commas, firstOf, t } from '../words/words.ts';
import type { NetworkFacts } from './network-facts.ts';
import { publishedLabels } from './port-labels.ts';

/** A namespace whose links are known. */
export interface WiredNet {
  readonly id: string;
  readonly links: readonly Link[];
}

/** A link of a namespace, in words. */
export interface WiredPort {
  readonly name: string;
  /** Its addresses, or what it is. */
  readonly detail: string;
  /** The name of its other end, where that is known. */
  readonly peer: string | null;
  readonly up: boolean;
}

/** A namespace in a group: the links with which it is in it. */
export interface WiredMember {
  readonly namespace: string;
  /** The containers in it, or another name for it. */
  readonly names: readonly string[];
  readonly ports: readonly WiredPort[];
  /** Ports that are published to the machine's addresses, in the group over which they lead in. */
  readonly published: readonly string[];
  /** The titles of the other groups that it is in. */
  readonly also: readonly string[];
}

/**
 * `machine`: the links of the machine itself. `network`: those who meet at one bridge, or at one link of the machine.
 * `pair`: two namespaces with a link from one to the other. `rest`: links that lead to nobody who is known.
 */
export interface WiredGroup {
  readonly key: string;
  readonly type: 'machine' | 'network' | 'pair' | 'rest';
  readonly title: string;
  /** Driver, subnets, gateways, and what else is to be known, a few words each. */
  readonly facts: readonly string[];
  readonly members: readonly WiredMember[];
}

/** What the picture cannot show, a sentence each. */
export interface Grouped {
  readonly groups: readonly WiredGroup[];
  readonly notes: readonly string[];
}

/** Kinds of links that hang on a link of the machine and have no bridge. */
const UPON_A_LINK = ['macvlan', 'macvtap', 'ipvlan', 'ipvtap'];
const MOST_NAMES_IN_A_NOTE = 12;

function detailOf({ kind, addresses, mac }: Link): string {
  // Every link has a link-local address: it tells nothing.
  const global = addresses.filter(({ scope }) => scope !== 'link');
  if (global.length === 0) return kind ?? mac ?? '';
  const v4 = global.filter(({ address }) => !address.includes(':'));
  return (v4.length > 0 ? v4 : global).map(({ address, prefix }) => `${address}/${prefix}`).join(' ');
}

const shown = ({ loopback, kind, up, addresses }: Link): boolean =>
  !loopback && (up || kind === 'veth' || addresses.length > 0);

/** Who is in which network namespace. */
function inhabitants(snapshot: Snapshot) {
  const byId = new Map(snapshot.containers.map((container) => [container.id, container]));
  const containers = new Map<string, Set<Container>>();
  const leaders = new Map<string, string>();
  for (const { container, namespaces, comm, pid } of snapshot.processes) {
    if (namespaces.net === null) continue;
    const whose = container === null ? undefined : byId.get(container);
    if (whose !== undefined && !whose.helper) {
      const own = containers.get(namespaces.net);
      if (own === undefined) containers.set(namespaces.net, new Set([whose]));
      else own.add(whose);
    }
    if (!leaders.has(namespaces.net)) leaders.set(namespaces.net, `${comm} ${pid}`);
  }
  const records = new Map(snapshot.namespaces.map((namespace) => [namespace.id, namespace]));
  return {
    of: (id: string): readonly Container[] => [...(containers.get(id) ?? [])],
    names(id: string): readonly string[] {
      const named = [...(containers.get(id) ?? [])].map(({ name }) => name).sort(compareText);
      if (named.length > 0) return named;
      const record = records.get(id);
      const given = record === undefined ? null : namespaceName(record);
      return [leaders.get(id) ?? (given === null ? id : `${given.name} (${given.path})`)];
    },
  };
}

interface Draft {
  readonly key: string;
  readonly type: WiredGroup['type'];
  /** Where the bridge is, or what it belongs to, if no network of the engine is known for it. */
  readonly fallback: { readonly title: string; readonly facts: readonly string[] };
  readonly bridge: Link | null;
  readonly members: Map<string, { readonly ports: WiredPort[]; readonly addresses: Set<string> }>;
  /** The engine's networks of which its members say that they are in it, by how many say so. */
  readonly votes: Map<string, number>;
}

function subnetOf({ addresses }: Link): string[] {
  return addresses
    .filter(({ scope, address }) => scope !== 'link' && !address.includes(':'))
    .flatMap(({ address, prefix }) => {
      const parts = address.split('.').map(Number);
      const value = parts.reduce((sum, part) => sum * 256 + part, 0);
      const size = 2 ** (32 - prefix);
      const first = Math.floor(value / size) * size;
      const text = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
      return [`${text}/${prefix}`, t('gateway {address}', { address })];
    });
}

function factsOf(network: NetworkFacts, bridge: Link | null): string[] {
  const subnets = network.subnets.flatMap(({ subnet, gateway }) => [
    subnet,
    ...(gateway === null ? [] : [t('gateway {address}', { address: gateway })]),
  ]);
  return [
    ...(network.driver === null ? [] : [network.driver]),
    ...(network.internal ? ['internal'] : []),
    ...(subnets.length > 0 ? subnets : bridge === null ? [] : subnetOf(bridge)),
    ...(bridge === null ? [] : [bridge.name]),
  ];
}

/**
 * Network namespaces by what connects them: the machine, then each network with its members, then links from one
 * namespace to another. What the engine tells of a network is used; without it, what its bridge says. Near linear.
 */
export function groupWiring(
  snapshot: Snapshot,
  facts: readonly WiredNet[],
  networks: readonly NetworkFacts[] = [],
): Grouped {
  const hostId = snapshot.host.namespaces.net ?? snapshot.host.initial.net ?? '';
  const people = inhabitants(snapshot);
  const nets = new Map([...facts].sort((a, b) => compareText(a.id, b.id)).map((net) => [net.id, net]));
  const linkAt = new Map<string, Link>();
  for (const { id, links } of nets.values()) for (const link of links) linkAt.set(`${id}#${link.index}`, link);
  const drafts = new Map<string, Draft>();
  const draft = (key: string, type: WiredGroup['type'], bridge: Link | null, fallback: Draft['fallback']): Draft => {
    const known = drafts.get(key);
    if (known !== undefined) return known;
    const made: Draft = { key, type, fallback, bridge, members: new Map(), votes: new Map() };
    drafts.set(key, made);
    return made;
  };
  const networkOf = (id: string, { addresses }: Link): string | null => {
    const own = new Set(addresses.map(({ address }) => address));
    for (const { networks: joined } of people.of(id)) {
      const found = joined.find(({ ip }) => ip !== null && own.has(ip));
      if (found !== undefined) return found.id ?? found.name;
    }
    return null;
  };
  const join = (group: Draft, id: string, link: Link, peer: Link | undefined): void => {
    const port = {
      name: link.name,
      detail: detailOf(link),
      peer: peer?.name ?? null,
      up: link.up && (peer?.up ?? true),
    };
    const own = group.members.get(id) ?? { ports: [], addresses: new Set() };
    group.members.set(id, own);
    own.ports.push(port);
    for (const { address } of link.addresses) own.addresses.add(address);
    const network = networkOf(id, link);
    if (network !== null) group.votes.set(network, (group.votes.get(network) ?? 0) + 1);
  };

  const lonely: string[] = [];
  for (const { id, links } of nets.values()) {
    const usable = links.filter(shown);
    if (usable.length === 0) {
      if (id !== hostId) lonely.push(...people.of(id).map(({ name }) => name));
      continue;
    }
    for (const link of usable) {
      const home = link.peer?.namespace ?? null;
      const peer = link.peer === null ? undefined : linkAt.get(`${home}#${link.peer.index}`);
      const master = peer?.master;
      const bridge = master == null || home === id ? undefined : linkAt.get(`${home}#${master.index}`);
      if (bridge !== undefined) {
        const where = home === hostId ? [] : [t('in {net}', { net: commas(people.names(home ?? '').slice(0, 2)) })];
        const fallback = { title: bridge.name, facts: [bridge.kind ?? '', ...subnetOf(bridge), ...where] };
        join(draft(`bridge ${home}#${bridge.index}`, 'network', bridge, fallback), id, link, peer);
      } else if (link.kind !== null && UPON_A_LINK.includes(link.kind) && id !== hostId) {
        const name = networkOf(id, link) ?? link.kind;
        join(draft(`upon ${name}`, 'network', null, { title: name, facts: [link.kind] }), id, link, undefined);
      } else if (peer !== undefined && home !== id && peer.master == null) {
        // If its own end is at a bridge, the other end is a member of that bridge and is listed there.
        if (link.master !== null) continue;
        if (home === hostId) {
          join(
            draft('straight', 'network', null, { title: t('Straight to the machine'), facts: [t('no bridge')] }),
            id,
            link,
            peer,
          );
        } else if (id !== hostId && home !== null) {
          const [a, b] = [id, home].sort(compareText);
          join(draft(`pair ${a} ${b}`, 'pair', null, { title: t('From one to the other'), facts: [] }), id, link, peer);
        }
      } else if (id !== hostId && link.master === null && !links.some(({ master }) => master?.index === link.index)) {
        join(draft('rest', 'rest', null, { title: t('Other links'), facts: [] }), id, link, peer);
      }
    }
  }

  const byNetwork = new Map(networks.map((network) => [network.id, network]));
  for (const network of networks) if (!byNetwork.has(network.name)) byNetwork.set(network.name, network);
  const used = new Set<string>();
  const told = [...drafts.values()].map((group) => {
    const [voted] = [...group.votes].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
    const device = group.bridge?.name;
    const network =
      byNetwork.get(voted?.[0] ?? '') ??
      networks.find(
        (each) => device !== undefined && (each.device === device || `br-${each.id.slice(0, 12)}` === device),
      );
    if (network !== undefined) used.add(network.id);
    // Without the engine's own answer, the containers say the name.
    const byName = snapshot.containers
      .flatMap((container) => container.networks)
      .find(({ id, name }) => voted !== undefined && (id ?? name) === voted[0])?.name;
    return {
      ...group,
      internal: network?.internal === true,
      title: network?.name ?? byName ?? group.fallback.title,
      facts:
        network === undefined ? group.fallback.facts.filter((fact) => fact !== '') : factsOf(network, group.bridge),
    };
  });
  const rank = { machine: 0, network: 1, pair: 2, rest: 3 } as const;
  told.sort((a, b) => rank[a.type] - rank[b.type] || compareText(a.title, b.title) || compareText(a.key, b.key));

  const titles = new Map<string, string[]>();
  /** The networks over which a namespace may be reached from outside; the first is assumed if nothing says which. */
  const waysIn = new Map<string, (typeof told)[number][]>();
  for (const group of told) {
    if (group.type === 'pair') continue;
    for (const id of group.members.keys()) {
      if (group.type === 'network') titles.set(id, [...(titles.get(id) ?? []), group.title]);
      const ways = waysIn.get(id) ?? [];
      // Nothing leads into an internal network from outside, so it comes last.
      waysIn.set(
        id,
        group.internal
          ? [...ways, group]
          : [...ways.filter(({ internal }) => !internal), group, ...ways.filter(({ internal }) => internal)],
      );
    }
  }
  const proxyOf = proxiesIn(snapshot);
  /** The ports of a namespace that lead in over a group: the engine's proxy says to which address. */
  const publishedIn = (key: string, id: string): readonly Container['ports'][number][] => {
    const ways = waysIn.get(id) ?? [];
    return people
      .of(id)
      .flatMap(({ ports }) => ports)
      .filter((port) => {
        const proxy = proxyOf(port);
        const address = proxy === undefined ? '' : (optionOf(proxy, 'container-ip') ?? '');
        const named = ways.find(({ members }) => members.get(id)?.addresses.has(address));
        return (named ?? ways[0])?.key === key;
      });
  };
  const groups: WiredGroup[] = told.map(({ key, type, title, facts: said, members }) => ({
    key,
    type,
    title,
    facts: said,
    members: [...members]
      .map(
        ([namespace, { ports }]): WiredMember => ({
          namespace,
          names: people.names(namespace),
          ports,
          published: publishedLabels(publishedIn(key, namespace)),
          also: type === 'network' ? (titles.get(namespace) ?? []).filter((each) => each !== title) : [],
        }),
      )
      .sort((a, b) => compareText(a.names[0] ?? '', b.names[0] ?? '') || compareText(a.namespace, b.namespace)),
  }));
  const host = nets.get(hostId);
  if (host !== undefined) {
    const masters = new Set(host.links.map(({ master }) => master?.index));
    const own = host.links.filter((link) => shown(link) && link.peer === null && !masters.has(link.index));
    // Bridges with members, and the engine's bridges for networks without members, are listed with their networks.
    const engines = new Set(networks.map((each) => each.device ?? `br-${each.id.slice(0, 12)}`));
    const ports = own
      .filter(({ name, kind }) => kind !== 'bridge' || !engines.has(name))
      .map((link) => ({ name: link.name, detail: detailOf(link), peer: null, up: link.up }));
    const inIt = people.of(hostId).map(({ name }) => name);
    groups.unshift({
      key: 'machine',
      type: 'machine',
      title: snapshot.host.hostname,
      facts: [t('the machine')],
      members: [
        {
          namespace: hostId,
          names: inIt.length > 0 ? inIt.sort(compareText) : [snapshot.host.hostname],
          ports,
          published: [],
          also: [],
        },
      ],
    });
  }
  const list = (all: readonly string[]): string => firstOf([...new Set(all)].sort(compareText), MOST_NAMES_IN_A_NOTE);
  const empty = networks.filter(({ id, driver }) => !used.has(id) && driver !== 'host' && driver !== 'null');
  return {
    groups,
    notes: [
      ...(lonely.length === 0 ? [] : [t('In no network: {names}', { names: list(lonely) })]),
      ...(empty.length === 0
        ? []
        : [t('Networks without members: {names}', { names: list(empty.map(({ name }) => name)) })]),
    ],
  };
}
