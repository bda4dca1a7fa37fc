import { withPort } from '../detail/way-in-listener.ts';
import { netOf } from '../detail/way-in-owner.ts';
import { collectedOfKind } from '../snapshot/details.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import { isLoopback } from './reach-facts.ts';

/** Something that can be written for FROM or TO, and what it is. */
export interface ReachChoice {
  readonly value: string;
  readonly what: string;
}

const PROTOCOLS = ['tcp', 'udp'];
const suffix = (protocol: string): string => (protocol === 'udp' ? '/udp' : '');

function listening(snapshot: Snapshot, net: string | null): { readonly port: number; readonly protocol: string }[] {
  const detail = net === null ? undefined : collectedOfKind(snapshot, 'net').get(net);
  return (detail?.listening ?? []).flatMap(({ port, protocol }) =>
    port === null ? [] : [{ port, protocol: protocol.replace(/6$/, '') }],
  );
}

function placesIn(snapshot: Snapshot, container: Container): ReachChoice[] {
  const ports = [
    ...container.ports.map(({ containerPort, protocol }) => ({
      ...{ port: containerPort, protocol },
      what: t('exposed by {name}', { name: container.name }),
    })),
    ...listening(snapshot, netOf(snapshot, container)).map((each) => ({
      ...each,
      what: t('listens in {name}', { name: container.name }),
    })),
  ];
  return ports
    .filter(({ protocol }) => PROTOCOLS.includes(protocol))
    .map(({ port, protocol, what }) => ({
      value: `${container.name}:${port}${suffix(protocol)}`,
      what,
    }));
}

/** A published port as TO: with its address where it has one of its own. */
export function publishedPlace({ hostIp, hostPort, protocol }: Container['ports'][number]): string | null {
  if (hostPort === null || !PROTOCOLS.includes(protocol)) return null;
  // The loopback's is no address for others, who ask for the port all the same.
  const any = hostIp === null || ['', '0.0.0.0', '::'].includes(hostIp) || isLoopback(hostIp);
  return `${any ? `:${hostPort}` : withPort(hostIp, hostPort)}${suffix(protocol)}`;
}

/** The first of each value. */
function each(choices: readonly ReachChoice[]): ReachChoice[] {
  return [...new Map([...choices].reverse().map((choice) => [choice.value, choice])).values()].reverse();
}

/** What can be meant by FROM and TO, for whoever types them. Near linear in containers and sockets. */
export function reachChoices(snapshot: Snapshot): {
  readonly from: readonly ReachChoice[];
  readonly to: readonly ReachChoice[];
} {
  const containers = snapshot.containers.filter(({ helper }) => !helper);
  const running = containers.filter(({ pid }) => pid !== null);
  const published = containers.flatMap((container) =>
    container.ports.flatMap((port): ReachChoice[] => {
      const value = publishedPlace(port);
      return value === null ? [] : [{ value, what: t('published by {name}', { name: container.name }) }];
    }),
  );
  return {
    from: [
      { value: 'outside', what: t('another machine') },
      { value: 'host', what: t('the Linux that the engine runs on') },
      ...running.map(({ name, image }) => ({ value: name, what: image })),
    ],
    to: each([...published, ...running.flatMap((container) => placesIn(snapshot, container))]),
  };
}
