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

/** Stretches of a line on which something stands, sorted, none overlapping another. */
class Stretches {
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly loose: (readonly [number, number])[] = [];

  add(from: number, to: number): void {
    this.loose.push([from, to]);
  }

  /** To be called once, when all are added. */
  sort(): void {
    this.loose.sort((a, b) => a[0] - b[0]);
    for (const [from, to] of this.loose) {
      const last = this.to.length - 1;
      if (last >= 0 && from < (this.to[last] ?? 0)) this.to[last] = Math.max(this.to[last] ?? 0, to);
      else {
        this.from.push(from);
        this.to.push(to);
      }
    }
  }

  /** Whether the open interval, or the point where both are the same, is free. */
  free(from: number, to: number): boolean {
    // The first stretch that ends beyond the beginning is the only one that can be in the way.
    const index = lowerBound(this.to, from + 1e-6);
    const start = this.from[index];
    return start === undefined || (from === to ? start >= from - 1e-6 : start >= to - 1e-6);
  }
}

interface Step {
  readonly cost: number;
  readonly state: number;
}

/** The least first; equal ones in the order of their states, so that there is one answer. */
class Heap {
  private readonly items: Step[] = [];

  private less(a: number, b: number): boolean {
    const [x, y] = [this.items[a], this.items[b]];
    if (x === undefined || y === undefined) return false;
    return x.cost < y.cost || (x.cost === y.cost && x.state < y.state);
  }

  private swap(a: number, b: number): void {
    const [x, y] = [this.items[a], this.items[b]];
    if (x === undefined || y === undefined) return;
    this.items[a] = y;
    this.items[b] = x;
  }

  push(step: Step): void {
    let at = this.items.push(step) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.less(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): Step | undefined {
    const top = this.items[0];
    const last = this.items.pop();
    if (this.items.length > 0 && last !== undefined) {
      this.items[0] = last;
      let at = 0;
      for (;;) {
        const left = 2 * at + 1;
        let least = at;
        if (this.less(left, least)) least = left;
        if (this.less(left + 1, least)) least = left + 1;
        if (least === at) break;
        this.swap(at, least);
        at = least;
      }
    }
    return top;
  }
}

/** A place on an upright edge of a slot where a line comes out, or goes in, and what the way up to there costs. */
export interface Gate extends Point {
  readonly cost: number;
}

/** The ways between slots: along their edges, never through one. */
export class Corridors {
  private readonly xs: number[];
  private readonly ys: number[];
  /** What stands between two neighbours of `xs`, by the index of the left one. */
  private readonly columns: Stretches[];
  /** What stands across each of `xs`. */
  private readonly uprights: Stretches[];
  private budget = BUDGET;

  constructor(boxes: readonly Box[]) {
    this.xs = distinct(boxes.flatMap(({ x, width }) => [x, x + width]));
    this.ys = distinct(boxes.flatMap(({ y, height }) => [y, y + height]));
    this.columns = this.xs.map(() => new Stretches());
    this.uprights = this.xs.map(() => new Stretches());
    for (const { x, y, width, height } of boxes) {
      const first = lowerBound(this.xs, x);
      const last = lowerBound(this.xs, x + width);
      for (let index = first; index < last; index += 1) {
        this.columns[index]?.add(y, y + height);
        if (index > first) this.uprights[index]?.add(y, y + height);
      }
    }
    for (const stretches of [...this.columns, ...this.uprights]) stretches.sort();
  }

  /**
   * Corners of the cheapest way from one of the gates to one of the others: upright, level, upright and so on. Null when
   * there is none within what may be spent.
   * @param reach how far beyond both ends a detour may lead
   */
  way(from: readonly Gate[], to: readonly Gate[], reach: number): { points: Point[]; from: Gate; to: Gate } | null {
    const all = [...from, ...to];
    const low = Math.min(...all.map(({ y }) => y)) - reach;
    const high = Math.max(...all.map(({ y }) => y)) + reach;
    const ys = distinct([
      ...this.ys.slice(lowerBound(this.ys, low), lowerBound(this.ys, high)),
      ...all.map(({ y }) => y),
    ]);
    const rows = ys.length;
    const index = ({ x, y }: Point) => (lowerBound(this.xs, x) * rows + lowerBound(ys, y)) * 2;
    const goals = new Map<number, Gate>();
    // On an upright edge a line may end whichever way it came.
    for (const gate of to) for (const turn of [0, 1]) goals.set(index(gate) + turn, gate);
    const starts = new Map<number, Gate>();
    const best = new Map<number, number>();
    const before = new Map<number, number>();
    const heap = new Heap();
    const ahead = (x: number, y: number) =>
      Math.min(...to.map((gate) => Math.abs(gate.x - x) + Math.abs(gate.y - y) + gate.cost));
    for (const gate of from) {
      const state = index(gate);
      if ((best.get(state) ?? Number.POSITIVE_INFINITY) <= gate.cost) continue;
      best.set(state, gate.cost);
      starts.set(state, gate);
      heap.push({ cost: gate.cost + ahead(gate.x, gate.y), state });
    }
    const done = new Set<number>();
    for (let step = heap.pop(); step !== undefined; step = heap.pop()) {
      const { state } = step;
      if (done.has(state)) continue;
      done.add(state);
      this.budget -= 1;
      if (this.budget < 0) return null;
      const level = state & 1;
      const place = state >> 1;
      const column = Math.floor(place / rows);
      const row = place % rows;
      const x = this.xs[column] ?? 0;
      const y = ys[row] ?? 0;
      const goal = goals.get(state);
      if (goal !== undefined) {
        const points: Point[] = [];
        let at: number | undefined = state;
        let start = state;
        while (at !== undefined) {
          start = at;
          points.push({ x: this.xs[Math.floor((at >> 1) / rows)] ?? 0, y: ys[(at >> 1) % rows] ?? 0 });
          at = before.get(at);
        }
        const gate = starts.get(start);
        return gate === undefined ? null : { points: points.reverse(), from: gate, to: goal };
      }
      const spent = best.get(state) ?? 0;
      const visit = (toColumn: number, toRow: number, turn: 0 | 1, free: boolean) => {
        if (!free) return;
        const next = (toColumn * rows + toRow) * 2 + turn;
        const nx = this.xs[toColumn] ?? 0;
        const ny = ys[toRow] ?? 0;
        const cost = spent + Math.abs(nx - x) + Math.abs(ny - y) + (turn === level ? 0 : BEND);
        if (cost >= (best.get(next) ?? Number.POSITIVE_INFINITY)) return;
        best.set(next, cost);
        before.set(next, state);
        heap.push({ cost: cost + ahead(nx, ny), state: next });
      };
      const upright = this.uprights[column];
      if (row > 0) visit(column, row - 1, 0, upright?.free(ys[row - 1] ?? 0, y) ?? true);
      if (row + 1 < rows) visit(column, row + 1, 0, upright?.free(y, ys[row + 1] ?? 0) ?? true);
      if (column > 0) visit(column - 1, row, 1, this.columns[column - 1]?.free(y, y) ?? true);
      if (column + 1 < this.xs.length) visit(column + 1, row, 1, this.columns[column]?.free(y, y) ?? true);
    }
    return null;
  }

  /** So many places may be looked at from now on. */
  allow(budget: number): void {
    this.budget = budget;
  }

  /** Whether something stands all along the lower edge of a box, so that nothing can pass right below it. */
  closed({ x, y, width, height }: Box): boolean {
    const [first, last] = [lowerBound(this.xs, x), lowerBound(this.xs, x + width)];
    const [from, to] = [y + height + 1e-3, y + height + 2e-3];
    return first < last && this.columns.slice(first, last).every((column) => !column.free(from, to));
  }

  /** Whether nothing stands between two heights in the column that contains `x`. */
  clear(x: number, from: number, to: number): boolean {
    const column = lowerBound(this.xs, x + 1e-6) - 1;
    return this.columns[column]?.free(from, to) ?? true;
  }
}

/** Lines that run along the same corridor lie beside each other, as far as there is room. */
export class Tracks {
  private readonly used = new Map<string, { from: number; to: number; offset: number; set: string }[]>();

  /** Where lines run along a corridor, from its middle. */
  taken(corridor: string): readonly number[] {
    return (this.used.get(corridor) ?? []).map(({ offset }) => offset);
  }

  /** How far from the middle of the corridor a line of a set runs. Lines of one set may lie upon each other. */
  offset(corridor: string, from: number, to: number, set: string, room: number, step: number): number {
    const lines = this.used.get(corridor) ?? [];
    if (lines.length === 0) this.used.set(corridor, lines);
    const low = Math.min(from, to);
    const high = Math.max(from, to);
    const most = Math.max(0, Math.floor(room / step));
    let chosen = 0;
    const own = lines.find((line) => line.set === set);
    if (own !== undefined) chosen = own.offset;
    // So many beside each other cannot be told apart anyway.
    else if (lines.length < 48) {
      for (let place = 0; place <= 2 * most; place += 1) {
        const offset = (place % 2 === 0 ? -place / 2 : (place + 1) / 2) * step;
        if (lines.every((line) => line.offset !== offset || line.to < low || line.from > high)) {
          chosen = offset;
          break;
        }
      }
    }
    if (lines.length < 48) lines.push({ from: low, to: high, offset: chosen, set });
    return chosen;
  }
}
