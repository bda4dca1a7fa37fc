import { type D3DragEvent, drag, pointer, select, type ZoomTransform } from 'd3';
import { LOWEST } from '#core/layout/card-marks.ts';
import type { View } from '#core/layout/marks.ts';
import type { Theme } from '#core/layout/palette.ts';
import type { Point, Scene, SceneLane, SceneNode } from '#core/layout/scene.ts';
import { NOBODY, partCrowd, type Thing, thingAt, withThing } from './crowd.ts';
import { CrowdPainting } from './crowd-painting.ts';
import { type DrawnPart, drawnPart, MANY, type Near } from './drawn-part.ts';
import { type Emphasis, markEmphasis, NO_EMPHASIS } from './emphasis.ts';
import { addLayers, drawLayers, NO_USE, placeOf, type Uses, type World, withUse } from './layers.ts';
import { drawLens } from './lens.ts';
import { type Part, partOf, partOfElement, type SetPart } from './parts.ts';
import { Viewport } from './viewport.ts';

/** What the pointer does, told in the scene's words. */
export interface CanvasEvents {
  /** `besides`: a modifier says that what is selected stays so. */
  readonly onNode: (node: SceneNode, besides: boolean) => void;
  readonly onSet: (link: SetPart) => void;
  readonly onLane: (lane: SceneLane) => void;
  readonly onGround: () => void;
  /** A node's, set's or lane's key; null when the pointer left. */
  readonly onHover: (key: string | null) => void;
  readonly onPin: (key: string, at: Point | null) => void;
  /** The room for the picture has changed, and all of it is shown. */
  readonly onRoom: () => void;
}

/** How much around the view is kept ready for panning, in parts of its size. */
const MARGIN = 0.35;
/** Milliseconds of rest after which the picture is drawn for the new view. */
const REST_MS = 90;
/** While it is zoomed out, text is drawn so much larger that it need not be drawn anew at once. */
const AHEAD = 0.85;

/** The picture in the document: shows scenes and turns the pointer into events. It holds no state of the app. */
export class Canvas {
  private readonly svg: SVGSVGElement;
  private readonly world: World;
  private readonly viewport: Viewport;
  private readonly painting: CrowdPainting;
  private readonly dragging = this.dragBehaviour();
  private events: CanvasEvents;
  private scene: Scene | null = null;
  private theme: Theme | null = null;
  private emphasis = NO_EMPHASIS;
  private uses = NO_USE;
  private rest: ReturnType<typeof setTimeout> | undefined;
  /** The scale for which texts are drawn: never a larger one than is seen, so that none is smaller than it should be. */
  private drawnFor = 1;
  /** The scale of the view. */
  private seenAt = 1;
  /** The part of the scene that is drawn. */
  private near: Near = { x0: 0, y0: 0, x1: 0, y1: 0 };
  private hovered: string | null = null;
  /** The next scene is made for another room than this one was. */
  private roomChanged = false;
  /** What of the picture is drawn: in elements of its own, and together. */
  private alone: DrawnPart = NOBODY;
  private crowd: DrawnPart = NOBODY;
  /** How the crowd is drawn. */
  private crowdView: View | null = null;
  /** Where the view was then. */
  private crowdAt: ZoomTransform | null = null;
  /** The thing of the crowd that the pointer is on. */
  private pointed: Thing | null = null;
  /** A frame in which the picture will be drawn; 0 when none is asked for. */
  private frameAsked = 0;

  /** @param canvas lies below the elements, and shows what is too small to be one */
  constructor(svg: SVGSVGElement, canvas: HTMLCanvasElement, events: CanvasEvents) {
    this.svg = svg;
    this.events = events;
    this.world = addLayers(svg);
    this.painting = new CrowdPainting(canvas);
    this.viewport = new Viewport(svg, {
      onMove: (transform) => this.moved(transform),
      onSize: () => {
        if (this.viewport.following) this.fit(false);
        this.redraw();
      },
      onSettled: () => {
        this.roomChanged = true;
        this.events.onRoom();
      },
    });
    select(svg)
      .on('click', (event: MouseEvent) => this.clicked(event))
      .on('dblclick', (event: MouseEvent) => {
        const part = this.partAt(event);
        if (part?.type === 'node' && part.item.pinned) this.events.onPin(part.item.key, null);
      })
      .on('pointerover', (event: PointerEvent) => this.hover(this.partAt(event)))
      .on('pointermove', (event: PointerEvent) => this.point(event))
      .on('pointerleave', () => this.hover(null));
  }

  end(): void {
    clearTimeout(this.rest);
    cancelAnimationFrame(this.frameAsked);
    this.viewport.end();
    select(this.svg).on('click dblclick pointerover pointermove pointerleave', null);
    this.painting.clear();
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
    const { following } = this.viewport;
    const other = before === null || before.arrangement !== scene.arrangement;
    if (other || (this.roomChanged && following)) this.fit(false);
    else if (following && !this.viewport.fits(scene.bounds)) this.fit(before.nodes.length > 0);
    if (other || before.bounds !== scene.bounds) this.roomChanged = false;
    this.redraw();
  }

  /** Tells on the cards what is used now. */
  tellUse(uses: Uses): void {
    if (uses === this.uses) return;
    this.uses = uses;
    const { scene, theme } = this;
    if (scene === null || theme === null) return;
    const far = this.far();
    this.drawAlone(scene, { theme, unit: 1 / this.drawnFor }, far);
    this.mark(far);
    this.lens();
  }

  emphasise(emphasis: Emphasis): void {
    const before = this.emphasis;
    this.emphasis = emphasis;
    // Who is selected, or has the keyboard, comes out of the group that stands for it.
    const others = before.selected !== emphasis.selected || before.active !== emphasis.active;
    if (this.far() && others) this.redraw();
    else this.mark(this.far());
    this.lens();
  }

  /** Shows everything, and follows what is drawn from now on. */
  fit(gently: boolean): void {
    if (this.scene !== null) this.viewport.fit(this.scene.bounds, gently);
  }

  zoomBy(factor: number): void {
    this.viewport.zoomBy(factor);
  }

  panBy(x: number, y: number): void {
    this.viewport.panBy(x, y);
  }

  /** Pans just so far that the node is in view. */
  reveal(node: SceneNode): void {
    this.viewport.reveal(node);
  }

  /** Brings the node into the middle, near enough to be read. */
  approach(node: SceneNode): void {
    if (this.scene !== null) this.viewport.approach(node, this.scene.bounds);
  }

  private moved({ k, x, y }: ZoomTransform): void {
    // What is only moved need not be painted anew, where that takes long.
    this.world.classed('panned', k === this.seenAt && (this.scene?.nodes.length ?? 0) > MANY);
    this.seenAt = k;
    this.world.style('transform', `translate(${x}px, ${y}px) scale(${k})`);
    this.painting.move(this.viewport.transform);
    clearTimeout(this.rest);
    if (k < this.drawnFor * 0.995 && this.frameAsked === 0) {
      this.frameAsked = requestAnimationFrame(() => {
        this.frameAsked = 0;
        this.redraw(AHEAD);
      });
    }
    this.rest = setTimeout(() => this.settle(), REST_MS);
  }

  /** Draws the picture for where the view has come to rest, unless what is drawn is made for that scale and reaches so far. */
  private settle(): void {
    this.world.classed('panned', false);
    const [view, near] = [this.viewport.box(0), this.near];
    const reaches = view.x0 >= near.x0 && view.y0 >= near.y0 && view.x1 <= near.x1 && view.y1 <= near.y1;
    if (reaches && this.drawnFor === this.viewport.transform.k) this.lens();
    else this.redraw();
  }

  /** Whether cards are too small for their names, so that groups stand for their members. */
  private far(): boolean {
    const card = this.scene?.nodes.find(({ type }) => type !== 'host');
    return card !== undefined && card.height * this.drawnFor < LOWEST;
  }

  private redraw(ahead = 1): void {
    const { scene, theme } = this;
    if (scene === null || theme === null) return;
    this.drawnFor = this.viewport.transform.k * ahead;
    const view: View = { theme, unit: 1 / this.drawnFor };
    const far = this.far();
    // While the view moves only names must be drawn anew: a crowd has none.
    if (ahead === 1 || !far || this.crowd === NOBODY) {
      const { selected, active } = this.emphasis;
      const asked = active === null ? selected : new Set([...selected, active]);
      this.near = this.viewport.box(MARGIN);
      const part = drawnPart(scene, this.near, far, asked);
      const crowded = far && scene.nodes.length > MANY;
      const parted = crowded ? partCrowd(part, view, asked) : { alone: part, crowd: NOBODY };
      this.alone = parted.alone;
      this.crowd = parted.crowd;
      this.crowdView = view;
      this.crowdAt = this.viewport.transform;
      const here = this.pointed;
      if (here !== null && !Object.values(this.crowd).flat().includes(here.item)) this.pointed = null;
    }
    this.drawAlone(scene, view, far);
    this.mark(far);
    this.lens();
  }

  private drawAlone(scene: Scene, view: View, far: boolean): void {
    const shown = this.crowd === NOBODY ? this.alone : withThing(this.alone, this.pointed);
    drawLayers(this.world, scene, shown, {
      ...{ view, far, crowded: this.crowd !== NOBODY, dragging: this.dragging, uses: this.uses },
      near: this.near,
    });
  }

  private mark(far: boolean): void {
    markEmphasis(this.world, this.emphasis, far);
    const { scene, crowd, crowdView, near, crowdAt, emphasis } = this;
    this.world.classed('crowded', crowd !== NOBODY);
    if (scene === null || crowdView === null || crowdAt === null) return;
    this.painting.paint(scene, crowd, { view: crowdView, near, at: crowdAt, emphasis });
  }

  /** Follows the pointer through the crowd: what it is on becomes an element, which can be dragged and has a tooltip. */
  private point(event: PointerEvent): void {
    const { scene, theme } = this;
    if (this.crowd === NOBODY || scene === null || theme === null || event.buttons !== 0) return;
    const thing = this.thingAt(event);
    if (thing?.item === this.pointed?.item) return;
    this.pointed = thing;
    this.drawAlone(scene, { theme, unit: 1 / this.drawnFor }, true);
    markEmphasis(this.world, this.emphasis, true);
    this.hover(this.partAt(event));
  }

  private thingAt(event: MouseEvent): Thing | null {
    if (this.crowdView === null) return null;
    const [x, y] = this.viewport.transform.invert(pointer(event, this.svg));
    return thingAt(this.crowd, { x, y }, this.crowdView);
  }

  /** In full: the card under the pointer, else that with the keyboard; of the only one that is selected its kinds. */
  private lens(): void {
    const { scene, theme, viewport } = this;
    if (scene === null || theme === null) return;
    const { active, selected } = this.emphasis;
    const keys = [this.hovered, active, ...(selected.size === 1 ? selected : [])];
    const cards = scene.nodes.filter(({ key, type }) => type !== 'host' && keys.includes(key));
    const node = keys.flatMap((key) => cards.find((card) => card.key === key) ?? [])[0] ?? null;
    const whole = node !== null && (node.key === this.hovered || node.key === active);
    drawLens(
      this.world,
      node === null ? null : withUse(node, this.uses),
      whole,
      theme,
      viewport.transform,
      viewport.size.width,
    );
  }

  private dragBehaviour() {
    const canvas = this;
    let moved = false;
    return drag<SVGGElement, SceneNode>()
      .filter((event: MouseEvent) => !event.ctrlKey && !event.button)
      .container(() => this.world.node() ?? this.svg)
      .clickDistance(4)
      .on('start', () => {
        moved = false;
      })
      .on('drag', function (event: D3DragEvent<SVGGElement, SceneNode, Point>) {
        moved ||= Math.abs(event.dx) + Math.abs(event.dy) > 0;
        if (moved) canvas.hover(null);
        select(this).classed('dragged', true).style('transform', placeOf(event));
      })
      .on('end', function (event: D3DragEvent<SVGGElement, SceneNode, Point>, node) {
        select(this).classed('dragged', false);
        if (!moved) return;
        if (Math.abs(event.x - node.x) + Math.abs(event.y - node.y) < 3) select(this).style('transform', placeOf(node));
        else canvas.events.onPin(node.key, { x: Math.round(event.x), y: Math.round(event.y) });
      });
  }

  private partAt(event: MouseEvent): Part | null {
    const own = event.target instanceof Element ? partOfElement(event.target, this.svg) : null;
    if (own !== null || this.crowd === NOBODY) return own;
    const thing = this.thingAt(event);
    return thing === null ? null : partOf(thing);
  }

  private clicked(event: MouseEvent): void {
    const part = this.partAt(event);
    if (part === null) this.events.onGround();
    else if (part.type === 'node') this.events.onNode(part.item, event.shiftKey || event.ctrlKey || event.metaKey);
    else if (part.type === 'set') this.events.onSet(part.item);
    else if (part.type === 'lane') this.events.onLane(part.item);
    else this.viewport.enter(part.item);
  }

  private hover(part: Part | null): void {
    const key = part === null || part.type === 'group' ? null : part.type === 'set' ? part.item.set : part.item.key;
    if (key === this.hovered) return;
    this.hovered = key;
    this.lens();
    this.events.onHover(key);
  }
}
