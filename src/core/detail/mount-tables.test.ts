import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mount } from './detail.ts';
import { compareMounts, mountTree, propagationGroups, propagationPeers } from './mount-tables.ts';

const mount = (id: number, parent: number, point = `/${id}`, change: Partial<Mount> = {}): Mount => ({
  id,
  parent,
  device: '8:1',
  root: '/',
  point,
  options: ['rw'],
  propagation: [],
  type: 'ext4',
  source: '/dev/sda1',
  superOptions: ['rw'],
  ...change,
});

describe('the tree of a mount table', () => {
  it('has each mount below the one that it is mounted on, in the table’s order', () => {
    const rows = mountTree([mount(1, 0), mount(2, 1), mount(3, 1), mount(4, 2)]);
    expect(rows.map(({ mount: { id }, depth }) => [id, depth])).toEqual([
      [1, 0],
      [2, 1],
      [4, 2],
      [3, 1],
    ]);
  });

  it('has every mount once, whatever the table says', () => {
    const small = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small), { maxLength: 40 }), (pairs) => {
        const mounts = pairs.map(([id, parent], index) => mount(id, parent, `/${index}`));
        const points = mountTree(mounts).map((row) => row.mount.point);
        expect(points.toSorted()).toEqual(mounts.map(({ point }) => point).toSorted());
      }),
    );
  });

  it('is made at once where ids are given twice', () => {
    // Each pair once stood below both of the pair before it: 2 to the 200th rows.
    const mounts = Array.from({ length: 200 }, (_, level) => [mount(level + 1, level), mount(level + 1, level)]).flat();
    expect(mountTree(mounts)).toHaveLength(400);
  });
});

it('compares two mount tables by place and by content', () => {
  const shared = { device: '8:1', root: '/srv' };
  const result = compareMounts(
    [
      mount(1, 0, '/', { device: '0:10' }),
      mount(2, 1, '/same', shared),
      mount(3, 1, '/a', { device: '8:2' }),
      mount(4, 1, '/mine'),
    ],
    [mount(1, 0, '/', { device: '0:11' }), mount(2, 1, '/same', shared), mount(3, 1, '/b', { device: '8:2' })],
  );
  expect(result.same.map(({ point }) => point)).toEqual(['/same']);
  expect(result.different.map(({ a }) => a.point)).toEqual(['/']);
  expect(result.onlyA.map(({ point }) => point)).toEqual(['/a', '/mine']);
  expect(result.onlyB.map(({ point }) => point)).toEqual(['/b']);
  expect(result.elsewhere.map(({ a, b }) => [a.point, b.point])).toEqual([['/a', '/b']]);
});

it('finds who shares a propagation group: slaves look to their master, and a slave is nobody’s peer', () => {
  const mine = [mount(1, 0, '/', { propagation: ['master:1', 'shared:7'] }), mount(2, 1, '/private')];
  const others = new Map([
    ['mnt:[1]', [mount(3, 0, '/', { propagation: ['shared:1'] })]],
    ['mnt:[2]', [mount(4, 0, '/', { propagation: ['master:7'] })]],
    ['mnt:[3]', [mount(5, 0, '/', { propagation: ['shared:7'] }), mount(6, 5, '/x', { propagation: ['shared:9'] })]],
  ]);
  expect(propagationPeers(propagationGroups(mine), others)).toEqual({ 1: ['mnt:[1]'], 7: ['mnt:[3]'] });
});
