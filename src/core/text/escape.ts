import { visibleText } from './visible.ts';

/** Text for XML content and attributes in double quotes. What XML 1.0 forbids, or what acts on a reader, is shown as `\u{…}`. */
export function escapeXml(text: string): string {
  return visibleText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** A quoted DOT identifier or label. */
export function quoteDot(text: string): string {
  return `"${visibleText(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}

/**
 * A quoted Mermaid label: everything that Mermaid or its HTML could act on becomes a numeric entity. Mermaid refuses a
 * label of nothing, so that one is a blank.
 */
export function quoteMermaid(text: string): string {
  if (text === '') return '" "';
  return `"${visibleText(text).replace(/[#&<>"'`\\;%{}|[\]()*_~]/g, (char) => `#${char.charCodeAt(0)};`)}"`;
}
