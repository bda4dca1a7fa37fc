import { Queue } from './queue.ts';
import type { Box, Point } from './scene.ts';

/** What a turn costs, in units of length: a line with few bends is followed more easily than a short one. */
const BEND = 60;
/** Places looked at for all lines of a picture together; lines beyond that go straight. */
const BUDGET = 1_500_000;

/** Sorted numbers without repeats. */
function distinct(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The index of the first element that is not below the value. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A place on an upright edge of a slot where a line comes out, or goes in, and what the way up to there costs. */
export interface Gate extends Point {
  readonly cost: number;
}

/**
 * The ways between slots: along their edges, never through one.
 *
 * The edges make a grid. Of each of its columns, and of each of its upright lines, there is a byte for every level edge and
 * for what is between two of them: 1 where a slot is in the way.
 */
export class Corridors {
  private readonly xs: number[];
  private readonly ys: number[];
  /** Bytes a column. */
  private readonly height: number;
  /** What stands between two neighbours of `xs`, by the index of the left one. */
  private readonly columns: Uint8Array;
  /** What stands across each of `xs`. */
  private readonly uprights: Uint8Array;
  private budget = BUDGET;
  /** For each state of a search what it cost to get there, and from where; of this search only where `seen` says so. */
  private best = new Float64Array(0);
  private before = new Int32Array(0);
  private seen = new Int32Array(0);
  private search = 0;

  constructor(boxes: readonly Box[]) {
    this.xs = distinct(boxes.flatMap(({ x, width }) => [x, x + width]));
    this.ys = distinct(boxes.flatMap(({ y, height }) => [y, y + height]));
    this.height = 2 * this.ys.length + 1;
    this.columns = new Uint8Array(this.xs.length * this.height);
    this.uprights = new Uint8Array(this.xs.length * this.height);
    for (const { x, y, width, height } of boxes) {
      const first = lowerBound(this.xs, x);
      const last = lowerBound(this.xs, x + width);
      const from = this.level(y) + 1;
      const to = this.level(y + height);
      for (let index = first; index < last; index += 1) {
        this.columns.fill(1, index * this.height + from, index * this.height + to);
        if (index > first) this.uprights.fill(1, index * this.height + from, index * this.height + to);
      }
    }
  }

  /** Which byte of a column a height is: odd on a level edge, even between two. */
  private level(y: number): number {
    const index = lowerBound(this.ys, y);
    return this.ys[index] === y ? 2 * index + 1 : 2 * index;
  }

  /** Whether nothing stands in a column between two heights. */
  private free(column: number, from: number, to: number): boolean {
    const start = column * this.height;
    const [first, last] = [this.level(from), this.level(to)];
    const blocked = this.columns.indexOf(1, start + first + (first % 2));
    return blocked === -1 || blocked > start + last - (last % 2);
  }

  /**
   * Corners of the cheapest way from one of the gates to one of the others: upright, level, upright and so on. Null when
   * there is none within what may be spent.
   * @param reach how far beyond both ends a detour may lead
   */
  way(from: readonly Gate[], to: readonly Gate[], reach: number): { points: Point[]; from: Gate; to: Gate } | null {
    const { xs, height, columns, uprights } = this;
    const all = [...from, ...to];
    const low = Math.min(...all.map(({ y }) => y)) - reach;
    const high = Math.max(...all.map(({ y }) => y)) + reach;
    const { ys, levels } = this.rowsBetween(low, high, all);
    const rows = ys.length;
    this.begin(xs.length * rows * 2);
    const { best, before, seen } = this;
    const [reached, done] = [this.search, this.search + 1];
    const index = ({ x, y }: Point) => (lowerBound(xs, x) * rows + lowerBound(ys, y)) * 2;
    const goals = new Map<number, Gate>();
    // On an upright edge a line may end whichever way it came.
    for (const gate of to) for (const turn of [0, 1]) goals.set(index(gate) + turn, gate);
    const starts = new Map<number, Gate>();
    const queue = new Queue();
    const ahead = (x: number, y: number) => {
      let least = Number.POSITIVE_INFINITY;
      for (const gate of to) least = Math.min(least, Math.abs(gate.x - x) + Math.abs(gate.y - y) + gate.cost);
      return least;
    };
    const reachAt = (state: number, cost: number, x: number, y: number, last: number) => {
      if ((seen[state] ?? 0) >= reached && cost >= (best[state] ?? 0)) return;
      // One that is done already is not looked at again.
      if (seen[state] !== done) seen[state] = reached;
      best[state] = cost;
      before[state] = last;
      queue.push(cost + ahead(x, y), state);
    };
    for (const gate of from) {
      const state = index(gate);
      if ((seen[state] ?? 0) >= reached && (best[state] ?? 0) <= gate.cost) continue;
      starts.set(state, gate);
      reachAt(state, gate.cost, gate.x, gate.y, -1);
    }
    for (let state = queue.pop(); state !== -1; state = queue.pop()) {
      if (seen[state] === done) continue;
      seen[state] = done;
      this.budget -= 1;
      if (this.budget < 0) return null;
      const turn = state & 1;
      const column = Math.floor((state >> 1) / rows);
      const row = (state >> 1) % rows;
      const goal = goals.get(state);
      if (goal !== undefined) {
        const points: Point[] = [];
        let start = state;
        for (let at = state; at !== -1; at = before[at] ?? -1) {
          start = at;
          points.push({ x: xs[Math.floor((at >> 1) / rows)] ?? 0, y: ys[(at >> 1) % rows] ?? 0 });
        }
        const gate = starts.get(start);
        return gate === undefined ? null : { points: points.reverse(), from: gate, to: goal };
      }
      const spent = best[state] ?? 0;
      const x = xs[column] ?? 0;
      const y = ys[row] ?? 0;
      const level = column * height + (levels[row] ?? 0);
      const upright = turn === 0 ? 0 : BEND;
      // Between two rows is the byte below the lower one, or this one where that is itself between two edges.
      if (row > 0 && uprights[level - ((level - column * height) % 2)] === 0) {
        const next = ys[row - 1] ?? 0;
        reachAt(state - turn - 2, spent + (y - next) + upright, x, next, state);
      }
      if (row + 1 < rows && uprights[level + ((level - column * height) % 2)] === 0) {
        const next = ys[row + 1] ?? 0;
        reachAt(state - turn + 2, spent + (next - y) + upright, x, next, state);
      }
      const across = turn === 1 ? 0 : BEND;
      if (column > 0 && columns[level - height] === 0) {
        const next = xs[column - 1] ?? 0;
        reachAt(state - turn - 2 * rows + 1, spent + (x - next) + across, next, y, state);
      }
      if (column + 1 < xs.length && columns[level] === 0) {
        const next = xs[column + 1] ?? 0;
        reachAt(state - turn + 2 * rows + 1, spent + (next - x) + across, next, y, state);
      }
    }
    return null;
  }

  /** The level edges between two heights, and those of the gates, each with its byte in a column. */
  private rowsBetween(low: number, high: number, gates: readonly Gate[]): { ys: number[]; levels: number[] } {
    const first = lowerBound(this.ys, low);
    const ys = this.ys.slice(first, lowerBound(this.ys, high));
    const levels = ys.map((_, index) => 2 * (first + index) + 1);
    for (const { y } of gates) {
      const index = lowerBound(ys, y);
      if (ys[index] === y) continue;
      ys.splice(index, 0, y);
      levels.splice(index, 0, this.level(y));
    }
    return { ys, levels };
  }

  /** Makes room for the states of a search. */
  private begin(states: number): void {
    this.search += 2;
    if (this.seen.length >= states) return;
    this.best = new Float64Array(states);
    this.before = new Int32Array(states);
    this.seen = new Int32Array(states);
  }

  /** So many places may be looked at from now on. */
  allow(budget: number): void {
    this.budget = budget;
  }

  /** Whether something stands all along the lower edge of a box, so that nothing can pass right below it. */
  closed({ x, y, width, height }: Box): boolean {
    const [first, last] = [lowerBound(this.xs, x), lowerBound(this.xs, x + width)];
    const below = this.level(y + height) + 1;
    for (let column = first; column < last; column += 1) {
      if (this.columns[column * this.height + below] === 0) return false;
    }
    return first < last;
  }

  /** Whether nothing stands between two heights in the column that contains `x`. */
  clear(x: number, from: number, to: number): boolean {
    const column = lowerBound(this.xs, x + 1e-6) - 1;
    return column < 0 || this.free(column, from, to);
  }
}
