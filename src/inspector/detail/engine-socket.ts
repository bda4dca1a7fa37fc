import { parseUnix } from '#core/detail/listeners.ts';
import { engineCandidates } from '#core/enter/vm-target.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { plain, type Service } from './service.ts';

/** The same place by its shorter name, wherever the link leads to it. */
function placeOf(path: string): string {
  return path.replace(/^\/var\/run\//, '/run/');
}

/**
 * Who holds the socket where the engine is reached, by the kernel's word: asked only where several processes may be the
 * engine. The pids; empty where the engine is not reached by a socket of this machine, or nothing can be told.
 */
export async function engineSocketHolders(
  service: () => Promise<Service>,
  snapshot: Snapshot,
): Promise<ReadonlySet<number>> {
  const path = /^unix:\/\/(.+)$/.exec(snapshot.engine?.endpoint ?? '')?.[1];
  const candidates = engineCandidates(snapshot);
  const holders = new Set<number>();
  if (path === undefined || candidates.length < 2) return holders;
  const { ask } = await service();
  const seen = new Set<string>();
  for (const { pid, startTime, namespaces } of candidates) {
    const net = /\d+/.exec(namespaces.net ?? '')?.[0];
    if (net === undefined || seen.has(net)) continue;
    seen.add(net);
    const { 'net/unix': text } = plain((await ask(['files', pid, startTime, 'net/unix'])).texts);
    const inodes = parseUnix(text ?? '')
      .listening.filter(({ address }) => placeOf(address) === placeOf(path))
      .map(({ inode }) => inode);
    if (inodes.length === 0) continue;
    for (const [, holder] of (await ask(['holders', net, ...inodes])).holders ?? []) holders.add(holder);
  }
  return holders;
}
