import { expect, test } from 'vitest';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { withNetworks } from '../../../test/support/made-fleet-networks.ts';
import { nested } from '../../../test/support/made-nested.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { withoutTexts, withTexts } from './card-texts.ts';
import { comparedGraph } from './compared-graph.ts';
import { buildSceneGraph, DEFAULT_VIEW } from './graph.ts';
import { layoutScene } from './layout.ts';
import type { Placement, SceneGraph } from './scene.ts';

const VIEW = { ...DEFAULT_VIEW, services: true, networks: true };
const stage = { width: 1046, height: 738 };

function graphOf(snapshot: Snapshot): SceneGraph {
  return buildSceneGraph(snapshot, analyseSharing(snapshot), VIEW);
}

test('a scene whose cards were placed without what they say is the whole graph’s, bit for bit, through live changes too', () => {
  const fleet = withNetworks(madeFleet(120));
  const moments = [fleet, { ...fleet, containers: fleet.containers.filter((_, index) => index % 17 !== 3) }, fleet];
  const graphs = [...moments.map(graphOf), graphOf(nested()), comparedGraph(moments[1] ?? fleet, fleet, VIEW)];
  let whole: Placement | null = null;
  let apart: Placement | null = null;
  graphs.forEach((graph, tick) => {
    const pins = new Map(tick === 1 ? [[graph.nodes[5]?.key ?? '', { x: 40, y: 2_000 }]] : []);
    const expected = layoutScene(graph, whole, { pins, tick, stage });
    // As it crosses to another thread and back.
    const placed = structuredClone(layoutScene(structuredClone(withoutTexts(graph)), apart, { pins, tick, stage }));
    expect(withTexts(placed.scene, graph)).toStrictEqual(expected.scene);
    expect(placed.placement).toStrictEqual(expected.placement);
    whole = expected.placement;
    apart = placed.placement;
  });
});
