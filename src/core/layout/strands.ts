import { round2 } from './marks.ts';
import type { GraphSet, Point, SceneLink } from './scene.ts';

/** Distance between the parallel strands of a line. */
const STRAND_PITCH = 3.5;

/** How far the strands of a line reach to either side of its middle, of the `room` that there is. */
export function reach(strands: readonly unknown[], room: number): number {
  const gaps = Math.max(0, strands.length - 1);
  return (gaps * Math.min(STRAND_PITCH, (2 * room) / Math.max(1, gaps))) / 2;
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

/** Parallel strands along a line, no wider together than `room` on either side. */
export function strandsAlong(
  points: readonly Point[],
  strands: GraphSet['strands'],
  room: number,
): SceneLink['strands'] {
  const step = strands.length < 2 ? 0 : Math.min(STRAND_PITCH, (2 * room) / (strands.length - 1));
  return strands.map(({ kind, namespace }, index) => ({
    kind,
    namespace,
    points: beside(points, (index - (strands.length - 1) / 2) * step),
  }));
}
