import { expect, test } from 'vitest';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import type { Container } from '#core/snapshot/snapshot.ts';
import { losses } from './losses.ts';

const modes = { net: 'default', ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' };
const of = `container:${idOf('web1')}`;
const snapshot = snapshotOf({
  containers: [
    { name: 'web1' },
    { name: 'web2', container: { modes: { ...modes, net: of } } },
    { name: 'tools', container: { modes: { ...modes, pid: of, net: of } } },
    { name: 'cache', container: { modes: { ...modes, net: of, ipc: of } } },
    { name: 'stopped', running: false, container: { modes: { ...modes, net: of } } },
    { name: 'other' },
  ],
});
const named = (name: string): Container => snapshot.containers.find((each) => each.name === name) as Container;

test('who borrows loses what it borrows, by name', () => {
  expect(losses(snapshot, named('web1'))).toBe(
    'cache loses its network and no longer shares its memory; tools ends with it; web2 loses its network.',
  );
});

test('nobody loses anything by the end of who lends nothing', () => {
  expect(losses(snapshot, named('other'))).toBe('');
  expect(losses(snapshot, named('web2'))).toBe('');
});

test('many are counted', () => {
  const many = snapshotOf({
    containers: [
      { name: 'web1' },
      ...Array.from({ length: 9 }, (_, index) => ({ name: `b${index}`, container: { modes: { ...modes, net: of } } })),
    ],
  });
  const owner = many.containers.find(({ name }) => name === 'web1') as Container;
  expect(losses(many, owner)).toMatch(/; and 3 more\.$/);
});
