import { expect, it } from 'vitest';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { heldSection } from './held.ts';

const snapshot = snapshotOf({ containers: [{ name: 'web' }] });
const namespace = snapshot.namespaces.find(({ kind }) => kind === 'net');
if (namespace === undefined) throw new Error('the snapshot has no network namespace');

it('names the processes in a namespace, and each that holds it besides', () => {
  const pins = [{ type: 'fd' as const, pid: 7, fd: 342 }];
  expect(heldSection(snapshot, { ...namespace, pids: [], pins })).toMatchObject({
    title: 'Held by 0 processes in it',
    rows: [['only', 'open file 342 of process 7']],
  });
  const { rows } = heldSection(snapshot, { ...namespace, pids: Array.from({ length: 25 }, (_, pid) => pid), pins: [] });
  expect(rows).toHaveLength(21);
  expect(rows.at(-1)).toEqual(['in it', 'and 5 more']);
});
