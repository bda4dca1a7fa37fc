import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machineUsage } from '../../src/core/usage/machine.ts';
import { usageReply } from '../../src/core/usage/schema.ts';
import { describeWith } from '../support/require.ts';
import { PROBE, PROBE_NEEDS } from './probe.ts';

/** Fields of stat after the name: index 0 is the state. Source: proc(5). */
function statOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

function ask() {
  const { stdout } = spawnSync(PROBE, ['serve'], { input: 'usage 1\n', encoding: 'utf8' });
  const reply = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return { usage: usageReply.parse(reply.usage), machine: machineUsage(reply.texts) };
}

describeWith('what everything has used', PROBE_NEEDS, () => {
  it('is what the kernel says of each process, whatever its name is', async () => {
    // Its name ends like a line of stat.
    const child = spawn('/bin/sh', ['-c', "printf 'x) R 1 1 1' > /proc/$$/comm; while :; do :; done"]);
    const pid = child.pid ?? 0;
    try {
      await expect.poll(() => statOf(pid)[11], { timeout: 10_000 }).toBeGreaterThan(5);
      const before = statOf(pid);
      const { usage } = ask();
      const after = statOf(pid);
      const row = usage.processes.find(([each]) => each === pid);
      expect(row?.[1]).toBe(before[19]);
      expect(row?.[2]).toBeGreaterThanOrEqual((before[11] ?? 0) + (before[12] ?? 0));
      expect(row?.[2]).toBeLessThanOrEqual((after[11] ?? 0) + (after[12] ?? 0));
      expect(row?.[3]).toBe(after[21]);
      expect(row?.[4]).toBeTypeOf('number');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('tells the machine’s memory, of which less than a twentieth is in no part', () => {
    const { machine } = ask();
    if (machine === null) throw new Error('no meminfo');
    const kernel = machine.kernel.reduce((sum, { bytes }) => sum + bytes, 0);
    const parts = machine.free + machine.anonymous + machine.shared + machine.fileCache + kernel;
    expect(Math.abs(machine.total - parts) / machine.total).toBeLessThan(0.05);
    expect(machine.cpus).toBeGreaterThan(0);
  });
});
