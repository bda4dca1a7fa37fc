import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sceneDrawing } from '../export/scene-drawing.ts';
import { renderSvg } from '../export/svg.ts';
import { layoutScene } from './layout.ts';
import type { GraphNode, Placement, Scene, SceneGraph } from './scene.ts';

/** Groups of the given sizes, each with one shared net namespace; size 1 is a container alone. */
function graph(sizes: readonly number[], prefix = 'g'): SceneGraph {
  const nodes: GraphNode[] = [];
  const groups: SceneGraph['groups'][number][] = [];
  const sets: SceneGraph['sets'][number][] = [];
  sizes.forEach((size, index) => {
    if (size === 0) return;
    const group = size > 1 ? `${prefix}${index}` : null;
    const members = Array.from({ length: size }, (_, member) => `${prefix}${index}-${member}`);
    for (const key of members) {
      nodes.push({
        key,
        type: 'container',
        label: key,
        short: key,
        command: '',
        init: null,
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
    groups.push({ key: group, type: 'pod', label: group, kind: null, members });
    sets.push({
      key: `s${index}`,
      members,
      strands: [{ kind: 'net', namespace: `net:[${index + 1}]` }],
      owner: members[0] ?? null,
      texts: ['net · pod', 'net'],
    });
  });
  return {
    nodes,
    groups,
    sets,
    broken: [],
    machine: [],
    networks: [],
    remarks: [],
    total: nodes.length,
    arrangement: '',
  };
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

function overlaps(scene: Scene): string[] {
  const out: string[] = [];
  scene.nodes.forEach((a, index) => {
    for (const b of scene.nodes.slice(index + 1)) {
      if (Math.abs(a.x - b.x) < a.width && Math.abs(a.y - b.y) < a.height) out.push(`${a.key} lies on ${b.key}`);
    }
  });
  return out;
}

test('nobody moves for another: only what is new gets a place, through any history', () => {
  const step = fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 6 }), fc.boolean(), (history, slow) => {
      let placement: Placement | null = null;
      let before = new Map<string, string>();
      history.forEach((sizes, index) => {
        const result = layoutScene(graph(sizes), placement, { pins: new Map(), tick: index * (slow ? 100 : 1) });
        const now = at(result);
        const touched = (key: string) => {
          // Who was alone and is in a group now, or the reverse, is not untouched.
          const group = Number(/\d+/.exec(key));
          return (sizes[group] ?? 0) > 1 !== (history[index - 1]?.[group] ?? 0) > 1;
        };
        for (const [key, point] of before) {
          if (now.has(key) && !touched(key)) expect([key, now.get(key)]).toEqual([key, point]);
        }
        expect(overlaps(result.scene)).toEqual([]);
        expect(now.size).toBe(sizes.reduce((sum, size) => sum + size, 0));
        placement = result.placement;
        before = now;
      });
    }),
    { numRuns: 150 },
  );
});

test('going away and coming back within a minute finds the old place', () => {
  const first = layoutScene(graph([3, 5, 1, 2]), null, options);
  const second = layoutScene(graph([3, 0, 0, 2]), first.placement, { ...options, tick: 5 });
  const third = layoutScene(graph([3, 5, 1, 2]), second.placement, { ...options, tick: 50 });
  expect(at(third)).toEqual(at(first));
});

test('a freed place is given to others after a minute, so that the picture does not creep', () => {
  let { placement, scene } = layoutScene(graph([2, 1, 1, 1, 1], 'a'), null, options);
  const { width, height } = scene.bounds;
  for (let round = 1; round < 30; round += 1) {
    ({ placement, scene } = layoutScene(graph([2, 1, 1, 1, 1], `r${round}-`), placement, {
      ...options,
      tick: round * 100,
    }));
  }
  // A group that is born live gets room for six, and its predecessor's room is still kept: so much and no more.
  expect(scene.bounds.width * scene.bounds.height).toBeLessThan(width * height * 8);
});

test('a container that is made anew under its name takes the place of the old one', () => {
  const renamed = (input: SceneGraph, from: string, to: string): SceneGraph => ({
    ...input,
    nodes: input.nodes.map((node) => (node.key === from ? { ...node, key: to } : node)),
  });
  const input = graph([1, 1, 1]);
  const first = layoutScene(input, null, options);
  const second = layoutScene(renamed(input, 'g1-0', 'new'), first.placement, { ...options, tick: 1 });
  expect(at(second).get('new')).toBe(at(first).get('g1-0'));
});

test('who starts to share stays, and the partner comes to them', () => {
  const alone = graph([1, 1]);
  const first = layoutScene(alone, null, options);
  const members = ['g0-0', 'g0-1'];
  const joined: SceneGraph = {
    ...alone,
    nodes: [
      ...alone.nodes.map((node) => (node.key === 'g0-0' ? { ...node, group: 'tie' } : node)),
      { ...(alone.nodes[0] as GraphNode), key: 'g0-1', label: 'g0-1', group: 'tie' },
    ],
    groups: [{ key: 'tie', type: 'shared', label: 'tie', kind: 'net', members }],
    sets: [{ key: 's', members, strands: [{ kind: 'net', namespace: 'net:[1]' }], owner: null, texts: ['net'] }],
  };
  const second = layoutScene(joined, first.placement, options);
  expect(at(second).get('g1-0')).toBe(at(first).get('g1-0'));
  const third = layoutScene(alone, second.placement, options);
  expect(at(third).get('g0-0')).toBe(at(second).get('g0-0'));
  expect(overlaps(second.scene)).toEqual([]);
});

test('a pinned node is where it was put, and its seat waits for it', () => {
  const first = layoutScene(graph([3, 2]), null, options);
  const pins = new Map([['g0-1', { x: -500, y: 77 }]]);
  const second = layoutScene(graph([3, 2, 4]), first.placement, { pins, tick: 1 });
  expect(second.scene.nodes.find(({ key }) => key === 'g0-1')).toMatchObject({ x: -500, y: 77, pinned: true });
  const third = layoutScene(graph([3, 2, 4]), second.placement, { pins: new Map(), tick: 2 });
  expect(at(third).get('g0-1')).toBe(at(first).get('g0-1'));
});

test('hubs stay where they are while their members do', () => {
  const first = layoutScene(graph([3, 4]), null, options);
  const second = layoutScene(graph([3, 4, 5, 6]), first.placement, options);
  for (const hub of first.scene.hubs) {
    expect(second.scene.hubs.find(({ key }) => key === hub.key)).toMatchObject({ x: hub.x, y: hub.y });
  }
});

test('coordinates are finite and have two decimals at most', () => {
  const { scene } = layoutScene(graph([3, 13, 1, 2, 40]), null, options);
  for (const { strands } of scene.links) {
    for (const { x, y } of strands.flatMap(({ points }) => points)) {
      expect(Math.abs(x * 100 - Math.round(x * 100)) < 1e-6 && Math.abs(y * 100 - Math.round(y * 100)) < 1e-6).toBe(
        true,
      );
    }
  }
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
  const svg = renderSvg(
    sceneDrawing(scene, { theme: 'dark', title: node.label, subtitle: '', takenAt: '', legend: true, page: true }),
  );
  for (const text of ['<script', '\u001b', '\ud800', '\u202e', ']]>']) expect(svg).not.toContain(text);
  expect(svg).toContain('\\u{1b}');
});
