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
  /** On version 1 those that limit or count and have a hierarchy; none on version 2, where all are in one. */
  readonly controllers: readonly string[];
}

/** Controllers that limit or count what is told here; the others (`freezer`, `net_cls`) do neither. */
const LIMITING = ['memory', 'cpu', 'cpuacct', 'cpuset', 'pids', 'blkio', 'hugetlb'];

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
  return {
    version: v1 ? 1 : 2,
    path: (controller) => (v1 ? paths.get(controller) : unified) ?? '/',
    controllers: v1 ? LIMITING.filter((controller) => paths.has(controller)) : [],
  };
}

/**
 * The container's own cgroup in each hierarchy: what it made below counts there too. A process may stand below it (`/init`
 * in Docker in Docker, `/system.slice/x.service` with systemd inside), and on version 1 in another one for some
 * controllers: engines give a container the same path in all. Its own paths where none bears the container's id.
 */
export function pathsOfContainer({ version, path, controllers }: CgroupPaths, container: string | null): CgroupPaths {
  const borne = (controller: string): string | undefined =>
    idsInPath(path(controller)).find(({ id }) => id === container)?.path;
  const some = controllers.map(borne).find((each) => each !== undefined);
  return { version, controllers, path: (controller) => borne(controller) ?? some ?? path(controller) };
}

/** Quota and period of processor time, of every level; on version 2 one file has both. */
const CPU = { 2: ['cpu.max'], 1: ['cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us'] } as const;

/**
 * Version 1 has no such limits: its soft limit slows nobody down, and its other one counts memory and swap together.
 */
const ONLY_2 = { high: 'memory.high', swap: 'memory.swap.max', io: 'io.max' } as const;
const ONLY_1 = { limit: 'memory/memory.memsw.limit_in_bytes', current: 'memory/memory.memsw.usage_in_bytes' } as const;

/** What a file of version 1 limits; of its own cgroup alone. Source: cgroup-v1/blkio-controller.rst. */
const IO_1 = {
  'blkio/blkio.throttle.read_bps_device': 'read-bytes',
  'blkio/blkio.throttle.write_bps_device': 'written-bytes',
  'blkio/blkio.throttle.read_iops_device': 'reads',
  'blkio/blkio.throttle.write_iops_device': 'writes',
} as const;
/** The words of io.max. */
const IO_2 = { rbps: 'read-bytes', wbps: 'written-bytes', riops: 'reads', wiops: 'writes' } as const;

/** Sizes of huge pages that architectures have. Source: admin-guide/mm/hugetlbpage.rst. */
const HUGE = ['64KB', '2MB', '32MB', '1GB'];
const HUGE_FILES = {
  2: ['hugetlb.#.current', 'hugetlb.#.max'],
  1: ['hugetlb/hugetlb.#.usage_in_bytes', 'hugetlb/hugetlb.#.limit_in_bytes'],
} as const;
const hugeFile = (version: 1 | 2, size: string, which: 0 | 1): string => HUGE_FILES[version][which].replace('#', size);

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
  const huge = paths.version === 2 || paths.controllers.includes('hugetlb') ? HUGE : [];
  const everyLevel = [
    ...CPU[paths.version],
    ...Object.values(paths.version === 2 ? ONLY_2 : { limit: ONLY_1.limit }),
    ...huge.map((size) => hugeFile(paths.version, size, 1)),
    ...Object.values(EVERY_LEVEL[paths.version]),
  ];
  const once = [
    ...Object.values(ONCE[paths.version]),
    ...(paths.version === 2 ? [] : [ONLY_1.current, ...Object.keys(IO_1)]),
    ...huge.map((size) => hugeFile(paths.version, size, 0)),
  ];
  return [
    ...new Set([
      ...filesOf(version, paths.path),
      ...everyLevel.flatMap((name) => [paths, inner].flatMap(({ path }) => levelFiles(version, path, name))),
      ...once.map((name) => fileOf(version, paths.path, name)),
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

type IoLimits = NonNullable<DetailOf<'limits'>['ioLimits']>;

/** The smallest of each kind for each disk, of all levels on version 2. */
function ioLimits(paths: CgroupPaths, texts: FileTexts): IoLimits {
  const least = new Map<string, IoLimits[number]>();
  const add = (limit: IoLimits[number]): void => {
    const key = `${limit.device} ${limit.of}`;
    if (limit.most < (least.get(key)?.most ?? Number.POSITIVE_INFINITY)) least.set(key, limit);
  };
  if (paths.version === 1) {
    for (const [name, of] of Object.entries(IO_1)) {
      const lines = (texts[fileOf('1', paths.path, name)] ?? '').matchAll(/^(\d+:\d+) (\d+)$/gm);
      for (const [, device = '', most] of lines) add({ device, of, most: Number(most), setBy: paths.path('blkio') });
    }
    return [...least.values()];
  }
  for (const setBy of withAncestors(paths.path('io'))) {
    for (const [, device = '', words = ''] of (texts[fileAt('2', setBy, ONLY_2.io)] ?? '').matchAll(
      /^(\d+:\d+) (.*)$/gm,
    )) {
      for (const [, word = '', most] of words.matchAll(/(\w+)=(\d+)/g)) {
        const of = IO_2[word as keyof typeof IO_2];
        if (of !== undefined) add({ device, of, most: Number(most), setBy });
      }
    }
  }
  return [...least.values()];
}

function hugePages(paths: CgroupPaths, texts: FileTexts): NonNullable<DetailOf<'limits'>['hugePages']> {
  return HUGE.flatMap((size) => {
    const text = texts[fileOf(versionOf(paths), paths.path, hugeFile(paths.version, size, 0))]?.trim() ?? '';
    if (!/^\d+$/.test(text)) return [];
    const current = Number(text);
    const limit = limitOf(versionOf(paths), paths.path, hugeFile(paths.version, size, 1), texts);
    return current === 0 && limit.value === null ? [] : [{ size, current, limit }];
  });
}

/** Whether a cgroup is another one, or below it. */
const isWithin = (cgroup: string, other: string): boolean =>
  cgroup === other || cgroup.startsWith(other === '/' ? other : `${other}/`);

/** Controllers for which a process stands in another cgroup than what is told of it says. */
function elsewhere(paths: CgroupPaths, inner: CgroupPaths): NonNullable<DetailOf<'limits'>['elsewhere']> {
  const told = paths.path('memory');
  return paths.controllers
    .filter((controller) => !isWithin(inner.path(controller), told))
    .map((controller) => ({ controller, path: inner.path(controller) }));
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

/** The cgroup that a process is in, where that is below what is told of it. */
function innerPath(paths: CgroupPaths, inner: CgroupPaths): string | null {
  const [told, own] = [paths.path('memory'), inner.path('memory')];
  return own !== told && isWithin(own, told) ? own : null;
}

type Below = NonNullable<DetailOf<'limits'>['below']>;

/** Limits of the process that are smaller than its container's; undefined where there are none. */
function limitsBelow(paths: CgroupPaths, inner: CgroupPaths, texts: FileTexts): Below | undefined {
  const own = limitsOf(versionOf(paths), paths.path, texts);
  const all = limitsOf(versionOf(paths), inner.path, texts);
  const within = (controller: string): boolean => isWithin(inner.path(controller), paths.path(controller));
  const smaller = (name: 'memory' | 'tasks', controller: string) =>
    !within(controller) || all[name].setBy === own[name].setBy ? null : all[name];
  const cpu = cpuLimit(inner, texts);
  const below: Below = {
    memory: smaller('memory', 'memory'),
    cpu: !within('cpu') || cpu?.setBy === cpuLimit(paths, texts)?.setBy ? null : cpu,
    tasks: smaller('tasks', 'pids'),
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
  const path = paths.path('memory');
  const others = elsewhere(paths, inner);
  // Of the root of a hierarchy the kernel tells what the whole machine uses: that is nobody's use but its own.
  const machines = (controller: string): boolean => path !== '/' && paths.path(controller) === '/';
  const usedUnits = machines('cpuacct') ? null : usage.cpuMicroseconds;
  const known = usedUnits !== null || once(weight) !== null;
  const huge = hugePages(paths, texts);
  const most = ioLimits(paths, texts);
  const both = paths.version === 1 ? (once(ONLY_1.current)?.trim() ?? '') : '';
  return {
    kind: 'limits',
    version: paths.version,
    path,
    inner: innerPath(paths, inner),
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
            ...(/^\d+$/.test(both)
              ? { withSwap: { current: Number(both), limit: limitOf(version, paths.path, ONLY_1.limit, texts) } }
              : {}),
          },
    cpu: known
      ? {
          limit: cpuLimit(paths, texts),
          used: usedUnits === null ? null : usedUnits / 1e6,
          throttled: usage.throttledMicroseconds === null ? null : usage.throttledMicroseconds / 1e6,
          weight: /^\d+$/.test(weightText) ? Number(weightText) : null,
          cpus: once(cpus)?.trim() ?? null,
        }
      : null,
    tasks: usage.tasks === null ? null : { current: usage.tasks, limit: limits.tasks },
    ...(below === undefined ? {} : { below }),
    io: ioText === null || machines('blkio') ? null : paths.version === 2 ? ioOfV2(ioText) : ioOfV1(ioText),
    ...(most.length === 0 ? {} : { ioLimits: most }),
    ...(huge.length === 0 ? {} : { hugePages: huge }),
    ...(others.length === 0 ? {} : { elsewhere: others }),
  };
}
