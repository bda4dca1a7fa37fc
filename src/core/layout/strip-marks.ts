import { CHIP_HEIGHT, chipGap, chipMarks, chipRow, chipWidth } from './chip-marks.ts';
import { type Mark, round2, type View } from './marks.ts';
import type { Point, StripSlot } from './scene.ts';

const INSET = 4;

/** In pixels: the size of all eight kinds beside each other. */
export function stripSize(strip: readonly StripSlot[]): { width: number; height: number } {
  return { width: chipRow(strip, Number.POSITIVE_INFINITY, true).width + 2 * INSET, height: CHIP_HEIGHT + 2 * INSET };
}

/** All eight kinds of a card by themselves, for where the card is too small for them. `at` is the top left corner. */
export function stripMarks(strip: readonly StripSlot[], at: Point, view: View): Mark[] {
  const { theme, unit } = view;
  const { width, height } = stripSize(strip);
  const ground: Mark = {
    tag: 'rect',
    attrs: {
      x: round2(at.x),
      y: round2(at.y),
      width: round2(width * unit),
      height: round2(height * unit),
      rx: round2(5 * unit),
      fill: theme.node,
      stroke: theme.border,
      'stroke-width': round2(unit),
    },
  };
  const out = [ground];
  let x = at.x + INSET * unit;
  for (const slot of strip) {
    out.push(...chipMarks(slot, { x, y: at.y + INSET * unit }, true, view));
    x += (chipWidth(slot, true) + chipGap(true)) * unit;
  }
  return out;
}
