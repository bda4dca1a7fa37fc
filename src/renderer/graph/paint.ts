import type { Mark } from '#core/layout/marks.ts';

/** So many outlines are one path: of a path that has thousands every line of pixels takes long. */
const MOST = 64;

interface Batch {
  readonly place: number;
  readonly attrs: Mark['attrs'];
  readonly path: Path2D;
  outlines: number;
}

const PARTS_OF_LOOK = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap'] as const;

function outline(path: Path2D, { tag, attrs }: Mark): void {
  const value = (name: string): number => Number(attrs[name] ?? 0);
  if (tag === 'rect') {
    path.roundRect(value('x'), value('y'), value('width'), value('height'), value('rx'));
  } else if (tag === 'circle') {
    const [x, y, r] = [value('cx'), value('cy'), value('r')];
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  } else if (tag === 'line') {
    path.moveTo(value('x1'), value('y1'));
    path.lineTo(value('x2'), value('y2'));
  } else path.addPath(new Path2D(String(attrs.d)));
}

function paintBatch(context: CanvasRenderingContext2D, { attrs, path }: Batch): void {
  if (attrs.fill !== 'none' && attrs.fill !== undefined) {
    context.fillStyle = String(attrs.fill);
    context.fill(path);
  }
  if (attrs.stroke === undefined || attrs.stroke === 'none') return;
  context.strokeStyle = String(attrs.stroke);
  context.lineWidth = Number(attrs['stroke-width'] ?? 1);
  context.lineCap = attrs['stroke-linecap'] === 'round' ? 'round' : 'butt';
  context.setLineDash(
    String(attrs['stroke-dasharray'] ?? '')
      .split(' ')
      .filter((part) => part !== '')
      .map(Number),
  );
  context.stroke(path);
}

function paintText(context: CanvasRenderingContext2D, { attrs, text }: Mark): void {
  context.font = `${attrs['font-weight'] ?? 'normal'} ${attrs['font-size']}px ${attrs['font-family']}`;
  context.textAlign = attrs['text-anchor'] === 'middle' ? 'center' : attrs['text-anchor'] === 'end' ? 'right' : 'left';
  context.fillStyle = String(attrs.fill);
  context.fillText(text ?? '', Number(attrs.x), Number(attrs.y));
}

/**
 * Paints things that do not overlap as SVG would show their marks, with few paths: marks that look alike are one path. Marks
 * within a thing keep their order.
 */
export function paintThings(context: CanvasRenderingContext2D, things: readonly (readonly Mark[])[]): void {
  const open = new Map<string, Batch>();
  const batches: Batch[] = [];
  const texts: Mark[] = [];
  for (const marks of things) {
    marks.forEach((mark, place) => {
      if (mark.tag === 'text') {
        texts.push(mark);
        return;
      }
      // Lines have no inside.
      const attrs = mark.tag === 'line' ? { ...mark.attrs, fill: 'none' } : mark.attrs;
      const look = `${place} ${PARTS_OF_LOOK.map((name) => attrs[name] ?? '').join('|')}`;
      let batch = open.get(look);
      if (batch === undefined || batch.outlines >= MOST) {
        batch = { place, attrs, path: new Path2D(), outlines: 0 };
        open.set(look, batch);
        batches.push(batch);
      }
      outline(batch.path, mark);
      batch.outlines += 1;
    });
  }
  context.lineJoin = 'round';
  for (const batch of batches.sort((a, b) => a.place - b.place)) paintBatch(context, batch);
  for (const text of texts) paintText(context, text);
}
