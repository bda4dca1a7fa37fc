import { element } from '../layout/element.ts';
import { escapeXml } from '../text/escape.ts';
import type { Drawing, Part } from './drawing.ts';

/** A key as an XML name that nothing else has. */
function idOf(prefix: string, key: string): string {
  if (key === '') return prefix;
  const safe = key.replace(/[^A-Za-z0-9.-]/gu, (char) => `_${(char.codePointAt(0) ?? 0).toString(16)}_`);
  return `${prefix}-${safe}`;
}

function pushPart(out: string[], { className, key, data, title, marks }: Part): void {
  const attributes = Object.entries(data)
    .map(([name, value]) => ` data-${name}="${escapeXml(value)}"`)
    .join('');
  out.push(`<g id="${idOf(className, key)}" class="${className}"${attributes}>`);
  if (title !== '') out.push(`<title>${escapeXml(title)}</title>`);
  for (const mark of marks) out.push(element(mark));
  out.push('</g>');
}

/**
 * A drawing as a standalone SVG file: presentation attributes and real text only, no script, style, link or
 * foreignObject. The same input gives the same bytes.
 */
export function renderSvg({ width, height, title, description, background, head, layers }: Drawing): string {
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="graphics-document" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
  ];
  if (background !== 'none') {
    out.push(element({ tag: 'rect', attrs: { x: 0, y: 0, width, height, fill: background } }));
  }
  for (const mark of head) out.push(element(mark));
  for (const { x, y, scale, parts } of layers) {
    out.push(`<g transform="translate(${x} ${y})${scale === 1 ? '' : ` scale(${scale})`}">`);
    for (const each of parts) pushPart(out, each);
    out.push('</g>');
  }
  out.push('</svg>', '');
  return out.join('\n');
}
