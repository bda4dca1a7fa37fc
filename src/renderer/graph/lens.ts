import type { ZoomTransform } from 'd3';
import { cardMarks, WHOLE_CARD } from '#core/layout/card-marks.ts';
import type { Theme } from '#core/layout/palette.ts';
import type { SceneNode } from '#core/layout/scene.ts';
import { draw } from '../ui/draw.ts';
import { layer, type World } from './layers.ts';

/** Between the card in full and the edge of the view, in pixels. */
const GAP = 6;

/**
 * A card in full, where it is too small to show all it has to say. It stands on the bottom edge of its card, so that what
 * is written at the lines that leave it can be read.
 * @param node null for none
 * @param width of the view, in pixels
 */
export function drawLens(
  world: World,
  node: SceneNode | null,
  theme: Theme,
  transform: ZoomTransform,
  width: number,
): void {
  const { k } = transform;
  const small = node !== null && (node.width * k < WHOLE_CARD.width || node.height * k < WHOLE_CARD.height - 2);
  const [from, to] = [transform.invertX(0), transform.invertX(width)];
  layer(world, 'lens', small ? [node] : [], (each) => each.key)
    .attr('class', 'lens-card')
    .each(function (each) {
      const wide = Math.max(WHOLE_CARD.width / k, each.width);
      const high = Math.max(WHOLE_CARD.height / k, each.height);
      const gap = GAP / k + wide / 2;
      const x = Math.max(from + gap, Math.min(to - gap, each.x));
      const y = each.y + (each.height - high) / 2;
      const large = { ...each, short: each.label, width: wide, height: high, x, y };
      draw(this, { source: each, style: `${theme.name} ${k} ${x}`, signature: () => large }, () =>
        cardMarks(large, { theme, unit: 1 / k }),
      );
    });
}
