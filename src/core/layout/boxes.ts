import type { Box, Point } from './scene.ts';

const CELL = 256;
/** Larger than any column number of a picture. */
const COLUMNS = 1 << 20;

function touches(a: Box, b: Box, gap: number): boolean {
  return (
    a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap
  );
}

/** Whether the segment has a point inside the box. Source: Liang and Barsky's clipping. */
function crosses(a: Point, b: Point, box: Box): boolean {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  let from = 0;
  let to = 1;
  const sides = [
    [-dx, a.x - box.x],
    [dx, box.x + box.width - a.x],
    [-dy, a.y - box.y],
    [dy, box.y + box.height - a.y],
  ] as const;
  for (const [slope, distance] of sides) {
    if (slope === 0) {
      if (distance <= 0) return false;
    } else if (slope < 0) from = Math.max(from, distance / slope);
    else to = Math.min(to, distance / slope);
  }
  return from < to;
}

/** Boxes in a coarse grid: what touches a place is asked often, and must not cost more as the picture grows. */
export class Boxes {
  private readonly cells = new Map<number, Set<Box>>();

  private *around(box: Box, gap: number): Generator<number> {
    for (let cx = Math.floor((box.x - gap) / CELL); cx <= Math.floor((box.x + box.width + gap) / CELL); cx += 1) {
      for (let cy = Math.floor((box.y - gap) / CELL); cy <= Math.floor((box.y + box.height + gap) / CELL); cy += 1) {
        yield cy * COLUMNS + cx;
      }
    }
  }

  add(box: Box): void {
    for (const key of this.around(box, 0)) {
      const cell = this.cells.get(key);
      if (cell === undefined) this.cells.set(key, new Set([box]));
      else cell.add(box);
    }
  }

  remove(box: Box): void {
    for (const key of this.around(box, 0)) this.cells.get(key)?.delete(box);
  }

  /** Whether no box, but the excepted one, is nearer than `gap`. */
  free(box: Box, gap: number, except: Box | null = null): boolean {
    for (const key of this.around(box, gap)) {
      for (const other of this.cells.get(key) ?? []) if (other !== except && touches(box, other, gap)) return false;
    }
    return true;
  }

  /** How many boxes the segment runs through, each counted once. */
  crossed(a: Point, b: Point): number {
    const found = new Set<Box>();
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y)) / CELL));
    let from = a;
    for (let step = 1; step <= steps; step += 1) {
      const to = { x: a.x + ((b.x - a.x) * step) / steps, y: a.y + ((b.y - a.y) * step) / steps };
      const reach = {
        x: Math.min(from.x, to.x),
        y: Math.min(from.y, to.y),
        width: Math.abs(to.x - from.x),
        height: Math.abs(to.y - from.y),
      };
      for (const key of this.around(reach, 0)) {
        for (const box of this.cells.get(key) ?? []) if (crosses(from, to, box)) found.add(box);
      }
      from = to;
    }
    return found.size;
  }
}
