import { optionOf, programOf } from '../services/arguments.ts';
import { proxiesIn } from '../services/proxies.ts';
import { trustedProcesses } from '../services/trust.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { type PlainMessage, semicolons, sentences, t } from '../words/words.ts';
import type { DetailOf, Socket } from './detail.ts';
import type { Hop } from './hop.ts';
import { asksAddress, asksPort } from './nat/ranges.ts';
import { type NatRule, unreadTranslation } from './nat.ts';
import { type Meeting, mayMeet, oneAddress, openConditions } from './nat-meets.ts';
import { outwardLinks } from './way-in-firewall.ts';
import { holderText, isLoopback, socketsOn, withPort } from './way-in-listener.ts';
import { innerAddress, rootlessKit } from './way-in-rootless.ts';
import { ruleText } from './way-in-rules.ts';

/** What takes connections to a published port on: rules, proxies, forwarders. */

type Net = DetailOf<'net'>;
/** The namespace that the publisher's veth leads to. */
export type Outside = Pick<Net, 'links' | 'nat'> & Partial<Pick<Net, 'listening' | 'notes' | 'natUnread' | 'filter'>>;
/** The publisher's own namespace. */
export type Inside = Partial<Pick<Net, 'listening' | 'nat' | 'filter'>>;

export interface Port {
  readonly ip: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
}

export const isAny = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';
export const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

function leadsTo({ to }: NatRule, addresses: readonly string[], { hostPort, containerPort }: Port): boolean {
  const address =
    to.addresses !== null && addresses.some((each) => asksAddress({ not: false, of: [to.addresses ?? ''] }, each));
  const ports = { not: false, of: [to.ports ?? String(hostPort)] };
  return address && asksPort(ports, containerPort);
}

/** A connection to the port: from another machine, or from this one where it is published for that alone. */
function arriving({ ip, hostPort, protocol }: Port, outside: Outside | null): Meeting {
  const loopback = isLoopback(ip);
  const own = (outside?.links ?? []).some((link) => link.addresses.some(({ address }) => address === ip));
  return {
    hook: loopback ? 'output' : 'prerouting',
    family: familyOf(ip),
    address: isAny(ip) ? null : ip,
    local: isAny(ip) || loopback || own,
    port: hostPort,
    protocol,
    source: loopback ? ip : null,
    by: loopback ? [] : outwardLinks(outside?.links ?? []),
  };
}

function ruleHop(rule: NatRule, port: Port, more: readonly string[], here: boolean, name: string): Hop {
  if (!here) {
    return {
      what: 'nat',
      text: ruleText(rule),
      ok: false,
      evidence: t('That is not {name} and its port {port}.', { name, port: port.containerPort }),
    };
  }
  return {
    what: 'nat',
    text: ruleText(rule),
    ok: more.length === 0 ? true : null,
    evidence:
      more.length === 0
        ? t('The kernel lists the rule.')
        : t('The rule also asks: {list}.', { list: semicolons(more) }),
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
  /** The address by which it comes to the engine's network: the published one but with RootlessKit; null if not known. */
  readonly ip: string | null;
}

/** What takes connections to the port on: a rule, a proxy, or both; before them RootlessKit, where it does. */
export function forwarding(
  snapshot: Snapshot,
  port: Port,
  publisher: Container,
  addresses: readonly string[],
  outside: Outside | null,
): Carried {
  const kit = rootlessKit(snapshot);
  if (kit === null) return withinEngine(snapshot, port, publisher, addresses, outside);
  const ip = innerAddress(snapshot, { ...port });
  const within = ip === null ? null : withinEngine(snapshot, { ...port, ip }, publisher, addresses, outside);
  const taken: Hop = {
    what: 'proxy',
    text: t('rootlesskit {pid}, which brings it into the network of the rootless engine', { pid: kit.pid }),
    ok: ip === null ? null : true,
    evidence:
      ip === null
        ? t('Where it leads there is not known: no proxy of the engine listens on that port.')
        : t('It listens in the machine’s network; there the proxy has {place}.', {
            place: withPort(ip, port.hostPort),
          }),
  };
  return { ...(within ?? { target: null, translated: false, ip: null }), hops: [taken, ...(within?.hops ?? [])] };
}

function withinEngine(
  snapshot: Snapshot,
  port: Port,
  publisher: Container,
  addresses: readonly string[],
  outside: Outside | null,
): Carried {
  const proxy = proxiesIn(snapshot)({ ...port, hostIp: port.ip });
  const proxied = proxy === undefined ? null : optionOf(proxy, 'container-ip');
  const all = proxied === null ? addresses : [...addresses, proxied];
  const packet = arriving(port, outside);
  const met = (outside?.nat ?? []).filter((rule) => mayMeet(rule, packet));
  const here = met.find((rule) => leadsTo(rule, all, port));
  // A rule for much more than this port, as those of proxies for everything, says nothing about it.
  const elsewhere = met.find(
    (rule) => rule.ports !== null && !rule.ports.not && openConditions(rule, packet).length === 0,
  );
  const rule = here ?? (proxy === undefined || addresses.length > 0 ? elsewhere : undefined);
  const hops: Hop[] =
    rule === undefined ? [] : [ruleHop(rule, port, openConditions(rule, packet), rule === here, publisher.name)];
  const held = socketsOn(outside?.listening ?? [], port.protocol, port.hostPort);
  if (proxy !== undefined) {
    const holds = held.some(({ pids }) => pids.includes(proxy.pid));
    // The engine's rules leave out what is sent to 127.0.0.1, and that is what the proxy is for.
    const { pid } = proxy;
    hops.push({
      what: 'proxy',
      text:
        here !== undefined
          ? t('docker-proxy, pid {pid}, for connections from the machine to itself', { pid })
          : outside?.nat == null
            ? t('docker-proxy, pid {pid}', { pid })
            : t('docker-proxy, pid {pid}, so that clients arrive with the address of the bridge', { pid }),
      ok: true,
      evidence: sentences(
        holds ? t('It holds the listening socket.') : t('Its arguments name the port, and it is the engine’s.'),
        here !== undefined || outside?.nat == null
          ? null
          : isLoopback(port.ip)
            ? t('No rule translates what the machine itself sends there.')
            : t('No rule translates IPv{family} to this port.', { family: familyOf(port.ip) }),
      ),
    });
  } else if (rule === undefined) hops.push(otherForwarder(snapshot, port, outside, held));
  const target = here === undefined ? proxied : oneAddress(here.to.addresses);
  return { hops, target, translated: here !== undefined, ip: port.ip };
}

/** Without a proxy dockerd binds the port, so that nobody else takes it, and never answers there. */
export const KEEPS: PlainMessage =
  'It only keeps the port from others (--userland-proxy=false), and no rule leads on: nothing answers there.';

/** Whether a published port's socket is one that the engine only keeps. */
export function onlyKeeps(snapshot: Snapshot, { pids }: Socket): boolean {
  const process = snapshot.processes.find(({ pid }) => pids.includes(pid));
  return process !== undefined && programOf(process) === 'dockerd' && trustedProcesses(snapshot)(process);
}

function otherForwarder(snapshot: Snapshot, port: Port, outside: Outside | null, held: readonly Socket[]): Hop {
  const socket = held.find(({ address }) => address === port.ip || isAny(address));
  const unread = outside === null ? undefined : unreadTranslation(outside);
  if (socket !== undefined) {
    if (onlyKeeps(snapshot, socket)) {
      return {
        what: 'proxy',
        text: t('{holder}, which listens on {place}', {
          holder: holderText(snapshot, socket, null),
          place: withPort(socket.address, port.hostPort),
        }),
        ok: false,
        evidence: t(KEEPS),
      };
    }
    const process = snapshot.processes.find(({ pid }) => socket.pids.includes(pid));
    const known = process !== undefined && FORWARDERS.has(process.comm) && trustedProcesses(snapshot)(process);
    return {
      what: 'proxy',
      text: t('{holder}, which listens on {place}', {
        holder: holderText(snapshot, socket, null),
        place: withPort(socket.address, port.hostPort),
      }),
      ok: known ? true : null,
      evidence: known ? t('It holds the listening socket.') : t('What it does with connections is not known.'),
    };
  }
  if (outside?.nat != null) {
    return {
      what: 'nat',
      text: t('neither a proxy nor a NAT rule was found: it may be carried in from outside this Linux'),
      ok: null,
      missing: true,
      evidence: unread ?? t('All rules and processes here were read.'),
    };
  }
  return {
    what: 'nat',
    text: t('no proxy: a NAT rule of the engine (inferred: the rules could not be read)'),
    ok: null,
    evidence: unread ?? t('The rules could not be read.'),
  };
}

/** Where the way leads once the container has it: its own address. */
export function arrived(address: string, port: number, protocol: string, by: string | null): Meeting {
  return {
    ...{ hook: 'prerouting', family: familyOf(address), address, local: true, port, protocol, source: null, by: [by] },
  };
}

export function endOf(
  rule: NatRule | null,
  address: string | null,
  port: number,
): { address: string | null; port: number } {
  if (rule === null) return { address, port };
  const { kind, addresses, ports } = rule.to;
  return {
    address: kind === 'redirect' ? address : (oneAddress(addresses) ?? address),
    port: ports === null || ports.includes('-') ? port : Number(ports),
  };
}
