import type * as z from 'zod';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { cgroupUsage, type FileTexts, filesOf } from './files.ts';
import { usageGroups } from './groups.ts';
import { machineUsage } from './machine.ts';
import type { UsageSample, usageReply } from './schema.ts';

/** The files of all cgroups whose use is counted, below the root of the file system. */
export function sampleFiles(snapshot: Snapshot): string[] {
  const version = snapshot.host.cgroupVersion;
  const files = usageGroups(snapshot).flatMap(({ cgroup }) => (cgroup === null ? [] : filesOf(version, () => cgroup)));
  return [...new Set(files)];
}

/**
 * @param cgroups the texts of `sampleFiles`
 * @param networks what went through the links of `countedNetworks`
 * @param machine the texts that came with `usage`
 * @returns null where the machine's memory could not be read
 */
export function usageSample(
  snapshot: Snapshot,
  at: number,
  { pageSize, processes }: z.infer<typeof usageReply>,
  machine: FileTexts,
  cgroups: FileTexts,
  networks: UsageSample['networks'] = {},
): UsageSample | null {
  const whole = machineUsage(machine);
  if (whole === null) return null;
  const version = snapshot.host.cgroupVersion;
  const groups = usageGroups(snapshot).flatMap(({ key, cgroup }) =>
    cgroup === null ? [] : [[key, cgroupUsage(version, () => cgroup, cgroups)] as const],
  );
  return {
    at,
    machine: whole,
    groups: Object.fromEntries(groups),
    networks,
    processes: processes.map(([pid, startTime, cpu, pages, readBytes, writtenBytes]) => {
      return { pid, startTime, cpu, resident: pages * pageSize, readBytes, writtenBytes };
    }),
  };
}
