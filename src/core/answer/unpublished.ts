import { withPort } from '../detail/way-in-listener.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { and, or, t } from '../words/words.ts';

/** A port that somebody asked to be published (`-p`), and that is not. */
export interface Unpublished {
  readonly port: NonNullable<Container['asked']>[number];
  /** As `docker port` would show it. */
  readonly place: string;
  /** What takes the port away, in a sentence. */
  readonly why: string;
  readonly cure: string | null;
  /** The setting that it follows from, and who says so. */
  readonly evidence: string;
}

type Reason = Pick<Unpublished, 'why' | 'cure' | 'evidence'>;

/** What `--network` is told by that leads into no network of the engine's. */
const OWN_WAY = /^(?:slirp4netns|pasta|ns:|private)/;

/** Drivers whose containers have addresses of the network around the machine, and publish nothing. */
const AROUND = ['macvlan', 'ipvlan'];

function reasonOf({ containers, details }: Snapshot, { name, modes, networks }: Container, port: number): Reason {
  const declared = t('The engine declares {declared}.', { declared: `--network=${modes.net}` });
  if (modes.net === 'host') {
    return {
      why: t('With --network=host its ports are the machine’s own, and -p does nothing.'),
      cure: t('Reach it on the port that its program listens on, or take --network=host away.'),
      evidence: declared,
    };
  }
  if (modes.net === 'none') {
    return {
      why: t('With --network=none it has nothing but its loopback.'),
      cure: t('Create {name} again without --network=none.', { name }),
      evidence: declared,
    };
  }
  const target = /^container:(.+)$/.exec(modes.net)?.[1];
  if (target !== undefined) {
    const owner = containers.find((each) => each.id === target || each.name === target)?.name ?? target.slice(0, 12);
    return {
      why: t('It uses the network of {owner}, and only that one’s ports are published.', { owner }),
      cure: t('Publish the port with {owner}: docker run -p {port}.', { owner, port: `${port}:${port}` }),
      evidence: declared,
    };
  }
  if (networks.length === 0) {
    if (OWN_WAY.test(modes.net)) return { why: t('The engine does not tell why.'), cure: null, evidence: declared };
    const first = modes.net === '' || modes.net === 'default' ? 'bridge' : modes.net;
    return {
      why: t('It was taken out of every network: nothing leads to it.'),
      cure: `docker network connect ${first} ${name}`,
      evidence: t('The engine lists it in no network.'),
    };
  }
  const facts = networks.map((own) => details?.networks?.find(({ id, name: of }) => id === own.id || of === own.name));
  const names = and(networks.map((own) => own.name));
  const among = t('The engine lists it in {networks}.', { networks: names });
  if (facts.length > 0 && facts.every((network) => network?.internal === true)) {
    return {
      why: t('It is in {networks} alone, and an internal network leads nowhere but to its members.', {
        networks: names,
      }),
      cure: `docker network connect bridge ${name}`,
      evidence: among,
    };
  }
  if (facts.length > 0 && facts.every((network) => AROUND.includes(network?.driver ?? ''))) {
    const addresses = networks.flatMap(({ ip }) => ip ?? []);
    return {
      why: t(
        'It is in {networks} alone, with an address of its own in the network around the machine, where -p does nothing.',
        {
          networks: names,
        },
      ),
      cure:
        addresses.length === 0
          ? null
          : t('Reach it at {address}.', { address: or(addresses.map((address) => withPort(address, port))) }),
      evidence: among,
    };
  }
  return { why: t('The engine does not tell why.'), cure: null, evidence: among };
}

/** What a running container was to publish and does not; nothing where the engine does not tell what was asked. */
export function unpublished(snapshot: Snapshot, container: Container): Unpublished[] {
  const { asked, ports, pid } = container;
  if (asked === null || pid === null) return [];
  return asked
    .filter(
      ({ containerPort, protocol, hostPort }) =>
        !ports.some(
          (port) =>
            port.containerPort === containerPort &&
            port.protocol === protocol &&
            port.hostPort !== null &&
            (hostPort === null || port.hostPort === hostPort),
        ),
    )
    .map((port) => ({
      port,
      place: askedText(port),
      ...reasonOf(snapshot, container, port.containerPort),
    }));
}

/** The sentence for whoever asks about the container. */
export const notInForce = ({ place, why }: Unpublished): string =>
  t('{place} was requested, but is not in force. {why}', { place, why });

/** The sentence for whoever asks about the port. */
export const doesNotPublish = ({ name }: Container, { place, why }: Unpublished): string =>
  t('{name} is set to publish it ({place}), but does not. {why}', { name, place, why });

/** As it is written for `-p`. */
export function askedText({ hostIp, hostPort, containerPort, protocol }: Unpublished['port']): string {
  const before = hostIp === null || hostIp === '' ? `${hostPort ?? ''}` : withPort(hostIp, hostPort ?? '');
  return `-p ${before === '' ? '' : `${before}:`}${containerPort}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}

/**
 * Who was to publish a port of the machine where nobody answers: a container that runs and does not, or one that does not
 * run. Null where there is none.
 */
export function absentPublisher(
  snapshot: Snapshot,
  { port, protocol }: { readonly port: number; readonly protocol: string },
): string | null {
  for (const container of snapshot.containers) {
    const of = container.asked?.find((each) => each.hostPort === port && each.protocol === protocol);
    if (of === undefined || container.helper) continue;
    const { name } = container;
    if (container.pid === null) {
      return t('{name}, which is not running, publishes it when it runs. Cure: docker start {name}.', { name });
    }
    const found = unpublished(snapshot, container).find((each) => each.port === of);
    if (found === undefined) continue;
    const told = doesNotPublish(container, found);
    return found.cure === null ? told : t('{told} Cure: {cure}', { told, cure: found.cure });
  }
  return null;
}
