import * as z from 'zod';
import type { DetailOf, Link, Route, Socket } from './detail.ts';

/** The probe's answer to `network`, as native/probe/README.md has it. */
export const networkReply = z.object({
  links: z.array(
    z.object({
      index: z.int(),
      name: z.string().nullable(),
      kind: z.string().nullable(),
      loopback: z.boolean(),
      up: z.boolean(),
      state: z.string(),
      mtu: z.int().nullable(),
      mac: z.string().nullable(),
      master: z.int().nullable(),
      peer: z.int().nullable(),
      nsid: z.int().nullable(),
    }),
  ),
  addresses: z.array(z.object({ index: z.int(), address: z.string().nullable(), prefix: z.int(), scope: z.string() })),
  routes: z.array(
    z.object({
      family: z.union([z.literal(4), z.literal(6)]),
      destination: z.string().nullable(),
      prefix: z.int(),
      gateway: z.string().nullable(),
      source: z.string().nullable(),
      index: z.int().nullable(),
      metric: z.int().nullable(),
      type: z.string(),
    }),
  ),
  /** What this namespace calls others. */
  namespaces: z.record(z.string(), z.string()),
});

export type NetworkReply = z.infer<typeof networkReply>;

/** @param self the namespace's own id: a peer without a namespace number is in the same one */
export function linksOf(reply: NetworkReply, self: string): Link[] {
  const names = new Map(reply.links.map(({ index, name }) => [index, name ?? `#${index}`]));
  const addresses = new Map<number, Link['addresses']>();
  for (const { index, address, prefix, scope } of reply.addresses) {
    if (address === null) continue;
    const list = addresses.get(index) ?? [];
    list.push({ address, prefix, scope });
    addresses.set(index, list);
  }
  return reply.links.map(({ name, master, peer, nsid, ...link }) => ({
    ...link,
    name: name ?? `#${link.index}`,
    master: master === null ? null : { index: master, name: names.get(master) ?? `#${master}` },
    peer:
      peer === null
        ? null
        : { index: peer, namespace: nsid === null ? self : (reply.namespaces[String(nsid)] ?? null) },
    addresses: addresses.get(link.index) ?? [],
  }));
}

export function routesOf(reply: NetworkReply): Route[] {
  const names = new Map(reply.links.map(({ index, name }) => [index, name ?? `#${index}`]));
  return reply.routes
    .filter(({ type }) => type === 'unicast' || type === 'unreachable' || type === 'blackhole')
    .map(({ destination, prefix, index, ...route }) => ({
      ...route,
      destination: destination === null ? 'default' : `${destination}/${prefix}`,
      device: index === null ? null : (names.get(index) ?? `#${index}`),
    }));
}

/** proc(5): 0A is LISTEN; an unconnected UDP socket is 07. */
const LISTENS = { tcp: '0A', tcp6: '0A', udp: '07', udp6: '07' } as const;
type InetProtocol = keyof typeof LISTENS;

/** The kernel prints addresses as words in its own byte order, which on amd64 and arm64 is little endian. */
function addressOf(hex: string): string {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = 6; at >= 0; at -= 2) bytes.push(Number.parseInt(hex.slice(word + at, word + at + 2), 16));
  }
  if (bytes.length === 4) return bytes.join('.');
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) {
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  }
  if (groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff') {
    return `::ffff:${bytes.slice(12).join('.')}`;
  }
  return shortened(groups);
}

/** RFC 5952: the longest run of zeros becomes `::`. */
export function shortened(groups: readonly string[]): string {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}

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
    listening.push({ protocol, address: addressOf(match[1]), port, uid: Number(fields[7]), inode, pids: [] });
  }
  return { listening, connected };
}

/** Flag of a listening socket: __SO_ACCEPTCON of the kernel. */
const ACCEPTS = 0x10000;

/** /proc/pid/net/unix. The path is the rest of the line and may hold anything but a line end. */
export function parseUnix(text: string): Sockets {
  const listening: Socket[] = [];
  let connected = 0;
  for (const line of text.split('\n').slice(1)) {
    const match = /^\S+: \S+ \S+ ([0-9A-F]+) \S+ \S+ +(\d+)(?: (.*))?$/.exec(line);
    if (match === null) continue;
    if ((Number.parseInt(match[1] ?? '0', 16) & ACCEPTS) === 0) connected += 1;
    else {
      const address = match[3] ?? '(unnamed)';
      listening.push({ protocol: 'unix', address, port: null, uid: null, inode: Number(match[2]), pids: [] });
    }
  }
  return { listening, connected };
}

/** Puts the holders to the sockets; order by protocol, port and address. */
export function withHolders(sockets: readonly Socket[], holders: readonly (readonly [number, number])[]): Socket[] {
  const pids = new Map<number, Set<number>>();
  for (const [inode, pid] of holders) {
    const set = pids.get(inode);
    if (set === undefined) pids.set(inode, new Set([pid]));
    else set.add(pid);
  }
  const order = ['tcp', 'tcp6', 'udp', 'udp6', 'unix'];
  return sockets
    .map((socket) => ({ ...socket, pids: [...(pids.get(socket.inode) ?? [])].sort((a, b) => a - b) }))
    .sort(
      (a, b) =>
        order.indexOf(a.protocol) - order.indexOf(b.protocol) ||
        (a.port ?? 0) - (b.port ?? 0) ||
        (a.address < b.address ? -1 : 1),
    );
}

/** All sockets of the texts, by their names below /proc/pid. */
export function socketsOf(
  texts: Readonly<Record<string, string | null>>,
  holders: readonly (readonly [number, number])[],
): Pick<DetailOf<'net'>, 'listening' | 'connected'> {
  const parts = [
    ...(['tcp', 'tcp6', 'udp', 'udp6'] as const).map((name) => parseInet(name, texts[`net/${name}`] ?? '')),
    parseUnix(texts['net/unix'] ?? ''),
  ];
  return {
    listening: withHolders(
      parts.flatMap(({ listening }) => listening),
      holders,
    ),
    connected: parts.reduce((sum, { connected }) => sum + connected, 0),
  };
}
