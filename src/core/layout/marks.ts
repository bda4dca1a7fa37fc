import type { NamespaceKind } from '../snapshot/namespace.ts';
import { visibleText } from '../text/visible.ts';
import { type HubShape, KIND_STYLES, kindColour, onKindColour, type Theme } from './palette.ts';
import type { Point, SceneGroup, SceneHub, SceneLink, SceneNode, StripSlot } from './scene.ts';

/**
 * The geometry of everything drawn, as plain SVG elements with presentation attributes. The screen turns marks into
 * elements, the export into text, so that the picture exported is the picture on the screen.
 *
 * Attribute names are SVG's own (`stroke-width`); a React renderer converts them to camel case. `text` is raw: whoever
 * draws it escapes it.
 */
export interface Mark {
  readonly tag: 'rect' | 'path' | 'circle' | 'line' | 'text';
  readonly attrs: Readonly<Record<string, string | number>>;
  readonly text?: string;
}

export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 72;
export const HUB_RADIUS = 17;
/** Distance between the parallel strands of a link. */
export const STRAND_PITCH = 4.5;
export const FONT_FAMILY = 'DejaVu Sans, Inter, system-ui, sans-serif';

const SLOT_WIDTH = 20;
const SLOT_HEIGHT = 23;
const SLOT_GAP = 2;
const SLOT_TOP = 43;

/** Rounds to 1/100 of a unit; never gives negative zero. */
export function round2(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** Estimated width of text in DejaVu Sans, in units, on the wide side: Latin by class, anything else as wide as an em. */
export function textWidth(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code > 0x24f) ems += 1;
    else if ("ijlI.,:;'|! ".includes(char)) ems += 0.36;
    else if ('mwMW@%'.includes(char)) ems += 1;
    else if (char >= 'A' && char <= 'Z') ems += 0.74;
    else ems += 0.625;
  }
  return ems * size * (bold ? 1.12 : 1);
}

/** Cuts text to an estimated width, with an ellipsis; never splits a surrogate pair. */
export function fitText(text: string, size: number, width: number, bold = false): string {
  // Longer texts never fit; cutting first keeps hostile lengths cheap.
  const chars = [...text.slice(0, 400)];
  if (chars.length === text.length && textWidth(text, size, bold) <= width) return text;
  let out = '';
  for (const char of chars) {
    if (textWidth(`${out}${char}…`, size, bold) > width) break;
    out += char;
  }
  return out === text ? out : `${out}…`;
}

/**
 * Cuts text in its middle to an estimated width: names often differ at their ends. `head` is the part of what is kept
 * that stands before the cut; 0 keeps the end only.
 */
export function fitMiddle(text: string, size: number, width: number, bold = false, head = 0.5): string {
  const chars = [...text.slice(0, 400)];
  if (chars.length === text.length && textWidth(text, size, bold) <= width) return text;
  const all = [...text.slice(0, 200), ...text.slice(-200)];
  const source = text.length > 400 ? all : chars;
  for (let kept = source.length - 1; kept > 0; kept -= 1) {
    const before = Math.ceil(kept * head);
    const out = `${source.slice(0, before).join('')}…${source.slice(source.length - (kept - before)).join('')}`;
    if (textWidth(out, size, bold) <= width) return out;
  }
  return '…';
}

function label(x: number, y: number, size: number, fill: string, text: string, more: Mark['attrs'] = {}): Mark {
  return {
    tag: 'text',
    attrs: { x: round2(x), y: round2(y), 'font-family': FONT_FAMILY, 'font-size': size, fill, ...more },
    text,
  };
}

const CENTRED_BOLD: Mark['attrs'] = { 'text-anchor': 'middle', 'font-weight': 'bold' };

/** Top left corner, in scene units, of the slot at `index` in a node's strip; each is `slotSize` large. */
export function slotPosition(node: Point, index: number): Point {
  return {
    x: round2(node.x - NODE_WIDTH / 2 + 8 + index * (SLOT_WIDTH + SLOT_GAP)),
    y: round2(node.y - NODE_HEIGHT / 2 + SLOT_TOP),
  };
}
export const slotSize = { width: SLOT_WIDTH, height: SLOT_HEIGHT } as const;

/** One slot of a strip: hollow private, filled with a count shared, filled with a house host, hatched `?` unknown. */
export function slotMarks(slot: Pick<StripSlot, 'kind' | 'standing' | 'partners'>, at: Point, theme: Theme): Mark[] {
  const { x, y } = at;
  const colour = kindColour(slot.kind, theme.name);
  const on = onKindColour(slot.kind, theme.name);
  const filled = slot.standing === 'shared' || slot.standing === 'host';
  const centre = { 'text-anchor': 'middle' };
  const middle = x + SLOT_WIDTH / 2;
  const box = {
    x: x + 0.5,
    y: y + 0.5,
    width: SLOT_WIDTH - 1,
    height: SLOT_HEIGHT - 1,
    rx: 3,
    fill: filled ? colour : 'none',
    stroke: slot.standing === 'unknown' ? theme.muted : colour,
    'stroke-width': 1,
  };
  const out: Mark[] = [{ tag: 'rect', attrs: box }];
  const short = KIND_STYLES[slot.kind].short;
  if (slot.standing === 'private') {
    out.push(label(middle, y + 14.2, 8, theme.muted, short, centre));
    return out;
  }
  if (slot.standing === 'unknown') {
    const d = `M${round2(x + 2)} ${round2(y + 8)}l6 -6M${round2(x + 2)} ${round2(y + 21)}l5 -5M${round2(x + 12)} ${round2(y + 21)}l6 -6M${round2(x + 13)} ${round2(y + 7)}l5 -5`;
    out.push({ tag: 'path', attrs: { d, stroke: theme.muted, 'stroke-width': 1, fill: 'none' } });
    out.push(label(middle, y + 15.5, 11, theme.text, '?', centre));
    return out;
  }
  out.push(label(middle, y + 9.6, 8, on, short, centre));
  if (slot.standing === 'shared') {
    const count = slot.partners + 1;
    out.push(label(middle, y + 19.6, 9, on, count > 999 ? '1k+' : String(count), { ...centre, 'font-weight': 'bold' }));
    return out;
  }
  const inner = {
    ...box,
    x: x + 2,
    y: y + 2,
    width: SLOT_WIDTH - 4,
    height: SLOT_HEIGHT - 4,
    rx: 2,
    fill: 'none',
    stroke: on,
  };
  out.push({ tag: 'rect', attrs: { ...inner, 'stroke-width': 0.8, 'stroke-dasharray': '2 2' } });
  const house = `M${round2(middle - 4.5)} ${round2(y + 15.5)}l4.5 -4l4.5 4h-1.2v4h-6.6v-4z`;
  out.push({ tag: 'path', attrs: { d: house, fill: on } });
  return out;
}

/** A node's box: state dot, label, detail, process count, warning mark, strip. */
export function nodeMarks(node: SceneNode, theme: Theme): Mark[] {
  const x = node.x - node.width / 2;
  const y = node.y - node.height / 2;
  const running = node.state === 'running';
  const out: Mark[] = [
    {
      tag: 'rect',
      attrs: {
        x: round2(x),
        y: round2(y),
        width: node.width,
        height: node.height,
        rx: node.type === 'container' || node.type === 'foreign' ? 9 : 3,
        fill: running ? theme.node : theme.panel,
        stroke: node.broken ? theme.danger : node.type === 'host' ? theme.text : theme.border,
        'stroke-width': node.type === 'host' ? 2 : 1.2,
        ...(running ? {} : { 'stroke-dasharray': '4 3' }),
      },
    },
  ];
  if (node.type === 'host') {
    const centre = { 'text-anchor': 'middle' };
    out.push(
      label(node.x, node.y - 12, 15, theme.text, fitText(visibleText(node.label), 15, node.width - 20, true), {
        ...centre,
        'font-weight': 'bold',
      }),
    );
    out.push(
      label(node.x, node.y + 7, 10, theme.muted, fitText(visibleText(node.detail), 10, node.width - 20), centre),
      label(node.x, node.y + 24, 9.5, theme.text, fitText(node.facts ?? '', 9.5, node.width - 12), centre),
    );
    return out;
  }
  if (node.type === 'process') {
    const d = `M${round2(x + 10)} ${round2(y + 12)}l4 4l-4 4M${round2(x + 15)} ${round2(y + 20)}h5`;
    out.push({ tag: 'path', attrs: { d, stroke: theme.muted, 'stroke-width': 1.5, fill: 'none' } });
  }
  if (node.type === 'service') {
    const d = `M${round2(x + 9)} ${round2(y + 12)}h11v3.5h-11zM${round2(x + 9)} ${round2(y + 18)}h11v3.5h-11zM${round2(x + 16)} ${round2(y + 13.8)}h1.5M${round2(x + 16)} ${round2(y + 19.8)}h1.5`;
    out.push({ tag: 'path', attrs: { d, stroke: theme.muted, 'stroke-width': 1.2, fill: 'none' } });
  }
  if (node.type === 'foreign') {
    const d = `M${round2(x + 8.5)} ${round2(y + 11)}h11v11h-11zM${round2(x + 12)} ${round2(y + 14.5)}h4v4h-4z`;
    out.push({ tag: 'path', attrs: { d, stroke: theme.muted, 'stroke-width': 1.2, fill: 'none' } });
  }
  const dot = { cx: round2(x + 14), cy: round2(y + 16), r: 4 };
  if (node.type === 'container' && node.state === 'running') {
    out.push({ tag: 'circle', attrs: { ...dot, fill: theme.running } });
  } else if (node.type === 'container')
    out.push({ tag: 'circle', attrs: { ...dot, fill: 'none', stroke: theme.muted, 'stroke-width': 1.5 } });
  if (node.state === 'paused') {
    const d = `M${round2(x + 12.8)} ${round2(y + 14)}v4M${round2(x + 15.2)} ${round2(y + 14)}v4`;
    out.push({ tag: 'path', attrs: { d, stroke: theme.muted, 'stroke-width': 1.2, fill: 'none' } });
  }
  const alarm = node.broken || node.warnings > 0;
  out.push(
    label(
      x + 24,
      y + 20.5,
      12.5,
      theme.text,
      fitMiddle(visibleText(node.label), 12.5, node.width - (alarm ? 52 : 34), true),
      { 'font-weight': 'bold' },
    ),
  );
  const count = running ? `${node.processes} proc` : node.state;
  const countWidth = textWidth(count, 9.5);
  out.push(
    label(
      x + 24,
      y + 35.5,
      9.5,
      theme.muted,
      // An image is told by its end, a command line by its beginning.
      node.type !== 'container'
        ? fitText(visibleText(node.detail), 9.5, node.width - 42 - countWidth)
        : fitMiddle(visibleText(node.detail), 9.5, node.width - 42 - countWidth, false, 0),
    ),
  );
  out.push(label(x + node.width - 9, y + 35.5, 9.5, theme.muted, count, { 'text-anchor': 'end' }));
  if (alarm) {
    const d = `M${round2(x + node.width - 17)} ${round2(y + 8)}l8 14h-16z`;
    out.push({
      tag: 'path',
      attrs: { d, fill: 'none', stroke: theme.danger, 'stroke-width': 1.5, 'stroke-linejoin': 'round' },
    });
    out.push(
      label(x + node.width - 17, y + 20.3, 9, theme.danger, '!', { 'text-anchor': 'middle', 'font-weight': 'bold' }),
    );
  }
  if (node.pinned) {
    const head = { cx: round2(x + 4), cy: round2(y + 4), r: 5.5 };
    out.push({ tag: 'circle', attrs: { ...head, fill: theme.text, stroke: theme.page, 'stroke-width': 2 } });
  }
  node.strip.forEach((slot, index) => {
    out.push(...slotMarks(slot, slotPosition(node, index), theme));
  });
  return out;
}

/**
 * A node from afar, where the full one could not be read: a large name, and of the strip only what is shared with
 * others, or with the host where that is unusual.
 */
export function briefNodeMarks(node: SceneNode, theme: Theme): Mark[] {
  const [frame] = nodeMarks({ ...node, strip: [] }, theme);
  if (frame === undefined) return [];
  if (node.type === 'host') {
    const host = fitMiddle(visibleText(node.label), 24, node.width - 20, true);
    const what = fitText(visibleText(node.detail), 15, node.width - 16);
    return [
      frame,
      label(node.x, node.y - 3, 24, theme.text, host, CENTRED_BOLD),
      label(node.x, node.y + 22, 15, theme.muted, what, { 'text-anchor': 'middle' }),
    ];
  }
  const left = node.x - node.width / 2 + 10;
  const top = node.y - node.height / 2;
  const alarm = node.broken || node.warnings > 0;
  const name = fitMiddle(visibleText(node.label), 20, node.width - 20, true);
  const out = [frame, label(left, top + 28, 20, alarm ? theme.danger : theme.text, name, { 'font-weight': 'bold' })];
  const quiet: ReadonlySet<NamespaceKind> = new Set(['user', 'time', 'cgroup']);
  const told = node.strip.filter(
    ({ kind, standing }) => standing === 'shared' || (standing === 'host' && !quiet.has(kind)),
  );
  told.forEach(({ kind, standing, partners }, index) => {
    const x = round2(left + index * 29);
    const y = round2(top + 40);
    const colour = kindColour(kind, theme.name);
    const shared = standing === 'shared';
    out.push({
      tag: 'rect',
      attrs: { x, y, width: 26, height: 24, rx: 4, fill: shared ? colour : 'none', stroke: colour, 'stroke-width': 2 },
    });
    if (shared) {
      const count = partners > 98 ? '99+' : String(partners + 1);
      out.push(label(x + 13, y + 18, count.length > 2 ? 11 : 16, onKindColour(kind, theme.name), count, CENTRED_BOLD));
    } else {
      const d = `M${round2(x + 6)} ${round2(y + 12)}l7 -6l7 6h-2v6h-10v-6z`;
      out.push({ tag: 'path', attrs: { d, fill: colour } });
    }
  });
  return out;
}

const GROUP_NAMES: Readonly<Record<SceneGroup['type'], string>> = {
  compose: 'Compose',
  pod: 'Pod',
  shared: 'Shared',
  services: 'Services of',
  engine: 'Run by',
  nested: 'Inside',
};

/** A group's enclosure with its label above. */
export function groupMarks(group: SceneGroup, theme: Theme): Mark[] {
  const kind = GROUP_NAMES[group.type];
  const size = 11;
  const kindWidth = textWidth(kind, size) + 8;
  return [
    {
      tag: 'rect',
      attrs: {
        x: group.x,
        y: group.y,
        width: group.width,
        height: group.height,
        rx: 14,
        fill: theme.panel,
        stroke: theme.groupBorder,
        'stroke-width': 1.2,
      },
    },
    label(group.x + 18, group.y + 20, size, theme.muted, kind),
    label(
      group.x + 18 + kindWidth,
      group.y + 20,
      size,
      theme.text,
      fitText(visibleText(group.label), size, group.width - 40 - kindWidth, true),
      { 'font-weight': 'bold' },
    ),
  ];
}

/** A group from so far that its members cannot be told apart: its name, how many are in it, and what they share. */
export function briefGroupMarks(group: SceneGroup, kinds: readonly NamespaceKind[], theme: Theme): Mark[] {
  const [frame] = groupMarks(group, theme);
  if (frame === undefined) return [];
  const tall = group.height > 150;
  const size = Math.max(36, Math.min(64, group.height / 4));
  const left = group.x + 24;
  const count = String(group.members.length);
  const room = group.width - 72 - textWidth(count, size, true);
  const name = fitMiddle(visibleText(group.label), size, room, true);
  const baseline = group.y + size * 1.15 + 10;
  const out = [
    { ...frame, attrs: { ...frame.attrs, 'stroke-width': 3 } },
    label(left, baseline, size, theme.text, name, { 'font-weight': 'bold' }),
    label(group.x + group.width - 24, baseline, size, theme.muted, count, { 'text-anchor': 'end' }),
  ];
  const radius = tall ? 26 : 14;
  kinds.forEach((kind, index) => {
    const d = hubShapePath(
      kind,
      left + radius + index * radius * 2.6,
      group.y + group.height - radius - (tall ? 30 : 14),
      radius,
    );
    out.push({ tag: 'path', attrs: { d, fill: kindColour(kind, theme.name) } });
  });
  return out;
}

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
function hubShapePath(kind: NamespaceKind, x: number, y: number, radius: number): string {
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

/** A hub: its first kind's shape around the count of members; further kinds as small shapes below. */
export function hubMarks(hub: SceneHub, theme: Theme): Mark[] {
  const first = hub.strands[0];
  if (first === undefined) return [];
  const colour = kindColour(first.kind, theme.name);
  const out: Mark[] = [
    {
      tag: 'path',
      attrs: {
        d: hubShapePath(first.kind, hub.x, hub.y, hub.radius),
        fill: theme.page,
        stroke: colour,
        'stroke-width': 2.5,
        'stroke-linejoin': 'round',
      },
    },
    label(hub.x, hub.y + 4.2, hub.members.length > 999 ? 9 : 12, theme.text, String(hub.members.length), {
      'text-anchor': 'middle',
      'font-weight': 'bold',
    }),
  ];
  const others = hub.strands.slice(1);
  others.forEach((strand, index) => {
    const x = hub.x + (index - (others.length - 1) / 2) * 11;
    out.push({
      tag: 'path',
      attrs: {
        d: hubShapePath(strand.kind, x, hub.y + hub.radius + 7, 4),
        fill: kindColour(strand.kind, theme.name),
        stroke: theme.page,
        'stroke-width': 1,
      },
    });
  });
  return out;
}

/** Radius of the corners of a line that goes around something. */
const BEND = 7;

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

/** The line or, for the double kind, the two lines of one strand. */
export function strandMarks(kind: NamespaceKind, points: readonly Point[], theme: Theme, broken = false): Mark[] {
  const [a, b] = points;
  if (a === undefined || b === undefined) return [];
  const style = KIND_STYLES[kind];
  const straight = points.length === 2;
  const ends: Mark['attrs'] = straight ? { x1: a.x, y1: a.y, x2: b.x, y2: b.y } : { d: bentPath(points), fill: 'none' };
  const tag = straight ? 'line' : 'path';
  const stroke = kindColour(kind, theme.name);
  const dash = broken ? '3 4' : style.dash;
  const line: Mark = {
    tag,
    attrs: {
      ...ends,
      stroke,
      'stroke-width': style.double ? 3.4 : 2.2,
      ...(dash === '' ? {} : { 'stroke-dasharray': dash }),
      ...(kind === 'ipc' ? { 'stroke-linecap': 'round' } : {}),
    },
  };
  if (!style.double) return [line];
  return [line, { tag, attrs: { ...ends, stroke: theme.page, 'stroke-width': 1.2 } }];
}

/** How far from the declaring box a broken share is crossed out: in the gap beside it, where no other box can hide it. */
const CROSS_DISTANCE = 20;

/** The point at a distance along a line, at most half way. */
function pointAlong(points: readonly Point[], distance: number): Point {
  const lengths = points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    return Math.sqrt((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y));
  });
  let left = Math.min(distance, lengths.reduce((sum, length) => sum + length, 0) / 2);
  for (const [index, length] of lengths.entries()) {
    const from = points[index];
    const to = points[index + 1];
    if (from === undefined || to === undefined) break;
    if (left <= length) {
      const part = length === 0 ? 0 : left / length;
      return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    }
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

/** All strands of a link, and a cross upon a broken one. */
export function linkMarks(link: SceneLink, theme: Theme): Mark[] {
  const out = link.strands.flatMap((strand) => strandMarks(strand.kind, strand.points, theme, link.broken));
  const middle = link.strands[Math.floor(link.strands.length / 2)];
  if (!link.broken || middle === undefined) return out;
  const { x, y } = pointAlong(middle.points, CROSS_DISTANCE);
  out.push({
    tag: 'circle',
    attrs: { cx: round2(x), cy: round2(y), r: 9, fill: theme.page, stroke: theme.danger, 'stroke-width': 1.5 },
  });
  const d = `M${round2(x - 4)} ${round2(y - 4)}l8 8m0 -8l-8 8`;
  out.push({
    tag: 'path',
    attrs: { d, fill: 'none', stroke: theme.danger, 'stroke-width': 2, 'stroke-linecap': 'round' },
  });
  return out;
}
