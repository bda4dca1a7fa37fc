import { farTitleFits } from '#core/layout/group-marks.ts';
import type { View } from '#core/layout/marks.ts';
import type { Point, SceneGroup, SceneHub, SceneLink, SceneNode } from '#core/layout/scene.ts';
import type { DrawnPart } from './drawn-part.ts';
import { lineWidth, middleOf } from './layers.ts';

export const NOBODY: DrawnPart = { groups: [], links: [], hubs: [], nodes: [] };

/**
 * Splits what is drawn from afar into elements, which have a readable name or are selected, and the crowd, which is painted:
 * ten thousand elements of the document cannot be moved smoothly, but a picture of them can.
 */
export function partCrowd(
  part: DrawnPart,
  view: View,
  asked: ReadonlySet<string>,
): { alone: DrawnPart; crowd: DrawnPart } {
  const parted = <T>(items: readonly T[], own: (item: T) => boolean) => {
    const [alone, crowd]: [T[], T[]] = [[], []];
    for (const item of items) (own(item) ? alone : crowd).push(item);
    return { alone, crowd };
  };
  const groups = parted(part.groups, (group) => farTitleFits(group, view));
  const links = parted(part.links, ({ set }) => asked.has(set));
  const hubs = parted(part.hubs, ({ key }) => asked.has(key));
  const nodes = parted(part.nodes, ({ key, type, pinned }) => type === 'host' || pinned || asked.has(key));
  return {
    alone: { groups: groups.alone, links: links.alone, hubs: hubs.alone, nodes: nodes.alone },
    crowd: { groups: groups.crowd, links: links.crowd, hubs: hubs.crowd, nodes: nodes.crowd },
  };
}

/** Of a line that has so many corners, how far a point is from it. */
function distanceTo(points: readonly Point[], { x, y }: Point): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 1; at < points.length; at += 1) {
    const [a, b] = [points[at - 1], points[at]];
    if (a === undefined || b === undefined) continue;
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const along = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(a.x + along * dx - x, a.y + along * dy - y));
  }
  return least;
}

/** One thing of a picture. */
export type Thing =
  | { readonly type: 'node'; readonly item: SceneNode }
  | { readonly type: 'link'; readonly item: SceneLink }
  | { readonly type: 'hub'; readonly item: SceneHub }
  | { readonly type: 'group'; readonly item: SceneGroup };

/** What of a crowd is at a point: what lies on top of the rest; null for nothing. */
export function thingAt(crowd: DrawnPart, at: Point, view: View): Thing | null {
  const hub = crowd.hubs.find(({ x, y, radius }) => Math.hypot(at.x - x, at.y - y) <= radius);
  if (hub !== undefined) return { type: 'hub', item: hub };
  const link = crowd.links.find((each) => distanceTo(middleOf(each), at) <= lineWidth(each, view) / 2);
  if (link !== undefined) return { type: 'link', item: link };
  const node = crowd.nodes.find(
    ({ x, y, width, height }) => Math.abs(at.x - x) <= width / 2 && Math.abs(at.y - y) <= height / 2,
  );
  if (node !== undefined) return { type: 'node', item: node };
  const group = crowd.groups.find(
    ({ x, y, width, height }) => at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + height,
  );
  return group === undefined ? null : { type: 'group', item: group };
}

/** What stands alone, and one more thing of the crowd, which the pointer is on: it lies upon what the crowd shows of it. */
export function withThing(alone: DrawnPart, thing: Thing | null): DrawnPart {
  if (thing === null) return alone;
  switch (thing.type) {
    case 'node':
      return { ...alone, nodes: [...alone.nodes, thing.item] };
    case 'link':
      return { ...alone, links: [...alone.links, thing.item] };
    case 'hub':
      return { ...alone, hubs: [...alone.hubs, thing.item] };
    case 'group':
      return { ...alone, groups: [...alone.groups, thing.item] };
  }
}
