import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mount } from './detail.ts';
import { mountTree } from './mount-tables.ts';

const mount = (id: number, parent: number, point = `/${id}`): Mount => ({
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
