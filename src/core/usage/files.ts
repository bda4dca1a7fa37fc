/**
 * Which files of a cgroup tell what it uses and what it may, and what stands in them.
 * Source: cgroups(7), Linux Documentation/admin-guide/cgroup-v2.rst and cgroup-v1.
 */
import type { Host } from '../snapshot/snapshot.ts';
import type { CgroupUsage } from './schema.ts';

/** Texts by path below the root of the file system; null for what cannot be read. */
export type FileTexts = Readonly<Record<string, string | null>>;

const V2 = [
  ...['memory.current', 'memory.stat', 'memory.events', 'memory.swap.current', 'memory.pressure'],
  ...['cpu.stat', 'io.stat', 'pids.current', 'pids.max', 'memory.max'],
];
const V1 = [
  ...['memory/memory.usage_in_bytes', 'memory/memory.kmem.usage_in_bytes', 'memory/memory.stat'],
  ...['memory/memory.oom_control', 'memory/memory.limit_in_bytes', 'cpu/cpu.stat', 'cpuacct/cpuacct.usage'],
  ...['blkio/blkio.throttle.io_service_bytes', 'pids/pids.current', 'pids/pids.max'],
];

const ROOT = 'sys/fs/cgroup';

type Version = Host['cgroupVersion'];

/** On a hybrid machine the controllers are those of version 1. */
const unified = (version: Version): boolean => version === '2';

/** Where a cgroup is, by controller: on version 1 each has a hierarchy of its own. */
export type PathOf = (controller: string) => string;

/** The path of a file of a cgroup; on version 1 `name` begins with its controller. */
function fileOf(version: Version, pathOf: PathOf, name: string): string {
  const [controller = '', file] = name.split('/');
  if (unified(version)) return `${ROOT}${pathOf('')}/${name}`;
  return `${ROOT}/${controller}${pathOf(controller)}/${file}`;
}

/** The cgroup and all above it but the root, which has no limits; nearest first. */
export function withAncestors(cgroup: string): string[] {
  const paths: string[] = [];
  for (let at = cgroup; at.length > 1; at = at.slice(0, at.lastIndexOf('/'))) paths.push(at);
  return paths;
}

const limitFile = (version: Version): string => (unified(version) ? 'memory.max' : 'memory/memory.limit_in_bytes');

/** The files that tell of a cgroup: its own, and the limits of all above it. */
export function filesOf(version: Version, pathOf: PathOf): string[] {
  const own = (unified(version) ? V2 : V1).map((name) => fileOf(version, pathOf, name));
  const above = withAncestors(pathOf('memory')).slice(1);
  return [...own, ...above.map((path) => fileOf(version, () => path, limitFile(version)))];
}

/** Version 1 writes no limit as the largest number of whole pages. */
const NO_LIMIT = 2 ** 62;

function numberOf(text: string | null | undefined): number | null {
  if (text == null || !/^\d+\s*$/.test(text)) return null;
  const value = Number(text);
  return value >= NO_LIMIT ? null : value;
}

/** The lines `name number` of a file. */
function table(text: string | null | undefined): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const [, name = '', value] of (text ?? '').matchAll(/^(\S+) (\d+)$/gm)) rows.set(name, Number(value));
  return rows;
}

function sum(text: string | null | undefined, pattern: RegExp): number | null {
  if (text == null) return null;
  let total = 0;
  for (const match of text.matchAll(pattern)) total += Number(match[1]);
  return total;
}

const minus = (a: number | null, b: number | null): number | null => (a === null ? null : Math.max(0, a - (b ?? 0)));

/** A limit, and the cgroup that sets it; both null where there is none. */
export interface Limit {
  readonly value: number | null;
  readonly setBy: string | null;
}

/** The smallest of the limits on the way up. */
export function limitOf(levels: readonly string[], textOf: (level: string) => string | null | undefined): Limit {
  let least: Limit = { value: null, setBy: null };
  for (const level of levels) {
    const value = numberOf(textOf(level));
    if (value !== null && (least.value === null || value < least.value)) least = { value, setBy: level };
  }
  return least;
}

/** Reads the texts of `filesOf`. */
export function cgroupUsage(version: Version, pathOf: PathOf, texts: FileTexts): CgroupUsage {
  const text = (name: string) => texts[fileOf(version, pathOf, name)];
  const { value: memoryLimit, setBy: limitSetBy } = limitOf(
    withAncestors(pathOf('memory')),
    (path) => texts[fileOf(version, () => path, limitFile(version))],
  );
  if (unified(version)) {
    const memory = table(text('memory.stat'));
    const cpu = table(text('cpu.stat'));
    const shared = memory.get('shmem') ?? null;
    const pressure = /^some avg10=([\d.]+)/m.exec(text('memory.pressure') ?? '')?.[1];
    return {
      memoryLimit,
      limitSetBy,
      memory: numberOf(text('memory.current')),
      anonymous: memory.get('anon') ?? null,
      shared,
      fileCache: minus(memory.get('file') ?? null, shared),
      reclaimable: memory.get('inactive_file') ?? null,
      kernel: memory.get('kernel') ?? null,
      swap: numberOf(text('memory.swap.current')),
      oomKills: table(text('memory.events')).get('oom_kill') ?? null,
      memoryPressure: pressure === undefined ? null : Number(pressure),
      cpuMicroseconds: cpu.get('usage_usec') ?? null,
      throttledMicroseconds: cpu.get('throttled_usec') ?? null,
      tasks: numberOf(text('pids.current')),
      tasksLimit: numberOf(text('pids.max')),
      readBytes: sum(text('io.stat'), /\brbytes=(\d+)/g),
      writtenBytes: sum(text('io.stat'), /\bwbytes=(\d+)/g),
    };
  }
  const memory = table(text('memory/memory.stat'));
  const shared = memory.get('total_shmem') ?? null;
  const nanoseconds = numberOf(text('cpuacct/cpuacct.usage'));
  const throttled = table(text('cpu/cpu.stat')).get('throttled_time') ?? null;
  const io = text('blkio/blkio.throttle.io_service_bytes');
  return {
    memoryLimit,
    limitSetBy,
    memory: numberOf(text('memory/memory.usage_in_bytes')),
    anonymous: memory.get('total_rss') ?? null,
    shared,
    fileCache: minus(memory.get('total_cache') ?? null, shared),
    reclaimable: memory.get('total_inactive_file') ?? null,
    kernel: numberOf(text('memory/memory.kmem.usage_in_bytes')),
    swap: memory.get('total_swap') ?? null,
    oomKills: table(text('memory/memory.oom_control')).get('oom_kill') ?? null,
    memoryPressure: null,
    cpuMicroseconds: nanoseconds === null ? null : nanoseconds / 1_000,
    throttledMicroseconds: throttled === null ? null : throttled / 1_000,
    tasks: numberOf(text('pids/pids.current')),
    tasksLimit: numberOf(text('pids/pids.max')),
    readBytes: sum(io, /^\S+ Read (\d+)$/gm),
    writtenBytes: sum(io, /^\S+ Write (\d+)$/gm),
  };
}
