import { optionOf, programOf } from '../services/arguments.ts';
import { trustedProcesses } from '../services/trust.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import type { DetailOf, Link } from './detail.ts';
import type { Hop } from './hop.ts';
import { asksAddress, asksPort } from './nat/ranges.ts';
import type { NatRule } from './nat.ts';
import { firewallHop, outwardLinks } from './way-in-firewall.ts';
import { holderText, listenerHop, socketsOn, withPort } from './way-in-listener.ts';

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

type Net = DetailOf<'net'>;
/** The namespace that the publisher's veth leads to. */
export type Outside = Pick<Net, 'links' | 'nat'> & Partial<Pick<Net, 'listening' | 'notes' | 'filter'>>;
/** The publisher's own namespace. */
export type Inside = Partial<Pick<Net, 'listening' | 'nat' | 'filter'>>;

const BACKENDS: Readonly<Record<NatRule['by'], string>> = {
  nft: 'nftables',
  'iptables-nft': 'iptables on nftables',
  iptables: 'iptables',
};

function targetText({ kind, addresses, ports, note }: NatRule['to']): string {
  const at = addresses?.includes(':') && ports !== null ? `[${addresses}]` : (addresses ?? '');
  const place = `${at}${ports === null ? '' : addresses === null ? `port ${ports}` : `:${ports}`}`;
  const told = {
    dnat: `to ${place}`,
    redirect: ports === null ? 'to this machine itself' : `to ${place} here`,
    tproxy: `to the socket at ${place} here, its destination kept`,
    netmap: `each address to its counterpart in ${addresses}`,
    snat: `as ${place}`,
    masquerade: `as the address of the link it leaves by${ports === null ? '' : `, ${place}`}`,
  }[kind];
  if (note === null) return told;
  return addresses === null && ports === null ? note : `${told}, ${note}`;
}

export function ruleText({ by, table, chain, to }: NatRule): string {
  return `NAT rule in ${table} ${chain} (${BACKENDS[by]}): ${targetText(to)}`;
}

/** The container whose network it borrows, however many borrow on the way; itself where it borrows none. */
export function publisherOf(snapshot: Snapshot, container: Container): Container {
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

/** The network namespace of a container's first process; null where that is not known. */
export function netOf(snapshot: Snapshot, { pid }: Container): string | null {
  return snapshot.processes.find((process) => process.pid === pid)?.namespaces.net ?? null;
}

interface Port {
  readonly ip: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
}

const isAny = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';
const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

function asksProtocol({ protocols }: NatRule, protocol: string): boolean {
  return protocols === null || protocols.of.includes(protocol) !== protocols.not;
}

/** Whether packets to that address and port, which arrive, may meet the rule. */
function mayMeet(rule: NatRule, address: string, port: number, protocol: string): boolean {
  if (rule.hook !== 'prerouting' && rule.hook !== null) return false;
  if (!['dnat', 'redirect', 'netmap', 'tproxy'].includes(rule.to.kind)) return false;
  if (rule.family !== null && rule.family !== familyOf(address)) return false;
  if (!asksPort(rule.ports, port) || !asksProtocol(rule, protocol)) return false;
  return isAny(address) ? rule.local !== false : asksAddress(rule.destinations, address);
}

/** What the rule asks beyond what every packet from outside fulfils. */
function conditionsOf(rule: NatRule, ip: string): string[] {
  const also = rule.also.filter((text) => !text.startsWith('arrives by any link but '));
  const only = rule.destinations;
  if (only === null || !isAny(ip)) return also;
  return [`for ${only.not ? 'any address but ' : ''}${only.of.join(', ')} alone`, ...also];
}

function leadsTo({ to }: NatRule, addresses: readonly string[], { hostPort, containerPort }: Port): boolean {
  const address =
    to.addresses !== null && addresses.some((each) => asksAddress({ not: false, of: [to.addresses ?? ''] }, each));
  const ports = { not: false, of: [to.ports ?? String(hostPort)] };
  return address && asksPort(ports, containerPort);
}

function ruleHop(rule: NatRule, port: Port, here: boolean, name: string): Hop {
  const more = conditionsOf(rule, port.ip);
  if (!here) {
    return {
      what: 'nat',
      text: ruleText(rule),
      ok: false,
      evidence: `That is not ${name} and its port ${port.containerPort}.`,
    };
  }
  return {
    what: 'nat',
    text: ruleText(rule),
    ok: more.length === 0 ? true : null,
    evidence: more.length === 0 ? 'The kernel lists the rule.' : `The rule also asks: ${more.join('; ')}.`,
  };
}

/** What connects on behalf of rootless engines and pods: they end connections and begin new ones. */
const FORWARDERS = new Set(['rootlessport', 'rootlesskit', 'pasta', 'pasta.avx2', 'slirp4netns', 'conmon']);

interface Carried {
  readonly hops: readonly Hop[];
  /** The container's address that the rule or the proxy names. */
  readonly target: string | null;
  /** A rule takes it there, and no process of the machine. */
  readonly translated: boolean;
}

function proxyOf(snapshot: Snapshot, { ip, hostPort, protocol }: Port): Process | undefined {
  const trusted = trustedProcesses(snapshot);
  return snapshot.processes.find(
    (process) =>
      programOf(process) === 'docker-proxy' &&
      optionOf(process, 'host-port') === String(hostPort) &&
      optionOf(process, 'proto') === protocol &&
      optionOf(process, 'host-ip') === ip &&
      trusted(process),
  );
}

/** What takes connections to the port on: a rule, a proxy, or both. */
function carriers(
  snapshot: Snapshot,
  port: Port,
  publisher: Container,
  addresses: readonly string[],
  outside: Outside | null,
): Carried {
  const proxy = proxyOf(snapshot, port);
  const proxied = proxy === undefined ? null : optionOf(proxy, 'container-ip');
  const all = proxied === null ? addresses : [...addresses, proxied];
  const met = (outside?.nat ?? []).filter((rule) => mayMeet(rule, port.ip, port.hostPort, port.protocol));
  const here = met.find((rule) => leadsTo(rule, all, port));
  // A rule for much more than this port, as those of proxies for everything, says nothing about it.
  const elsewhere = met.find(
    (rule) => rule.ports !== null && !rule.ports.not && conditionsOf(rule, port.ip).length === 0,
  );
  const rule = here ?? (proxy === undefined || addresses.length > 0 ? elsewhere : undefined);
  const hops: Hop[] = rule === undefined ? [] : [ruleHop(rule, port, rule === here, publisher.name)];
  const held = socketsOn(outside?.listening ?? [], port.protocol, port.hostPort);
  if (proxy !== undefined) {
    const holds = held.some(({ pids }) => pids.includes(proxy.pid));
    // The engine's rules leave out what is sent to 127.0.0.1, and that is what the proxy is for.
    const purpose =
      here !== undefined
        ? ', for connections from the machine to itself'
        : outside?.nat == null
          ? ''
          : ', so that clients arrive with the address of the bridge';
    hops.push({
      what: 'proxy',
      text: `docker-proxy, pid ${proxy.pid}${purpose}`,
      ok: true,
      evidence: `${holds ? 'It holds the listening socket' : 'Its arguments name the port, and it is the engine’s'}${
        here === undefined && outside?.nat != null ? `; no rule translates IPv${familyOf(port.ip)} to this port` : ''
      }.`,
    });
  } else if (rule === undefined) hops.push(otherCarrier(snapshot, port, outside, held));
  return { hops, target: here === undefined ? proxied : single(here.to.addresses), translated: here !== undefined };
}

function single(addresses: string | null): string | null {
  return addresses === null || /[-/]/.test(addresses) ? null : addresses;
}

function otherCarrier(
  snapshot: Snapshot,
  port: Port,
  outside: Outside | null,
  held: readonly DetailOf<'net'>['listening'][number][],
): Hop {
  const socket = held.find(({ address }) => address === port.ip || isAny(address));
  const unread = outside?.notes?.find((note) => note.startsWith('The rules of '));
  if (socket !== undefined) {
    const process = snapshot.processes.find(({ pid }) => socket.pids.includes(pid));
    const known = process !== undefined && FORWARDERS.has(process.comm) && trustedProcesses(snapshot)(process);
    return {
      what: 'proxy',
      text: `${holderText(snapshot, socket, null)}, which listens on ${withPort(socket.address, port.hostPort)}`,
      ok: known ? true : null,
      evidence: known ? 'It holds the listening socket.' : 'What it does with connections is not known.',
    };
  }
  if (outside?.nat != null) {
    return {
      what: 'nat',
      text: 'neither a proxy nor a NAT rule was found: it may be carried in from outside this Linux',
      ok: null,
      evidence: unread ?? 'All rules and processes here were read.',
    };
  }
  return {
    what: 'nat',
    text: 'no proxy: a NAT rule of the engine (inferred: the rules could not be read)',
    ok: null,
    evidence: unread ?? 'The rules could not be read.',
  };
}

/** Rules in the container's own namespace that send the port on once more, as those of a mesh's sidecar. */
function redirection(inside: Inside | null, address: string | null, port: number, protocol: string): NatRule | null {
  if (address === null) return null;
  return inside?.nat?.find((rule) => rule.hook !== null && mayMeet(rule, address, port, protocol)) ?? null;
}

/**
 * The whole way of each published port, each hop named and judged, to whoever listens.
 * @param links the links of the publisher's network namespace
 * @param outside the namespace that its veth leads to; null where that is unknown
 * @param inside the rest of the publisher's namespace; null where that is unknown
 */
export function waysIn(
  snapshot: Snapshot,
  container: Container,
  links: readonly Link[],
  outside: Outside | null,
  inside: Inside | null = null,
): WayIn[] {
  const publisher = publisherOf(snapshot, container);
  const through = publisher.id === container.id ? null : publisher;
  return publisher.ports.flatMap(({ hostIp, hostPort, containerPort, protocol }) => {
    if (hostPort === null) return [];
    const port: Port = { ip: hostIp === null || hostIp === '' ? '0.0.0.0' : hostIp, hostPort, containerPort, protocol };
    const hops = hopsOf(snapshot, { container, publisher, port, links, outside, inside });
    return [{ hostIp: port.ip, hostPort, containerPort, protocol, through, hops }];
  });
}

interface Setting {
  readonly container: Container;
  readonly publisher: Container;
  readonly port: Port;
  readonly links: readonly Link[];
  readonly outside: Outside | null;
  readonly inside: Inside | null;
}

function hopsOf(snapshot: Snapshot, { container, publisher, port, links, outside, inside }: Setting): Hop[] {
  const { ip, hostPort, containerPort, protocol } = port;
  const own = links.filter(({ loopback }) => !loopback);
  const addresses = own.flatMap((link) => link.addresses.map(({ address }) => address));
  const known = addresses.length > 0 ? addresses : publisher.networks.flatMap((network) => network.ip ?? []);
  const { hops: carried, target, translated } = carriers(snapshot, port, publisher, known, outside);
  const address = target ?? known.find((each) => familyOf(each) === familyOf(ip)) ?? known[0] ?? null;
  const link =
    own.find((each) => each.addresses.some((one) => one.address === address)) ??
    (target === null ? own.find((each) => each.addresses.length > 0) : undefined);
  const outer = link?.peer == null ? undefined : outside?.links.find(({ index }) => index === link.peer?.index);
  const loopback = /^127\.|^::1$/.test(ip);
  const hops: Hop[] = [
    {
      what: 'host',
      text: `${withPort(ip, hostPort)}/${protocol}`,
      ok: carried.some(({ ok }) => ok === true) ? true : (carried[0]?.ok ?? null),
      evidence: `The engine published it${loopback ? ', for the machine itself alone' : ''}.`,
    },
    ...carried,
  ];
  // What a process takes is for the machine itself, and what a rule takes is sent on by it.
  const gate = loopback
    ? null
    : firewallHop({
        ...{
          filter: outside?.filter,
          protocol,
          translated,
          by: outwardLinks(outside?.links ?? []),
          name: 'the machine',
        },
        family: familyOf(translated && address !== null ? address : ip),
        ...(translated && address !== null
          ? { hook: 'forward', address, port: containerPort, to: outer?.master?.name ?? null }
          : { hook: 'input', address: isAny(ip) ? null : ip, port: hostPort, to: null }),
      });
  if (gate !== null) hops.push(gate);
  const linkHop = (what: 'bridge' | 'veth', text: string, up: boolean): Hop => ({
    what,
    text,
    ok: up,
    evidence: up ? 'The kernel lists the links of both namespaces.' : 'The link is down.',
  });
  if (outer?.master != null) {
    const { master } = outer;
    const bridge = outside?.links.find(({ index }) => index === master.index);
    hops.push(linkHop('bridge', `bridge ${master.name}`, bridge?.up ?? true));
  }
  if (outer !== undefined)
    hops.push(linkHop('veth', `${outer.name} ⇄ ${link?.name ?? '?'}`, outer.up && (link?.up ?? true)));
  const has = address !== null && known.includes(address);
  hops.push({
    what: 'container',
    text: `${withPort(address ?? '?', containerPort)} in ${publisher.name}`,
    ok: publisher.pid === null ? false : has ? true : known.length === 0 ? null : false,
    evidence:
      publisher.pid === null
        ? `${publisher.name} does not run.`
        : has
          ? 'It has that address.'
          : known.length === 0
            ? 'Its addresses are not known.'
            : `Its addresses are ${known.join(', ')}.`,
  });
  const again = redirection(inside, address, containerPort, protocol);
  if (again !== null) {
    hops.push({
      what: 'nat',
      text: ruleText(again),
      ok: conditionsOf(again, address ?? '').length === 0 ? true : null,
      evidence: `A rule in the network namespace of ${publisher.name}.`,
    });
  }
  const end = endOf(again, address, containerPort);
  const guard = firewallHop({
    ...{ filter: inside?.filter, hook: 'input', protocol, by: [link?.name ?? null], to: null, name: publisher.name },
    ...{ ...end, family: familyOf(end.address ?? ip), translated: again !== null },
  });
  if (guard !== null) hops.push(guard);
  hops.push(
    listenerHop(snapshot, {
      ...end,
      protocol,
      listening: inside?.listening ?? null,
      name: publisher.name,
    }),
  );
  const [mine, theirs] = [netOf(snapshot, container), netOf(snapshot, publisher)];
  if (mine !== theirs && mine !== null) {
    hops.push({
      what: 'container',
      text: `not ${container.name}`,
      ok: false,
      evidence: `${container.name} is in another network namespace than ${publisher.name} by now. Start it again to join the present one.`,
    });
  }
  return hops;
}

function endOf(rule: NatRule | null, address: string | null, port: number): { address: string | null; port: number } {
  if (rule === null) return { address, port };
  const { kind, addresses, ports } = rule.to;
  return {
    address: kind === 'redirect' ? address : (single(addresses) ?? address),
    port: ports === null || ports.includes('-') ? port : Number(ports),
  };
}
