import type { DetailOf, Mount } from '#core/detail/detail.ts';
import { propagationGroups, propagationPeers } from '#core/detail/mount-tables.ts';
import { parseMounts } from '#core/detail/texts.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import { DetailError, plain, type Service } from './service.ts';
import { wayTo } from './way.ts';

/** Tables that are asked for at once. */
const BATCH = 50;
/**
 * The mount tables of other namespaces only serve to name peers: a reader waits no longer for them, in milliseconds.
 */
const OTHERS_WITHIN_MS = 3_000;

/** The mount tables of the other namespaces, the machine's own first: most propagation groups lead there. */
async function otherMounts(
  ask: Service['ask'],
  { host, namespaces, processes }: Snapshot,
  id: string,
  now: () => number,
): Promise<{ tables: Map<string, Mount[]>; unread: number }> {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const isHost = (each: string): boolean => each === host.namespaces.mnt || each === host.initial.mnt;
  const others = namespaces
    .filter((each) => each.kind === 'mnt' && each.id !== id && each.pids.length > 0)
    .sort((a, b) => Number(isHost(b.id)) - Number(isHost(a.id)));
  const tables = new Map<string, Mount[]>();
  const until = now() + OTHERS_WITHIN_MS;
  for (let first = 0; first < others.length && now() < until; first += BATCH) {
    await Promise.all(
      others.slice(first, first + BATCH).map(async (other) => {
        const process = byPid.get(other.pids[0] ?? -1);
        if (process === undefined) return;
        // Who has ended meanwhile has no mounts any more.
        const reply = await ask(['files', process.pid, process.startTime, 'mountinfo']).catch(() => null);
        const text = plain(reply?.texts).mountinfo;
        if (typeof text === 'string') tables.set(other.id, parseMounts(text));
      }),
    );
  }
  return { tables, unread: others.length - tables.size };
}

/** The mount table of a mount namespace, and who else sees what is mounted there. */
export async function mountsDetail(
  ask: Service['ask'],
  snapshot: Snapshot,
  id: string,
  now: () => number = () => performance.now(),
): Promise<DetailOf<'mnt'>> {
  const { process } = wayTo(snapshot, id);
  if (process === null) throw new DetailError(() => t('No process is in it, so its mount table cannot be read.'));
  const texts = plain((await ask(['files', process.pid, process.startTime, 'mountinfo'])).texts);
  if (texts.mountinfo === null || texts.mountinfo === undefined) {
    throw new DetailError(() => t('No process is in it, so its mount table cannot be read.'));
  }
  const mounts = parseMounts(texts.mountinfo);
  const groups = propagationGroups(mounts);
  if (groups.size === 0) return { kind: 'mnt', mounts, peers: {}, unread: 0 };
  const { tables, unread } = await otherMounts(ask, snapshot, id, now);
  return { kind: 'mnt', mounts, peers: propagationPeers(groups, tables), unread };
}
