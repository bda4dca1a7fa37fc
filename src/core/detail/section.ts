import type { Part } from '../text/what-is.ts';
import { t } from '../words/words.ts';

/** A detail in words, for a page or a terminal: a list of facts, or a table. Nothing in it is escaped. */
export interface Section {
  readonly title: string;
  /** What it is, explained. */
  readonly part: Part;
  /** Column heads; none for a list of name and value. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** For each row the place that it tells of, as `reach` takes it; null for none. */
  readonly places?: readonly (string | null)[];
  /** Said in place of rows that are not there. */
  readonly empty: string;
}

/** Facts that are known, each with its name. */
export function facts(part: Part, title: string, rows: readonly (readonly [string, string | null])[]): Section {
  const known = rows.filter((row): row is readonly [string, string] => row[1] !== null);
  return { title, part, head: [], rows: known, empty: t('Nothing is known.') };
}

export function seconds(value: number): string {
  return `${value >= 100 ? Math.round(value) : value.toFixed(2)} s`;
}
