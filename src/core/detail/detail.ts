import * as z from 'zod';
import { namespaceIdSchema, pidSchema, startTimeSchema } from '../snapshot/id-schemas.ts';
import { choiceSchema, filterSchema } from './filter/schema.ts';

/** What one namespace, process or cgroup holds at one moment: read on request, and in a snapshot only where asked for. */

const pid = pidSchema;

/** A network link. Source: rtnetlink(7). */
export const linkSchema = z.object({
  index: z.int(),
  name: z.string(),
  /** `veth`, `bridge`, …; null for hardware and for what the kernel does not name. */
  kind: z.string().nullable(),
  loopback: z.boolean(),
  up: z.boolean(),
  /** Operational state, RFC 2863: `up`, `down`, `lowerlayerdown`, `unknown`, … */
  state: z.string(),
  /** Bytes. */
  mtu: z.int().nullable(),
  mac: z.string().nullable(),
  /** The bridge or bond that it is a member of. */
  master: z.object({ index: z.int(), name: z.string() }).nullable(),
  /** A veth's other end: its index, and where it is; the namespace is null where it is not seen. */
  peer: z.object({ index: z.int(), name: z.string().nullish(), namespace: z.string().nullable() }).nullable(),
  addresses: z.array(z.object({ address: z.string(), prefix: z.int(), scope: z.string() })),
});

const family = z.union([z.literal(4), z.literal(6)]);

export const routeSchema = z.object({
  family,
  /** 254 is main. Source: ip-route(8). */
  table: z.int(),
  /** `default` or an address with its prefix. */
  destination: z.string(),
  gateway: z.string().nullable(),
  source: z.string().nullable(),
  device: z.string().nullable(),
  metric: z.int().nullable(),
  /** `unicast`, `unreachable`, `blackhole`, `local`, … */
  type: z.string(),
  /** It does not count: its link is off, or without a carrier where that is asked for (ignore_routes_with_linkdown). */
  dead: z.boolean(),
  /** The ways of a route that has several. */
  ways: z.array(z.object({ gateway: z.string().nullable(), device: z.string().nullable() })),
});

/** Which routing table counts for what. Source: ip-rule(8). */
export const routingRuleSchema = z.object({
  family,
  /** The lowest is asked first. */
  priority: z.int(),
  /** What it is for, in words. */
  when: z.string(),
  /** The table that it leads to, or what happens, in words. */
  what: z.string(),
  /** It is one of those that every namespace begins with. */
  usual: z.boolean(),
  /** The same, to be evaluated; absent in files of older versions. */
  test: z
    .object({
      /** It is for everything but what is asked. */
      invert: z.boolean(),
      /** Prefixes; null for any. */
      from: z.string().nullable(),
      to: z.string().nullable(),
      mark: z.object({ value: z.int(), mask: z.int() }).nullable(),
      /** The link that a packet came by: `lo` for what is sent from here. */
      iif: z.string().nullable(),
      /** The link that a socket is bound to. */
      oif: z.string().nullable(),
      /** It asks more than that. */
      more: z.boolean(),
      /** `lookup`, `unreachable`, … */
      action: z.string(),
      table: z.int(),
      /** Routes with this prefix or a shorter one do not count. */
      suppressPrefix: z.int().nullable(),
    })
    .optional(),
});

/** The way out that the kernel chooses for a packet of the namespace's own. */
export const wayOutSchema = z.object({
  family,
  /** The mark of the packet; null for none. */
  mark: z.int().nullable(),
  /** The destinations that were asked for. */
  to: z.array(z.string()),
  device: z.string().nullable(),
  gateway: z.string().nullable(),
  table: z.int().nullable(),
  /** Why it is not routed, as the end of a sentence. */
  problem: z.string().nullable(),
});

/** A rule that translates addresses or ports, with all that must be true of a packet that meets it. */
export const natRuleSchema = z.object({
  /** `nft`: nftables' own; `iptables-nft`: iptables upon nftables; `iptables`: the older tables. */
  by: z.enum(['nft', 'iptables-nft', 'iptables']),
  table: z.string(),
  chain: z.string(),
  /** Where the kernel asks it: `prerouting` of what arrives, `output` of what is sent from here; null if not known. */
  hook: z.enum(['prerouting', 'input', 'forward', 'output', 'postrouting']).nullable(),
  /** Null for IPv4 and IPv6. */
  family: z.union([z.literal(4), z.literal(6)]).nullable(),
  /** What is asked of each; null for any. */
  protocols: choiceSchema.nullable(),
  destinations: choiceSchema.nullable(),
  ports: choiceSchema.nullable(),
  sources: choiceSchema.nullable(),
  /** The links that a packet comes by, `veth*` for all that begin so. */
  arrives: choiceSchema.nullable(),
  /** The links that it leaves by; absent in files of older versions. */
  leaves: choiceSchema.nullish(),
  /** Whether the destination is an address of this namespace itself; null where that is not asked. */
  local: z.boolean().nullable(),
  /** The part of the packets that it takes, of those that fit. */
  share: z.number(),
  /** What is asked besides these, in words; also what was not understood. Older versions told links and sources here, too. */
  also: z.array(z.string()),
  to: z.object({
    kind: z.enum(['dnat', 'redirect', 'tproxy', 'netmap', 'snat', 'masquerade']),
    /** One address, `from-to` or a prefix; null where it stays, or is an address of this namespace. */
    addresses: z.string().nullable(),
    /** One port or `from-to`; null where it stays. */
    ports: z.string().nullable(),
    note: z.string().nullable(),
  }),
});

/** A socket that waits for others. Source: proc(5), /proc/pid/net. */
export const socketSchema = z.object({
  protocol: z.enum([
    ...(['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6', 'sctp', 'unix'] as const),
  ]),
  /** The address, or a unix socket's path; an abstract name starts with @. */
  address: z.string(),
  /** Of a raw socket: the protocol's number. */
  port: z.int().nullable(),
  uid: z.int().nullable(),
  inode: z.int(),
  /** The processes that hold it, ascending; empty where that could not be seen. */
  pids: z.array(pid),
  /** It is held, and only by processes in other network namespaces: they made it in this one, and left. */
  outside: z.boolean(),
});

/** A line of a mount table. Source: proc(5), mountinfo. */
export const mountSchema = z.object({
  id: z.int(),
  parent: z.int(),
  /** `major:minor` */
  device: z.string(),
  /** The part of the file system that is mounted. */
  root: z.string(),
  point: z.string(),
  options: z.array(z.string()),
  /** `shared:N`, `master:N`, `propagate_from:N`, `unbindable`; empty for a private mount. */
  propagation: z.array(z.string()),
  type: z.string(),
  source: z.string(),
  superOptions: z.array(z.string()),
});

const idMap = z.array(z.object({ inside: z.int(), outside: z.int(), count: z.int() }));

const ipcObject = z.object({
  id: z.int(),
  key: z.string(),
  uid: z.int(),
  /** Octal permissions. */
  mode: z.string(),
  /** Bytes of a segment or queue, number of semaphores in a set. */
  size: z.number(),
  /** Attached processes of a segment, messages in a queue; null for semaphores. */
  used: z.number().nullable(),
});

const amount = z.number().nullable();
/** The smallest of the limits on the way up, and the cgroup that sets it; both null where there is none. */
const limitSchema = z.object({ value: z.number().nullable(), setBy: z.string().nullable() });

/** Microseconds of CPU in each period, and the cgroup that says so; null is no limit. */
const cpuLimitSchema = z.object({ quota: z.number(), period: z.number(), setBy: z.string() });

/** What a kernel tells of a network namespace in lists, each of which may not be whole. */
export const NET_LISTS = ['links', 'addresses', 'routes', 'rules'] as const;

export const detailSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('net'),
    links: z.array(linkSchema),
    routes: z.array(routeSchema),
    rules: z.array(routingRuleSchema),
    waysOut: z.array(wayOutSchema),
    /** Those that are not whole; the notes say so in words. Absent in files of older versions. */
    incomplete: z.array(z.enum(NET_LISTS)).optional(),
    /** Rules that send ports elsewhere; null where they could not be read. */
    nat: z.array(natRuleSchema).nullable(),
    /** Why there may be more of those, in sentences that are among the notes, too; absent in files of older versions. */
    natUnread: z.array(z.string()).optional(),
    /** Rules that let packets through or not; null where none could be read, absent in files of older versions. */
    filter: filterSchema.nullish(),
    listening: z.array(socketSchema),
    /** Sockets that do not listen. */
    connected: z.int().nonnegative(),
    notes: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('mnt'),
    mounts: z.array(mountSchema),
    /** By the number of a propagation group: the other mount namespaces that have it as `shared:`. */
    peers: z.record(z.string(), z.array(z.string())),
    /** Mount namespaces whose tables were not read for that: there was no time, or they had gone. */
    unread: z.int().nonnegative().optional(),
  }),
  z.object({ kind: z.literal('pid'), init: pid.nullable(), levels: z.int().nullable() }),
  z.object({ kind: z.literal('uts'), hostname: z.string(), domainname: z.string() }),
  z.object({
    kind: z.literal('ipc'),
    shm: z.array(ipcObject),
    sem: z.array(ipcObject),
    msg: z.array(ipcObject),
    /** POSIX queues: bytes waiting in each; null where they cannot be listed. */
    queues: z.array(z.object({ name: z.string(), bytes: z.number() })).nullable(),
  }),
  z.object({ kind: z.literal('user'), uids: idMap, gids: idMap, setgroups: z.string().nullable() }),
  z.object({
    kind: z.literal('time'),
    /** Seconds that the clocks are ahead of the host's. Source: time_namespaces(7). */
    monotonic: z.number(),
    boottime: z.number(),
  }),
  z.object({ kind: z.literal('cgroup'), root: z.string().nullable() }),
  z.object({
    kind: z.literal('process'),
    exe: z.string().nullable(),
    cwd: z.string().nullable(),
    root: z.string().nullable(),
    /** Bytes; null for kernel threads. */
    rss: z.number().nullable(),
    swap: z.number().nullable(),
    virtual: z.number().nullable(),
    /** Seconds of CPU. */
    userTime: z.number(),
    systemTime: z.number(),
    nice: z.int(),
    uids: z.array(z.int()),
    gids: z.array(z.int()),
    groups: z.array(z.int()),
    /** Its effective uid as its own user namespace numbers it; null where that has no number for it. */
    uidInside: z.int().nullable(),
    seccompFilters: z.int().nullable(),
    /** What AppArmor, SELinux or another says of it. */
    label: z.string().nullable(),
    oomScore: z.int().nullable(),
    /** What setrlimit(2) allows it, of the kinds that people set; null is no limit. Absent in files of older versions. */
    ulimits: z.array(z.object({ name: z.string(), soft: amount, hard: amount })).optional(),
    /** How many threads it has; `threads` holds at most 512 of them. */
    threadCount: z.int(),
    threads: z.array(z.object({ tid: pid, comm: z.string(), state: z.string(), cpu: z.number() })),
  }),
  z.object({
    kind: z.literal('limits'),
    version: z.union([z.literal(1), z.literal(2)]),
    /** The cgroup whose use is counted: the container's own, else the process's. */
    path: z.string(),
    /** The cgroup that the process itself is in, where that is below. */
    inner: z.string().nullable(),
    /** Bytes. */
    memory: z
      .object({
        current: z.number(),
        limit: limitSchema,
        high: limitSchema,
        anonymous: amount,
        /** Shared memory and tmpfs. */
        shared: amount,
        fileCache: amount,
        /** File cache that was not used lately: what `docker stats` leaves out. */
        reclaimable: amount,
        kernel: amount,
        swap: amount,
        swapLimit: limitSchema,
        oomKills: amount,
        /** Percent of the last 10 s in which a task waited for memory. */
        pressure: amount,
        /** Version 1 limits memory and swap together; null where it counts no swap, absent in files of older versions. */
        withSwap: z.object({ current: z.number(), limit: limitSchema }).nullish(),
      })
      .nullable(),
    cpu: z
      .object({
        limit: cpuLimitSchema.nullable(),
        /** Seconds. */
        used: amount,
        throttled: amount,
        /** cpu.weight of v2, cpu.shares of v1. */
        weight: amount,
        cpus: z.string().nullable(),
      })
      .nullable(),
    /** Threads, not processes. */
    tasks: z.object({ current: z.number(), limit: limitSchema }).nullable(),
    /** Smaller limits of the process alone, set between `path` and `inner`; null where that one has none. */
    below: z
      .object({ memory: limitSchema.nullable(), cpu: cpuLimitSchema.nullable(), tasks: limitSchema.nullable() })
      .optional(),
    io: z.array(z.object({ device: z.string(), read: z.number(), written: z.number() })).nullable(),
    /** Limits of disks, a second, and the cgroup that sets each; absent in files of older versions. */
    ioLimits: z
      .array(
        z.object({
          device: z.string(),
          of: z.enum(['read-bytes', 'written-bytes', 'reads', 'writes']),
          most: z.number(),
          setBy: z.string(),
        }),
      )
      .optional(),
    /** Huge pages, in bytes, by size as the kernel writes it (`2MB`); of those that are used or limited. */
    hugePages: z.array(z.object({ size: z.string(), current: z.number(), limit: limitSchema })).optional(),
    /**
     * Version 1: controllers for which the process is in another cgroup than `inner` or `path`, and in which. Those of a
     * container that it has left limit it no more.
     */
    elsewhere: z.array(z.object({ controller: z.string(), path: z.string() })).optional(),
  }),
]);

/** What is asked about. */
export const subjectSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('namespace'), id: namespaceIdSchema }),
  z.object({ type: z.literal('process'), pid, startTime: startTimeSchema }),
  /** The cgroup of a process, with its limits. */
  z.object({ type: z.literal('limits'), pid, startTime: startTimeSchema }),
]);

export type Link = z.infer<typeof linkSchema>;
export type RoutingRule = z.infer<typeof routingRuleSchema>;
export type WayOut = z.infer<typeof wayOutSchema>;
export type Route = z.infer<typeof routeSchema>;
export type Socket = z.infer<typeof socketSchema>;
export type Mount = z.infer<typeof mountSchema>;
export type Detail = z.infer<typeof detailSchema>;
export type DetailOf<K extends Detail['kind']> = Extract<Detail, { kind: K }>;
export type Subject = z.infer<typeof subjectSchema>;
export type IdMap = z.infer<typeof idMap>;
