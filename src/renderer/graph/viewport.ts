import { type D3ZoomEvent, select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity, zoomTransform } from 'd3';
import { LARGEST_FIT } from '#core/layout/hull.ts';
import type { Box } from '#core/layout/scene.ts';

const SMALLEST = 0.02;
const LARGEST = 6;
/** Around what is brought into view, in pixels. */
const PADDING = 20;
/** Milliseconds after which a size of the window is taken for its last. */
const SETTLED_MS = 150;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

interface ViewportEvents {
  /** The view has moved. */
  readonly onMove: (transform: ZoomTransform) => void;
  /** The element has another size. */
  readonly onSize: () => void;
  /** The size has been the same for a while, and all of the picture is to be shown. */
  readonly onSettled: () => void;
}

/** Which part of the scene is seen, and how large. */
export class Viewport {
  /** True until the user moves the view: until then it follows what is drawn. */
  following = true;
  size = { width: 0, height: 0 };
  private readonly svg: SVGSVGElement;
  private readonly zooming: ZoomBehavior<SVGSVGElement, unknown>;
  private readonly resizing: ResizeObserver;
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(svg: SVGSVGElement, events: ViewportEvents) {
    this.svg = svg;
    this.zooming = zoom<SVGSVGElement, unknown>()
      .scaleExtent([SMALLEST, LARGEST])
      // Asked of the element, a picture that is hidden while it moves has no size, and throws.
      .extent(() => [
        [0, 0],
        [Math.max(1, this.size.width), Math.max(1, this.size.height)],
      ])
      .on('zoom', (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
        if (event.sourceEvent !== null && event.sourceEvent !== undefined) this.following = false;
        events.onMove(event.transform);
      });
    select(svg).call(this.zooming).on('dblclick.zoom', null);
    const settle = () => {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => {
        if (this.following && this.size.width > 0) events.onSettled();
      }, SETTLED_MS);
    };
    this.resizing = new ResizeObserver(() => {
      const { width, height } = svg.getBoundingClientRect();
      if (width === this.size.width && height === this.size.height) return;
      this.size = { width, height };
      events.onSize();
      settle();
    });
    this.size = svg.getBoundingClientRect();
    // The picture may have been made for another room, where it was shown before.
    settle();
    this.resizing.observe(svg);
  }

  end(): void {
    clearTimeout(this.settling);
    this.resizing.disconnect();
    select(this.svg).on('.zoom', null).interrupt();
  }

  get transform(): ZoomTransform {
    return zoomTransform(this.svg);
  }

  /** Shows everything, and follows what is drawn from now on. */
  fit(bounds: Box, gently: boolean): void {
    this.frame(bounds, 0, LARGEST_FIT, gently);
    this.following = true;
  }

  zoomBy(factor: number): void {
    this.following = false;
    select(this.svg).call(this.zooming.scaleBy, factor);
  }

  panBy(x: number, y: number): void {
    this.following = false;
    const { k } = this.transform;
    select(this.svg).call(this.zooming.translateBy, x / k, y / k);
  }

  /** Pans just so far that the box around a centre is in view. */
  reveal({ x, y, width, height }: Box): void {
    const view = this.size;
    const { transform } = this;
    const [cx, cy] = transform.apply([x, y]);
    const halfWidth = Math.min(view.width / 2, (width * transform.k) / 2 + PADDING);
    const halfHeight = Math.min(view.height / 2, (height * transform.k) / 2 + PADDING);
    const shift = (at: number, half: number, size: number) =>
      at - half < 0 ? half - at : at + half > size ? size - at - half : 0;
    const dx = shift(cx, halfWidth, view.width);
    const dy = shift(cy, halfHeight, view.height);
    if (dx === 0 && dy === 0) return;
    const { k, x: tx, y: ty } = transform;
    this.move(zoomIdentity.translate(tx + dx, ty + dy).scale(k), true);
  }

  /**
   * Brings the box around a centre into the middle, near enough to be read. What is in view like that stays where it is, and
   * what lies at the edge of the picture does not bring the emptiness beyond into view.
   */
  approach(box: Box, bounds: Box): void {
    const k = Math.max(1, this.transform.k);
    const corner = { x: box.x - box.width / 2, y: box.y - box.height / 2 };
    if (k === this.transform.k && this.fits({ ...box, ...corner })) return;
    const shift = (at: number, from: number, length: number, size: number) =>
      length * k <= size
        ? size / 2 - (from + length / 2) * k
        : Math.min(-from * k, Math.max(size - (from + length) * k, size / 2 - at * k));
    const { width, height } = this.size;
    this.following = false;
    const x = shift(box.x, bounds.x, bounds.width, width);
    const y = shift(box.y, bounds.y, bounds.height, height);
    this.move(zoomIdentity.translate(x, y).scale(k), true);
  }

  /** Goes as near as all of the box can be seen. */
  enter(bounds: Box): void {
    this.following = false;
    this.frame(bounds, PADDING, LARGEST, true);
  }

  /** Whether the bounds lie in the view, up to what rounding moves. */
  fits({ x, y, width, height }: Box): boolean {
    const view = this.box(0);
    return x >= view.x0 - 1 && y >= view.y0 - 1 && x + width <= view.x1 + 1 && y + height <= view.y1 + 1;
  }

  /** The part of the scene in view, with a margin in parts of its size. */
  box(margin: number): { x0: number; y0: number; x1: number; y1: number } {
    const { width, height } = this.size;
    const [x0, y0] = this.transform.invert([-width * margin, -height * margin]);
    const [x1, y1] = this.transform.invert([width * (1 + margin), height * (1 + margin)]);
    return { x0, y0, x1, y1 };
  }

  private frame(bounds: Box, padding: number, most: number, gently: boolean): void {
    const { width, height } = this.size;
    if (width === 0 || height === 0) return;
    const wanted = Math.min(most, (width - padding) / bounds.width, (height - padding) / bounds.height);
    const scale = Math.max(SMALLEST, wanted);
    const x = width / 2 - scale * (bounds.x + bounds.width / 2);
    const y = height / 2 - scale * (bounds.y + bounds.height / 2);
    this.move(zoomIdentity.translate(x, y).scale(scale), gently);
  }

  private move(transform: ZoomTransform, gently: boolean): void {
    const root = select(this.svg);
    if (gently && !calm.matches) root.transition().duration(250).call(this.zooming.transform, transform);
    else root.interrupt().call(this.zooming.transform, transform);
  }
}
