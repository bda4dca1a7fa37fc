import { bytesText } from '../text/bytes.ts';
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
  const used = value === null ? 'unknown' : text(value);
  if (most === null) return `${used}, no limit`;
  return `${used} of ${text(most)}${setBy === own || setBy === null ? '' : ` (set by ${setBy})`}`;
}

function memoryRows({ memory, path }: Limits): [string, string | null][] {
  if (memory === null) return [];
  const { current, fileCache, reclaimable, shared, swap, oomKills, pressure } = memory;
  const cache = fileCache === null ? '' : `, ${bytesText(fileCache)} of it file cache`;
  const stats = reclaimable === null ? null : bytesText(Math.max(0, current - reclaimable));
  return [
    ['Memory', limited(current, memory.limit, path, bytesText) + cache],
    ['In docker stats', stats === null ? null : `${stats}: without file cache that was not used lately`],
    [
      'Shared memory',
      shared === null || shared === 0 ? null : `${bytesText(shared)}, tmpfs with it: it counts and stays`,
    ],
    ['Slowed down above', memory.high.value === null ? null : bytesText(memory.high.value)],
    ['Swap', swap === null ? null : limited(swap, memory.swapLimit, path, bytesText)],
    ['Waiting for memory', pressure === null || pressure === 0 ? null : `${pressure} % of the last 10 s`],
    ['Killed for memory', oomKills === null || oomKills === 0 ? null : `${oomKills} times a process`],
  ];
}

function cpuText({ quota, period, setBy }: NonNullable<NonNullable<Limits['cpu']>['limit']>, own: string): string {
  const by = setBy === own ? '' : `, set by ${setBy}`;
  return `${(quota / period).toFixed(2)} CPUs (${quota} of each ${period} µs${by})`;
}

function cpuLimitText({ cpu, path }: Limits): string | null {
  if (cpu === null) return null;
  return cpu.limit === null ? 'no limit' : cpuText(cpu.limit, path);
}

/** What holds for the process and not for all of its container. */
function belowRows({ below, path }: Limits): [string, string | null][] {
  if (below === undefined) return [];
  const row = (name: string, limit: Limit | null, text: (value: number) => string): [string, string | null] => [
    `For its process: ${name}`,
    limit?.value == null ? null : `at most ${text(limit.value)} (set by ${limit.setBy})`,
  ];
  return [
    row('memory', below.memory, bytesText),
    ['For its process: CPU', below.cpu === null ? null : `at most ${cpuText(below.cpu, path)}`],
    row('tasks', below.tasks, String),
  ];
}

export function limitSections(detail: Limits): Section[] {
  const { cpu, tasks, io, path } = detail;
  return [
    facts('limits', 'Quotas', [
      ['Cgroup', `${path} (version ${detail.version})`],
      ['Its process is in', detail.inner],
      ...memoryRows(detail),
      ['CPU limit', cpuLimitText(detail)],
      ['CPU used', cpu?.used == null ? null : seconds(cpu.used)],
      ['CPU throttled', cpu?.throttled == null ? null : seconds(cpu.throttled)],
      ['CPU weight', cpu?.weight == null ? null : String(cpu.weight)],
      ['CPUs', cpu?.cpus ?? null],
      ['Tasks (threads)', tasks === null ? null : limited(tasks.current, tasks.limit, path, String)],
      ...belowRows(detail),
      ...(io ?? []).map(({ device, read, written }): [string, string] => [
        `Disk ${device}`,
        `${bytesText(read)} read, ${bytesText(written)} written`,
      ]),
    ]),
  ];
}
