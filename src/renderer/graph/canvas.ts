import {
  type D3DragEvent,
  type Selection as D3Selection,
  type D3ZoomEvent,
  drag,
  select,
  type ZoomBehavior,
  type ZoomTransform,
  zoom,
  zoomIdentity,
  zoomTransform,
} from 'd3';
import { cardMarks, LOWEST, WHOLE_CARD } from '#core/layout/card-marks.ts';
import { farGroupMarks, groupMarks } from '#core/layout/group-marks.ts';
import { LARGEST_FIT } from '#core/layout/hull.ts';
import { barMarks, hullMarks } from '#core/layout/hull-marks.ts';
import { hubMarks, linkMarks } from '#core/layout/line-marks.ts';
import { type Mark, SMALLEST_TEXT, type View } from '#core/layout/marks.ts';
import type { Theme } from '#core/layout/palette.ts';
import type { Box, Point, Scene, SceneGroup, SceneHub, SceneLink, SceneNode } from '#core/layout/scene.ts';
import { visibleText } from '#core/text/visible.ts';
import { addTitle, draw } from '../ui/draw.ts';
import { labelsOf, sentenceOf, sentenceOfLink, sentenceOfSet } from './words.ts';

/** What the pointer does, told in the scene's words. */
export interface CanvasEvents {
  readonly onNode: (node: SceneNode) => void;
  readonly onSet: (link: Pick<SceneLink, 'set' | 'strands' | 'from' | 'broken'>) => void;
  readonly onGround: () => void;
  /** A node or set key; null when the pointer left. */
  readonly onHover: (key: string | null) => void;
  readonly onPin: (key: string, at: Point | null) => void;
  /** The room for the picture has changed, and all of it is shown. */
  readonly onRoom: () => void;
}

/** What stands out: null means nothing is dimmed for that reason. */
export interface Emphasis {
  readonly selected: ReadonlySet<string>;
  readonly near: ReadonlySet<string> | null;
  readonly found: ReadonlySet<string> | null;
  /** Those found, and whom they share with; null when nothing is searched. */
  readonly beside: ReadonlySet<string> | null;
  /** The node or set that the keyboard is on. */
  readonly active: string | null;
}

/** Above so many nodes only those near the view are kept in the document. */
const CULL_ABOVE = 250;
/** How much around the view is kept ready for panning, in parts of its size. */
const CULL_MARGIN = 0.35;
/** Milliseconds of rest after which the picture is drawn for the new view. */
const REST_MS = 90;
/** Milliseconds after which a size of the window is taken for its last. */
const SETTLED_MS = 150;
/** While it is zoomed out, text is drawn so much larger that it need not be drawn anew at once. */
const AHEAD = 0.85;
const SMALLEST = 0.02;
const LARGEST = 6;
const FIT_PADDING = 20;
/** Between the card in full and the edge of the view, in pixels. */
const LENS_GAP = 6;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

type World = D3Selection<SVGGElement, unknown, null, undefined>;
/** What an element of the picture stands for. */
type Part =
  | { readonly type: 'node'; readonly item: SceneNode }
  | { readonly type: 'set'; readonly item: Pick<SceneLink, 'set' | 'strands' | 'from' | 'broken'> }
  | { readonly type: 'group'; readonly item: SceneGroup };

/** What is written at a line is as good to point at as the line. */
function wordTarget(room: Box | null, { unit }: View): Mark[] {
  if (room === null || room.height < SMALLEST_TEXT * unit) return [];
  const { x, y, width, height } = room;
  return [{ tag: 'rect', attrs: { x, y, width, height, fill: 'transparent' } }];
}

const setOfHub = (hub: SceneHub): Pick<SceneLink, 'set' | 'strands' | 'from' | 'broken'> => ({
  set: hub.key,
  from: hub.key,
  broken: false,
  strands: hub.strands.map((strand) => ({ ...strand, points: [] })),
});

/** The picture in the document: draws scenes with d3 and turns the pointer into events. It holds no state of the app. */
export class Canvas {
  private readonly svg: SVGSVGElement;
  private readonly world: World;
  private readonly zooming: ZoomBehavior<SVGSVGElement, unknown>;
  private readonly resizing: ResizeObserver;
  private events: CanvasEvents;
  private scene: Scene | null = null;
  private theme: Theme | null = null;
  private emphasis: Emphasis = { selected: new Set(), near: null, found: null, beside: null, active: null };
  /** True until the user moves the view: until then it follows what is drawn. */
  private following = true;
  private rest: ReturnType<typeof setTimeout> | undefined;
  /** The scale for which texts are drawn: never a larger one than is seen, so that none is smaller than it should be. */
  private drawnFor = 1;
  private hovered: string | null = null;
  private size = { width: 0, height: 0 };
  private settling: ReturnType<typeof setTimeout> | undefined;
  /** The next scene is made for another room than this one was. */
  private roomChanged = false;
  /** A frame in which the picture will be drawn; 0 when none is asked for. */
  private frameAsked = 0;

  constructor(svg: SVGSVGElement, events: CanvasEvents) {
    this.svg = svg;
    this.events = events;
    this.world = select(svg).append('g').attr('class', 'world');
    for (const layer of ['machine', 'groups', 'nodes', 'links', 'hubs', 'lens']) {
      this.world.append('g').attr('class', layer);
    }
    this.zooming = zoom<SVGSVGElement, unknown>()
      .scaleExtent([SMALLEST, LARGEST])
      .on('zoom', (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
        if (event.sourceEvent !== null && event.sourceEvent !== undefined) this.following = false;
        const { k, x, y } = event.transform;
        this.world.style('transform', `translate(${x}px, ${y}px) scale(${k})`);
        clearTimeout(this.rest);
        if (k < this.drawnFor * 0.995 && this.frameAsked === 0) {
          this.frameAsked = requestAnimationFrame(() => {
            this.frameAsked = 0;
            this.redraw(AHEAD);
          });
        }
        this.rest = setTimeout(() => this.redraw(), REST_MS);
      });
    select(svg)
      .call(this.zooming)
      .on('dblclick.zoom', null)
      .on('click', (event: MouseEvent) => this.clicked(event))
      .on('dblclick', (event: MouseEvent) => {
        const part = this.partAt(event);
        if (part?.type === 'node' && part.item.pinned) this.events.onPin(part.item.key, null);
      })
      .on('pointerover', (event: PointerEvent) => this.hover(this.partAt(event)))
      .on('pointerleave', () => this.hover(null));
    this.resizing = new ResizeObserver(() => {
      const { width, height } = svg.getBoundingClientRect();
      if (width === this.size.width && height === this.size.height) return;
      this.size = { width, height };
      if (this.following) this.fit(false);
      this.redraw();
      clearTimeout(this.settling);
      this.settling = setTimeout(() => {
        if (!this.following || width === 0) return;
        this.roomChanged = true;
        this.events.onRoom();
      }, SETTLED_MS);
    });
    this.size = svg.getBoundingClientRect();
    this.resizing.observe(svg);
  }

  end(): void {
    clearTimeout(this.rest);
    clearTimeout(this.settling);
    cancelAnimationFrame(this.frameAsked);
    this.resizing.disconnect();
    select(this.svg).on('.zoom', null).on('click dblclick pointerover pointerleave', null);
    this.world.remove();
  }

  listen(events: CanvasEvents): void {
    this.events = events;
  }

  /** Draws a scene. The view stays, unless it follows and something new lies outside, or another arrangement is shown. */
  show(scene: Scene, theme: Theme): void {
    const before = this.scene;
    this.scene = scene;
    this.theme = theme;
    const other = before === null || before.arrangement !== scene.arrangement;
    if (other || (this.roomChanged && this.following)) this.fit(false);
    else if (this.following && !this.fits(scene.bounds)) this.fit(before.nodes.length > 0);
    if (other || before.bounds !== scene.bounds) this.roomChanged = false;
    this.redraw();
  }

  emphasise(emphasis: Emphasis): void {
    const before = this.emphasis;
    this.emphasis = emphasis;
    // Who is selected, or has the keyboard, comes out of the group that stands for it.
    const others = before.selected !== emphasis.selected || before.active !== emphasis.active;
    if (this.far() && others) this.redraw();
    else this.mark();
    this.drawLens();
  }

  /** Shows everything, and follows what is drawn from now on. */
  fit(gently: boolean): void {
    if (this.scene === null) return;
    this.frame(this.scene.bounds, 0, LARGEST_FIT, gently);
    this.following = true;
  }

  zoomBy(factor: number): void {
    this.following = false;
    select(this.svg).call(this.zooming.scaleBy, factor);
  }

  panBy(x: number, y: number): void {
    this.following = false;
    const { k } = zoomTransform(this.svg);
    select(this.svg).call(this.zooming.translateBy, x / k, y / k);
  }

  /** Pans just so far that the node is in view. */
  reveal({ x, y, width, height }: Pick<SceneNode, 'x' | 'y' | 'width' | 'height'>): void {
    const view = this.size;
    const transform = zoomTransform(this.svg);
    const [cx, cy] = transform.apply([x, y]);
    const halfWidth = Math.min(view.width / 2, (width * transform.k) / 2 + FIT_PADDING);
    const halfHeight = Math.min(view.height / 2, (height * transform.k) / 2 + FIT_PADDING);
    const shift = (at: number, half: number, size: number) =>
      at - half < 0 ? half - at : at + half > size ? size - at - half : 0;
    const dx = shift(cx, halfWidth, view.width);
    const dy = shift(cy, halfHeight, view.height);
    if (dx === 0 && dy === 0) return;
    const { k, x: tx, y: ty } = transform;
    this.move(zoomIdentity.translate(tx + dx, ty + dy).scale(k), true);
  }

  /** Brings the node into the middle, near enough to be read. */
  approach({ x, y }: SceneNode): void {
    const { width, height } = this.size;
    const k = Math.max(1, zoomTransform(this.svg).k);
    this.following = false;
    this.move(zoomIdentity.translate(width / 2 - x * k, height / 2 - y * k).scale(k), true);
  }

  private frame(bounds: Scene['bounds'], padding: number, most: number, gently: boolean): void {
    const { width, height } = this.size;
    if (width === 0 || height === 0) return;
    const scale = Math.max(
      SMALLEST,
      Math.min(most, (width - padding) / bounds.width, (height - padding) / bounds.height),
    );
    const x = width / 2 - scale * (bounds.x + bounds.width / 2);
    const y = height / 2 - scale * (bounds.y + bounds.height / 2);
    this.move(zoomIdentity.translate(x, y).scale(scale), gently);
  }

  private move(transform: ZoomTransform, gently: boolean): void {
    const root = select(this.svg);
    if (gently && !calm.matches) root.transition().duration(250).call(this.zooming.transform, transform);
    else root.interrupt().call(this.zooming.transform, transform);
  }

  /** Whether the bounds lie in the view, up to what rounding moves. */
  private fits(bounds: Scene['bounds']): boolean {
    const view = this.viewBox(0);
    return (
      bounds.x >= view.x0 - 1 &&
      bounds.y >= view.y0 - 1 &&
      bounds.x + bounds.width <= view.x1 + 1 &&
      bounds.y + bounds.height <= view.y1 + 1
    );
  }

  /** The part of the scene in view, with a margin in parts of its size. */
  private viewBox(margin: number): { x0: number; y0: number; x1: number; y1: number } {
    const { width, height } = this.size;
    const transform = zoomTransform(this.svg);
    const [x0, y0] = transform.invert([-width * margin, -height * margin]);
    const [x1, y1] = transform.invert([width * (1 + margin), height * (1 + margin)]);
    return { x0, y0, x1, y1 };
  }

  /** Whether cards are too small for their names, so that groups stand for their members. */
  private far(): boolean {
    const card = this.scene?.nodes.find(({ type }) => type !== 'host');
    return card !== undefined && card.height * this.drawnFor < LOWEST;
  }

  private redraw(ahead = 1): void {
    const { scene, theme } = this;
    if (scene === null || theme === null) return;
    this.drawnFor = zoomTransform(this.svg).k * ahead;
    const view: View = { theme, unit: 1 / this.drawnFor };
    const far = this.far();
    // What is inside of a group that stands for it; but what is asked for is always shown.
    const inside = new Map<string, string>();
    if (far) {
      for (const { key, members } of scene.groups) for (const member of members) inside.set(member, key);
      const { selected, active } = this.emphasis;
      for (const { key, pinned } of scene.nodes) {
        if (pinned || key === active || selected.has(key)) inside.delete(key);
      }
    }
    const folded = ({ members }: { members: readonly string[] }) => {
      const group = inside.get(members[0] ?? '');
      return group !== undefined && members.every((member) => inside.get(member) === group);
    };
    const foldedHubs = new Set(scene.hubs.filter(folded).map(({ key }) => key));
    const box = this.viewBox(CULL_MARGIN);
    const cull = scene.nodes.length > CULL_ABOVE;
    const inView = (x0: number, y0: number, x1: number, y1: number) =>
      !cull || (x0 < box.x1 && x1 > box.x0 && y0 < box.y1 && y1 > box.y0);
    this.drawMachine(scene, view);
    this.drawGroups(
      scene.groups.filter(({ x, y, width, height }) => inView(x, y, x + width, y + height)),
      view,
      far,
    );
    this.drawLinks(
      scene.links.filter(({ strands, from, to, set }) => {
        if (far && to !== set && folded({ members: [from, to] })) return false;
        if (foldedHubs.has(to) || (far && inside.has(from) && set.startsWith('hull:'))) return false;
        const points = strands[0]?.points ?? [];
        let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
        for (const { x, y } of points) {
          x0 = Math.min(x0, x);
          x1 = Math.max(x1, x);
          y0 = Math.min(y0, y);
          y1 = Math.max(y1, y);
        }
        return inView(x0 - 9, y0 - 9, x1 + 9, y1 + 9);
      }),
      view,
      scene,
    );
    this.drawHubs(
      scene.hubs.filter(({ key, x, y }) => !foldedHubs.has(key) && inView(x - 30, y - 30, x + 30, y + 40)),
      view,
      scene,
    );
    this.drawNodes(
      scene.nodes.filter(
        ({ key, type, x, y, width, height }) =>
          type === 'host' || (!inside.has(key) && inView(x - width / 2, y - height / 2, x + width / 2, y + height / 2)),
      ),
      view,
    );
    this.mark();
    this.drawLens();
  }

  private layer<T>(name: string, items: readonly T[], key: (item: T) => string) {
    return this.world
      .select<SVGGElement>(`.${name}`)
      .selectAll<SVGGElement, T>(':scope > g')
      .data(items, key)
      .join('g');
  }

  private drawMachine(scene: Scene, view: View): void {
    const { hull, remarks } = scene;
    const style = `${view.theme.name} ${view.unit}`;
    this.layer('machine', [hull], () => 'hull').each(function () {
      draw(this, { source: scene, style, signature: () => [hull, remarks] }, () => hullMarks(scene, view));
    });
  }

  private drawGroups(groups: readonly SceneGroup[], view: View, far: boolean): void {
    const style = `${view.theme.name} ${view.unit} ${far}`;
    this.layer('groups', groups, (group) => group.key)
      .attr('class', far ? 'group far' : 'group')
      .attr('data-name', (group) => group.label)
      .each(function (group) {
        draw(this, { source: group, style, signature: () => group }, () =>
          far ? farGroupMarks(group, view) : groupMarks(group, view),
        ) && addTitle(this, `${visibleText(group.label)}: ${group.members.length}`);
      });
  }

  private drawLinks(links: readonly SceneLink[], view: View, scene: Scene): void {
    const labels = labelsOf(scene);
    const members = new Map(scene.hubs.map((hub) => [hub.key, hub.members]));
    const style = `${view.theme.name} ${view.unit}`;
    this.layer('links', links, (link) => link.key)
      .attr(
        'class',
        (link) => `link${link.broken ? ' broken' : ''}${link.set.startsWith('hull:') ? ' to-machine' : ''}`,
      )
      .attr('data-kinds', (link) => link.strands.map((strand) => strand.kind).join(' '))
      .attr('data-key', (link) => link.set)
      .each(function (link) {
        draw(this, { source: link, style, signature: () => [link, members.get(link.to)?.length] }, () => {
          // A line is too thin to point at: a wide transparent one takes the pointer.
          const middle = link.strands[Math.floor(link.strands.length / 2)]?.points ?? [];
          const d = `M${middle.map(({ x, y }) => `${x} ${y}`).join('L')}`;
          const width = (10 + 4 * link.strands.length) * Math.min(view.unit, 1.5);
          const target = { d, fill: 'none', stroke: 'transparent', 'stroke-width': width };
          return [...linkMarks(link, view), { tag: 'path', attrs: target }, ...wordTarget(link.room, view)];
        }) && addTitle(this, sentenceOfLink(link, members.get(link.to), labels));
      });
  }

  private drawHubs(hubs: readonly SceneHub[], view: View, scene: Scene): void {
    const labels = labelsOf(scene);
    const style = `${view.theme.name} ${view.unit}`;
    this.layer('hubs', hubs, (hub) => hub.key)
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

  private drawNodes(nodes: readonly SceneNode[], view: View): void {
    const { events } = this;
    const at = ({ x, y }: Point) => `translate(${x}px, ${y}px)`;
    const style = `${view.theme.name} ${view.unit}`;
    const canvas = this;
    let moved = false;
    const dragging = drag<SVGGElement, SceneNode>()
      .filter((event: MouseEvent) => !event.ctrlKey && !event.button)
      .container(() => this.world.node() ?? this.svg)
      .clickDistance(4)
      .on('start', () => {
        moved = false;
      })
      .on('drag', function (event: D3DragEvent<SVGGElement, SceneNode, Point>) {
        moved ||= Math.abs(event.dx) + Math.abs(event.dy) > 0;
        if (moved) canvas.hover(null);
        select(this).classed('dragged', true).style('transform', at(event));
      })
      .on('end', function (event: D3DragEvent<SVGGElement, SceneNode, Point>, node) {
        select(this).classed('dragged', false);
        if (!moved) return;
        if (Math.abs(event.x - node.x) + Math.abs(event.y - node.y) < 3) select(this).style('transform', at(node));
        else events.onPin(node.key, { x: Math.round(event.x), y: Math.round(event.y) });
      });
    this.world
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
      .style('transform', at)
      .each(function (node) {
        // Drawn around the origin: a node that moves is the same drawing elsewhere.
        const still = { ...node, x: 0, y: 0 };
        draw(this, { source: node, style, signature: () => still }, () =>
          node.type === 'host' ? barMarks(still, view) : cardMarks(still, view),
        ) && addTitle(this, sentenceOf(node));
      });
  }

  /**
   * The card under the pointer or the keyboard, or the selected one, in full where it is too small to show all it has to
   * say. It stands on the bottom edge of its card, so that what is written at the lines that leave it can be read.
   */
  private drawLens(): void {
    const { scene, theme } = this;
    if (scene === null || theme === null) return;
    const transform = zoomTransform(this.svg);
    const { k } = transform;
    const { active, selected } = this.emphasis;
    const keys = [this.hovered, active, ...(selected.size === 1 ? selected : [])];
    const cards = scene.nodes.filter(({ key, type }) => type !== 'host' && keys.includes(key));
    const node = keys.flatMap((key) => cards.find((card) => card.key === key) ?? [])[0];
    const small = node !== undefined && (node.width * k < WHOLE_CARD.width || node.height * k < WHOLE_CARD.height - 2);
    const shown = node !== undefined && small ? [node] : [];
    const [from, to] = [transform.invertX(0), transform.invertX(this.size.width)];
    this.layer('lens', shown, (each) => each.key)
      .attr('class', 'lens-card')
      .each(function (each) {
        const width = Math.max(WHOLE_CARD.width / k, each.width);
        const height = Math.max(WHOLE_CARD.height / k, each.height);
        const gap = LENS_GAP / k + width / 2;
        const x = Math.max(from + gap, Math.min(to - gap, each.x));
        const y = each.y + (each.height - height) / 2;
        const large = { ...each, short: each.label, width, height, x, y };
        draw(this, { source: each, style: `${theme.name} ${k} ${x}`, signature: () => large }, () =>
          cardMarks(large, { theme, unit: 1 / k }),
        );
      });
  }

  private partAt(event: Event): Part | null {
    const element = event.target instanceof Element ? event.target.closest('.node, .link, .hub, .group.far') : null;
    if (element === null || !this.svg.contains(element)) return null;
    const item = select(element).datum();
    if (element.classList.contains('node')) return { type: 'node', item: item as SceneNode };
    if (element.classList.contains('hub')) return { type: 'set', item: setOfHub(item as SceneHub) };
    if (element.classList.contains('link')) return { type: 'set', item: item as SceneLink };
    return { type: 'group', item: item as SceneGroup };
  }

  private clicked(event: MouseEvent): void {
    const part = this.partAt(event);
    if (part === null) this.events.onGround();
    else if (part.type === 'node') this.events.onNode(part.item);
    else if (part.type === 'set') this.events.onSet(part.item);
    else {
      this.following = false;
      this.frame(part.item, FIT_PADDING, LARGEST, true);
    }
  }

  private hover(part: Part | null): void {
    const key = part?.type === 'node' ? part.item.key : part?.type === 'set' ? part.item.set : null;
    if (key === this.hovered) return;
    this.hovered = key;
    this.drawLens();
    this.events.onHover(key);
  }

  private mark(): void {
    const { selected, near, found, beside, active } = this.emphasis;
    const shown = near ?? beside;
    const away = (key: string) => shown !== null && !shown.has(key);
    const far = this.far();
    this.world
      .selectAll<SVGGElement, SceneNode>('.nodes > g')
      .classed(
        'dim',
        ({ key, type }) => type !== 'host' && beside !== null && !beside.has(key) && !(near?.has(key) ?? false),
      )
      .classed('found', ({ key }) => found?.has(key) ?? false)
      .classed('selected', ({ key }) => selected.has(key))
      .classed('active', ({ key }) => key === active);
    this.world
      .selectAll<SVGGElement, SceneGroup>('.groups > g')
      .classed('found', ({ members }) => far && members.some((member) => found?.has(member)));
    this.world
      .selectAll<SVGGElement, SceneHub>('.hubs > g')
      .classed('dim', ({ key }) => away(key))
      .classed('selected', ({ key }) => selected.has(key))
      .classed('active', ({ key }) => key === active);
    this.world
      .selectAll<SVGGElement, SceneLink>('.links > g')
      .classed('dim', ({ set }) => away(set))
      .classed('near', ({ set }) => near?.has(set) ?? false)
      .classed('selected', ({ set }) => selected.has(set))
      .classed('active', ({ set }) => set === active);
  }
}
