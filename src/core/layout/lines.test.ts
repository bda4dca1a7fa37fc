import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyseSharing } from '../sharing/analyse.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import { layoutScene } from './layout.ts';
import { round2 } from './marks.ts';
import type { Box, Point, Scene, Stage } from './scene.ts';

const KINDS = ['net', 'pid', 'ipc'] as const;

/** What one container does: joins another in some kinds, is in a project or pod, uses the machine's, is cut off. */
const container = fc.record({
  joins: fc.option(fc.tuple(fc.nat(), fc.subarray([...KINDS], { minLength: 1 })), { freq: 2 }),
  second: fc.option(fc.nat(), { freq: 8 }),
  project: fc.option(fc.nat(9), { freq: 1 }),
  pod: fc.boolean(),
  host: fc.option(fc.subarray(['net', 'pid', 'uts'] as const, { minLength: 1 }), { freq: 6 }),
  broken: fc.option(fc.nat(), { freq: 10 }),
  stopped: fc.nat(12).map((each) => each === 0),
  networks: fc.array(fc.nat(30), { maxLength: 4 }),
});
type Sketch = typeof container extends fc.Arbitrary<infer T> ? T : never;

const stages: readonly Stage[] = [
  { width: 1046, height: 738 },
  { width: 900, height: 640 },
  { width: 2170, height: 1290 },
  { width: 1400, height: 400 },
  { width: 420, height: 800 },
];

function sceneOf(sketches: readonly Sketch[], stage: Stage, networks = false): Scene {
  const nameOf = (index: number) => `c${index}`;
  const containers = sketches.map((sketch, index): ContainerSketch => {
    const namespaces: Record<string, string> = {};
    const modes: Record<string, string> = {
      net: 'default',
      ipc: 'private',
      pid: '',
      uts: '',
      user: '',
      cgroup: 'private',
    };
    const join = (kind: string, target: number) => {
      namespaces[kind] = nameOf(target);
      modes[kind] = `container:${idOf(nameOf(target))}`;
    };
    if (sketch.joins !== null && index > 0) {
      for (const kind of sketch.joins[1]) join(kind, sketch.joins[0] % index);
    } else if (sketch.host !== null) {
      for (const kind of sketch.host) {
        namespaces[kind] = 'host';
        modes[kind] = 'host';
      }
    }
    if (sketch.second !== null && index > 0) join('ipc', sketch.second % index);
    if (sketch.broken !== null && index > 0 && namespaces.net === undefined) {
      modes.net = `container:${idOf(nameOf(sketch.broken % index))}`;
    }
    const labels: Record<string, string> =
      sketch.project === null
        ? {}
        : sketch.pod
          ? { 'io.kubernetes.pod.name': `pod${sketch.project}`, 'io.kubernetes.pod.namespace': 'default' }
          : { 'com.docker.compose.project': `project${sketch.project}` };
    return {
      name: nameOf(index),
      namespaces,
      ...(sketch.stopped ? { running: false } : {}),
      container: {
        modes: modes as Container['modes'],
        labels,
        networks: sketch.networks.map((each) => {
          // Some connect many, most a few; some belong to a project.
          const name = each < 4 ? `wide${each}` : each < 12 ? `${sketch.project ?? 'none'}_${each % 4}` : `net${each}`;
          return { name, id: null, ip: null, mac: null, subnets: ['172.18.0.0/16'], internal: each % 2 === 0 };
        }),
      },
    };
  });
  const snapshot = snapshotOf({ containers });
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), { ...DEFAULT_VIEW, networks });
  return layoutScene(graph, null, { pins: new Map(), tick: 0, stage }).scene;
}

/** Whether an upright or level piece of a line has a point inside the box. */
function crosses(a: Point, b: Point, { x, y, width, height }: Box): boolean {
  const slack = 0.02;
  return (
    Math.min(a.x, b.x) < x + width - slack &&
    Math.max(a.x, b.x) > x + slack &&
    Math.min(a.y, b.y) < y + height - slack &&
    Math.max(a.y, b.y) > y + slack
  );
}

/** Every line that runs through a card, a title, or words that are not its own. */
function faults(scene: Scene): string[] {
  const obstacles: { what: string; of: string | null; box: Box }[] = [
    ...scene.nodes.map(({ key, label, type, x, y, width, height }) => ({
      what: `card ${label}`,
      of: type === 'host' ? 'host' : key,
      box: { x: x - width / 2, y: y - height / 2, width, height },
    })),
    ...scene.groups.map(({ label, title }) => ({ what: `title ${label}`, of: null, box: title })),
    ...scene.links.flatMap(({ set, room }) => (room === null ? [] : [{ what: `words ${set}`, of: set, box: room }])),
    ...scene.hubs.flatMap(({ key, room }) => (room === null ? [] : [{ what: `words ${key}`, of: key, box: room }])),
    ...scene.lanes.flatMap(({ key, signs }) => signs.map(({ room }) => ({ what: `words ${key}`, of: key, box: room }))),
    ...scene.hubs.map(({ key, x, y, radius }) => ({
      what: `hub ${key}`,
      of: key,
      box: { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius },
    })),
  ];
  const out: string[] = [];
  const look = (key: string, own: string, points: readonly Point[]) =>
    points.slice(1).forEach((to, index) => {
      const from = points[index] ?? to;
      if (from.x !== to.x && from.y !== to.y) out.push(`${key} is slanted`);
      for (const { what, of, box } of obstacles) {
        // Its own card it only touches; what hangs at it is its own.
        if (of === own || !crosses(from, to, box)) continue;
        out.push(`${key} crosses ${what}`);
      }
    });
  for (const link of scene.links) for (const { points } of link.strands) look(link.key, link.set, points);
  for (const { key, paths } of scene.lanes) for (const points of paths) look(key, key, points);
  return [...new Set(out)];
}

test('no line crosses a card, a title, or words that are not its own, nor does a lane, for which nobody moves', () => {
  fc.assert(
    fc.property(
      fc.array(container, { minLength: 1, maxLength: 120, size: 'max' }),
      fc.constantFrom(...stages),
      (sketches, stage) => {
        const scene = sceneOf(sketches, stage, true);
        expect(faults(scene)).toEqual([]);
        const { lanes, ...rest } = scene;
        const { lanes: none, ...plain } = sceneOf(sketches, stage);
        expect(none).toEqual([]);
        expect(rest).toEqual(plain);
        const cards = new Map(scene.nodes.map((node) => [node.key, node]));
        for (const { networks, paths } of lanes) {
          // Each card that is in it has a branch of it, at its edge.
          const ends = new Set(paths.flatMap((points) => points.map(({ x, y }) => `${x} ${y}`)));
          for (const member of networks.length === 1 ? (networks[0]?.members ?? []) : []) {
            const card = cards.get(member);
            if (card === undefined || folded(lanes, member, networks[0]?.key ?? '')) continue;
            const [x, top, bottom] = [card.x - card.width / 2 + 4, card.y - card.height / 2, card.y + card.height / 2];
            expect([top, bottom].some((y) => ends.has(`${round2(x)} ${round2(y)}`))).toBe(true);
          }
        }
      },
    ),
    { numRuns: 1000, seed: 20_261_126, endOnFailure: true },
  );
}, 240_000);

/** Whether a card's branch to a network is that of several networks as one. */
function folded(lanes: Scene['lanes'], member: string, network: string): boolean {
  return lanes.some(
    ({ networks }) =>
      networks.length > 1 && networks.some((each) => each.key === network && each.members.includes(member)),
  );
}

test('partners stand beside each other: an outsider is next to the group with which it shares', () => {
  const plain: Sketch = {
    joins: null,
    second: null,
    project: 0,
    pod: false,
    host: null,
    broken: null,
    stopped: false,
    networks: [],
  };
  const { nodes, groups } = sceneOf(
    [plain, plain, plain, plain, { ...plain, project: null, joins: [2, ['net']] }, { ...plain, project: null }],
    stages[0] as Stage,
  );
  const at = (label: string) => nodes.find((node) => node.label === label) as Scene['nodes'][number];
  const group = groups[0] as Scene['groups'][number];
  const outsider = at('c4');
  expect(outsider.x - outsider.width / 2 - (group.x + group.width)).toBeLessThan(40);
  expect(Math.max(...['c0', 'c1', 'c2', 'c3'].map((label) => at(label).x))).toBe(at('c2').x);
  expect(Math.abs(outsider.y - at('c2').y)).toBeLessThan(outsider.height);
});

test('two that share stand one below the other, and the line between them is straight and says why', () => {
  const alone: Sketch = {
    joins: null,
    second: null,
    project: null,
    pod: false,
    host: null,
    broken: null,
    stopped: false,
    networks: [],
  };
  const scene = sceneOf([alone, { ...alone, joins: [0, ['net']] }, alone], stages[0] as Stage);
  const link = scene.links.find(({ set }) => set.startsWith('set:'));
  expect(link).toMatchObject({ end: 'owner', from: idOf('c1'), to: idOf('c0') });
  expect(link?.texts[0]).toBe('net · --network=container:c0');
  expect(link?.strands[0]?.points).toHaveLength(2);
});

test.each([5, 25, 60, 120])('%i containers fill the stage that they are given', (count) => {
  const sketches = fc.sample(container, { numRuns: count, seed: count });
  for (const stage of stages.slice(0, 3)) {
    const scene = sceneOf(sketches, stage);
    const scale = Math.min(stage.width / scene.bounds.width, stage.height / scene.bounds.height);
    const cards = scene.nodes.filter(({ type }) => type !== 'host');
    const xs = cards.flatMap(({ x, width }) => [x - width / 2, x + width / 2]);
    const ys = cards.flatMap(({ y, height }) => [y - height / 2, y + height / 2]);
    const wide = ((Math.max(...xs) - Math.min(...xs)) * scale) / stage.width;
    const high = ((Math.max(...ys) - Math.min(...ys)) * scale) / stage.height;
    expect(Math.max(wide, high)).toBeGreaterThan(0.7);
    expect(wide * high).toBeGreaterThan(0.45);
  }
});
