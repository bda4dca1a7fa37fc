import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { renderDot } from '../../src/core/export/dot.ts';
import { pageScene } from '../../src/core/export/page-scene.ts';
import { type ContainerSketch, snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { output, SNAPSHOTS, sceneOf, textOf } from '../support/exported.ts';
import { describeWith } from '../support/require.ts';

/** What Graphviz itself makes of our file: labels of nodes with their places, and the number of lines. */
function readByGraphviz(containers: readonly ContainerSketch[]) {
  const snapshot = snapshotOf({ containers });
  const scene = pageScene(snapshot);
  const input = renderDot(scene);
  const { status, stdout, stderr } = spawnSync('neato', ['-n2', '-Tjson'], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const { objects, edges } = JSON.parse(stdout) as {
    objects: { name: string; label: string; pos?: string; nodes?: number[] }[];
    edges: unknown[];
  };
  return { scene, nodes: objects.filter((object) => object.pos !== undefined && object.nodes === undefined), edges };
}

describeWith('DOT, read by Graphviz', { programs: ['neato'] }, () => {
  it('keeps every node, line and place', () => {
    const { scene, nodes, edges } = readByGraphviz([
      { name: 'a' },
      { name: 'b', namespaces: { net: 'a', ipc: 'a' } },
      { name: 'c', namespaces: { net: 'a', ipc: 'a' } },
      { name: 'd', namespaces: { pid: 'b' } },
      { name: 'e', running: false },
    ]);
    expect(nodes).toHaveLength(scene.nodes.length + scene.hubs.length);
    expect(edges).toHaveLength(scene.links.reduce((sum, link) => sum + link.strands.length, 0));
    for (const node of scene.nodes) {
      const [x, y] = (nodes.find(({ label }) => label === node.label)?.pos ?? '').split(',').map(Number);
      expect([x, y]).toEqual([expect.closeTo(node.x, 1), expect.closeTo(0 - node.y, 1)]);
    }
  });

  it.each(SNAPSHOTS)('%s: is read whole by its own parser', (_name, snapshot) => {
    const scene = sceneOf(snapshot);
    const read = output('nop', [], textOf(snapshot, 'dot', 'sharing'));
    // Every node and hub has a place, and no other line has one.
    expect(read.match(/\bpos="/g)).toHaveLength(scene.nodes.length + scene.hubs.length);
    expect(read.match(/ -- /g)?.length).toBe(scene.links.reduce((sum, { strands }) => sum + strands.length, 0));
  });

  it('takes hostile names as text', () => {
    const names = [
      '"];x[label="y',
      '\\N \\G \\\\"',
      '<b>bold</b>',
      '// no /* comment',
      'end\nof line',
      '日本語 👩‍👩‍👧',
    ];
    const { nodes } = readByGraphviz(names.map((name) => ({ name, container: { image: name } })));
    expect(nodes).toHaveLength(names.length + 1);
  });
});
