import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../snapshot/build.testing.ts';
import type { Detail, DetailOf } from './detail.ts';
import { namespaceOwner } from './net-sections.ts';
import { detailSections, rootSentence } from './sections.ts';

const snapshot = snapshotOf({ containers: [{ name: 'web' }] });
const [container] = snapshot.containers;
const process = snapshot.processes.find(({ pid }) => pid === container?.pid) ?? null;

function rows(detail: Detail): Record<string, string> {
  const sections = detailSections(detail, { snapshot, container: container ?? null, process });
  return Object.fromEntries(
    sections.flatMap((section) => section.rows.map(([name = '', value = '']) => [name, value])),
  );
}

describe('a process', () => {
  const detail: DetailOf<'process'> = {
    kind: 'process',
    exe: '/bin/web',
    cwd: '/',
    root: '/',
    rss: 2048,
    swap: 0,
    virtual: 4096,
    userTime: 1.5,
    systemTime: 0,
    nice: 0,
    uids: [0, 100_000, 0, 0],
    gids: [0, 0, 0, 0],
    groups: [],
    uidInside: 0,
    seccompFilters: 1,
    label: null,
    oomScore: 3,
    threadCount: 0,
    threads: [],
  };

  it('is told with its pids, its state, when it began, and who it is on both sides', () => {
    const told = rows(detail);
    expect(told.Pids).toMatch(/^\d+ → 1 /);
    expect(told.State).toBe('sleeping');
    expect(told.User).toBe('uid 100000 outside, 0 inside');
    expect(told.Memory).toContain('2.0 KiB resident');
    expect(told).not.toHaveProperty('Security label');
  });

  it('is told what setrlimit allows it, while it lives', () => {
    const ulimits = [
      { name: 'Max open files', soft: 1_024, hard: 524_288 },
      { name: 'Max processes', soft: 100, hard: null },
      { name: 'Max locked memory', soft: null, hard: null },
    ];
    expect(rows({ ...detail, ulimits })).toMatchObject({
      'Open files': 'at most 1024, which it may raise to 524288 (ulimit)',
      'Processes of its user': 'at most 100, until it sets another (ulimit)',
      'Locked memory': 'no limit',
    });
    if (process === null) throw new Error('no process');
    const ended = { ...process, state: 'Z' };
    const told = detailSections({ ...detail, ulimits }, { snapshot, container: null, process: ended })[0]?.rows;
    expect(told?.map(([name]) => name)).not.toContain('Open files');
  });

  it('as the first of a pid namespace that has ended, is the end of that', () => {
    if (process === null) throw new Error('no process');
    const { pid } = process;
    const told = (state: string) => {
      const processes = snapshot.processes.map((each) => (each.pid === pid ? { ...each, state } : each));
      const context = { snapshot: { ...snapshot, processes }, container: null, process: null };
      return detailSections({ kind: 'pid', init: pid, levels: 2 }, context)[0]?.rows[0]?.[1];
    };
    expect(told('S')).toBe(`pid ${pid} outside is pid 1 inside`);
    expect(told('Z')).toMatch(/it has ended, so no process can start in it any more$/);
  });

  it('has a parent, which is told of a zombie as who does not wait for it', () => {
    if (process === null) throw new Error('no process');
    const child = { ...process, pid: 4_000, ppid: process.pid, nsPids: [4_000, 7], state: 'Z' };
    const more = { ...snapshot, processes: [...snapshot.processes, child] };
    const parent = (each: typeof child) =>
      detailSections(detail, { snapshot: more, container: null, process: each })[0]?.rows.find(
        ([name]) => name === 'Parent',
      )?.[1];
    expect(parent({ ...child, state: 'S' })).toBe(
      `${process.pid} → 1 in web: ${process.argv.join(' ') || process.comm}`,
    );
    expect(parent(child)).toMatch(
      /which does not wait for it\. With --init the container has a first process that does$/,
    );
    expect(parent({ ...child, ppid: 0 })).toBeUndefined();
  });

  it('has all its threads counted, and says how many of them are listed', () => {
    const threads = Array.from({ length: 512 }, (_, tid) => ({ tid, comm: 'a', state: 'S', cpu: 0 }));
    const title = (facts: object) =>
      detailSections({ ...detail, ...facts }, { snapshot, container: container ?? null, process })[1]?.title;
    expect(title({ threadCount: 2_000, threads })).toBe('2,000 threads, the first 512 of them');
    expect(title({ threadCount: 512, threads })).toBe('512 threads');
  });

  it('has no user inside where its number is not mapped', () => {
    expect(rows({ ...detail, uidInside: null }).User).toBe('uid 100000 outside, without a number inside');
  });
});

it('says who root is outside', () => {
  const map = (outside: number) => [{ inside: 0, outside, count: 1 }];
  expect(rootSentence({ kind: 'user', uids: map(0), gids: [], setgroups: null })).toBe('Root inside is root outside.');
  expect(rootSentence({ kind: 'user', uids: map(100_000), gids: [], setgroups: null })).toBe(
    'Root inside is uid 100000 outside.',
  );
  expect(rootSentence({ kind: 'user', uids: [], gids: [], setgroups: null })).toBeNull();
});

it('names a namespace by its container, by the host, or by its id', () => {
  expect(namespaceOwner(snapshot, process?.namespaces.net ?? '')).toBe('web');
  expect(namespaceOwner(snapshot, snapshot.host.namespaces.net ?? '')).toBe('the host');
  expect(namespaceOwner(snapshot, 'net:[1]')).toBe('net:[1]');
});
