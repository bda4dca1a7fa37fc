import type { Snapshot } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';
import type { Socket } from './detail.ts';
import type { Hop } from './hop.ts';

export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

export function withPort(address: string, port: number | string): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Sockets of a protocol of either address family on a port. */
export function socketsOn(listening: readonly Socket[], protocol: string, port: number): Socket[] {
  return listening.filter((socket) => socket.port === port && [protocol, `${protocol}6`].includes(socket.protocol));
}

/** Who holds a socket, as people know it: program, pid and, where it is another, the container. */
export function holderText(snapshot: Snapshot, { pids }: Socket, own: string | null): string {
  const [pid] = pids;
  const process = snapshot.processes.find((each) => each.pid === pid);
  if (pid === undefined || process === undefined)
    return pid === undefined ? t('a process that is not seen') : `pid ${pid}`;
  const container = snapshot.containers.find(({ id }) => id === process.container)?.name;
  const name = `${process.comm} ${pid}`;
  return container === undefined || container === own
    ? name
    : t('{process} of {container}', { process: name, container });
}

/** Whether a socket takes what is sent to an address; null as address stands for any that is not the loopback's. */
function takes(socket: Socket, address: string | null): boolean {
  if (socket.address === '::' || socket.address === '::ffff:0.0.0.0') return true;
  if (socket.address === '0.0.0.0') return address === null || !address.includes(':');
  return socket.address === address || socket.address === `::ffff:${address}`;
}

interface End {
  readonly protocol: string;
  /** Where the way ends; null where the address is not known. */
  readonly address: string | null;
  readonly port: number;
  /** All that listens there; null where that could not be read. */
  readonly listening: readonly Socket[] | null;
  /** Whose namespace it is. */
  readonly name: string;
}

/** The last hop: who listens where the way ends, if anybody does. */
export function listenerHop(snapshot: Snapshot, { protocol, address, port, listening, name }: End): Hop {
  const hop = (ok: Hop['ok'], text: string, evidence: string): Hop => ({ what: 'listener', text, ok, evidence });
  if (listening === null) {
    return hop(null, t('whoever listens on port {port}', { port }), t('Its sockets could not be read.'));
  }
  const there = socketsOn(listening, protocol, port);
  const fits = there.find((socket) => takes(socket, address));
  const holder = holderText(snapshot, fits ?? there[0] ?? NOBODY, name);
  if (fits !== undefined) {
    const both =
      fits.address === '::' && address?.includes(':') === false
        ? t('A socket of IPv6 takes IPv4, too, unless its program forbids it (IPV6_V6ONLY).')
        : null;
    const text = t('{holder} listens on {address}', { holder, address: withPort(fits.address, port) });
    return hop(true, text, sentences(t('The kernel lists the socket.'), both));
  }
  const addresses = commas(there.map((socket) => withPort(socket.address, port)));
  if (there.length > 0 && there.every((socket) => isLoopback(socket.address))) {
    const cure = t('Let it listen on {address} in {name}.', {
      address: address?.includes(':') ? '[::]' : '0.0.0.0',
      name,
    });
    return hop(
      false,
      t('{holder} listens on {addresses} only', { holder, addresses }),
      sentences(t('That is reached from within the same network namespace alone.'), cure),
    );
  }
  if (there.length > 0) {
    return hop(
      false,
      t('{holder} listens on {addresses} only', { holder, addresses }),
      t('What comes in is for {address}.', { address: address ?? t('another address') }),
    );
  }
  const others = [...new Set(listening.filter((socket) => socket.port === port).map((socket) => socket.protocol))]
    .map((each) => each.replace(/6$/, ''))
    .filter((each) => ['tcp', 'udp', 'sctp'].includes(each));
  if (others.length > 0) {
    return hop(
      false,
      t('nobody listens on {port}/{protocol}', { port, protocol }),
      t('On port {port} somebody listens with {protocols} alone.', { port, protocols: commas([...new Set(others)]) }),
    );
  }
  return hop(
    false,
    t('nobody listens on {port}/{protocol}', { port, protocol }),
    t('No socket in the network namespace of {name} has that port.', { name }),
  );
}

const NOBODY: Socket = { protocol: 'tcp', address: '', port: null, uid: null, inode: 0, pids: [], outside: false };
