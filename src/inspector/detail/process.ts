import type { Detail } from '#core/detail/detail.ts';
import { processDetail } from '#core/detail/texts.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { plain, type Service } from './service.ts';

const PROCESS_FILES = ['status', 'stat', 'exe', 'cwd', 'root', 'uid_map', 'attr/current', 'oom_score', 'limits'];

/** Who it runs as, what it uses, and its threads. */
export async function readProcess(
  { ask }: Service,
  snapshot: Snapshot,
  pid: number,
  startTime: number,
): Promise<Detail> {
  const [files, threads] = await Promise.all([
    ask(['files', pid, startTime, ...PROCESS_FILES]),
    ask(['threads', pid, startTime]),
  ]);
  return processDetail(plain(files.texts), plain(threads.texts), threads.count ?? 0, snapshot.host.clockTicks);
}
