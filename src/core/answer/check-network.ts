import type { DetailOf } from '../detail/detail.ts';
import { type WayIn, waysIn } from '../detail/way-in.ts';
import { socketsOn, withPort } from '../detail/way-in-listener.ts';
import { netOf, publisherOf } from '../detail/way-in-owner.ts';
import { collectedOfKind } from '../snapshot/details.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';
import { isLoopback, netName, reachFacts, within } from './reach-facts.ts';
import type { CheckFinding } from './schemas.ts';
import { notInForce, unpublished } from './unpublished.ts';

type Net = DetailOf<'net'>;

const published = ({ hostIp, hostPort, protocol }: WayIn): string => `${withPort(hostIp, hostPort)}/${protocol}`;

function nowhere(container: Container, way: WayIn, inside: Net): CheckFinding | null {
  const { containerPort, protocol, hops } = way;
  const { name } = container;
  const port = published(way);
  const fails = hops.find(({ ok }) => ok === false);
  if (fails === undefined) {
    const lack = hops.find(({ missing }) => missing === true);
    if (lack === undefined || hops.some(({ what, ok }) => (what === 'nat' || what === 'proxy') && ok === true))
      return null;
    return {
      ...{ code: 'port-not-carried', severity: 'notice', container: name, cure: null },
      text: t('{port} is published, but nothing in this Linux forwards it: {what}.', { port, what: lack.text }),
      evidence: lack.evidence,
    };
  }
  const broken = { severity: 'broken', container: name } as const;
  const sockets = socketsOn(inside.listening, protocol, containerPort);
  if (fails.what === 'listener' && sockets.length > 0 && sockets.every(({ address }) => isLoopback(address))) {
    const places = commas(sockets.map(({ address, port: own }) => withPort(address, own ?? containerPort)));
    return {
      ...broken,
      code: 'port-loopback-only',
      text: t(
        '{port} is published, but the program listens on {places} only, which nothing outside the container can reach.',
        { port, places },
      ),
      evidence: t('The kernel lists the socket in its network namespace: {socket}.', { socket: fails.text }),
      cure: t('Let the program listen on 0.0.0.0 (or ::) in {name}.', { name }),
    };
  }
  if (fails.what === 'listener' && sockets.length === 0) {
    return {
      ...broken,
      code: 'port-nobody-listens',
      text: t('{port} is published, and nobody listens on {inside} in {name}.', {
        port,
        inside: `${containerPort}/${protocol}`,
        name,
      }),
      evidence: sentences(t('The kernel lists no such socket in its network namespace.'), fails.evidence),
      cure: t('Publish the port that the program listens on, or find out why it does not (its log).'),
    };
  }
  return {
    ...broken,
    code: 'port-leads-nowhere',
    text: t('{port} is published, and its way ends at {hop}.', { port, hop: fails.text }),
    evidence: fails.evidence,
    cure: null,
  };
}

function portsOf(snapshot: Snapshot, nets: ReadonlyMap<string, Net>, container: Container): CheckFinding[] {
  // Who borrows a network publishes nothing of its own.
  if (container.pid === null || publisherOf(snapshot, container).id !== container.id) return [];
  const inside = nets.get(netOf(snapshot, container) ?? '');
  if (inside === undefined || container.modes.net === 'host') return [];
  const beyond = inside.links.find(({ peer }) => peer?.namespace != null)?.peer?.namespace;
  const outside = beyond == null ? null : (nets.get(beyond) ?? null);
  const seen = new Set<string>();
  return waysIn(snapshot, container, inside.links, outside, inside).flatMap((way) => {
    const finding = nowhere(container, way, inside);
    const key = `${finding?.code} ${way.hostPort}/${way.protocol} ${way.containerPort}`;
    // Of IPv4 and IPv6 alike it is said once.
    if (finding === null || seen.has(key)) return [];
    seen.add(key);
    return [finding];
  });
}

/** Ports that were to be published, and are not; of details only what their reason is told by. */
function askedInVain(snapshot: Snapshot, container: Container): CheckFinding[] {
  return unpublished(snapshot, container).map((port) => ({
    ...{ code: 'port-not-published', severity: 'broken', container: container.name, cure: port.cure },
    text: notInForce(port),
    evidence: sentences(port.evidence, t('It does not list this port as published.')),
  }));
}

/** Veths whose other end is in no network namespace that is seen. */
function veths(snapshot: Snapshot): CheckFinding[] {
  const facts = reachFacts(snapshot);
  return [...facts.nets].flatMap(([id, { links }]) =>
    links
      .filter(({ kind, peer }) => kind === 'veth' && (peer === null || peer.namespace === null))
      .map(({ name, peer, master }): CheckFinding => {
        const { command } = within(facts, id, `ip link delete ${name}`);
        const place = netName(facts, id);
        return {
          code: 'veth-dangling',
          severity: 'warning',
          container: null,
          text:
            master === null
              ? t('The other end of {link} in {place} is nowhere to be found.', { link: name, place })
              : t('The other end of {link} in {place}, a port of {bridge}, is nowhere to be found.', {
                  link: name,
                  place,
                  bridge: master.name,
                }),
          evidence:
            peer === null
              ? t('The kernel names no other end of it.')
              : t(
                  'According to the kernel, its other end is interface {index} of another network namespace, and no visible process, mount or descriptor has that namespace.',
                  { index: peer.index },
                ),
          cure: t('Find out whose it is, then: {command}', { command }),
        };
      }),
  );
}

/** Ports that lead nowhere or are not published, and veths without their other end. Without details only what is not published. */
export function networkFindings(snapshot: Snapshot): CheckFinding[] {
  const nets = collectedOfKind(snapshot, 'net');
  const own = snapshot.containers.filter(({ helper }) => !helper);
  const inVain = own.flatMap((container) => askedInVain(snapshot, container));
  if (nets.size === 0) return inVain;
  return [...inVain, ...own.flatMap((container) => portsOf(snapshot, nets, container)), ...veths(snapshot)];
}
