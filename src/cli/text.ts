import { visibleText } from '#core/text/visible.ts';

/** How a cell is to look where colour is allowed. */
export type Tone = 'plain' | 'bold' | 'dim' | 'green' | 'yellow' | 'red';

const CODES: Record<Tone, string> = { plain: '', bold: '1', dim: '2', green: '32', yellow: '33', red: '31' };

/** Puts text of `visibleText` into a tone; as it is when colour is off. */
export function tone(text: string, name: Tone, colour: boolean): string {
  return !colour || name === 'plain' ? text : `\u001b[${CODES[name]}m${text}\u001b[0m`;
}

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

/**
 * Columns of a terminal that text of `visibleText` takes: two for the wide letters of East Asia, none for combining marks
 * and for the joiners that are part of a word.
 */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/[\p{Mark}\p{Default_Ignorable_Code_Point}]/u.test(character)) continue;
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** Aligned columns, two spaces apart, every cell escaped, no space at the ends of lines. Ends with a line break. */
export function table(
  header: readonly string[],
  rows: readonly (readonly (Cell | string)[])[],
  colour: boolean,
): string {
  const lines: Cell[][] = [
    header.map((text): Cell => ({ text, tone: 'bold' })),
    ...rows.map((row) => row.map((cell): Cell => (typeof cell === 'string' ? { text: cell } : cell))),
  ].map((row) => row.map((cell) => ({ ...cell, text: visibleText(cell.text) })));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => width(line[column]?.text ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const last = column === line.length - 1;
          const padding = last ? '' : ' '.repeat((widths[column] ?? 0) - width(cell.text));
          return tone(cell.text, cell.tone ?? 'plain', colour) + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
