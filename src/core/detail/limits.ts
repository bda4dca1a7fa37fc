import { idsInPath } from '../parse/cgroup.ts';
import { cgroupUsage, type FileTexts, filesOf, limitOf, type PathOf, withAncestors } from '../usage/files.ts';
import type { DetailOf } from './detail.ts';

/** Where each controller's cgroup of a process is: /proc/pid/cgroup. Source: cgroups(7). */
export interface CgroupPaths {
  readonly version: 1 | 2;
  /** The unified path, or on version 1 that of a controller by its name. */
  readonly path: PathOf;
}

export function parseCgroupPaths(text: string): CgroupPaths {
  const paths = new Map<string, string>();
  let unified: string | null = null;
  for (const line of text.split('\n')) {
    const match = /^(\d+):([^:]*):(.*)$/.exec(line);
    if (match === null) continue;
    const path = (match[3] ?? '/').replace(/ \(deleted\)$/, '');
    if (match[1] === '0') unified = path;
    else for (const controller of (match[2] ?? '').split(',')) paths.set(controller, path);
  }
  const v1 = ['memory', 'cpu', 'pids'].some((controller) => paths.has(controller));
  return { version: v1 ? 1 : 2, path: (controller) => (v1 ? paths.get(controller) : unified) ?? '/' };
}

/**
 * The container's own cgroup in each hierarchy: what it made below counts there too. A process may stand below it (`/init`
 * in Docker in Docker, `/system.slice/x.service` with systemd inside). Its own paths where none bears the container's id.
 */
export function pathsOfContainer({ version, path }: CgroupPaths, container: string | null): CgroupPaths {
  const own = (controller: string): string => {
    const whole = path(controller);
    return idsInPath(whole).find(({ id }) => id === container)?.path ?? whole;
  };
  return { version, path: own };
}

/** Files of every level that may hold a limit. */
const LIMITS = {
  2: {
    memory: 'memory.max',
    cpu: 'cpu.max',
    period: 'cpu.max',
    tasks: 'pids.max',
  },
  1: {
    memory: 'memory/memory.limit_in_bytes',
    cpu: 'cpu/cpu.cfs_quota_us',
    period: 'cpu/cpu.cfs_period_us',
    tasks: 'pids/pids.max',
  },
} as const;

/**
 * Version 1 has no such limits: its soft limit slows nobody down, and its other one counts memory and swap together.
 */
const ONLY_2 = { high: 'memory.high', swap: 'memory.swap.max' } as const;

const ONCE = {
  2: { weight: 'cpu.weight', cpus: 'cpuset.cpus.effective', io: 'io.stat' },
  1: { weight: 'cpu/cpu.shares', cpus: 'cpuset/cpuset.effective_cpus', io: 'blkio/blkio.throttle.io_service_bytes' },
} as const;

const versionOf = ({ version }: CgroupPaths) => (version === 2 ? '2' : '1');

/** The path of a file of one level; on version 1 `name` begins with its controller, whose path counts. */
function fileAt(paths: CgroupPaths, level: string, name: string): string {
  if (paths.version === 2) return `sys/fs/cgroup${level}/${name}`;
  const [controller, file] = name.split('/');
  return `sys/fs/cgroup/${controller}${level}/${file}`;
}

const pathFor = (paths: CgroupPaths, name: string): string => paths.path(name.split('/')[0] ?? '');

/** The files to read, below the root of the tree. */
export function limitFiles(paths: CgroupPaths): string[] {
  const names = [...Object.values(LIMITS[paths.version]), ...(paths.version === 2 ? Object.values(ONLY_2) : [])];
  const everyLevel = names.flatMap((name) =>
    withAncestors(pathFor(paths, name)).map((level) => fileAt(paths, level, name)),
  );
  const once = Object.values(ONCE[paths.version]).map((name) => fileAt(paths, pathFor(paths, name), name));
  return [...new Set([...filesOf(versionOf(paths), paths.path), ...everyLevel, ...once])];
}

type Io = NonNullable<DetailOf<'limits'>['io']>;

function ioOfV2(text: string): Io {
  return text
    .split('\n')
    .map((line) => /^(\d+:\d+) .*?rbytes=(\d+) wbytes=(\d+)/.exec(line))
    .filter((match) => match !== null)
    .map(([, device = '', read, written]) => ({ device, read: Number(read), written: Number(written) }));
}

function ioOfV1(text: string): Io {
  const devices = new Map<string, { read: number; written: number }>();
  for (const [, device = '', word, bytes] of text.matchAll(/^(\d+:\d+) (Read|Write) (\d+)$/gm)) {
    const entry = devices.get(device) ?? { read: 0, written: 0 };
    if (word === 'Read') entry.read = Number(bytes);
    else entry.written = Number(bytes);
    devices.set(device, entry);
  }
  return [...devices].map(([device, entry]) => ({ device, ...entry }));
}

/** The level that gives least processor time: quota over period. */
function cpuLimit(paths: CgroupPaths, texts: FileTexts) {
  const { cpu, period } = LIMITS[paths.version];
  let least: { quota: number; period: number; setBy: string } | null = null;
  for (const level of withAncestors(pathFor(paths, cpu))) {
    const text = texts[fileAt(paths, level, cpu)] ?? '';
    const [quota, length] =
      paths.version === 2
        ? text.trim().split(' ').map(Number)
        : [Number(text.trim() || 'none'), Number(texts[fileAt(paths, level, period)] ?? 'none')];
    if (quota === undefined || length === undefined || !(quota > 0) || !(length > 0)) continue;
    if (least === null || quota / length < least.quota / least.period) least = { quota, period: length, setBy: level };
  }
  return least;
}

/**
 * What counts for a process and what is used of it: the smallest limit on the way up, with the level that sets it, and use
 * as it is counted at the top of `paths`.
 * @param inner where the process itself stands, if below
 * @param texts of `limitFiles`, by path
 */
export function limitsDetail(paths: CgroupPaths, inner: string, texts: FileTexts): DetailOf<'limits'> {
  const version = versionOf(paths);
  const usage = cgroupUsage(version, paths.path, texts);
  const names = LIMITS[paths.version];
  const limit = (name: string) =>
    limitOf(withAncestors(pathFor(paths, name)), (level) => texts[fileAt(paths, level, name)]);
  const only2 = (name: string) => (paths.version === 2 ? limit(name) : { value: null, setBy: null });
  const once = (name: string) => texts[fileAt(paths, pathFor(paths, name), name)] ?? null;
  const { weight, cpus, io } = ONCE[paths.version];
  const ioText = once(io);
  const weightText = once(weight)?.trim() ?? '';
  const known = usage.cpuMicroseconds !== null || once(weight) !== null;
  const path = paths.path('memory');
  return {
    kind: 'limits',
    version: paths.version,
    path,
    inner: inner === path ? null : inner,
    memory:
      usage.memory === null
        ? null
        : {
            current: usage.memory,
            limit: limit(names.memory),
            high: only2(ONLY_2.high),
            anonymous: usage.anonymous,
            shared: usage.shared,
            fileCache: usage.fileCache,
            reclaimable: usage.reclaimable,
            kernel: usage.kernel,
            swap: paths.version === 2 ? usage.swap : null,
            swapLimit: only2(ONLY_2.swap),
            oomKills: usage.oomKills,
            pressure: usage.memoryPressure,
          },
    cpu: known
      ? {
          limit: cpuLimit(paths, texts),
          used: usage.cpuMicroseconds === null ? null : usage.cpuMicroseconds / 1e6,
          throttled: usage.throttledMicroseconds === null ? null : usage.throttledMicroseconds / 1e6,
          weight: /^\d+$/.test(weightText) ? Number(weightText) : null,
          cpus: once(cpus)?.trim() ?? null,
        }
      : null,
    tasks: usage.tasks === null ? null : { current: usage.tasks, limit: limit(names.tasks) },
    io: ioText === null ? null : paths.version === 2 ? ioOfV2(ioText) : ioOfV1(ioText),
  };
}
