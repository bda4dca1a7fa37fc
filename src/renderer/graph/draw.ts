import type { Mark } from '#core/layout/marks.ts';

const SVG = 'http://www.w3.org/2000/svg';

function create({ tag, attrs, text }: Mark): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** What each element shows, so that what did not change is not drawn again. */
const drawn = new WeakMap<Element, string>();

/**
 * Fills an element with marks, unless `signature` says that it shows just that already.
 * @returns true when it was drawn
 */
export function draw(parent: SVGGElement, signature: string, marks: () => readonly Mark[]): boolean {
  if (drawn.get(parent) === signature) return false;
  drawn.set(parent, signature);
  parent.replaceChildren(...marks().map(create));
  return true;
}

/** A tooltip, as SVG has it. */
export function addTitle(parent: SVGGElement, text: string): void {
  const title = document.createElementNS(SVG, 'title');
  title.textContent = text;
  parent.append(title);
}
