import type { Usage } from '../answer/usage.ts';
import { KIND_NAMES, USAGE_COLUMNS } from '../answer/usage-columns.ts';
import { byUse } from '../answer/usage-report.ts';
import { usageRows } from '../answer/usage-sets.ts';
import { t } from '../words/words.ts';
import type { Table } from './table.ts';

/**
 * A row for each container and service that uses the machine, the most memory first, below the project or pod that it
 * is of.
 */
export function usageTable(usage: Usage): Table {
  const [name, ...numbers] = USAGE_COLUMNS;
  const rows = usageRows(usage, byUse('memory'));
  return {
    heads: [name?.label ?? 'Name', 'Kind', ...numbers.map(({ label }) => label)],
    kinds: Array<null>(USAGE_COLUMNS.length + 1).fill(null),
    depths: rows.map(({ depth }) => depth),
    tree: 0,
    rows: rows.map(({ use }) => [
      use.group.name,
      t(KIND_NAMES[use.group.kind]),
      ...numbers.map(({ text }) => text(use)),
    ]),
    note: t('Memory as the kernel counts it against the limit, file cache with it; ? is unknown'),
  };
}
