import { zoomIdentity } from 'd3';
import { expect, test } from 'vitest';
import { buildSceneGraph, DEFAULT_VIEW } from '#core/layout/graph.ts';
import { layoutScene } from '#core/layout/layout.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { placeOfStrip } from './lens.ts';

const snapshot = madeFleet(25);
const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0, stage: { width: 1100, height: 800 } });
const cards = scene.nodes.filter(({ type }) => type !== 'host');

test('the kinds of a card stand outside of it, in view', () => {
  const size = { width: 180, height: 23 };
  for (const card of cards) {
    const top = card.y - card.height / 2;
    const at = placeOfStrip(card, size, card.x - 90, scene, zoomIdentity);
    expect(at.y + size.height < top || at.y > top + card.height).toBe(true);
    // With its upper edge at that of the view.
    const moved = zoomIdentity.translate(0, -top);
    expect(placeOfStrip(card, size, card.x - 90, scene, moved).y).toBeGreaterThan(top + card.height);
  }
});

test('the kinds of a card leave the side on which something is written', () => {
  const card = cards[0];
  if (card === undefined) throw new Error('no card');
  const size = { width: 100, height: 20 };
  const around = { nodes: [card], groups: [], links: [], hubs: [] };
  const above = placeOfStrip(card, size, card.x, around, zoomIdentity);
  expect(above.y).toBeLessThan(card.y);
  const written = { ...scene.groups[0], title: { ...above, width: 60, height: 24 } } as (typeof scene.groups)[number];
  expect(placeOfStrip(card, size, card.x, { ...around, groups: [written] }, zoomIdentity).y).toBeGreaterThan(card.y);
});
