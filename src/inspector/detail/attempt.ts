import type { Attempt, Destination } from '#core/answer/attempt.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import { DetailError, type Service, word } from './service.ts';
import { wayTo } from './way.ts';

/**
 * One real attempt to connect, from inside a network namespace.
 * @throws DetailError where the namespace cannot be joined
 */
export async function tryConnect(
  { ask }: Service,
  snapshot: Snapshot,
  net: string,
  { protocol, address, port }: Destination,
): Promise<Attempt> {
  const { path } = wayTo(snapshot, net);
  const inode = /\[(\d+)\]$/.exec(net)?.[1] ?? '';
  const { connect } = await ask(['connect', inode, word(path), protocol, address, port]);
  if (connect === undefined) throw new DetailError(() => t('The probe did not say how the attempt ended.'));
  const { connected, error, closed, answered } = connect;
  if (closed) {
    return {
      connected: false,
      error: t('It was accepted and closed at once, as a proxy does that finds nobody behind it.'),
    };
  }
  if (connected && protocol === 'udp' && !answered) {
    return { connected, error: t('Nothing came back, and nobody refused it: UDP tells no more.') };
  }
  return { connected, error };
}
