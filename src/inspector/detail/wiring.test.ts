import { expect, it } from 'vitest';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import type { NetFacts } from '#core/wiring/reading.ts';
import type { Service } from './service.ts';
import { readWiring } from './wiring.ts';

const snapshot = snapshotOf({ containers: Array.from({ length: 20 }, (_, index) => ({ name: `web${index}` })) });
const nets = snapshot.namespaces.filter(({ kind }) => kind === 'net').map(({ id }) => id);

/** A helper that looks into some of the namespaces, is refused by others, and ends when it was told to. */
function helper(read: number, refused: number, ends: Error | null) {
  const asked: (readonly (string | number)[])[] = [];
  const ask = (async (words: readonly (string | number)[], onPart: (part: object) => void) => {
    asked.push(words);
    for (const of of nets.slice(0, read))
      onPart({ of, network: { links: [], addresses: [], routes: [], rules: [], nsids: [] } });
    for (const of of nets.slice(read, read + refused)) onPart({ of, error: 'no-access' });
    if (ends !== null) throw ends;
    return { id: '1' };
  }) as unknown as Service['ask'];
  return { asked, service: { ask, close: async () => {} } as Service };
}

it('asks once for all, and tells of those that refuse that nothing is known', async () => {
  const { asked, service } = helper(14, 7, null);
  const told: NetFacts[] = [];
  let parts = 0;
  await readWiring(service, snapshot, (some, total) => {
    expect(total).toBe(21);
    told.push(...some);
    parts += 1;
  });
  expect(asked).toHaveLength(1);
  expect(told.map(({ links }) => links !== null)).toEqual([...Array(14).fill(true), ...Array(7).fill(false)]);
  // The number of all at once, then as it goes on.
  expect(parts).toBe(3);
});

it('tells what it has before it fails half way', async () => {
  const { service } = helper(17, 0, new Error('The helper ended.'));
  const told: NetFacts[] = [];
  await expect(readWiring(service, snapshot, (some) => told.push(...some))).rejects.toThrow('The helper ended.');
  expect(told).toHaveLength(17);
});
