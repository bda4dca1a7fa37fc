import { pitch } from './card-size.ts';
import { Corridors, type Gate } from './corridors.ts';
import { type Rail, Rails } from './rails.ts';
import type { CardSize, Point } from './scene.ts';
import type { Seat } from './seats.ts';
import type { Slot } from './slot.ts';
import { Tracks } from './tracks.ts';

/** Between lines that run beside each other. */
const TRACK = 4;
/** What entering a group costs more than entering at its side. */
const INWARD = 30;

/** The place at which a line ends: at a side of a card, or at something in the shelf below one. */
export type Target =
  | { readonly type: 'card'; readonly seat: Seat }
  | { readonly type: 'shelf'; readonly seat: Seat; readonly at: Point };

/** Ways for lines: out of the shelf below a card, along rows, lanes and the corridors between slots. */
export class Router {
  readonly corridors: Corridors;
  readonly tracks = new Tracks();
  private readonly entries = new Map<string, number>();
  readonly rails: Rails;
  private readonly card: CardSize;

  constructor(slots: readonly Slot[], card: CardSize) {
    this.card = card;
    this.corridors = new Corridors(slots);
    this.rails = new Rails(slots, card);
  }

  /** Whether nothing but the machine's edge is above, or below, a place of a slot. */
  clear(x: number, from: number, to: number): boolean {
    return this.corridors.clear(x, from, to);
  }

  /** Where on a side of a card the next line ends: in the middle, then beside it. */
  private entry(seat: Seat, side: 'left' | 'right'): Point {
    const name = `${seat.node.key} ${side}`;
    const count = this.entries.get(name) ?? 0;
    this.entries.set(name, count + 1);
    const most = Math.max(0, Math.floor((this.card.height / 2 - 7) / 7));
    const place = most === 0 ? 0 : count % (2 * most + 1);
    const offset = (place % 2 === 0 ? -place / 2 : (place + 1) / 2) * 7;
    return { x: side === 'left' ? seat.left : seat.right, y: (seat.top + seat.bottom) / 2 + offset };
  }

  private exit({ left, right, top, bottom }: Seat, side: 'left' | 'right'): Point {
    return { x: side === 'left' ? left : right, y: (top + bottom) / 2 };
  }

  /**
   * The corners of a line that begins in the shelf below `from`, at `start` on the lower edge of its card.
   * @param wide how far its strands reach to either side
   */
  route(from: Seat, start: Point, target: Target, set: string, wide: number): Point[] {
    const to = target.seat;
    const rails: Rail[] = [this.rails.below(from)];
    let end: Point;
    const wanted = target.type === 'shelf' ? target.at.x : (to.left + to.right) / 2;
    if (from.slot === to.slot) {
      if (target.type === 'shelf' && from.row === to.row) end = target.at;
      else if (target.type === 'shelf') {
        // Out of its side, up or down the lane, and along the row to what hangs below the other card.
        const far = (rail: Rail) => Math.abs(rail.at - start.x) + Math.abs(rail.at - wanted);
        const lanes = [from.column, from.column + 1].map((lane) => this.rails.lane(from.slot, lane));
        const [left, right] = lanes as [Rail, Rail];
        const side = far(left) <= far(right) ? left : right;
        const out = this.exit(from, side === left ? 'left' : 'right');
        return this.along(out, [{ name: '', at: out.y, room: 0 }, side, this.rails.below(to)], target.at, set, wide);
      } else {
        const side = start.x <= wanted ? 'left' : 'right';
        rails.push(this.rails.lane(from.slot, side === 'left' ? to.column : to.column + 1));
        end = this.entry(to, side);
      }
    } else {
      const y = rails[0]?.at ?? start.y;
      const out = [from.slot.x, from.slot.x + from.slot.width].map(
        (x): Gate => ({ x, y, cost: Math.abs(x - start.x) }),
      );
      const mid = (to.top + to.bottom) / 2;
      const under = this.rails.below(to);
      const gates = ([0, to.slot.columns] as const).map((lane): Gate => {
        const x = to.slot.x + lane * pitch(this.card);
        if (target.type === 'shelf') return { x, y: under.at, cost: Math.abs(x - target.at.x) };
        const beside = lane === 0 ? to.column === 0 : to.column === to.slot.columns - 1;
        return beside ? { x, y: mid, cost: 0 } : { x, y: under.at, cost: Math.abs(x - wanted) + INWARD };
      });
      const reach = 8 * (this.card.height + this.card.shelf);
      const way = this.corridors.way(out, gates, reach) ?? this.corridors.way(out, gates, Number.POSITIVE_INFINITY);
      const gate = way?.to ?? gates[0] ?? { x: to.left, y: mid, cost: 0 };
      const points = way?.points ?? [];
      // The first corner is on an upright edge; from there on level and upright stretches take turns.
      let last: Point | null = null;
      let level = false;
      for (const point of points.length > 0
        ? points
        : [out[0] ?? start, { x: gate.x, y: out[0]?.y ?? start.y }, gate]) {
        if (last === null) rails.push(this.rails.corridor('x', point.x));
        else if (point.x !== last.x) {
          if (!level)
            rails.push(
              last.y === y && rails.length === 2
                ? { ...(rails[0] as Rail), room: 0 }
                : this.rails.corridor('y', last.y),
            );
          level = true;
        } else if (point.y !== last.y) {
          if (level) rails.push(this.rails.corridor('x', point.x));
          level = false;
        }
        last = point;
      }
      // It may come in level: then it still turns into the upright edge at which it ends.
      if (level) rails.push(this.rails.corridor('x', gate.x));
      const left = gate.x === to.slot.x;
      if (target.type === 'shelf') {
        rails.push(under);
        end = target.at;
      } else if (gate.cost === 0) end = this.entry(to, left ? 'left' : 'right');
      else {
        rails.push(under, this.rails.lane(to.slot, left ? to.column : to.column + 1));
        end = this.entry(to, left ? 'left' : 'right');
      }
    }
    return this.along(start, rails, end, set, wide);
  }

  /** A line along rails that are level and upright in turn, the first level. */
  private along(start: Point, rails: readonly Rail[], end: Point, set: string, wide: number): Point[] {
    const places = rails.map((rail, index) => {
      const from = rails[index - 1]?.at ?? start.x;
      const next = rails[index + 1]?.at ?? (index % 2 === 0 ? end.x : end.y);
      return rail.room === 0
        ? rail.at
        : rail.at + this.tracks.offset(rail.name, from, next, set, rail.room - wide, TRACK);
    });
    const points: Point[] = [start];
    places.forEach((place, index) => {
      const across = index === 0 ? start.x : (places[index - 1] ?? start.x);
      points.push(index % 2 === 0 ? { x: across, y: place } : { x: place, y: across });
    });
    const last = places.at(-1) ?? start.y;
    points.push(rails.length % 2 === 0 ? { x: last, y: end.y } : { x: end.x, y: last });
    points.push(end);
    return straightened(points);
  }
}

/** Without corners that are none. */
export function straightened(points: readonly Point[]): Point[] {
  const out: Point[] = [];
  for (const point of points) {
    const [before, last] = out.slice(-2);
    if (last !== undefined && last.x === point.x && last.y === point.y) continue;
    const straight =
      before !== undefined &&
      last !== undefined &&
      ((before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y));
    if (straight) out.pop();
    out.push(point);
  }
  return out;
}
