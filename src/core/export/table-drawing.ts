import { words } from '../layout/element.ts';
import { BOLD, fitText, type Mark, round2, textMark, textWidth } from '../layout/marks.ts';
import { kindColour, type Theme } from '../layout/palette.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Table } from '../table/table.ts';
import { visibleText } from '../text/visible.ts';
import { t } from '../words/words.ts';
import { type Drawing, type FileTheme, fileTheme, type Part, timeText } from './drawing.ts';

const SIDE = 24;
const HEADER = 66;
const ROW = 20;
const SIZE = 11;
const GAP = 14;
const STEP = 12;
/** Steps that a row of a tree is set in at most: a damaged file may claim any depth. */
const DEEPEST = 16;
const WIDEST = 340;
/** How many rows are measured for the widths: more would hardly change them. */
const SAMPLE = 2_000;
const LONGEST_CELL = 400;

export interface TableDrawingOptions {
  readonly theme: FileTheme;
  readonly title: string;
  readonly subtitle: string;
  /** ISO 8601. */
  readonly takenAt: string;
  /** Rows of one drawing at most. */
  readonly rows: number;
  /** The most drawings; rows beyond them are counted in the last. */
  readonly pages: number;
  /** What stands above the first rows, for a width. */
  readonly above?: (width: number, theme: Theme) => { readonly parts: readonly Part[]; readonly height: number };
}

const inset = ({ depths, tree }: Table, row: number, column: number): number =>
  column === tree ? Math.min(depths[row] ?? 0, DEEPEST) * STEP : 0;

/** What a cell says to readers. */
function shown(text: string, kind: NamespaceKind | null): string {
  if (kind !== null && text === 'own') return t('own ⟨namespace⟩');
  return kind !== null && text === 'host' ? t('host') : visibleText(text.slice(0, LONGEST_CELL));
}

/** The heads as readers get them. */
const headsOf = ({ heads }: Table): string[] => heads.map((head) => (isKind(head) ? head : t(head)));

const isKind = (head: string): head is NamespaceKind => (NAMESPACE_KINDS as readonly string[]).includes(head);

function widthsOf(table: Table): number[] {
  return headsOf(table).map((head, column) => {
    let width = textWidth(head, SIZE, true);
    for (const [index, row] of table.rows.slice(0, SAMPLE).entries()) {
      width = Math.max(
        width,
        inset(table, index, column) + textWidth(shown(row[column] ?? '', table.kinds[column] ?? null), SIZE),
      );
    }
    return Math.min(WIDEST, Math.ceil(width)) + GAP;
  });
}

/** A table as drawings: one below the other, each with the heads. */
export function tableDrawings(table: Table, options: TableDrawingOptions): Drawing[] {
  const { theme, background } = fileTheme(options.theme);
  const widths = widthsOf(table);
  const width = Math.max(700, widths.reduce((sum, each) => sum + each, 0) + 2 * SIDE);
  const whole = Math.max(1, Math.ceil(table.rows.length / options.rows));
  const pages = Math.min(whole, options.pages);
  const left = table.rows.length - pages * options.rows;

  const line = (cells: readonly string[], draw: (text: string, column: number, x: number) => Mark): Mark[] => {
    let x = SIDE;
    return cells.flatMap((text, column) => {
      const at = x;
      x += widths[column] ?? 0;
      return text === '' ? [] : [draw(text, column, at)];
    });
  };
  const above = options.above?.(width - 2 * SIDE, theme) ?? null;
  const heads = line(headsOf(table), (text, column, x) => {
    const kind = table.kinds[column] ?? null;
    return textMark(x, 14, SIZE, kind === null ? theme.text : kindColour(kind, theme.name), text, BOLD);
  });
  const rule = (y: number): Mark => ({
    tag: 'line',
    attrs: { x1: SIDE, y1: y, x2: round2(width - SIDE), y2: y, stroke: theme.groupBorder, 'stroke-width': 1 },
  });

  return Array.from({ length: pages }, (_, page): Drawing => {
    const first = page * options.rows;
    const rows = table.rows.slice(first, first + options.rows);
    const parts = rows.map((row, index): Part => {
      const y = ROW * (index + 1);
      const marks = line(row, (text, column, x) => {
        const dx = inset(table, first + index, column);
        const room = (widths[column] ?? 0) - GAP - dx;
        const kind = table.kinds[column] ?? null;
        const fill =
          kind === null || text === 'host' || text === 'own' || text === '?'
            ? column === 0 || column === table.tree
              ? theme.text
              : theme.muted
            : kindColour(kind, theme.name);
        return textMark(x + dx, y + 14, SIZE, fill, fitText(shown(text, kind), SIZE, room));
      });
      return {
        className: 'row',
        key: String(first + index),
        data: { name: row[0] ?? '' },
        title: '',
        marks: [...marks, rule(y + ROW)],
      };
    });
    const last = page === pages - 1 && left > 0;
    const more = t('and {count, plural, one {# more row} other {# more rows}}: CSV has all of them', { count: left });
    const top = HEADER + (page === 0 ? (above?.height ?? 0) : 0);
    const bottom = top + ROW * (rows.length + 1);
    const head: Part = { className: 'heads', key: '', data: {}, title: '', marks: [...heads, rule(ROW)] };
    const subtitle = [
      visibleText(options.subtitle),
      t('{count, plural, one {# row} other {# rows}}', { count: table.rows.length }),
      visibleText(timeText(options.takenAt)),
      ...(pages > 1 ? [t('page {page} of {pages}', { page: page + 1, pages })] : []),
    ].join(' · ');
    return {
      width: round2(width),
      height: bottom + (last ? 28 : 0) + 20,
      title: options.title,
      description: t('{line}. {note}.', { line: subtitle, note: table.note }),
      background: background === 'none' ? background : theme.page,
      head: [
        words(SIDE, 32, 18, theme.text, fitText(visibleText(options.title), 18, width - 2 * SIDE, true), true),
        words(SIDE, 51, 11, theme.muted, fitText(`${subtitle} · ${table.note}`, 11, width - 2 * SIDE)),
        ...(last ? [words(SIDE, bottom + 20, SIZE, theme.muted, more)] : []),
      ],
      layers: [
        ...(page === 0 && above !== null ? [{ x: SIDE, y: HEADER, scale: 1, parts: above.parts }] : []),
        { x: 0, y: top, scale: 1, parts: [head, ...parts] },
      ],
    };
  });
}
