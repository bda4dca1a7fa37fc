import { describe, expect, it } from 'vitest';
import {
  cgroupFiles,
  insideOf,
  parseCgroupPaths,
  parseIdMap,
  parseMounts,
  parseOffsets,
  parseSysvipc,
  processDetail,
  wallsDetail,
} from './texts.ts';

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

describe('cgroups', () => {
  it('takes the unified path on version 2', () => {
    const paths = parseCgroupPaths('0::/system.slice/docker-abc.scope\n');
    expect(paths.version).toBe(2);
    expect(cgroupFiles(paths).get('memory.max')).toBe('sys/fs/cgroup/system.slice/docker-abc.scope/memory.max');
    const detail = wallsDetail(paths, {
      'memory.current': '1048576\n',
      'memory.max': 'max\n',
      'memory.swap.max': '0\n',
      'cpu.max': '50000 100000\n',
      'cpu.stat': 'usage_usec 2500000\nuser_usec 1\nnr_periods 4\nthrottled_usec 500000\n',
      'cpu.weight': '100\n',
      'pids.current': '3\n',
      'pids.max': '64\n',
      'io.stat': '254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n',
      'memory.high': null,
    });
    expect(detail).toMatchObject({
      version: 2,
      memory: { current: 1_048_576, max: null, swapMax: 0 },
      cpu: { quota: 50_000, period: 100_000, used: 2.5, throttled: 0.5, weight: 100 },
      pids: { current: 3, max: 64 },
      io: [{ device: '254:0', read: 4096, written: 8192 }],
    });
  });

  it('takes each controller’s own path on version 1, and knows what stands for no limit', () => {
    const paths = parseCgroupPaths('5:memory:/docker/a\n4:cpuacct,cpu:/docker/b\n3:pids:/docker/c\n0::/\n');
    expect(paths.version).toBe(1);
    expect(cgroupFiles(paths).get('cpu.cfs_quota_us')).toBe('sys/fs/cgroup/cpu/docker/b/cpu.cfs_quota_us');
    const detail = wallsDetail(paths, {
      'memory.usage_in_bytes': '4096\n',
      'memory.limit_in_bytes': '9223372036854771712\n',
      'cpu.cfs_quota_us': '-1\n',
      'cpu.cfs_period_us': '100000\n',
      'cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 2000000000\n',
      'cpuacct.usage': '1500000000\n',
      'pids.current': '1\n',
      'pids.max': 'max\n',
      'blkio.throttle.io_service_bytes': '8:0 Read 10\n8:0 Write 20\n8:0 Total 30\nTotal 30\n',
    });
    expect(detail).toMatchObject({
      memory: { current: 4096, max: null },
      cpu: { quota: null, used: 1.5, throttled: 2 },
      pids: { current: 1, max: null },
      io: [{ device: '8:0', read: 10, written: 20 }],
    });
  });

  it('says that nothing is known where no file could be read', () => {
    expect(wallsDetail(parseCgroupPaths('0::/x'), {})).toMatchObject({ memory: null, cpu: null, pids: null, io: null });
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
