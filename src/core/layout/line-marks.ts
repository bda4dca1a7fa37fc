import type { NamespaceKind } from '../snapshot/namespace.ts';
import { visibleText } from '../text/visible.ts';
import { counted } from '../words/words.ts';
import { lineChangeMarks } from './change-marks.ts';
import {
  BOLD,
  CENTRED,
  fittingText,
  type Mark,
  round2,
  SMALLEST_TEXT,
  textMark,
  textWidth,
  type View,
} from './marks.ts';
import { type HubShape, KIND_STYLES, kindColour, type Theme } from './palette.ts';
import type { Box, Point, SceneHub, SceneLink } from './scene.ts';

const SHAPES: Readonly<Record<Exclude<HubShape, 'circle'>, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.86, -0.86],
    [0.86, -0.86],
    [0.86, 0.86],
    [-0.86, 0.86],
  ],
  diamond: [
    [0, -1.1],
    [1.1, 0],
    [0, 1.1],
    [-1.1, 0],
  ],
  hexagon: [
    [-0.5, -0.87],
    [0.5, -0.87],
    [1, 0],
    [0.5, 0.87],
    [-0.5, 0.87],
    [-1, 0],
  ],
  'triangle-up': [
    [0, -1.1],
    [1.05, 0.8],
    [-1.05, 0.8],
  ],
  pentagon: [
    [0, -1.05],
    [1, -0.32],
    [0.62, 0.85],
    [-0.62, 0.85],
    [-1, -0.32],
  ],
  octagon: [
    [-0.41, -1],
    [0.41, -1],
    [1, -0.41],
    [1, 0.41],
    [0.41, 1],
    [-0.41, 1],
    [-1, 0.41],
    [-1, -0.41],
  ],
  'triangle-down': [
    [0, 1.1],
    [1.05, -0.8],
    [-1.05, -0.8],
  ],
};

/** The outline of a kind's hub as SVG path data. */
export function hubShapePath(kind: NamespaceKind, x: number, y: number, radius: number): string {
  const shape = KIND_STYLES[kind].shape;
  const r = round2(radius);
  if (shape === 'circle')
    return `M${round2(x - r)} ${round2(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  const points = SHAPES[shape].map(([px, py]) => `${round2(x + px * radius)} ${round2(y + py * radius)}`);
  return `M${points.join('L')}z`;
}

/** A kind's shape alone, as legends show it. */
export function hubShapeMark(kind: NamespaceKind, at: Point, radius: number, theme: Theme): Mark {
  return {
    tag: 'path',
    attrs: {
      d: hubShapePath(kind, at.x, at.y, radius),
      fill: theme.page,
      stroke: kindColour(kind, theme.name),
      'stroke-width': 2,
      'stroke-linejoin': 'round',
    },
  };
}

/** What is written at a line or hub: the longest wording that its room holds. */
function wordMarks(texts: readonly string[], room: Box | null, colour: string, view: View, indent = 0): Mark[] {
  if (room === null) return [];
  const box = { ...room, x: room.x + indent, width: room.width - indent };
  const text = fittingText(texts.map(visibleText), box, view);
  if (text === null) return [];
  const least = SMALLEST_TEXT * view.unit;
  const size = Math.max(
    least,
    // What stands beside it is not touched.
    Math.min(14 * view.unit, box.height * 0.6, (least * (box.width - 5 * view.unit)) / textWidth(text, least)),
  );
  return [textMark(box.x, box.y + box.height / 2 + size * 0.36, size, colour, text)];
}

/** A hub: its first kind's shape around the count of members, further kinds as small shapes beside it, and its words. */
export function hubMarks(hub: SceneHub, view: View): Mark[] {
  const { theme, unit } = view;
  const first = hub.strands[0];
  if (first === undefined) return [];
  const colour = kindColour(first.kind, theme.name);
  const left = hub.members.filter((member) => hub.changes?.[member] === 'removed').length;
  // Who is in it now; of a share that is gone who was.
  const count = counted(left === hub.members.length ? left : hub.members.length - left);
  const size = SMALLEST_TEXT * unit;
  const out: Mark[] = [
    {
      tag: 'path',
      attrs: {
        d: hubShapePath(first.kind, hub.x, hub.y, hub.radius),
        fill: theme.page,
        stroke: colour,
        'stroke-width': round2(Math.min(2 * unit, hub.radius / 2)),
        'stroke-linejoin': 'round',
      },
    },
  ];
  if (textWidth(count, size, true) <= hub.radius * 1.9 && size <= hub.radius * 1.7) {
    out.push(textMark(hub.x, hub.y + size * 0.36, size, theme.text, count, { ...BOLD, ...CENTRED }));
  }
  out.push(...wordMarks(hub.texts, hub.room, theme.text, view));
  return out;
}

/** Radius of the corners of a line that goes around something. */
const BEND = 6;

/** Path data along the points, corners rounded. */
function bentPath(points: readonly Point[]): string {
  const parts: string[] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined) parts.push(`M${point.x} ${point.y}`);
    else if (after === undefined) parts.push(`L${point.x} ${point.y}`);
    else {
      const towards = (other: Point) => {
        const dx = other.x - point.x;
        const dy = other.y - point.y;
        const length = Math.sqrt(dx * dx + dy * dy) || 1;
        const reach = Math.min(BEND, length / 2) / length;
        return `${round2(point.x + dx * reach)} ${round2(point.y + dy * reach)}`;
      };
      parts.push(`L${towards(before)}Q${point.x} ${point.y} ${towards(after)}`);
    }
  });
  return parts.join('');
}

/** The dashes of a kind for lines that are drawn in another size than the pattern is made for. */
function scaledDash(dash: string, unit: number): string {
  return dash
    .split(' ')
    .map((part) => round2(Number(part) * unit))
    .join(' ');
}

/** The line or, for the double kind, the two lines of one strand. */
export function strandMarks(
  kind: NamespaceKind,
  points: readonly Point[],
  { theme, unit }: View,
  broken = false,
): Mark[] {
  const [a, b] = points;
  if (a === undefined || b === undefined) return [];
  const style = KIND_STYLES[kind];
  const straight = points.length === 2;
  const ends: Mark['attrs'] = straight ? { x1: a.x, y1: a.y, x2: b.x, y2: b.y } : { d: bentPath(points), fill: 'none' };
  const tag = straight ? 'line' : 'path';
  const stroke = broken ? theme.danger : kindColour(kind, theme.name);
  const dash = broken ? '3 3' : style.dash;
  // From afar lines get thinner than their pattern, but not so thin that they vanish.
  const width = Math.min(2 * unit, Math.max(1.1 * unit, 2));
  const line: Mark = {
    tag,
    attrs: {
      ...ends,
      stroke,
      'stroke-width': round2(style.double ? width * 1.6 : width),
      ...(dash === '' ? {} : { 'stroke-dasharray': scaledDash(dash, width / 2) }),
      ...(kind === 'ipc' ? { 'stroke-linecap': 'round' } : {}),
    },
  };
  if (!style.double || broken) return [line];
  return [line, { tag, attrs: { ...ends, stroke: theme.page, 'stroke-width': round2(width * 0.55) } }];
}

/** All strands of a link, the mark at its end, what is written at it, and a cross upon a broken one. */
export function linkMarks(link: SceneLink, view: View): Mark[] {
  const { theme, unit } = view;
  const out = link.strands.flatMap((strand) => strandMarks(strand.kind, strand.points, view, link.broken));
  const first = link.strands[0];
  if (first === undefined) return out;
  for (const { kind, points } of link.strands) {
    const end = points.at(-1);
    if (end === undefined || link.end === null) continue;
    const stroke = link.broken ? theme.danger : kindColour(kind, theme.name);
    if (link.end === 'ground') continue;
    out.push({
      tag: 'circle',
      attrs: {
        cx: end.x,
        cy: end.y,
        r: round2(Math.min(3.6 * unit, 4)),
        fill: theme.page,
        stroke,
        'stroke-width': round2(Math.min(1.8 * unit, 2)),
      },
    });
  }
  const ends = link.strands.flatMap(({ points }) => points.slice(-1));
  if (link.end === 'ground') {
    // A piece of the hull, as circuit diagrams draw the ground instead of a line to it.
    const reach = Math.min(5 * unit, 5);
    const xs = ends.map(({ x }) => x);
    const y = ends[0]?.y ?? 0;
    const [left, right] = [round2(Math.min(...xs) - reach), round2(Math.max(...xs) + reach)];
    out.push({
      tag: 'line',
      attrs: { x1: left, y1: y, x2: right, y2: y, stroke: theme.hull, 'stroke-width': round2(Math.min(3 * unit, 3)) },
    });
  }
  const colour = link.broken ? theme.danger : theme.text;
  // Beside what stands at the line.
  const past = (link.end === 'ground' ? Math.min(4 * unit, 4) : 0) + (link.change === undefined ? 0 : 6 * unit);
  const became = lineChangeMarks(link, view);
  if (!link.broken) return [...out, ...became, ...wordMarks(link.texts, link.room, colour, view, past)];
  const [from, to] = first.points;
  if (from === undefined || to === undefined) return out;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const r = Math.min(4 * unit, 4);
  out.push({
    tag: 'circle',
    attrs: {
      cx: round2(x),
      cy: round2(y),
      r: round2(r * 1.7),
      fill: theme.page,
      stroke: theme.danger,
      'stroke-width': round2(r / 3),
    },
  });
  const d = `M${round2(x - r * 0.8)} ${round2(y - r * 0.8)}l${round2(r * 1.6)} ${round2(r * 1.6)}m0 ${round2(-r * 1.6)}l${round2(-r * 1.6)} ${round2(r * 1.6)}`;
  out.push({
    tag: 'path',
    attrs: { d, fill: 'none', stroke: theme.danger, 'stroke-width': round2(r / 2.2), 'stroke-linecap': 'round' },
  });
  return [...out, ...became, ...wordMarks(link.texts, link.room, colour, view, past + r + 2 * unit)];
}
