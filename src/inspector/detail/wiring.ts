import { linksOf } from '#core/detail/network.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { NetFacts } from '#core/wiring/reading.ts';
import { type Service, word } from './service.ts';
import { findWay } from './way.ts';

/** So many are told together. */
const PART = 16;

/**
 * The links of all network namespaces, those without a process too, by one question and one pass in the machine.
 * @throws DetailError when it ends half way
 */
export async function readWiring(
  { ask }: Service,
  snapshot: Snapshot,
  onPart: (nets: NetFacts[], total: number) => void,
): Promise<void> {
  const words: (string | number)[] = [];
  const unreachable: NetFacts[] = [];
  for (const { id, inode, kind } of snapshot.namespaces) {
    if (kind !== 'net') continue;
    const way = findWay(snapshot, id);
    if (way === null) unreachable.push({ id, links: null });
    else words.push(inode, word(way.path));
  }
  const total = words.length / 2 + unreachable.length;
  let waiting = unreachable;
  const tell = (): void => {
    if (waiting.length > 0) onPart(waiting, total);
    waiting = [];
  };
  onPart([], total);
  try {
    if (words.length === 0) return;
    await ask(['wiring', ...words], ({ of: id, network }) => {
      if (id === undefined) return;
      waiting.push({ id, links: network ? linksOf(network, id) : null });
      if (waiting.length >= PART) tell();
    });
  } finally {
    // What was read before it ended half way, too.
    tell();
  }
}
