import { expect, test } from 'vitest';
import { buildSceneGraph, DEFAULT_VIEW } from '#core/layout/graph.ts';
import { layoutScene } from '#core/layout/layout.ts';
import type { View } from '#core/layout/marks.ts';
import { THEMES } from '#core/layout/palette.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { partCrowd, thingAt, withThing } from './crowd.ts';
import { drawnPart } from './drawn-part.ts';
import { NO_EMPHASIS, standingOut } from './emphasis.ts';

const snapshot = madeFleet(400);
const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
const everywhere = { x0: -1e9, y0: -1e9, x1: 1e9, y1: 1e9 };
const nobody: ReadonlySet<string> = new Set();
const view: View = { theme: THEMES.light, unit: 12 };
const part = drawnPart(scene, everywhere, true, nobody);

test('from afar everything is in the crowd or alone, and nothing in both', () => {
  const { alone, crowd } = partCrowd(part, view, nobody);
  for (const layer of ['groups', 'nodes', 'links', 'hubs'] as const) {
    const keys = (items: readonly { readonly key: string }[]) => items.map(({ key }) => key).sort();
    expect(keys([...alone[layer], ...crowd[layer]])).toEqual(keys(part[layer]));
  }
  expect(alone.nodes.map(({ type }) => type)).toEqual(['host']);
  expect(crowd.nodes.length).toBeGreaterThan(20);
});

test('a group whose title can be read, and what is asked for, stands alone', () => {
  const near = partCrowd(part, { ...view, unit: 0.5 }, nobody);
  expect(near.crowd.groups).toEqual([]);
  expect(near.alone.groups).toEqual(part.groups);
  const one = part.nodes.find(({ type }) => type === 'container');
  if (one === undefined) throw new Error('no card');
  const asked = partCrowd(part, view, new Set([one.key]));
  expect(asked.alone.nodes).toContain(one);
  expect(asked.crowd.nodes).not.toContain(one);
});

test('the pointer finds each of a crowd where it is drawn, and then it stands alone as well', () => {
  const { alone, crowd } = partCrowd(part, view, nobody);
  for (const item of crowd.nodes) {
    // At its left end no line leaves it.
    const thing = thingAt(crowd, { x: item.x - item.width / 2 + 1, y: item.y }, view);
    expect([item, ...crowd.links]).toContain(thing?.item);
  }
  for (const item of crowd.groups) {
    const thing = thingAt(crowd, { x: item.x + item.width - 1, y: item.y + item.height - 1 }, view);
    expect([item, ...crowd.links]).toContain(thing?.item);
  }
  const link = crowd.links[0];
  const [a, b] = link?.strands[0]?.points ?? [];
  if (link === undefined || a === undefined || b === undefined) throw new Error('no line');
  const thing = thingAt(crowd, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, view);
  expect(thing?.type).toBe('link');
  expect(withThing(alone, thing).links).toContain(thing?.item);
  expect(thingAt(crowd, { x: -1e6, y: 0 }, view)).toBeNull();
});

test('a crowd shows what is found and what steps back', () => {
  const { crowd } = partCrowd(part, view, nobody);
  const [first, second] = crowd.nodes;
  if (first === undefined || second === undefined) throw new Error('no cards');
  const found = new Set([first.key]);
  const classes = standingOut({ ...NO_EMPHASIS, found, beside: found });
  expect([classes.node(first), classes.node(second)]).toEqual(['found', 'dim']);
  const group = crowd.groups.find(({ members }) => members.length > 0);
  if (group === undefined) throw new Error('no group');
  expect(standingOut({ ...NO_EMPHASIS, found: new Set(group.members.slice(0, 1)) }).group(group)).toBe('found');
  expect(standingOut(NO_EMPHASIS).node(first)).toBe('');
});
