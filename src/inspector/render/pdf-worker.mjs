// The thread in which pdf.ts draws. Plain JavaScript, since Node starts it from the source as well as from the builds.
import { parentPort, workerData } from 'node:worker_threads';
import PDFDocument from 'pdfkit';

/** Points of a pixel, and the longest side that readers of PDF accept, in points. Source: ISO 32000-1, annex C. */
const POINTS = 0.75;
const LONGEST = 14_400;

const { pages, fonts, takenAt } = workerData;
const { regular, bold, more, byCharacter } = fonts;
const date = new Date(takenAt);
const document = new PDFDocument({
  autoFirstPage: false,
  font: null,
  lang: 'en',
  info: {
    Title: pages[0]?.title ?? '',
    Producer: 'Bulkhead',
    Creator: 'Bulkhead',
    CreationDate: Number.isNaN(date.getTime()) ? new Date(0) : date,
  },
});
const chunks = [];
document.on('data', (chunk) => chunks.push(chunk));
document.on('end', () => {
  const pdf = new Uint8Array(Buffer.concat(chunks));
  parentPort.postMessage(pdf, [pdf.buffer]);
});

const register = (name, { data, face }) => document.registerFont(name, Buffer.from(data), face ?? undefined);
register('regular', regular);
register('bold', bold);
for (const [index, font] of more.entries()) register(`more ${index}`, font);

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const BETWEEN = /[\s\p{P}\p{M}\p{Default_Ignorable_Code_Point}]/u;

/** Pieces of one font and one direction each: a font's own shaping sees one script at a time. */
function pieces(text, usual) {
  const out = [];
  for (const character of text) {
    const index = byCharacter.get(character);
    const last = out.at(-1);
    const neutral = BETWEEN.test(character) && last !== undefined && index === undefined;
    const font = index === undefined ? (neutral && last.rtl ? last.font : usual) : `more ${index}`;
    const rtl = neutral ? last.rtl : RIGHT_TO_LEFT.test(character);
    if (last !== undefined && last.font === font && last.rtl === rtl) last.text += character;
    else out.push({ font, rtl, text: character });
  }
  // pdfkit sets one word after the other from the left, whatever their script; what is behind the last is not of it.
  return out.flatMap(({ font, rtl, text: piece }) => {
    if (!rtl) return [{ font, text: piece }];
    const words = piece.trimEnd().split(/(\s+)/).reverse();
    return [...words, piece.slice(piece.trimEnd().length)].map((word) => ({ font, text: word }));
  });
}

function drawText({ attrs, text }) {
  const size = Number(attrs['font-size']);
  const usual = attrs['font-weight'] === 'bold' ? 'bold' : 'regular';
  const parts = pieces(text, usual).map((piece) => ({
    ...piece,
    width: document.font(piece.font).fontSize(size).widthOfString(piece.text),
  }));
  let x = Number(attrs.x);
  const whole = parts.reduce((sum, { width }) => sum + width, 0);
  if (attrs['text-anchor'] === 'middle') x -= whole / 2;
  else if (attrs['text-anchor'] === 'end') x -= whole;
  for (const { font, text: piece, width } of parts) {
    document.font(font).fontSize(size).fillColor(attrs.fill);
    document.text(piece, x, Number(attrs.y), { lineBreak: false, baseline: 'alphabetic' });
    x += width;
  }
}

function outline(tag, attrs) {
  const number = (name) => Number(attrs[name] ?? 0);
  if (tag === 'rect') {
    const size = [number('x'), number('y'), number('width'), number('height')];
    if (attrs.rx === undefined) document.rect(...size);
    else document.roundedRect(...size, Math.min(number('rx'), size[2] / 2, size[3] / 2));
  } else if (tag === 'circle') document.circle(number('cx'), number('cy'), number('r'));
  else if (tag === 'line') document.moveTo(number('x1'), number('y1')).lineTo(number('x2'), number('y2'));
  else document.path(attrs.d);
}

function draw(mark) {
  if (mark.tag === 'text') {
    if (mark.text) drawText(mark);
    return;
  }
  const { tag, attrs } = mark;
  const width = Number(attrs['stroke-width'] ?? 1);
  // SVG fills with black where nothing is said, and a line has no inside.
  const fill = tag === 'line' || attrs.fill === 'none' ? null : (attrs.fill ?? '#000000');
  const stroke = attrs.stroke === undefined || attrs.stroke === 'none' || width === 0 ? null : attrs.stroke;
  if (fill === null && stroke === null) return;
  document.save();
  document.lineWidth(width);
  document.lineCap(attrs['stroke-linecap'] ?? 'butt');
  document.lineJoin(attrs['stroke-linejoin'] ?? 'miter');
  const dash = String(attrs['stroke-dasharray'] ?? '')
    .split(/[ ,]+/)
    .map(Number)
    .filter((length) => length > 0);
  // One length stands for the dash and the gap; an odd list is gone through twice.
  if (dash.length > 0) document.dash(dash.length % 2 === 1 ? [...dash, ...dash] : dash);
  outline(tag, attrs);
  if (fill !== null && stroke !== null) document.fillAndStroke(fill, stroke);
  else if (fill !== null) document.fill(fill);
  else document.stroke(stroke);
  document.restore();
}

for (const { width, height, background, head, layers } of pages) {
  const points = Math.min(POINTS, LONGEST / Math.max(width, height));
  document.addPage({ size: [width * points, height * points], margin: 0 });
  document.scale(points);
  if (background !== 'none') document.rect(0, 0, width, height).fill(background);
  for (const mark of head) draw(mark);
  for (const { x, y, scale, parts } of layers) {
    document.save();
    document.translate(x, y).scale(scale);
    for (const { marks } of parts) for (const mark of marks) draw(mark);
    document.restore();
  }
}
document.end();
