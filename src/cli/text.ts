import { visibleText } from '#core/text/visible.ts';

/** How a cell is to look where colour is allowed. */
export type Tone = 'plain' | 'bold' | 'dim' | 'green' | 'yellow' | 'red';

const CODES: Record<Tone, string> = { plain: '', bold: '1', dim: '2', green: '32', yellow: '33', red: '31' };

/** As no-color.org and force-color.org have it: a variable that is set and not empty counts; NO_COLOR wins. */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR ?? '';
  return forced === '' ? isTerminal : forced !== '0' && forced !== 'false';
}

/** Puts text of `visibleText` into a tone; as it is when colour is off. */
export function tone(text: string, name: Tone, colour: boolean): string {
  return !colour || name === 'plain' ? text : `\u001b[${CODES[name]}m${text}\u001b[0m`;
}

export interface Cell {
  readonly text: string;
  /** The same in English, where it is a word of ours: filters know it by both. */
  readonly english?: string;
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

/** Text that takes at most so many columns; what is cut off is marked. */
function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (width(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Chinese is written without spaces: a line may end behind each character, but none begins with a mark that closes, and
 * none ends with one that opens.
 */
const BETWEEN_CHARACTERS =
  /(?<=[\p{Script=Han}）】」』”])(?=[\p{Script=Han}（【「『“])|(?<=[、。，；：？！])(?=[^、。，；：？！）】」』”])/u;

/** Text in lines of at most so many columns, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    for (const [index, piece] of word.split(BETWEEN_CHARACTERS).entries()) {
      const last = lines.at(-1);
      const longer = `${last}${index === 0 ? ' ' : ''}${piece}`;
      if (last !== undefined && width(longer) <= columns) lines[lines.length - 1] = longer;
      else lines.push(piece);
    }
  }
  return lines;
}

/** No column is made narrower to fit a terminal. */
const NARROWEST = 10;
const NARROWEST_LAST = 24;

/** Widths that fit a terminal: the widest column gives way first. The last one is broken into lines, the others are cut. */
function fitted(widths: readonly number[], terminal: number): number[] {
  const fit = [...widths];
  const least = (column: number): number => (column === fit.length - 1 ? NARROWEST_LAST : NARROWEST);
  let over = fit.reduce((sum, each) => sum + each, 0) + 2 * (fit.length - 1) - terminal;
  for (; over > 0; over -= 1) {
    const widest = fit.reduce(
      (best, each, column) => (each > least(column) && each > (fit[best] ?? 0) ? column : best),
      -1,
    );
    if (widest < 0) break;
    fit[widest] = (fit[widest] ?? 0) - 1;
  }
  return fit;
}

/**
 * Aligned columns, two spaces apart, every cell escaped, no space at the ends of lines. Ends with a line break.
 * @param terminal columns of the terminal to fit into; null where nothing is to be cut
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly (Cell | string)[])[],
  colour: boolean,
  terminal: number | null = null,
): string {
  const lines: Cell[][] = [
    header.map((text): Cell => ({ text, tone: 'bold' })),
    ...rows.map((row) => row.map((cell): Cell => (typeof cell === 'string' ? { text: cell } : cell))),
  ].map((row) => row.map((cell) => ({ ...cell, text: visibleText(cell.text) })));
  const natural = header.map((_, column) => Math.max(...lines.map((line) => width(line[column]?.text ?? ''))));
  const widths = terminal === null ? natural : fitted(natural, terminal);
  return lines
    .flatMap((line) => {
      const short = line.map((cell, column) => ({ ...cell, text: cut(cell.text, widths[column] ?? 0) }));
      const last = line.at(-1);
      if (last === undefined || terminal === null) return [line];
      const [first = '', ...more] = wrapped(last.text, widths.at(-1) ?? 0);
      const blank = short.slice(0, -1).map((): Cell => ({ text: '' }));
      return [[...short.slice(0, -1), { ...last, text: first }], ...more.map((text) => [...blank, { ...last, text }])];
    })
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
