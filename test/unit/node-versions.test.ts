import { readFileSync } from 'node:fs';
import semver from 'semver';
import { expect, it } from 'vitest';

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly engines?: { readonly node?: string }; readonly optional?: boolean }>
  >;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly engines: { readonly node: string } };

it('promises no Node that one of its packages refuses, of which npm ci would warn', () => {
  const asked = Object.entries(lock.packages).filter(([path, { optional }]) => path !== '' && optional !== true);
  const narrower = asked.filter(
    ([, { engines: own }]) => own?.node !== undefined && !semver.subset(engines.node, own.node),
  );
  expect(asked.length).toBeGreaterThan(100);
  expect(narrower.map(([path, { engines: own }]) => `${path}: ${own?.node}`)).toEqual([]);
});

it('says the same version in its documents', () => {
  const first = semver.minVersion(engines.node);
  const said = `${first?.major}.${first?.minor}`;
  for (const file of ['README.md', 'README.zh-CN.md', 'docs/development.md']) {
    expect(readFileSync(file, 'utf8')).toContain(`Node ${said} `);
  }
});
