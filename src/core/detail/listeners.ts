import * as z from 'zod';
import { addressOf } from './addresses.ts';
import type { DetailOf, Socket } from './detail.ts';

/** Unix sockets as the kernel's records have them: inode, whether it listens, name. Source: sock_diag(7). */
export const unixReply = z.array(z.tuple([z.int(), z.boolean(), z.string().nullable()]));

/** proc(5): 0A is LISTEN; an unconnected socket of the others is 07. */
const LISTENS = {
  tcp: '0A',
  tcp6: '0A',
  udp: '07',
  udp6: '07',
  udplite: '07',
  udplite6: '07',
  raw: '07',
  raw6: '07',
} as const;
const INET = Object.keys(LISTENS) as (keyof typeof LISTENS)[];
type InetProtocol = keyof typeof LISTENS;

interface Sockets {
  readonly listening: Socket[];
  readonly connected: number;
}

/** /proc/pid/net/tcp and its kin. A line that does not fit is skipped. */
export function parseInet(protocol: InetProtocol, text: string): Sockets {
  const listening: Socket[] = [];
  let connected = 0;
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local ?? '');
    if (match?.[1] === undefined || match[2] === undefined) continue;
    if (state !== LISTENS[protocol]) {
      connected += 1;
      continue;
    }
    const port = Number.parseInt(match[2], 16);
    const inode = Number(fields[9]);
    if (!Number.isSafeInteger(inode)) continue;
    listening.push({
      protocol,
      address: addressOf(match[1]),
      port,
      uid: Number(fields[7]),
      inode,
      pids: [],
      outside: false,
    });
  }
  return { listening, connected };
}

/** Flag of a listening socket: __SO_ACCEPTCON of the kernel. */
const ACCEPTS = 0x10000;

/** /proc/pid/net/sctp/eps: one line an endpoint, with all its addresses at the end. 10 is LISTENING. */
export function parseSctp(text: string): Sockets {
  const listening: Socket[] = [];
  let connected = 0;
  for (const line of text.split('\n').slice(1)) {
    const [, , , state, , port, uid, inode, ...addresses] = line.trim().split(/\s+/);
    if (!/^\d+$/.test(port ?? '') || !/^\d+$/.test(inode ?? '')) continue;
    if (state !== '10') connected += 1;
    else
      for (const address of addresses)
        listening.push({
          protocol: 'sctp',
          address,
          port: Number(port),
          uid: Number(uid),
          inode: Number(inode),
          pids: [],
          outside: false,
        });
  }
  return { listening, connected };
}

function unixSocket(inode: number, name: string | null): Socket {
  const address = name ?? '(unnamed)';
  return { protocol: 'unix', address, port: null, uid: null, inode, pids: [], outside: false };
}

export function unixSockets(records: z.infer<typeof unixReply>): Sockets {
  const listening = records.filter(([, listens]) => listens).map(([inode, , name]) => unixSocket(inode, name));
  return { listening, connected: records.length - listening.length };
}

/**
 * /proc/pid/net/unix, for kernels that do not tell records. The path is the rest of the line; one with a line end in it
 * can make up lines, which nothing tells from true ones.
 */
export function parseUnix(text: string): Sockets {
  const listening: Socket[] = [];
  let connected = 0;
  for (const line of text.split('\n').slice(1)) {
    const match = /^\S+: \S+ \S+ ([0-9A-F]+) \S+ \S+ +(\d+)(?: (.*))?$/.exec(line);
    if (match === null) continue;
    if ((Number.parseInt(match[1] ?? '0', 16) & ACCEPTS) === 0) connected += 1;
    else listening.push(unixSocket(Number(match[2]), match[3] ?? null));
  }
  return { listening, connected };
}

const ORDER: readonly string[] = [...INET, 'sctp', 'unix'];

/**
 * Adds the holders to the sockets; ordered by protocol, port and address.
 * @param inside whether a process is in the sockets' own network namespace
 */
export function withHolders(
  sockets: readonly Socket[],
  holders: readonly (readonly [number, number])[],
  inside: (pid: number) => boolean,
): Socket[] {
  const pids = new Map<number, Set<number>>();
  for (const [inode, pid] of holders) {
    const set = pids.get(inode);
    if (set === undefined) pids.set(inode, new Set([pid]));
    else set.add(pid);
  }
  return sockets
    .map((socket) => {
      const held = [...(pids.get(socket.inode) ?? [])].sort((a, b) => a - b);
      return { ...socket, pids: held, outside: held.length > 0 && !held.some(inside) };
    })
    .sort(
      (a, b) =>
        ORDER.indexOf(a.protocol) - ORDER.indexOf(b.protocol) ||
        (a.port ?? 0) - (b.port ?? 0) ||
        (a.address < b.address ? -1 : 1),
    );
}

/**
 * All sockets of the texts, by their names below /proc/pid, without their holders.
 * @param unix the kernel's records; null where it tells the text alone
 */
export function socketsOf(
  texts: Readonly<Record<string, string | null>>,
  unix: z.infer<typeof unixReply> | null,
): Pick<DetailOf<'net'>, 'listening' | 'connected'> {
  const parts = [
    ...INET.map((name) => parseInet(name, texts[`net/${name}`] ?? '')),
    parseSctp(texts['net/sctp/eps'] ?? ''),
    unix === null ? parseUnix(texts['net/unix'] ?? '') : unixSockets(unix),
  ];
  return {
    listening: parts.flatMap(({ listening }) => listening),
    connected: parts.reduce((sum, { connected }) => sum + connected, 0),
  };
}
