import { type Usage, usageOf } from '../../src/core/answer/usage.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { usageGroups } from '../../src/core/usage/groups.ts';
import type { CgroupUsage, UsageSample } from '../../src/core/usage/schema.ts';

const MIB = 1024 ** 2;

const UNKNOWN: CgroupUsage = {
  ...{ memory: null, anonymous: null, shared: null, fileCache: null, reclaimable: null, kernel: null, swap: null },
  ...{ memoryLimit: null, limitSetBy: null, oomKills: null, memoryPressure: null, cpuMicroseconds: null },
  ...{ throttledMicroseconds: null, tasks: null, tasksLimit: null, readBytes: null, writtenBytes: null },
};

/** What everything had used after so many seconds; each group a little more than the one before it. */
function sampleOf(snapshot: Snapshot, seconds: number): UsageSample {
  const groups = Object.fromEntries(
    usageGroups(snapshot).map(({ key }, index) => [
      key,
      {
        ...UNKNOWN,
        ...{ memory: (index + 2) * 10 * MIB, anonymous: (index + 1) * 10 * MIB, shared: 0, fileCache: 10 * MIB },
        ...{ memoryLimit: 512 * MIB, limitSetBy: '/docker', oomKills: 0, cpuMicroseconds: seconds * 1e5 * (index + 1) },
      },
    ]),
  );
  return {
    at: seconds * 1_000,
    machine: {
      ...{ total: 4096 * MIB, free: 2048 * MIB, available: 3000 * MIB, anonymous: 1024 * MIB, shared: 0 },
      ...{ fileCache: 512 * MIB, kernel: [{ name: 'page tables', bytes: 64 * MIB }], kernelReclaimable: 0 },
      ...{ swapTotal: 0, swapUsed: 0, cpus: 2, busyTicks: seconds * 150, idleTicks: 0, oomKills: 0 },
      pressure: { cpu: 0, memory: 0, io: 0 },
    },
    groups,
    networks: {},
    processes: [],
  };
}

/** Who uses what, made up: every group of a snapshot something. */
export const madeUsage = (snapshot: Snapshot): Usage => usageOf(snapshot, sampleOf(snapshot, 0), sampleOf(snapshot, 1));
