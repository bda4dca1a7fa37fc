import { cardMarks } from '#core/layout/card-marks.ts';
import { farGroupMarks } from '#core/layout/group-marks.ts';
import { hubMarks, linkMarks } from '#core/layout/line-marks.ts';
import type { Mark, View } from '#core/layout/marks.ts';
import { mergePieces, type Piece, piecesOf } from '#core/layout/merged.ts';
import type { Point, SceneGroup, SceneHub, SceneLink, SceneNode } from '#core/layout/scene.ts';
import { create } from '../ui/draw.ts';
import type { DrawnPart } from './drawn-part.ts';
import { type Emphasis, standingOut } from './emphasis.ts';
import { lineWidth, middleOf, type World } from './layers.ts';

type Item = SceneGroup | SceneNode | SceneLink | SceneHub;

export const NOBODY: DrawnPart = { groups: [], links: [], hubs: [], nodes: [] };

/** What things look like that have been looked at: most look the same in the next picture. */
const looks = new WeakMap<Item, { readonly style: string; readonly pieces: readonly Piece[] | null }>();

function piecesIn<T extends Item>(item: T, view: View, marks: (item: T, view: View) => readonly Mark[]) {
  const style = `${view.theme.name} ${view.unit}`;
  const known = looks.get(item);
  if (known?.style === style) return known.pieces;
  const pieces = piecesOf(marks(item, view));
  looks.set(item, { style, pieces });
  return pieces;
}

/** Things that one path draws lie beside each other in squares of about so many: where one is seen the whole path is read. */
const BESIDE = 32;

function besideEachOther<T extends Item>(items: readonly T[], placeOf: (item: T) => Point): T[] {
  const placed = items.map((item) => ({ item, ...placeOf(item) }));
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of placed)
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  const side = Math.sqrt((Math.max(1, x1 - x0) * Math.max(1, y1 - y0) * BESIDE) / Math.max(1, items.length));
  const rowOf = (y: number): number => Math.floor((y - y0) / side);
  return placed.sort((a, b) => rowOf(a.y) - rowOf(b.y) || a.x - b.x).map(({ item }) => item);
}

/**
 * Parts what is drawn from afar into what has words, or is asked for, and the crowd: what is too small for words. Ten
 * thousand elements of the document are too many to be moved, a few paths are not.
 */
export function partCrowd(
  part: DrawnPart,
  view: View,
  asked: ReadonlySet<string>,
): { alone: DrawnPart; crowd: DrawnPart } {
  const alone = {
    groups: [] as SceneGroup[],
    links: [] as SceneLink[],
    hubs: [] as SceneHub[],
    nodes: [] as SceneNode[],
  };
  const crowd = {
    groups: [] as SceneGroup[],
    links: [] as SceneLink[],
    hubs: [] as SceneHub[],
    nodes: [] as SceneNode[],
  };
  for (const group of part.groups) {
    (piecesIn(group, view, farGroupMarks) === null ? alone : crowd).groups.push(group);
  }
  for (const link of part.links) {
    const own = asked.has(link.set) || piecesIn(link, view, linkMarks) === null;
    (own ? alone : crowd).links.push(link);
  }
  for (const hub of part.hubs) {
    (asked.has(hub.key) || piecesIn(hub, view, hubMarks) === null ? alone : crowd).hubs.push(hub);
  }
  for (const node of part.nodes) {
    const own = node.type === 'host' || node.pinned || asked.has(node.key);
    (own || piecesIn(node, view, cardMarks) === null ? alone : crowd).nodes.push(node);
  }
  const still = <T extends Point>(item: T): Point => item;
  const sorted = {
    groups: besideEachOther(crowd.groups, still),
    links: besideEachOther(crowd.links, (link) => middleOf(link)[0] ?? { x: 0, y: 0 }),
    hubs: besideEachOther(crowd.hubs, still),
    nodes: besideEachOther(crowd.nodes, still),
  };
  return { alone, crowd: sorted };
}

const drawn = new WeakMap<Element, { readonly items: readonly Item[]; readonly style: string }>();

/** Draws a crowd, each layer of it below what stands alone there. */
export function drawCrowd(world: World, crowd: DrawnPart, view: View, emphasis: Emphasis): void {
  const classes = standingOut(emphasis);
  const style = `${view.theme.name} ${view.unit}`;
  const fill = <T extends Item>(
    layer: keyof DrawnPart,
    kind: string,
    items: readonly T[],
    mark: (item: T) => string,
  ) => {
    const byClass = new Map<string, T[]>();
    for (const item of items) {
      const marked = mark(item);
      const list = byClass.get(marked);
      if (list === undefined) byClass.set(marked, [item]);
      else list.push(item);
    }
    world
      .select<SVGGElement>(`.${layer}-crowd`)
      .selectAll<SVGGElement, [string, T[]]>(':scope > g')
      .data([...byClass], ([marked]) => marked)
      .join('g')
      .attr('class', ([marked]) => `${kind} crowd ${marked}`)
      .each(function ([, list]) {
        const before = drawn.get(this);
        const same = before?.style === style && before.items.length === list.length;
        if (same && list.every((item, index) => before.items[index] === item)) return;
        drawn.set(this, { items: list, style });
        this.replaceChildren(
          ...mergePieces(
            list.map((item) => looks.get(item)?.pieces ?? []),
            BESIDE,
          ).map(create),
        );
      });
  };
  fill('groups', 'group far', crowd.groups, classes.group);
  fill('nodes', 'node', crowd.nodes, classes.node);
  fill('links', 'link', crowd.links, classes.link);
  fill('hubs', 'hub', crowd.hubs, classes.hub);
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
