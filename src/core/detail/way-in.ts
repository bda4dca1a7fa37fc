import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import type { DetailOf, Link } from './detail.ts';
import type { NatRule } from './nat.ts';

/** One step of a published port's way, from outside to the container. */
export interface Hop {
  readonly what: 'host' | 'proxy' | 'nat' | 'bridge' | 'veth' | 'container';
  readonly text: string;
}

/** How a published port reaches a container. */
export interface WayIn {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
  /** The container that published it, where that is another one whose network is borrowed. */
  readonly through: Container | null;
  readonly hops: readonly Hop[];
}

/** The value of an option of docker-proxy, which takes them with one dash. */
function option({ argv }: Process, name: string): string | null {
  const at = argv.findIndex((word) => word === `-${name}` || word === `--${name}`);
  return at < 0 ? null : (argv[at + 1] ?? null);
}

const BACKENDS: Readonly<Record<NatRule['by'], string>> = {
  nft: 'nftables',
  'iptables-nft': 'iptables on nftables',
  iptables: 'iptables',
};

export function ruleText({ by, table, chain, toAddress, toPort }: NatRule): string {
  const address = toAddress?.includes(':') ? `[${toAddress}]` : (toAddress ?? '');
  return `NAT rule in ${table} ${chain} (${BACKENDS[by]}): to ${address}${toPort === null ? '' : `:${toPort}`}`;
}

/** The container whose network it borrows, however many borrow on the way; itself where it borrows none. */
function publisherOf(snapshot: Snapshot, container: Container): Container {
  const seen = new Set<string>();
  let at = container;
  while (!seen.has(at.id)) {
    seen.add(at.id);
    const target = /^container:(.+)$/.exec(at.modes.net)?.[1];
    const next = snapshot.containers.find(({ id, name }) => id === target || name === target);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

/**
 * The whole way of each published port, each hop named.
 * @param links the links of the container's network namespace
 * @param outside the namespace that its veth leads to; null where that is unknown
 */
export function waysIn(
  snapshot: Snapshot,
  container: Container,
  links: readonly Link[],
  outside: Pick<DetailOf<'net'>, 'links' | 'nat'> | null,
): WayIn[] {
  const publisher = publisherOf(snapshot, container);
  const proxies = snapshot.processes.filter(({ argv, comm }) => /docker-proxy$/.test(argv[0] ?? comm));
  return publisher.ports.flatMap(({ hostIp, hostPort, containerPort, protocol }) => {
    if (hostPort === null) return [];
    const ip = hostIp ?? '0.0.0.0';
    const proxy = proxies.find(
      (process) =>
        option(process, 'host-port') === String(hostPort) &&
        option(process, 'proto') === protocol &&
        option(process, 'host-ip') === ip,
    );
    const target = proxy === undefined ? null : option(proxy, 'container-ip');
    const own = links.find(
      ({ addresses, loopback }) =>
        !loopback && (target === null ? addresses.length > 0 : addresses.some(({ address }) => address === target)),
    );
    const outer = own?.peer == null ? undefined : outside?.links.find(({ index }) => index === own.peer?.index);
    const address = target ?? own?.addresses.find(({ address: each }) => !each.includes(':'))?.address ?? '?';
    const hops: Hop[] = [{ what: 'host', text: `${ip.includes(':') ? `[${ip}]` : ip}:${hostPort}/${protocol}` }];
    const addresses = [target, ...(own?.addresses.map((each) => each.address) ?? [])];
    const rule = outside?.nat?.find(
      (each) =>
        each.port === hostPort &&
        (each.protocol === null || each.protocol === protocol) &&
        (each.address === null || each.address === ip) &&
        addresses.includes(each.toAddress) &&
        (each.toPort ?? each.port) === containerPort,
    );
    if (rule !== undefined) hops.push({ what: 'nat', text: ruleText(rule) });
    // The engine's rules leave out what is sent to 127.0.0.1, and that is what the proxy is for.
    const besides = rule === undefined ? '' : ', for connections from the machine to itself';
    if (proxy !== undefined) hops.push({ what: 'proxy', text: `docker-proxy, pid ${proxy.pid}${besides}` });
    if (rule === undefined && proxy === undefined) {
      const known = outside?.nat != null;
      const text = known
        ? 'neither a proxy nor a plain NAT rule was found: it may be carried in from outside this Linux'
        : 'no proxy: a NAT rule of the engine (inferred: the rules could not be read)';
      hops.push({ what: 'nat', text });
    }
    if (outer?.master != null) hops.push({ what: 'bridge', text: `bridge ${outer.master.name}` });
    if (outer !== undefined) hops.push({ what: 'veth', text: `${outer.name} ⇄ ${own?.name ?? '?'}` });
    hops.push({ what: 'container', text: `${address}:${containerPort} in ${publisher.name}` });
    const through = publisher.id === container.id ? null : publisher;
    return [{ hostIp: ip, hostPort, containerPort, protocol, through, hops }];
  });
}
