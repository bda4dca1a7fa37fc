import type { NamespaceId, NamespaceKind } from '../snapshot/namespace.ts';
import type { Boxes } from './boxes.ts';
import { round2, STRAND_PITCH } from './marks.ts';
import type { Point, SceneLink, SceneNode } from './scene.ts';

/** How far a line that goes around boxes keeps away from them. */
const CLEARANCE = 14;

/** Where a line leaves a box towards a point: the middle of a side, the left or right one where it can. */
export function anchor(node: SceneNode, towards: Point): Point {
  if (Math.abs(towards.x - node.x) > node.width / 2 + 4) {
    return { x: node.x + (towards.x > node.x ? node.width : -node.width) / 2, y: node.y };
  }
  return { x: node.x, y: node.y + (towards.y > node.y ? node.height : -node.height) / 2 };
}

/** Straight, then around one of the four sides: in the order in which equally good ones are taken. */
function candidates(a: SceneNode, b: SceneNode): Point[][] {
  const right = Math.max(a.x + a.width / 2, b.x + b.width / 2) + CLEARANCE;
  const left = Math.min(a.x - a.width / 2, b.x - b.width / 2) - CLEARANCE;
  const top = Math.min(a.y - a.height / 2, b.y - b.height / 2) - CLEARANCE;
  const bottom = Math.max(a.y + a.height / 2, b.y + b.height / 2) + CLEARANCE;
  const upright = (x: number, side: number) => [
    { x: a.x + (side * a.width) / 2, y: a.y },
    { x, y: a.y },
    { x, y: b.y },
    { x: b.x + (side * b.width) / 2, y: b.y },
  ];
  const level = (y: number, side: number) => [
    { x: a.x, y: a.y + (side * a.height) / 2 },
    { x: a.x, y },
    { x: b.x, y },
    { x: b.x, y: b.y + (side * b.height) / 2 },
  ];
  const out = [[anchor(a, b), anchor(b, a)], upright(right, 1), upright(left, -1), level(top, -1), level(bottom, 1)];
  // Between two boxes side by side: out of the one, along the gap, into the other.
  if (Math.abs(a.x - b.x) > (a.width + b.width) / 2) {
    const side = b.x > a.x ? 1 : -1;
    const from = { x: a.x + (side * a.width) / 2, y: a.y };
    const to = { x: b.x - (side * b.width) / 2, y: b.y };
    for (const x of [from.x + side * CLEARANCE, to.x - side * CLEARANCE]) {
      out.push([from, { x, y: a.y }, { x, y: b.y }, to]);
    }
  }
  return out;
}

function crossings(points: readonly Point[], boxes: Boxes): number {
  let count = 0;
  points.slice(1).forEach((to, index) => {
    const from = points[index];
    if (from !== undefined) count += boxes.crossed(from, to);
  });
  return count;
}

function lengthOf(points: readonly Point[]): number {
  let sum = 0;
  points.slice(1).forEach((to, index) => {
    const from = points[index];
    if (from !== undefined) sum += Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
  });
  return sum;
}

/** The way between two boxes that runs through the fewest others; of those the shortest. */
export function route(a: SceneNode, b: SceneNode, boxes: Boxes): readonly Point[] {
  let best: readonly Point[] = [];
  let least = Number.POSITIVE_INFINITY;
  let length = 0;
  for (const points of candidates(a, b)) {
    const count = crossings(points, boxes);
    const far = lengthOf(points);
    if (count < least || (count === least && far < length)) {
      best = points;
      least = count;
      length = far;
    }
    // Straight and free: nothing can be better.
    if (points.length === 2 && count === 0) break;
  }
  return best;
}

/** The line moved sideways by `offset`, its corners mitred. */
function beside(points: readonly Point[], offset: number): Point[] {
  const normals = points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const length = Math.sqrt(dx * dx + dy * dy) || 1;
    return { x: -dy / length, y: dx / length };
  });
  return points.map((point, index) => {
    const before = normals[index - 1] ?? normals[index] ?? { x: 0, y: 0 };
    const after = normals[index] ?? before;
    const mitre = 1 + before.x * after.x + before.y * after.y;
    // Straight back: there is no corner to mitre.
    const scale = mitre < 0.1 ? offset / 2 : offset / mitre;
    return { x: round2(point.x + (before.x + after.x) * scale), y: round2(point.y + (before.y + after.y) * scale) };
  });
}

/** The point `by` units from the line's end `end`, away from `before`; negative shortens, at most to `before`. */
function extended(end: Point, before: Point, by: number): Point {
  const dx = end.x - before.x;
  const dy = end.y - before.y;
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  const scale = Math.max(0, length + by) / length;
  return { x: before.x + dx * scale, y: before.y + dy * scale };
}

/**
 * Parallel strands along a line. They start inside the boxes, which are drawn over them, so that the outer ones touch
 * the side too; at a hub the last `trim` units are left out instead.
 */
export function strandsAlong(
  points: readonly Point[],
  strands: readonly { kind: NamespaceKind; namespace: NamespaceId }[],
  trim: number,
): SceneLink['strands'] {
  const [first, second] = points;
  const [before, last] = points.slice(-2);
  if (first === undefined || second === undefined || before === undefined || last === undefined) return [];
  const inside = (strands.length * STRAND_PITCH) / 2 + 1;
  const line = [
    extended(first, second, inside),
    ...points.slice(1, -1),
    extended(last, before, trim > 0 ? -trim : inside),
  ];
  return strands.map(({ kind, namespace }, index) => ({
    kind,
    namespace,
    points: beside(line, (index - (strands.length - 1) / 2) * STRAND_PITCH),
  }));
}
