import { idsInPath } from '../parse/cgroup.ts';
import {
  cgroupUsage,
  EVERY_LEVEL,
  type FileTexts,
  fileAt,
  fileOf,
  filesOf,
  levelFiles,
  limitOf,
  limitsOf,
  type PathOf,
  withAncestors,
} from '../usage/files.ts';
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

/** Quota and period of processor time, of every level; on version 2 one file has both. */
const CPU = { 2: ['cpu.max'], 1: ['cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us'] } as const;

/**
 * Version 1 has no such limits: its soft limit slows nobody down, and its other one counts memory and swap together.
 */
const ONLY_2 = { high: 'memory.high', swap: 'memory.swap.max' } as const;

const ONCE = {
  2: { weight: 'cpu.weight', cpus: 'cpuset.cpus.effective', io: 'io.stat' },
  1: { weight: 'cpu/cpu.shares', cpus: 'cpuset/cpuset.effective_cpus', io: 'blkio/blkio.throttle.io_service_bytes' },
} as const;

const versionOf = ({ version }: CgroupPaths) => (version === 2 ? '2' : '1');

/**
 * The files to read, below the root of the tree.
 * @param inner where the process itself is: at `paths` or below
 */
export function limitFiles(paths: CgroupPaths, inner: CgroupPaths): string[] {
  const version = versionOf(paths);
  const everyLevel = [...CPU[paths.version], ...(paths.version === 2 ? Object.values(ONLY_2) : [])];
  return [
    ...new Set([
      ...filesOf(version, paths.path),
      ...[...everyLevel, ...Object.values(EVERY_LEVEL[paths.version])].flatMap((name) =>
        levelFiles(version, inner.path, name),
      ),
      ...Object.values(ONCE[paths.version]).map((name) => fileOf(version, paths.path, name)),
    ]),
  ];
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
  let least: { quota: number; period: number; setBy: string } | null = null;
  for (const level of withAncestors(paths.path('cpu'))) {
    const words = CPU[paths.version].flatMap((name) =>
      (texts[fileAt(versionOf(paths), level, name)] ?? 'none').trim().split(' ').map(Number),
    );
    const [quota, period] = words;
    if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) continue;
    if (least === null || quota / period < least.quota / least.period) least = { quota, period, setBy: level };
  }
  return least;
}

type Below = NonNullable<DetailOf<'limits'>['below']>;

/** Limits of the process that are smaller than its container's; undefined where there are none. */
function limitsBelow(paths: CgroupPaths, inner: CgroupPaths, texts: FileTexts): Below | undefined {
  const own = limitsOf(versionOf(paths), paths.path, texts);
  const all = limitsOf(versionOf(paths), inner.path, texts);
  const smaller = (name: 'memory' | 'tasks') => (all[name].setBy === own[name].setBy ? null : all[name]);
  const cpu = cpuLimit(inner, texts);
  const below: Below = {
    memory: smaller('memory'),
    cpu: cpu?.setBy === cpuLimit(paths, texts)?.setBy ? null : cpu,
    tasks: smaller('tasks'),
  };
  return below.memory === null && below.cpu === null && below.tasks === null ? undefined : below;
}

/**
 * What counts for a process and what is used of it: the smallest limit on the way up, with the level that sets it, and use
 * as it is counted at the top of `paths`.
 * @param inner where the process itself is: at `paths` or below
 * @param texts of `limitFiles`, by path
 */
export function limitsDetail(paths: CgroupPaths, inner: CgroupPaths, texts: FileTexts): DetailOf<'limits'> {
  const version = versionOf(paths);
  const usage = cgroupUsage(version, paths.path, texts);
  const limits = limitsOf(version, paths.path, texts);
  const below = limitsBelow(paths, inner, texts);
  const only2 = (name: string) =>
    paths.version === 2 ? limitOf(version, paths.path, name, texts) : { value: null, setBy: null };
  const once = (name: string) => texts[fileOf(version, paths.path, name)] ?? null;
  const { weight, cpus, io } = ONCE[paths.version];
  const ioText = once(io);
  const weightText = once(weight)?.trim() ?? '';
  const known = usage.cpuMicroseconds !== null || once(weight) !== null;
  const path = paths.path('memory');
  return {
    kind: 'limits',
    version: paths.version,
    path,
    inner: inner.path('memory') === path ? null : inner.path('memory'),
    memory:
      usage.memory === null
        ? null
        : {
            current: usage.memory,
            limit: limits.memory,
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
    tasks: usage.tasks === null ? null : { current: usage.tasks, limit: limits.tasks },
    ...(below === undefined ? {} : { below }),
    io: ioText === null ? null : paths.version === 2 ? ioOfV2(ioText) : ioOfV1(ioText),
  };
}
