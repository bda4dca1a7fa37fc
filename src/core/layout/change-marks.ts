import { visibleText } from '../text/visible.ts';
import { type PlainMessage, t } from '../words/words.ts';
import type { BareGraph } from './card-texts.ts';
import { BOLD, CENTRED, type Mark, round2, SMALLEST_TEXT, textMark, textWidth, type View } from './marks.ts';
import type { Theme } from './palette.ts';
import type { Box, CardSize, Change, GraphNode, Point, SceneLink } from './scene.ts';

/** What became of a thing between two snapshots: a sign, a word, an outline, and a colour that alone says nothing. */
interface ChangeStyle {
  readonly sign: string;
  readonly word: PlainMessage;
  /** In pixels, '' for solid. */
  readonly dash: string;
  readonly colour: (theme: Theme) => string;
}

export const CHANGE_STYLES: Readonly<Record<Change, ChangeStyle>> = {
  added: { sign: '+', word: 'added', dash: '', colour: ({ running }) => running },
  removed: { sign: '−', word: 'removed', dash: '7 5', colour: ({ text }) => text },
  changed: { sign: '~', word: 'changed', dash: '2 3', colour: ({ warning }) => warning },
};

export const CHANGES = Object.keys(CHANGE_STYLES) as Change[];

const HEIGHT = 15;
/** A card of fewer pixels has its name right below its upper edge. */
const LOW = 48;

function dashOf(dash: string, unit: number): Mark['attrs'] {
  const scaled = dash.split(' ').map((part) => round2(Number(part) * unit));
  return dash === '' ? {} : { 'stroke-dasharray': scaled.join(' ') };
}

/** A plate with the sign, and the word where `room` pixels hold it; `at` is its right end and its middle. */
function plateMarks(change: Change, at: Point, room: number, { theme, unit }: View): Mark[] {
  const { sign, word, colour } = CHANGE_STYLES[change];
  const whole = `${sign} ${t(word)}`;
  const widthOf = (text: string) => Math.ceil(textWidth(text, SMALLEST_TEXT, true)) + 10;
  const text = widthOf(whole) <= room ? whole : sign;
  const width = widthOf(text) * unit;
  const x = at.x - width;
  return [
    {
      tag: 'rect',
      attrs: {
        x: round2(x),
        y: round2(at.y - (HEIGHT / 2) * unit),
        width: round2(width),
        height: round2(HEIGHT * unit),
        rx: round2(3 * unit),
        fill: colour(theme),
        stroke: theme.page,
        'stroke-width': round2(unit),
      },
    },
    textMark(x + width / 2, at.y + 4 * unit, SMALLEST_TEXT * unit, theme.page, text, { ...BOLD, ...CENTRED }),
  ];
}

/** What became of a card, around it and upon its upper right corner. */
export function cardChangeMarks(change: Change | undefined, { x, y, width, height }: Box, view: View): Mark[] {
  if (change === undefined) return [];
  const { theme, unit } = view;
  const { dash, colour } = CHANGE_STYLES[change];
  const gap = Math.min(2.5 * unit, 4);
  const line = Math.min(2.5 * unit, 4);
  const outline: Mark = {
    tag: 'rect',
    attrs: {
      x: round2(x - width / 2 - gap),
      y: round2(y - height / 2 - gap),
      width: round2(width + 2 * gap),
      height: round2(height + 2 * gap),
      rx: round2(Math.min(9, height / 4)),
      fill: 'none',
      stroke: colour(theme),
      'stroke-width': round2(line),
      ...dashOf(dash, unit),
    },
  };
  const pixels = width / unit;
  // From afar only the outline is left.
  if (pixels < 34 || height / unit < HEIGHT) return [outline];
  const end = x + width / 2 - (pixels < 150 ? 14 : 8) * unit;
  // Of a low card the name begins right below its edge.
  const above = height / unit < LOW ? (HEIGHT / 2 - 4) * unit : 0;
  return [outline, ...plateMarks(change, { x: end, y: y - height / 2 - above }, pixels * 0.6, view)];
}

/** The sign of a line that came, went or changed, in its middle; its word stands with the line's own words. */
export function lineChangeMarks({ change, strands, sign: room = 12 }: SceneLink, { theme, unit }: View): Mark[] {
  const points = strands[Math.floor(strands.length / 2)]?.points ?? [];
  if (change === undefined || points.length < 2) return [];
  const { sign, colour, dash } = CHANGE_STYLES[change];
  const at = middleOf(points);
  const radius = Math.min(7.5 * unit, room);
  return [
    {
      tag: 'circle',
      attrs: {
        cx: round2(at.x),
        cy: round2(at.y),
        r: round2(radius),
        fill: theme.page,
        stroke: colour(theme),
        'stroke-width': round2(Math.min(2 * unit, 3)),
        ...dashOf(dash, unit / 2),
      },
    },
    // The signs are half as high as their letters are.
    ...(radius < SMALLEST_TEXT * 0.45 * unit
      ? []
      : [textMark(at.x, at.y + 4.1 * unit, SMALLEST_TEXT * unit, colour(theme), sign, { ...BOLD, ...CENTRED })]),
  ];
}

/** What became of a thing, as formats without outlines write it: `+ added`; '' for nothing. */
export function changeWord({ change }: { readonly change?: Change }): string {
  return change === undefined ? '' : `${CHANGE_STYLES[change].sign} ${t(CHANGE_STYLES[change].word)}`;
}

/** A node's label as such formats write it, with what became of it. */
export function changedLabel(node: GraphNode): string {
  const word = changeWord(node);
  return visibleText(word === '' ? node.label : t('{name} ({change})', { name: node.label, change: word }));
}

/** Half way along a line. */
function middleOf(points: readonly Point[]): Point {
  const parts = points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    return { from, dx, dy, length: Math.sqrt(dx * dx + dy * dy) };
  });
  let left = parts.reduce((sum, { length }) => sum + length, 0) / 2;
  for (const { from, dx, dy, length } of parts) {
    if (length > 0 && left <= length) return { x: from.x + (dx * left) / length, y: from.y + (dy * left) / length };
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

/** The lines of a compared graph, each with what became of who it leads from, and the word for it before its own. */
export function withChanges(links: readonly SceneLink[], graph: BareGraph, { shelf }: CardSize): SceneLink[] {
  const sets = new Map(graph.sets.map(({ key, changes }) => [key, changes]));
  const machine = new Map(graph.machine.map(({ node, change }) => [`hull:${node}`, change]));
  const broken = new Map(graph.broken.map(({ kind, container, change }) => [`broken:${kind}:${container}`, change]));
  return links.map((link) => {
    const change = sets.get(link.set)?.[link.from] ?? machine.get(link.set) ?? broken.get(link.set);
    if (change === undefined) return link;
    const word = changeWord({ change });
    const texts = [...link.texts.map((text) => t('{what}: {told}', { what: word, told: text })), word];
    return { ...link, change, sign: round2(Math.min(12, shelf / 2)), texts };
  });
}

/** What things are marked with, in the order of legends; empty where nothing was compared. */
export function changesIn(things: readonly { readonly change?: Change }[]): Change[] {
  const found = new Set(things.map(({ change }) => change));
  return CHANGES.filter((change) => found.has(change));
}

/** A piece of a card with its sign, for legends; 34 by 16 pixels from its upper left corner. */
export function changeSampleMarks(change: Change, { x, y }: Point, theme: Theme): Mark[] {
  const { sign, dash, colour } = CHANGE_STYLES[change];
  const box = { x: x + 2, y: y + 1.5, width: 30, height: 13, rx: 3, fill: 'none' };
  return [
    { tag: 'rect', attrs: { ...box, stroke: colour(theme), 'stroke-width': 2, ...dashOf(dash, 1) } },
    textMark(x + 17, y + 12.4, 12, colour(theme), sign, { ...BOLD, ...CENTRED }),
  ];
}
