import type { Mark } from './marks.ts';
import { round2 } from './marks.ts';

/** A mark that was taken apart: how it looks, and its outline as path data. */
export interface Piece {
  /** Equal for pieces that one path can draw. */
  readonly look: string;
  readonly attrs: Mark['attrs'];
  readonly outline: string;
}

/** A rectangle as SVG draws it: from its upper left corner on clockwise, so that dashes fall where they fell. */
function rectangle(attrs: Mark['attrs']): string {
  const [x, y, width, height] = [attrs.x, attrs.y, attrs.width, attrs.height].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const r = Math.min(Number(attrs.rx ?? 0), width / 2, height / 2);
  if (r === 0) return `M${x} ${y}h${width}v${height}h${-width}z`;
  const [level, upright] = [round2(width - 2 * r), round2(height - 2 * r)];
  const corner = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return `M${round2(x + r)} ${y}h${level}${corner(r, r)}v${upright}${corner(-r, r)}h${-level}${corner(-r, -r)}v${-upright}${corner(r, -r)}z`;
}

function circle(attrs: Mark['attrs']): string {
  const [cx, cy, r] = [Number(attrs.cx), Number(attrs.cy), Number(attrs.r)];
  return `M${round2(cx - r)} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

function pieceOf({ tag, attrs }: Mark, place: number): Piece {
  if (tag === 'rect') {
    const { x: _x, y: _y, width: _width, height: _height, rx: _rx, ...look } = attrs;
    return { look: `${place} ${JSON.stringify(look)}`, attrs: look, outline: rectangle(attrs) };
  }
  if (tag === 'circle') {
    const { cx: _cx, cy: _cy, r: _r, ...look } = attrs;
    return { look: `${place} ${JSON.stringify(look)}`, attrs: look, outline: circle(attrs) };
  }
  if (tag === 'line') {
    const { x1, y1, x2, y2, ...look } = attrs;
    return { look: `${place} line ${JSON.stringify(look)}`, attrs: look, outline: `M${x1} ${y1}L${x2} ${y2}` };
  }
  const { d, ...look } = attrs;
  return { look: `${place} ${JSON.stringify(look)}`, attrs: look, outline: String(d) };
}

/** The marks of one thing, ready to be drawn together with those of others; null where there is text among them. */
export function piecesOf(marks: readonly Mark[]): readonly Piece[] | null {
  return marks.some(({ tag }) => tag === 'text') ? null : marks.map(pieceOf);
}

/**
 * As few paths as draw the same as all those marks, of things that do not lie upon each other: what of each lies upon
 * the rest of it does so here too.
 * @param most outlines of one path
 */
export function mergePieces(things: readonly (readonly Piece[])[], most: number): Mark[] {
  const looks = new Map<string, { readonly place: number; readonly attrs: Mark['attrs']; outlines: string[] }>();
  const full: { readonly place: number; readonly mark: Mark }[] = [];
  const finish = ({ place, attrs, outlines }: { place: number; attrs: Mark['attrs']; outlines: readonly string[] }) =>
    full.push({ place, mark: { tag: 'path', attrs: { ...attrs, d: outlines.join('') } } });
  for (const pieces of things) {
    pieces.forEach(({ look, attrs, outline }, place) => {
      const known = looks.get(look);
      if (known === undefined) looks.set(look, { place, attrs, outlines: [outline] });
      else {
        known.outlines.push(outline);
        if (known.outlines.length < most) return;
        finish(known);
        known.outlines = [];
      }
    });
  }
  for (const look of looks.values()) if (look.outlines.length > 0) finish(look);
  return full.sort((a, b) => a.place - b.place).map(({ mark }) => mark);
}
