import type { DetailOf } from '../detail/detail.ts';
import { parseAddress } from '../detail/nat/ranges.ts';
import { holderText } from '../detail/way-in-listener.ts';
import { netOf, publisherOf } from '../detail/way-in-owner.ts';
import type { Lookup } from '../snapshot/details-schema.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';
import type { From } from './reach-ends.ts';
import { addressesOf, type ReachFacts } from './reach-facts.ts';
import { hop, type ReachHop } from './reach-hop.ts';

export interface Named {
  readonly hops: readonly ReachHop[];
  /** The first to be tried first; empty where the name has none, or none that is known. */
  readonly addresses: readonly string[];
}

/** Docker's embedded DNS, in each container of a network that the user made. */
const EMBEDDED = '127.0.0.11';
/** Docker's and Podman's own networks, which have no names. Source: docs.docker.com, bridge network driver; podman-network(1). */
const DEFAULT_NETWORKS: readonly string[] = ['bridge', 'podman'];

/** Networks of a container in which containers have names. */
const namedNetworks = ({ networks }: Container): Container['networks'] =>
  networks.filter(({ name }) => ![...DEFAULT_NETWORKS, 'host', 'none'].includes(name));

/** Servers that answer with the engine's names: Podman's stands at the gateway of each network. */
function engineServers({ snapshot }: ReachFacts, asker: Container): string[] {
  const gateways = namedNetworks(asker).flatMap(({ id, name }) => {
    const network = snapshot.details?.networks?.find((each) => each.id === id || each.name === name);
    return (network?.subnets ?? []).flatMap(({ gateway }) => gateway ?? []);
  });
  return [EMBEDDED, ...gateways];
}

function hostsOf(text: string, name: string): string[] {
  const wanted = name.toLowerCase();
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return names.some((each) => each.toLowerCase() === wanted) && parseAddress(address) !== null ? [address] : [];
  });
}

function serversOf(text: string): string[] {
  return text.split('\n').flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
}

const inNetwork = ({ networks }: Container, network: string): boolean => networks.some(({ name }) => name === network);

/** By its name, or by that with the network's behind it: `db.front`. Source: moby libnetwork, Sandbox.ResolveName. */
function answersTo(container: Container, network: Container['networks'][number], name: string): boolean {
  const whole = name.replace(/\.$/, '');
  // The engine compares names in any case, and networks as they are written.
  const behind = `.${network.name}`;
  const wanted = whole.endsWith(behind) ? whole.slice(0, -behind.length) : whole;
  const names = [container.name, container.id.slice(0, 12), ...(network.aliases ?? [])];
  return names.some((each) => [whole, wanted].some((text) => text.toLowerCase() === each.toLowerCase()));
}

/** Why a container that bears the name is not found by it. */
function whyNot(facts: ReachFacts, asker: Container, target: Container): string {
  const { snapshot } = facts;
  if (target.pid === null)
    return t('{name} is not running, so the name has no address. Cure: docker start {name}.', { name: target.name });
  const owner = publisherOf(snapshot, target);
  if (owner.id !== target.id) {
    return t('{name} shares the network of {owner}, and has no name of its own there. Cure: use {owner}.', {
      name: target.name,
      owner: owner.name,
    });
  }
  if (target.modes.net === 'host')
    return t('{name} is in the machine’s own network, which has no names. Cure: use the machine’s address.', {
      name: target.name,
    });
  if (asker.modes.net === 'host')
    return t(
      '{name} is in the machine’s own network, whose resolver has no names of containers. Cure: use the address.',
      {
        name: asker.name,
      },
    );
  const names = (container: Container) => commas(container.networks.map((network) => network.name)) || t('none');
  const [theirs, mine] = [namedNetworks(target)[0], namedNetworks(asker)[0]];
  const shared = target.networks.find(({ name }) => inNetwork(asker, name));
  if (theirs === undefined && mine === undefined && shared !== undefined) {
    return t(
      'The two have only the default bridge {network} in common, and that resolves no names. Cure: put both on a network of your own (docker network create).',
      { network: shared.name },
    );
  }
  return t(
    '{asker} and {target} have no network in common that has names: {asker} is in {askers}, {target} in {targets}. Cure: {cure}.',
    {
      ...{ asker: asker.name, askers: names(asker), target: target.name, targets: names(target) },
      cure:
        theirs !== undefined
          ? `docker network connect ${theirs.name} ${asker.name}`
          : mine !== undefined
            ? `docker network connect ${mine.name} ${target.name}`
            : t('put both on a network of your own (docker network create)'),
    },
  );
}

function resolverText(facts: ReachFacts, net: DetailOf<'net'> | null): string {
  const socket = net?.listening.find(({ address, protocol }) => address === EMBEDDED && protocol === 'udp');
  return socket === undefined
    ? t('the engine’s DNS')
    : t('the engine’s DNS, {holder} from outside', { holder: holderText(facts.snapshot, socket, null) });
}

/** An address that the engine tells, and those of IPv6 that its link has as well: the engine's DNS answers with both. */
function addressesBeside(facts: ReachFacts, container: Container, ip: string): string[] {
  const net = facts.nets.get(netOf(facts.snapshot, container) ?? '');
  const link = net?.links.find(({ addresses }) => addresses.some(({ address }) => address === ip));
  const more = link?.addresses.filter(({ address, scope }) => address.includes(':') && scope === 'global') ?? [];
  return [ip, ...more.map(({ address }) => address)];
}

function byEngine(facts: ReachFacts, asker: Container, server: string, name: string, target: Container | null): Named {
  const { snapshot } = facts;
  const networks = namedNetworks(asker);
  const found = networks.flatMap((mine) =>
    snapshot.containers.flatMap((each) =>
      each.pid === null
        ? []
        : each.networks
            .filter((theirs) => theirs.name === mine.name && answersTo(each, theirs, name) && (theirs.ip ?? '') !== '')
            .flatMap((theirs) =>
              addressesBeside(facts, each, theirs.ip ?? '').map((ip) => ({ container: each, network: mine.name, ip })),
            ),
    ),
  );
  const net = facts.nets.get(netOf(snapshot, asker) ?? '') ?? null;
  const what = t('name {name}, asked of {server} ({resolver})', {
    name,
    server,
    resolver: server === EMBEDDED ? resolverText(facts, net) : t('the engine’s DNS'),
  });
  const shown = `\`docker exec ${asker.name} getent hosts ${name}\``;
  if (found.length > 0) {
    const told = found.map(({ ip, container, network }) =>
      t('{address} of {name} in network {network}', { address: ip, name: container.name, network }),
    );
    return {
      hops: [
        hop(what, true, t('Both are in that network, where it has the name: {told}.', { told: commas(told) }), shown),
      ],
      addresses: found.map(({ ip }) => ip),
    };
  }
  if (target !== null) return { hops: [hop(what, false, whyNot(facts, asker, target), shown)], addresses: [] };
  return {
    hops: [
      hop(
        what,
        null,
        networks.length === 0
          ? t('No container in its networks has that name, so it asks the resolver outside, which is not seen here.')
          : t('No container in {networks} has that name, so it asks the resolver outside, which is not seen here.', {
              networks: commas(networks.map((each) => each.name)),
            }),
        shown,
      ),
    ],
    addresses: [],
  };
}

/** Which address a name has for who asks, as its files and its resolver have it. */
export function resolveName(
  facts: ReachFacts,
  from: Extract<From, { type: 'inside' }>,
  name: string,
  target: Container | null,
): Named {
  const { container } = from;
  if (container === null) {
    return target === null
      ? {
          hops: [
            hop(
              t('name {name}', { name }),
              null,
              t('How the machine resolves names is not read, and no container is called so.'),
              `\`getent hosts ${name}\``,
            ),
          ],
          addresses: [],
        }
      : ofContainer(facts, target);
  }
  const lookup: Lookup | undefined = facts.snapshot.details?.lookups?.find(({ pid }) => pid === container.pid);
  const shown = (file: string) => `\`docker exec ${container.name} cat ${file}\``;
  const hosts = hostsOf(lookup?.hosts ?? '', name);
  if (hosts.length > 0) {
    return {
      hops: [
        hop(
          t('name {name}', { name }),
          true,
          t('/etc/hosts of {name} has {addresses}.', { name: container.name, addresses: commas(hosts) }),
          shown('/etc/hosts'),
        ),
      ],
      addresses: hosts,
    };
  }
  if (lookup === undefined || lookup.resolv === null) {
    return {
      hops: [
        hop(
          t('name {name}', { name }),
          null,
          t('/etc/resolv.conf of {name} could not be read.', { name: container.name }),
          shown('/etc/resolv.conf'),
        ),
      ],
      addresses: [],
    };
  }
  const servers = serversOf(lookup.resolv);
  const asker = publisherOf(facts.snapshot, container);
  const server = servers.find((each) => engineServers(facts, asker).includes(each));
  if (server !== undefined) return byEngine(facts, asker, server, name, target);
  const what =
    servers.length === 0
      ? t('name {name}, asked of no resolver', { name })
      : t('name {name}, asked of {servers}', { name, servers: commas(servers) });
  // Where the two share a network with names, another resolver may know them too.
  const common = target === null ? [] : namedNetworks(target).filter(({ name: each }) => inNetwork(asker, each));
  if (target !== null && common.length === 0)
    return { hops: [hop(what, false, whyNot(facts, asker, target), shown('/etc/resolv.conf'))], addresses: [] };
  return {
    hops: [
      hop(
        what,
        null,
        t('That resolver is not the engine’s, and what it answers is not seen here.'),
        shown('/etc/resolv.conf'),
      ),
    ],
    addresses: [],
  };
}

/** The addresses of a container, for who needs no name: the machine, or somebody outside of containers. */
export function ofContainer(facts: ReachFacts, target: Container): Named {
  const shown = `\`docker inspect ${target.name}\``;
  const what = t('container {name}', { name: target.name });
  if (target.pid === null) {
    return {
      hops: [
        hop(
          what,
          false,
          t('It is not running, so it has no address. Cure: docker start {name}.', { name: target.name }),
          shown,
        ),
      ],
      addresses: [],
    };
  }
  const net = netOf(facts.snapshot, target);
  const detail = net === null ? undefined : facts.nets.get(net);
  if (detail === undefined)
    return {
      hops: [hop(what, null, t('Its network namespace could not be looked into.'), shown)],
      addresses: [],
    };
  const addresses = net === facts.host ? ['127.0.0.1', '::1'] : addressesOf(detail);
  const owner = publisherOf(facts.snapshot, target);
  const shares = owner.id === target.id ? null : t('It shares the network of {owner}.', { owner: owner.name });
  return {
    hops: [
      net === facts.host
        ? hop(
            what,
            true,
            facts.host === facts.machine
              ? t('It is in the machine’s own network (--network=host, where -p does nothing).')
              : t('It is in the network of the rootless engine (--network=host, where -p does nothing).'),
            shown,
          )
        : hop(
            what,
            addresses.length > 0,
            sentences(
              addresses.length > 0
                ? t('Its addresses are {addresses}.', { addresses: commas(addresses) })
                : t('Its network has the loopback alone (--network=none).'),
              shares,
            ),
            shown,
          ),
    ],
    addresses,
  };
}
