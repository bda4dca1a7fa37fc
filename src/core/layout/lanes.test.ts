import { describe, expect, test } from 'vitest';
import { analyseSharing } from '../sharing/analyse.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { collected } from '../snapshot/details.testing.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import { laneMarks, signAt } from './lane-marks.ts';
import { layoutScene } from './layout.ts';
import { SMALLEST_TEXT } from './marks.ts';
import { laneTexts, networksAmong, sentenceOfLane } from './networks.ts';
import { THEMES } from './palette.ts';
import type { Scene } from './scene.ts';

const attached = (name: string, more: Partial<Container['networks'][number]> = {}) => ({
  ...{ name, id: null, ip: null, mac: null },
  ...more,
});

function container(name: string, networks: readonly string[], project?: string): ContainerSketch {
  const labels: Record<string, string> = project === undefined ? {} : { 'com.docker.compose.project': project };
  return { name, container: { networks: networks.map((each) => attached(each)), labels } };
}

function sceneOf(snapshot: Snapshot, networks = true): Scene {
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), { ...DEFAULT_VIEW, networks });
  return layoutScene(graph, null, { pins: new Map(), tick: 0, stage: { width: 1046, height: 738 } }).scene;
}

describe('networks', () => {
  test('connect at least two of what is drawn; the machine’s own namespace is none', () => {
    const snapshot = snapshotOf({
      containers: [
        container('a', ['front', 'host', 'lonely']),
        container('b', ['front', 'none', 'host']),
        container('c', ['back', 'none']),
        container('d', ['back']),
      ],
    });
    expect(networksAmong(snapshot, snapshot.containers).map(({ name, members }) => [name, members])).toEqual([
      ['back', [idOf('c'), idOf('d')]],
      ['front', [idOf('a'), idOf('b')]],
    ]);
  });

  test('of the same name are told apart by their ids', () => {
    const snapshot = snapshotOf({
      containers: ['a', 'b', 'c', 'd'].map((name, index) => ({
        name,
        container: { networks: [attached('web', { id: index < 2 ? 'one' : 'other' })] },
      })),
    });
    expect(networksAmong(snapshot, snapshot.containers)).toHaveLength(2);
  });

  test('are what the container says, in older files what the details say, and else not known', () => {
    const facts = {
      ...{ id: 'one', name: 'web', driver: 'bridge', internal: true, device: null, options: {} },
      subnets: [{ subnet: '10.1.0.0/16', gateway: null }],
    };
    const of = (network: Container['networks'][number], details: boolean) => {
      const snapshot = snapshotOf({
        containers: ['a', 'b'].map((name) => ({ name, container: { networks: [network] } })),
      });
      const whole = details ? { ...snapshot, details: { ...collected({}), networks: [facts] } } : snapshot;
      return networksAmong(whole, whole.containers).map(({ subnets, internal }) => [...subnets, internal]);
    };
    const told = { id: 'one', subnets: ['10.2.0.0/16'], internal: false };
    expect(of(attached('web', told), true)).toEqual([['10.2.0.0/16', false]]);
    expect(of(attached('web', { id: 'one' }), true)).toEqual([['10.1.0.0/16', true]]);
    expect(of(attached('web', { id: 'one' }), false)).toEqual([[null]]);
  });

  test('are told with their subnet and whether they are closed, without what the group’s title says', () => {
    const network = {
      ...{ key: 'network:1', name: 'shop_back', internal: true, members: ['1', '2'] },
      subnets: ['172.18.0.0/16'],
    };
    expect(laneTexts(network)).toEqual(['shop_back · 172.18.0.0/16 · internal', 'shop_back · internal', 'shop_back']);
    expect(laneTexts(network, 'shop').at(-1)).toBe('back');
    expect(laneTexts({ ...network, internal: null, subnets: [] })).toEqual(['shop_back']);
    const labels = new Map([['1', 'api']]);
    expect(sentenceOfLane({ networks: [network] }, labels)).toBe(
      'shop_back · 172.18.0.0/16 · internal: the network of api, 2',
    );
    expect(sentenceOfLane({ networks: [network, { ...network, name: 'x\n\u202ey' }] }, labels)).toMatch(
      /^2 networks: shop_back, x[^\n\u202e]*y$/,
    );
  });
});

describe('lanes', () => {
  test('are drawn on request only', () => {
    const snapshot = snapshotOf({ containers: [container('a', ['web']), container('b', ['web'])] });
    expect(sceneOf(snapshot, false).lanes).toEqual([]);
    expect(sceneOf(snapshot).lanes).toMatchObject([{ networks: [{ name: 'web' }] }]);
  });

  test('of more networks than have room beside each other are one, which says how many', () => {
    const names = Array.from({ length: 9 }, (_, index) => `shop_${index}`);
    const snapshot = snapshotOf({ containers: ['a', 'b'].map((name) => container(name, names, 'shop')) });
    const { lanes } = sceneOf(snapshot);
    expect(lanes).toHaveLength(1);
    expect(lanes[0]?.networks).toHaveLength(9);
    expect(lanes[0]?.signs[0]?.texts).toEqual([['9 networks']]);
  });

  test('lead from group to group while they are few; else each part says its name', () => {
    const made = (count: number) =>
      snapshotOf({
        containers: Array.from({ length: count }, (_, index) => [
          container(`a${index}`, [`net${index}`]),
          container(`b${index}`, [`net${index}`]),
        ]).flat(),
      });
    const few = sceneOf(made(2)).lanes;
    for (const { signs, paths } of few) {
      expect(signs).toHaveLength(1);
      expect(Math.max(...paths.map(({ length }) => length))).toBeGreaterThan(2);
    }
    const many = sceneOf(made(20)).lanes;
    expect(many).toHaveLength(20);
    for (const { signs, paths } of many) {
      expect(signs).toHaveLength(2);
      expect(Math.max(...paths.map(({ length }) => length))).toBe(2);
    }
  });

  test('write nothing below 11 pixels, and no name over another, at any scale', () => {
    const networks = ['shop_default', 'shop_back', 'proxy'];
    const containers = Array.from({ length: 12 }, (_, index) => container(`c${index}`, networks, 'shop'));
    const { lanes, groups } = sceneOf(snapshotOf({ containers }));
    let written = 0;
    for (const unit of [0.2, 0.4, 0.7, 1, 1.3, 1.9, 3]) {
      const view = { theme: THEMES.light, unit };
      for (const { tag, attrs } of lanes.flatMap((lane) => laneMarks(lane, view))) {
        if (tag !== 'text') continue;
        written += 1;
        expect(Number(attrs['font-size']) / unit).toBeGreaterThanOrEqual(SMALLEST_TEXT - 0.05);
      }
      const places = lanes.flatMap(({ signs }) => signs.flatMap((sign) => signAt(sign, unit) ?? []));
      places.sort((a, b) => a.x - b.x);
      places.forEach((place, index) => {
        const next = places[index + 1];
        const box = groups[0];
        if (next !== undefined) expect(place.x + place.width).toBeLessThanOrEqual(next.x);
        expect(place.x + place.width).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
      });
    }
    expect(written).toBeGreaterThan(6);
  });

  test('have as many corners for each of 2,000 containers as for each of 500', () => {
    const made = (count: number) =>
      snapshotOf({
        containers: Array.from({ length: count }, (_, index) => {
          const project = index % 3 === 0 ? undefined : `p${Math.floor(index / 12)}`;
          return container(`c${index}`, project === undefined ? ['bridge'] : [`${project}_default`, 'proxy'], project);
        }),
      });
    const points = (count: number) =>
      sceneOf(made(count)).lanes.reduce((sum, { paths }) => sum + paths.reduce((all, each) => all + each.length, 0), 0);
    const [few, many] = [points(500) / 500, points(2_000) / 2_000];
    expect(many / few).toBeLessThan(1.5);
  });
});
