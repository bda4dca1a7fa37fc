import type { Detail } from '#core/detail/detail.ts';
import { cgroupFiles, parseCgroupPaths, wallsDetail } from '#core/detail/texts.ts';
import { treeOfVm } from '#core/enter/vm-target.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { DetailError, plain, type Service, word } from './service.ts';

/** Limits and use of a process's cgroup. */
export async function limitsOf({ ask }: Service, snapshot: Snapshot, pid: number, startTime: number): Promise<Detail> {
  const own = plain((await ask(['files', pid, startTime, 'cgroup'])).texts);
  if (own.cgroup === null || own.cgroup === undefined) throw new DetailError('Its cgroup cannot be read.');
  const paths = parseCgroupPaths(own.cgroup);
  const tree = treeOfVm(snapshot);
  if (tree === null) throw new DetailError('No process is known through whose tree the cgroups could be read.');
  const files = cgroupFiles(paths);
  const names = [...files.values()].map((path) => word(`root/${path}`));
  const texts = plain((await ask(['files', tree.pid, tree.startTime, ...names])).texts);
  const byName = [...files].map(([name, path]) => [name, texts[word(`root/${path}`)] ?? null] as const);
  return wallsDetail(paths, Object.fromEntries(byName));
}
