import type { UsageSet } from '../usage/groups.ts';
import type { CgroupUsage } from '../usage/schema.ts';
import type { GroupUsage, ListedUsage } from './usage-group.ts';

/** What a compose project or a pod uses: all of its members together, and each. */
export interface SetUsage {
  readonly sum: ListedUsage;
  readonly members: readonly GroupUsage[];
}

/** Unknown as soon as one is: a sum that lacks a part would be taken for the whole. */
function total<T>(all: readonly T[], value: (each: T) => number | null | undefined): number | null {
  let sum = 0;
  for (const each of all) {
    const part = value(each);
    if (part == null) return null;
    sum += part;
  }
  return sum;
}

/** What went through the links of all; members that share a network namespace have the same links, which count once. */
function throughLinks(
  members: readonly GroupUsage[],
  networkOf: (group: GroupUsage) => string | null,
  value: (group: GroupUsage) => number | null,
): number | null {
  const each = new Map(members.map((member) => [networkOf(member) ?? member.group.key, value(member)]));
  const known = [...each.values()].filter((rate) => rate !== null);
  return known.length === 0 ? null : known.reduce((sum, rate) => sum + rate, 0);
}

function sumOf(
  set: UsageSet,
  members: readonly GroupUsage[],
  networkOf: (group: GroupUsage) => string | null,
): ListedUsage {
  const count = (value: (cgroup: CgroupUsage) => number | null) =>
    total(members, ({ cgroup }) => (cgroup === null ? null : value(cgroup)));
  return {
    group: {
      ...{ key: set.key, kind: set.kind, name: set.name, cgroup: null, set: null },
      processes: members.flatMap(({ group }) => group.processes),
    },
    cpuPercent: total(members, ({ cpuPercent }) => cpuPercent),
    readPerSecond: total(members, ({ readPerSecond }) => readPerSecond),
    writtenPerSecond: total(members, ({ writtenPerSecond }) => writtenPerSecond),
    receivedPerSecond: throughLinks(members, networkOf, ({ receivedPerSecond }) => receivedPerSecond),
    sentPerSecond: throughLinks(members, networkOf, ({ sentPerSecond }) => sentPerSecond),
    resident: members.reduce((sum, { resident }) => sum + resident, 0),
    threads: members.reduce((sum, { threads }) => sum + threads, 0),
    cgroup: {
      memory: total(members, ({ cgroup, resident }) => cgroup?.memory ?? resident),
      anonymous: count(({ anonymous }) => anonymous),
      shared: count(({ shared }) => shared),
      fileCache: count(({ fileCache }) => fileCache),
      reclaimable: count(({ reclaimable }) => reclaimable),
      kernel: count(({ kernel }) => kernel),
      swap: count(({ swap }) => swap),
      oomKills: count(({ oomKills }) => oomKills),
      cpuMicroseconds: count(({ cpuMicroseconds }) => cpuMicroseconds),
      tasks: count(({ tasks }) => tasks),
      readBytes: count(({ readBytes }) => readBytes),
      writtenBytes: count(({ writtenBytes }) => writtenBytes),
      // Each has its own limits and waits for itself: these make no sum.
      ...{ memoryLimit: null, limitSetBy: null, tasksLimit: null, memoryPressure: null, throttledMicroseconds: null },
    },
    throttledPercent: null,
  };
}

/** The compose projects and pods that anything is of, in the order of their first members. */
export function usageSets(
  groups: readonly GroupUsage[],
  networkOf: (group: GroupUsage) => string | null,
): readonly SetUsage[] {
  const bySet = new Map<string, { readonly set: UsageSet; readonly members: GroupUsage[] }>();
  for (const each of groups) {
    const { set } = each.group;
    if (set === null) continue;
    const known = bySet.get(set.key);
    if (known === undefined) bySet.set(set.key, { set, members: [each] });
    else known.members.push(each);
  }
  return [...bySet.values()].map(({ set, members }) => ({ sum: sumOf(set, members, networkOf), members }));
}

/** Whether it is the sum of several. */
export const isSum = ({ group: { kind } }: ListedUsage): boolean => kind === 'compose' || kind === 'pod';

/** A row of a list of who uses what. */
export interface UsageRow {
  readonly use: ListedUsage;
  /** 1 below the row of its project or pod. */
  readonly depth: 0 | 1;
}

/**
 * The rows of a list: a project or pod with what it uses together, its members below it, among what is of none; each
 * level in the order that is asked for.
 * @param folded keys of projects and pods whose members are not shown
 */
export function usageRows(
  { groups, sets }: { readonly groups: readonly GroupUsage[]; readonly sets: readonly SetUsage[] },
  order: (a: ListedUsage, b: ListedUsage) => number,
  folded: ReadonlySet<string> = new Set(),
): UsageRow[] {
  const members = new Map(sets.map(({ sum, members: own }) => [sum.group.key, own]));
  const top: ListedUsage[] = [...groups.filter(({ group }) => group.set === null), ...sets.map(({ sum }) => sum)].sort(
    order,
  );
  return top.flatMap((use): UsageRow[] => [
    { use, depth: 0 },
    ...(folded.has(use.group.key) ? [] : [...(members.get(use.group.key) ?? [])].sort(order)).map(
      (member): UsageRow => ({ use: member, depth: 1 }),
    ),
  ]);
}
