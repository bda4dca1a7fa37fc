import type { DetailOf, Mount } from '#core/detail/detail.ts';
import { propagationGroups, propagationPeers } from '#core/detail/mount-tables.ts';
import { parseMounts } from '#core/detail/texts.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { DetailError, plain, type Service } from './service.ts';
import { wayTo } from './way.ts';

/** More mount namespaces than these are not asked for their propagation groups. */
const MOST_TABLES = 200;

async function otherMounts(ask: Service['ask'], snapshot: Snapshot, id: string): Promise<Map<string, Mount[]>> {
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const others = snapshot.namespaces
    .filter((each) => each.kind === 'mnt' && each.id !== id)
    .slice(0, MOST_TABLES)
    .flatMap((each) => {
      const process = processes.get(each.pids[0] ?? -1);
      return process === undefined ? [] : [{ id: each.id, process }];
    });
  const tables = await Promise.all(
    others.map(async ({ id: other, process }) => {
      // Who has ended meanwhile has no mounts any more.
      const reply = await ask(['files', process.pid, process.startTime, 'mountinfo']).catch(() => null);
      return [other, parseMounts(plain(reply?.texts).mountinfo ?? '')] as const;
    }),
  );
  return new Map(tables);
}

/** The mount table of a mount namespace, and who else sees what is mounted there. */
export async function mountsDetail(ask: Service['ask'], snapshot: Snapshot, id: string): Promise<DetailOf<'mnt'>> {
  const { process } = wayTo(snapshot, id);
  if (process === null) throw new DetailError('No process is in it, so its mount table cannot be read.');
  const texts = plain((await ask(['files', process.pid, process.startTime, 'mountinfo'])).texts);
  if (texts.mountinfo === null || texts.mountinfo === undefined) {
    throw new DetailError('No process is in it, so its mount table cannot be read.');
  }
  const mounts = parseMounts(texts.mountinfo);
  const groups = propagationGroups(mounts);
  const others = groups.size === 0 ? new Map<string, Mount[]>() : await otherMounts(ask, snapshot, id);
  return { kind: 'mnt', mounts, peers: propagationPeers(groups, others) };
}
