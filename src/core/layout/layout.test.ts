import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderSvg } from '../export/svg.ts';
import { layoutScene } from './layout.ts';
import type { GraphNode, SceneGraph } from './scene.ts';

/** Groups of the given sizes, each with one shared net namespace; size 1 is a container alone. */
function graph(sizes: readonly number[], prefix = 'g'): SceneGraph {
  const nodes: GraphNode[] = [];
  const groups: SceneGraph['groups'][number][] = [];
  const sets: SceneGraph['sets'][number][] = [];
  sizes.forEach((size, index) => {
    const group = size > 1 ? `${prefix}${index}` : null;
    const members = Array.from({ length: size }, (_, member) => `${prefix}${index}-${member}`);
    for (const key of members) {
      nodes.push({
        key,
        type: 'container',
        label: key,
        detail: '',
        state: 'running',
        processes: 1,
        strip: [],
        group,
        warnings: 0,
        broken: false,
      });
    }
    if (group === null) return;
    groups.push({ key: group, type: 'pod', label: group, members });
    sets.push({ key: `s${index}`, members, strands: [{ kind: 'net', namespace: `net:[${index + 1}]` }] });
  });
  return { nodes, groups, sets, broken: [], total: nodes.length, arrangement: '' };
}
const options = { pins: new Map(), tick: 0 };
const at = (result: ReturnType<typeof layoutScene>) =>
  new Map(result.scene.nodes.map((node) => [node.key, `${node.x},${node.y}`]));

test('no two boxes overlap, lines stay linear, and the order of the input does not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }), (sizes) => {
      const input = graph(sizes);
      const result = layoutScene(input, null, options);
      const { nodes, links } = result.scene;
      nodes.forEach((a, index) => {
        for (const b of nodes.slice(index + 1)) {
          expect(Math.abs(a.x - b.x) >= a.width || Math.abs(a.y - b.y) >= a.height).toBe(true);
        }
      });
      expect(links.length).toBeLessThanOrEqual(sizes.reduce((sum, size) => sum + size, 0));
      const turned = {
        ...input,
        nodes: input.nodes.toReversed(),
        groups: input.groups.toReversed(),
        sets: input.sets.toReversed(),
      };
      expect(layoutScene(turned, null, options).scene).toEqual(result.scene);
    }),
    { numRuns: 40 },
  );
});

test('one container more moves nothing outside its group, and going back restores every survivor', () => {
  const first = layoutScene(graph([3, 5, 1, 2]), null, options);
  const second = layoutScene(graph([3, 6, 1, 2]), first.placement, options);
  for (const [key, point] of at(first)) if (!key.startsWith('g1-')) expect(at(second).get(key)).toBe(point);
  const third = layoutScene(graph([3, 6]), second.placement, options);
  const fourth = layoutScene(graph([3, 6, 1, 2]), third.placement, options);
  expect(at(fourth)).toEqual(at(second));
});

test('two thousand members of one namespace are placed fast, with one line each', () => {
  const start = performance.now();
  expect(layoutScene(graph([2000]), null, options).scene.links).toHaveLength(2000);
  expect(performance.now() - start).toBeLessThan(2000);
});

test('hostile names stay text in SVG', () => {
  const input = graph([1]);
  const node = { ...(input.nodes[0] as GraphNode), label: ']]><script>"\u001b[31m\n\ud800\u202e', group: null };
  const { scene } = layoutScene({ ...input, nodes: [node] }, null, options);
  const svg = renderSvg(scene, { theme: 'dark', title: node.label, subtitle: '', takenAt: '', legend: true });
  for (const text of ['<script', '\u001b', '\ud800', '\u202e', ']]>']) expect(svg).not.toContain(text);
  expect(svg).toContain('\\u{1b}');
});
