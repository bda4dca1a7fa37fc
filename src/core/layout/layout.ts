import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { Boxes } from './boxes.ts';
import { HUB_RADIUS, NODE_HEIGHT, NODE_WIDTH, round2 } from './marks.ts';
import { anchor, route, strandsAlong } from './route.ts';
import type { GraphSet, Placement, Point, Scene, SceneGraph, SceneHub, SceneLink, SceneNode } from './scene.ts';
import { BLOCK_ROWS, HOST_WIDTH, LANE, PADDING, type Slot, seatsOf, slotSize, updateSlots } from './slots.ts';

export interface LayoutOptions {
  /** Where the user put nodes: centres. A pinned node keeps its place in its group for later. */
  readonly pins: ReadonlyMap<MemberId, Point>;
  /** Seconds, any origin: only used to free places that were empty for long. */
  readonly tick: number;
}

/** What a hub keeps between itself and boxes, and between itself and other hubs. */
const HUB_DISTANCE = 12;
const MARGIN = 28;

/** The free point nearest to the wanted one on square rings of growing size. */
function freePoint(wanted: Point, free: (at: Point) => boolean): Point {
  const step = 16;
  for (let ring = 0; ring < 400; ring += 1) {
    let best: Point | null = null;
    let distance = Number.POSITIVE_INFINITY;
    const consider = (ix: number, iy: number) => {
      const point = { x: wanted.x + ix * step, y: wanted.y + iy * step };
      // Upright first: a hub stays in its lane while it can.
      const cost = ix * ix * 4 + iy * iy;
      if (cost < distance && free(point)) {
        best = point;
        distance = cost;
      }
    };
    for (let side = -ring; side <= ring; side += 1) {
      consider(side, -ring);
      consider(side, ring);
      if (side !== -ring && side !== ring) {
        consider(-ring, side);
        consider(ring, side);
      }
    }
    if (best !== null) return best;
  }
  return wanted;
}

/** Places the hubs between the boxes. A hub whose members stay stays too, while nothing stands upon it. */
function placeHubs(
  sets: readonly { readonly set: GraphSet; readonly wanted: Point }[],
  nodes: readonly SceneNode[],
  previous: Placement['hubs'],
): Placement['hubs'] {
  const boxes = new Boxes();
  for (const { x, y, width, height } of nodes) boxes.add({ x: x - width / 2, y: y - height / 2, width, height });
  const reach = HUB_RADIUS + HUB_DISTANCE;
  const boxAt = ({ x, y }: Point) => ({ x: x - reach, y: y - reach, width: 2 * reach, height: 2 * reach });
  const free = (at: Point) => boxes.free(boxAt(at), 0);
  const known = new Map(previous.map((hub) => [hub.key, hub]));
  const out = new Map<string, Placement['hubs'][number]>();
  for (const { set, wanted } of sets) {
    const before = known.get(set.key);
    if (before === undefined || before.wanted.x !== wanted.x || before.wanted.y !== wanted.y || !free(before.at))
      continue;
    out.set(set.key, before);
    boxes.add(boxAt(before.at));
  }
  for (const { set, wanted } of sets) {
    if (out.has(set.key)) continue;
    const at = freePoint(wanted, free);
    boxes.add(boxAt(at));
    out.set(set.key, { key: set.key, at: { x: round2(at.x), y: round2(at.y) }, wanted });
  }
  return [...out.values()].sort((a, b) => compareText(a.key, b.key));
}

/** Where a hub belongs: amid its members, and inside one block in the lane, however the two columns are filled. */
function hubWish(members: readonly SceneNode[], slotOf: ReadonlyMap<MemberId, Slot>): Point {
  // Amid everybody a hub of the host's would lie upon the picture: it belongs to the host.
  const host = members.find((member) => member.type === 'host');
  if (host !== undefined) return { x: host.x, y: round2(host.y + host.height / 2 + 2 * HUB_RADIUS) };
  let x = 0;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const member of members) {
    x += member.x / members.length;
    top = Math.min(top, member.y);
    bottom = Math.max(bottom, member.y);
  }
  const slot = slotOf.get(members[0]?.key ?? '');
  const inside = slot !== undefined && members.every(({ key, pinned }) => slotOf.get(key) === slot && !pinned);
  if (inside && slot.members.length <= 2 * BLOCK_ROWS) x = slot.x + PADDING + NODE_WIDTH + LANE / 2;
  return { x: round2(x), y: round2((top + bottom) / 2) };
}

/** The enclosures: one a part of a group, as large as its members need. One whose members are all pinned is not drawn. */
function encloseGroups(
  graph: SceneGraph,
  slots: readonly Slot[],
  nodes: ReadonlyMap<MemberId, SceneNode>,
): Scene['groups'] {
  const groups = new Map(graph.groups.map((group) => [group.key, group]));
  return slots
    .flatMap((slot) => {
      const group = groups.get(slot.group);
      const members = slot.members.filter((member) => member !== null);
      if (group === undefined || members.every((member) => nodes.get(member)?.pinned)) return [];
      const used = slot.members.findLastIndex((member) => member !== null) + 1;
      const continued = slot.part > 0;
      return [
        {
          ...group,
          key: continued ? `${group.key}#${slot.part}` : group.key,
          label: continued ? `${group.label} (continued)` : group.label,
          members,
          x: round2(slot.x),
          y: round2(slot.y),
          ...slotSize(slot, used),
        },
      ];
    })
    .sort((a, b) => compareText(a.key, b.key));
}

function boundsOf({ nodes, groups, hubs, links }: Pick<Scene, 'nodes' | 'groups' | 'hubs' | 'links'>): Scene['bounds'] {
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
  for (const { x, y, width, height } of nodes) cover(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
  for (const { x, y, width, height } of groups) cover(x, y, x + width, y + height);
  for (const { x, y, radius } of hubs) cover(x - radius - 7, y - radius - 7, x + radius + 7, y + radius + 17);
  for (const { strands } of links) for (const { points } of strands) for (const { x, y } of points) cover(x, y, x, y);
  if (left > right) cover(0, 0, NODE_WIDTH, NODE_HEIGHT);
  return {
    x: round2(left - MARGIN),
    y: round2(top - MARGIN),
    width: round2(right - left + 2 * MARGIN),
    height: round2(bottom - top + 2 * MARGIN),
  };
}

/**
 * Gives everything a place. What was placed before stays where it was, to the bit; `previous` null tidies up.
 * Pure and deterministic: no clock, no chance, and only + − × ÷ √, which all JavaScript engines round alike.
 */
export function layoutScene(
  graph: SceneGraph,
  previous: Placement | null,
  options: LayoutOptions,
): { scene: Scene; placement: Placement } {
  const slots = updateSlots(graph, previous, options.tick);
  const seats = seatsOf(slots);
  const slotOf = new Map<MemberId, Slot>();
  for (const slot of slots) for (const member of slot.members) if (member !== null) slotOf.set(member, slot);
  const nodes: SceneNode[] = [...graph.nodes]
    .sort((a, b) => compareText(a.key, b.key))
    .map((node) => {
      const pin = options.pins.get(node.key);
      const at = pin ?? seats.get(node.key) ?? { x: 0, y: 0 };
      const width = node.type === 'host' ? HOST_WIDTH : NODE_WIDTH;
      return { ...node, x: round2(at.x), y: round2(at.y), width, height: NODE_HEIGHT, pinned: pin !== undefined };
    });
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const groups = encloseGroups(graph, slots, byKey);

  const boxes = new Boxes();
  for (const { x, y, width, height } of nodes) boxes.add({ x: x - width / 2, y: y - height / 2, width, height });
  const links: SceneLink[] = [];
  const crowded: { set: GraphSet; members: readonly SceneNode[]; wanted: Point }[] = [];
  for (const set of [...graph.sets].sort((a, b) => compareText(a.key, b.key))) {
    const members = set.members.flatMap((member) => byKey.get(member) ?? []);
    const [first, second] = members;
    if (first === undefined || second === undefined) continue;
    if (members.length > 2) crowded.push({ set, members, wanted: hubWish(members, slotOf) });
    else {
      const strands = strandsAlong(route(first, second, boxes), set.strands, 0);
      links.push({ key: `link:${set.key}`, set: set.key, from: first.key, to: second.key, strands, broken: false });
    }
  }
  const placedHubs = placeHubs(crowded, nodes, previous?.hubs ?? []);
  const hubPlaces = new Map(placedHubs.map((hub) => [hub.key, hub.at]));
  const hubs: SceneHub[] = crowded.map(({ set, members, wanted }) => {
    const at = hubPlaces.get(set.key) ?? wanted;
    for (const member of members) {
      const strands = strandsAlong([anchor(member, at), at], set.strands, HUB_RADIUS);
      const key = `spoke:${set.key}:${member.key}`;
      links.push({ key, set: set.key, from: member.key, to: set.key, strands, broken: false });
    }
    return { ...set, ...at, radius: HUB_RADIUS };
  });
  const broken = [...graph.broken].sort((a, b) => compareText(a.container, b.container) || compareText(a.kind, b.kind));
  for (const share of broken) {
    const from = byKey.get(share.container);
    const to = share.target === null ? undefined : byKey.get(share.target);
    if (from === undefined || to === undefined) continue;
    const strands = strandsAlong(route(from, to, boxes), [{ kind: share.kind, namespace: '' }], 0);
    const key = `broken:${share.kind}:${from.key}`;
    links.push({ key, set: key, from: from.key, to: to.key, strands, broken: true });
  }
  const drawn = { nodes, groups, hubs, links };
  const { total, arrangement } = graph;
  return { scene: { ...drawn, bounds: boundsOf(drawn), total, arrangement }, placement: { slots, hubs: placedHubs } };
}
