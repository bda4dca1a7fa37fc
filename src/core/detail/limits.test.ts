import { describe, expect, it } from 'vitest';
import { limitSections } from './limit-sections.ts';
import { limitFiles, limitsDetail, parseCgroupPaths, pathsOfContainer } from './limits.ts';

const MIB = 1024 ** 2;
const ID = 'a'.repeat(64);
const rows = (detail: ReturnType<typeof limitsDetail>) => Object.fromEntries(limitSections(detail)[0]?.rows ?? []);

describe('a container on version 2 whose init moved below', () => {
  const own = `/system.slice/docker-${ID}.scope`;
  const inner = parseCgroupPaths(`0::${own}/init\n`);
  const paths = pathsOfContainer(inner, ID);
  const at = (level: string, name: string) => `sys/fs/cgroup${level}/${name}`;
  const texts = {
    [at(own, 'memory.current')]: `${203 * MIB}\n`,
    [at(own, 'memory.max')]: `${512 * MIB}\n`,
    [at('/system.slice', 'memory.max')]: 'max\n',
    [at('/system.slice', 'memory.high')]: `${900 * MIB}\n`,
    [at(own, 'memory.stat')]: `anon ${2 * MIB}\nfile ${200 * MIB}\nshmem 0\ninactive_file ${126 * MIB}\n`,
    [at(own, 'cpu.max')]: '50000 100000\n',
    [at('/system.slice', 'cpu.max')]: '20000 100000\n',
    [at(own, 'cpu.stat')]: 'usage_usec 200000000\nthrottled_usec 500000\n',
    [at(own, 'cpu.weight')]: '100\n',
    [at(own, 'pids.current')]: '702\n',
    [at(own, 'pids.max')]: 'max\n',
    [at('/system.slice', 'pids.max')]: '2000\n',
    [at(own, 'io.stat')]: '254:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n',
  };
  const detail = limitsDetail(paths, inner, texts);

  it('is counted at its own cgroup, and the limits above hold too', () => {
    expect(detail).toMatchObject({
      version: 2,
      path: own,
      inner: `${own}/init`,
      memory: { current: 203 * MIB, limit: { value: 512 * MIB, setBy: own }, high: { value: 900 * MIB } },
      cpu: {
        limit: { quota: 20_000, period: 100_000, setBy: '/system.slice' },
        used: 200,
        throttled: 0.5,
        weight: 100,
      },
      tasks: { current: 702, limit: { value: 2_000, setBy: '/system.slice' } },
      io: [{ device: '254:0', read: 4096, written: 8192 }],
    });
  });

  it('is told with both counts of memory, with tasks, and who sets what', () => {
    expect(rows(detail)).toMatchObject({
      Memory: '203 MiB of 512 MiB, 200 MiB of it file cache',
      'In docker stats': '77.0 MiB: without file cache that was not used lately',
      'CPU limit': '0.20 CPUs (20000 of each 100000 µs, set by /system.slice)',
      'Tasks (threads)': '702 of 2000 (set by /system.slice)',
      'CPU used': '200 s',
      'Its process is in': `${own}/init`,
    });
  });

  it('is read at every level up to the root', () => {
    const files = limitFiles(paths, inner);
    expect(files).toContain(at('/system.slice', 'cpu.max'));
    expect(files.filter((file) => file.startsWith('sys/fs/cgroup/pids.max'))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.current')).some((file) => file.includes('/init/'))).toBe(false);
  });

  it('is limited from below as well: what holds for its process alone is told beside', () => {
    const more = {
      [at(`${own}/init`, 'memory.max')]: `${32 * MIB}\n`,
      [at(`${own}/init`, 'cpu.max')]: 'max 100000\n',
      [at(`${own}/init`, 'pids.max')]: '40\n',
    };
    expect(limitFiles(paths, inner)).toEqual(expect.arrayContaining(Object.keys(more)));
    const told = rows(limitsDetail(paths, inner, { ...texts, ...more }));
    expect(told).toMatchObject({
      Memory: '203 MiB of 512 MiB, 200 MiB of it file cache',
      'For its process: memory': `at most 32.0 MiB (set by ${own}/init)`,
      'For its process: tasks': `at most 40 (set by ${own}/init)`,
    });
    expect(Object.keys(told)).not.toContain('For its process: CPU');
    expect(Object.keys(rows(detail)).filter((name) => name.startsWith('For its'))).toEqual([]);
  });
});

describe('version 1', () => {
  const paths = parseCgroupPaths(
    `5:memory:/docker/a\n4:cpuacct,cpu:/docker/b\n3:pids:/docker/c\n0::/system.slice/containerd.service\n`,
  );

  it('takes each controller’s own path, and knows what stands for no limit', () => {
    const texts = {
      'sys/fs/cgroup/memory/docker/x/memory.usage_in_bytes': '0\n',
      'sys/fs/cgroup/memory/docker/a/memory.usage_in_bytes': '4096\n',
      'sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes': '9223372036854771712\n',
      'sys/fs/cgroup/memory/docker/memory.limit_in_bytes': '8192\n',
      'sys/fs/cgroup/memory/docker/a/memory.soft_limit_in_bytes': '1024\n',
      'sys/fs/cgroup/memory/docker/a/memory.memsw.limit_in_bytes': '9000\n',
      'sys/fs/cgroup/cpu/docker/b/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/docker/b/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu/docker/cpu.cfs_quota_us': '50000\n',
      'sys/fs/cgroup/cpu/docker/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu/docker/b/cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 2000000000\n',
      'sys/fs/cgroup/cpuacct/docker/b/cpuacct.usage': '1500000000\n',
      'sys/fs/cgroup/pids/docker/c/pids.current': '1\n',
      'sys/fs/cgroup/pids/docker/c/pids.max': 'max\n',
    };
    expect(limitsDetail(paths, paths, texts)).toMatchObject({
      version: 1,
      path: '/docker/a',
      inner: null,
      memory: {
        current: 4096,
        limit: { value: 8192, setBy: '/docker' },
        high: { value: null },
        swapLimit: { value: null },
      },
      cpu: { limit: { quota: 50_000, setBy: '/docker' }, used: 1.5, throttled: 2 },
      tasks: { current: 1, limit: { value: null, setBy: null } },
    });
  });
});

it('on old kernels a cgroup above that leaves its children to themselves limits nobody below', () => {
  const paths = parseCgroupPaths(`5:memory:/a/b/c\n`);
  const at = (level: string, name: string) => `sys/fs/cgroup/memory${level}/memory.${name}`;
  const texts = (hierarchy: string) => ({
    [at('/a/b/c', 'usage_in_bytes')]: '4096\n',
    [at('/a/b/c', 'use_hierarchy')]: '0\n',
    [at('/a/b/c', 'limit_in_bytes')]: '16384\n',
    [at('/a/b', 'use_hierarchy')]: `${hierarchy}\n`,
    [at('/a/b', 'limit_in_bytes')]: '12288\n',
    [at('/a', 'use_hierarchy')]: `${hierarchy}\n`,
    [at('/a', 'limit_in_bytes')]: '8192\n',
  });
  const limit = (hierarchy: string) => limitsDetail(paths, paths, texts(hierarchy)).memory?.limit;
  expect(limit('0')).toEqual({ value: 16_384, setBy: '/a/b/c' });
  expect(limit('1')).toEqual({ value: 8_192, setBy: '/a' });
  expect(limitFiles(paths, paths)).toEqual(expect.arrayContaining(Object.keys(texts('1'))));
});

it('nothing is known where no file could be read, and no limit is no number', () => {
  const paths = parseCgroupPaths('0::/x');
  expect(limitsDetail(paths, paths, {})).toMatchObject({ memory: null, cpu: null, tasks: null, io: null });
  const some = limitsDetail(paths, paths, {
    'sys/fs/cgroup/x/memory.current': '1048576\n',
    'sys/fs/cgroup/x/pids.current': '3\n',
  });
  expect(rows(some)).toMatchObject({ Memory: '1.0 MiB, no limit', 'Tasks (threads)': '3, no limit' });
});

describe('version 1, where some controllers have the process elsewhere', () => {
  const own = `/docker/${ID}`;
  const at = (controller: string, level: string, name: string) => `sys/fs/cgroup/${controller}${level}/${name}`;
  const texts = {
    [at('memory', '/', 'memory.usage_in_bytes')]: `${3_500 * MIB}\n`,
    [at('memory', own, 'memory.usage_in_bytes')]: '4096\n',
    [at('memory', own, 'memory.limit_in_bytes')]: `${64 * MIB}\n`,
    [at('memory', own, 'memory.memsw.usage_in_bytes')]: '8192\n',
    [at('memory', own, 'memory.memsw.limit_in_bytes')]: `${96 * MIB}\n`,
    [at('cpuacct', '/', 'cpuacct.usage')]: '93000000000000\n',
    [at('cpuacct', own, 'cpuacct.usage')]: '1000000000\n',
    [at('cpu', own, 'cpu.shares')]: '1024\n',
    [at('blkio', own, 'blkio.throttle.read_bps_device')]: '254:0 1048576\n',
    [at('blkio', own, 'blkio.throttle.write_iops_device')]: '254:0 100\n',
    [at('hugetlb', own, 'hugetlb.2MB.usage_in_bytes')]: '0\n',
    [at('hugetlb', own, 'hugetlb.2MB.limit_in_bytes')]: `${4 * MIB}\n`,
    [at('hugetlb', own, 'hugetlb.1GB.usage_in_bytes')]: '0\n',
    [at('hugetlb', own, 'hugetlb.1GB.limit_in_bytes')]: '9223372036854771712\n',
  };
  const all = ['memory', 'cpu', 'cpuacct', 'pids', 'blkio', 'hugetlb'];
  const standing = (away: readonly string[], where: string) =>
    parseCgroupPaths(all.map((name, index) => `${index + 1}:${name}:${away.includes(name) ? where : own}\n`).join(''));

  it('tells the container’s limits, and that they do not hold for a process that is in the root', () => {
    const inner = standing(['memory', 'cpuacct'], '/');
    const paths = pathsOfContainer(inner, ID);
    expect(limitFiles(paths, inner)).toEqual(expect.arrayContaining([at('memory', own, 'memory.limit_in_bytes')]));
    const told = rows(limitsDetail(paths, inner, texts));
    expect(told).toMatchObject({
      Cgroup: `${own} (version 1)`,
      Memory: '4.0 KiB of 64.0 MiB',
      'Memory and swap together': '8.0 KiB of 96.0 MiB',
      'CPU used': '1.00 s',
      'In another cgroup': 'memory, cpuacct: its process is in /, and the limits above do not hold for it',
      'Huge pages of 2MB': '0 B of 4.0 MiB',
    });
    expect(Object.keys(told)).not.toContain('Its process is in');
    expect(Object.keys(told)).not.toContain('Huge pages of 1GB');
  });

  it('a controller that has it below changes nothing, and none that agrees is named', () => {
    const inner = standing(['pids'], `${own}/init`);
    expect(limitsDetail(pathsOfContainer(inner, ID), inner, texts)).not.toHaveProperty('elsewhere');
  });

  it('what the root of a hierarchy counts is not what one process uses', () => {
    const inner = parseCgroupPaths('4:memory:/service\n2:cpuacct:/\n1:cpu:/\n0::/\n');
    const told = rows(
      limitsDetail(inner, inner, { ...texts, [at('memory', '/service', 'memory.usage_in_bytes')]: '4096\n' }),
    );
    expect(told).toMatchObject({ Memory: '4.0 KiB, no limit', 'In another cgroup': 'cpu, cpuacct: it is in /' });
    expect(Object.keys(told)).not.toContain('CPU used');
    const root = parseCgroupPaths('4:memory:/\n2:cpuacct:/\n0::/\n');
    const machine = limitsDetail(root, root, {
      ...texts,
      [at('memory', '/', 'memory.stat')]: 'total_inactive_file 1\n',
    });
    expect(rows(machine)).toMatchObject({ 'That is': 'the whole machine: no limit holds', 'CPU used': '93000 s' });
    expect(Object.keys(rows(machine))).not.toContain('In docker stats');
  });

  it('tells limits of disks', () => {
    const inner = standing([], '/');
    const detail = limitsDetail(inner, inner, texts);
    expect(detail.ioLimits).toEqual([
      { device: '254:0', of: 'read-bytes', most: MIB, setBy: own },
      { device: '254:0', of: 'writes', most: 100, setBy: own },
    ]);
    const said = limitSections(detail)[0]
      ?.rows.filter(([name]) => name === 'Disk 254:0')
      .map(([, text]) => text);
    expect(said).toEqual(['at most 1.0 MiB read a second', 'at most 100 writes a second']);
  });
});

it('limits of disks and huge pages hold from above on version 2, the smallest of each', () => {
  const own = `/a.slice/docker-${ID}.scope`;
  const paths = parseCgroupPaths(`0::${own}\n`);
  const texts = {
    [`sys/fs/cgroup${own}/io.max`]: '254:0 rbps=2097152 wbps=max riops=max wiops=200\n',
    'sys/fs/cgroup/a.slice/io.max': '254:0 rbps=1048576 wbps=max riops=max wiops=max\n',
    [`sys/fs/cgroup${own}/hugetlb.2MB.current`]: '2097152\n',
    [`sys/fs/cgroup${own}/hugetlb.2MB.max`]: 'max\n',
    'sys/fs/cgroup/a.slice/hugetlb.2MB.max': '4194304\n',
  };
  expect(limitFiles(paths, paths)).toEqual(expect.arrayContaining(Object.keys(texts)));
  const detail = limitsDetail(paths, paths, texts);
  expect(detail.ioLimits).toEqual([
    { device: '254:0', of: 'read-bytes', most: MIB, setBy: '/a.slice' },
    { device: '254:0', of: 'writes', most: 200, setBy: own },
  ]);
  expect(rows(detail)).toMatchObject({ 'Huge pages of 2MB': '2.0 MiB of 4.0 MiB (set by /a.slice)' });
});

it('a cgroup whose name only begins like another one is not below it', () => {
  const told = parseCgroupPaths(`5:memory:/docker/${ID}\n3:pids:/docker/${ID}\n0::/\n`);
  const inner = parseCgroupPaths(`5:memory:/docker/${ID}-other\n3:pids:/docker/${ID}/init\n0::/\n`);
  const texts = {
    [`sys/fs/cgroup/memory/docker/${ID}/memory.usage_in_bytes`]: '4096\n',
    [`sys/fs/cgroup/memory/docker/${ID}-other/memory.limit_in_bytes`]: '1024\n',
  };
  expect(limitsDetail(told, inner, texts)).toMatchObject({
    inner: null,
    elsewhere: [{ controller: 'memory', path: `/docker/${ID}-other` }],
  });
  expect(limitsDetail(told, inner, texts)).not.toHaveProperty('below.memory');
});
