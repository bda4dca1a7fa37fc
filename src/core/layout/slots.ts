import { HOST, type MemberId } from '../sharing/sharing.ts';
import { Boxes } from './boxes.ts';
import { pitch } from './card-size.ts';
import type { BareGraph } from './card-texts.ts';
import { byKey, compareNames } from './order.ts';
import { pack } from './pack.ts';
import type { Box, CardSize, Placement, Point, Stage } from './scene.ts';
import { type Partners, partnersOf, seatingOrder } from './seating.ts';
import { isSingle, SINGLE, type Slot, seat, seatsOf, slotSize } from './slot.ts';

/** Ticks for which an emptied slot is kept for its group. */
export const GHOST_TICKS = 60;
/** A group that is born while others stand gets room for so many members, since more of it will likely follow. */
const LIVE_ROOM = 4;
const LIVE_COLUMNS = 2;

/** The room that is taken, and where there is more. */
class Ground {
  private readonly boxes = new Boxes();
  private readonly taken = new Set<Slot>();
  private right = 0;
  private bottom = 0;
  private readonly card: CardSize;
  private readonly aspect: number;

  constructor(card: CardSize, aspect: number) {
    this.card = card;
    this.aspect = aspect;
  }

  add(slot: Slot): void {
    this.taken.add(slot);
    this.boxes.add(slot);
    this.right = Math.max(this.right, slot.x + slot.width);
    this.bottom = Math.max(this.bottom, slot.y + slot.height);
  }

  isFree(box: Box, except: Slot | null = null): boolean {
    return this.boxes.free(box, 0, except);
  }

  /** Makes a slot higher where it is; false when something is in the way. */
  grow(slot: Slot, height: number): boolean {
    if (!this.isFree({ x: slot.x, y: slot.y, width: slot.width, height }, slot)) return false;
    this.boxes.remove(slot);
    slot.height = height;
    this.add(slot);
    return true;
  }

  /** A free place: beside a partner's if there is one, else where it makes the picture grow least. */
  spot(width: number, height: number, beside: Slot | null): Point {
    if (beside !== null) {
      const { x, y } = beside;
      for (const at of [
        { x: x + beside.width, y },
        { x: x - width, y },
        { x, y: y + beside.height },
        { x, y: y - height },
      ]) {
        if (this.isFree({ ...at, width, height })) return at;
      }
    }
    let best: Point = { x: 0, y: this.bottom };
    let least = Number.POSITIVE_INFINITY;
    const consider = (x: number, y: number) => {
      const right = Math.max(this.right, x + width);
      const bottom = Math.max(this.bottom, y + height);
      const cost = Math.max(right / this.aspect, bottom);
      const earlier = cost === least && (y < best.y || (y === best.y && x < best.x));
      if ((cost < least || earlier) && this.isFree({ x, y, width, height })) {
        best = { x, y };
        least = cost;
      }
    };
    for (const box of this.taken) {
      if (box.y >= 0) consider(box.x + box.width, box.y);
      if (box.x >= 0) consider(box.x, box.y + box.height);
    }
    return best;
  }

  /** The band for the machine's services: below everything, as wide as it. */
  below(): { y: number; columns: number } {
    return { y: this.bottom, columns: Math.max(1, Math.floor(this.right / pitch(this.card))) };
  }
}

/**
 * Which members want a seat in which slot, in the order of the slots' names: groups by key, and single containers by name,
 * so that a container that is created again returns to its place.
 */
function wantedSeats(graph: BareGraph): Map<string, MemberId[]> {
  const wanted = new Map(graph.groups.map(({ key, members }): [string, MemberId[]] => [key, [...members]]));
  for (const { key, type, label } of byKey(graph.nodes.filter((node) => node.type !== 'host' && node.group === null))) {
    const named = `${SINGLE}${label}`;
    const own = (type === 'container' || type === 'foreign') && !wanted.has(named);
    wanted.set(own ? named : `${named}\n${key}`, [key]);
  }
  return new Map([...wanted.keys()].sort().map((name) => [name, wanted.get(name) ?? []]));
}

/** A new slot for members of whom one already stands somewhere: around that one, so that it need not move. */
function adopt(slot: Slot, seats: ReadonlyMap<MemberId, Point>, ground: Ground, card: CardSize): boolean {
  const members = slot.members.filter((member) => member !== null);
  const shapes = isSingle(slot) || members.length < 3 ? [1] : [LIVE_COLUMNS, 1];
  for (const member of members) {
    const old = seats.get(member);
    if (old === undefined) continue;
    const others = members.filter((each) => each !== member);
    for (const columns of shapes) {
      for (const index of others.length > 0 ? [0, 1] : [0]) {
        const shape = { ...slot, columns };
        const at = seat(shape, index, card);
        const box = { x: old.x - at.x, y: old.y - at.y, ...slotSize(shape, members.length, card) };
        if (!ground.isFree(box)) continue;
        Object.assign(slot, box, { columns, members: others.toSpliced(index, 0, member) });
        return true;
      }
    }
  }
  return false;
}

/** The slot of somebody with whom one of these shares something. */
function besideWhom(slot: Slot, partners: Partners, slotOf: ReadonlyMap<MemberId, Slot>): Slot | null {
  for (const member of slot.members) {
    for (const partner of partners.get(member ?? '') ?? []) {
      const found = slotOf.get(partner);
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** The slots after a change: what has a seat keeps it, what is new finds one where nobody has to move. */
export function updateSlots(
  graph: BareGraph,
  previous: Placement | null,
  { tick, stage }: { readonly tick: number; readonly stage: Stage },
): { slots: Slot[]; card: CardSize } {
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  const wanted = wantedSeats(graph);
  const stands = previous !== null && graph.nodes.some(({ key }) => key !== HOST && isSeated(previous, key));
  const old = previous?.slots ?? [];
  if (previous === null || (!stands && old.length === 0)) {
    const fresh = freshSlots(wanted, new Map());
    return pack(fresh, { nodes, partners: partnersOf(graph), stage });
  }
  const { card } = previous;
  const ground = new Ground(card, stage.width / stage.height);

  const slots: Slot[] = [];
  const parts = new Map<string, Slot[]>();
  const seated = new Set<MemberId>();
  const groupOf = new Map<MemberId, string>();
  for (const [group, members] of wanted) for (const member of members) groupOf.set(member, group);
  for (const slot of old) {
    const members = slot.members.map((member) =>
      member !== null && groupOf.get(member) === slot.group ? member : null,
    );
    const used = members.some((member) => member !== null);
    // Somebody of it lives on elsewhere: then the place is theirs, and no ghost keeps it.
    if (!used && slot.members.some((member) => member !== null && nodes.has(member))) continue;
    const freedAt = used ? null : (slot.freedAt ?? tick);
    if (freedAt !== null && tick - freedAt > GHOST_TICKS) continue;
    const next = { ...slot, members, freedAt };
    slots.push(next);
    ground.add(next);
    for (const member of members) if (member !== null) seated.add(member);
    const list = parts.get(slot.group);
    if (list === undefined) parts.set(slot.group, [next]);
    else list.push(next);
  }

  const left = new Map<string, MemberId[]>();
  for (const [group, members] of wanted) {
    const unseated = members.filter((member) => !seated.has(member));
    if (unseated.length === 0) continue;
    const waiting = seatingOrder(unseated, nodes);
    const own = parts.get(group) ?? [];
    const last = own.at(-1);
    // Holes are looked for once, from the first on.
    const holes = own.flatMap((slot) =>
      slot.members.flatMap((member, index) => (member === null ? [{ slot, index }] : [])),
    );
    const rest = waiting.filter((member) => {
      const hole = holes.shift();
      if (hole !== undefined) {
        hole.slot.members[hole.index] = member;
        hole.slot.freedAt = null;
        return false;
      }
      if (last === undefined || isSingle(last)) return true;
      const { height } = slotSize(last, last.members.length + 1, card);
      if (height > last.height && !ground.grow(last, height)) return true;
      last.members.push(member);
      return false;
    });
    if (rest.length > 0) left.set(group, rest);
  }

  const fresh = freshSlots(left, parts);
  if (fresh.length === 0) return { slots, card };
  for (const slot of fresh) {
    slot.columns = isSingle(slot) || slot.members.length === 2 ? 1 : liveColumns(slot.members.length);
    Object.assign(slot, slotSize(slot, slot.members.length, card));
  }
  fresh.sort((a, b) => b.height - a.height || compareNames(a.group, b.group) || a.part - b.part);
  const slotOf = new Map<MemberId, Slot>();
  const settle = (slot: Slot) => {
    ground.add(slot);
    slots.push(slot);
    for (const member of slot.members) if (member !== null) slotOf.set(member, slot);
  };
  for (const slot of slots) for (const member of slot.members) if (member !== null) slotOf.set(member, slot);
  const oldSeats = seatsOf(old, card);
  const partners = partnersOf(graph);
  // Those who stand already come first: a stranger must not take the room around them.
  const strangers = fresh.filter((slot) => {
    if (!adopt(slot, oldSeats, ground, card)) return true;
    settle(slot);
    return false;
  });
  for (const slot of strangers) {
    if (slot.group === 'services') {
      const { y, columns } = ground.below();
      slot.columns = Math.min(columns, slot.members.length);
      Object.assign(slot, slotSize(slot, slot.members.length, card), { x: 0, y });
    } else {
      const places =
        isSingle(slot) || slot.members.length === 2 ? slot.members.length : Math.max(LIVE_ROOM, slot.members.length);
      Object.assign(slot, slotSize(slot, places, card));
      Object.assign(slot, ground.spot(slot.width, slot.height, besideWhom(slot, partners, slotOf)));
    }
    settle(slot);
  }
  return { slots, card };
}

/** About as wide as high: cards are wider than high. */
function liveColumns(members: number): number {
  return Math.max(LIVE_COLUMNS, Math.ceil(Math.sqrt(members / 2)));
}

function isSeated(placement: Placement, key: MemberId): boolean {
  return placement.slots.some(({ members }) => members.includes(key));
}

function freshSlots(
  wanted: ReadonlyMap<string, readonly MemberId[]>,
  parts: ReadonlyMap<string, readonly Slot[]>,
): Slot[] {
  return [...wanted].map(([group, members]) => ({
    group,
    part: (parts.get(group)?.at(-1)?.part ?? -1) + 1,
    columns: 1,
    x: 0,
    y: 0,
    width: 0,
    height: 0,
    members: [...members],
    freedAt: null,
  }));
}
