import { expect, test } from 'vitest';
import type { Usage } from '#core/answer/usage.ts';
import type { GroupUsage } from '#core/answer/usage-group.ts';
import { width } from './text.ts';
import { groupsTable } from './top-columns.ts';

const MIB = 1024 ** 2;

function use(limitSetBy: string | null): Usage {
  const group: GroupUsage = {
    group: { key: 'a', kind: 'container', name: 'web1', cgroup: '/docker/a', processes: [], set: null },
    ...{ cpuPercent: 12.34, throttledPercent: 30, resident: 0, threads: 4 },
    ...{ readPerSecond: 0, writtenPerSecond: 0, receivedPerSecond: null, sentPerSecond: null },
    cgroup: {
      ...{ memory: 60 * MIB, anonymous: 20 * MIB, shared: 7 * MIB, fileCache: 30 * MIB, reclaimable: 25 * MIB },
      ...{ kernel: 0, swap: 3 * MIB, memoryLimit: 64 * MIB, limitSetBy, oomKills: 2, memoryPressure: 1.5 },
      ...{ cpuMicroseconds: 0, throttledMicroseconds: 0, tasks: 4, tasksLimit: null, readBytes: 0, writtenBytes: 0 },
    },
  };
  const memory = { total: 600 * MIB, parts: [], unexplained: 0 };
  return { memory, cpu: { cpus: 1, parts: [] }, groups: [group], sets: [], processes: new Map() };
}

test('in a pipe all is told: as the kernel counts and as docker stats does, shared, swap, kills, throttling', () => {
  const [head = '', row = ''] = groupsTable(use('/docker/a'), 'cpu', false, null).split('\n');
  const cells = (line: string) => line.trim().split(/ {2,}/);
  const told = Object.fromEntries(cells(head).map((name, at) => [name, cells(row)[at]]));
  expect(told).toMatchObject({
    ...{ NAME: 'web1', MEMORY: '60.0 MiB', 'DOCKER STATS': '35.0 MiB', LIMIT: '64.0 MiB', 'FILE CACHE': '30.0 MiB' },
    ...{ SHARED: '7.0 MiB', SWAP: '3.0 MiB', 'OOM KILLS': '2', 'THROTTLED %': '30', 'WAITS %': '1.5' },
  });
});

test('a limit that a cgroup above sets is told with that', () => {
  expect(groupsTable(use('/docker'), 'cpu', false, null)).toContain('64.0 MiB of /docker');
});

test.each([200, 120, 80, 60])('a terminal of %i columns gets what has room, the most telling first', (columns) => {
  const lines = groupsTable(use('/docker/a'), 'cpu', false, columns).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
  expect(lines[0]).toMatch(/^NAME.*CPU %.*MEMORY/);
  if (columns >= 80) expect(lines[0]).toMatch(/READ\/S/);
});
