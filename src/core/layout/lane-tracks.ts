import type { Rail } from './rails.ts';

/** Between lanes that run beside each other. */
const PITCH = 2;
/** Between a lane and a line of those that it must not be taken for. */
const CLEAR = 2.5;
/** Of lanes that follow each other in one track. */
const BETWEEN = 6;

interface Stretch {
  from: number;
  to: number;
  offset: number;
}

/** How far from the middle of a rail so many lanes reach. */
export function reachOf(lanes: number): number {
  return ((lanes - 1) * PITCH) / 2;
}

/** So many lanes have room beside each other in the narrowest place of a rail. */
export function lanesWithin(room: number): number {
  return Math.max(1, Math.floor((2 * room) / PITCH) + 1);
}

/**
 * Where lanes run within their rails: first all say which stretches they need, then each gets its place, so that none
 * lies upon another, or upon a line that was there before, as far as there is room.
 */
export class LaneTracks {
  private readonly rails = new Map<string, { readonly rail: Rail; readonly lanes: Map<string, Stretch> }>();

  need({ name, at, room }: Rail, lane: string, from: number, to: number): void {
    const own = this.rails.get(name) ?? { rail: { name, at, room }, lanes: new Map<string, Stretch>() };
    this.rails.set(name, own);
    const stretch = own.lanes.get(lane);
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    if (stretch === undefined) own.lanes.set(lane, { from: low, to: high, offset: 0 });
    else {
      stretch.from = Math.min(stretch.from, low);
      stretch.to = Math.max(stretch.to, high);
    }
  }

  /** @param taken where other lines run in a rail, from its middle */
  place(taken: (rail: string) => readonly number[]): void {
    for (const [name, { rail, lanes }] of this.rails) {
      const most = lanesWithin(rail.room);
      const offsets = Array.from({ length: most }, (_, index) => (index - (most - 1) / 2) * PITCH).sort(
        (a, b) => Math.abs(a) - Math.abs(b) || a - b,
      );
      const lines = taken(name);
      const clear = offsets.filter((offset) => lines.every((line) => Math.abs(line - offset) >= CLEAR));
      const placed: Stretch[] = [];
      for (const stretch of lanes.values()) {
        const free = (offset: number): boolean =>
          placed.every(
            (other) =>
              other.offset !== offset || other.to + BETWEEN < stretch.from || other.from > stretch.to + BETWEEN,
          );
        stretch.offset = clear.find(free) ?? offsets.find(free) ?? 0;
        placed.push(stretch);
      }
    }
  }

  /** Where a lane that said so runs along a rail. */
  at({ name, at }: Rail, lane: string): number {
    return at + (this.rails.get(name)?.lanes.get(lane)?.offset ?? 0);
  }
}
