import { expect, test } from 'vitest';
import { buildSceneGraph, DEFAULT_VIEW } from '#core/layout/graph.ts';
import type { GraphNode } from '#core/layout/scene.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { type ContainerSketch, snapshotOf } from '#core/snapshot/build.testing.ts';
import { rowHas } from '#core/table/columns.ts';
import { letterOf, numberNamespaces } from '#core/table/letters.ts';
import { sortRows } from './sort.ts';

function rows(containers: readonly ContainerSketch[]): readonly GraphNode[] {
  const snapshot = snapshotOf({ containers });
  return buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW).nodes.filter(({ type }) => type !== 'host');
}

const PAIRS = [
  { name: 'a1' },
  { name: 'a2', namespaces: { net: 'a1' } },
  { name: 'b1' },
  { name: 'b2', namespaces: { net: 'b1', pid: 'b1' } },
  { name: 'alone' },
];
/** What nobody measured. */
const NO_USES = new Map();
const netOf = (nodes: readonly GraphNode[], name: string) =>
  nodes.find(({ label }) => label === name)?.strip.find(({ kind }) => kind === 'net')?.namespace ?? '';

test('a number belongs to one namespace of its kind for as long as that is shared', () => {
  const first = rows(PAIRS);
  const before = numberNamespaces(first, new Map());
  expect(before.size).toBe(3);
  expect(before.get(netOf(first, 'a1'))).toBe(0);
  expect(before.get(netOf(first, 'b1'))).toBe(1);
  // The first pair parts; a new one meets. Who stays keeps the number, who is new takes the one that is free.
  const second = rows([
    { name: 'a1' },
    { name: 'a2' },
    ...PAIRS.slice(2),
    { name: 'c1' },
    { name: 'c2', namespaces: { net: 'c1' } },
  ]);
  const after = numberNamespaces(second, before);
  expect(after.get(netOf(second, 'b1'))).toBe(1);
  expect(after.get(netOf(second, 'c1'))).toBe(0);
  expect(after.has(netOf(second, 'alone'))).toBe(false);
});

test('letters go on after Z', () => {
  expect([0, 1, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual([
    'A',
    'B',
    'Z',
    'AA',
    'AB',
    'AZ',
    'BA',
    'ZZ',
    'AAA',
  ]);
});

test('a column is sorted by who shares together, then the host, private and unknown', () => {
  const nodes = rows([{ name: 'off', running: false }, { name: 'host1', namespaces: { net: 'host' } }, ...PAIRS]);
  const numbers = numberNamespaces(nodes, new Map());
  const names = (column: 'name' | 'net', down: boolean) =>
    sortRows(nodes, { column, down }, numbers, new Map(), NO_USES).map(({ label }) => label);
  expect(names('net', false)).toEqual(['a1', 'a2', 'b1', 'b2', 'host1', 'alone', 'off']);
  expect(names('net', true)).toEqual(['off', 'alone', 'host1', 'b1', 'b2', 'a1', 'a2']);
  expect(names('name', true)[0]).toBe('off');
});

test('a row is found by its name and by what any of its columns says, whether that is shown or not', () => {
  const snapshot = snapshotOf({
    containers: [
      {
        name: 'web',
        container: { image: 'nginx:1.27', networks: [{ name: 'front', id: null, ip: '10.1.2.3', mac: null }] },
      },
    ],
  });
  const [node] = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW).nodes.filter(
    ({ type }) => type === 'container',
  );
  if (node === undefined) throw new Error('no row');
  const has = (text: string) => rowHas(text, node, snapshot.containers[0]);
  for (const text of ['', ' ', 'WEB', 'nginx front', '10.1.2', 'running web']) expect(has(text)).toBe(true);
  for (const text of ['db', 'web db']) expect(has(text)).toBe(false);
});

test('by use who uses most comes first, who is not measured last', () => {
  const nodes = rows([{ name: 'idle' }, { name: 'busy' }, { name: 'unknown' }]);
  const key = (name: string) => nodes.find(({ label }) => label === name)?.key ?? '';
  const uses = new Map([
    [key('idle'), { cpu: 0, memory: 5_000 }],
    [key('busy'), { cpu: 150, memory: null }],
  ]);
  const names = (column: 'cpu' | 'memory') =>
    sortRows(nodes, { column, down: false }, new Map(), new Map(), uses).map(({ label }) => label);
  expect(names('cpu')).toEqual(['busy', 'idle', 'unknown']);
  expect(names('memory')).toEqual(['idle', 'busy', 'unknown']);
});
