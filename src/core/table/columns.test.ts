import { expect, it } from 'vitest';
import { buildSceneGraph, DEFAULT_VIEW } from '../layout/graph.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { factText } from './columns.ts';

const snapshot = snapshotOf({ containers: [{ name: 'web1' }] });
const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
const limitsOf = (limits: Container['limits']) => {
  const [container] = snapshot.containers;
  const node = graph.nodes.find(({ key }) => key === container?.id);
  if (container === undefined || node === undefined) throw new Error('no container');
  return factText('limits', node, { ...container, limits });
};

it('says what a container is limited to, that it is not, or nothing where nobody tells', () => {
  expect(limitsOf({ memory: 512 * 1024 ** 2, cpus: 0.5, tasks: 100 })).toBe('512 MiB, 0.5 CPU, 100 threads');
  expect(limitsOf({ memory: null, cpus: null, tasks: null })).toBe('none');
  expect(limitsOf(null)).toBe('');
});
