import { visibleText } from '#core/text/visible.ts';
import { commas, t } from '#core/words/words.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { type Cell, table } from './text.ts';

/** A list that a command prints: which of it, and which columns, the user may choose. */
export interface Listing {
  readonly columns: readonly Column[];
  /** A cell for each column. */
  readonly rows: readonly (readonly (Cell | string)[])[];
  /** The column that names a row for other commands: what `--quiet` prints. */
  readonly key: string;
}

export interface Column {
  /** As `--columns` and `--filter` name it. */
  readonly id: string;
  /** Only where it is asked for. */
  readonly extra?: boolean;
}

export interface ListingOptions {
  readonly columns?: readonly string[];
  readonly filter?: readonly string[];
  readonly quiet?: boolean;
}

/** How a list is to be drawn. */
export interface Look {
  readonly colour: boolean;
  /** Columns of the terminal; null where there is none, and nothing is cut. */
  readonly columns: number | null;
}

const textOf = (cell: Cell | string | undefined): string => (typeof cell === 'string' ? cell : (cell?.text ?? ''));

function columnAt({ columns }: Listing, id: string): number {
  const at = columns.findIndex((column) => column.id === id.toLowerCase());
  if (at >= 0) return at;
  throw new CliError(
    EXIT.usage,
    t('There is no column "{name}". There are: {columns}.', {
      name: visibleText(id),
      columns: commas(columns.map((column) => column.id)),
    }),
  );
}

/** `state=running` is the whole cell, `name~web` a part of it; in any case. */
function fits(listing: Listing, filter: string): (row: Listing['rows'][number]) => boolean {
  const parsed = /^([\w-]+)(!?[=~])(.*)$/s.exec(filter);
  if (parsed === null) {
    throw new CliError(
      EXIT.usage,
      t(
        '"{filter}" is not a filter. A filter is COLUMN=TEXT for the whole cell, COLUMN~TEXT for a part of it, and != or !~ for all others.',
        { filter: visibleText(filter) },
      ),
    );
  }
  const [, column = '', how = '', wanted = ''] = parsed;
  const at = columnAt(listing, column);
  const text = wanted.toLowerCase();
  return (row) => {
    const cell = row[at];
    // What a script filters by is found in every language.
    const texts = [textOf(cell), ...(typeof cell === 'object' && cell.english !== undefined ? [cell.english] : [])].map(
      (each) => each.toLowerCase(),
    );
    return texts.some((each) => (how.endsWith('=') ? each === text : each.includes(text))) !== how.startsWith('!');
  };
}

/** True where the user has chosen what of the list to print: then nothing else is printed. */
export function isChosen({ columns, filter, quiet }: ListingOptions): boolean {
  return columns !== undefined || filter !== undefined || quiet === true;
}

/**
 * The list as text. @throws CliError for a column or filter that there is not
 */
export function listingText(listing: Listing, options: ListingOptions, { colour, columns }: Look): string {
  const filters = (options.filter ?? []).map((filter) => fits(listing, filter));
  const rows = listing.rows.filter((row) => filters.every((passes) => passes(row)));
  if (options.quiet === true) {
    const at = columnAt(listing, listing.key);
    const keys = new Set(rows.map((row) => textOf(row[at])));
    return [...keys].map((key) => `${visibleText(key)}\n`).join('');
  }
  const shown =
    options.columns?.map((id) => columnAt(listing, id)) ??
    listing.columns.flatMap(({ extra }, at) => (extra === true ? [] : [at]));
  const head = shown.map((at) => (listing.columns[at]?.id ?? '').replaceAll('-', ' ').toUpperCase());
  const cells = rows.map((row) => shown.map((at) => row[at] ?? ''));
  return table(head, cells, colour, columns);
}
