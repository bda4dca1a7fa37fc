import { expect, test } from 'vitest';
import type { Usage } from '../answer/usage.ts';
import type { GroupUsage } from '../answer/usage-group.ts';
import type { CgroupUsage } from '../usage/schema.ts';
import { cardUses } from './card-use.ts';

const MIB = 1024 ** 2;
const CGROUP: CgroupUsage = {
  ...{ memory: 60 * MIB, anonymous: 0, shared: 0, fileCache: 0, reclaimable: 0, kernel: 0, swap: 0 },
  ...{ memoryLimit: 64 * MIB, limitSetBy: '/x', oomKills: 0, memoryPressure: 0, cpuMicroseconds: 0 },
  ...{ throttledMicroseconds: 0, tasks: 1, tasksLimit: null, readBytes: 0, writtenBytes: 0 },
};
const process = { pid: 7 } as GroupUsage['group']['processes'][number];

function use(more: Partial<GroupUsage>): ReturnType<typeof cardUses> {
  const group: GroupUsage = {
    group: { key: 'a', kind: 'container', name: 'a', cgroup: '/a', processes: [process], set: null },
    ...{ cpuPercent: 100, throttledPercent: 0, resident: 9 * MIB, threads: 1, cgroup: CGROUP },
    ...{ readPerSecond: null, writtenPerSecond: null, receivedPerSecond: null, sentPerSecond: null },
    ...more,
  };
  const usage: Usage = {
    memory: { total: 600 * MIB, parts: [], unexplained: 0 },
    cpu: { cpus: 4, parts: [] },
    groups: [group],
    sets: [],
    processes: new Map(),
  };
  return cardUses(usage);
}

test('a card tells its share of the machine, and where it comes against its own limit', () => {
  expect(use({}).get('a')).toEqual({
    cpu: 0.25,
    memory: 0.1,
    pressed: { cpu: false, memory: true },
    text: '100 % CPU · 60.0 MiB',
    unknown: null,
  });
  // Cache that goes at once is no want of memory.
  const cache = use({ cgroup: { ...CGROUP, reclaimable: 40 * MIB }, throttledPercent: 30 });
  expect(cache.get('a')?.pressed).toEqual({ cpu: true, memory: false });
});

test('without a cgroup of its own it is what the processes hold, and what is not known is told to be so, and why', () => {
  const group = { key: 'a', kind: 'container', name: 'a', cgroup: null, processes: [process], set: null } as const;
  expect(use({ cgroup: null, cpuPercent: null, group }).get('a')).toEqual({
    cpu: null,
    memory: 9 / 600,
    pressed: { cpu: false, memory: false },
    text: 'CPU unknown · 9.0 MiB',
    unknown: expect.stringMatching(/no cgroup of its own/),
  });
  expect(use({ group: { key: 'a', kind: 'container', name: 'a', cgroup: null, processes: [], set: null } }).size).toBe(
    0,
  );
});
