import type { ZoomTransform } from 'd3';
import { cardMarks, WHOLE_CARD } from '#core/layout/card-marks.ts';
import { SMALLEST_TEXT } from '#core/layout/marks.ts';
import type { Theme } from '#core/layout/palette.ts';
import type { Box, Point, Scene, SceneNode } from '#core/layout/scene.ts';
import { stripMarks, stripSize } from '#core/layout/strip-marks.ts';
import { draw } from '../ui/draw.ts';
import { layer, type World } from './layers.ts';

/** Between the card in full and the edge of the view, in pixels. */
const GAP = 6;

/** Where a piece so wide must have its centre to be in view. */
function within(x: number, wide: number, transform: ZoomTransform, width: number): number {
  const gap = GAP / transform.k + wide / 2;
  return Math.max(transform.invertX(0) + gap, Math.min(transform.invertX(width) - gap, x));
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/**
 * Where a card's kinds stand: outside of it, for it is read. Above it or below, wherever they hide less of other cards,
 * titles and what is written at lines.
 * @param size in units of the scene
 * @param x their left edge
 */
export function placeOfStrip(
  card: SceneNode,
  size: { readonly width: number; readonly height: number },
  x: number,
  scene: Pick<Scene, 'nodes' | 'groups' | 'links' | 'hubs'>,
  transform: ZoomTransform,
): Point {
  const gap = 2 / transform.k;
  const written = SMALLEST_TEXT / transform.k;
  const others: Box[] = [
    ...scene.nodes
      .filter(({ key }) => key !== card.key)
      .map((each) => ({ ...each, x: each.x - each.width / 2, y: each.y - each.height / 2 })),
    ...scene.groups.map(({ title }) => title),
    ...[...scene.links, ...scene.hubs].flatMap(({ room }) => (room !== null && room.height >= written ? [room] : [])),
  ];
  const above = { x, y: card.y - card.height / 2 - gap - size.height };
  const below = { x, y: card.y + card.height / 2 + gap };
  if (above.y < transform.invertY(0)) return below;
  const hidden = (at: Point): number => others.reduce((sum, box) => sum + overlap({ ...at, ...size }, box), 0);
  return hidden(below) < hidden(above) ? below : above;
}

/**
 * A card in full, where it is too small to show all it has to say. It stands on the bottom edge of its card, so that what
 * is written at the lines that leave it can be read.
 * @param node null for none
 * @param whole else its eight kinds alone, beside it: it is only selected, and is to be read
 * @param scene what stands around it
 * @param width of the view, in pixels
 */
export function drawLens(
  world: World,
  node: SceneNode | null,
  whole: boolean,
  scene: Scene,
  theme: Theme,
  transform: ZoomTransform,
  width: number,
): void {
  const { k } = transform;
  const small = node !== null && (node.width * k < WHOLE_CARD.width || node.height * k < WHOLE_CARD.height - 2);
  layer(world, 'lens', small ? [node] : [], (each) => each.key)
    .attr('class', 'lens-card')
    .each(function (each) {
      if (!whole) {
        const pixels = stripSize(each.strip);
        const size = { width: pixels.width / k, height: pixels.height / k };
        const x = within(each.x, size.width, transform, width) - size.width / 2;
        const at = placeOfStrip(each, size, x, scene, transform);
        draw(
          this,
          { source: each, style: `${theme.name} ${k} ${x} ${at.y} strip`, signature: () => [each.strip, at] },
          () => stripMarks(each.strip, at, { theme, unit: 1 / k }),
        );
        return;
      }
      const wide = Math.max(WHOLE_CARD.width / k, each.width);
      const high = Math.max(WHOLE_CARD.height / k, each.height);
      const x = within(each.x, wide, transform, width);
      const y = each.y + (each.height - high) / 2;
      const large = { ...each, short: each.label, width: wide, height: high, x, y };
      draw(this, { source: each, style: `${theme.name} ${k} ${x}`, signature: () => large }, () =>
        cardMarks(large, { theme, unit: 1 / k }),
      );
    });
}
