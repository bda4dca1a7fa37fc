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
import { briefGroupMarks, briefNodeMarks, groupMarks, hubMarks, linkMarks, nodeMarks } from '#core/layout/marks.ts';
import type { Theme } from '#core/layout/palette.ts';
import type { Point, Scene, SceneGroup, SceneHub, SceneLink, SceneNode } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import { visibleText } from '#core/text/visible.ts';
import { addTitle, draw } from '../ui/draw.ts';
import { labelsOf, sentenceOf, sentenceOfSet } from './words.ts';

/** What the pointer does, told in the scene's words. */
export interface CanvasEvents {
  readonly onNode: (node: SceneNode) => void;
  readonly onSet: (link: Pick<SceneLink, 'set' | 'strands' | 'from' | 'broken'>) => void;
  readonly onGround: () => void;
  /** A node or set key; null when the pointer left. */
  readonly onHover: (key: string | null) => void;
  readonly onPin: (key: string, at: Point | null) => void;
}

/** What stands out: null means nothing is dimmed for that reason. */
export interface Emphasis {
  readonly selected: ReadonlySet<string>;
  readonly near: ReadonlySet<string> | null;
  readonly found: ReadonlySet<string> | null;
  /** The node that the keyboard is on. */
  readonly active: string | null;
}

/** Below this scale the full boxes cannot be read, and brief ones take their place. */
const BRIEF_BELOW = 0.5;
/** Below this scale not even those, and groups stand for their members. */
const GROUPS_BELOW = 0.17;
/** Above so many nodes only those near the view are kept in the document. */
const CULL_ABOVE = 250;
/** How much around the view is kept ready for panning, in parts of its size. */
const CULL_MARGIN = 0.5;
/** Milliseconds of rest after which the picture is drawn for the new view. */
const REST_MS = 90;
const SMALLEST = 0.04;
const LARGEST = 3;
/** A few boxes on a large screen shall not become posters. */
const LARGEST_FIT = 1.2;
const FIT_PADDING = 20;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

type Level = 'full' | 'brief' | 'groups';

function levelOf(scale: number): Level {
  return scale < GROUPS_BELOW ? 'groups' : scale < BRIEF_BELOW ? 'brief' : 'full';
}

type World = D3Selection<SVGGElement, unknown, null, undefined>;

/** What is drawn at each node, by kind. */
function kindsOf(scene: Scene): Map<string, Set<NamespaceKind>> {
  const out = new Map<string, Set<NamespaceKind>>();
  for (const { from, to, strands } of scene.links) {
    for (const key of [from, to]) {
      const own = out.get(key) ?? new Set<NamespaceKind>();
      for (const { kind } of strands) own.add(kind);
      out.set(key, own);
    }
  }
  return out;
}

/** The picture in the document: draws scenes with d3 and turns the pointer into events. It holds no state of the app. */
export class Canvas {
  private readonly svg: SVGSVGElement;
  private readonly world: World;
  private readonly zooming: ZoomBehavior<SVGSVGElement, unknown>;
  private readonly resizing: ResizeObserver;
  private events: CanvasEvents;
  private scene: Scene | null = null;
  private theme: Theme | null = null;
  private emphasis: Emphasis = { selected: new Set(), near: null, found: null, active: null };
  /** True until the user moves the view: until then it follows what is drawn. */
  private following = true;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private level: Level = 'full';

  constructor(svg: SVGSVGElement, events: CanvasEvents) {
    this.svg = svg;
    this.events = events;
    this.world = select(svg).append('g').attr('class', 'world');
    for (const layer of ['groups', 'links', 'hubs', 'nodes']) this.world.append('g').attr('class', layer);
    this.zooming = zoom<SVGSVGElement, unknown>()
      .scaleExtent([SMALLEST, LARGEST])
      .on('zoom', (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
        if (event.sourceEvent !== null && event.sourceEvent !== undefined) this.following = false;
        this.world.attr('transform', event.transform.toString());
        clearTimeout(this.rest);
        if (levelOf(event.transform.k) !== this.level) this.redraw();
        else this.rest = setTimeout(() => this.redraw(), REST_MS);
      });
    select(svg)
      .call(this.zooming)
      .on('dblclick.zoom', null)
      .on('click', () => this.events.onGround());
    this.resizing = new ResizeObserver(() => {
      if (this.following) this.fit(false);
      else this.redraw();
    });
    this.resizing.observe(svg);
  }

  end(): void {
    clearTimeout(this.rest);
    this.resizing.disconnect();
    select(this.svg).on('.zoom', null).on('click', null);
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
    if (before === null || before.arrangement !== scene.arrangement) this.fit(false);
    else if (this.following && !this.holds(scene.bounds)) this.fit(true);
    this.redraw();
  }

  emphasise(emphasis: Emphasis): void {
    const before = this.emphasis;
    this.emphasis = emphasis;
    // Who is selected, or has the keyboard, comes out of the group that stands for it.
    const others = before.selected !== emphasis.selected || before.active !== emphasis.active;
    if (this.level === 'groups' && others) this.redraw();
    else this.mark();
  }

  /** Shows everything, and follows what is drawn from now on. */
  fit(gently: boolean): void {
    if (this.scene === null) return;
    this.frame(this.scene.bounds, gently);
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
  reveal({ x, y, width, height }: SceneNode): void {
    const view = this.svg.getBoundingClientRect();
    const transform = zoomTransform(this.svg);
    const [cx, cy] = transform.apply([x, y]);
    const halfWidth = (width * transform.k) / 2 + FIT_PADDING;
    const halfHeight = (height * transform.k) / 2 + FIT_PADDING;
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
    const view = this.svg.getBoundingClientRect();
    const k = Math.max(1, zoomTransform(this.svg).k);
    this.following = false;
    this.move(zoomIdentity.translate(view.width / 2 - x * k, view.height / 2 - y * k).scale(k), true);
  }

  private frame(bounds: Scene['bounds'], gently: boolean): void {
    const { width, height } = this.svg.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const scale = Math.max(
      SMALLEST,
      Math.min(LARGEST_FIT, (width - FIT_PADDING) / bounds.width, (height - FIT_PADDING) / bounds.height),
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

  private holds(bounds: Scene['bounds']): boolean {
    const view = this.viewBox(0);
    return (
      bounds.x >= view.x0 &&
      bounds.y >= view.y0 &&
      bounds.x + bounds.width <= view.x1 &&
      bounds.y + bounds.height <= view.y1
    );
  }

  /** The part of the scene in view, with a margin in parts of its size. */
  private viewBox(margin: number): { x0: number; y0: number; x1: number; y1: number } {
    const { width, height } = this.svg.getBoundingClientRect();
    const transform = zoomTransform(this.svg);
    const [x0, y0] = transform.invert([-width * margin, -height * margin]);
    const [x1, y1] = transform.invert([width * (1 + margin), height * (1 + margin)]);
    return { x0, y0, x1, y1 };
  }

  private redraw(): void {
    const { scene, theme } = this;
    if (scene === null || theme === null) return;
    this.level = levelOf(zoomTransform(this.svg).k);
    // What is inside of a group that stands for it; but what is asked for is always shown.
    const inside = new Map<string, string>();
    if (this.level === 'groups') {
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
    const view = this.viewBox(CULL_MARGIN);
    const cull = scene.nodes.length > CULL_ABOVE;
    const inView = (x0: number, y0: number, x1: number, y1: number) =>
      !cull || (x0 < view.x1 && x1 > view.x0 && y0 < view.y1 && y1 > view.y0);
    this.drawGroups(
      scene.groups.filter(({ x, y, width, height }) => inView(x, y, x + width, y + height)),
      theme,
      scene,
    );
    this.drawLinks(
      scene.links.filter(({ strands, from, to }) => {
        if (foldedHubs.has(to) || folded({ members: [from, to] })) return false;
        const points = strands[0]?.points ?? [];
        const xs = points.map(({ x }) => x);
        const ys = points.map(({ y }) => y);
        return inView(Math.min(...xs) - 9, Math.min(...ys) - 9, Math.max(...xs) + 9, Math.max(...ys) + 9);
      }),
      theme,
      scene,
    );
    this.drawHubs(
      scene.hubs.filter(({ key, x, y }) => !foldedHubs.has(key) && inView(x - 30, y - 30, x + 30, y + 40)),
      theme,
      scene,
    );
    this.drawNodes(
      scene.nodes.filter(
        ({ key, x, y, width, height }) =>
          !inside.has(key) && inView(x - width / 2, y - height / 2, x + width / 2, y + height / 2),
      ),
      theme,
    );
    this.mark();
  }

  private layer<T>(name: string, items: readonly T[], key: (item: T) => string) {
    return this.world
      .select<SVGGElement>(`.${name}`)
      .selectAll<SVGGElement, T>(':scope > g')
      .data(items, key)
      .join('g');
  }

  private drawGroups(groups: readonly SceneGroup[], theme: Theme, scene: Scene): void {
    const brief = this.level === 'groups';
    const kinds = brief ? kindsOf(scene) : new Map<string, ReadonlySet<NamespaceKind>>();
    this.layer('groups', groups, (group) => group.key)
      .attr('class', brief ? 'group brief' : 'group')
      .each(function (group) {
        const shared = new Set(group.members.flatMap((member) => [...(kinds.get(member) ?? [])]));
        const signs = NAMESPACE_KINDS.filter((kind) => shared.has(kind));
        draw(this, { source: group, style: `${theme.name} ${brief}`, signature: () => [signs, group] }, () =>
          brief ? briefGroupMarks(group, signs, theme) : groupMarks(group, theme),
        ) && addTitle(this, `${visibleText(group.label)}: ${group.members.length}`);
      })
      .on('click', (event: MouseEvent, group) => {
        if (this.level !== 'groups') return;
        event.stopPropagation();
        this.following = false;
        this.frame(group, true);
      });
  }

  private drawLinks(links: readonly SceneLink[], theme: Theme, scene: Scene): void {
    const labels = labelsOf(scene);
    const members = new Map(scene.hubs.map((hub) => [hub.key, hub.members]));
    this.layer('links', links, (link) => link.key)
      .attr('class', (link) => {
        // Lines to the host cross everything: they step back until one of them is asked for.
        const wide = members.get(link.to)?.includes(HOST) === true;
        return `link${link.broken ? ' broken' : ''}${wide ? ' wide' : ''}`;
      })
      .attr('data-kinds', (link) => link.strands.map((strand) => strand.kind).join(' '))
      .each(function (link) {
        const kinds = link.strands.map((strand) => strand.kind);
        const told = sentenceOfSet(kinds, members.get(link.to) ?? [link.from, link.to], labels, link.broken);
        draw(this, { source: link, style: theme.name, signature: () => [link, told] }, () => {
          // A line is too thin to point at: a wide transparent one takes the pointer.
          const middle = link.strands[Math.floor(link.strands.length / 2)]?.points ?? [];
          const d = `M${middle.map(({ x, y }) => `${x} ${y}`).join('L')}`;
          const target = { d, fill: 'none', stroke: 'transparent', 'stroke-width': 10 + 4.5 * link.strands.length };
          return [...linkMarks(link, theme), { tag: 'path', attrs: target }];
        }) && addTitle(this, told);
      })
      .on('click', (event: MouseEvent, link) => {
        event.stopPropagation();
        this.events.onSet(link);
      })
      .on('pointerenter', (_event, link) => this.events.onHover(link.set))
      .on('pointerleave', () => this.events.onHover(null));
  }

  private drawHubs(hubs: readonly SceneHub[], theme: Theme, scene: Scene): void {
    const labels = labelsOf(scene);
    this.layer('hubs', hubs, (hub) => hub.key)
      .attr('class', 'hub')
      .each(function (hub) {
        const kinds = hub.strands.map((strand) => strand.kind);
        const told = sentenceOfSet(kinds, hub.members, labels, false);
        draw(this, { source: hub, style: theme.name, signature: () => [hub, told] }, () => hubMarks(hub, theme)) &&
          addTitle(this, told);
      })
      .on('click', (event: MouseEvent, hub) => {
        event.stopPropagation();
        this.events.onSet({
          set: hub.key,
          from: hub.key,
          broken: false,
          strands: hub.strands.map((strand) => ({ ...strand, points: [] })),
        });
      })
      .on('pointerenter', (_event, hub) => this.events.onHover(hub.key))
      .on('pointerleave', () => this.events.onHover(null));
  }

  private drawNodes(nodes: readonly SceneNode[], theme: Theme): void {
    const { events } = this;
    const brief = this.level !== 'full';
    const at = ({ x, y }: Point) => `translate(${x}px, ${y}px)`;
    let moved = false;
    this.layer('nodes', nodes, (node) => node.key)
      .attr('class', 'node')
      .attr('data-name', (node) => node.label)
      .attr('data-type', (node) => node.type)
      .attr('data-key', (node) => node.key)
      .style('transform', at)
      .each(function (node) {
        // Drawn around the origin: a node that moves is the same drawing elsewhere.
        const still = { ...node, x: 0, y: 0 };
        draw(this, { source: node, style: `${theme.name} ${brief}`, signature: () => still }, () =>
          brief ? briefNodeMarks(still, theme) : nodeMarks(still, theme),
        ) && addTitle(this, sentenceOf(node));
      })
      .on('click', (event: MouseEvent, node) => {
        event.stopPropagation();
        this.events.onNode(node);
      })
      .on('dblclick', (event: MouseEvent, node) => {
        event.stopPropagation();
        if (node.pinned) this.events.onPin(node.key, null);
      })
      .on('pointerenter', (_event, node) => this.events.onHover(node.key))
      .on('pointerleave', () => this.events.onHover(null))
      .call(
        drag<SVGGElement, SceneNode>()
          .container(() => this.world.node() ?? this.svg)
          .clickDistance(4)
          .on('start', () => {
            moved = false;
          })
          .on('drag', function (event: D3DragEvent<SVGGElement, SceneNode, Point>) {
            moved ||= Math.abs(event.dx) + Math.abs(event.dy) > 0;
            select(this).classed('dragged', true).style('transform', at(event));
          })
          .on('end', function (event: D3DragEvent<SVGGElement, SceneNode, Point>, node) {
            select(this).classed('dragged', false);
            if (!moved) return;
            if (Math.abs(event.x - node.x) + Math.abs(event.y - node.y) < 3) select(this).style('transform', at(node));
            else events.onPin(node.key, { x: Math.round(event.x), y: Math.round(event.y) });
          }),
      );
  }

  private mark(): void {
    const { selected, near, found, active } = this.emphasis;
    const far = (key: string) => near !== null && !near.has(key);
    this.world
      .selectAll<SVGGElement, SceneNode>('.nodes > g')
      .classed('dim', ({ key }) => far(key) || (found !== null && !found.has(key)))
      .classed('found', ({ key }) => found?.has(key) ?? false)
      .classed('selected', ({ key }) => selected.has(key))
      .classed('active', ({ key }) => key === active);
    this.world
      .selectAll<SVGGElement, SceneGroup>('.groups > g')
      .classed('found', ({ members }) => this.level === 'groups' && members.some((member) => found?.has(member)))
      .classed('dim', ({ members }) => {
        if (this.level !== 'groups') return false;
        return (found !== null && !members.some((member) => found.has(member))) || members.every(far);
      });
    this.world
      .selectAll<SVGGElement, SceneHub>('.hubs > g')
      .classed('dim', ({ key }) => far(key))
      .classed('selected', ({ key }) => selected.has(key));
    this.world
      .selectAll<SVGGElement, SceneLink>('.links > g')
      .classed('dim', ({ set }) => far(set))
      .classed('near', ({ set }) => near?.has(set) ?? false)
      .classed('selected', ({ set }) => selected.has(set));
  }
}
