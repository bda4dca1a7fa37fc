import type { Usage } from '#core/answer/usage.ts';
import { dockerStats, KIND_NAMES, percent, whyUnknown } from '#core/answer/usage-columns.ts';
import type { ListedUsage } from '#core/answer/usage-group.ts';
import { byUse, memoryOf, type UsageOrder } from '#core/answer/usage-report.ts';
import { isSum, usageRows } from '#core/answer/usage-sets.ts';
import { bytesText } from '#core/text/bytes.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { table, width } from './text.ts';

const some = (value: number | null | undefined, text: (value: number) => string): string =>
  value == null ? '?' : text(value);

/** The smallest limit on the way up, and whose it is where it is not its own. */
function limitText(use: ListedUsage): string {
  const { group, cgroup } = use;
  // Each member has its own.
  if (isSum(use)) return '';
  if (cgroup?.memory == null) return '?';
  const { memoryLimit, limitSetBy } = cgroup;
  if (memoryLimit === null) return t('none ⟨limit⟩');
  const limit = bytesText(memoryLimit);
  return limitSetBy === null || limitSetBy === group.cgroup
    ? limit
    : t('{limit} of {cgroup}', { limit, cgroup: limitSetBy });
}

interface TopColumn {
  readonly head: string;
  readonly text: (each: ListedUsage) => string;
}

const known = (value: number | null | undefined, text: (value: number) => string): string =>
  value == null ? '' : text(value);

/** From left to right. Where a terminal has no room, those of `GIVE_WAY` go, the first first; in a pipe all stand. */
const COLUMNS: readonly TopColumn[] = [
  { head: 'NAME', text: ({ group }) => group.name },
  { head: 'KIND', text: ({ group }) => t(KIND_NAMES[group.kind]) },
  { head: 'CPU %', text: ({ cpuPercent }) => some(cpuPercent, percent) },
  { head: 'MEMORY', text: (each) => bytesText(memoryOf(each)) },
  { head: 'DOCKER STATS', text: (each) => some(dockerStats(each), bytesText) },
  { head: 'LIMIT', text: limitText },
  { head: 'FILE CACHE', text: ({ cgroup }) => some(cgroup?.fileCache, bytesText) },
  { head: 'SHARED', text: ({ cgroup }) => some(cgroup?.shared, bytesText) },
  { head: 'SWAP', text: ({ cgroup }) => some(cgroup?.swap, bytesText) },
  { head: 'OOM KILLS', text: ({ cgroup }) => some(cgroup?.oomKills, String) },
  { head: 'THROTTLED %', text: ({ throttledPercent }) => known(throttledPercent, percent) },
  { head: 'WAITS %', text: ({ cgroup }) => known(cgroup?.memoryPressure, percent) },
  { head: 'READ/S', text: ({ readPerSecond }) => some(readPerSecond, bytesText) },
  { head: 'WRITTEN/S', text: ({ writtenPerSecond }) => some(writtenPerSecond, bytesText) },
  { head: 'IN/S', text: ({ receivedPerSecond }) => known(receivedPerSecond, bytesText) },
  { head: 'OUT/S', text: ({ sentPerSecond }) => known(sentPerSecond, bytesText) },
  { head: 'PROCESSES', text: ({ group }) => String(group.processes.length) },
  { head: 'THREADS', text: ({ threads }) => String(threads) },
];

const GIVE_WAY = [
  ...['WAITS %', 'THREADS', 'OOM KILLS', 'SWAP', 'SHARED', 'THROTTLED %', 'PROCESSES', 'FILE CACHE'],
  ...['KIND', 'IN/S', 'OUT/S', 'DOCKER STATS', 'LIMIT'],
];

/** What `?` in the list means, each reason once, with how many it is of. */
export function unknownNotes({ groups }: Usage): string[] {
  const reasons = new Map<string, number>();
  for (const each of groups) {
    const reason = whyUnknown(each);
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].map(([reason, count]) => t('? of {count, number}: {reason}', { count, reason }));
}

/**
 * Who uses what, a line each, a project or pod before its members.
 * @param terminal columns of the terminal to fit into; null where nothing is to be left out
 */
export function groupsTable(use: Usage, order: UsageOrder, colour: boolean, terminal: number | null): string {
  const groups = usageRows(use, byUse(order));
  let all = COLUMNS.map(({ head, text }) => ({
    head,
    cells: groups.map(({ use: each, depth }) => {
      const cell = visibleText(text(each));
      return head === 'NAME' && depth === 1 ? `  ${cell}` : cell;
    }),
  }));
  const wide = (): number =>
    all.reduce((sum, { head, cells }) => sum + 2 + Math.max(width(head), ...cells.map(width)), -2);
  for (const name of GIVE_WAY) {
    if (terminal === null || wide() <= terminal) break;
    all = all.filter(({ head }) => head !== name);
  }
  const rows = groups.map((_, at) => all.map(({ cells }) => cells[at] ?? ''));
  return table(
    all.map(({ head }) => head),
    rows,
    colour,
    terminal,
  );
}
