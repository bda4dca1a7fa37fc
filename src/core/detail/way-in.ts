import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { commas, t } from '../words/words.ts';
import type { Link } from './detail.ts';
import type { Hop } from './hop.ts';
import { mayMeet, openConditions } from './nat-meets.ts';
import { firewallHop, outwardLinks } from './way-in-firewall.ts';
import {
  arrived,
  endOf,
  familyOf,
  forwarding,
  type Inside,
  isAny,
  type Outside,
  type Port,
} from './way-in-forwarding.ts';
import { isLoopback, listenerHop, withPort } from './way-in-listener.ts';
import { leavesLoopback } from './way-in-loopback.ts';
import { netOf, publisherOf } from './way-in-owner.ts';
import { ruleText } from './way-in-rules.ts';

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
  const { hops: forwarded, target, translated, ip: comesTo } = forwarding(snapshot, port, publisher, known, outside);
  const address = target ?? known.find((each) => familyOf(each) === familyOf(ip)) ?? known[0] ?? null;
  const link =
    own.find((each) => each.addresses.some((one) => one.address === address)) ??
    (target === null ? own.find((each) => each.addresses.length > 0) : undefined);
  const outer = link?.peer == null ? undefined : outside?.links.find(({ index }) => index === link.peer?.index);
  const loopback = isLoopback(ip);
  const hops: Hop[] = [
    {
      what: 'host',
      text: `${withPort(ip, hostPort)}/${protocol}`,
      ok: forwarded.some(({ ok }) => ok === true) ? true : (forwarded[0]?.ok ?? null),
      evidence: loopback ? t('The engine published it, for the machine itself alone.') : t('The engine published it.'),
    },
    ...forwarded,
  ];
  // What a process takes is for the machine itself, and what a rule takes is sent on by it.
  const gate =
    comesTo === null || isLoopback(comesTo)
      ? null
      : firewallHop({
          ...{
            filter: outside?.filter,
            protocol,
            translated,
            by: outwardLinks(outside?.links ?? []),
            name: t('the machine'),
            before: { address: isAny(comesTo) ? null : comesTo, port: hostPort },
          },
          family: familyOf(translated && address !== null ? address : comesTo),
          ...(translated && address !== null
            ? { hook: 'forward', address, port: containerPort, to: outer?.master?.name ?? null }
            : { hook: 'input', address: isAny(comesTo) ? null : comesTo, port: hostPort, to: null }),
        });
  if (gate !== null) hops.push(gate);
  const bound =
    comesTo !== null && isLoopback(comesTo) && translated
      ? leavesLoopback(comesTo, outer?.master?.name ?? null, outside?.filter?.localnet)
      : null;
  if (bound !== null && bound.ok !== true) hops.push({ what: 'nat', ...bound });
  const linkHop = (what: 'bridge' | 'veth', text: string, up: boolean): Hop => ({
    what,
    text,
    ok: up,
    evidence: up ? t('The kernel lists the links of both namespaces.') : t('The link is down.'),
  });
  if (outer?.master != null) {
    const { master } = outer;
    const bridge = outside?.links.find(({ index }) => index === master.index);
    hops.push(linkHop('bridge', t('bridge {bridge}', { bridge: master.name }), bridge?.up ?? true));
  }
  if (outer !== undefined)
    hops.push(linkHop('veth', `${outer.name} ⇄ ${link?.name ?? '?'}`, outer.up && (link?.up ?? true)));
  const has = address !== null && known.includes(address);
  hops.push({
    what: 'container',
    text: t('{address} in {name}', { address: withPort(address ?? '?', containerPort), name: publisher.name }),
    ok: publisher.pid === null ? false : has ? true : known.length === 0 ? null : false,
    evidence:
      publisher.pid === null
        ? t('{name} is not running.', { name: publisher.name })
        : has
          ? t('It has that address.')
          : known.length === 0
            ? t('Its addresses are not known.')
            : t('Its addresses are {addresses}.', { addresses: commas(known) }),
  });
  const packet = address === null ? null : arrived(address, containerPort, protocol, link?.name ?? null);
  // Rules in the container's own namespace send the port on once more, as those of a mesh's sidecar.
  const again =
    packet === null ? null : (inside?.nat?.find((rule) => rule.hook !== null && mayMeet(rule, packet)) ?? null);
  if (packet !== null && again !== null) {
    hops.push({
      what: 'nat',
      text: ruleText(again),
      ok: openConditions(again, packet).length === 0 ? true : null,
      evidence: t('A rule in the network namespace of {name}.', { name: publisher.name }),
    });
  }
  const end = endOf(again, address, containerPort);
  const guard = firewallHop({
    ...{ filter: inside?.filter, hook: 'input', protocol, by: [link?.name ?? null], to: null, name: publisher.name },
    ...{ before: { address, port: containerPort }, ...end },
    ...{ family: familyOf(end.address ?? ip), translated: again !== null },
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
      text: t('not {name}', { name: container.name }),
      ok: false,
      evidence: t(
        '{name} is in another network namespace than {publisher} by now. Start it again to join the present one.',
        { name: container.name, publisher: publisher.name },
      ),
    });
  }
  return hops;
}
