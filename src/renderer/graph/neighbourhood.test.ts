import { expect, test } from 'vitest';
import { buildSceneGraph, DEFAULT_VIEW } from '#core/layout/graph.ts';
import { layoutScene } from '#core/layout/layout.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import { neighboursOf } from './neighbourhood.ts';

const snapshot = snapshotOf({
  containers: [
    { name: 'a' },
    { name: 'b', namespaces: { net: 'a' } },
    { name: 'c', namespaces: { net: 'a', pid: 'b' } },
    { name: 'd', namespaces: { ipc: 'c' } },
    { name: 'alone' },
  ],
});
const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
const neighbours = neighboursOf(scene);
const names = (keys: Iterable<string>) =>
  [...keys].flatMap((key) => scene.nodes.find((node) => node.key === key)?.label ?? []).sort();

test('neighbours are those who share something directly', () => {
  expect(names(neighbours.of(idOf('a')))).toEqual(['a', 'b', 'c']);
  expect(names(neighbours.of(idOf('c')))).toEqual(['a', 'b', 'c', 'd']);
  expect(names(neighbours.of(idOf('d')))).toEqual(['c', 'd']);
  expect([...neighbours.of(idOf('alone'))]).toEqual([idOf('alone')]);
});

test("a set's neighbours are its members, and a namespace's its members and its line", () => {
  const hub = scene.hubs[0];
  expect(names(neighbours.of(hub?.key ?? ''))).toEqual(['a', 'b', 'c']);
  const net = hub?.strands[0]?.namespace ?? '';
  expect(names(neighbours.ofNamespace(net))).toEqual(['a', 'b', 'c']);
  expect(neighbours.ofNamespace(net).has(hub?.key ?? '')).toBe(true);
  expect(neighbours.ofNamespace('net:[1]').size).toBe(0);
});

test('those around several are those around each', () => {
  const keys = [idOf('a'), idOf('d')];
  expect([...neighbours.around(keys)].sort()).toEqual(
    [...new Set(keys.flatMap((key) => [...neighbours.of(key)]))].sort(),
  );
});
