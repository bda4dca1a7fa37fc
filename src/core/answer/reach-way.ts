import type { DetailOf, Link } from '../detail/detail.ts';
import { ruleText } from '../detail/way-in.ts';
import { holderText, listenerHop, socketsOn, withPort } from '../detail/way-in-listener.ts';
import { optionOf, programOf } from '../services/arguments.ts';
import { trustedProcesses } from '../services/trust.ts';
import type { Process } from '../snapshot/snapshot.ts';
import { bridgeHop, forwardHop } from './reach-bridge.ts';
import { addressesOf, familyOf, isLoopback, isOwn, netName, type ReachFacts, within } from './reach-facts.ts';
import { hop, type ReachHop } from './reach-hop.ts';
import { translate } from './reach-nat.ts';
import { routeTo } from './reach-route.ts';

type Net = DetailOf<'net'>;

/** What is sent: where to, and what is known of where it comes from. */
export interface Goal {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

interface At extends Goal {
  readonly net: string;
  /** The sender's address; null where any is meant, as from outside. */
  readonly source: string | null;
}

/** A way longer than this goes in a circle. */
const LONGEST = 24;

class Walk {
  readonly hops: ReachHop[] = [];
  readonly #facts: ReachFacts;
  readonly #trusted: (process: Process) => boolean;

  constructor(facts: ReachFacts) {
    this.#facts = facts;
    this.#trusted = trustedProcesses(facts.snapshot);
  }

  #say(...args: Parameters<typeof hop>): void {
    this.hops.push(hop(...args));
  }

  #net(id: string): Net | null {
    const net = this.#facts.nets.get(id) ?? null;
    if (net === null)
      this.#say(`in ${netName(this.#facts, id)}`, null, 'This network namespace could not be looked into.');
    else if (this.hops.length > LONGEST) this.#say('further on', null, 'The way seems to go in a circle.');
    return this.hops.length > LONGEST ? null : net;
  }

  /** A rule that changes where the packet goes. */
  #translated(at: At, net: Net, by: string | null): At {
    const found = translate(net, { ...at, by });
    if (found === null) {
      const unread =
        net.nat === null ? 'The rules could not be read' : net.notes.find((note) => note.startsWith('The rules of '));
      // Only what is said to the namespace itself is usually sent elsewhere.
      if (unread !== undefined && isOwn(net, at.address) && !isLoopback(at.address))
        this.#say(`address translation in ${netName(this.#facts, at.net)}`, null, `${unread}.`.replace('..', '.'));
      return at;
    }
    const { rule, unsure, address, port } = found;
    this.#say(
      ruleText(rule),
      unsure.length === 0 ? true : null,
      unsure.length === 0
        ? `The kernel lists the rule in ${netName(this.#facts, at.net)}.`
        : `The rule also asks or says: ${unsure.join('; ')}.`,
      within(
        this.#facts,
        at.net,
        rule.by === 'nft' ? 'nft list ruleset' : `${rule.family === 6 ? 'ip6' : 'ip'}tables -t nat -S`,
      ),
    );
    return { ...at, address, port };
  }

  /** What a namespace sends itself. */
  send(from: At): void {
    const net = this.#net(from.net);
    if (net === null) return;
    const at = this.#translated(from, net, null);
    if (isOwn(net, at.address)) {
      this.#deliver(at, net);
      return;
    }
    this.#leave(at, net);
  }

  #leave(at: At, net: Net): void {
    const here = netName(this.#facts, at.net);
    const routed = routeTo(net, at.address);
    const shown = within(this.#facts, at.net, `ip route get ${at.address}`);
    const what = `route of ${here} to ${at.address}`;
    if (routed.type !== 'route') {
      const why = routed.text === 'no route' && familyOf(at.address) === 6 ? 'it has no IPv6 route there' : routed.text;
      this.#say(what, routed.type === 'none' ? false : null, `${why[0]?.toUpperCase()}${why.slice(1)}.`, shown);
      return;
    }
    const { device, gateway, source } = routed.route;
    const link = net.links.find(({ name }) => name === device);
    this.#say(
      what,
      link === undefined ? null : link.up,
      `${routed.text}${link?.up === false ? '; the link is down' : ''}.`,
      shown,
    );
    if (link === undefined || !link.up) return;
    const own =
      source ?? link.addresses.find(({ address }) => familyOf(address) === familyOf(at.address))?.address ?? null;
    this.#cross({ ...at, source: at.source ?? own }, net, link, gateway ?? at.address);
  }

  /** From a link to whoever has the next address there. */
  #cross(at: At, net: Net, link: Link, next: string): void {
    if (link.kind === 'bridge') {
      this.#onBridge(at, at.net, net, link, null, next);
      return;
    }
    if (link.kind === 'veth') {
      this.#overVeth(at, link, next);
      return;
    }
    const child = this.#ownerBy(
      next,
      ({ kind, peer }) => isVlan(kind) && peer?.index === link.index && peer.namespace === at.net,
    );
    if (child !== null) {
      this.#say(
        `${link.name} to ${netName(this.#facts, child.net)}`,
        false,
        `${child.link.name} there is ${child.link.kind} of ${link.name}: what the machine itself sends by that link never goes to such a link, nor back. Cure: give the machine a ${child.link.kind} link of its own, or use a bridge network.`,
        within(this.#facts, child.net, 'ip -d link'),
      );
      return;
    }
    if (isVlan(link.kind)) {
      this.#overVlan(at, link, next);
      return;
    }
    if (link.kind === 'dummy') {
      this.#say(
        `link ${link.name}`,
        false,
        'It is a dummy: what is sent by it is thrown away.',
        within(this.#facts, at.net, 'ip -d link'),
      );
      return;
    }
    this.#say(
      `what lies behind ${link.name}`,
      null,
      `${link.kind ?? 'It'} leads out of what is seen here.`,
      within(this.#facts, at.net, `ip -d link show ${link.name}`),
    );
  }

  #overVeth(at: At, link: Link, next: string): void {
    const { peer } = link;
    const there = peer?.namespace == null ? null : this.#facts.nets.get(peer.namespace);
    const outer = there?.links.find(({ index }) => index === peer?.index);
    if (peer?.namespace == null || there == null || outer === undefined) {
      this.#say(`veth ${link.name}`, null, 'Where its other end is was not seen.');
      return;
    }
    this.#say(
      `veth ${link.name} ⇄ ${outer.name}`,
      outer.up,
      outer.up ? 'The kernel lists both ends.' : 'The other end is down.',
      within(this.#facts, at.net, 'ip -d link'),
    );
    if (!outer.up) return;
    if (outer.master === null) {
      if (outer.addresses.some(({ address }) => address === next)) {
        this.#arrive({ ...at, net: peer.namespace }, outer.name);
        return;
      }
      this.#say(`${next} at ${outer.name}`, null, 'Who answers for that address there is not known.');
      return;
    }
    const bridge = there.links.find(({ index }) => index === outer.master?.index);
    if (bridge === undefined) {
      this.#say(`bridge ${outer.master.name}`, null, 'It is not among the links that were read.');
      return;
    }
    this.#onBridge(at, peer.namespace, there, bridge, outer, next);
  }

  /** @param port where it comes from: null for the machine itself */
  #onBridge(at: At, id: string, net: Net, bridge: Link, port: Link | null, next: string): void {
    if (bridge.addresses.some(({ address }) => address === next)) {
      this.#arrive({ ...at, net: id }, bridge.name);
      return;
    }
    const ports = net.links.filter(({ master, index }) => master?.index === bridge.index && index !== port?.index);
    for (const each of ports) {
      const inner = each.peer?.namespace == null ? undefined : this.#facts.nets.get(each.peer.namespace);
      const end = inner?.links.find(({ index }) => index === each.peer?.index);
      if (each.peer?.namespace == null || !end?.addresses.some(({ address }) => address === next)) continue;
      const allowed = bridgeHop(this.#facts, bridge.name, port !== null);
      this.hops.push(allowed);
      if (allowed.ok !== true) return;
      this.#say(
        `veth ${each.name} ⇄ ${end.name}`,
        each.up && end.up,
        each.up && end.up ? 'The kernel lists both ends.' : 'The link is down.',
        within(this.#facts, id, `ip -d link show master ${bridge.name}`),
      );
      if (each.up && end.up) this.#arrive({ ...at, net: each.peer.namespace }, end.name);
      return;
    }
    const unseen = ports.some(
      ({ kind, peer }) => kind !== 'veth' || peer?.namespace == null || !this.#facts.nets.has(peer.namespace),
    );
    this.#say(
      `${next} on bridge ${bridge.name}`,
      unseen ? null : false,
      unseen
        ? 'Nobody who is seen has that address, and not all of the bridge’s ports could be followed.'
        : 'Nobody on that network has that address.',
      within(this.#facts, id, `bridge fdb show br ${bridge.name}`),
    );
  }

  #overVlan(at: At, link: Link, next: string): void {
    const parent = link.peer;
    const sibling = this.#ownerBy(
      next,
      ({ kind, peer }) => kind === link.kind && peer?.index === parent?.index && peer?.namespace === parent?.namespace,
    );
    const below = parent?.namespace == null ? undefined : this.#facts.nets.get(parent.namespace);
    const shown = within(this.#facts, at.net, 'ip -d link');
    if (sibling !== null) {
      const drivers = this.#facts.snapshot.details?.networks?.filter(({ driver }) => driver === link.kind) ?? [];
      const usual =
        drivers.length > 0 &&
        drivers.every(({ options }) => ['bridge', 'l2', undefined].includes(options[`${link.kind}_mode`]));
      this.#say(
        `${link.kind} ${link.name} to its sibling ${sibling.link.name}`,
        usual ? true : null,
        usual
          ? 'Both are links of the same parent, in the mode in which siblings hear each other.'
          : 'Both are links of the same parent; in which mode is not known.',
        shown,
      );
      if (usual) {
        this.#arrive({ ...at, net: sibling.net }, sibling.link.name);
        return;
      }
    }
    if (below !== undefined && isOwn(below, next)) {
      this.#say(
        `${link.kind} ${link.name} to the machine`,
        false,
        `${next} is the machine’s own address, and a ${link.kind} link cannot reach its own machine. Cure: a bridge network besides it, or a ${link.kind} link for the machine.`,
        shown,
      );
      return;
    }
    this.#say(
      `what lies behind ${link.name}`,
      null,
      `The ${link.kind} link leads into the network around the machine, which is not seen here.`,
      shown,
    );
  }

  #ownerBy(address: string, fits: (link: Link) => boolean): { net: string; link: Link } | null {
    for (const [net, { links }] of this.#facts.nets) {
      const link = links.find((each) => fits(each) && each.addresses.some((one) => one.address === address));
      if (link !== undefined) return { net, link };
    }
    return null;
  }

  /** What comes to a namespace by one of its links. */
  arrive(at: At, by: string): void {
    this.#arrive(at, by);
  }

  #arrive(from: At, by: string): void {
    const net = this.#net(from.net);
    if (net === null) return;
    const at = this.#translated(from, net, by);
    if (isOwn(net, at.address)) {
      if (isLoopback(at.address) && !isLoopback(from.address)) {
        this.#say(
          `${at.address} from another link`,
          null,
          'The kernel lets that through only where route_localnet is on.',
          within(this.#facts, at.net, `sysctl net.ipv4.conf.${by}.route_localnet`),
        );
        return;
      }
      this.#answer(at, net, by);
      if (this.hops.at(-1)?.ok !== false) {
        this.#deliver(at, net);
        return;
      }
    }
    this.#forward(at, net, by);
  }

  #forward(at: At, net: Net, by: string): void {
    const routed = routeTo(net, at.address, at.source);
    const here = netName(this.#facts, at.net);
    if (routed.type !== 'route') {
      this.#say(
        `${here} sends it on to ${at.address}`,
        routed.type === 'none' ? false : null,
        `${routed.text}.`,
        within(this.#facts, at.net, `ip route get ${at.address}`),
      );
      return;
    }
    const link = net.links.find(({ name }) => name === routed.route.device);
    if (link === undefined) {
      this.#say(`${here} sends it on to ${at.address}`, null, `${routed.text}: that link is not seen.`);
      return;
    }
    const allowed = forwardHop(this.#facts, { id: at.net, net }, { by, to: link.name, address: at.address });
    if (allowed !== null) {
      this.hops.push(allowed);
      if (allowed.ok === false) return;
    }
    this.#cross(at, net, link, routed.route.gateway ?? at.address);
  }

  /** Whether what is answered leaves by the link that the question came by. */
  #answer(at: At, net: Net, by: string): void {
    if (net.rules.every(({ usual }) => usual)) return;
    // From outside anyone may ask: an address that no table has a route of its own for.
    const to = at.source ?? (familyOf(at.address) === 6 ? '2001:db8::1' : '192.0.2.1');
    const routed = routeTo(net, to, at.address);
    const here = netName(this.#facts, at.net);
    const shown = within(this.#facts, at.net, `ip route get ${to} from ${at.address}`);
    const what = `the answer of ${here}${at.source === null ? '' : ` to ${to}`}`;
    if (routed.type === 'unknown') {
      this.#say(what, null, `${routed.text}.`, shown);
      return;
    }
    if (routed.type === 'none') {
      this.#say(what, false, `It is not routed: ${routed.text}.`, shown);
      return;
    }
    if (routed.route.device === by) {
      this.#say(what, true, `It leaves by the same link: ${routed.text}.`, shown);
      return;
    }
    const link = net.links.find(({ name }) => name === routed.route.device);
    const elsewhere = ['tun', 'wireguard', 'dummy'].includes(link?.kind ?? '');
    this.#say(
      what,
      elsewhere ? false : null,
      `It does not leave by ${by}, which the question came by: ${routed.text}.${elsewhere ? ' Who asks never gets it. Cure: a rule that sends answers from this address by the main table, or a route to who asks.' : ''}`,
      shown,
    );
  }

  /** It is for this namespace: who takes it? */
  #deliver(at: At, net: Net): void {
    const here = netName(this.#facts, at.net);
    const [first] = socketsOn(net.listening, at.protocol, at.port);
    const proxy = socketsOn(net.listening, at.protocol, at.port)
      .filter(
        ({ address }) =>
          address === at.address || address === '::' || (address === '0.0.0.0' && !at.address.includes(':')),
      )
      .flatMap(({ pids }) => pids)
      .map((pid) => this.#facts.snapshot.processes.find((process) => process.pid === pid))
      .find((process) => process !== undefined && programOf(process) === 'docker-proxy' && this.#trusted(process));
    if (proxy !== undefined) {
      this.#overProxy(at, net, proxy);
      return;
    }
    const published = this.#published(at);
    if (first === undefined && published !== null) {
      this.#say(
        `${withPort(at.address, at.port)}/${at.protocol} of ${published}`,
        null,
        'The engine published it, and neither a rule nor a proxy for it was found here: it may be carried in elsewhere.',
        within(this.#facts, at.net, 'ss -lntup'),
      );
      return;
    }
    const { text, ok, evidence } = listenerHop(this.#facts.snapshot, { ...at, listening: net.listening, name: here });
    const container = this.#facts.snapshot.containers.find(({ ports }) =>
      ports.some(
        ({ hostIp, hostPort, protocol }) =>
          isLoopback(hostIp ?? '') && hostPort === at.port && protocol === at.protocol,
      ),
    );
    const local =
      at.net === this.#facts.host && ok === false && container !== undefined
        ? ` It is published on the loopback’s address: publish it with -p ${at.port}:… instead, to let others in.`
        : '';
    this.#say(text, ok, `${evidence}${local}`, within(this.#facts, at.net, protocolCommand(at.protocol)));
  }

  #published({ net, port, protocol }: At): string | null {
    if (net !== this.#facts.host) return null;
    const found = this.#facts.snapshot.containers.find(
      (each) =>
        each.pid !== null &&
        each.ports.some(
          ({ hostIp, hostPort, protocol: of }) => hostPort === port && of === protocol && !isLoopback(hostIp ?? ''),
        ),
    );
    return found?.name ?? null;
  }

  #overProxy(at: At, net: Net, proxy: Process): void {
    const [address, port] = [optionOf(proxy, 'container-ip'), Number(optionOf(proxy, 'container-port'))];
    const socket = socketsOn(net.listening, at.protocol, at.port)[0];
    const what = `docker-proxy ${proxy.pid} takes ${withPort(at.address, at.port)} to ${address === null ? '?' : withPort(address, port)}`;
    this.#say(
      what,
      address !== null && port > 0 ? true : null,
      `${socket === undefined ? 'It' : `${holderText(this.#facts.snapshot, socket, null)}`} holds the listening socket, and its arguments say where it leads.`,
      within(this.#facts, at.net, protocolCommand(at.protocol)),
    );
    if (address !== null && port > 0) this.send({ ...at, address, port, source: null });
  }
}

function protocolCommand(protocol: Goal['protocol']): string {
  return protocol === 'udp' ? 'ss -lnup' : 'ss -lntp';
}

const isVlan = (kind: string | null): boolean => kind === 'macvlan' || kind === 'ipvlan';

/** The hops from a network namespace to an address and its listener. */
export function wayFrom(facts: ReachFacts, net: string, goal: Goal): ReachHop[] {
  const walk = new Walk(facts);
  walk.send({ ...goal, net, source: null });
  return walk.hops;
}

/** The hops of what comes from outside to an address of the machine, by the link that leads out. */
export function wayFromOutside(facts: ReachFacts, net: string, goal: Goal): ReachHop[] {
  const walk = new Walk(facts);
  const detail = facts.nets.get(net);
  const by = detail?.links.find((link) => link.addresses.some(({ address }) => address === goal.address))?.name ?? '';
  walk.arrive({ ...goal, net, source: null }, by);
  return walk.hops;
}

/** The machine's own addresses that others may use, those of links to the outside: not of bridges. */
export function machineAddresses(facts: ReachFacts): string[] {
  const net = facts.host === null ? undefined : facts.nets.get(facts.host);
  if (net === undefined) return [];
  const outward = net.links.filter(
    ({ kind, loopback }) => !loopback && kind !== 'bridge' && kind !== 'veth' && kind !== 'dummy',
  );
  const addresses = addressesOf({ ...net, links: outward });
  return addresses.length > 0 ? addresses : addressesOf(net);
}
