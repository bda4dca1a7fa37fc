import type { ZoomTransform } from 'd3';
import { cardMarks } from '#core/layout/card-marks.ts';
import { farGroupMarks } from '#core/layout/group-marks.ts';
import { summariesOf } from '#core/layout/group-summary.ts';
import { hullMarks } from '#core/layout/hull-marks.ts';
import { laneMarks } from '#core/layout/lane-marks.ts';
import { hubMarks, linkMarks } from '#core/layout/line-marks.ts';
import type { Mark, View } from '#core/layout/marks.ts';
import type { Scene, SceneGroup, SceneHub, SceneLink, SceneNode } from '#core/layout/scene.ts';
import { NOBODY } from './crowd.ts';
import { type DrawnPart, lanesNear, type Near } from './drawn-part.ts';
import { type Emphasis, type Standing, standingOut } from './emphasis.ts';
import { paintThings } from './paint.ts';

type Item = SceneGroup | SceneNode | SceneLink | SceneHub;

/** Above this many pixels a canvas takes too much memory, and is painted more coarsely. */
const MOST_PIXELS = 12_000_000;

/** The opacity of lines and hubs that are dimmed. */
const DIM = 0.3;

/**
 * The crowd as a painted picture below the elements. It moves as one picture while the view moves, and is painted again when
 * the view rests.
 */
export class CrowdPainting {
  private readonly canvas: HTMLCanvasElement;
  /** What it shows, and where and how it was painted. */
  private painted: { readonly at: ZoomTransform; readonly left: number; readonly top: number } | null = null;
  private seen: readonly unknown[] = [];
  private looks = new WeakMap<Item, { readonly style: string; readonly marks: readonly Mark[] }>();

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  /** Shows nothing, and takes no memory. */
  clear(): void {
    if (this.painted === null) return;
    this.painted = null;
    this.seen = [];
    this.canvas.width = 0;
    this.canvas.height = 0;
    delete this.canvas.dataset.things;
  }

  /** Moves with the view. */
  move({ k, x, y }: ZoomTransform): void {
    if (this.painted === null) return;
    const { at, left, top } = this.painted;
    const grown = k / at.k;
    // Where the upper left corner of what is painted is now.
    const [tx, ty] = [x + (left - at.x) * grown, y + (top - at.y) * grown];
    this.canvas.style.transform = `translate(${tx}px, ${ty}px) scale(${grown})`;
  }

  /** Paints what is near, unless it shows just that. */
  paint(
    scene: Scene,
    crowd: DrawnPart,
    { view, near, at, emphasis }: { view: View; near: Near; at: ZoomTransform; emphasis: Emphasis },
  ): void {
    if (crowd === NOBODY) {
      this.clear();
      return;
    }
    const seen = [scene, crowd, view.theme, view.unit, at, emphasis.near, emphasis.found, emphasis.beside];
    if (this.painted !== null && seen.every((each, index) => each === this.seen[index])) return;
    this.seen = seen;
    const [left, top] = at.apply([near.x0, near.y0]);
    const [right, bottom] = at.apply([near.x1, near.y1]);
    const [width, height] = [right - left, bottom - top];
    const density = Math.min(devicePixelRatio, Math.sqrt(MOST_PIXELS / (width * height)));
    const { canvas } = this;
    // Setting a size empties it.
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.dataset.things = String(Object.values(crowd).flat().length);
    this.painted = { at, left, top };
    this.move(at);
    const context = canvas.getContext('2d');
    if (context === null) return;
    const scale = at.k * density;
    context.setTransform(scale, 0, 0, scale, (at.x - left) * density, (at.y - top) * density);
    this.paintLayers(context, scene, crowd, view, near, emphasis);
  }

  private paintLayers(
    context: CanvasRenderingContext2D,
    scene: Scene,
    crowd: DrawnPart,
    view: View,
    near: Near,
    emphasis: Emphasis,
  ): void {
    const accent = getComputedStyle(this.canvas).color;
    const { theme, unit } = view;
    const marked = standingOut(emphasis);
    const summaries = summariesOf(scene);
    const style = `${theme.name} ${unit}`;
    const looksOf = <T extends Item>(items: readonly T[], more: (item: T) => string, marks: (item: T) => Mark[]) =>
      items.map((item) => {
        const wanted = `${style} ${more(item)}`;
        const known = this.looks.get(item);
        if (known?.style === wanted) return known.marks;
        const made = marks(item);
        this.looks.set(item, { style: wanted, marks: made });
        return made;
      });
    const same = () => '';
    const layer = <T extends Item>(
      items: readonly T[],
      markOf: (item: T) => Standing,
      all: readonly (readonly Mark[])[],
      stepBack: (mark: Mark) => Mark,
      alpha: number,
    ) => {
      const by: Record<Standing, (readonly Mark[])[]> = { '': [], dim: [], found: [] };
      items.forEach((item, index) => {
        by[markOf(item)].push(all[index] ?? []);
      });
      paintThings(context, by['']);
      context.globalAlpha = alpha;
      paintThings(
        context,
        by.dim.map((marks) => marks.map(stepBack)),
      );
      context.globalAlpha = 1;
      paintThings(
        context,
        by.found.map((marks) =>
          marks.map((mark, index) =>
            index === 0 ? { ...mark, attrs: { ...mark.attrs, stroke: accent, 'stroke-width': 3 * unit } } : mark,
          ),
        ),
      );
    };
    const asIs = (mark: Mark): Mark => mark;
    const quiet = (mark: Mark): Mark =>
      mark.tag === 'rect' ? { ...mark, attrs: { ...mark.attrs, fill: theme.panel, stroke: theme.groupBorder } } : mark;
    paintThings(context, [hullMarks(scene, view).slice(0, 1)]);
    paintThings(
      context,
      lanesNear(scene, near).map((lane) => laneMarks({ ...lane, signs: [] }, view)),
    );
    const told = (group: SceneGroup) => JSON.stringify(summaries.get(group.key));
    const groups = looksOf(crowd.groups, told, (group) => farGroupMarks(group, view, summaries.get(group.key)));
    const nodes = looksOf(crowd.nodes, same, (node) => cardMarks(node, view));
    const links = looksOf(crowd.links, same, (link) => linkMarks(link, view));
    const hubs = looksOf(crowd.hubs, same, (hub) => hubMarks(hub, view));
    layer(crowd.groups, marked.group, groups, asIs, 1);
    layer(crowd.nodes, marked.node, nodes, quiet, 1);
    layer(crowd.links, marked.link, links, asIs, DIM);
    layer(crowd.hubs, marked.hub, hubs, asIs, DIM);
  }
}
