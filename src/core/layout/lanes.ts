import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import type { Gate } from './corridors.ts';
import { LaneTracks, lanesWithin, reachOf } from './lane-tracks.ts';
import { round2 } from './marks.ts';
import type { Rail } from './rails.ts';
import { type Router, straightened } from './route.ts';
import type { CardSize, GraphNetwork, Point, SceneLane } from './scene.ts';
import type { Seat } from './seats.ts';
import { isSingle, type Slot } from './slot.ts';

/** From the left edge of a card to where a branch leaves it: left of all that stands in the shelf below it. */
const BRANCH = 4;
/** With more lanes than these that go from group to group, or in a lane with more parts, each part is a lane of its own. */
const MOST_JOINED = 8;
const MOST_PARTS = 16;
/** Places looked at for the ways of all lanes. */
const BUDGET = 200_000;

/** A row of cards that a lane runs along. */
interface Row {
  readonly rail: Rail;
  readonly seats: readonly Seat[];
}

/** What of a lane is in one slot. */
export interface LanePart {
  readonly slot: Slot;
  rows: readonly Row[];
  /** Below a card that stands alone: how far down nothing is but what is written at its lanes. */
  floor: number;
}

/** A lane before it is known where in the gutters it runs. */
export interface LaneDraft {
  readonly key: string;
  readonly networks: readonly GraphNetwork[];
  readonly parts: LanePart[];
  /** Ways from one part to another. */
  readonly joins: { readonly rails: readonly Rail[]; readonly from: number; readonly to: number }[];
}

/** Networks as lanes in the gutters of a picture whose lines are drawn: they go around cards, titles and words as those do. */
export class Lanes {
  readonly drafts: readonly LaneDraft[];
  private readonly tracks = new LaneTracks();
  private readonly card: CardSize;
  private readonly router: Router;

  constructor(
    networks: readonly GraphNetwork[],
    seats: ReadonlyMap<MemberId, Seat>,
    {
      card,
      router,
      shelves,
    }: { readonly card: CardSize; readonly router: Router; readonly shelves: ReadonlySet<MemberId> },
  ) {
    this.card = card;
    this.router = router;
    this.drafts = this.draft(networks, seats);
    router.corridors.allow(BUDGET);
    const wide = this.drafts.filter(({ parts }) => parts.length > 1);
    if (wide.length <= MOST_JOINED) {
      for (const lane of wide) if (lane.parts.length <= MOST_PARTS) this.join(lane);
    }
    this.lower(shelves);
    for (const lane of this.drafts) this.measure(lane);
    this.tracks.place((rail) => router.tracks.taken(rail));
  }

  /** The lanes with all but their words. */
  drawn(): Omit<SceneLane, 'signs'>[] {
    return this.drafts.map((lane) => {
      const paths: Point[][] = [];
      const joints: Point[] = [];
      for (const part of lane.parts) this.drawPart(lane, part, paths, joints);
      for (const { rails, from, to } of lane.joins) {
        const places = rails.map((rail) => this.tracks.at(rail, lane.key));
        const points: Point[] = [{ x: from, y: places[0] ?? 0 }];
        for (let index = 1; index < places.length; index += 1) {
          const [before, place] = [places[index - 1] ?? 0, places[index] ?? 0];
          points.push(index % 2 === 1 ? { x: place, y: before } : { x: before, y: place });
        }
        points.push({ x: to, y: places.at(-1) ?? 0 });
        paths.push(points);
      }
      const rounded = (points: readonly Point[]) => points.map(({ x, y }) => ({ x: round2(x), y: round2(y) }));
      return { key: lane.key, networks: lane.networks, paths: paths.map(rounded), joints: rounded(joints) };
    });
  }

  /** Each network's parts by slot; in a slot with more than have room beside each other they are one lane. */
  private draft(networks: readonly GraphNetwork[], seats: ReadonlyMap<MemberId, Seat>): LaneDraft[] {
    const bySlot = new Map<Slot, { readonly network: GraphNetwork; readonly seats: Seat[] }[]>();
    const lanes = new Map<string, LaneDraft>();
    for (const network of networks) {
      const own = new Map<Slot, Seat[]>();
      for (const member of network.members) {
        const seat = seats.get(member);
        if (seat === undefined) continue;
        const list = own.get(seat.slot);
        if (list === undefined) own.set(seat.slot, [seat]);
        else list.push(seat);
      }
      if ([...own.values()].reduce((sum, list) => sum + list.length, 0) < 2) continue;
      lanes.set(network.key, { key: network.key, networks: [network], parts: [], joins: [] });
      for (const [slot, list] of own) {
        const all = bySlot.get(slot);
        if (all === undefined) bySlot.set(slot, [{ network, seats: list }]);
        else all.push({ network, seats: list });
      }
    }
    const { band, edge, lane } = this.card;
    const inner = lane / 2 - edge;
    const folded: LaneDraft[] = [];
    for (const [slot, all] of bySlot) {
      const most = lanesWithin(isSingle(slot) ? edge / 2 - 1 : Math.min(band / 2, inner / 2) - 1);
      if (all.length <= most) {
        for (const { network, seats: list } of all) lanes.get(network.key)?.parts.push(this.part(slot, list));
        continue;
      }
      folded.push({
        key: `networks:${slot.group}#${slot.part}`,
        networks: all.map(({ network }) => network),
        parts: [this.part(slot, [...new Set(all.flatMap(({ seats: list }) => list))])],
        joins: [],
      });
    }
    return [...lanes.values(), ...folded]
      .filter(({ parts }) => parts.length > 0)
      .sort((a, b) => compareText(a.key, b.key));
  }

  private part(slot: Slot, list: readonly Seat[]): LanePart {
    const rows = new Map<number, Seat[]>();
    for (const seat of [...list].sort((a, b) => a.row - b.row || a.column - b.column)) {
      const row = rows.get(seat.row);
      if (row === undefined) rows.set(seat.row, [seat]);
      else row.push(seat);
    }
    const { rails } = this.router;
    return {
      slot,
      // Down to the first of its lanes.
      floor: (list[0]?.bottom ?? 0) + this.card.shelf + 1,
      rows: [...rows.values()].flatMap((seats) => {
        const [first] = seats;
        return first === undefined ? [] : [{ seats, rail: isSingle(slot) ? rails.below(first) : rails.above(first) }];
      }),
    };
  }

  /**
   * Below cards that stand alone lanes that lead nowhere lie as low as can be, where nothing else runs: so there is more
   * room for their names.
   */
  private lower(shelves: ReadonlySet<MemberId>): void {
    const led = new Set<string>();
    const below = new Map<Slot, LanePart[]>();
    for (const { parts, joins } of this.drafts) {
      for (const { rails } of joins) for (const { name } of rails) led.add(name);
      for (const part of parts) if (isSingle(part.slot)) below.set(part.slot, [...(below.get(part.slot) ?? []), part]);
    }
    const { edge } = this.card;
    for (const [slot, parts] of below) {
      const end = slot.y + slot.height;
      const seat = parts[0]?.rows[0]?.seats[0];
      if (seat === undefined || shelves.has(seat.node.key) || !this.router.corridors.closed(slot)) continue;
      const passing = [this.router.rails.below(seat).name, this.router.rails.corridor('y', end).name];
      if (passing.some((name) => led.has(name) || this.router.tracks.taken(name).length > 0)) continue;
      const room = reachOf(parts.length);
      const rail: Rail = { name: `under ${slot.group}`, at: end + edge - 2 - room, room };
      for (const part of parts) {
        part.rows = part.rows.map((row) => ({ ...row, rail }));
        part.floor = rail.at - room - 0.5;
      }
    }
  }

  /** Between which places a lane runs along a row of a part: from its upright piece, where it has one. */
  private span({ slot, rows }: LanePart, { seats }: Row): { from: number; to: number } {
    const [first, last] = [seats[0], seats.at(-1)];
    const to = (last?.left ?? 0) + BRANCH;
    if (rows.length > 1) return { from: this.router.rails.lane(slot, 0).at, to };
    return { from: (first?.left ?? 0) + BRANCH, to };
  }

  /** Ways that make one of all parts: each part is led to the nearest of those that are together. */
  private join(lane: LaneDraft): void {
    const middle = ({ slot }: LanePart) => ({ x: slot.x + slot.width / 2, y: slot.y + slot.height / 2 });
    const far = (a: LanePart, b: LanePart) => {
      const [from, to] = [middle(a), middle(b)];
      return Math.abs(from.x - to.x) + Math.abs(from.y - to.y);
    };
    const [first, ...rest] = [...lane.parts].sort(
      (a, b) => a.slot.x - b.slot.x || a.slot.y - b.slot.y || compareText(a.slot.group, b.slot.group),
    );
    if (first === undefined) return;
    const together = [first];
    while (rest.length > 0) {
      let best = { part: rest[0] as LanePart, to: first, distance: Number.POSITIVE_INFINITY };
      for (const part of rest) {
        for (const to of together) {
          const distance = far(part, to);
          if (distance < best.distance) best = { part, to, distance };
        }
      }
      rest.splice(rest.indexOf(best.part), 1);
      together.push(best.part);
      this.lead(lane, best.part, best.to);
    }
  }

  /** The gates of a part, each with the row that leads to it, and where that begins. */
  private gates(part: LanePart): Map<Gate, { readonly row: Row; readonly end: number }> {
    const { x, width } = part.slot;
    const out = new Map<Gate, { row: Row; end: number }>();
    for (const row of new Set([part.rows[0], part.rows.at(-1)])) {
      if (row === undefined) continue;
      const { from, to } = this.span(part, row);
      const y = row.rail.at;
      out.set({ x, y, cost: from - x }, { row, end: from });
      out.set({ x: x + width, y, cost: x + width - to }, { row, end: to });
    }
    return out;
  }

  private lead(lane: LaneDraft, a: LanePart, b: LanePart): void {
    const { rails, corridors } = this.router;
    const [from, to] = [this.gates(a), this.gates(b)];
    const reach = 8 * (this.card.height + this.card.shelf);
    const way = corridors.way([...from.keys()], [...to.keys()], reach);
    const [start, end] = way === null ? [] : [from.get(way.from), to.get(way.to)];
    if (way === null || start === undefined || end === undefined) return;
    // Level and upright pieces in turn, from the one row to the other; where a row goes straight on it is the first piece.
    const points = straightened(way.points);
    const straight = points[1] !== undefined && points[1].y === points[0]?.y;
    const out: Rail[] = [start.row.rail, rails.corridor('x', points[straight ? 1 : 0]?.x ?? way.from.x)];
    points.forEach((point, index) => {
      const before = points[index - 1];
      if (index <= (straight ? 1 : 0) || before === undefined || before.y !== point.y) return;
      if (index < points.length - 1) out.push(rails.corridor('y', point.y), rails.corridor('x', point.x));
    });
    out.push(end.row.rail);
    lane.joins.push({ rails: out, from: start.end, to: end.end });
  }

  /** Says which stretches a lane needs. */
  private measure(lane: LaneDraft): void {
    for (const part of lane.parts) {
      for (const row of part.rows) {
        const { from, to } = this.span(part, row);
        this.tracks.need(row.rail, lane.key, from, this.ending(lane, part, row, to));
      }
      const [top, bottom] = [part.rows[0], part.rows.at(-1)];
      if (top === undefined || bottom === undefined || top === bottom) continue;
      this.tracks.need(this.router.rails.lane(part.slot, 0), lane.key, top.rail.at, bottom.rail.at);
    }
    for (const { rails, from, to } of lane.joins) {
      rails.forEach((rail, index) => {
        const before = index === 0 ? from : (rails[index - 1]?.at ?? 0);
        const after = index === rails.length - 1 ? to : (rails[index + 1]?.at ?? 0);
        this.tracks.need(rail, lane.key, before, after);
      });
    }
  }

  /** Where a row ends: below a card that is not led to another one the lane is as long as what is written at it. */
  private ending({ joins }: LaneDraft, { slot }: LanePart, { seats }: Row, to: number): number {
    const last = seats.at(-1);
    return isSingle(slot) && joins.length === 0 && last !== undefined ? last.right - BRANCH : to;
  }

  private drawPart(lane: LaneDraft, part: LanePart, paths: Point[][], joints: Point[]): void {
    const many = part.rows.length > 1;
    const upright = this.tracks.at(this.router.rails.lane(part.slot, 0), lane.key);
    const levels: number[] = [];
    for (const row of part.rows) {
      const y = this.tracks.at(row.rail, lane.key);
      levels.push(y);
      const span = this.span(part, row);
      const [from, to] = [many ? upright : span.from, this.ending(lane, part, row, span.to)];
      if (to > from)
        paths.push([
          { x: from, y },
          { x: to, y },
        ]);
      for (const { left, top, bottom } of row.seats) {
        const x = left + BRANCH;
        paths.push([
          { x, y: isSingle(part.slot) ? bottom : top },
          { x, y },
        ]);
        joints.push({ x, y });
      }
    }
    const [first, last] = [levels[0], levels.at(-1)];
    if (!many || first === undefined || last === undefined) return;
    paths.push([
      { x: upright, y: first },
      { x: upright, y: last },
    ]);
  }
}
