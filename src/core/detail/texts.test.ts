import { describe, expect, it } from 'vitest';
import { insideOf, parseIdMap, parseMounts, parseOffsets, parseSysvipc, parseUlimits, processDetail } from './texts.ts';

describe('mount tables', () => {
  it('reads a line whole: propagation, escapes, options', () => {
    const [mount] = parseMounts(
      '36 35 98:0 /mnt1 /with\\040space rw,noatime shared:1 master:2 - ext3 /dev/ro\\011ot rw,errors=continue\n',
    );
    expect(mount).toEqual({
      id: 36,
      parent: 35,
      device: '98:0',
      root: '/mnt1',
      point: '/with space',
      options: ['rw', 'noatime'],
      propagation: ['shared:1', 'master:2'],
      type: 'ext3',
      source: '/dev/ro\tot',
      superOptions: ['rw', 'errors=continue'],
    });
  });

  it('skips what is no line of a mount table', () => {
    expect(parseMounts('garbage\n36 35 98:0 / / rw - \n\n')).toHaveLength(1);
    expect(parseMounts('36 35 98:0 / / rw\n')).toEqual([]);
  });
});

describe('id maps', () => {
  const map = parseIdMap('         0     100000      65536\n     70000          5          1\n');
  it('translates into the namespace, and says where there is no number', () => {
    expect(map).toEqual([
      { inside: 0, outside: 100_000, count: 65_536 },
      { inside: 70_000, outside: 5, count: 1 },
    ]);
    expect(insideOf(map, 100_000)).toBe(0);
    expect(insideOf(map, 165_535)).toBe(65_535);
    expect(insideOf(map, 165_536)).toBeNull();
    expect(insideOf(map, 5)).toBe(70_000);
  });
});

it('reads shared memory by the names of its columns', () => {
  const text = [
    '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap',
    '       255          3  1600                  4096   100   100      2  1000  1000  1000  1000          0          0 1700000000                  4096                     0',
  ].join('\n');
  expect(parseSysvipc(text, 'size', 'nattch')).toEqual([
    { id: 3, key: '0xff', uid: 1000, mode: '1600', size: 4096, used: 2 },
  ]);
  expect(parseSysvipc('       key      semid perms      nsems   uid\n', 'nsems', null)).toEqual([]);
});

it('reads clock offsets, negative ones too', () => {
  expect(parseOffsets('monotonic           -5  500000000\nboottime       86400         0\n')).toEqual({
    kind: 'time',
    monotonic: -4.5,
    boottime: 86_400,
  });
});

it('reads a process whose name tries to look like more', () => {
  const stat = '42 (a) R 1 (b)) S 1 42 42 0 -1 4194560 1 0 0 0 250 50 0 0 20 5 1 0 100 0 0\n';
  const status =
    'Name:\ta) R 1 (b)\nUid:\t1000\t100000\t1000\t1000\nGid:\t5\t5\t5\t5\nGroups:\t5 27 \nVmSize:\t    2048 kB\nVmRSS:\t     512 kB\nSeccomp_filters:\t2\n';
  const detail = processDetail(
    {
      stat,
      status,
      exe: '/bin/x',
      uid_map: '0 100000 65536\n',
      'attr/current': 'docker-default (enforce)\n',
      oom_score: '7\n',
    },
    { '42/stat': stat, '43/stat': '43 (worker) D 1 42 42 0 -1 0 0 0 0 0 100 0 0 0\n', '44/stat': null },
    2_000,
    100,
  );
  expect(detail).toMatchObject({
    exe: '/bin/x',
    root: null,
    rss: 512 * 1024,
    virtual: 2048 * 1024,
    swap: null,
    userTime: 2.5,
    systemTime: 0.5,
    nice: 5,
    uidInside: 0,
    groups: [5, 27],
    seccompFilters: 2,
    label: 'docker-default (enforce)',
    oomScore: 7,
    threadCount: 2_000,
  });
  expect(detail.threads).toEqual([
    { tid: 42, comm: 'a) R 1 (b)', state: 'S', cpu: 3 },
    { tid: 43, comm: 'worker', state: 'D', cpu: 1 },
  ]);
});

it('what setrlimit allows a process is read from its table', () => {
  const text = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max processes             unlimited            unlimited            processes
Max open files            1024                 524288               files
Max locked memory         8388608              8388608              bytes
`;
  expect(parseUlimits(text)).toEqual([
    { name: 'Max open files', soft: 1_024, hard: 524_288 },
    { name: 'Max processes', soft: null, hard: null },
    { name: 'Max locked memory', soft: 8_388_608, hard: 8_388_608 },
  ]);
  expect(parseUlimits('')).toEqual([]);
});
