import { bytesText } from '../text/bytes.ts';
import { and, type PlainMessage, t } from '../words/words.ts';
import type { ListedUsage } from './usage-group.ts';
import { memoryOf } from './usage-report.ts';
import { isSum } from './usage-sets.ts';

/** What the list of who uses what can be sorted by. */
export interface UsageColumn {
  readonly id: string;
  readonly label: PlainMessage;
  /** What the number is and where it comes from. */
  readonly title: PlainMessage;
  /** Null where the kernel does not say. */
  readonly value: (group: ListedUsage) => number | string | null;
  readonly text: (group: ListedUsage) => string;
}

/** What a row is of. */
export const KIND_NAMES: Readonly<Record<ListedUsage['group']['kind'], PlainMessage>> = {
  container: 'container',
  service: 'service',
  compose: 'project',
  pod: 'pod',
};

/** As every list has it: nobody reads tenths of what is large. */
export const percent = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** What each member has for itself, and no sum tells. */
const OF_MEMBERS: ReadonlySet<string> = new Set(['limit', 'throttled', 'pressure']);

function unknownText(group: ListedUsage, id: string, unknown: string): string {
  if (isSum(group) && OF_MEMBERS.has(id)) return '';
  // No limit is told only where the kernel counts at all.
  return id === 'limit' && group.cgroup?.memory == null ? '?' : unknown;
}

function number(
  id: string,
  label: PlainMessage,
  title: PlainMessage,
  value: (group: ListedUsage) => number | null | undefined,
  text: (value: number) => string = String,
  unknown = '?',
): UsageColumn {
  return {
    ...{ id, label, title },
    value: (group) => value(group) ?? null,
    text: (group) => {
      const known = value(group);
      return known == null ? unknownText(group, id, unknown) : text(known);
    },
  };
}

/** What `docker stats` shows: without file cache that was not used lately. */
export const dockerStats = ({ cgroup }: ListedUsage): number | null =>
  cgroup?.memory == null ? null : Math.max(0, cgroup.memory - (cgroup.reclaimable ?? 0));

export const USAGE_COLUMNS: readonly UsageColumn[] = [
  {
    ...{ id: 'name', label: 'Name', title: 'The container, or the service of the machine' },
    value: ({ group }) => group.name,
    text: ({ group }) => group.name,
  },
  number('cpu', 'CPU %', 'Of one processor: two busy ones are 200', ({ cpuPercent }) => cpuPercent, percent),
  number('memory', 'Memory', 'As the kernel counts it against the limit, file cache with it', memoryOf, bytesText),
  number(
    'stats',
    'docker stats',
    'The same without file cache that was not used lately: what docker stats shows',
    dockerStats,
    bytesText,
  ),
  number(
    'limit',
    'Limit',
    'The smallest limit up to the root; – means none',
    ({ cgroup }) => cgroup?.memoryLimit,
    bytesText,
    '–',
  ),
  number(
    'cache',
    'File cache',
    'Content of files: it is dropped when others need the memory',
    ({ cgroup }) => cgroup?.fileCache,
    bytesText,
  ),
  number(
    'reclaimable',
    'Unused cache',
    'File cache that was not used lately: it can be dropped at once, and docker stats leaves it out',
    ({ cgroup }) => cgroup?.reclaimable,
    bytesText,
  ),
  number(
    'shared',
    'Shared memory',
    'Shared memory and tmpfs, in files that are on no disk: it is freed only when the files are removed',
    ({ cgroup }) => cgroup?.shared,
    bytesText,
  ),
  number('swap', 'Swap', 'Moved out of memory', ({ cgroup }) => cgroup?.swap, bytesText),
  number('read', 'Read/s', 'From storage', ({ readPerSecond }) => readPerSecond, bytesText),
  number('written', 'Written/s', 'To storage', ({ writtenPerSecond }) => writtenPerSecond, bytesText),
  number(
    'received',
    'In/s',
    'Received by the links of its network namespace, whoever shares it',
    ({ receivedPerSecond }) => receivedPerSecond,
    bytesText,
    '–',
  ),
  number(
    'sent',
    'Out/s',
    'Sent by the links of its network namespace, whoever shares it',
    ({ sentPerSecond }) => sentPerSecond,
    bytesText,
    '–',
  ),
  number(
    'throttled',
    'Throttled %',
    'Share of the time in which its processor limit held it back',
    ({ throttledPercent }) => throttledPercent,
    percent,
    '–',
  ),
  number(
    'pressure',
    'Waits %',
    'Share of the last 10 s in which a task of it waited for memory',
    ({ cgroup }) => cgroup?.memoryPressure,
    percent,
    '–',
  ),
  number(
    'oom',
    'OOM kills',
    'Processes that the kernel killed because memory ran out',
    ({ cgroup }) => cgroup?.oomKills,
  ),
  number('pids', 'Processes', 'How many', ({ group }) => group.processes.length),
  number('threads', 'Threads', 'How many, those of all its processes', ({ threads }) => threads),
];

/** The order of a column; what is not known stands last, equal ones by name. */
export function byColumn(column: UsageColumn, down: boolean): (a: ListedUsage, b: ListedUsage) => number {
  return (a, b) => {
    const [one, other] = [column.value(a), column.value(b)];
    if (one === other) return a.group.name < b.group.name ? -1 : 1;
    if (one === null) return 1;
    if (other === null) return -1;
    return (one < other ? -1 : 1) * (down ? -1 : 1);
  };
}

/** Why some numbers of it are unknown; null where nothing of the kind is. */
export function whyUnknown({ group, cgroup }: ListedUsage): string | null {
  if (group.kind === 'compose' || group.kind === 'pod') {
    return t('It is not known for one of its members, so the sum is not known.');
  }
  if (group.cgroup === null) {
    return t(
      'It has no cgroup of its own, so the kernel counts it together with others. Memory is what its processes have resident.',
    );
  }
  const missing = [
    ...(cgroup?.memory == null ? ['memory'] : []),
    ...(cgroup?.cpuMicroseconds == null ? ['cpu'] : []),
    ...(cgroup?.readBytes == null ? ['io'] : []),
  ];
  return missing.length === 0
    ? null
    : t('The kernel does not count {controllers} for its cgroup: the controller is not enabled there.', {
        controllers: and(missing),
      });
}
