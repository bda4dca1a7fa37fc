import { round2 } from '../layout/marks.ts';
import { THEMES, type ThemeName } from '../layout/palette.ts';
import { visibleText } from '../text/visible.ts';
import type { Wiring } from '../wiring/wiring.ts';
import { wiringMarks } from '../wiring/wiring-marks.ts';
import { element, words } from './element.ts';
import { escapeXml } from './escape.ts';

const HEADER = 56;

/** The wiring as a standalone SVG file: presentation attributes and real text only. The same input gives the same bytes. */
export function renderWiringSvg(
  wiring: Wiring,
  options: { readonly theme: ThemeName; readonly title: string; readonly takenAt: string },
): string {
  const theme = THEMES[options.theme];
  const width = round2(wiring.width);
  const height = round2(wiring.height + HEADER);
  const when = options.takenAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="graphics-document" width="${width}" height="${height}" viewBox="0 ${-HEADER} ${width} ${height}">`,
    `<title>${escapeXml(options.title)}</title>`,
    element({ tag: 'rect', attrs: { x: 0, y: -HEADER, width, height, fill: theme.page } }),
    element(words(28, 30 - HEADER, 18, theme.text, visibleText(options.title), true)),
    element(words(28, 48 - HEADER, 11, theme.muted, `Network namespaces and their links, ${visibleText(when)}`)),
    ...wiringMarks(wiring, theme).map(element),
    '</svg>',
    '',
  ].join('\n');
}
