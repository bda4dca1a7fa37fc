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

it('a namespace in which nobody is may be held by those within it, and by those that it owns', () => {
  const of = (id: string, kind: 'user' | 'net', parent: string | null, owner: string | null) => ({
    ...{ ...namespace, id, kind, parent, owner, initial: false, pins: [], pids: [] },
  });
  const outer = of('user:[1]', 'user', 'user:[4026531837]', 'user:[4026531837]');
  const inner = of('user:[2]', 'user', 'user:[1]', 'user:[1]');
  const net = of('net:[3]', 'net', null, 'user:[1]');
  const nested = { ...snapshot, namespaces: [...snapshot.namespaces, outer, inner, net] };
  expect(heldSection(nested, outer).rows).toEqual([
    ['only', 'user:[2], made within it'],
    ['only', 'net:[3], which it owns'],
  ]);
  expect(heldSection(nested, inner)).toMatchObject({ rows: [], empty: 'Nothing visible holds it.' });
});
