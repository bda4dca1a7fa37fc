import { idsInPath } from '../parse/cgroup.ts';
import { bytesText } from '../text/bytes.ts';
import { commas, t } from '../words/words.ts';
import type { DetailOf } from './detail.ts';
import { facts, type Section, seconds } from './section.ts';

type Limits = DetailOf<'limits'>;
type Limit = NonNullable<Limits['tasks']>['limit'];

/** What is used of what there may be, and who says so where that is not the cgroup itself. */
function limited(
  value: number | null,
  { value: most, setBy }: Limit,
  own: string,
  text: (value: number) => string,
): string {
  const used = value === null ? t('unknown') : text(value);
  if (most === null) return t('{used}, no limit', { used });
  const limit = text(most);
  return setBy === own || setBy === null
    ? t('{used} of {limit}', { used, limit })
    : t('{used} of {limit} (set by {cgroup})', { used, limit, cgroup: setBy });
}

function memoryRows({ memory, path }: Limits): [string, string | null][] {
  if (memory === null) return [];
  const { current, fileCache, reclaimable, shared, swap, oomKills, pressure, withSwap } = memory;
  const used = limited(current, memory.limit, path, bytesText);
  const stats = reclaimable === null ? null : bytesText(Math.max(0, current - reclaimable));
  return [
    [
      t('Memory'),
      fileCache === null ? used : t('{used}, {cache} of it file cache', { used, cache: bytesText(fileCache) }),
    ],
    [
      t('In docker stats'),
      // It tells of containers alone.
      stats === null || idsInPath(path).length === 0
        ? null
        : t('{size}: without file cache that was not used lately', { size: stats }),
    ],
    [
      t('Shared memory'),
      shared === null || shared === 0
        ? null
        : t('{size}, with tmpfs: it counts, and is not reclaimed without swap', { size: bytesText(shared) }),
    ],
    [t('Slowed down above'), memory.high.value === null ? null : bytesText(memory.high.value)],
    [
      t('Memory and swap together'),
      withSwap?.limit.value == null ? null : limited(withSwap.current, withSwap.limit, path, bytesText),
    ],
    [t('Swap'), swap === null ? null : limited(swap, memory.swapLimit, path, bytesText)],
    [
      t('Waiting for memory'),
      pressure === null || pressure === 0 ? null : t('{percent} % of the last 10 s', { percent: pressure }),
    ],
    [
      t('Killed for memory'),
      oomKills === null || oomKills === 0
        ? null
        : t('{count, plural, one {# process} other {# processes}}', { count: oomKills }),
    ],
  ];
}

function cpuText({ quota, period, setBy }: NonNullable<NonNullable<Limits['cpu']>['limit']>, own: string): string {
  const cpus = (quota / period).toFixed(2);
  return setBy === own
    ? t('{cpus} CPUs ({quota} of each {period} µs)', { cpus, quota, period })
    : t('{cpus} CPUs ({quota} of each {period} µs, set by {cgroup})', { cpus, quota, period, cgroup: setBy });
}

function cpuLimitText({ cpu, path }: Limits): string | null {
  if (cpu === null) return null;
  return cpu.limit === null ? t('no limit') : cpuText(cpu.limit, path);
}

/** What holds for the process and not for all of its container. */
function belowRows({ below, path }: Limits): [string, string | null][] {
  if (below === undefined) return [];
  const most = (limit: Limit | null, text: (value: number) => string): string | null =>
    limit?.value == null
      ? null
      : t('at most {limit} (set by {cgroup})', { limit: text(limit.value), cgroup: limit.setBy ?? '?' });
  return [
    [t('For its process: memory'), most(below.memory, bytesText)],
    [t('For its process: CPU'), below.cpu === null ? null : t('at most {limit}', { limit: cpuText(below.cpu, path) })],
    [t('For its process: tasks'), most(below.tasks, String)],
  ];
}

/** What there may be a second of one disk. */
function diskLimit({ of, most, setBy }: NonNullable<Limits['ioLimits']>[number], own: string): string {
  const said = {
    'read-bytes': () => t('at most {bytes} read a second', { bytes: bytesText(most) }),
    'written-bytes': () => t('at most {bytes} written a second', { bytes: bytesText(most) }),
    reads: () => t('at most {n, number} reads a second', { n: most }),
    writes: () => t('at most {n, number} writes a second', { n: most }),
  }[of]();
  return setBy === own ? said : t('{limit} (set by {cgroup})', { limit: said, cgroup: setBy });
}

/** Where controllers of version 1 have a process in another cgroup: by the path, with whose limits hold. */
function elsewhereRows({ elsewhere = [], path }: Limits): [string, string][] {
  const others = [...new Set(elsewhere.map((each) => each.path))];
  const container = idsInPath(path).length > 0;
  return others.map((other): [string, string] => {
    const there = elsewhere.filter((each) => each.path === other);
    const values = { controllers: commas(there.map(({ controller }) => controller)), path: other };
    return [
      t('In another cgroup'),
      container
        ? t('{controllers}: its process is in {path}, and the limits above do not hold for it', values)
        : t('{controllers}: it is in {path}', values),
    ];
  });
}

export function limitSections(detail: Limits): Section[] {
  const { cpu, tasks, io, path } = detail;
  return [
    facts('limits', t('Quotas'), [
      [t('Cgroup'), t('{path} (version {version})', { path, version: detail.version })],
      // The root of a hierarchy is limited by nothing, and counts everything.
      [t('That is'), path === '/' ? t('the whole machine: no limit holds') : null],
      [t('Its process is in'), detail.inner],
      ...memoryRows(detail),
      [t('CPU limit'), cpuLimitText(detail)],
      [t('CPU used'), cpu?.used == null ? null : seconds(cpu.used)],
      [t('CPU throttled'), cpu?.throttled == null ? null : seconds(cpu.throttled)],
      [t('CPU weight'), cpu?.weight == null ? null : String(cpu.weight)],
      [t('CPUs ⟨which⟩'), cpu?.cpus ?? null],
      [t('Tasks (threads)'), tasks === null ? null : limited(tasks.current, tasks.limit, path, String)],
      ...belowRows(detail),
      ...elsewhereRows(detail),
      ...(detail.hugePages ?? []).map(({ size, current, limit }): [string, string] => [
        t('Huge pages of {size}', { size }),
        limited(current, limit, path, bytesText),
      ]),
      ...(io ?? []).map(({ device, read, written }): [string, string] => [
        t('Disk {device}', { device }),
        t('{read} read, {written} written', { read: bytesText(read), written: bytesText(written) }),
      ]),
      ...(detail.ioLimits ?? []).map((limit): [string, string] => [
        t('Disk {device}', { device: limit.device }),
        diskLimit(limit, path),
      ]),
    ]),
  ];
}
