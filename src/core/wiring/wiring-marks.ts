import { words } from '../layout/element.ts';
import { fitText, type Mark, round2, textWidth } from '../layout/marks.ts';
import { KIND_STYLES, type Theme } from '../layout/palette.ts';
import { visibleText } from '../text/visible.ts';
import { t } from '../words/words.ts';
import {
  FACT_SIZE,
  INSET,
  LINE,
  NAME_SIZE,
  TITLE,
  type Wiring,
  type WiringBox,
  type WiringGroup,
  type WiringLine,
} from './wiring.ts';

const TITLE_SIZE = 14;
const PADDING = 12;
const FOLD_ROOM = 24;

function lineMark({ points, up }: WiringLine, theme: Theme): Mark {
  return {
    tag: 'path',
    attrs: {
      d: `M${points.map(({ x, y }) => `${round2(x)} ${round2(y)}`).join('L')}`,
      fill: 'none',
      stroke: KIND_STYLES.net[theme.name],
      'stroke-width': 2,
      'stroke-linejoin': 'round',
      ...(up ? {} : { 'stroke-dasharray': '3 4' }),
    },
  };
}

function groupMarks(group: WiringGroup, theme: Theme): Mark[] {
  const { x, y, width, height, type, title, facts, texts, count, leftOut } = group;
  const room = width - 2 * PADDING;
  /** In its corner a network is folded. */
  const titled = type === 'network' ? room - FOLD_ROOM : room;
  const said =
    type === 'machine' || type === 'pair'
      ? ''
      : leftOut > 0
        ? t('{count, number} of {total, number}', { count: count - leftOut, total: count })
        : `${count}`;
  const name = fitText(title, TITLE_SIZE, titled - (said === '' ? 0 : textWidth(said, FACT_SIZE) + 8), true);
  const left = x + PADDING;
  const base = y + PADDING / 2 + TITLE - 7;
  return [
    {
      tag: 'rect',
      attrs: {
        x: round2(x),
        y: round2(y),
        width: round2(width),
        height: round2(height),
        rx: 10,
        fill: theme.panel,
        stroke: type === 'machine' ? theme.hull : theme.groupBorder,
        'stroke-width': type === 'machine' ? 2 : 1,
      },
    },
    words(left, base, TITLE_SIZE, theme.text, name, true),
    ...(said === '' ? [] : [words(left + textWidth(name, TITLE_SIZE, true) + 8, base, FACT_SIZE, theme.muted, said)]),
    ...facts.map((fact, index) =>
      words(left, base + 16 + index * LINE, FACT_SIZE, theme.muted, fitText(fact, FACT_SIZE, room)),
    ),
    ...texts.map(({ text, tone }, index) => {
      const colour = tone === 'muted' ? theme.muted : theme.text;
      const line = base + 20 + (facts.length + index) * LINE;
      return words(left, line, FACT_SIZE, colour, fitText(text, FACT_SIZE, room));
    }),
  ];
}

function boxMarks({ x, y, width, height, texts }: WiringBox, theme: Theme): Mark[] {
  const room = width - 2 * INSET;
  // One line for both, where there are many.
  const side = texts.length === 2 && height < 2 * LINE + 8;
  const marks: Mark[] = [
    {
      tag: 'rect',
      attrs: {
        x: round2(x),
        y: round2(y),
        width: round2(width),
        height: round2(height),
        rx: 6,
        fill: theme.node,
        stroke: theme.border,
      },
    },
  ];
  const [name, detail] = texts;
  if (side && name !== undefined && detail !== undefined) {
    const said = fitText(name.text, NAME_SIZE, room, true);
    const left = room - textWidth(said, NAME_SIZE, true) - 10;
    const rest = left < 30 ? '' : fitText(detail.text, FACT_SIZE, left);
    marks.push(words(x + INSET, y + 19, NAME_SIZE, theme.text, said, true));
    if (rest.length > 1) {
      marks.push(words(x + width - INSET - textWidth(rest, FACT_SIZE), y + 19, FACT_SIZE, theme.muted, rest));
    }
    return marks;
  }
  texts.forEach(({ text, tone }, index) => {
    const bold = tone === 'name';
    const size = bold ? NAME_SIZE : FACT_SIZE;
    const colour = tone === 'muted' ? theme.muted : theme.text;
    marks.push(words(x + INSET, y + 19 + index * LINE, size, colour, fitText(text, size, room, bold), bold));
  });
  return marks;
}

/** The picture, back to front. The page draws them as elements, the export as text. */
export function wiringMarks(wiring: Wiring, theme: Theme): Mark[] {
  const top = wiring.height - 8 - wiring.notes.length * (LINE + 2);
  return [
    ...wiring.groups.flatMap((group) => groupMarks(group, theme)),
    ...wiring.lines.map((line) => lineMark(line, theme)),
    ...wiring.boxes.flatMap((box) => boxMarks(box, theme)),
    ...wiring.notes.map((note, index) => {
      const text = fitText(visibleText(note), FACT_SIZE, wiring.width - 48);
      return words(24, top + (index + 1) * (LINE + 2) - 6, FACT_SIZE, theme.muted, text);
    }),
  ];
}
