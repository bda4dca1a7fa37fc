import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('ships no package that it does not call', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const shipped = Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path]) => path.replace('node_modules/', ''));
  expect(shipped.sort()).toEqual(['@resvg/resvg-wasm', 'commander', 'dejavu-fonts-ttf', 'ws', 'zod']);
});
