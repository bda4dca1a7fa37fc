import * as z from 'zod';
import { detailsSchema } from './details-schema.ts';
import { kindMapSchema, linkMapSchema, namespaceIdSchema, pidSchema, startTimeSchema } from './id-schemas.ts';
import { NAMESPACE_KINDS } from './namespace.ts';

/**
 * Snapshot, format 1: everything known about one moment of one engine and the Linux below it.
 *
 * The format is public: `bulkhead scan --json` prints it and saved files hold it. Readers ignore unknown fields.
 * Unknown values are null, never a guess.
 */
export const SNAPSHOT_FORMAT = 'bulkhead-snapshot';
export const SNAPSHOT_VERSION = 1;

const nullableId = namespaceIdSchema.nullable();
const pid = pidSchema;

export const problemSchema = z.object({
  /** Short and stable, for example `ns-forbidden`. */
  code: z.string(),
  /** One sentence for people: what is missing from the picture and, where possible, what to do. */
  message: z.string(),
  count: z.int().positive(),
});

export const engineSchema = z.object({
  /** The address in Docker's own notation, for example `unix:///var/run/docker.sock`. */
  endpoint: z.string(),
  kind: z.enum(['docker', 'docker-desktop', 'colima', 'orbstack', 'rancher-desktop', 'lima', 'podman', 'unknown']),
  id: z.string().nullable(),
  name: z.string(),
  version: z.string(),
  apiVersion: z.string(),
  operatingSystem: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cgroupVersion: z.enum(['1', '2']).nullable(),
  cgroupDriver: z.string().nullable(),
  rootless: z.boolean(),
  securityOptions: z.array(z.string()),
});

export const hostSchema = z.object({
  hostname: z.string(),
  kernel: z.string(),
  arch: z.string(),
  bootId: z.string().nullable(),
  /** Unix seconds of the boot. */
  bootTime: z.number().nullable(),
  /** `startTime` of a process counts these per second. */
  clockTicks: z.int().positive(),
  /** What the app may call it: a VM, a WSL 2 distro, an OrbStack machine, a Linux of its own. */
  role: z.enum(['vm', 'distro', 'machine', 'linux', 'unknown']),
  /** What it is, in a few words, and how that is known; empty in files of older versions. */
  what: z.string().default(''),
  because: z.string().default(''),
  /** Bytes. */
  memory: z.number().nullable().default(null),
  cpus: z.int().nullable().default(null),
  cgroupVersion: z.enum(['1', '2', 'hybrid']).nullable().default(null),
  /** The kernel's security modules in their order; null where they could not be read. */
  lsms: z.array(z.string()).nullable().default(null),
  /** The kernel's initial namespaces, where they are known. */
  initial: kindMapSchema,
  /** The namespaces of the host's init side: what "host" means for a container. Equal to `initial` but on nested hosts. */
  namespaces: kindMapSchema,
});

export const probeSchema = z.object({
  version: z.string(),
  via: z.enum(['helper', 'direct', 'file']),
  durationMs: z.number().nonnegative(),
  cpuMs: z.number().nonnegative(),
  processes: z.int().nonnegative(),
  unreadable: z.int().nonnegative(),
  vanished: z.int().nonnegative(),
  problems: z.array(problemSchema),
});

/** How it is known whose a process is, and what speaks against it. */
export const belongingSchema = z.object({
  /**
   * What tells it: `cgroup` (and ancestors or namespaces agree, or cannot be read), `ancestry` (it descends from the
   * container's init), `namespaces` (it is below the container's shim and in its namespaces). Null where its cgroup bears
   * a container's id and nothing else agrees: only a claim, so it belongs to none.
   */
  by: z.enum(['cgroup', 'ancestry', 'namespaces']).nullable(),
  /** The container whose id its cgroup bears; null for none. */
  cgroupOf: z.string().nullable(),
  /**
   * Its cgroup says something else: it is not below the container's, for all or some controllers, and their limits do
   * not hold for it; or a claim.
   */
  disagrees: z.boolean(),
  /** The runtime is still making it the container's: its namespaces and capabilities are not yet what they will be. */
  starting: z.boolean(),
});

export const processSchema = z.object({
  /** As the probe sees it: the outermost visible pid. */
  pid,
  /** Clock ticks since boot; with `pid` the identity of a process. Source: proc(5), field 22 of stat. */
  startTime: startTimeSchema,
  ppid: pid,
  comm: z.string(),
  argv: z.array(z.string()),
  argvTruncated: z.boolean(),
  /** Effective ids, as the probe sees them. */
  uid: z.int(),
  gid: z.int(),
  /** The pid at every level, from the outermost to the process's own namespace. Source: proc(5), NSpid. */
  nsPids: z.array(pid),
  /** One letter, as in proc(5): R S D T t Z X I. */
  state: z.string(),
  threads: z.int().nonnegative(),
  kernelThread: z.boolean(),
  /** Of several hierarchies (cgroup v1, hybrid) the path that tells most: one with a container's id first. */
  cgroup: z.string().nullable(),
  /** Paths in other hierarchies that differ from `cgroup` and are not the root. */
  otherCgroups: z.array(z.string()).default([]),
  /** The id of the container the process belongs to; null for processes outside containers. */
  container: z.string().nullable(),
  /** How that is known; null for processes that have nothing to do with a container, and in files of older versions. */
  belongs: belongingSchema.nullable().default(null),
  /** The root directory (chroot) as seen from the probe; null when forbidden. */
  root: z.string().nullable(),
  /** 16 hexadecimal digits each. Source: capabilities(7). */
  capabilities: z
    .object({
      inheritable: z.string(),
      permitted: z.string(),
      effective: z.string(),
      bounding: z.string(),
      ambient: z.string(),
    })
    .nullable(),
  /** 0 off, 1 strict, 2 filter. */
  seccomp: z.int().nullable(),
  noNewPrivs: z.boolean().nullable(),
  namespaces: linkMapSchema,
  /** True when the kernel refused the namespace links. */
  unreadable: z.boolean(),
  /** Threads whose namespaces differ from their leader's: only the differing links. */
  threadNamespaces: z.array(z.object({ tid: pid, comm: z.string(), namespaces: linkMapSchema.partial() })),
});

export const pinSchema = z.discriminatedUnion('type', [
  /** A bind mount of the namespace file at `path`, in the mount namespace `mnt`. */
  z.object({ type: z.literal('mount'), path: z.string(), mnt: nullableId }),
  /** An open file descriptor; `socket` where it is a socket that was made in that network namespace. */
  z.object({ type: z.literal('fd'), pid, fd: z.int().nonnegative(), socket: z.boolean().optional() }),
  /** A thread in it whose leader is not. */
  z.object({ type: z.literal('thread'), pid, tid: pid }),
  /** A process whose future children will be in it. */
  z.object({ type: z.literal('for_children'), pid }),
]);

export const namespaceSchema = z.object({
  id: namespaceIdSchema,
  kind: z.enum(NAMESPACE_KINDS),
  inode: z.int().nonnegative(),
  device: z.number().nullable(),
  initial: z.boolean(),
  /** The user namespace that owns it. Source: ioctl_ns(2). */
  owner: nullableId,
  /** pid and user namespaces only. */
  parent: nullableId,
  /** User namespaces only: the uid that made it. */
  ownerUid: z.int().nullable(),
  /** The kernel's 64-bit id, never used twice (Linux 6.18 and later), in decimal. */
  uniqueId: z.string().nullable(),
  /** The processes in it, ascending. */
  pids: z.array(pid),
  /** What holds it other than a process that is in it. */
  pins: z.array(pinSchema),
});

export const containerSchema = z.object({
  /** 64 hexadecimal digits. */
  id: z.string(),
  /** Without the leading slash. */
  name: z.string(),
  image: z.string(),
  imageId: z.string().nullable(),
  /** Entry point and arguments. */
  command: z.array(z.string()),
  state: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead', 'unknown']),
  /** The outer pid of its init as the engine tells it; null while it does not run. */
  pid: pid.nullable(),
  /** ISO 8601, UTC. */
  created: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  exitCode: z.int().nullable(),
  hostname: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** As the engine holds them: `host`, `none`, `private`, `shareable`, `container:<id>`, a network's name or ''. */
  modes: z.object({
    net: z.string(),
    ipc: z.string(),
    pid: z.string(),
    uts: z.string(),
    user: z.string(),
    cgroup: z.string(),
  }),
  ports: z.array(
    z.object({
      containerPort: z.int().min(0).max(65535),
      protocol: z.string(),
      /** Null for a port that is exposed and not published. */
      hostIp: z.string().nullable(),
      hostPort: z.int().min(0).max(65535).nullable(),
    }),
  ),
  /** What was asked to be published (`-p`), in force or not; null where the engine does not tell, and in older files. */
  asked: z
    .array(
      z.object({
        containerPort: z.int().min(0).max(65535),
        protocol: z.string(),
        hostIp: z.string().nullable(),
        /** Null for any that is free. */
        hostPort: z.int().min(0).max(65535).nullable(),
      }),
    )
    .nullable()
    .default(null),
  networks: z.array(
    z.object({
      name: z.string(),
      id: z.string().nullable(),
      ip: z.string().nullable(),
      mac: z.string().nullable(),
      /** Other names that the network's DNS has for it; absent in files of older versions. */
      aliases: z.array(z.string()).optional(),
      /** The network's own; absent where the engine did not tell them, and in files of older versions. */
      subnets: z.array(z.string()).optional(),
      /** It leads nowhere but to its members; absent where that is not known. */
      internal: z.boolean().optional(),
    }),
  ),
  mounts: z.array(
    z.object({
      type: z.string(),
      name: z.string().nullable(),
      source: z.string(),
      destination: z.string(),
      readOnly: z.boolean(),
      /** A volume of the local driver that is a bind of a directory: that directory (`--opt device=`); else null. */
      device: z.string().nullable().default(null),
      /** `rprivate`, `shared`, …, as the engine tells; '' where it does not. Source: mount_namespaces(7). */
      propagation: z.string().default(''),
    }),
  ),
  privileged: z.boolean(),
  capAdd: z.array(z.string()),
  capDrop: z.array(z.string()),
  securityOptions: z.array(z.string()),
  /** The profile of AppArmor, or the label of SELinux, that the engine gave it; null where it tells of none. */
  lsmProfile: z.string().nullable().default(null),
  /** Devices of the machine that it was given; null where the engine does not tell, and in older files. */
  devices: z
    .array(z.object({ source: z.string(), destination: z.string(), access: z.string() }))
    .nullable()
    .default(null),
  /** What it was limited to, null for no limit; null as a whole where the engine does not tell, and in older files. */
  limits: z
    .object({
      /** Bytes. */
      memory: z.number().nullable(),
      /** Processors. */
      cpus: z.number().nullable(),
      /** Threads, not processes. */
      tasks: z.number().nullable(),
    })
    .nullable()
    .default(null),
  restartPolicy: z.string(),
  /** True for Bulkhead's own helper containers, which no view shows unless asked. */
  helper: z.boolean(),
});

export const snapshotSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  version: z.literal(SNAPSHOT_VERSION),
  /** ISO 8601, UTC. */
  takenAt: z.string(),
  /** True for a recording shipped as a demonstration. */
  demo: z.boolean().default(false),
  engine: engineSchema.nullable(),
  host: hostSchema,
  probe: probeSchema.nullable(),
  /** Ascending by pid. */
  processes: z.array(processSchema),
  /** Ascending by kind order, then inode. */
  namespaces: z.array(namespaceSchema),
  /** Ascending by name, then id. */
  containers: z.array(containerSchema),
  /** What was read on request as well, where that was asked for; absent in other snapshots and in older files. */
  details: detailsSchema.optional(),
});

export type Problem = z.infer<typeof problemSchema>;
export type Engine = z.infer<typeof engineSchema>;
export type Host = z.infer<typeof hostSchema>;
export type Belonging = z.infer<typeof belongingSchema>;
export type Process = z.infer<typeof processSchema>;
export type Pin = z.infer<typeof pinSchema>;
export type Namespace = z.infer<typeof namespaceSchema>;
export type Container = z.infer<typeof containerSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
