import type { Link, Socket } from '../detail/detail.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { and, clauses, t } from '../words/words.ts';
import { type FindIndex, type Hit, textRank } from './find-index.ts';
import { doesNotPublish, type Unpublished, unpublished } from './unpublished.ts';

/** An address without its prefix, brackets and zone, in one spelling; null for what is none. */
export function plainAddress(text: string): string | null {
  const bare = text
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/[/%].*$/, '');
  const v4 = bare.replace(/^::ffff:(?=\d+\.)/, '');
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(v4)) return v4.split('.').every((part) => Number(part) <= 255) ? v4 : null;
  if (!/^[0-9a-f:]+$/.test(bare)) return null;
  const [head = '', tail, ...more] = bare.split('::');
  if (more.length > 0) return null;
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const gap = 8 - left.length - right.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return null;
  const all = [...left, ...Array.from({ length: gap }, () => '0'), ...right];
  return all.every((group) => /^[0-9a-f]{1,4}$/.test(group))
    ? all.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
    : null;
}

export interface PortQuery {
  readonly port: number;
  readonly protocol: string | null;
  /** Null for any; `localhost` counts for both families. */
  readonly addresses: readonly string[] | null;
}

const LOCALHOST = ['127.0.0.1', plainAddress('::1') ?? ''];
const ANY = new Set(['0.0.0.0', plainAddress('::')]);

/** `8080`, `:8080`, `8080/udp`, `localhost:8080`, `127.0.0.1:8080`, `[::1]:8080`; null for what is no port. */
export function parsePort(text: string): PortQuery | null {
  const match = /^(?:(.*):)?(\d{1,5})(?:\/(tcp|udp|sctp))?$/i.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) return null;
  const host = match[1] ?? '';
  const address = plainAddress(host);
  const addresses =
    host === '' || host === '*' ? null : host === 'localhost' ? LOCALHOST : address === null ? [] : [address];
  // What is no address before the colon may be an image with its tag.
  if (addresses?.length === 0 || (host.includes(':') && !host.startsWith('['))) return null;
  return { port, protocol: match[3]?.toLowerCase() ?? null, addresses };
}

function meant({ addresses }: PortQuery, address: string): boolean {
  const plain = plainAddress(address);
  return addresses === null || plain === null || ANY.has(plain) || addresses.includes(plain);
}

const at = (container: Container): Pick<Hit, 'container' | 'pid' | 'place'> => ({
  container: container.name,
  pid: container.pid,
  place: { type: 'container', id: container.id },
});

/** What the engine says: a port of the machine that leads to a container, or a container's own. */
function* published(container: Container, query: PortQuery): Generator<Hit> {
  const ports = new Map<
    string,
    { outside: Set<string>; hostPort: number | null; own: boolean; port: number; protocol: string }
  >();
  for (const { containerPort, protocol, hostIp, hostPort } of container.ports) {
    if (query.protocol !== null && query.protocol !== protocol) continue;
    const outer = hostPort === query.port && meant(query, hostIp ?? '');
    const inner = containerPort === query.port && query.addresses === null;
    if (!outer && !inner) continue;
    const key = `${containerPort}/${protocol} ${hostPort}`;
    const entry = ports.get(key) ?? { outside: new Set(), hostPort, own: !outer, port: containerPort, protocol };
    if (hostIp !== null) entry.outside.add(hostIp === '' ? t('all addresses') : hostIp);
    ports.set(key, entry);
  }
  for (const { outside, hostPort, own, port, protocol } of ports.values()) {
    const why =
      hostPort === null
        ? t('{name} exposes it; it is not published', { name: container.name })
        : t('published on {addresses}, port {hostPort}; it leads to port {port} of {name}', {
            ...{ addresses: and([...outside]) || t('the machine'), hostPort },
            ...{ port, name: container.name },
          });
    yield { type: 'port', name: `${hostPort ?? port}/${protocol}`, ...at(container), why, rank: own ? 1.5 : 0.5 };
  }
}

/** What was to be published as that port, and is not: the container does not run, or something takes the port away. */
function* asked(index: FindIndex, container: Container, query: PortQuery): Generator<Hit> {
  const fits = ({ hostPort, protocol, hostIp }: Unpublished['port']): boolean =>
    hostPort === query.port && (query.protocol ?? protocol) === protocol && meant(query, hostIp ?? '');
  const hit = (port: Unpublished['port'], why: string): Hit => {
    return { type: 'port', name: `${query.port}/${port.protocol}`, ...at(container), why, rank: 0.6 };
  };
  if (container.pid === null) {
    for (const port of container.asked ?? [])
      if (fits(port)) yield hit(port, t('{name} publishes it when it runs', { name: container.name }));
    return;
  }
  for (const each of unpublished(index.snapshot, container))
    if (fits(each.port)) yield hit(each.port, doesNotPublish(container, each));
}

function listenerHit(index: FindIndex, net: string, socket: Socket, rank: number): Hit {
  const { protocol, address, port, pids, outside } = socket;
  const process = pids[0] === undefined ? undefined : index.byPid.get(pids[0]);
  const whose = index.owner(net);
  const container = process?.container == null ? whose.container : (index.byId.get(process.container) ?? null);
  const where = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const who = process === undefined ? t('a process that cannot be seen') : `${process.comm} (pid ${process.pid})`;
  const listens = outside
    ? t('{who} listens in the network namespace of {whose}, which it has left', { who, whose: whose.name })
    : t('{who} listens in the network namespace of {whose}', { who, whose: whose.name });
  return {
    type: 'port',
    name: `${where}/${protocol.replace(/6$/, '')}`,
    container: container?.name ?? null,
    pid: process?.pid ?? null,
    why: /^127\.|^::1$/.test(address)
      ? t('{listens}; reachable only from within, since it is the loopback', { listens })
      : listens,
    place: process === undefined ? { type: 'namespace', id: net } : index.placeOf(process),
    rank,
  };
}

export function* portHits(index: FindIndex, query: PortQuery): Generator<Hit> {
  for (const container of index.containers) {
    yield* published(container, query);
    yield* asked(index, container, query);
  }
  for (const [net, { listening }] of index.nets) {
    for (const socket of listening) {
      const protocol = socket.protocol.replace(/6$/, '');
      if (socket.port !== query.port || protocol === 'unix' || protocol === 'raw') continue;
      if (query.protocol !== null && query.protocol !== protocol) continue;
      if (meant(query, socket.address)) yield listenerHit(index, net, socket, 0.7);
    }
  }
}

function linkHit(index: FindIndex, net: string, link: Link, extra: Pick<Hit, 'type' | 'name' | 'rank'>): Hit {
  const own = index.owner(net);
  const far = link.peer?.namespace == null ? null : index.owner(link.peer.namespace);
  const container = own.container ?? far?.container ?? null;
  const parts: string[] = [
    extra.type === 'link'
      ? (link.kind ?? (link.loopback ? t('the loopback') : t('a link')))
      : t('of link {link}', { link: link.name }),
    t('in the network namespace of {name}', { name: own.name }),
    ...(link.master === null ? [] : [t('member of {bridge}', { bridge: link.master.name })]),
    ...(link.peer === null
      ? []
      : [
          far === null
            ? t('its other end is not seen')
            : t('its other end is {link} of {name}', { link: link.peer.name ?? `#${link.peer.index}`, name: far.name }),
        ]),
    ...(extra.type === 'link'
      ? link.addresses.filter(({ scope }) => scope !== 'link').map(({ address, prefix }) => `${address}/${prefix}`)
      : []),
  ];
  const pid = index.namespaces.get(net)?.pids[0] ?? null;
  return {
    ...extra,
    container: container?.name ?? null,
    pid: own.container === null ? null : pid,
    why: clauses(...parts),
    place: { type: 'namespace', id: net },
  };
}

/** Who has an address, is published on it or listens on it. */
export function* addressHits(index: FindIndex, address: string): Generator<Hit> {
  const linked = new Set<string>();
  for (const [net, { links, listening }] of index.nets) {
    for (const link of links) {
      for (const each of link.addresses) {
        if (plainAddress(each.address) !== address) continue;
        const hit = linkHit(index, net, link, { type: 'address', name: `${each.address}/${each.prefix}`, rank: 0 });
        linked.add(hit.container ?? '');
        yield hit;
      }
    }
    for (const socket of listening) {
      if (socket.port !== null && plainAddress(socket.address) === address) yield listenerHit(index, net, socket, 3);
    }
  }
  for (const container of index.containers) {
    for (const { ip, name } of container.networks) {
      if (ip === null || plainAddress(ip) !== address || linked.has(container.name)) continue;
      yield {
        type: 'address',
        name: ip,
        ...at(container),
        why: t('{name} has it in network {network}', { name: container.name, network: name }),
        rank: 0,
      };
    }
    for (const { hostIp, hostPort, containerPort, protocol } of container.ports) {
      if (hostIp === null || hostPort === null || plainAddress(hostIp) !== address) continue;
      const why = t('published on {address}; it leads to port {port} of {name}', {
        ...{ address: hostIp, port: containerPort },
        name: container.name,
      });
      yield { type: 'port', name: `${hostPort}/${protocol}`, ...at(container), why, rank: 2 };
    }
  }
}

/** @param mac in lower case, with colons */
export function* macHits(index: FindIndex, mac: string): Generator<Hit> {
  const linked = new Set<string>();
  for (const [net, { links }] of index.nets) {
    for (const link of links) {
      if (link.mac?.toLowerCase() !== mac) continue;
      const hit = linkHit(index, net, link, { type: 'link', name: link.name, rank: 0 });
      linked.add(hit.container ?? '');
      yield hit;
    }
  }
  for (const container of index.containers) {
    for (const { mac: own, name } of container.networks) {
      if (own?.toLowerCase() !== mac || linked.has(container.name)) continue;
      yield {
        type: 'address',
        name: mac,
        ...at(container),
        why: t('{name} has it in network {network}', { name: container.name, network: name }),
        rank: 0,
      };
    }
  }
}

/**
 * Links by their name, as `ip link` prints it too: `eth0@if12` is the one whose other end has number 12, where there is
 * such a one; every container has an eth0.
 */
export function* linkHits(index: FindIndex, typed: string): Generator<Hit> {
  const wanted = typed.replace(/@.*$/, '');
  const other = Number(/@if(\d+)$/.exec(typed)?.[1] ?? Number.NaN);
  const leadsThere = (link: Link) => link.name.toLowerCase() === wanted.toLowerCase() && link.peer?.index === other;
  const told = [...index.nets.values()].some(({ links }) => links.some(leadsThere));
  for (const [net, { links }] of index.nets) {
    for (const link of links) {
      const rank = told && !leadsThere(link) ? null : textRank(link.name, [wanted]);
      if (rank === null || (link.loopback && rank > 0)) continue;
      yield linkHit(index, net, link, { type: 'link', name: link.name, rank: rank === 0 ? 0.5 : 1 + rank });
    }
  }
}
