import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/require.ts';

describeWith('which cgroup of a process is told', { programs: ['gcc'] }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-cgroup-'));
    const sources = ['parse', 'parse_cgroup', 'kinds', 'util'].map((name) => `native/probe/src/${name}.c`);
    execFileSync('gcc', [
      ...['-std=c11', '-D_GNU_SOURCE', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
      ...['native/probe/test/cgroup.c', ...sources, '-o', join(folder, 'cgroup')],
    ]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const told = (...lines: string[]): string[] =>
    execFileSync(join(folder, 'cgroup'), { encoding: 'utf8', input: `${lines.join('\n')}\n` })
      .trim()
      .split('\n');
  const id = '0123456789abcdef'.repeat(4);

  it('the one with the container’s id, where hybrid cgroups name a service in the unified hierarchy', () => {
    const v1 = ['net_cls,net_prio', 'freezer', 'memory', 'pids', 'cpu,cpuacct', 'name=systemd'];
    const text = [
      ...v1.map((controllers, index) => `${12 - index}:${controllers}:/docker/${id}`),
      '4:rdma:/',
      '0::/system.slice/containerd.service',
    ];
    expect(told(...text)).toEqual([`/docker/${id}`, '/system.slice/containerd.service']);
    expect(told(...text.reverse())).toEqual([`/docker/${id}`, '/system.slice/containerd.service']);
  });

  it('and the root, where a controller that limits was taken out of the container’s cgroup', () => {
    const own = `/docker/${id}`;
    expect(told('4:memory:/', `3:pids:${own}`, `1:name=systemd:${own}`, '0::/')).toEqual([own, '/']);
    expect(told(`0::${own}`, `3:memory:${own}`, '2:cpuacct,cpu:/')).toEqual([own, '/']);
    // Where no controller that limits bears the id, the engine has never put it there.
    expect(told('4:memory:/', '3:pids:/', `1:name=systemd:${own}`)).toEqual([own]);
    expect(told(`4:memory:${own}`, '3:rdma:/', '2:net_cls:/')).toEqual([own]);
    expect(told('4:memory:/a', '3:pids:/')).toEqual(['/a']);
  });

  it('else the unified one, and what differs from it', () => {
    expect(told('2:memory:/user', '1:name=systemd:/user.slice', '0::/user.slice/a')).toEqual([
      '/user.slice/a',
      '/user',
      '/user.slice',
    ]);
    expect(told(`1:name=systemd:/docker/${id}`, `0::/x/docker-${id}.scope`)).toEqual([
      `/x/docker-${id}.scope`,
      `/docker/${id}`,
    ]);
    // Sixty-five digits are no id.
    expect(told(`1:name=systemd:/a/${id}0`, '0::/b')).toEqual(['/b', `/a/${id}0`]);
    expect(told('0::/')).toEqual(['/']);
  });
});
