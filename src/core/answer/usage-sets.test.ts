import { describe, expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { UsageSample } from '../usage/schema.ts';
import { usageOf } from './usage.ts';
import { byUse, usageReport } from './usage-report.ts';
import { usageRows } from './usage-sets.ts';

const MIB = 1024 ** 2;
const shop = { labels: { 'com.docker.compose.project': 'shop' } };
const path = (name: string) => `/docker/${idOf(name)}`;
const POD = 'ab'.repeat(32);

const snapshot: Snapshot = snapshotOf({
  containers: [
    { name: 'web', container: shop, process: { cgroup: path('web') } },
    // Within the network of web: what went through its links is the same.
    { name: 'side', container: shop, namespaces: { net: 'web' }, process: { cgroup: path('side') } },
    { name: 'db', container: shop, process: { cgroup: path('db') } },
    { name: 'alone', process: { cgroup: path('alone') } },
    { name: 'inpod', process: { cgroup: `/libpod_parent/${POD}/libpod-${idOf('inpod')}` } },
  ],
});

/** What each had used, in the order above: memory in MiB, processor seconds, and read MiB. */
function sample(second: number, numbers: readonly (readonly [memory: number, cpu: number, read: number | null])[]) {
  const unknown = {
    ...{ memory: null, anonymous: null, shared: null, fileCache: null, reclaimable: null, kernel: null, swap: null },
    ...{ memoryLimit: null, limitSetBy: null, oomKills: null, memoryPressure: null, throttledMicroseconds: null },
    ...{ tasks: 1, tasksLimit: null, writtenBytes: 0 },
  };
  const nets = [...new Set(snapshot.processes.map(({ namespaces }) => namespaces.net ?? ''))];
  const made: UsageSample = {
    at: second * 1_000,
    machine: {
      ...{ total: 1024 * MIB, free: 0, available: 0, anonymous: 0, shared: 0, fileCache: 0, kernel: [] },
      ...{ kernelReclaimable: 0, swapTotal: 0, swapUsed: 0, cpus: 2, busyTicks: 0, idleTicks: 0, oomKills: 0 },
      pressure: { cpu: null, memory: null, io: null },
    },
    groups: Object.fromEntries(
      ['web', 'side', 'db', 'alone', 'inpod'].map((name, index) => {
        const [memory, cpu, read] = numbers[index] ?? [0, 0, 0];
        return [
          idOf(name),
          {
            ...unknown,
            ...{ memory: memory * MIB, cpuMicroseconds: cpu * 1e6, readBytes: read === null ? null : read * MIB },
          },
        ];
      }),
    ),
    networks: Object.fromEntries(nets.map((id) => [id, { received: second * 100, sent: second * 10 }])),
    processes: [],
  };
  return made;
}

const usage = usageOf(
  snapshot,
  sample(0, [
    [10, 0, 0],
    [20, 0, 0],
    [30, 0, 0],
    [40, 0, 0],
    [50, 0, null],
  ]),
  sample(1, [
    [10, 0.2, 1],
    [20, 0.3, 2],
    [30, 0, 0],
    [40, 1, 0],
    [50, 0.1, null],
  ]),
);
const of = (name: string) => usage.sets.find(({ sum }) => sum.group.name === name);

describe('use by compose project and pod', () => {
  it('is the sum of the members', () => {
    expect(usage.sets.map(({ sum }) => [sum.group.kind, sum.group.name])).toEqual([
      ['compose', 'shop'],
      ['pod', POD.slice(0, 12)],
    ]);
    expect(of('shop')?.members.map(({ group }) => group.name)).toEqual(['db', 'side', 'web']);
    expect(of('shop')?.sum).toMatchObject({
      ...{ cpuPercent: 50, readPerSecond: 3 * MIB, threads: 3 },
      cgroup: { memory: 60 * MIB, memoryLimit: null },
    });
  });

  it('counts the links of a network that two members share once', () => {
    expect(of('shop')?.sum).toMatchObject({ receivedPerSecond: 200, sentPerSecond: 20 });
  });

  it('is unknown where it is of one member', () => {
    expect(of(POD.slice(0, 12))?.sum.readPerSecond).toBeNull();
  });

  it('stands before its members in a list, each level in the order that is asked for, and is folded', () => {
    const names = (folded: ReadonlySet<string>, order: 'cpu' | 'memory') =>
      usageRows(usage, byUse(order), folded)
        .filter(({ use }) => use.group.kind !== 'service')
        .map(({ use, depth }) => `${depth} ${use.group.name}`);
    const pod = POD.slice(0, 12);
    expect(names(new Set(), 'memory')).toEqual([
      ...['0 shop', '1 db', '1 side', '1 web', `0 ${pod}`, '1 inpod', '0 alone'],
    ]);
    expect(names(new Set(['compose:shop']), 'cpu')).toEqual(['0 alone', '0 shop', `0 ${pod}`, '1 inpod']);
  });

  it('is in the report beside the containers, who are told as before', () => {
    const report = usageReport(snapshot, usage, 'memory');
    expect(report.containers).toHaveLength(5);
    expect(report.containers.find(({ name }) => name === 'web')?.group).toBe('shop');
    expect(report.containers.find(({ name }) => name === 'alone')?.group).toBeNull();
    expect(report.groups[0]).toMatchObject({ name: 'shop', kind: 'compose', members: ['db', 'side', 'web'], pids: 3 });
  });
});
