import type { Mark } from '#core/layout/marks.ts';

const SVG = 'http://www.w3.org/2000/svg';

export function create({ tag, attrs, text }: Mark): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** What each element shows now, so that it is only drawn again when that changes. */
const drawn = new WeakMap<Element, { source: unknown; style: string; signature: string }>();

/**
 * Fills an element with marks, unless it shows just that already: made of the same object in the same style, or of
 * another with the same signature.
 * @returns true when it was drawn
 */
export function draw(
  parent: SVGGElement,
  { source, style, signature }: { source: unknown; style: string; signature: () => unknown },
  marks: () => readonly Mark[],
): boolean {
  const before = drawn.get(parent);
  if (before !== undefined && before.source === source && before.style === style) return false;
  const now = { source, style, signature: JSON.stringify(signature()) };
  drawn.set(parent, now);
  if (before?.style === style && before.signature === now.signature) return false;
  parent.replaceChildren(...marks().map(create));
  return true;
}

/** A tooltip, as SVG has it. */
export function addTitle(parent: SVGGElement, text: string): void {
  const title = document.createElementNS(SVG, 'title');
  title.textContent = text;
  parent.append(title);
}
