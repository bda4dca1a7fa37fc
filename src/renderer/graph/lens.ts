import type { ZoomTransform } from 'd3';
import { cardMarks, WHOLE_CARD } from '#core/layout/card-marks.ts';
import type { Theme } from '#core/layout/palette.ts';
import type { SceneNode } from '#core/layout/scene.ts';
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

/**
 * A card in full, where it is too small to show all it has to say. It stands on the bottom edge of its card, so that what
 * is written at the lines that leave it can be read.
 * @param node null for none
 * @param whole else its eight kinds alone: it is only selected, and what is written at its lines is to be read. They lie upon
 *   its last line, which tells some of them; of a card of one line, above it
 * @param width of the view, in pixels
 */
export function drawLens(
  world: World,
  node: SceneNode | null,
  whole: boolean,
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
        const size = stripSize(each.strip);
        const x = within(each.x, size.width / k, transform, width) - size.width / k / 2;
        const upon = each.height * k > 2 * size.height;
        const edge = each.height / 2;
        // A little over its lower edge: the line above the last can be read.
        const y = upon ? each.y + edge - (size.height - 4) / k : each.y - edge - (size.height + 2) / k;
        const at = { x, y };
        draw(this, { source: each, style: `${theme.name} ${k} ${x} strip`, signature: () => [each.strip, at] }, () =>
          stripMarks(each.strip, at, { theme, unit: 1 / k }),
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
