import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const at = (x: number, y: number) => ({ x, y });

it('finds the nearest item in the cone of the direction', () => {
  const right = at(10, 1);
  expect(nearest(at(0, 0), 'ArrowRight', [at(0, 0), at(30, 0), right, at(5, 20), at(-1, 0)])).toBe(right);
});

it('finds nothing where nothing lies', () => {
  expect(nearest(at(0, 0), 'ArrowUp', [at(0, 0), at(0, 10), at(10, -1)])).toBeNull();
});
