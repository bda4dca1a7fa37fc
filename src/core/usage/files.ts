/**
 * Which files of a cgroup tell its use and its limits, and how to read them.
 * Source: cgroups(7), Linux Documentation/admin-guide/cgroup-v2.rst and cgroup-v1.
 */
import type { Host } from '../snapshot/snapshot.ts';
import type { CgroupUsage } from './schema.ts';

/** Texts by path below the root of the file system; null for what cannot be read. */
export type FileTexts = Readonly<Record<string, string | null>>;

const V2 = [
  ...['memory.current', 'memory.stat', 'memory.events', 'memory.swap.current', 'memory.pressure'],
  ...['cpu.stat', 'io.stat', 'pids.current'],
];
const V1 = [
  ...['memory/memory.usage_in_bytes', 'memory/memory.kmem.usage_in_bytes', 'memory/memory.stat'],
  ...['memory/memory.oom_control', 'cpu/cpu.stat', 'cpuacct/cpuacct.usage'],
  ...['blkio/blkio.throttle.io_service_bytes', 'blkio/blkio.throttle.io_service_bytes_recursive', 'pids/pids.current'],
];
/**
 * A hybrid machine has the controllers of version 1, and beside them a version 2 tree without controllers that measures
 * pressure.
 */
const HYBRID = 'unified/memory.pressure';

/** Files whose limits also hold for everything below: each level on the way up may set a smaller one. */
export const EVERY_LEVEL = {
  2: { memory: 'memory.max', tasks: 'pids.max' },
  1: { memory: 'memory/memory.limit_in_bytes', tasks: 'pids/pids.max' },
} as const;

/** On version 1 a cgroup where this is 0 does not limit its children; newer kernels refuse to set it so. */
const HIERARCHY = 'memory/memory.use_hierarchy';

const ROOT = 'sys/fs/cgroup';

export type Version = Host['cgroupVersion'];

/** On a hybrid machine the controllers are those of version 1. */
const unified = (version: Version): boolean => version === '2';

/** Where a cgroup is, by controller: on version 1 each has a hierarchy of its own. */
export type PathOf = (controller: string) => string;

/** The controller that a file belongs to: on version 1 `name` begins with it. */
export const controllerOf = (name: string): string => name.split('/')[0] ?? '';

/** The path of a file of one cgroup. */
export function fileAt(version: Version, cgroup: string, name: string): string {
  if (unified(version)) return `${ROOT}${cgroup}/${name}`;
  const [controller = '', file] = name.split('/');
  return `${ROOT}/${controller}${cgroup}/${file}`;
}

export function fileOf(version: Version, pathOf: PathOf, name: string): string {
  return fileAt(version, pathOf(controllerOf(name)), name);
}

/** The cgroup and all above it but the root, which has no limits; nearest first. */
export function withAncestors(cgroup: string): string[] {
  const paths: string[] = [];
  for (let at = cgroup; at.length > 1; at = at.slice(0, at.lastIndexOf('/'))) paths.push(at);
  return paths;
}

/** A file that may hold a limit, of every level; with it what tells whether a level holds for those below. */
export function levelFiles(version: Version, pathOf: PathOf, name: string): string[] {
  const names = name.startsWith('memory/') ? [name, HIERARCHY] : [name];
  return withAncestors(pathOf(controllerOf(name))).flatMap((level) =>
    names.map((each) => fileAt(version, level, each)),
  );
}

/** The files that tell of a cgroup: its own, and the limits of all above it. */
export function filesOf(version: Version, pathOf: PathOf): string[] {
  const names = unified(version) ? V2 : version === 'hybrid' ? [...V1, HYBRID] : V1;
  const own = names.map((name) => fileOf(version, pathOf, name));
  const limits = Object.values(EVERY_LEVEL[unified(version) ? 2 : 1]);
  return [...own, ...limits.flatMap((name) => levelFiles(version, pathOf, name))];
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

/** Percent of the last 10 s in which some task waited; null where the kernel does not say. */
function waited(text: string | null | undefined): number | null {
  const percent = /^some avg10=([\d.]+)/m.exec(text ?? '')?.[1];
  return percent === undefined ? null : Number(percent);
}

const minus = (a: number | null, b: number | null): number | null => (a === null ? null : Math.max(0, a - (b ?? 0)));

/** A limit, and the cgroup that sets it; both null where there is none. */
export interface Limit {
  readonly value: number | null;
  readonly setBy: string | null;
}

/** The smallest of the limits on the way up that a file holds. */
export function limitOf(version: Version, pathOf: PathOf, name: string, texts: FileTexts): Limit {
  const cgroup = pathOf(controllerOf(name));
  let least: Limit = { value: null, setBy: null };
  for (const level of withAncestors(cgroup)) {
    const ownOnly = name.startsWith('memory/') && texts[fileAt(version, level, HIERARCHY)]?.trim() === '0';
    if (ownOnly && level !== cgroup) break;
    const value = numberOf(texts[fileAt(version, level, name)]);
    if (value !== null && (least.value === null || value < least.value)) least = { value, setBy: level };
  }
  return least;
}

/** The smallest limits of memory, in bytes, and of tasks. */
export function limitsOf(version: Version, pathOf: PathOf, texts: FileTexts): { memory: Limit; tasks: Limit } {
  const { memory, tasks } = EVERY_LEVEL[unified(version) ? 2 : 1];
  return { memory: limitOf(version, pathOf, memory, texts), tasks: limitOf(version, pathOf, tasks, texts) };
}

/** Reads the texts of `filesOf`. */
export function cgroupUsage(version: Version, pathOf: PathOf, texts: FileTexts): CgroupUsage {
  const text = (name: string) => texts[fileOf(version, pathOf, name)];
  const limits = limitsOf(version, pathOf, texts);
  const { value: memoryLimit, setBy: limitSetBy } = limits.memory;
  const tasksLimit = limits.tasks.value;
  if (unified(version)) {
    const memory = table(text('memory.stat'));
    const cpu = table(text('cpu.stat'));
    const shared = memory.get('shmem') ?? null;
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
      memoryPressure: waited(text('memory.pressure')),
      cpuMicroseconds: cpu.get('usage_usec') ?? null,
      throttledMicroseconds: cpu.get('throttled_usec') ?? null,
      tasks: numberOf(text('pids.current')),
      tasksLimit,
      readBytes: sum(text('io.stat'), /\brbytes=(\d+)/g),
      writtenBytes: sum(text('io.stat'), /\bwbytes=(\d+)/g),
    };
  }
  const memory = table(text('memory/memory.stat'));
  const shared = memory.get('total_shmem') ?? null;
  const nanoseconds = numberOf(text('cpuacct/cpuacct.usage'));
  const throttled = table(text('cpu/cpu.stat')).get('throttled_time') ?? null;
  // The older file does not count the cgroups below.
  const io = text('blkio/blkio.throttle.io_service_bytes_recursive') ?? text('blkio/blkio.throttle.io_service_bytes');
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
    memoryPressure: version === 'hybrid' ? waited(text(HYBRID)) : null,
    cpuMicroseconds: nanoseconds === null ? null : nanoseconds / 1_000,
    throttledMicroseconds: throttled === null ? null : throttled / 1_000,
    tasks: numberOf(text('pids/pids.current')),
    tasksLimit,
    readBytes: sum(io, /^\S+ Read (\d+)$/gm),
    writtenBytes: sum(io, /^\S+ Write (\d+)$/gm),
  };
}
