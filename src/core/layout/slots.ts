import { HOST, type MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { type Box, Boxes } from './boxes.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './marks.ts';
import { compareNames } from './order.ts';
import type { GraphNode, Placement, Point, SceneGraph } from './scene.ts';

/** Width over height that the packing aims at: a wide page. The same everywhere, so that every host draws one picture. */
const ASPECT = 1.6;
/** Ticks for which an emptied slot is kept for its group. */
export const GHOST_TICKS = 60;

/** Between the two columns of a block: hubs and links run here, so that they cross no box. */
export const LANE = 96;
export const BLOCK_ROWS = 6;
const ROW_GAP = 30;
const BLOCK_GAP = 64;
export const PADDING = 18;
/** Room for a group's label. With the gaps below it makes every height a multiple of half a row, so that rows align. */
const HEADER = 33;
const GAP_X = 40;
const GAP_Y = 30;
const SINGLE = 'node:';
export const HOST_SLOT = 'host';
export const HOST_WIDTH = NODE_WIDTH * 1.6;
const HOST_DISTANCE = 98;
/** A group that is born while others stand gets room for so many members, since more of it will likely follow. */
const LIVE_ROOM = 6;

const COLUMN = NODE_WIDTH + LANE;
const ROW = NODE_HEIGHT + ROW_GAP;
const BLOCK_WIDTH = 2 * NODE_WIDTH + LANE + BLOCK_GAP;
const BLOCK_HEIGHT = BLOCK_ROWS * ROW;

export interface Slot {
  readonly group: string;
  readonly part: number;
  x: number;
  y: number;
  width: number;
  height: number;
  members: (MemberId | null)[];
  freedAt: number | null;
}

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

const isSingle = (slot: Pick<Slot, 'group'>) => slot.group.startsWith(SINGLE);

/** The centre of a member's place, relative to its slot. */
function seat(slot: Pick<Slot, 'group'>, index: number): Point {
  const at = place(index);
  return isSingle(slot) ? at : { x: at.x + PADDING, y: at.y + HEADER };
}

/** The size of a slot with so many places. */
export function slotSize(slot: Pick<Slot, 'group'>, places: number): { width: number; height: number } {
  if (slot.group === HOST_SLOT) return { width: HOST_WIDTH, height: NODE_HEIGHT };
  let width = 0;
  let height = 0;
  for (let index = 0; index < places; index += 1) {
    const at = place(index);
    width = Math.max(width, at.x + NODE_WIDTH / 2);
    height = Math.max(height, at.y + NODE_HEIGHT / 2);
  }
  return isSingle(slot) ? { width, height } : { width: width + 2 * PADDING, height: height + HEADER + PADDING };
}

/** Where every seated member is: the centres of the boxes. */
export function seatsOf(slots: Placement['slots']): Map<MemberId, Point> {
  const out = new Map<MemberId, Point>();
  for (const slot of slots) {
    slot.members.forEach((member, index) => {
      if (member === null) return;
      const at = slot.group === HOST_SLOT ? { x: HOST_WIDTH / 2, y: NODE_HEIGHT / 2 } : seat(slot, index);
      out.set(member, { x: slot.x + at.x, y: slot.y + at.y });
    });
  }
  return out;
}

/** A slot with the distance that it keeps to the right and below. */
const withGap = ({ x, y, width, height }: Box): Box => ({ x, y, width: width + GAP_X, height: height + GAP_Y });

/** The lower edge of all slots as steps from left to right; finds the highest place for a new one. */
class Skyline {
  private steps: Point[] = [{ x: 0, y: 0 }];

  raise(x: number, width: number, bottom: number): void {
    const end = x + width;
    const out: Point[] = [];
    const push = (step: Point) => {
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

const CELL_WIDTH = NODE_WIDTH + GAP_X;
const CELL_HEIGHT = NODE_HEIGHT + GAP_Y;
/** Page widths that are tried, in parts of the width that area alone would ask for. */
const WIDTHS = [0.85, 1, 1.1, 1.2, 1.35, 1.5, 1.75];
/** Column counts of the grid of singles that are tried for each page width. */
const GRIDS = 24;

/** Places all slots on an empty page: groups by size, those that stand alone as one grid. The best fit of several tries. */
function pack(fresh: readonly Slot[]): void {
  const groups = fresh.filter((slot) => !isSingle(slot));
  const singles = fresh.filter(isSingle);
  let area = singles.length * CELL_WIDTH * CELL_HEIGHT;
  let widest = singles.length > 0 ? CELL_WIDTH : 0;
  for (const slot of groups) {
    area += (slot.width + GAP_X) * (slot.height + GAP_Y);
    widest = Math.max(widest, slot.width + GAP_X);
  }
  let best = { cost: Number.POSITIVE_INFINITY, places: [] as Point[], grid: { x: 0, y: 0 }, columns: 1 };
  for (const factor of WIDTHS) {
    const limit = Math.max(Math.sqrt(area * ASPECT) * factor, widest);
    const skyline = new Skyline();
    const places: Point[] = [];
    let right = 0;
    let bottom = 0;
    for (const slot of groups) {
      const at = skyline.find(slot.width + GAP_X, limit);
      skyline.raise(at.x, slot.width + GAP_X, at.y + slot.height + GAP_Y);
      places.push(at);
      right = Math.max(right, at.x + slot.width + GAP_X);
      bottom = Math.max(bottom, at.y + slot.height + GAP_Y);
    }
    const most = Math.max(1, Math.min(singles.length, Math.floor(limit / CELL_WIDTH)));
    const step = Math.max(1, Math.floor(most / GRIDS));
    for (let columns = 1; columns <= most; columns += step) {
      const rows = Math.ceil(singles.length / columns);
      const grid = singles.length === 0 ? { x: 0, y: 0 } : skyline.find(columns * CELL_WIDTH, limit);
      const width = Math.max(right, singles.length === 0 ? 0 : grid.x + columns * CELL_WIDTH);
      const height = Math.max(bottom, grid.y + rows * CELL_HEIGHT);
      const cost = Math.max(width / ASPECT, height);
      if (cost < best.cost) best = { cost, places, grid, columns };
    }
  }
  groups.forEach((slot, index) => {
    Object.assign(slot, best.places[index]);
  });
  singles.forEach((slot, index) => {
    slot.x = best.grid.x + (index % best.columns) * CELL_WIDTH;
    slot.y = best.grid.y + Math.floor(index / best.columns) * CELL_HEIGHT;
  });
}

/** The room that is taken, and where there is more. */
class Ground {
  private readonly boxes = new Boxes();
  private readonly boxOf = new Map<Slot, Box>();
  private right = 0;
  private bottom = 0;

  add(slot: Slot): void {
    const box = withGap(slot);
    this.boxOf.set(slot, box);
    this.boxes.add(box);
    this.right = Math.max(this.right, box.x + box.width);
    this.bottom = Math.max(this.bottom, box.y + box.height);
  }

  isFree(box: Box, except: Slot | null = null): boolean {
    return this.boxes.free(withGap(box), 0, except === null ? null : (this.boxOf.get(except) ?? null));
  }

  /** Makes a slot larger where it is; false when something is in the way. */
  grow(slot: Slot, width: number, height: number): boolean {
    if (!this.isFree({ x: slot.x, y: slot.y, width, height }, slot)) return false;
    const box = this.boxOf.get(slot);
    if (box !== undefined) this.boxes.remove(box);
    slot.width = width;
    slot.height = height;
    this.add(slot);
    return true;
  }

  /** A free place beside or below a slot that makes the picture grow least. */
  spot(width: number, height: number): Point {
    let best: Point = { x: 0, y: this.bottom };
    let least = Number.POSITIVE_INFINITY;
    const consider = (x: number, y: number) => {
      const right = Math.max(this.right, x + width + GAP_X);
      const bottom = Math.max(this.bottom, y + height + GAP_Y);
      const cost = Math.max(right / ASPECT, bottom);
      const earlier = cost === least && (y < best.y || (y === best.y && x < best.x));
      if ((cost < least || earlier) && this.isFree({ x, y, width, height })) {
        best = { x, y };
        least = cost;
      }
    };
    for (const box of this.boxOf.values()) {
      if (box.y >= 0) consider(box.x + box.width, box.y);
      if (box.x >= 0) consider(box.x, box.y + box.height);
    }
    return best;
  }
}

/** Members by name; those of a two-member set next to each other, so that their line runs straight across the lane. */
function seatingOrder(members: readonly MemberId[], nodes: ReadonlyMap<MemberId, GraphNode>, graph: Pairs): MemberId[] {
  const rest = new Set(
    [...members].sort(
      (a, b) => compareNames(nodes.get(a)?.label ?? '', nodes.get(b)?.label ?? '') || compareText(a, b),
    ),
  );
  const out: MemberId[] = [];
  const take = (member: MemberId | undefined) => {
    if (member === undefined) return;
    rest.delete(member);
    out.push(member);
  };
  while (rest.size > 0) {
    const left = rest.values().next().value;
    take(left);
    const partner = graph.get(left ?? '')?.find((other) => rest.has(other));
    take(
      partner ??
        [...rest].find((other) => !graph.get(other)?.some((each) => rest.has(each))) ??
        rest.values().next().value,
    );
  }
  return out;
}

type Pairs = ReadonlyMap<MemberId, readonly MemberId[]>;

/** For each member those with whom it alone shares something: as many as there are two-member sets. */
function partnersOf(graph: SceneGraph): Pairs {
  const out = new Map<MemberId, MemberId[]>();
  for (const set of [...graph.sets].sort((a, b) => compareText(a.key, b.key))) {
    const [a, b] = set.members;
    if (set.members.length !== 2 || a === undefined || b === undefined) continue;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const list = out.get(from);
      if (list === undefined) out.set(from, [to]);
      else list.push(to);
    }
  }
  return out;
}

/** Who wants a seat where: groups by key, and those alone by name, so that a container that is made anew returns to its place. */
function wantedSeats(graph: SceneGraph): Map<string, MemberId[]> {
  const out = new Map<string, MemberId[]>();
  const nodes = [...graph.nodes].sort((a, b) => compareText(a.key, b.key));
  for (const group of [...graph.groups].sort((a, b) => compareText(a.key, b.key)))
    out.set(group.key, [...group.members]);
  for (const node of nodes) {
    if (node.type === 'host' || node.group !== null) continue;
    const named = `${SINGLE}${node.label}`;
    out.set(
      (node.type !== 'container' && node.type !== 'foreign') || out.has(named)
        ? `${SINGLE}${node.label}\n${node.key}`
        : named,
      [node.key],
    );
  }
  return out;
}

/** A new slot for members of whom one already stands somewhere: around that one, so that it need not move. */
function adopt(slot: Slot, seats: ReadonlyMap<MemberId, Point>, ground: Ground): boolean {
  const members = slot.members.filter((member) => member !== null);
  const rooms = isSingle(slot) ? [1] : [Math.max(LIVE_ROOM, members.length), members.length];
  for (const member of members) {
    const old = seats.get(member);
    if (old === undefined) continue;
    const others = members.filter((each) => each !== member);
    for (const index of others.length > 0 ? [0, 1] : [0]) {
      const at = seat(slot, index);
      const x = old.x - at.x;
      const y = old.y - at.y;
      for (const room of rooms) {
        const size = slotSize(slot, room);
        if (!ground.isFree({ x, y, ...size })) continue;
        Object.assign(slot, { x, y, ...size, members: others.toSpliced(index, 0, member) });
        return true;
      }
    }
  }
  return false;
}

/** The slots after a change: what has a seat keeps it, what is new finds one where nobody has to move. */
export function updateSlots(graph: SceneGraph, previous: Placement | null, tick: number): Slot[] {
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  const wanted = wantedSeats(graph);
  const pairs = partnersOf(graph);
  const old = previous?.slots ?? [];
  const oldSeats = seatsOf(old);
  const ground = new Ground();

  const slots: Slot[] = [];
  const parts = new Map<string, Slot[]>();
  for (const slot of old) {
    const present = new Set(slot.group === HOST_SLOT ? [HOST] : wanted.get(slot.group));
    const members = slot.members.map((member) => (member !== null && present.has(member) ? member : null));
    const used = members.some((member) => member !== null);
    // Somebody of it lives on elsewhere: then the place is theirs, and no ghost keeps it.
    if (!used && slot.members.some((member) => member !== null && nodes.has(member))) continue;
    const freedAt = used ? null : (slot.freedAt ?? tick);
    if (freedAt !== null && tick - freedAt > GHOST_TICKS) continue;
    const next = { ...slot, members, freedAt };
    slots.push(next);
    ground.add(next);
    const list = parts.get(slot.group);
    if (list === undefined) parts.set(slot.group, [next]);
    else list.push(next);
  }

  const fresh: Slot[] = [];
  for (const [group, members] of [...wanted].sort((a, b) => compareText(a[0], b[0]))) {
    const own = parts.get(group) ?? [];
    const seated = new Set(own.flatMap((slot) => slot.members));
    const waiting = seatingOrder(
      members.filter((member) => !seated.has(member)),
      nodes,
      pairs,
    );
    const last = own.at(-1);
    const left = waiting.filter((member) => {
      const holed = own.find((slot) => slot.members.includes(null));
      if (holed !== undefined) {
        holed.members[holed.members.indexOf(null)] = member;
        holed.freedAt = null;
        return false;
      }
      if (last === undefined) return true;
      const need = slotSize(last, last.members.length + 1);
      const width = Math.max(last.width, need.width);
      const height = Math.max(last.height, need.height);
      const fits = width === last.width && height === last.height;
      if (!fits && !ground.grow(last, width, height)) return true;
      last.members.push(member);
      return false;
    });
    if (left.length === 0) continue;
    const slot: Slot = {
      group,
      part: last === undefined ? 0 : last.part + 1,
      x: 0,
      y: 0,
      width: 0,
      height: 0,
      members: left,
      freedAt: null,
    };
    fresh.push(Object.assign(slot, slotSize(slot, left.length)));
  }
  // A broken share's declarer stands after its target, so that the crossed-out line is short.
  const targets = new Map(graph.broken.map((share) => [share.container, share.target]));
  const groupNames = new Map(graph.groups.map((group) => [group.key, group.label]));
  const name = (slot: Slot) => {
    const first = slot.members[0] ?? '';
    const target = nodes.get(targets.get(first) ?? '')?.label;
    const own = groupNames.get(slot.group) ?? nodes.get(first)?.label ?? '';
    return target === undefined ? own : `${target}\n${own}`;
  };
  const rank = (slot: Slot) => (nodes.get(slot.members[0] ?? '')?.type === 'container' ? 0 : 1);
  fresh.sort(
    (a, b) =>
      b.height - a.height ||
      b.width - a.width ||
      rank(a) - rank(b) ||
      compareNames(name(a), name(b)) ||
      compareText(a.group, b.group),
  );

  const stands = graph.nodes.some((node) => node.key !== HOST && oldSeats.has(node.key));
  if (!stands && slots.every((slot) => slot.group === HOST_SLOT)) {
    pack(fresh);
    for (const slot of fresh) ground.add(slot);
    slots.push(...fresh);
  } else {
    // Those who stand already come first: a stranger must not take the room around them.
    const strangers = fresh.filter((slot) => {
      if (!adopt(slot, oldSeats, ground)) return true;
      ground.add(slot);
      slots.push(slot);
      return false;
    });
    for (const slot of strangers) {
      const places = isSingle(slot) ? 1 : Math.max(LIVE_ROOM, slot.members.length);
      Object.assign(slot, slotSize(slot, places));
      Object.assign(slot, ground.spot(slot.width, slot.height));
      ground.add(slot);
      slots.push(slot);
    }
  }

  if (nodes.has(HOST) && !slots.some((slot) => slot.group === HOST_SLOT)) {
    let right = HOST_WIDTH;
    let top = 0;
    for (const slot of slots) {
      right = Math.max(right, slot.x + slot.width);
      top = Math.min(top, slot.y);
    }
    slots.push({
      group: HOST_SLOT,
      part: 0,
      x: right / 2 - HOST_WIDTH / 2,
      y: top - HOST_DISTANCE - NODE_HEIGHT,
      width: HOST_WIDTH,
      height: NODE_HEIGHT,
      members: [HOST],
      freedAt: null,
    });
  }
  return slots;
}
