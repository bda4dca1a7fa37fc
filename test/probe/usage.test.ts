import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
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

describeWith('asked again and again', { ...PROBE_NEEDS, programs: [...PROBE_NEEDS.programs, 'prlimit'] }, () => {
  type Rows = ReturnType<typeof ask>['usage']['processes'];

  /** A probe that answers, with so many descriptors at most. */
  async function asker(descriptors: number) {
    const limit = `--nofile=${descriptors}:${descriptors}`;
    const probe = spawn('prlimit', [limit, PROBE, 'serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: probe.stdout })[Symbol.asyncIterator]();
    await lines.next();
    return {
      async rows(): Promise<Rows> {
        probe.stdin.write('usage 1\n');
        return usageReply.parse(JSON.parse((await lines.next()).value ?? '').usage).processes;
      },
      open: () => readdirSync(`/proc/${probe.pid}/fd`).length,
      end: () => probe.stdin.end(),
    };
  }

  it('tells what is so now, of those that go on, and nothing of those that have ended', async () => {
    const busy = spawn('/bin/sh', ['-c', 'while :; do :; done']);
    const brief = spawn('/bin/sleep', ['1000']);
    const probe = await asker(4096);
    try {
      const cpuOf = (rows: Rows, pid = 0) => rows.find(([each]) => each === pid)?.[2];
      const first = await probe.rows();
      expect(cpuOf(first, brief.pid)).toBeTypeOf('number');
      const ended = new Promise((resolve) => brief.once('exit', resolve));
      brief.kill('SIGKILL');
      await ended;
      const late = spawn('/bin/sleep', ['1000']);
      try {
        await expect
          .poll(async () => cpuOf(await probe.rows(), busy.pid), { timeout: 10_000 })
          .toBeGreaterThan((cpuOf(first, busy.pid) ?? 0) + 3);
        const last = await probe.rows();
        expect(cpuOf(last, brief.pid)).toBeUndefined();
        expect(cpuOf(last, late.pid)).toBeTypeOf('number');
        expect(last.find(([pid]) => pid === late.pid)?.[1]).toBe(statOf(late.pid ?? 0)[19]);
        // What has ended is let go of.
        expect(probe.open()).toBeLessThan(2 * last.length + 20);
      } finally {
        late.kill('SIGKILL');
      }
    } finally {
      busy.kill('SIGKILL');
      probe.end();
    }
  });

  it('tells of all where few descriptors may be open, and leaves half of them free', async () => {
    const probe = await asker(40);
    try {
      for (let round = 0; round < 3; round += 1) {
        const rows = await probe.rows();
        const own = rows.find(([pid]) => pid === process.pid);
        expect(own?.[1]).toBe(statOf(process.pid)[19]);
        expect(own?.[4]).toBeTypeOf('number');
        expect(probe.open()).toBeLessThan(30);
      }
    } finally {
      probe.end();
    }
  });
});
