import type * as z from 'zod';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';
import type { MachineUsage } from '../usage/schema.ts';
import { sentences, t } from '../words/words.ts';
import type { topSchema } from './schemas.ts';
import type { Usage } from './usage.ts';
import type { ListedUsage } from './usage-group.ts';

/** What users may sort by. */
export const USAGE_ORDERS = ['cpu', 'memory', 'io'] as const;
export type UsageOrder = (typeof USAGE_ORDERS)[number];

/** What a group holds: as the kernel counts it against the limit, or what its processes have resident. */
export function memoryOf({ cgroup, resident }: ListedUsage): number {
  return cgroup?.memory ?? resident;
}

const ORDERS: Readonly<Record<UsageOrder, (group: ListedUsage) => number>> = {
  cpu: ({ cpuPercent }) => cpuPercent ?? 0,
  memory: memoryOf,
  io: ({ readPerSecond, writtenPerSecond }) => (readPerSecond ?? 0) + (writtenPerSecond ?? 0),
};

/** Who uses most comes first; equal ones by name. */
export function byUse(order: UsageOrder): (a: ListedUsage, b: ListedUsage) => number {
  const value = ORDERS[order];
  return (a, b) => value(b) - value(a) || (a.group.name < b.group.name ? -1 : 1);
}

/** What Task Manager or Activity Monitor shows for a VM, in words. */
export function heldText(machine: MachineUsage): string {
  const back = machine.free + machine.fileCache + machine.kernelReclaimable;
  return sentences(
    t('{total} is the machine’s.', { total: bytesText(machine.total) }),
    t('Of that it could give back about {back}: what is free, file cache, and what the kernel can drop.', {
      back: bytesText(back),
    }),
    t(
      'Around a VM, Task Manager (VmmemWSL) and Activity Monitor show what the machine ever touched and has not given back, so they may show more than is used here.',
    ),
  );
}

/** What the machine has moved out of memory, and what it has ended for want of it. */
export function wantText({ swapTotal, swapUsed, oomKills }: MachineUsage): string {
  return sentences(
    swapTotal === 0
      ? t('Swap: none.')
      : t('Swap: {used} of {total}.', { used: bytesText(swapUsed), total: bytesText(swapTotal) }),
    oomKills === null
      ? t('Killed because memory ran out: unknown.')
      : t('Killed because memory ran out: {n, number}.', { n: oomKills }),
  );
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);

/** What can be summed, and what each has. */
function numbersOf({ group, cgroup, threads, ...rates }: ListedUsage) {
  return {
    cpuPercent: rounded(rates.cpuPercent),
    memory: cgroup?.memory ?? null,
    reclaimable: cgroup?.reclaimable ?? null,
    anonymous: cgroup?.anonymous ?? null,
    shared: cgroup?.shared ?? null,
    fileCache: cgroup?.fileCache ?? null,
    kernel: cgroup?.kernel ?? null,
    swap: cgroup?.swap ?? null,
    oomKills: cgroup?.oomKills ?? null,
    readPerSecond: rounded(rates.readPerSecond),
    writtenPerSecond: rounded(rates.writtenPerSecond),
    receivedPerSecond: rounded(rates.receivedPerSecond),
    sentPerSecond: rounded(rates.sentPerSecond),
    pids: group.processes.length,
    threads,
  };
}

/** `bulkhead top --once --json`: documented in docs/cli.md. */
export function usageReport(snapshot: Snapshot, use: Usage, order: UsageOrder): z.infer<typeof topSchema> {
  const sorted = byUse(order);
  const reported = (kind: 'container' | 'service') =>
    use.groups
      .filter(({ group }) => group.kind === kind)
      .sort(sorted)
      .map((each) => ({
        name: each.group.name,
        group: each.group.set?.name ?? null,
        ...numbersOf(each),
        memoryLimit: each.cgroup?.memoryLimit ?? null,
        limitSetBy: each.cgroup?.limitSetBy ?? null,
        throttledPercent: rounded(each.throttledPercent),
        memoryPressure: each.cgroup?.memoryPressure ?? null,
      }));
  return {
    takenAt: snapshot.takenAt,
    memory: {
      total: use.memory.total,
      parts: use.memory.parts.map(({ name, kind, bytes }) => ({ name, kind, bytes })),
      unexplained: use.memory.unexplained,
    },
    cpu: {
      cpus: use.cpu.cpus,
      parts: use.cpu.parts.map(({ name, kind, percent }) => ({ name, kind, percent: rounded(percent) })),
    },
    containers: reported('container'),
    services: reported('service'),
    groups: use.sets
      .toSorted((a, b) => sorted(a.sum, b.sum))
      .map(({ sum, members }) => ({
        name: sum.group.name,
        kind: sum.group.kind === 'pod' ? 'pod' : 'compose',
        members: members.toSorted(sorted).map(({ group }) => group.name),
        ...numbersOf(sum),
      })),
  };
}
