import type { Box, Stage } from './scene.ts';

/** Pixels a unit at most: a few cards fill a large screen, but are no posters. */
export const LARGEST_FIT = 3.6;
/** In pixels of the stage, when all of the picture is seen. */
const BAR = 38;
const FOOT_LINE = 19;
const FOOT = 10;
const SIDE = 16;
const MARGIN = 8;
/** Between the bar and the cards; more where lines to the machine's edge have something written at them. */
const ABOVE = 10;
const ABOVE_WORDS = 28;

export interface Hull extends Box {
  readonly bar: number;
  readonly foot: number;
  readonly above: number;
  readonly margin: number;
}

/** The machine around its content: in the proportions of the stage, and no smaller than it when all is seen. */
export function hullAround(
  content: Box,
  stage: Stage,
  { above: words, remarks }: { readonly above: boolean; readonly remarks: number },
): Hull {
  const footPixels = FOOT + remarks * FOOT_LINE;
  const above = words ? ABOVE_WORDS : ABOVE;
  const scale = Math.min(
    LARGEST_FIT,
    (stage.width - 2 * MARGIN - 2 * SIDE) / content.width,
    (stage.height - 2 * MARGIN - BAR - footPixels) / (content.height + above),
  );
  const unit = 1 / Math.max(0.001, scale);
  const bar = BAR * unit;
  const foot = footPixels * unit;
  const width = Math.max((stage.width - 2 * MARGIN) * unit, content.width + 2 * SIDE * unit);
  const height = Math.max((stage.height - 2 * MARGIN) * unit, bar + above + content.height + foot);
  return {
    x: content.x - (width - content.width) / 2,
    y: content.y - above - bar - (height - bar - above - content.height - foot) / 2,
    width,
    height,
    bar,
    foot,
    above,
    margin: MARGIN * unit,
  };
}
