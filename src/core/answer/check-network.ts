import type { DetailOf } from '../detail/detail.ts';
import { type WayIn, waysIn } from '../detail/way-in.ts';
import { socketsOn, withPort } from '../detail/way-in-listener.ts';
import { netOf, publisherOf } from '../detail/way-in-owner.ts';
import { collectedOfKind } from '../snapshot/details.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { isLoopback, netName, reachFacts, within } from './reach-facts.ts';
import type { CheckFinding } from './schemas.ts';

type Net = DetailOf<'net'>;

const published = ({ hostIp, hostPort, protocol }: WayIn): string => `${withPort(hostIp, hostPort)}/${protocol}`;

function nowhere(container: Container, way: WayIn, inside: Net): CheckFinding | null {
  const { containerPort, protocol, hops } = way;
  const fails = hops.find(({ ok }) => ok === false);
  const finding = (code: string, text: string, evidence: string, cure: string | null): CheckFinding => ({
    ...{ code, severity: 'broken', container: container.name, evidence, cure },
    text: `${published(way)} is published, and ${text}`,
  });
  if (fails === undefined) {
    const carrier = hops.find(({ what, ok }) => what === 'nat' && ok === null);
    if (carrier === undefined || hops.some(({ what, ok }) => (what === 'nat' || what === 'proxy') && ok === true))
      return null;
    if (!carrier.text.startsWith('neither ')) return null;
    return {
      ...finding('port-not-carried', `in this Linux nothing takes it on: ${carrier.text}.`, carrier.evidence, null),
      severity: 'notice',
    };
  }
  const sockets = socketsOn(inside.listening, protocol, containerPort);
  if (fails.what === 'listener' && sockets.length > 0 && sockets.every(({ address }) => isLoopback(address))) {
    const places = sockets.map(({ address, port }) => withPort(address, port ?? containerPort)).join(', ');
    return finding(
      'port-loopback-only',
      `who is meant listens on ${places} alone, which nobody outside of the container reaches.`,
      `The kernel lists the socket in its network namespace: ${fails.text}.`,
      `Let the program listen on 0.0.0.0 (or ::) in ${container.name}.`,
    );
  }
  if (fails.what === 'listener' && sockets.length === 0) {
    return finding(
      'port-nobody-listens',
      `nobody listens on ${containerPort}/${protocol} in ${container.name}.`,
      `The kernel lists no such socket in its network namespace. ${fails.evidence}`,
      'Publish the port that the program listens on, or look why it does not (its log).',
    );
  }
  return finding('port-leads-nowhere', `its way ends at ${fails.text}.`, fails.evidence, null);
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

/** Veths whose other end is in no network namespace that is seen. */
function veths(snapshot: Snapshot): CheckFinding[] {
  const facts = reachFacts(snapshot);
  return [...facts.nets].flatMap(([id, { links }]) =>
    links
      .filter(({ kind, peer }) => kind === 'veth' && (peer === null || peer.namespace === null))
      .map(({ name, peer, master }): CheckFinding => {
        const { command } = within(facts, id, `ip link delete ${name}`);
        const bridge = master === null ? '' : `, and is a port of ${master.name}`;
        return {
          code: 'veth-dangling',
          severity: 'warning',
          container: null,
          text: `${name} in ${netName(facts, id)} leads nowhere that is seen${bridge}.`,
          evidence: `The kernel ${peer === null ? 'tells no other end of it' : `tells link ${peer.index} in another network namespace as its other end`}, and no process, mount or descriptor that is seen has that namespace.`,
          cure: `Look whose it is, then: ${command}`,
        };
      }),
  );
}

/** Published ports that lead nowhere, and cables that hang loose; nothing of a snapshot without details. */
export function networkFindings(snapshot: Snapshot): CheckFinding[] {
  const nets = collectedOfKind(snapshot, 'net');
  if (nets.size === 0) return [];
  const own = snapshot.containers.filter(({ helper }) => !helper);
  return [...own.flatMap((container) => portsOf(snapshot, nets, container)), ...veths(snapshot)];
}
