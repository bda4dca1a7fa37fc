import type { Usage } from '#core/answer/usage.ts';
import { percent } from '#core/answer/usage-columns.ts';
import { memoryOf } from '#core/answer/usage-report.ts';
import { bytesText } from '#core/text/bytes.ts';
import type { PlainMessage } from '#core/words/words.ts';

/** The columns of use that other lists have beside their own. */
export const USE_COLUMNS = ['cpu', 'memory'] as const;
export type UseColumn = (typeof USE_COLUMNS)[number];

/** Null means not known. */
export type Use = Readonly<Record<UseColumn, number | null>>;

export const USE_NAMES: Readonly<Record<UseColumn, PlainMessage>> = { cpu: 'CPU %', memory: 'Memory' };

export function isUse(column: string): column is UseColumn {
  return (USE_COLUMNS as readonly string[]).includes(column);
}

/** What containers use, by their ids. */
export function containerUses(usage: Usage | null): ReadonlyMap<string, Use> {
  const groups = usage?.groups ?? [];
  return new Map(groups.map((group) => [group.group.key, { cpu: group.cpuPercent, memory: memoryOf(group) }]));
}

/** What processes use, by their pids: of memory what is resident, with what they share. */
export function processUses(usage: Usage | null): ReadonlyMap<number, Use> {
  const processes = usage?.processes ?? new Map();
  return new Map([...processes].map(([pid, { cpuPercent, resident }]) => [pid, { cpu: cpuPercent, memory: resident }]));
}

/** A cell; '' where nothing was measured. */
export function amountText(column: UseColumn, use: Use | undefined): string {
  const value = use?.[column];
  if (value == null) return '';
  return column === 'cpu' ? percent(value) : bytesText(value);
}
