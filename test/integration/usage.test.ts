import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { usageOf } from '../../src/core/answer/usage.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const MIB = 1024 * 1024;
const PROBE = 'resources/probe/linux-amd64/bulkhead-probe';

describeWith('who uses a real machine', { ...ENGINE_NEEDS, files: [...ENGINE_NEEDS.files, PROBE] }, () => {
  let engine: TestEngine;
  let inspector: Inspector;

  beforeAll(async () => {
    engine = await startEngine();
    const run = (name: string, script: string, ...args: string[]) =>
      engine.docker('run', '-d', '--name', name, ...args, engine.image, '/bin/sh', '-c', script);
    await run('busy', 'while :; do :; done', '--memory=64m', '--cpus=0.3');
    await run('shared', 'dd if=/dev/zero of=/dev/shm/x bs=1M count=40 2>/dev/null; exec sleep 1000');
    const shop = ['--label', 'com.docker.compose.project=shop'];
    await run('cart', 'dd if=/dev/zero of=/dev/shm/x bs=1M count=20 2>/dev/null; exec sleep 1000', ...shop);
    await run('side', 'while :; do :; done', '--network=container:cart', '--cpus=0.2', ...shop);
    await run('cached', 'dd if=/dev/zero of=/x bs=1M count=100 2>/dev/null; exec sleep 1000');
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  it('sums to its memory, and tells each container by its cgroup', async () => {
    const endpoint = engine.host;
    const stop = inspector.subscribe.session({ endpoint }, () => {});
    const files = () => engine.docker('exec', 'cached', 'wc', '-c', '/x');
    await expect.poll(files, { timeout: 20_000 }).toContain(String(100 * MIB));
    const before = await inspector.request['usage.sample']({ endpoint });
    await sleep(1_000);
    const after = await inspector.request['usage.sample']({ endpoint });
    const snapshot = await inspector.request['snapshot.take']({ endpoint });
    const usage = usageOf(snapshot, before, after);
    stop();

    expect(Math.abs(usage.memory.unexplained) / usage.memory.total).toBeLessThan(0.05);
    const of = (name: string) => usage.groups.find(({ group }) => group.name === name && group.kind === 'container');
    expect(of('busy')?.cgroup).toMatchObject({ memoryLimit: 64 * MIB });
    expect(of('busy')?.cgroup?.limitSetBy).toMatch(/[0-9a-f]{64}/);
    // A busy machine gives it less than it may have; never much more.
    expect(of('busy')?.cpuPercent).toBeGreaterThan(1);
    expect(of('busy')?.cpuPercent).toBeLessThan(60);
    expect(of('shared')?.cgroup?.shared).toBeGreaterThanOrEqual(40 * MIB);
    expect(of('shared')?.cgroup?.fileCache).toBeLessThan(10 * MIB);
    expect(of('cached')?.cgroup?.fileCache).toBeGreaterThanOrEqual(95 * MIB);
    expect(of('cached')?.cgroup?.anonymous).toBeLessThan(10 * MIB);
    // A project is the sum of its containers; those of one network have its links, which count once.
    const [shop] = usage.sets;
    expect(usage.sets.map(({ sum }) => sum.group.name)).toEqual(['shop']);
    expect(shop?.sum.cgroup?.memory).toBe((of('cart')?.cgroup?.memory ?? 0) + (of('side')?.cgroup?.memory ?? 0));
    expect(shop?.sum.cpuPercent).toBeCloseTo((of('cart')?.cpuPercent ?? 0) + (of('side')?.cpuPercent ?? 0));
    expect(shop?.sum.cpuPercent).toBeGreaterThan(1);
    expect(shop?.sum.receivedPerSecond).toBe(of('cart')?.receivedPerSecond);
    // Every process that was there both times has its numbers.
    const pid = Number(await engine.docker('inspect', '-f', '{{.State.Pid}}', 'busy'));
    expect(usage.processes.get(pid)?.cpuPercent).toBeGreaterThan(1);
  });
});
