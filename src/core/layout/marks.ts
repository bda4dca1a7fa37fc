import type { Theme } from './palette.ts';
import type { Box } from './scene.ts';

/**
 * The geometry of everything drawn, as plain SVG elements with presentation attributes. The screen turns marks into
 * elements, the export into text, so that the picture exported is the picture on the screen.
 *
 * Attribute names are SVG's own (`stroke-width`); a React renderer converts them to camel case. `text` is raw: whoever
 * draws it escapes it.
 */
export interface Mark {
  readonly tag: 'rect' | 'path' | 'circle' | 'line' | 'text';
  readonly attrs: Readonly<Record<string, string | number>>;
  readonly text?: string;
}

export const FONT_FAMILY = 'DejaVu Sans, Inter, system-ui, sans-serif';

/** Rounds to 1/100 of a unit; never gives negative zero. */
export function round2(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

export function rounded({ x, y, width, height }: Box): Box {
  return { x: round2(x), y: round2(y), width: round2(width), height: round2(height) };
}

/** Advance widths of DejaVu Sans for U+0020 to U+007E, in hundredths of an em, regular and bold. Few fonts are wider. */
const REGULAR = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
  84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
  69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
  82, 59, 59, 52, 64, 34, 64, 84,
];
const BOLD_WIDTHS = [
  35, 46, 52, 84, 70, 100, 87, 31, 46, 46, 52, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84,
  84, 84, 58, 100, 77, 76, 73, 83, 68, 68, 82, 84, 37, 37, 77, 64, 100, 84, 85, 73, 85, 77, 72, 68, 81, 77, 110, 77, 72,
  73, 46, 37, 46, 84, 50, 50, 67, 72, 59, 72, 68, 44, 72, 71, 34, 34, 67, 34, 104, 71, 69, 72, 72, 49, 60, 48, 71, 65,
  92, 65, 65, 58, 71, 37, 71, 84,
];

/** Width of text in DejaVu Sans, in units of the size; what is neither Latin nor a common sign counts as an em. */
export function textWidth(text: string, size: number, bold = false): number {
  const widths = bold ? BOLD_WIDTHS : REGULAR;
  let hundredths = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0xb7) hundredths += 38;
    else if (code > 0x7e) hundredths += code > 0x24f ? 100 : 78;
    else hundredths += widths[code - 32] ?? 100;
  }
  return (hundredths * size) / 100;
}

/** Cuts text to an estimated width, with an ellipsis; never splits a surrogate pair. */
export function fitText(text: string, size: number, width: number, bold = false): string {
  // Longer texts never fit; cutting first keeps hostile lengths cheap.
  const chars = [...text.slice(0, 400)];
  if (chars.length === text.length && textWidth(text, size, bold) <= width) return text;
  let out = '';
  for (const char of chars) {
    if (textWidth(`${out}${char}…`, size, bold) > width) break;
    out += char;
  }
  return out === text ? out : `${out}…`;
}

/**
 * Cuts text in its middle to an estimated width: names often differ at their ends. `head` is the part of what is kept
 * that stands before the cut; 0 keeps the end only.
 */
export function fitMiddle(text: string, size: number, width: number, bold = false, head = 0.5): string {
  const chars = [...text.slice(0, 400)];
  if (chars.length === text.length && textWidth(text, size, bold) <= width) return text;
  const all = [...text.slice(0, 200), ...text.slice(-200)];
  const source = text.length > 400 ? all : chars;
  for (let kept = source.length - 1; kept > 0; kept -= 1) {
    const before = Math.ceil(kept * head);
    const out = `${source.slice(0, before).join('')}…${source.slice(source.length - (kept - before)).join('')}`;
    if (textWidth(out, size, bold) <= width) return out;
  }
  return '…';
}

/** How marks are drawn: in what colours, and how many units of the scene make a pixel. */
export interface View {
  readonly theme: Theme;
  readonly unit: number;
}

/** No text is smaller than this, in pixels: what has no room is left out. */
export const SMALLEST_TEXT = 11;

/** A line of text. Sizes and places are in units. */
export function textMark(
  x: number,
  y: number,
  size: number,
  fill: string,
  text: string,
  more: Mark['attrs'] = {},
): Mark {
  return {
    tag: 'text',
    attrs: { x: round2(x), y: round2(y), 'font-family': FONT_FAMILY, 'font-size': round2(size), fill, ...more },
    text,
  };
}

export const BOLD: Mark['attrs'] = { 'font-weight': 'bold' };
export const CENTRED: Mark['attrs'] = { 'text-anchor': 'middle' };

/** The first wording that fits into a box as one line at the smallest size; null when none does. */
export function fittingText(texts: readonly string[], box: Box, { unit }: View): string | null {
  if (box.height < (SMALLEST_TEXT + 2) * unit) return null;
  return texts.find((text) => textWidth(text, SMALLEST_TEXT * unit) <= box.width) ?? null;
}
