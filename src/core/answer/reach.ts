import type * as z from 'zod';
import { netOf, publisherOf } from '../detail/way-in-owner.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { afterColon, commas, sentences, t } from '../words/words.ts';
import type { Attempt } from './attempt.ts';
import { containerNames } from './container-names.ts';
import type { Goal } from './reach-deliver.ts';
import { type From, findContainer, isAddress, ownContainers, parseFrom, parseTo, type To } from './reach-ends.ts';
import { familyOf, type ReachFacts, reachFacts } from './reach-facts.ts';
import { evidenceText, hop, ReachError, type ReachHop } from './reach-hop.ts';
import { ofContainer, resolveName } from './reach-name.ts';
import { machineAddresses, wayFrom, wayFromOutside } from './reach-way.ts';
import type { reachSchema } from './schemas.ts';
import { notInForce, unpublished } from './unpublished.ts';

/** The answer as programs get it. */
export type Reach = z.infer<typeof reachSchema>;

/** A connection that would prove the answer. */
interface Proof extends Goal {
  /** The network namespace that it begins in. */
  readonly net: string;
}

export interface ReachAnswer {
  readonly verdict: Reach['verdict'];
  readonly because: Reach['because'];
  readonly hops: readonly ReachHop[];
  /** The network namespace that the way begins in; null outside, and where it is not known. */
  readonly begins: string | null;
  /** The connection that would prove it; null where there is none to be made from here. */
  readonly attempt: Proof | null;
}

interface Way {
  readonly address: string | null;
  readonly hops: readonly ReachHop[];
}

function verdictOf(hops: readonly ReachHop[]): Reach['verdict'] {
  if (hops.some(({ ok }) => ok === false)) {
    // What fails behind something that is not known may never be met.
    const first = hops.find(({ ok }) => ok !== true);
    return first?.ok === false ? 'not-reachable' : 'unknown';
  }
  return hops.length === 0 || hops.some(({ ok }) => ok === null) ? 'unknown' : 'reachable';
}

function because(hops: readonly ReachHop[]): string {
  const at = hops.find(({ ok }) => ok !== true) ?? hops.at(-1);
  if (at === undefined) return t('Nothing is known about the way.');
  return t('{what}: {told}', { what: at.what, told: afterColon(at.evidence) });
}

const RANK = { reachable: 0, unknown: 1, 'not-reachable': 2 } as const;

const OVER = {
  reachable: 'Over IPv{family} it is reachable: {because}',
  unknown: 'Over IPv{family} it is unknown: {because}',
  'not-reachable': 'Over IPv{family} it is not reachable: {because}',
} as const;

/** The best of the ways to several addresses; what the other address family comes to is said, too. */
function answer(before: readonly ReachHop[], ways: readonly Way[], from: From, to: To): ReachAnswer {
  const sorted = ways
    .map((way) => ({ ...way, verdict: verdictOf(way.hops) }))
    .sort((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  // A name's first address is what a program takes; only where that fails it goes on to the next.
  const best = sorted[0];
  const hops = [...before, ...(best?.hops ?? [])];
  const other =
    best?.address == null
      ? undefined
      : sorted.find(({ address }) => address !== null && familyOf(address) !== familyOf(best.address ?? ''));
  const more =
    other === undefined || other.verdict === best?.verdict
      ? null
      : t(OVER[other.verdict], { family: familyOf(other.address ?? ''), because: because(other.hops) });
  const goal =
    from.type === 'inside' && from.net !== null && best?.address != null
      ? { net: from.net, address: best.address, port: to.port, protocol: to.protocol }
      : null;
  return {
    verdict: verdictOf(hops),
    because: sentences(because(hops), more),
    hops,
    begins: from.type === 'inside' ? from.net : null,
    attempt: goal,
  };
}

function ways(facts: ReachFacts, net: string, addresses: readonly string[], { port, protocol }: To): Way[] {
  return addresses.map((address) => ({ address, hops: wayFrom(facts, net, { address, port, protocol }) }));
}

/** What comes from another machine, or from the Mac or Windows around a VM: it meets the machine’s own addresses. */
function fromOutside(facts: ReachFacts, to: To, before: readonly ReachHop[] = []): ReachAnswer {
  const from: From = { type: 'outside' };
  const { machine: host } = facts;
  const machine = machineAddresses(facts);
  const own = to.host !== '' && to.host !== 'localhost' && isAddress(to.host) ? [to.host] : machine;
  if (host === null || own.length === 0) {
    return answer([...before, hop(t('the machine'), null, t('Its addresses are not known.'))], [], from, to);
  }
  return answer(
    [
      ...before,
      hop(
        t('the machine, from outside, at port {port}/{protocol}', { port: to.port, protocol: to.protocol }),
        true,
        sentences(
          t('Its addresses are {addresses}.', { addresses: commas(own) }),
          t('What stands in front of the machine, such as a firewall or a VM’s forwarding, is not seen here.'),
        ),
        '`ip address`',
      ),
    ],
    own.map((address) => ({
      address,
      hops: wayFromOutside(facts, host, { address, port: to.port, protocol: to.protocol }),
    })),
    from,
    to,
  );
}

function outsideToContainer(facts: ReachFacts, to: To, target: Container): ReachAnswer {
  const from: From = { type: 'outside' };
  const { snapshot } = facts;
  if (target.pid === null) return answer(ofContainer(facts, target).hops, [], from, to);
  if (netOf(snapshot, target) === facts.host && facts.host !== facts.machine) {
    const not = hop(
      t('port {port}/{protocol} of {name}', { port: to.port, protocol: to.protocol, name: target.name }),
      false,
      t(
        'That network is not the machine’s: what listens there is reached from there and by the engine’s other containers. Cure: a network of its own, and docker run -p {port}:{port}.',
        {
          port: to.port,
        },
      ),
    );
    return answer([...ofContainer(facts, target).hops, not], [], from, to);
  }
  if (netOf(snapshot, target) === facts.host) {
    return fromOutside(facts, { ...to, host: '' }, ofContainer(facts, target).hops);
  }
  const owner = publisherOf(snapshot, target);
  const published = owner.ports.filter(
    ({ containerPort, protocol, hostPort }) =>
      hostPort !== null && containerPort === to.port && protocol === to.protocol,
  );
  const [port] = published;
  const shown = `\`docker port ${owner.name}\``;
  if (port?.hostPort != null) {
    const first = hop(
      t('port {port} of {name} is published as {published}', {
        port: to.port,
        name: target.name,
        published: port.hostPort,
      }),
      true,
      owner.id === target.id
        ? t('The engine lists the mapping.')
        : t('The engine lists the mapping of {owner}, whose network it shares.', { owner: owner.name }),
      shown,
    );
    return fromOutside(facts, { ...to, host: '', port: port.hostPort }, [first]);
  }
  const inVain = unpublished(snapshot, target).find(
    (each) => each.port.containerPort === to.port && each.port.protocol === to.protocol,
  );
  const drivers = owner.networks.map(
    ({ name }) => snapshot.details?.networks?.find((each) => each.name === name)?.driver,
  );
  if (drivers.some((driver) => driver === 'macvlan' || driver === 'ipvlan')) {
    return answer(
      [
        hop(
          t('{name} in the network around the machine', { name: target.name }),
          null,
          t('Its link is on that network itself; what is there is not seen here.'),
          shown,
        ),
      ],
      [],
      from,
      to,
    );
  }
  return answer(
    [
      hop(
        t('port {port}/{protocol} of {name}', { port: to.port, protocol: to.protocol, name: target.name }),
        false,
        inVain !== undefined
          ? sentences(notInForce(inVain), inVain.cure === null ? null : t('Cure: {cure}', { cure: inVain.cure }))
          : t(
              'It is not published, and the container’s own addresses exist within the machine alone. Cure: docker run -p {ports}.',
              { ports: `${to.port}:${to.port}${to.protocol === 'udp' ? '/udp' : ''}` },
            ),
        shown,
      ),
    ],
    [],
    from,
    to,
  );
}

function fromInside(facts: ReachFacts, from: Extract<From, { type: 'inside' }>, to: To): ReachAnswer {
  const { net, container } = from;
  if (net === null) {
    const stopped = container !== null && container.pid === null;
    return answer(
      [
        hop(
          from.name,
          stopped ? false : null,
          stopped
            ? t('It is not running, so it has no network. Cure: docker start {name}.', { name: from.name })
            : t('Its network namespace is not known.'),
        ),
      ],
      [],
      from,
      to,
    );
  }
  const detail = facts.nets.get(net);
  if (to.host === '') {
    if (net === facts.machine || net === facts.host)
      return answer([], ways(facts, net, ['127.0.0.1', '::1'], to), from, to);
    // From a container the machine is who stands at the end of its default route.
    const gateway = detail?.routes.find(
      ({ destination, gateway: by, family }) => family === 4 && destination === 'default' && by !== null,
    )?.gateway;
    const machine = gateway == null ? machineAddresses(facts).slice(0, 1) : [gateway];
    return answer(
      [
        hop(
          t('port {port} of the machine, seen from {name}', { port: to.port, name: from.name }),
          machine.length > 0 ? true : null,
          gateway == null
            ? t('It has no default route; the machine’s own address is taken.')
            : facts.host === facts.machine
              ? t('Its gateway {gateway} is the machine.', { gateway })
              : t('Its gateway {gateway} is the rootless engine’s network.', { gateway }),
        ),
      ],
      ways(facts, net, machine, to),
      from,
      to,
    );
  }
  if (isAddress(to.host)) return answer([], ways(facts, net, [to.host], to), from, to);
  if (to.host === 'localhost') {
    const published = facts.snapshot.containers.find(({ ports }) =>
      ports.some(({ hostPort, protocol }) => hostPort === to.port && protocol === to.protocol),
    );
    const before =
      net === facts.machine
        ? []
        : [
            hop(
              t('localhost is {name} itself', { name: from.name }),
              true,
              published === undefined
                ? t('In a network namespace of its own the loopback leads back to it.')
                : t(
                    'In a network namespace of its own the loopback leads back to it, and not to the port that {name} publishes on the machine.',
                    { name: published.name },
                  ),
            ),
          ];
    return answer(before, ways(facts, net, ['127.0.0.1', '::1'], to), from, to);
  }
  const target = findContainer(facts.snapshot, to.host);
  const { hops, addresses } = resolveName(facts, from, to.host, target);
  if (addresses.length === 0) {
    const result = answer(hops, [], from, to);
    return { ...result, because: sentences(result.because, byAddress(facts, from, net, to, target)) };
  }
  return answer(hops, ways(facts, net, addresses, to), from, to);
}

/** What it would be without the name. */
function byAddress(facts: ReachFacts, from: From, net: string, to: To, target: Container | null): string | null {
  const found = target === null ? null : ofContainer(facts, target);
  if (target === null || found === null || found.addresses.length === 0 || target.modes.net === 'host') return null;
  const { verdict, attempt } = answer([], ways(facts, net, found.addresses, to), from, to);
  return verdict === 'reachable' && attempt !== null
    ? t('By its address {address} it is reachable.', { address: attempt.address })
    : null;
}

/**
 * Whether a connection from one place to another arrives, and the whole way.
 * @param snapshot with details; without them nothing of the way is known
 * @param from `outside`, `host`, a container, a pid
 * @param to `:port`, `container:port`, `address:port`, `name:port`, with `/udp` for UDP
 * @throws ReachError where one of these is nothing that is known
 */
export function reach(snapshot: Snapshot, from: string, to: string): ReachAnswer {
  const facts = reachFacts(snapshot);
  const [begin, end] = [parseFrom(facts, from), parseTo(to)];
  if (begin.type === 'inside') return fromInside(facts, begin, end);
  if (end.host === '' || end.host === 'localhost') return fromOutside(facts, end);
  const target = findContainer(snapshot, end.host) ?? ownerOf(snapshot, end.host);
  if (target !== null) return outsideToContainer(facts, end, target);
  if (isAddress(end.host)) {
    if (machineAddresses(facts).includes(end.host)) return fromOutside(facts, end);
    return answer(
      [
        hop(
          t('{host} from outside', { host: end.host }),
          null,
          t('It is none of the addresses of this machine and its containers.'),
        ),
      ],
      [],
      begin,
      end,
    );
  }
  throw new ReachError(
    t('There is no container {host} to be reached from outside. There are: {names}.', {
      host: end.host,
      names: containerNames(ownContainers(snapshot), end.host),
    }),
  );
}

/** The container that an address belongs to. */
function ownerOf({ containers }: Snapshot, address: string): Container | null {
  return containers.find(({ networks }) => networks.some(({ ip }) => ip === address)) ?? null;
}

/** @param tried how one real connection ended; null where none was made */
export function reachReport({ verdict, because, hops }: ReachAnswer, tried: Attempt | null): Reach {
  const told = hops.map((each) => ({ what: each.what, ok: each.ok, evidence: evidenceText(each) }));
  return { verdict, because, hops: told, tried };
}

/** Whether facts and fact agree, in a sentence. */
export function agreement(verdict: Reach['verdict'], { connected }: Attempt): string {
  if (verdict === 'unknown') return t('The facts did not decide it.');
  return (verdict === 'reachable') === connected
    ? t('The facts and the attempt agree.')
    : t('The facts and the attempt do not agree: something that was not read decides, such as a firewall.');
}
