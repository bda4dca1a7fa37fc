import type { DetailOf, Link } from '../detail/detail.ts';
import { unreadTranslation } from '../detail/nat.ts';
import { leavesLoopback } from '../detail/way-in-loopback.ts';
import { ruleText } from '../detail/way-in-rules.ts';
import { trustedProcesses } from '../services/trust.ts';
import type { Process } from '../snapshot/snapshot.ts';
import { semicolons, sentences, t } from '../words/words.ts';
import { forwardHop } from './reach-bridge.ts';
import { deliver, type Goal } from './reach-deliver.ts';
import { addressesOf, familyOf, isLoopback, isOwn, netName, type ReachFacts, within } from './reach-facts.ts';
import { type Direction, gateHop, type Passing, sourceAfter } from './reach-filter.ts';
import { hop, type ReachHop } from './reach-hop.ts';
import { cross } from './reach-links.ts';
import { translate } from './reach-nat.ts';
import { routeTo } from './reach-route.ts';

/** The way of a connection, namespace by namespace. */

type Net = DetailOf<'net'>;

interface At extends Goal {
  readonly net: string;
  /** The sender's address; null where any is meant, as from outside. */
  readonly source: string | null;
}

/** A way longer than this goes in a circle. */
const LONGEST = 24;

/** Why there is no route, as a sentence of its own. */
const sentence = (text: string): string =>
  t('{route}.', { route: `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`.replace(/\.$/, '') });

class Walk {
  readonly hops: ReachHop[] = [];
  readonly #facts: ReachFacts;
  readonly #trusted: (process: Process) => boolean;
  /** What the answers pass, in the order of the way there. */
  readonly #passed: Parameters<typeof gateHop>[1][] = [];

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
      this.#say(
        t('in {net}', { net: netName(this.#facts, id) }),
        null,
        t('This network namespace could not be looked into.'),
      );
    else if (this.hops.length > LONGEST) this.#say(t('further on'), null, t('The way seems to go in a circle.'));
    return this.hops.length > LONGEST ? null : net;
  }

  /** A rule that changes where the packet goes. */
  #translated(at: At, net: Net, by: string | null): At {
    const found = translate(net, { ...at, by });
    if (found === null) {
      const unread = net.nat === null ? t('The rules could not be read.') : unreadTranslation(net);
      // Only what is said to the namespace itself is usually sent elsewhere.
      if (unread !== undefined && isOwn(net, at.address) && !isLoopback(at.address))
        this.#say(t('address translation in {here}', { here: netName(this.#facts, at.net) }), null, unread);
      return at;
    }
    const { rule, unsure, address, port } = found;
    this.#say(
      ruleText(rule),
      unsure.length === 0 ? true : null,
      unsure.length === 0
        ? t('The kernel lists the rule in {here}.', { here: netName(this.#facts, at.net) })
        : t('The rule also asks or says: {told}.', { told: semicolons(unsure) }),
      within(
        this.#facts,
        at.net,
        rule.by === 'nft' ? 'nft list ruleset' : `${rule.family === 6 ? 'ip6' : 'ip'}tables -t nat -S`,
      ),
    );
    return { ...at, address, port };
  }

  /** Whether the namespace's rules let it through; false where they surely do not. */
  #passes(net: Net, direction: Direction, before: Omit<Passing, 'by' | 'to'>, at: Passing & { net: string }): boolean {
    const crossing = {
      ...{ id: at.net, net, direction, at },
      before: { ...before, source: at.source, by: at.by, to: at.to },
    };
    this.#passed.push(crossing);
    const gate = gateHop(this.#facts, crossing);
    if (gate !== null) this.hops.push(gate);
    return gate?.ok !== false;
  }

  /** What a namespace sends itself. */
  send(from: At): void {
    const net = this.#net(from.net);
    if (net === null) return;
    const at = this.#translated(from, net, null);
    if (!isOwn(net, at.address)) {
      this.#leave(from, at, net);
      return;
    }
    const own = { ...at, source: at.source ?? at.address };
    const lo = net.links.find(({ loopback }) => loopback)?.name ?? 'lo';
    if (
      this.#passes(net, 'out', from, { ...own, by: null, to: lo }) &&
      this.#passes(net, 'in', own, { ...own, by: lo, to: null })
    )
      this.#deliver(own, net);
  }

  #leave(from: At, at: At, net: Net): void {
    const here = netName(this.#facts, at.net);
    const routed = routeTo(net, at.address);
    const shown = within(this.#facts, at.net, `ip route get ${at.address}`);
    const what = t('route of {here} to {address}', { here, address: at.address });
    if (routed.type !== 'route') {
      this.#say(what, routed.type === 'none' ? false : null, sentence(routed.text), shown);
      return;
    }
    const { device, gateway, source } = routed.route;
    const link = net.links.find(({ name }) => name === device);
    this.#say(
      what,
      link === undefined ? null : link.up,
      link?.up === false
        ? t('{route}; the link is down.', { route: routed.text })
        : t('{route}.', { route: routed.text }),
      shown,
    );
    if (link === undefined || !link.up) return;
    const own =
      source ?? link.addresses.find(({ address }) => familyOf(address) === familyOf(at.address))?.address ?? null;
    // The source is chosen before a rule changes where it goes.
    const sent = { ...at, source: at.source ?? (isLoopback(from.address) ? from.address : own) };
    if (!this.#beyondLoopback(from.address, sent, net, link.name)) return;
    if (this.#passes(net, 'out', from, { ...sent, by: null, to: link.name }))
      this.#cross(sent, net, link, gateway ?? at.address);
  }

  /** Whether the kernel lets what has an address of the loopback pass another link. */
  #beyondLoopback(address: string, at: At, net: Net, link: string): boolean {
    if (!isLoopback(address)) return true;
    const { text, ok, evidence } = leavesLoopback(address, link, net.filter?.localnet);
    if (ok === true) return true;
    const setting = `sysctl net.ipv4.conf.${link}.route_localnet`;
    this.#say(text, ok, evidence, ...(familyOf(address) === 4 ? [within(this.#facts, at.net, setting)] : []));
    return ok === null;
  }

  /** From a link to whoever has the next address there. */
  #cross(at: At, net: Net, link: Link, next: string): void {
    const packet = { ...at, source: sourceAfter(net, { ...at, by: null, to: link.name }) };
    const { hops, arrives, source, passed } = cross({ facts: this.#facts, id: at.net, net, packet, next }, link);
    this.hops.push(...hops);
    if (passed !== undefined) this.#passed.push({ ...passed, direction: 'through', before: passed.at });
    if (arrives !== null) this.arrive({ ...at, source, net: arrives.net }, arrives.by);
  }

  /** What comes to a namespace by one of its links. */
  arrive(from: At, by: string): void {
    const net = this.#net(from.net);
    if (net === null) return;
    const at = this.#translated(from, net, by);
    if (isOwn(net, at.address)) {
      if (!this.#beyondLoopback(at.address, at, net, by)) return;
      if (!this.#passes(net, 'in', from, { ...at, by, to: null })) return;
      this.#answer(at, net, by);
      if (this.hops.at(-1)?.ok !== false) {
        this.#deliver(at, net);
        return;
      }
    }
    this.#forward(from, at, net, by);
  }

  #forward(from: At, at: At, net: Net, by: string): void {
    const routed = routeTo(net, at.address, at.source);
    const what = t('{here} forwards it to {address}', {
      here: netName(this.#facts, at.net),
      address: at.address,
    });
    if (routed.type !== 'route') {
      this.#say(
        what,
        routed.type === 'none' ? false : null,
        sentence(routed.text),
        within(this.#facts, at.net, `ip route get ${at.address}`),
      );
      return;
    }
    const link = net.links.find(({ name }) => name === routed.route.device);
    if (link === undefined) {
      this.#say(what, null, t('{route}: that link is not seen.', { route: routed.text }));
      return;
    }
    const passing = { source: at.source, by, to: link.name };
    const crossing = {
      ...{ id: at.net, net, direction: 'through' as const },
      ...{ before: { ...from, ...passing }, at: { ...at, ...passing } },
    };
    this.#passed.push(crossing);
    const gate = gateHop(this.#facts, crossing);
    const onward = { by, to: link.name, address: at.address };
    const allowed = forwardHop(this.#facts, { id: at.net, net }, onward, gate);
    if (allowed !== null) this.hops.push(allowed);
    if (allowed?.ok !== false) this.#cross(at, net, link, routed.route.gateway ?? at.address);
  }

  /** Whether what is answered leaves by the link that the question came by. */
  #answer(at: At, net: Net, by: string): void {
    if (net.rules.every(({ usual }) => usual)) return;
    // From outside anyone may ask: an address that no table has a route of its own for.
    const to = at.source ?? (familyOf(at.address) === 6 ? '2001:db8::1' : '192.0.2.1');
    const routed = routeTo(net, to, at.address);
    const here = netName(this.#facts, at.net);
    const shown = within(this.#facts, at.net, `ip route get ${to} from ${at.address}`);
    const what =
      at.source === null ? t('the answer of {here}', { here }) : t('the answer of {here} to {to}', { here, to });
    if (routed.type === 'unknown') {
      this.#say(what, null, sentence(routed.text), shown);
      return;
    }
    if (routed.type === 'none') {
      this.#say(what, false, t('It is not routed: {why}.', { why: routed.text }), shown);
      return;
    }
    if (routed.route.device === by) {
      this.#say(what, true, t('It leaves by the same link: {route}.', { route: routed.text }), shown);
      return;
    }
    const link = net.links.find(({ name }) => name === routed.route.device);
    const elsewhere = ['tun', 'wireguard', 'dummy'].includes(link?.kind ?? '');
    this.#say(
      what,
      elsewhere ? false : null,
      sentences(
        t('It does not leave by {by}, which the question came by: {route}.', { by, route: routed.text }),
        elsewhere
          ? t(
              'It never gets back to the client. Cure: a rule that sends answers from this address by the main table, or a route to the client.',
            )
          : null,
      ),
      shown,
    );
  }

  #deliver(at: At, net: Net): void {
    const { hop: taken, goesOn } = deliver(this.#facts, this.#trusted, at, net);
    this.hops.push(taken);
    if (goesOn !== null) {
      this.send({ ...at, ...goesOn, source: null });
      return;
    }
    if (taken.ok === false) return;
    // What is sent back passes the same namespaces in turn.
    for (const each of this.#passed.reverse()) {
      const gate = gateHop(this.#facts, each, true);
      if (gate !== null) this.hops.push(gate);
    }
  }
}

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
  const net = facts.machine === null ? undefined : facts.nets.get(facts.machine);
  if (net === undefined) return [];
  const outward = net.links.filter(
    ({ kind, loopback }) => !loopback && kind !== 'bridge' && kind !== 'veth' && kind !== 'dummy',
  );
  const addresses = addressesOf({ ...net, links: outward });
  return addresses.length > 0 ? addresses : addressesOf(net);
}
