import { bytesText } from '../text/bytes.ts';
import type { PlainMessage } from '../words/words.ts';
import type { GroupUsage, Usage } from './usage.ts';
import { memoryOf } from './usage-report.ts';

/** What the list of who uses what can be sorted by. */
export interface UsageColumn {
  readonly id: string;
  readonly label: PlainMessage;
  /** What the number is and where it comes from. */
  readonly title: PlainMessage;
  /** Null where the kernel does not say. */
  readonly value: (group: GroupUsage) => number | string | null;
  readonly text: (group: GroupUsage) => string;
}

/** As every list has it: nobody reads tenths of what is large. */
export const percent = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

function number(
  id: string,
  label: PlainMessage,
  title: PlainMessage,
  value: (group: GroupUsage) => number | null | undefined,
  text: (value: number) => string = String,
  unknown = '?',
): UsageColumn {
  return {
    ...{ id, label, title },
    value: (group) => value(group) ?? null,
    text: (group) => {
      const known = value(group);
      return known == null ? unknown : text(known);
    },
  };
}

/** What `docker stats` shows: without file cache that was not used lately. */
export const dockerStats = ({ cgroup }: GroupUsage): number | null =>
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
    'The smallest on the way up; – is none',
    ({ cgroup }) => cgroup?.memoryLimit,
    bytesText,
    '–',
  ),
  number(
    'cache',
    'File cache',
    'Content of files: it goes when others need the room',
    ({ cgroup }) => cgroup?.fileCache,
    bytesText,
  ),
  number(
    'reclaimable',
    'Unused cache',
    'File cache that was not used lately: it can go at once, and docker stats leaves it out',
    ({ cgroup }) => cgroup?.reclaimable,
    bytesText,
  ),
  number(
    'shared',
    'Shared memory',
    'Shared memory and tmpfs, in files that are on no disk: it goes only where somebody removes them',
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
    'Of the time, by its processor limit',
    ({ throttledPercent }) => throttledPercent,
    percent,
    '–',
  ),
  number(
    'pressure',
    'Waits %',
    'Of the last 10 s a task of it waited for memory',
    ({ cgroup }) => cgroup?.memoryPressure,
    percent,
    '–',
  ),
  number('oom', 'OOM kills', 'Processes that the kernel ended for want of memory', ({ cgroup }) => cgroup?.oomKills),
  number('pids', 'Processes', 'How many', ({ group }) => group.processes.length),
  number('threads', 'Threads', 'How many, those of all its processes', ({ threads }) => threads),
];

/** The groups in the order of a column; what is not known stands last, equal ones by name. */
export function orderedGroups({ groups }: Usage, column: UsageColumn, down: boolean): GroupUsage[] {
  const byName = (a: GroupUsage, b: GroupUsage) => (a.group.name < b.group.name ? -1 : 1);
  return [...groups].sort((a, b) => {
    const [one, other] = [column.value(a), column.value(b)];
    if (one === other) return byName(a, b);
    if (one === null) return 1;
    if (other === null) return -1;
    return (one < other ? -1 : 1) * (down ? -1 : 1);
  });
}
