import { expect, it } from 'vitest';
import type { Usage } from '#core/answer/usage.ts';
import { byColumn, USAGE_COLUMNS } from '#core/answer/usage-columns.ts';
import type { GroupUsage } from '#core/answer/usage-group.ts';
import { KEPT_MS, sparkPath, withMoment } from './history.ts';

function use(...groups: (readonly [name: string, cpu: number | null, resident: number])[]): Usage {
  return {
    memory: { total: 100, parts: [], unexplained: 0 },
    cpu: { cpus: 1, parts: [] },
    processes: new Map(),
    sets: [],
    groups: groups.map(
      ([name, cpuPercent, resident]): GroupUsage => ({
        group: { key: name, kind: 'container', name, cgroup: null, processes: [], set: null },
        ...{ cpuPercent, resident, threads: 1, cgroup: null, throttledPercent: null },
        ...{ readPerSecond: null, writtenPerSecond: null, receivedPerSecond: null, sentPerSecond: null },
      }),
    ),
  };
}

it('the list is sorted by any column, and what is not known stands last either way', () => {
  const usage = use(['b', 5, 10], ['a', null, 30], ['c', 7, 20]);
  const order = (id: string, down: boolean) => {
    const column = USAGE_COLUMNS.find((each) => each.id === id);
    return column === undefined ? [] : usage.groups.toSorted(byColumn(column, down)).map(({ group }) => group.name);
  };
  expect(order('cpu', true)).toEqual(['c', 'b', 'a']);
  expect(order('cpu', false)).toEqual(['b', 'c', 'a']);
  expect(order('memory', true)).toEqual(['a', 'c', 'b']);
  expect(order('name', false)).toEqual(['a', 'b', 'c']);
  for (const { id } of USAGE_COLUMNS) expect(order(id, true)).toHaveLength(3);
});

it('a line holds ten minutes, has a gap where nobody looked, and stays within its place', () => {
  const at = (second: number) => second * 1_000;
  let moments = withMoment([], at(0), use(['a', 100, 10]));
  moments = withMoment(moments, at(1), use(['a', 50, 20]));
  moments = withMoment(moments, at(60), use(['a', 200, 40]));
  const path = sparkPath(moments, 'a', 'cpu', 100, { width: 600, height: 22 });
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path).toMatch(/L.*M600\.0 1\.0$/);
  expect(sparkPath(moments, 'none', 'cpu', 100, { width: 600, height: 22 })).toBe('');
  moments = withMoment(moments, at(60) + KEPT_MS, use(['a', 1, 1]));
  expect(moments).toHaveLength(1);
});
