import { words } from '../export/element.ts';
import { fitMiddle, fitText, type Mark, round2 } from '../layout/marks.ts';
import { KIND_STYLES, type Theme } from '../layout/palette.ts';
import { visibleText } from '../text/visible.ts';
import { TITLE, type Wiring, type WiringBox, type WiringEntry, type WiringLine } from './wiring.ts';

const PORT_HEIGHT = 20;
const NAME_WIDTH = 110;

function netColour(theme: Theme): string {
  return KIND_STYLES.net[theme.name];
}

function lineMark({ type, from, to, around, up }: WiringLine, theme: Theme): Mark {
  const bend = around ? 46 : (to.x - from.x) / 2;
  const second = around ? Math.max(from.x, to.x) + bend : to.x - bend;
  const points = [from.x + bend, from.y, second, to.y, to.x, to.y].map(round2);
  return {
    tag: 'path',
    attrs: {
      d: `M${round2(from.x)} ${round2(from.y)}C${points.join(' ')}`,
      fill: 'none',
      stroke: type === 'published' ? theme.muted : netColour(theme),
      'stroke-width': 2,
      ...(up ? {} : { 'stroke-dasharray': '3 4' }),
    },
  };
}

function boxMarks(box: WiringBox, theme: Theme): Mark[] {
  const marks: Mark[] = [
    {
      tag: 'rect',
      attrs: {
        x: round2(box.x),
        y: round2(box.y),
        width: box.width,
        height: round2(box.height),
        rx: 8,
        fill: theme.panel,
        stroke: box.host ? theme.text : theme.border,
        'stroke-width': box.host ? 2 : 1,
      },
    },
    words(
      box.x + 12,
      box.y + TITLE - 12,
      14,
      theme.text,
      fitText(visibleText(box.title), 14, box.width - 24, true),
      true,
    ),
  ];
  for (const port of box.ports) {
    marks.push({
      tag: 'rect',
      attrs: {
        x: round2(port.x),
        y: round2(port.y - PORT_HEIGHT / 2),
        width: port.width,
        height: PORT_HEIGHT,
        rx: 4,
        fill: theme.page,
        stroke: port.up ? netColour(theme) : theme.border,
        ...(port.up ? {} : { 'stroke-dasharray': '3 3' }),
      },
    });
    marks.push(
      words(port.x + 8, port.y + 4, 11, theme.text, fitMiddle(visibleText(port.name), 11, NAME_WIDTH, true), true),
    );
    const room = port.width - NAME_WIDTH - 24;
    marks.push(
      words(port.x + NAME_WIDTH + 14, port.y + 4, 11, theme.muted, fitText(visibleText(port.detail), 11, room)),
    );
  }
  if (box.ports.length === 0) marks.push(words(box.x + 12, box.y + TITLE + 14, 11, theme.muted, 'no links'));
  return marks;
}

/** Above the line what fits there, below it the rest: ports are not cut as long as there is room. */
function entryMarks({ text, x, y, width }: WiringEntry, theme: Theme): Mark[] {
  const parts = visibleText(text).split(', ');
  let first = parts.length;
  while (first > 1 && fitText(parts.slice(0, first).join(', '), 11, width).endsWith('…')) first -= 1;
  const lines = [parts.slice(0, first).join(', '), parts.slice(first).join(', ')];
  return lines
    .filter((line) => line !== '')
    .map((line, index) => words(x, y - 6 + 18 * index, 11, theme.text, fitText(line, 11, width), true));
}

/** The picture, back to front. The page draws them as elements, the export as text. */
export function wiringMarks(wiring: Wiring, theme: Theme): Mark[] {
  return [
    ...wiring.lines.map((line) => lineMark(line, theme)),
    ...wiring.boxes.flatMap((box) => boxMarks(box, theme)),
    ...wiring.entries.flatMap((entry) => entryMarks(entry, theme)),
  ];
}
