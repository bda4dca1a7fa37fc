import type { DetailOf, Socket } from '../detail/detail.ts';
import { KEEPS, onlyKeeps } from '../detail/way-in-forwarding.ts';
import { holderText, listenerHop, socketsOn, withPort } from '../detail/way-in-listener.ts';
import { innerAddress, rootlessKit } from '../detail/way-in-rootless.ts';
import { optionOf, programOf } from '../services/arguments.ts';
import type { Process } from '../snapshot/snapshot.ts';
import { sentences, t } from '../words/words.ts';
import { isLoopback, netName, type ReachFacts, within } from './reach-facts.ts';
import { hop, type ReachHop } from './reach-hop.ts';
import { absentPublisher } from './unpublished.ts';

/** Who takes a packet that is for a namespace itself. */

type Net = DetailOf<'net'>;

export interface Goal {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

interface At extends Goal {
  readonly net: string;
}

interface Delivered {
  readonly hop: ReachHop;
  /** A proxy's own connection, and the namespace in which it begins where that is another one. */
  readonly goesOn: { readonly address: string; readonly port: number; readonly net?: string } | null;
}

export function deliver(facts: ReachFacts, trusted: (process: Process) => boolean, at: At, net: Net): Delivered {
  const { snapshot } = facts;
  const sockets = socketsOn(net.listening, at.protocol, at.port);
  const taking = takers(sockets, at.address);
  for (const socket of taking) {
    const proxy = snapshot.processes.find(
      (process) => socket.pids.includes(process.pid) && programOf(process) === 'docker-proxy' && trusted(process),
    );
    if (proxy !== undefined) return overProxy(facts, at, socket, proxy);
  }
  const kit = at.net === facts.machine ? rootlessKit(snapshot) : null;
  if (kit !== null && taking.some(({ pids }) => pids.includes(kit.pid))) return overRootlessKit(facts, at, kit);
  const kept = taking.find((socket) => onlyKeeps(snapshot, socket));
  if (kept !== undefined && publishedBy(facts, at, true) !== null) {
    const what = t('{holder}, which listens on {place}', {
      holder: holderText(snapshot, kept, null),
      place: withPort(kept.address, at.port),
    });
    return { hop: hop(what, false, t(KEEPS), within(facts, at.net, socketCommand(at.protocol))), goesOn: null };
  }
  const published = publishedBy(facts, at, false);
  if (sockets.length === 0 && published !== null) {
    const told = hop(
      t('{address}/{protocol} of {name}', {
        ...{ address: withPort(at.address, at.port), protocol: at.protocol },
        name: published,
      }),
      null,
      t(
        'The engine published it, and neither a rule nor a proxy for it was found here: it may be carried in elsewhere.',
      ),
      within(facts, at.net, 'ss -lntup'),
    );
    return { hop: told, goesOn: null };
  }
  const here = netName(facts, at.net);
  const { text, ok, evidence } = listenerHop(snapshot, { ...at, listening: net.listening, name: here });
  const container = snapshot.containers.find(({ ports }) =>
    ports.some(
      ({ hostIp, hostPort, protocol }) => isLoopback(hostIp ?? '') && hostPort === at.port && protocol === at.protocol,
    ),
  );
  const local =
    at.net === facts.machine && ok === false && container !== undefined
      ? t('It is published on the loopback’s address: publish it with -p {port}:… instead, to let others in.', {
          port: at.port,
        })
      : null;
  const absent =
    at.net === facts.machine && ok === false && sockets.length === 0 ? absentPublisher(snapshot, at) : null;
  const shown = within(facts, at.net, socketCommand(at.protocol));
  return { hop: hop(text, ok, sentences(evidence, local, absent), shown), goesOn: null };
}

/** Sockets that take what is sent to an address, those of its own family first. */
function takers(sockets: readonly Socket[], to: string): Socket[] {
  const any = to.includes(':') ? '::' : '0.0.0.0';
  return [...new Set([to, any, '::'])].flatMap((wanted) => sockets.filter(({ address }) => address === wanted));
}

/** The container that published a port of the machine; on the loopback's address too, where that is asked. */
function publishedBy({ machine, snapshot }: ReachFacts, { net, port, protocol }: At, loopback: boolean): string | null {
  if (net !== machine) return null;
  const found = snapshot.containers.find(
    (each) =>
      each.pid !== null &&
      each.ports.some(
        ({ hostIp, hostPort, protocol: of }) =>
          hostPort === port && of === protocol && (loopback || !isLoopback(hostIp ?? '')),
      ),
  );
  return found?.name ?? null;
}

function overRootlessKit(facts: ReachFacts, at: At, kit: Process): Delivered {
  const address = innerAddress(facts.snapshot, { ip: at.address, hostPort: at.port, protocol: at.protocol });
  const known = address !== null && facts.host !== null;
  return {
    hop: hop(
      t('rootlesskit {pid}, which brings it into the network of the rootless engine', { pid: kit.pid }),
      known ? true : null,
      known
        ? t('It listens in the machine’s network; there the proxy has {place}.', { place: withPort(address, at.port) })
        : t('Where it leads there is not known: no proxy of the engine listens on that port.'),
      within(facts, at.net, socketCommand(at.protocol)),
    ),
    goesOn: known ? { address, port: at.port, net: facts.host } : null,
  };
}

function overProxy(facts: ReachFacts, at: At, socket: Socket, proxy: Process): Delivered {
  const [address, port] = [optionOf(proxy, 'container-ip'), Number(optionOf(proxy, 'container-port'))];
  const what = t('docker-proxy {pid} takes {from} to {to}', {
    pid: proxy.pid,
    from: withPort(at.address, at.port),
    to: address === null ? '?' : withPort(address, port),
  });
  const known = address !== null && port > 0;
  return {
    hop: hop(
      what,
      known ? true : null,
      t('{holder} holds the listening socket, and its arguments say where it leads.', {
        holder: holderText(facts.snapshot, socket, null),
      }),
      within(facts, at.net, socketCommand(at.protocol)),
    ),
    goesOn: known ? { address, port } : null,
  };
}

function socketCommand(protocol: Goal['protocol']): string {
  return protocol === 'udp' ? 'ss -lnup' : 'ss -lntp';
}
