import { escapeXml } from '../text/escape.ts';
import type { Mark } from './marks.ts';
import { FONT_FAMILY, round2 } from './marks.ts';

/** A mark as an SVG element: the one place where marks become text. */
export function element(mark: Mark): string {
  const attrs = Object.entries(mark.attrs)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
  return mark.text === undefined
    ? `<${mark.tag}${attrs}/>`
    : `<${mark.tag}${attrs}>${escapeXml(mark.text)}</${mark.tag}>`;
}

/** A line of text that begins at a point of its base line. */
export function words(x: number, y: number, size: number, fill: string, text: string, bold = false): Mark {
  return {
    tag: 'text',
    attrs: {
      x: round2(x),
      y: round2(y),
      'font-family': FONT_FAMILY,
      'font-size': size,
      fill,
      ...(bold ? { 'font-weight': 'bold' } : {}),
    },
    text,
  };
}
