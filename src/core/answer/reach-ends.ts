import { parseAddress } from '../detail/nat/ranges.ts';
import { netOf } from '../detail/way-in-owner.ts';
import { findPid, pidText } from '../services/whose.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';
import { containerNames, typedText } from './container-names.ts';
import type { ReachFacts } from './reach-facts.ts';
import { ReachError } from './reach-hop.ts';

/** Where a connection begins. */
export type From =
  | { readonly type: 'outside' }
  | {
      readonly type: 'inside';
      readonly name: string;
      /** Its network namespace; null where it is not known, or where it does not run. */
      readonly net: string | null;
      readonly container: Container | null;
    };

/** Where it is to end, as it was written. */
export interface To {
  /** Empty for a published port alone. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

/** The user's. */
export const ownContainers = ({ containers }: Snapshot): Container[] => containers.filter(({ helper }) => !helper);

/** @throws ReachError where the beginning of an id is that of several */
export function findContainer(snapshot: Snapshot, text: string): Container | null {
  const all = ownContainers(snapshot);
  const exact = all.filter(({ id, name }) => name === text || id === text);
  const hits = exact.length > 0 || text.length < 4 ? exact : all.filter(({ id }) => id.startsWith(text));
  if (hits.length > 1) {
    throw new ReachError(
      t('{text} is the beginning of several ids: {ids}.', {
        text,
        ids: commas(hits.map(({ name, id }) => `${name} (${id.slice(0, 12)})`)),
      }),
    );
  }
  return hits[0] ?? null;
}

function ofProcess(snapshot: Snapshot, { pid, comm, container, namespaces }: Process): From {
  return {
    type: 'inside',
    name: `${comm} ${pid}`,
    net: namespaces.net,
    container: snapshot.containers.find(({ id }) => id === container) ?? null,
  };
}

/** @throws ReachError where it is nothing that is known */
export function parseFrom({ snapshot, machine }: ReachFacts, text: string): From {
  if (text === 'outside') return { type: 'outside' };
  if (text === 'host') return { type: 'inside', name: t('the machine'), net: machine, container: null };
  const container = findContainer(snapshot, text);
  if (container !== null) {
    return { type: 'inside', name: container.name, net: netOf(snapshot, container), container };
  }
  if (/^\d+$/.test(text)) {
    const { outside, inside } = findPid(snapshot, Number(text));
    if (outside !== null) return ofProcess(snapshot, outside);
    if (inside.length > 0) {
      throw new ReachError(
        t(
          'No process has the number {pid} outside. It is a number inside a pid namespace: {pids}. Use the number before the arrow.',
          { pid: text, pids: commas(inside.slice(0, 10).map((each) => pidText(snapshot, each))) },
        ),
      );
    }
  }
  throw new ReachError(
    t(
      'There is no container or process {text} to come from. Right are: outside, host, a container ({names}) or a pid.',
      { text: typedText(text), names: containerNames(ownContainers(snapshot), text) },
    ),
  );
}

const FORMS =
  'Right are: a published port (:8001), container:port, address:port, [address]:port or name:port, with /udp for UDP.';

/** What is mostly meant by what fits no form; null where that is not clear. */
function hintOf(text: string): string | null {
  const url = /^(\w+):\/\/(\[[^\]]*\]|[^/:]+)(?::(\d+))?(?:\/.*)?$/.exec(text);
  if (url !== null) {
    const port = url[3] ?? (url[1] === 'https' ? '443' : '80');
    return t('A place is written without scheme and path: {place}.', { place: `${url[2]}:${port}` });
  }
  const address = /^([0-9a-fA-F:.]+):(\d+)(?:\/\w+)?$/.exec(text);
  if (address?.[1]?.includes(':') === true && parseAddress(address[1])?.bits === 128)
    return t('An IPv6 address is written in brackets: [{address}]:{port}.', {
      address: address[1],
      port: address[2] ?? '',
    });
  const protocol = /:\d+\/(\w+)$/.exec(text)?.[1];
  if (protocol !== undefined && !/^(tcp|udp)$/i.test(protocol))
    return t('Only TCP and UDP are followed, and not {protocol}.', { protocol });
  if (/:\d+-\d+(?:\/\w+)?$/.test(text)) return t('A range is several ports: ask for one of them.');
  return /^[^:\s]+$/.test(text) ? t('{text} has no port: {text}:80, for example.', { text }) : null;
}

/** @throws ReachError where it does not fit any form */
export function parseTo(text: string): To {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/\s[\]]*)):(\d+)(?:\/(tcp|udp))?$/i.exec(text);
  if (match === null) {
    throw new ReachError(sentences(t('“{text}” is not a destination.', { text }), hintOf(text), t(FORMS)));
  }
  const [, six, name, digits, protocol = 'tcp'] = match;
  const port = Number(digits);
  if (port < 1 || port > 65_535)
    throw new ReachError(t('{port} is not a port: ports go from 1 to 65535.', { port: digits ?? '' }));
  if (six !== undefined && parseAddress(six)?.bits !== 128)
    throw new ReachError(t('[{address}] is not an IPv6 address.', { address: six }));
  return { host: six ?? name ?? '', port, protocol: protocol.toLowerCase() === 'udp' ? 'udp' : 'tcp' };
}

export function isAddress(host: string): boolean {
  return parseAddress(host) !== null;
}
