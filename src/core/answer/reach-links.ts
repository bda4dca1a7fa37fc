import type { DetailOf, Link } from '../detail/detail.ts';
import { hasCarrier } from '../detail/network.ts';
import { sentences, t } from '../words/words.ts';
import { bridgeHop } from './reach-bridge.ts';
import { isOwn, netName, type ReachFacts, within } from './reach-facts.ts';
import { gateHop, type Passing, sourceAfter } from './reach-filter.ts';
import { hop, type ReachHop, vethText } from './reach-hop.ts';

/** From a link of one namespace to whoever has the next address there. */

type Net = DetailOf<'net'>;

export interface Crossed {
  readonly hops: readonly ReachHop[];
  /** Where it arrives, and by which link; null where the way is not known further, or ends. */
  readonly arrives: { readonly net: string; readonly by: string } | null;
  /** The sender's address as it is there. */
  readonly source: string | null;
  /** The bridge's namespace and what it saw, where its rules are asked. */
  readonly passed?: { readonly id: string; readonly net: Net; readonly at: Passing };
}

interface From {
  readonly facts: ReachFacts;
  readonly id: string;
  readonly net: Net;
  readonly packet: Omit<Passing, 'by' | 'to'>;
  /** The address that is asked for on the link. */
  readonly next: string;
}

const ends = (...args: Parameters<typeof hop>): Crossed => ({ hops: [hop(...args)], arrives: null, source: null });
const isVlan = (kind: string | null): boolean => kind === 'macvlan' || kind === 'ipvlan';

function ownerBy(
  { nets }: ReachFacts,
  address: string,
  fits: (link: Link) => boolean,
): { net: string; link: Link } | null {
  for (const [net, { links }] of nets) {
    const link = links.find((each) => fits(each) && each.addresses.some((one) => one.address === address));
    if (link !== undefined) return { net, link };
  }
  return null;
}

export function cross(from: From, link: Link): Crossed {
  const { facts, id, next } = from;
  if (link.kind === 'bridge') return onBridge(from, from.id, from.net, link, null);
  const child = ownerBy(
    facts,
    next,
    ({ kind, peer }) => isVlan(kind) && peer?.index === link.index && peer.namespace === id,
  );
  if (child !== null) {
    return ends(
      t('{link} to {there}', { link: link.name, there: netName(facts, child.net) }),
      false,
      sentences(
        t(
          '{child} there is {kind} of {link}: what the machine itself sends by that link never goes to such a link, nor back.',
          { child: child.link.name, kind: child.link.kind ?? '', link: link.name },
        ),
        t('Cure: give the machine a {kind} link of its own, or use a bridge network.', { kind: child.link.kind ?? '' }),
      ),
      within(facts, child.net, 'ip -d link'),
    );
  }
  if (link.kind === 'veth') return overVeth(from, link);
  if (isVlan(link.kind)) return overVlan(from, link);
  if (link.kind === 'dummy') {
    return ends(
      t('link {link}', { link: link.name }),
      false,
      t('It is a dummy: what is sent by it is thrown away.'),
      within(facts, id, 'ip -d link'),
    );
  }
  if (!hasCarrier(link)) {
    return ends(
      t('link {link}', { link: link.name }),
      false,
      t('It has no carrier: nobody is at its other end, and what is sent by it is lost.'),
      within(facts, id, `ip link show ${link.name}`),
    );
  }
  return ends(
    t('what lies behind {link}', { link: link.name }),
    null,
    link.kind === null
      ? t('It leads out of what is seen here.')
      : t('{kind} leads out of what is seen here.', { kind: link.kind }),
    within(facts, id, `ip -d link show ${link.name}`),
  );
}

function overVeth(from: From, link: Link): Crossed {
  const { facts, id, packet, next } = from;
  const { peer } = link;
  const there = peer?.namespace == null ? null : facts.nets.get(peer.namespace);
  const outer = there?.links.find(({ index }) => index === peer?.index);
  if (peer?.namespace == null || there == null || outer === undefined) {
    return ends(`veth ${link.name}`, null, t('Where its other end is was not seen.'));
  }
  const pair = hop(
    vethText(link.name, outer.name),
    outer.up,
    outer.up ? t('The kernel lists both ends.') : t('The other end is down.'),
    within(facts, id, 'ip -d link'),
  );
  if (!outer.up) return { hops: [pair], arrives: null, source: null };
  const after = (rest: Crossed): Crossed => ({ ...rest, hops: [pair, ...rest.hops] });
  if (outer.master === null) {
    return outer.addresses.some(({ address }) => address === next)
      ? { hops: [pair], arrives: { net: peer.namespace, by: outer.name }, source: packet.source }
      : after(
          ends(
            t('{address} at {link}', { address: next, link: outer.name }),
            null,
            t('Who answers for that address there is not known.'),
          ),
        );
  }
  const bridge = there.links.find(({ index }) => index === outer.master?.index);
  return bridge === undefined
    ? after(
        ends(t('bridge {bridge}', { bridge: outer.master.name }), null, t('It is not among the links that were read.')),
      )
    : after(onBridge(from, peer.namespace, there, bridge, outer));
}

/** @param port where it comes from: null for the machine itself */
function onBridge({ facts, packet, next }: From, id: string, net: Net, bridge: Link, port: Link | null): Crossed {
  if (bridge.addresses.some(({ address }) => address === next)) {
    return { hops: [], arrives: { net: id, by: bridge.name }, source: packet.source };
  }
  const ports = net.links.filter(({ master, index }) => master?.index === bridge.index && index !== port?.index);
  for (const each of ports) {
    const inner = each.peer?.namespace == null ? undefined : facts.nets.get(each.peer.namespace);
    const end = inner?.links.find(({ index }) => index === each.peer?.index);
    if (each.peer?.namespace == null || !end?.addresses.some(({ address }) => address === next)) continue;
    const at: Passing = { ...packet, by: bridge.name, to: bridge.name };
    const asked = port !== null && net.filter?.bridged[next.includes(':') ? 6 : 4] === true;
    const gate = asked ? gateHop(facts, { id, net, direction: 'through', before: at, at }) : null;
    const allowed = bridgeHop(facts, { id, net, bridge: bridge.name, fromMember: port !== null, gate });
    if (allowed.ok === false) return { hops: [allowed], arrives: null, source: null };
    const up = each.up && end.up;
    const pair = hop(
      vethText(each.name, end.name),
      up,
      up ? t('The kernel lists both ends.') : t('The link is down.'),
      within(facts, id, `ip -d link show master ${bridge.name}`),
    );
    return {
      hops: [allowed, pair],
      arrives: up ? { net: each.peer.namespace, by: end.name } : null,
      // Rules of translation are asked of what a bridge sends on, too.
      source: asked ? sourceAfter(net, at) : packet.source,
      ...(asked ? { passed: { id, net, at } } : {}),
    };
  }
  const unseen = ports.some(
    ({ kind, peer }) => kind !== 'veth' || peer?.namespace == null || !facts.nets.has(peer.namespace),
  );
  return ends(
    t('{address} on bridge {bridge}', { address: next, bridge: bridge.name }),
    unseen ? null : false,
    unseen
      ? t('Nobody visible has that address, and not all of the bridge’s ports could be followed.')
      : t('Nobody on that network has that address.'),
    within(facts, id, `bridge fdb show br ${bridge.name}`),
  );
}

function overVlan({ facts, id, packet, next }: From, link: Link): Crossed {
  const parent = link.peer;
  const kind = link.kind ?? '';
  const sibling = ownerBy(
    facts,
    next,
    (each) =>
      each.kind === link.kind && each.peer?.index === parent?.index && each.peer?.namespace === parent?.namespace,
  );
  const below = parent?.namespace == null ? undefined : facts.nets.get(parent.namespace);
  const shown = within(facts, id, 'ip -d link');
  const hops: ReachHop[] = [];
  if (sibling !== null) {
    const drivers = facts.snapshot.details?.networks?.filter(({ driver }) => driver === kind) ?? [];
    const usual =
      drivers.length > 0 &&
      drivers.every(({ options }) => ['bridge', 'l2', undefined].includes(options[`${kind}_mode`]));
    hops.push(
      hop(
        t('{kind} {link} to its sibling {sibling}', { kind, link: link.name, sibling: sibling.link.name }),
        usual ? true : null,
        usual
          ? t('Both are links of the same parent, in the mode in which siblings hear each other.')
          : t('Both are links of the same parent; in which mode is not known.'),
        shown,
      ),
    );
    if (usual) return { hops, arrives: { net: sibling.net, by: sibling.link.name }, source: packet.source };
  }
  const last =
    below !== undefined && isOwn(below, next)
      ? hop(
          t('{kind} {link} to the machine', { kind, link: link.name }),
          false,
          t(
            '{address} is the machine’s own address, and a {kind} link cannot reach its own machine. Cure: a bridge network besides it, or a {kind} link for the machine.',
            { address: next, kind },
          ),
          shown,
        )
      : hop(
          t('what lies behind {link}', { link: link.name }),
          null,
          t('The {kind} link leads into the network around the machine, which is not seen here.', { kind }),
          shown,
        );
  return { hops: [...hops, last], arrives: null, source: null };
}
