import type { Detail } from '#core/detail/detail.ts';
import { limitFiles, limitsDetail, parseCgroupPaths, pathsOfContainer } from '#core/detail/limits.ts';
import { treeOfVm } from '#core/enter/vm-target.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import { DetailError, plain, type Service, word } from './service.ts';

/** Limits and use of a process's cgroup; of its container's own, where it is in one. */
export async function limitsOf({ ask }: Service, snapshot: Snapshot, pid: number, startTime: number): Promise<Detail> {
  const own = plain((await ask(['files', pid, startTime, 'cgroup'])).texts);
  if (own.cgroup === null || own.cgroup === undefined) throw new DetailError(() => t('Its cgroup cannot be read.'));
  const inner = parseCgroupPaths(own.cgroup);
  const process = snapshot.processes.find((each) => each.pid === pid);
  // Version 1 has what has ended in the root, where the whole machine is counted.
  if (process?.state === 'Z' && inner.version === 1)
    throw new DetailError(() => t('It has ended, and is in no cgroup that limits or counts it.'));
  const container = process?.container ?? null;
  const paths = pathsOfContainer(inner, container);
  const tree = treeOfVm(snapshot);
  if (tree === null)
    throw new DetailError(() => t('No process is known through whose tree the cgroups could be read.'));
  const files = limitFiles(paths, inner);
  const names = files.map((file) => word(`root/${file}`));
  const texts = plain((await ask(['files', tree.pid, tree.startTime, ...names])).texts);
  const byFile = Object.fromEntries(files.map((file, at) => [file, texts[names[at] ?? ''] ?? null]));
  return limitsDetail(paths, inner, byFile);
}
