import { expect, it } from 'vitest';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import { findContainer } from './find-container.ts';

it('takes a name, an id or its start, and never one of several', () => {
  const two = snapshotOf({ containers: [{ name: 'web' }, { name: 'app' }] });
  const ids = ['abcd1'.padEnd(64, '0'), 'abcd2'.padEnd(64, '0')];
  const snapshot = { ...two, containers: two.containers.map((each, at) => ({ ...each, id: ids[at] ?? '' })) };
  const [first, second] = snapshot.containers;
  expect(findContainer(snapshot, 'abcd1')).toBe(first);
  expect(findContainer(snapshot, ids[1] ?? '')).toBe(second);
  expect(findContainer(snapshot, first?.name ?? '')).toBe(first);
  expect(findContainer(snapshot, 'abc')).toBeNull();
  expect(findContainer(snapshot, 'ffff')).toBeNull();
  expect(() => findContainer(snapshot, 'abcd')).toThrow(/Several containers’ ids begin with abcd:\n {2}abcd1/);
  expect(findContainer(two, idOf('web').slice(0, 12))?.name).toBe('web');
});
