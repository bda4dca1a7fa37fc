import { type Selection as D3Selection, type DragBehavior, type SubjectPosition, select } from 'd3';
import { cardMarks } from '#core/layout/card-marks.ts';
import { farGroupMarks, groupMarks } from '#core/layout/group-marks.ts';
import { summariesOf } from '#core/layout/group-summary.ts';
import { barMarks, hullMarks } from '#core/layout/hull-marks.ts';
import { laneMarks, laneOutline, signAt } from '#core/layout/lane-marks.ts';
import { hubMarks, linkMarks } from '#core/layout/line-marks.ts';
import { type Mark, SMALLEST_TEXT, type View } from '#core/layout/marks.ts';
import { sentenceOfLane } from '#core/layout/networks.ts';
import type {
  Box,
  CardUse,
  Point,
  Scene,
  SceneGroup,
  SceneHub,
  SceneLane,
  SceneLink,
  SceneNode,
} from '#core/layout/scene.ts';
import { addTitle, draw } from '../ui/draw.ts';
import { type DrawnPart, lanesNear, type Near } from './drawn-part.ts';
import { labelsOf, sentenceOf, sentenceOfGroup, sentenceOfLink, sentenceOfSet } from './words.ts';

/** What is used now, by node key; nobody's while it is not to be seen. */
export type Uses = ReadonlyMap<string, CardUse>;

export const NO_USE: Uses = new Map();

export function withUse(node: SceneNode, uses: Uses): SceneNode {
  const use = uses.get(node.key);
  return use === undefined ? node : { ...node, use };
}

export type World = D3Selection<SVGGElement, unknown, null, undefined>;

/** From the bottom to the top. A group from afar is its title: lanes pass below that. */
const LAYERS = ['machine', 'lanes-far', 'groups', 'lanes', 'nodes', 'links', 'hubs', 'lens'] as const;

/** Where a card stands, in the terms of a style. */
export const placeOf = ({ x, y }: Point) => `translate(${x}px, ${y}px)`;

export function addLayers(svg: SVGSVGElement): World {
  const world = select(svg).append('g').attr('class', 'world');
  for (const name of LAYERS) world.append('g').attr('class', name);
  return world;
}

/** The elements of a layer: one for each item, the same one as long as its key is there. */
export function layer<T>(world: World, name: (typeof LAYERS)[number], items: readonly T[], key: (item: T) => string) {
  return world.select<SVGGElement>(`.${name}`).selectAll<SVGGElement, T>(':scope > g').data(items, key).join('g');
}

/** What is written at a line is as good to point at as the line. */
function wordTarget(room: Box | null, { unit }: View): Mark[] {
  if (room === null || room.height < SMALLEST_TEXT * unit) return [];
  const { x, y, width, height } = room;
  return [{ tag: 'rect', attrs: { x, y, width, height, fill: 'transparent' } }];
}

function drawMachine(world: World, scene: Scene, view: View): void {
  const { hull, remarks } = scene;
  const style = `${view.theme.name} ${view.unit}`;
  layer(world, 'machine', [hull], () => 'hull').each(function () {
    draw(this, { source: scene, style, signature: () => [hull, remarks] }, () => hullMarks(scene, view));
  });
}

function drawGroups(world: World, groups: readonly SceneGroup[], view: View, far: boolean, scene: Scene): void {
  const style = `${view.theme.name} ${view.unit} ${far}`;
  const summaries = far ? summariesOf(scene) : null;
  layer(world, 'groups', groups, (group) => group.key)
    .attr('class', far ? 'group far' : 'group')
    .attr('data-name', (group) => group.label)
    .each(function (group) {
      const summary = summaries?.get(group.key);
      // From afar it tells of its members, which may have changed without it.
      const source = summary ?? group;
      draw(this, { source, style, signature: () => [group, summary] }, () =>
        far ? farGroupMarks(group, view, summary) : groupMarks(group, view),
      ) && addTitle(this, sentenceOfGroup(group, summary));
    });
}

/** Where the pointer meets a line: along its strand in the middle. */
export function middleOf({ strands }: SceneLink): readonly Point[] {
  return strands[Math.floor(strands.length / 2)]?.points ?? [];
}

/** A line is too thin to point at: so wide it takes the pointer, in units. */
export function lineWidth({ strands }: SceneLink, { unit }: View): number {
  return (10 + 4 * strands.length) * Math.min(unit, 1.5);
}

function drawLinks(world: World, links: readonly SceneLink[], view: View, scene: Scene): void {
  const labels = labelsOf(scene);
  const members = new Map(scene.hubs.map((hub) => [hub.key, hub.members]));
  const style = `${view.theme.name} ${view.unit}`;
  layer(world, 'links', links, (link) => link.key)
    .attr('class', (link) => `link${link.broken ? ' broken' : ''}${link.set.startsWith('hull:') ? ' to-machine' : ''}`)
    .attr('data-kinds', (link) => link.strands.map((strand) => strand.kind).join(' '))
    .attr('data-key', (link) => link.set)
    .each(function (link) {
      draw(this, { source: link, style, signature: () => [link, members.get(link.to)?.length] }, () => {
        const d = `M${middleOf(link)
          .map(({ x, y }) => `${x} ${y}`)
          .join('L')}`;
        const target = { d, fill: 'none', stroke: 'transparent', 'stroke-width': lineWidth(link, view) };
        return [...linkMarks(link, view), { tag: 'path', attrs: target }, ...wordTarget(link.room, view)];
      }) && addTitle(this, sentenceOfLink(link, members.get(link.to), labels));
    });
}

/** Where the pointer meets a lane, in pixels: as wide as there is room between two that lie beside each other. */
const LANE_WIDTH = 7;

function drawLanes(
  world: World,
  on: 'lanes' | 'lanes-far',
  lanes: readonly SceneLane[],
  view: View,
  scene: Scene,
): void {
  const labels = labelsOf(scene);
  const style = `${view.theme.name} ${view.unit}`;
  layer(world, on, lanes, (lane) => lane.key)
    .attr('class', 'lane')
    .attr('data-key', (lane) => lane.key)
    .attr('data-name', (lane) => lane.networks.map(({ name }) => name).join(' '))
    .each(function (lane) {
      draw(this, { source: lane, style, signature: () => lane }, () => {
        const width = LANE_WIDTH * Math.min(view.unit, 1.2);
        const target = { d: laneOutline(lane), fill: 'none', stroke: 'transparent', 'stroke-width': width };
        const signs = lane.signs.flatMap((sign): Mark[] => {
          const at = signAt(sign, view.unit);
          return at === null ? [] : wordTarget(at, view);
        });
        return [...laneMarks(lane, view), { tag: 'path', attrs: target }, ...signs];
      }) && addTitle(this, sentenceOfLane(lane, labels));
    });
}

function drawHubs(world: World, hubs: readonly SceneHub[], view: View, scene: Scene): void {
  const labels = labelsOf(scene);
  const style = `${view.theme.name} ${view.unit}`;
  layer(world, 'hubs', hubs, (hub) => hub.key)
    .attr('class', 'hub')
    .attr('data-key', (hub) => hub.key)
    .each(function (hub) {
      const kinds = hub.strands.map((strand) => strand.kind);
      draw(this, { source: hub, style, signature: () => hub }, () => [
        ...hubMarks(hub, view),
        ...wordTarget(hub.room, view),
      ]) && addTitle(this, sentenceOfSet(kinds, hub.members, labels, false));
    });
}

function drawNodes(
  world: World,
  nodes: readonly SceneNode[],
  view: View,
  dragging: DragBehavior<SVGGElement, SceneNode, SceneNode | SubjectPosition>,
  uses: Uses,
): void {
  const style = `${view.theme.name} ${view.unit}`;
  world
    .select<SVGGElement>('.nodes')
    .selectAll<SVGGElement, SceneNode>(':scope > g')
    .data(nodes, (node) => node.key)
    .join((enter) => {
      const added = enter
        .append('g')
        .attr('class', 'node')
        .attr('data-key', (node) => node.key);
      added.filter(({ type }) => type !== 'host').call(dragging);
      return added;
    })
    .attr('data-name', (node) => node.label)
    .attr('data-type', (node) => node.type)
    .attr('data-change', (node) => node.change ?? null)
    .style('transform', placeOf)
    .each(function (node) {
      // Drawn around the origin: a node that moves is the same drawing elsewhere.
      const used = withUse(node, uses);
      const still = { ...used, x: 0, y: 0 };
      draw(this, { source: used, style, signature: () => still }, () =>
        node.type === 'host' ? barMarks(still, view) : cardMarks(still, view),
      ) && addTitle(this, sentenceOf(used));
    });
}

/** Brings the document to what is to be drawn of a scene. */
export function drawLayers(
  world: World,
  scene: Scene,
  part: DrawnPart,
  {
    view,
    far,
    crowded,
    near,
    dragging,
    uses,
  }: { view: View; far: boolean; crowded: boolean; near: Near; dragging: Parameters<typeof drawNodes>[3]; uses: Uses },
): void {
  drawMachine(world, scene, view);
  drawGroups(world, part.groups, view, far, scene);
  const lanes = lanesNear(scene, near);
  drawLanes(world, 'lanes', far ? [] : lanes, view, scene);
  // A crowd is painted with its lanes.
  drawLanes(world, 'lanes-far', far && !crowded ? lanes : [], view, scene);
  drawLinks(world, part.links, view, scene);
  drawHubs(world, part.hubs, view, scene);
  drawNodes(world, part.nodes, view, dragging, uses);
}
