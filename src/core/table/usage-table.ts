import type { Usage } from '../answer/usage.ts';
import { USAGE_COLUMNS } from '../answer/usage-columns.ts';
import { sortedGroups } from '../answer/usage-report.ts';
import { t } from '../words/words.ts';
import type { Table } from './table.ts';

/** A row for each container and service that uses the machine, who has most memory first. */
export function usageTable(usage: Usage): Table {
  const [name, ...numbers] = USAGE_COLUMNS;
  return {
    heads: [name?.label ?? 'Name', 'Kind', ...numbers.map(({ label }) => label)],
    kinds: Array<null>(USAGE_COLUMNS.length + 1).fill(null),
    depths: [],
    tree: 0,
    rows: sortedGroups(usage, 'memory').map((each) => [
      each.group.name,
      t(each.group.kind),
      ...numbers.map(({ text }) => text(each)),
    ]),
    note: t('Memory as the kernel counts it against the limit, file cache with it; ? is unknown'),
  };
}
