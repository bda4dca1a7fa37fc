import { describe, expect, it } from 'vitest';
import { usageOf } from '../answer/usage.ts';
import { byUse, usageReport } from '../answer/usage-report.ts';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { cgroupUsage, filesOf } from './files.ts';
import { machineUsage } from './machine.ts';
import { sampleFiles, usageSample } from './sample.ts';

const MIB = 1024 * 1024;

describe('a cgroup of version 2', () => {
  const dir = 'sys/fs/cgroup/work.slice/job.scope';
  const texts = {
    [`${dir}/memory.current`]: '210000000\n',
    [`${dir}/memory.max`]: 'max\n',
    'sys/fs/cgroup/work.slice/memory.max': '314572800\n',
    [`${dir}/memory.stat`]: 'anon 1000000\nfile 200000000\nkernel 3000000\nshmem 40000000\ninactive_file 90000000\n',
    [`${dir}/memory.events`]: 'low 0\noom 3\noom_kill 2\n',
    [`${dir}/memory.pressure`]:
      'some avg10=1.50 avg60=0.00 avg300=0.00 total=9\nfull avg10=0.50 avg60=0 avg300=0 total=1\n',
    [`${dir}/cpu.stat`]: 'usage_usec 5000000\nuser_usec 1\nthrottled_usec 700000\n',
    [`${dir}/io.stat`]: '8:0 rbytes=100 wbytes=200 rios=1 wios=1\n8:16 rbytes=1 wbytes=2 rios=1 wios=1\n',
    [`${dir}/pids.current`]: '7\n',
    [`${dir}/pids.max`]: 'max\n',
    'sys/fs/cgroup/work.slice/pids.max': '2000\n',
  };

  it('is read whole: shared memory is no file cache, and the limit may be one above', () => {
    expect(cgroupUsage('2', () => '/work.slice/job.scope', texts)).toEqual({
      memory: 210_000_000,
      anonymous: 1_000_000,
      shared: 40_000_000,
      fileCache: 160_000_000,
      reclaimable: 90_000_000,
      kernel: 3_000_000,
      swap: null,
      memoryLimit: 314_572_800,
      limitSetBy: '/work.slice',
      oomKills: 2,
      memoryPressure: 1.5,
      cpuMicroseconds: 5_000_000,
      throttledMicroseconds: 700_000,
      tasks: 7,
      tasksLimit: 2_000,
      readBytes: 101,
      writtenBytes: 202,
    });
  });

  it('asks for the limits of every level, and for nothing of the root', () => {
    const files = filesOf('2', () => '/work.slice/job.scope');
    expect(files.filter((file) => file.endsWith('memory.max'))).toEqual([
      `${dir}/memory.max`,
      'sys/fs/cgroup/work.slice/memory.max',
    ]);
  });
});

it('a cgroup of version 1 is read from the directory of each controller', () => {
  const of = (name: string) => `sys/fs/cgroup/${name.split('/')[0]}/docker/x/${name.split('/')[1]}`;
  const texts = {
    [of('memory/memory.usage_in_bytes')]: '130000000\n',
    [of('memory/memory.limit_in_bytes')]: '9223372036854771712\n',
    [of('memory/memory.stat')]:
      'cache 1\ntotal_cache 120000000\ntotal_rss 2000000\ntotal_shmem 20000000\ntotal_inactive_file 5\n',
    [of('memory/memory.oom_control')]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n',
    [of('cpuacct/cpuacct.usage')]: '7000000000\n',
    [of('cpu/cpu.stat')]: 'nr_periods 6\nthrottled_time 3000000000\n',
    [of('blkio/blkio.throttle.io_service_bytes')]: '8:0 Read 10\n8:0 Write 20\n8:16 Read 1\nTotal 31\n',
    [of('pids/pids.current')]: '3\n',
  };
  expect(cgroupUsage('hybrid', () => '/docker/x', texts)).toMatchObject({
    memory: 130_000_000,
    anonymous: 2_000_000,
    shared: 20_000_000,
    fileCache: 100_000_000,
    memoryLimit: null,
    limitSetBy: null,
    oomKills: 4,
    cpuMicroseconds: 7_000_000,
    throttledMicroseconds: 3_000_000,
    tasks: 3,
    readBytes: 11,
    writtenBytes: 20,
  });
});

it('a hybrid machine has the controllers of version 1, and counts waiting in the tree of version 2', () => {
  const read = (texts: Record<string, string>) => cgroupUsage('hybrid', () => '/docker/x', texts);
  const pressure = { 'sys/fs/cgroup/unified/docker/x/memory.pressure': 'some avg10=2.50 avg60=0 avg300=0 total=1\n' };
  expect(filesOf('hybrid', () => '/docker/x')).toContain(Object.keys(pressure)[0]);
  expect(read(pressure).memoryPressure).toBe(2.5);
  expect(filesOf('1', () => '/docker/x').join()).not.toContain('unified');
  expect(cgroupUsage('1', () => '/docker/x', pressure).memoryPressure).toBeNull();
});

it('of version 1 what the cgroups below read and wrote is counted too, where the kernel sums it', () => {
  const at = (name: string) => `sys/fs/cgroup/blkio/docker/x/blkio.throttle.${name}`;
  const own = { [at('io_service_bytes')]: '8:0 Read 10\n8:0 Write 20\n' };
  const whole = { [at('io_service_bytes_recursive')]: '8:0 Read 100\n8:0 Write 200\n' };
  expect(cgroupUsage('1', () => '/docker/x', own)).toMatchObject({ readBytes: 10, writtenBytes: 20 });
  expect(cgroupUsage('1', () => '/docker/x', { ...own, ...whole })).toMatchObject({
    readBytes: 100,
    writtenBytes: 200,
  });
});

const MACHINE = {
  meminfo: `MemTotal:        1024000 kB
MemFree:          512000 kB
MemAvailable:     900000 kB
Buffers:            1000 kB
Cached:           300000 kB
SwapCached:            0 kB
SwapTotal:             0 kB
SwapFree:              0 kB
AnonPages:        100000 kB
Shmem:             50000 kB
KReclaimable:      20000 kB
Slab:              40000 kB
KernelStack:        2000 kB
PageTables:         3000 kB
Percpu:             1000 kB
`,
  stat: 'cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 50 0 25 400 25 0 0 0 0 0\ncpu1 50 0 25 400 25 0 0 0 0 0\nintr 1\n',
  vmstat: 'oom_kill 5\n',
  'pressure/memory': 'some avg10=2.00 avg60=0.00 avg300=0.00 total=1\n',
};

it('the machine is told in bytes, and what the kernel does not say is null', () => {
  const machine = machineUsage(MACHINE);
  expect(machine).toMatchObject({ cpus: 2, busyTicks: 150, idleTicks: 850, oomKills: 5, fileCache: 251_000 * 1024 });
  expect(machine?.pressure).toEqual({ cpu: null, memory: 2, io: null });
  expect(machineUsage({})).toBeNull();
});

it('stacks, which the kernel counts in vmalloc as well, are in one part', () => {
  const kernel = (more: string) => machineUsage({ ...MACHINE, meminfo: `${MACHINE.meminfo}${more}` })?.kernel;
  expect(kernel('VmallocUsed:  9000 kB\n')).toContainEqual({ name: 'vmalloc', bytes: 7_000 * 1024 });
  expect(kernel('VmallocUsed:  1000 kB\n')?.map(({ name }) => name)).not.toContain('vmalloc');
});

describe('who uses the machine', () => {
  const path = (name: string) => `/docker/${idOf(name)}`;
  const moment: Snapshot = (() => {
    const made = snapshotOf({ containers: ['web', 'db'].map((name) => ({ name, process: { cgroup: path(name) } })) });
    return { ...made, host: { ...made.host, cgroupVersion: '2' } };
  })();
  const cgroups = (cpu: number) => {
    const of = (name: string, file: string) => `sys/fs/cgroup${path(name)}/${file}`;
    return {
      [of('web', 'memory.current')]: `${30 * MIB}\n`,
      [of('web', 'memory.stat')]: `anon ${20 * MIB}\nfile ${10 * MIB}\nshmem 0\ninactive_file 0\n`,
      [of('web', 'cpu.stat')]: `usage_usec ${cpu}\nthrottled_usec 0\n`,
      [of('db', 'memory.current')]: `${60 * MIB}\n`,
      [of('db', 'memory.stat')]: `anon ${10 * MIB}\nfile ${50 * MIB}\nshmem ${40 * MIB}\ninactive_file 0\n`,
      [of('db', 'cpu.stat')]: 'usage_usec 0\nthrottled_usec 0\n',
    };
  };
  const sample = (at: number, cpu: number, busy: number) => {
    const stat = MACHINE.stat.replace('cpu  100', `cpu  ${100 + busy}`);
    const made = usageSample(moment, at, { pageSize: 4096, processes: [] }, { ...MACHINE, stat }, cgroups(cpu));
    if (made === null) throw new Error('no sample');
    return made;
  };
  const usage = usageOf(moment, sample(1_000, 0, 0), sample(3_000, 1_000_000, 150));

  it('sums to the memory of the machine, each page in one part', () => {
    const sum = usage.memory.parts.reduce((total, { bytes }) => total + bytes, 0);
    expect(sum + usage.memory.unexplained).toBe(usage.memory.total);
    const part = (name: string, kind: string) =>
      usage.memory.parts.find((each) => each.name === name && each.kind === kind)?.bytes;
    expect(part('web', 'container')).toBe(20 * MIB);
    expect(part('db', 'container')).toBe(50 * MIB);
    expect(part('db', 'cache')).toBe(10 * MIB);
    expect(part('other processes', 'rest')).toBe(150_000 * 1024 - 70 * MIB);
    expect(part('file cache of all others', 'cache')).toBe(251_000 * 1024 - 20 * MIB);
    expect(usage.memory.unexplained).toBe((1_024_000 - 512_000 - 301_000 - 100_000 - 46_000) * 1024);
  });

  it('tells processor time between two moments, in percent of one processor', () => {
    const containers = usage.groups.filter(({ group }) => group.kind === 'container').sort(byUse('cpu'));
    expect(containers.map(({ group, cpuPercent }) => [group.name, cpuPercent])).toEqual([
      ['web', 50],
      ['db', 0],
    ]);
    expect(usage.cpu.parts.map(({ kind, percent }) => [kind, percent])).toEqual([
      ['container', 50],
      ['rest', 25],
      ['idle', 125],
    ]);
  });

  it('tells nothing of a container that began anew between the two', () => {
    const again = usageOf(moment, sample(1_000, 9_000_000, 0), sample(3_000, 1_000, 0));
    expect(again.groups.find(({ group }) => group.name === 'web')?.cpuPercent).toBeNull();
  });

  it('is reported as documented', () => {
    const report = usageReport(moment, usage, 'memory');
    expect(report.containers.map(({ name }) => name)).toEqual(['db', 'web']);
    expect(report.containers[1]).toMatchObject({ cpuPercent: 50, memory: 30 * MIB, memoryLimit: null, pids: 1 });
    expect(sampleFiles(moment).length).toBeGreaterThan(10);
  });
});
