import type { CardSize } from './scene.ts';

/**
 * From the largest to the smallest: name, image, command and reasons; name and image; names. The last is what a name of
 * ten letters at 11 pixels needs.
 */
const SIZES: readonly CardSize[] = [
  { width: 228, height: 64, lane: 40, shelf: 20, band: 10, head: 24, edge: 8 },
  { width: 176, height: 48, lane: 34, shelf: 18, band: 10, head: 22, edge: 7 },
  { width: 118, height: 27, lane: 24, shelf: 8, band: 7, head: 20, edge: 6 },
  { width: 80, height: 18, lane: 16, shelf: 4, band: 4, head: 17, edge: 4 },
];
/** Sizes that are tried between two of the table. */
const STEPS = 10;

/** Between the left edge of what a line or a title stands in and itself, and between a line and what is written at it. */
export const INDENT = 5;

export const LARGEST_CARD: CardSize = SIZES[0] as CardSize;

function between(a: CardSize, b: CardSize, part: number): CardSize {
  const mix = (field: keyof CardSize) => Math.round((a[field] + (b[field] - a[field]) * part) * 2) / 2;
  return {
    width: mix('width'),
    height: mix('height'),
    lane: mix('lane'),
    shelf: mix('shelf'),
    band: mix('band'),
    head: mix('head'),
    edge: mix('edge'),
  };
}

/** Every size that is tried, the largest first. */
export const CARD_SIZES: readonly CardSize[] = SIZES.flatMap((size, index) => {
  const next = SIZES[index + 1];
  if (next === undefined) return [size];
  return Array.from({ length: STEPS }, (_, step) => between(size, next, step / STEPS));
});

/** How far a group's enclosure reaches beyond its cards. */
export function padding({ lane, edge }: CardSize): number {
  return lane / 2 - edge;
}

/** From the left edge of a card to that of its neighbour. */
export function pitch({ width, lane }: CardSize): number {
  return width + lane;
}

/** The height of a row of a group. */
export function rowHeight({ height, shelf, band }: CardSize): number {
  return height + shelf + band;
}
