import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../snapshot/build.testing.ts';
import type { Process } from '../snapshot/snapshot.ts';
import { type ListOptions, processRows, userText } from './rows.ts';

const base = snapshotOf({
  containers: [
    { name: 'web1' },
    { name: 'web2', namespaces: { net: 'web1' }, process: { argv: ['nginx', '-g'], uid: 33 } },
  ],
});
const web1 = base.processes.find(({ pid }) => pid === 1000) as Process;
const snapshot = {
  ...base,
  processes: [
    ...base.processes,
    { ...web1, pid: 1100, ppid: 1000, nsPids: [1100, 7], argv: ['sleep', '5'], comm: 'sleep', threads: 9 },
    { ...web1, pid: 1101, ppid: 1100, nsPids: [1101, 8], argv: [], comm: 'deep', state: 'Z' },
    { ...(base.processes[0] as Process), pid: 2, kernelThread: true, comm: 'kthreadd', argv: [] },
  ],
};
const OPTIONS: ListOptions = {
  tree: false,
  filter: '',
  kernelThreads: false,
  sort: { column: 'pid', down: false },
  folded: new Set(),
};
const pids = (options: Partial<ListOptions>) =>
  processRows(snapshot, { ...OPTIONS, ...options }).map(({ process }) => process.pid);

describe('processRows', () => {
  it('has every process, kernel threads on request', () => {
    expect(pids({})).toEqual([1, 1000, 1001, 1100, 1101]);
    expect(pids({ kernelThreads: true })).toContain(2);
  });

  it("tells what is not init's, and whose it is", () => {
    const [init, first] = processRows(snapshot, OPTIONS);
    expect(init?.differs).toEqual([]);
    expect(first?.differs.map(({ kind }) => kind)).toEqual(['mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup']);
    expect(first?.container).toBe('web1');
  });

  it.each<[string, readonly number[]]>([
    ['nginx', [1001]],
    ['web1 sleep', [1000, 1100, 1101]],
    ['uid 33', [1001]],
    ['zombie', [1101]],
    ['nothing like it', []],
  ])('finds %s', (filter, expected) => {
    const found = pids({ filter });
    if (filter === 'web1 sleep') expect(found).toEqual([1000, 1100]);
    else expect(found).toEqual(expected);
  });

  it('sorts by any column, up and down', () => {
    expect(pids({ sort: { column: 'threads', down: false } })[0]).toBe(1100);
    expect(pids({ sort: { column: 'pid', down: true } })[0]).toBe(1101);
    expect(pids({ sort: { column: 'container', down: false } }).at(-1)).toBe(1);
  });

  it('sorts by what is measured: who uses most first, who is not measured last', () => {
    const uses = new Map([
      [1001, { cpu: 3, memory: 10 }],
      [1100, { cpu: 40, memory: null }],
      [1, { cpu: 0, memory: 99 }],
    ]);
    expect(pids({ uses, sort: { column: 'cpu', down: false } })).toEqual([1100, 1001, 1, 1000, 1101]);
    expect(pids({ uses, sort: { column: 'memory', down: false } })).toEqual([1, 1001, 1000, 1100, 1101]);
  });

  it('is a tree with its ancestors, however it is filtered, and folds', () => {
    const rows = processRows(snapshot, { ...OPTIONS, tree: true, filter: 'zombie' });
    expect(rows.map(({ process, depth, found }) => [process.pid, depth, found])).toEqual([
      [1, 0, false],
      [1000, 1, false],
      [1100, 2, false],
      [1101, 3, true],
    ]);
    expect(pids({ tree: true, folded: new Set([1000]) })).toEqual([1, 1000, 1001]);
  });

  it('shows all of a machine whose parents make a loop', () => {
    const loop = {
      ...snapshot,
      processes: [
        { ...web1, pid: 5, ppid: 6 },
        { ...web1, pid: 6, ppid: 5 },
      ],
    };
    expect(processRows(loop, { ...OPTIONS, tree: true })).toHaveLength(2);
  });
});

describe('userText', () => {
  const home = base.host.namespaces.user;
  const own = 'user:[4026539999]';
  const inOwn = { ...web1, uid: 100033, namespaces: { ...web1.namespaces, user: own } };

  it("is one number in the machine's own user namespace", () => {
    expect(userText({ ...web1, uid: 33, namespaces: { ...web1.namespaces, user: home } }, home, new Map())).toBe('33');
  });

  it('has the number inside where the map has one, and says where it has none', () => {
    const maps = new Map([[own, [{ inside: 0, outside: 100000, count: 65536 }]]]);
    expect(userText(inOwn, home, maps)).toBe('33 → 100033');
    expect(userText({ ...inOwn, uid: 7 }, home, maps)).toBe('none → 7');
  });

  it('guesses nothing where the map or the namespace could not be read', () => {
    expect(userText(inOwn, home, new Map())).toBe('? → 100033');
    expect(userText({ ...inOwn, namespaces: { ...inOwn.namespaces, user: null } }, home, new Map())).toBe('? → 100033');
  });
});
