import { words } from '../layout/element.ts';
import { round2 } from '../layout/marks.ts';
import { visibleText } from '../text/visible.ts';
import { type DrawnWay, wayMarks } from '../wiring/way.ts';
import type { Wiring } from '../wiring/wiring.ts';
import { wiringMarks } from '../wiring/wiring-marks.ts';
import { clauses, t } from '../words/words.ts';
import { type Drawing, type FileTheme, fileTheme, timeText } from './drawing.ts';

const HEADER = 56;

/** The wiring of the network namespaces. */
export function wiringDrawing(
  wiring: Wiring,
  options: {
    readonly theme: FileTheme;
    readonly title: string;
    readonly takenAt: string;
    /** The way of an answer, drawn on it. */
    readonly way?: DrawnWay | null;
  },
): Drawing {
  const { theme, background } = fileTheme(options.theme);
  const line = clauses(t('Network namespaces and their links'), visibleText(timeText(options.takenAt)));
  const way = options.way == null ? [] : wayMarks(wiring, options.way, theme);
  const marks = [...wiringMarks(wiring, theme), ...way];
  return {
    width: round2(wiring.width),
    height: round2(wiring.height + HEADER),
    title: options.title,
    description: line,
    background: background === 'none' ? background : theme.page,
    head: [words(28, 30, 18, theme.text, visibleText(options.title), true), words(28, 48, 11, theme.muted, line)],
    layers: [{ x: 0, y: HEADER, scale: 1, parts: [{ className: 'wiring', key: '', data: {}, title: '', marks }] }],
  };
}
