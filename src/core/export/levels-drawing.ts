import { words } from '../layout/element.ts';
import { BOLD, fitText, type Mark, round2, textMark } from '../layout/marks.ts';
import { kindColour, type Theme } from '../layout/palette.ts';
import { FIRST_PROCESSES, levelName, levelSentence } from '../levels/level-words.ts';
import { type Level, levelsOf } from '../levels/levels.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { visibleText } from '../text/visible.ts';
import { clauses, t } from '../words/words.ts';
import { type Drawing, type FileTheme, fileTheme, type Part, timeText } from './drawing.ts';

const SIDE = 24;
const HEADER = 66;
const WIDTH = 1_600;
const SINGLE = 290;
const GAP = 12;
const PAD = 12;
const LINE = 17;
const SIZE = 11;
/** The most levels that are drawn beside each other; the others are only counted. */
const MOST = 600;

interface Pen {
  readonly theme: Theme;
  readonly names: ReadonlyMap<string, string>;
  readonly parts: Part[];
}

function height(level: Level): number {
  const { namespace, processes, within } = level;
  const told = Math.min(processes.length, FIRST_PROCESSES) + Number(processes.length > FIRST_PROCESSES);
  const lines = 2 + Number(levelSentence(level, null) !== '') + (namespace.initial ? 1 : told);
  return PAD + lines * LINE + (within.length > 0 ? 0 : PAD / 2);
}

/** Draws a level with what is in it, and returns how high that is. */
function drawLevel(pen: Pen, level: Level, outer: Level | null, x: number, y: number, width: number): number {
  const { theme, names, parts } = pen;
  const { namespace, kind, containers, processes, within } = level;
  const told = containers.map((id) => names.get(id) ?? id.slice(0, 12));
  const colour = kindColour(kind, theme.name);
  const room = width - 2 * PAD;
  const at = parts.length;
  parts.push({ className: 'level', key: namespace.id, data: {}, title: '', marks: [] });
  const marks: Mark[] = [];
  let line = y + PAD + 9;
  const put = (text: string, fill: string, more: Mark['attrs'] = {}) => {
    if (text !== '')
      marks.push(textMark(x + PAD, line, SIZE, fill, fitText(visibleText(text), SIZE, room, more === BOLD), more));
    line += LINE;
  };
  put(levelName(level, told, outer), theme.text, BOLD);
  put(
    clauses(
      namespace.id,
      told.length > 3
        ? t('and {count, plural, one {# more container} other {# more containers}}', { count: told.length - 3 })
        : null,
    ),
    theme.muted,
  );
  const sentence = levelSentence(level, null);
  if (sentence !== '') put(sentence, colour);
  if (namespace.initial) {
    const count = processes.length;
    put(t('{count, plural, one {# process} other {# processes}} in no deeper one', { count }), theme.muted);
  } else {
    for (const { pids, comm, uid } of processes.slice(0, FIRST_PROCESSES)) {
      put(`${pids.join(' → ')}  ${comm}  uid ${uid}`, theme.text);
    }
    if (processes.length > FIRST_PROCESSES)
      put(t('{count, number} more', { count: processes.length - FIRST_PROCESSES }), theme.muted);
  }
  const own = height(level);
  const inside = within.length === 0 ? 0 : drawLevels(pen, within, level, x + PAD, y + own, room) + PAD;
  const tall = own + inside;
  const rect: Mark = {
    tag: 'rect',
    attrs: {
      ...{ x: round2(x), y: round2(y), width: round2(width), height: round2(tall), rx: 8 },
      ...{ fill: kind === 'user' ? theme.panel : theme.node, stroke: colour },
      'stroke-width': namespace.initial ? 2 : 1,
      ...(kind === 'user' ? { 'stroke-dasharray': '6 3' } : {}),
    },
  };
  parts[at] = {
    className: 'level',
    key: namespace.id,
    data: { kind, name: levelName(level, told, outer) },
    title: t('{kind} namespace {id}', { kind, id: namespace.id }),
    marks: [rect, ...marks],
  };
  return tall;
}

/** Levels that contain others take the full width; the rest stand side by side. */
function drawLevels(
  pen: Pen,
  levels: readonly Level[],
  outer: Level | null,
  x: number,
  y: number,
  width: number,
): number {
  let top = y;
  for (const level of levels.filter(({ within }) => within.length > 0)) {
    top += drawLevel(pen, level, outer, x, top, width) + GAP;
  }
  const single = levels.filter(({ within }) => within.length === 0);
  const columns = Math.max(1, Math.floor((width + GAP) / (SINGLE + GAP)));
  const wide = (width - (columns - 1) * GAP) / columns;
  for (let first = 0; first < Math.min(single.length, MOST); first += columns) {
    const row = single.slice(first, Math.min(first + columns, MOST));
    const tall = row.map((level, index) => drawLevel(pen, level, outer, x + index * (wide + GAP), top, wide));
    top += Math.max(...tall) + GAP;
  }
  if (single.length > MOST) {
    const text = t('and {count, number} more', { count: single.length - MOST });
    const marks = [words(x, top + 10, SIZE, pen.theme.muted, text)];
    pen.parts.push({ className: 'more', key: outer?.namespace.id ?? '', data: {}, title: '', marks });
    top += LINE + GAP;
  }
  return Math.max(0, top - y - GAP);
}

/** User and pid namespaces as enclosures: what is inside what, and the number of every process at each level. */
export function levelsDrawing(
  snapshot: Snapshot,
  options: {
    readonly theme: FileTheme;
    readonly title: string;
    readonly subtitle: string;
    /** ISO 8601. */
    readonly takenAt: string;
  },
): Drawing {
  const { theme, background } = fileTheme(options.theme);
  const names = new Map(snapshot.containers.map(({ id, name }) => [id, visibleText(name)]));
  const parts: Part[] = [];
  const tall = drawLevels({ theme, names, parts }, levelsOf(snapshot), null, SIDE, HEADER, WIDTH - 2 * SIDE);
  const subtitle = [
    visibleText(options.subtitle),
    visibleText(timeText(options.takenAt)),
    t('the pids of a process go from the outermost level to its own'),
  ].join(' · ');
  return {
    width: WIDTH,
    height: round2(HEADER + tall + SIDE),
    title: options.title,
    description: t('{line}. User and pid namespaces as they are nested.', { line: subtitle }),
    background: background === 'none' ? background : theme.page,
    head: [
      words(SIDE, 32, 18, theme.text, fitText(visibleText(options.title), 18, WIDTH - 2 * SIDE, true), true),
      words(SIDE, 51, 11, theme.muted, fitText(subtitle, 11, WIDTH - 2 * SIDE)),
    ],
    layers: [{ x: 0, y: 0, scale: 1, parts }],
  };
}
