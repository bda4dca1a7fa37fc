import type { Box, Scene, Stage } from './scene.ts';

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

/** What the cards must fill of the stage at the least: of one direction, and of the area. */
const FILLED = { direction: 0.7, area: 0.45 } as const;
/** Cards are made to be read at their own size; somewhat smaller they still are. */
const SMALLEST_FIT = 0.9;

/** Whether a picture of which all is seen fills a stage, with cards that are large enough to be read. */
export function fillsStage({ nodes, bounds }: Pick<Scene, 'nodes' | 'bounds'>, stage: Stage): boolean {
  const scale = Math.min(LARGEST_FIT, stage.width / bounds.width, stage.height / bounds.height);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { type, x, y, width, height } of nodes) {
    if (type === 'host') continue;
    left = Math.min(left, x - width / 2);
    right = Math.max(right, x + width / 2);
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  const wide = ((right - left) * scale) / stage.width;
  const high = ((bottom - top) * scale) / stage.height;
  return scale >= SMALLEST_FIT && Math.max(wide, high) >= FILLED.direction && wide * high >= FILLED.area;
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
