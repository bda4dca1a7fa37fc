import { HOST, type MemberId } from '../sharing/sharing.ts';
import type { NamespaceId, NamespaceKind } from '../snapshot/namespace.ts';
import { HUB_RADIUS, NODE_HEIGHT, NODE_WIDTH, round2, STRAND_PITCH } from './marks.ts';
import { compareText } from './order.ts';
import type { Placement, Point, Scene, SceneGraph, SceneHub, SceneLink, SceneNode } from './scene.ts';

export interface LayoutOptions {
  /** Where the user put nodes: centres. A pinned node keeps its place in its group for later. */
  readonly pins: ReadonlyMap<MemberId, Point>;
  /** Seconds, any origin: only used to free places that were empty for long. */
  readonly tick: number;
}

/** Width over height that the packing aims at: a wide page. The same everywhere, so that every host draws one picture. */
const ASPECT = 1.6;

/** Ticks for which an emptied slot is kept for its group. */
export const GHOST_TICKS = 60;

/** Between the two columns of a block: hubs and links run here, so that they cross no box. */
const LANE = 96;
const ROW_GAP = 30;
const BLOCK_ROWS = 6;
const BLOCK_GAP = 64;
const PADDING = 18;
const HEADER = 34;
const SLOT_GAP = 40;
const SINGLE = 'node:';
const HOST_SLOT = 'host';

interface Slot {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  members: (MemberId | null)[];
  freedAt: number | null;
}

const COLUMN = NODE_WIDTH + LANE;
const ROW = NODE_HEIGHT + ROW_GAP;
const BLOCK_WIDTH = 2 * NODE_WIDTH + LANE + BLOCK_GAP;
const BLOCK_HEIGHT = BLOCK_ROWS * ROW;

/**
 * The centre of place `index`, relative to the group's content. It depends on the index alone, so growth moves nobody:
 * two columns with a lane between, in blocks that fill squares from the top left corner.
 */
function place(index: number): Point {
  const block = Math.floor(index / (2 * BLOCK_ROWS));
  const inBlock = index % (2 * BLOCK_ROWS);
  const shell = Math.floor(Math.sqrt(block));
  const rest = block - shell * shell;
  const column = rest <= shell ? shell : rest - shell - 1;
  const row = Math.min(rest, shell);
  return {
    x: column * BLOCK_WIDTH + (inBlock % 2) * COLUMN + NODE_WIDTH / 2,
    y: row * BLOCK_HEIGHT + Math.floor(inBlock / 2) * ROW + NODE_HEIGHT / 2,
  };
}

function contentSize(places: number): { width: number; height: number } {
  let width = 0;
  let height = 0;
  for (let index = 0; index < places; index += 1) {
    const at = place(index);
    width = Math.max(width, at.x + NODE_WIDTH / 2);
    height = Math.max(height, at.y + NODE_HEIGHT / 2);
  }
  return { width, height };
}

function slotSize(key: string, places: number): { width: number; height: number } {
  const { width, height } = contentSize(places);
  if (key.startsWith(SINGLE)) return { width, height };
  return { width: width + 2 * PADDING, height: height + HEADER + PADDING };
}

function collides(slot: Slot, x: number, y: number, width: number, height: number): boolean {
  return (
    x < slot.x + slot.width + SLOT_GAP &&
    slot.x < x + width + SLOT_GAP &&
    y < slot.y + slot.height + SLOT_GAP &&
    slot.y < y + height + SLOT_GAP
  );
}

/** The lower edge of all slots as steps from left to right; finds the highest place for a new one. */
class Skyline {
  private steps: { x: number; y: number }[] = [{ x: 0, y: 0 }];

  raise(x: number, width: number, bottom: number): void {
    const end = x + width;
    const out: { x: number; y: number }[] = [];
    const push = (step: { x: number; y: number }) => {
      if (out.at(-1)?.y !== step.y) out.push(step);
    };
    this.steps.forEach((step, index) => {
      const next = this.steps[index + 1]?.x ?? Number.POSITIVE_INFINITY;
      if (next <= x || step.x >= end) {
        push(step);
        return;
      }
      if (step.x < x) push(step);
      push({ x: Math.max(step.x, x), y: Math.max(step.y, bottom) });
      if (next > end) push({ x: end, y: step.y });
    });
    this.steps = out;
  }

  find(width: number, limit: number): Point {
    let best: Point | null = null;
    for (const [index, step] of this.steps.entries()) {
      if (step.x > 0 && step.x + width > limit) break;
      let y = step.y;
      for (const other of this.steps.slice(index + 1)) {
        if (other.x >= step.x + width) break;
        y = Math.max(y, other.y);
      }
      if (best === null || y < best.y) best = { x: step.x, y };
    }
    return best ?? { x: 0, y: 0 };
  }
}

function updateSlots(graph: SceneGraph, previous: Placement | null, options: LayoutOptions): Slot[] {
  const slots: Slot[] = (previous?.slots ?? []).map((slot) => ({ ...slot, members: [...slot.members] }));
  const wanted = new Map<string, MemberId[]>();
  for (const group of graph.groups) wanted.set(group.key, [...group.members]);
  for (const node of graph.nodes) {
    if (node.type === 'container' && node.group === null) wanted.set(`${SINGLE}${node.key}`, [node.key]);
  }
  const label = new Map(graph.nodes.map((node) => [node.key, node.label]));
  const byLabel = (a: string, b: string) => compareText(label.get(a) ?? '', label.get(b) ?? '') || compareText(a, b);

  const displaced: string[] = [];
  for (const slot of slots) {
    if (slot.key === HOST_SLOT) continue;
    const members = wanted.get(slot.key);
    if (members === undefined) {
      slot.members = slot.members.map(() => null);
      slot.freedAt ??= options.tick;
      continue;
    }
    slot.freedAt = null;
    const present = new Set(members);
    slot.members = slot.members.map((member) => (member !== null && present.has(member) ? member : null));
    const seated = new Set(slot.members);
    for (const member of members.filter((each) => !seated.has(each)).sort(byLabel)) {
      const hole = slot.members.indexOf(null);
      if (hole >= 0) slot.members[hole] = member;
      else slot.members.push(member);
    }
    wanted.delete(slot.key);
    const need = slotSize(slot.key, slot.members.length);
    const width = Math.max(slot.width, need.width);
    const height = Math.max(slot.height, need.height);
    if (width === slot.width && height === slot.height) continue;
    const blocked = slots.some((other) => other !== slot && collides(other, slot.x, slot.y, width, height));
    if (blocked) displaced.push(slot.key);
    else {
      slot.width = width;
      slot.height = height;
    }
  }
  const fresh: Slot[] = [];
  for (const key of displaced) {
    const index = slots.findIndex((slot) => slot.key === key);
    fresh.push(...slots.splice(index, 1));
  }
  for (const [key, members] of wanted) {
    fresh.push({ key, x: 0, y: 0, width: 0, height: 0, members: members.sort(byLabel), freedAt: null });
  }
  for (const slot of fresh) Object.assign(slot, slotSize(slot.key, slot.members.length));
  const name = (slot: Slot) => slot.members.map((member) => label.get(member ?? '') ?? '')[0] ?? '';
  fresh.sort(
    (a, b) => b.height - a.height || b.width - a.width || compareText(name(a), name(b)) || compareText(a.key, b.key),
  );

  let area = 0;
  let widest = 0;
  let extent = 0;
  for (const slot of [...slots, ...fresh]) {
    area += (slot.width + SLOT_GAP) * (slot.height + SLOT_GAP);
    widest = Math.max(widest, slot.width + SLOT_GAP);
  }
  const skyline = new Skyline();
  for (const slot of slots) {
    if (slot.key === HOST_SLOT) continue;
    extent = Math.max(extent, slot.x + slot.width + SLOT_GAP);
    skyline.raise(slot.x, slot.width + SLOT_GAP, slot.y + slot.height + SLOT_GAP);
  }
  const limit = Math.max(Math.sqrt(area * 1.12 * ASPECT), widest, extent);
  for (const slot of fresh) {
    const ghost = slots.findIndex(
      (other) =>
        other.freedAt !== null &&
        options.tick - other.freedAt > GHOST_TICKS &&
        other.width >= slot.width &&
        other.height >= slot.height,
    );
    const reused = slots[ghost];
    if (reused !== undefined) {
      slots[ghost] = { ...slot, x: reused.x, y: reused.y, width: reused.width, height: reused.height };
      continue;
    }
    const at = skyline.find(slot.width + SLOT_GAP, limit);
    skyline.raise(at.x, slot.width + SLOT_GAP, at.y + slot.height + SLOT_GAP);
    slots.push({ ...slot, x: at.x, y: at.y });
  }
  if (graph.nodes.some((node) => node.type === 'host') && !slots.some((slot) => slot.key === HOST_SLOT)) {
    let right = 0;
    for (const slot of slots) right = Math.max(right, slot.x + slot.width);
    const width = NODE_WIDTH * 1.6;
    slots.push({
      key: HOST_SLOT,
      x: right / 2 - width / 2,
      y: -170,
      width,
      height: NODE_HEIGHT,
      members: [HOST],
      freedAt: null,
    });
  }
  return slots;
}

/** Where a line leaves a box towards a point: the middle of a side, the left or right one where it can. */
function anchor(node: SceneNode, towards: Point): Point {
  if (Math.abs(towards.x - node.x) > node.width / 2 + 4) {
    return { x: node.x + (towards.x > node.x ? node.width : -node.width) / 2, y: node.y };
  }
  return { x: node.x, y: node.y + (towards.y > node.y ? node.height : -node.height) / 2 };
}

function strandLines(
  a: Point,
  b: Point,
  strands: readonly { kind: NamespaceKind; namespace: NamespaceId }[],
  trim: number,
): SceneLink['strands'] {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  return strands.map((strand, index) => {
    const offset = (index - (strands.length - 1) / 2) * STRAND_PITCH;
    const ox = (-dy / length) * offset;
    const oy = (dx / length) * offset;
    const end = Math.max(0, length - trim) / length;
    return {
      kind: strand.kind,
      namespace: strand.namespace,
      points: [
        { x: round2(a.x + ox), y: round2(a.y + oy) },
        { x: round2(a.x + dx * end + ox), y: round2(a.y + dy * end + oy) },
      ],
    };
  });
}

/** Boxes in a coarse grid: whether a circle touches one is asked often. */
class Boxes {
  private readonly cells = new Map<string, { x: number; y: number; w: number; h: number }[]>();

  add(x: number, y: number, w: number, h: number): void {
    for (let cx = Math.floor((x - w) / 256); cx <= Math.floor((x + w) / 256); cx += 1) {
      for (let cy = Math.floor((y - h) / 256); cy <= Math.floor((y + h) / 256); cy += 1) {
        const key = `${cx},${cy}`;
        const list = this.cells.get(key) ?? [];
        list.push({ x, y, w, h });
        this.cells.set(key, list);
      }
    }
  }

  free(x: number, y: number, r: number): boolean {
    for (let cx = Math.floor((x - r) / 256); cx <= Math.floor((x + r) / 256); cx += 1) {
      for (let cy = Math.floor((y - r) / 256); cy <= Math.floor((y + r) / 256); cy += 1) {
        for (const box of this.cells.get(`${cx},${cy}`) ?? []) {
          if (Math.abs(box.x - x) < box.w + r && Math.abs(box.y - y) < box.h + r) return false;
        }
      }
    }
    return true;
  }
}

/** The free point nearest to the wanted one on square rings of growing size. */
function freePoint(wanted: Point, boxes: Boxes, radius: number): Point {
  const step = 16;
  for (let ring = 0; ring < 400; ring += 1) {
    let best: Point | null = null;
    let distance = Number.POSITIVE_INFINITY;
    const consider = (ix: number, iy: number) => {
      const point = { x: wanted.x + ix * step, y: wanted.y + iy * step };
      // Upright first: a hub stays in its lane while it can.
      const cost = ix * ix * 4 + iy * iy;
      if (cost < distance && boxes.free(point.x, point.y, radius)) {
        best = point;
        distance = cost;
      }
    };
    for (let side = -ring; side <= ring; side += 1) {
      consider(0 + side, -ring);
      consider(0 + side, ring);
      if (side !== -ring && side !== ring) {
        consider(-ring, side);
        consider(ring, side);
      }
    }
    if (best !== null) return best;
  }
  return wanted;
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
  const slots = updateSlots(graph, previous, options);
  const slotByKey = new Map(slots.map((slot) => [slot.key, slot]));
  const seats = new Map<MemberId, Point>();
  for (const slot of slots) {
    const single = slot.key.startsWith(SINGLE);
    slot.members.forEach((member, index) => {
      if (member === null) return;
      const at = place(index);
      seats.set(member, { x: slot.x + at.x + (single ? 0 : PADDING), y: slot.y + at.y + (single ? 0 : HEADER) });
    });
  }
  const hostSlot = slotByKey.get(HOST_SLOT);
  if (hostSlot !== undefined) {
    seats.set(HOST, { x: hostSlot.x + hostSlot.width / 2, y: hostSlot.y + hostSlot.height / 2 });
  }
  const nodes: SceneNode[] = [...graph.nodes]
    .sort((a, b) => compareText(a.key, b.key))
    .map((node) => {
      const pin = options.pins.get(node.key);
      const at = pin ?? seats.get(node.key) ?? { x: 0, y: 0 };
      const width = node.type === 'host' ? NODE_WIDTH * 1.6 : NODE_WIDTH;
      return { ...node, x: round2(at.x), y: round2(at.y), width, height: NODE_HEIGHT, pinned: pin !== undefined };
    });
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const groups: Scene['groups'] = [...graph.groups]
    .sort((a, b) => compareText(a.key, b.key))
    .flatMap((group) => {
      const slot = slotByKey.get(group.key);
      if (slot === undefined) return [];
      const size = slotSize(group.key, slot.members.length);
      return [{ ...group, x: round2(slot.x), y: round2(slot.y), width: size.width, height: size.height }];
    });

  const boxes = new Boxes();
  for (const node of nodes) boxes.add(node.x, node.y, node.width / 2 + 8, node.height / 2 + 8);
  const hubs: SceneHub[] = [];
  const links: SceneLink[] = [];
  for (const set of [...graph.sets].sort((a, b) => compareText(a.key, b.key))) {
    const members = set.members.flatMap((member) => byKey.get(member) ?? []);
    const [first, second] = members;
    if (first === undefined || second === undefined) continue;
    if (members.length === 2) {
      const strands = strandLines(anchor(first, second), anchor(second, first), set.strands, 0);
      links.push({ key: `link:${set.key}`, set: set.key, from: first.key, to: second.key, strands, broken: false });
      continue;
    }
    let x = 0;
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (const member of members) {
      x += member.x / members.length;
      top = Math.min(top, member.y);
      bottom = Math.max(bottom, member.y);
    }
    // Inside one block the hub belongs into the lane, however the two columns are filled.
    const slot = first.group === null ? undefined : slotByKey.get(first.group);
    const inside = slot !== undefined && members.every((member) => member.group === first.group && !member.pinned);
    if (inside && slot.members.length <= 2 * BLOCK_ROWS) x = slot.x + PADDING + NODE_WIDTH + LANE / 2;
    const at = freePoint({ x, y: (top + bottom) / 2 }, boxes, HUB_RADIUS + 4);
    boxes.add(at.x, at.y, HUB_RADIUS + 12, HUB_RADIUS + 12);
    const hub: SceneHub = { ...set, x: round2(at.x), y: round2(at.y), radius: HUB_RADIUS };
    hubs.push(hub);
    for (const member of members) {
      const strands = strandLines(anchor(member, hub), hub, set.strands, HUB_RADIUS);
      const key = `spoke:${set.key}:${member.key}`;
      links.push({ key, set: set.key, from: member.key, to: set.key, strands, broken: false });
    }
  }
  const broken = [...graph.broken].sort((a, b) => compareText(a.container, b.container) || compareText(a.kind, b.kind));
  for (const share of broken) {
    const from = byKey.get(share.container);
    const to = share.target === null ? undefined : byKey.get(share.target);
    if (from === undefined || to === undefined) continue;
    const strands = strandLines(anchor(from, to), anchor(to, from), [{ kind: share.kind, namespace: '' }], 0);
    const key = `broken:${share.kind}:${from.key}`;
    links.push({ key, set: key, from: from.key, to: to.key, strands, broken: true });
  }

  let left = 0;
  let top = 0;
  let right = NODE_WIDTH;
  let bottom = NODE_HEIGHT;
  const cover = (x0: number, y0: number, x1: number, y1: number) => {
    left = Math.min(left, x0);
    top = Math.min(top, y0);
    right = Math.max(right, x1);
    bottom = Math.max(bottom, y1);
  };
  for (const node of nodes) {
    cover(node.x - node.width / 2, node.y - node.height / 2, node.x + node.width / 2, node.y + node.height / 2);
  }
  for (const group of groups) cover(group.x, group.y, group.x + group.width, group.y + group.height);
  for (const hub of hubs) cover(hub.x - 24, hub.y - 24, hub.x + 24, hub.y + 34);
  const margin = 28;
  const bounds = {
    x: round2(left - margin),
    y: round2(top - margin),
    width: round2(right - left + 2 * margin),
    height: round2(bottom - top + 2 * margin),
  };
  return { scene: { nodes, groups, hubs, links, bounds, total: graph.total }, placement: { slots } };
}
