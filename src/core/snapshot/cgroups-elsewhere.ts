import type { Process } from './snapshot.ts';

/** The cgroups of a process that are not below its container's own, in the order in which they are told. */
export function cgroupsElsewhere(
  { cgroup, otherCgroups }: Pick<Process, 'cgroup' | 'otherCgroups'>,
  container: string,
): string[] {
  const all = cgroup === null ? otherCgroups : [cgroup, ...otherCgroups];
  return all.filter((path) => !path.includes(container));
}
