import type { MemberId } from '../sharing/sharing.ts';
import { INDENT } from './card-size.ts';
import { type BareGraph, type BareScene, type PlacedCard, withTexts } from './card-texts.ts';
import { withChanges } from './change-marks.ts';
import { encloseGroups } from './enclosures.ts';
import { type Hull, hullAround } from './hull.ts';
import { type Head, signLanes } from './lane-signs.ts';
import { Lanes } from './lanes.ts';
import { MachineLines } from './machine-lines.ts';
import { round2, rounded } from './marks.ts';
import { byKey } from './order.ts';
import { Router } from './route.ts';
import type { Box, CardSize, Placement, Point, Scene, SceneGraph, SceneGroup, SceneLane, Stage } from './scene.ts';
import { placeNodes, seatsByKey } from './seats.ts';
import { ShareLines } from './share-lines.ts';
import type { Slot } from './slot.ts';
import { updateSlots } from './slots.ts';

export interface LayoutOptions {
  /** Where the user put nodes: centres. A pinned node keeps its place in its group for later. */
  readonly pins: ReadonlyMap<MemberId, Point>;
  /** Seconds, any origin: only used to free places that were empty for long. */
  readonly tick: number;
  /** What the picture shall fill; a page where nobody says. */
  readonly stage?: Stage;
}

const PAGE: Stage = { width: 1600, height: 1000 };

/**
 * Gives everything a place. What was placed before stays where it was, to the bit; `previous` null tidies up.
 * Pure and deterministic: no clock, no chance, and only + − × ÷ √, which all JavaScript engines round alike.
 */
export function layoutScene(
  graph: SceneGraph,
  previous: Placement | null,
  options: LayoutOptions,
): { scene: Scene; placement: Placement } {
  const { scene, placement } = placeScene(graph, previous, options);
  return { scene: withTexts(scene, graph), placement };
}

/** The same, before the cards say anything. */
export function placeScene(
  graph: BareGraph,
  previous: Placement | null,
  options: LayoutOptions,
): { scene: BareScene; placement: Placement } {
  const stage = options.stage ?? PAGE;
  const { slots, card } = updateSlots(graph, previous, { tick: options.tick, stage });
  const nodes = placeNodes(graph, slots, card, options.pins);
  const seats = seatsByKey(nodes, slots, card);
  const enclosed = encloseGroups(graph, slots, seats, card);
  const titles = new Map(enclosed.map(({ slot, group, title }) => [slot, { from: group.x + INDENT, width: title }]));
  // Cards that were put somewhere have slots of their own.
  const pinned = [...seats.values()].map(({ slot }) => slot).filter(({ group }) => group.startsWith('node:pinned '));
  const router = new Router([...slots, ...pinned], card);
  const content = contentOf(
    nodes,
    enclosed.map(({ group }) => group),
    card,
  );

  const lines = new ShareLines(card, router, seats);
  lines.planSets(graph.sets);
  lines.planBroken(graph.broken);
  const machine = new MachineLines(lines, { card, router, content, titles });
  machine.plan(graph.machine, seats);
  lines.draw();
  const hull = hullAround(content, stage, { above: machine.above, remarks: graph.remarks.length });
  machine.finish(hull);

  const networks = new Lanes(graph.networks, seats, { card, router, shelves: lines.shelves });
  const heads = new Map(
    enclosed.map(({ slot, group, written }): [Slot, Head] => [
      slot,
      { label: group.label, box: group, written, crossed: machine.limits.has(slot) },
    ]),
  );
  const signs = signLanes(networks.drafts, heads, lines.shelves, card);
  const lanes = networks.drawn().map((lane): SceneLane => ({ ...lane, signs: signs.get(lane.key) ?? [] }));

  const groups = enclosed.map(({ slot, group }): SceneGroup => {
    const end = Math.min(machine.limits.get(slot) ?? Number.POSITIVE_INFINITY, group.x + group.width - INDENT);
    const x = round2(group.x + INDENT);
    return { ...group, title: rounded({ x, y: group.y, width: Math.max(0, end - x), height: card.head }) };
  });
  const host = graph.nodes.find(({ type }) => type === 'host');
  const { x, y, width, height, foot, margin } = hull;
  const { total, arrangement, remarks } = graph;
  return {
    scene: {
      nodes: host === undefined ? nodes : [barOf(host.key, hull), ...nodes],
      groups,
      hubs: byKey(lines.hubs),
      links: byKey(withChanges(lines.links, graph, card)),
      lanes,
      hull: { ...rounded({ x, y, width, height }), foot: round2(foot) },
      remarks,
      bounds: rounded({ x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }),
      total,
      arrangement,
    },
    placement: { card, slots },
  };
}

/** The machine's node: the bar along the top edge of the hull. */
function barOf(key: MemberId, { x, y, width, bar }: Hull): PlacedCard {
  return {
    key,
    x: round2(x + width / 2),
    y: round2(y + bar / 2),
    width: round2(width),
    height: round2(bar),
    pinned: false,
  };
}

function contentOf(nodes: readonly PlacedCard[], groups: readonly Box[], card: CardSize): Box {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  const cover = (x0: number, y0: number, x1: number, y1: number) => {
    left = Math.min(left, x0);
    top = Math.min(top, y0);
    right = Math.max(right, x1);
    bottom = Math.max(bottom, y1);
  };
  for (const { x, y, width, height } of nodes) {
    cover(x - width / 2, y - height / 2 - card.edge, x + width / 2, y + height / 2 + card.shelf + card.edge);
  }
  for (const { x, y, width, height } of groups) cover(x, y - card.edge, x + width, y + height + card.edge);
  if (left > right) cover(0, 0, card.width, card.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
