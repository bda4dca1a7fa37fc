import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';
const needs = {
  ...ENGINE_NEEDS,
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe', PROGRAM],
};

describeWith('answers of the command line on a real engine', needs, () => {
  let engine: TestEngine;
  let folder: string;

  beforeAll(async () => {
    engine = await startEngine();
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-answers-'));
    const run = (name: string, ...args: string[]) =>
      engine.docker('run', '-d', '--name', name, ...args, engine.image, '/bin/sleep', '1000');
    await run('web1');
    await run('web2', '--network=container:web1');
    await run('agent', '-v', `${folder}:/outside:ro`, '-v', `${engine.socket}:/engine:ro`);
  });
  afterAll(async () => {
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function bulkhead(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      const env = { PATH: process.env.PATH, HOME: folder, DOCKER_HOST: engine.host };
      execFile(process.execPath, [PROGRAM, ...args], { env, maxBuffer: 2 ** 26 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  it('check: nothing broken, then a share that its owner’s restart broke, with the cure', async () => {
    expect(await bulkhead('check', '--fail-on', 'broken')).toMatchObject({ code: 0, out: '' });
    await engine.docker('restart', '-t', '0', 'web1');
    const { code, out } = await bulkhead('check', '--fail-on', 'broken');
    expect(code).toBe(5);
    expect(out).toMatch(/^broken share-broken web2: .* Cure: docker restart web2\n$/);
    await engine.docker('restart', '-t', '0', 'web2');
    expect((await bulkhead('check', '--fail-on', 'broken')).code).toBe(0);
  });

  it('check: the engine’s socket behind another name is a danger, in the JSON and for a saved snapshot too', async () => {
    const found = JSON.parse((await bulkhead('check', '--json', '--fail-on', 'danger')).out) as Record<
      string,
      unknown
    >[];
    expect(found).toContainEqual(
      expect.objectContaining({
        code: 'engine-socket',
        severity: 'danger',
        container: 'agent',
        cure: expect.any(String),
      }),
    );
    const file = join(folder, 'saved.json');
    await writeFile(file, (await bulkhead('scan', '--json')).out);
    expect(await bulkhead('check', '--fail-on', 'danger', file)).toMatchObject({
      code: 5,
      out: expect.stringMatching(/^danger engine-socket agent: /m),
    });
    expect((await bulkhead('check', '--fail-on', 'notice')).code).toBe(2);
  });

  it('top --once --json: as documented, and the memory sums to the machine’s', async () => {
    const { code, out } = await bulkhead('top', '--once', '--json', '--sort', 'cpu');
    expect(code).toBe(0);
    const { memory, cpu, containers } = JSON.parse(out);
    const sum = memory.parts.reduce((total: number, { bytes }: { bytes: number }) => total + bytes, 0);
    expect(sum + memory.unexplained).toBe(memory.total);
    expect(Math.abs(memory.unexplained) / memory.total).toBeLessThan(0.05);
    expect(cpu.cpus).toBeGreaterThan(0);
    expect(containers.map(({ name }: { name: string }) => name).sort()).toEqual(['agent', 'web1', 'web2']);
    expect(containers[0]).toMatchObject({ memory: expect.any(Number), pids: 1, threads: 1, memoryLimit: null });
  });

  it('diff: a saved snapshot and the living one', async () => {
    const file = join(folder, 'before.json');
    await writeFile(file, (await bulkhead('scan', '--json')).out);
    await engine.docker('run', '-d', '--name', 'late', '--network=container:web1', engine.image, '/bin/sleep', '5000');
    const { code, out } = await bulkhead('diff', file, 'live');
    expect(code).toBe(5);
    expect(out).toMatch(/^\+ late: /m);
    expect(out).toMatch(/^\+ share net of late, web1, web2: late: --network=container:web1; /m);
    const { sameBoot, list } = JSON.parse((await bulkhead('diff', '--json', file, 'live')).out);
    expect(sameBoot).toBe(true);
    expect(list).toContainEqual(
      expect.objectContaining({
        change: 'added',
        what: 'process',
        container: 'late',
        text: '/bin/sleep 5000',
        after: '1',
      }),
    );
    const [first, second] = [
      await bulkhead('diff', file, file),
      await bulkhead('diff', file, join(folder, 'none.json')),
    ];
    expect(first).toMatchObject({ code: 0, out: '' });
    expect(second).toMatchObject({ code: 1, out: '', err: expect.stringContaining('none.json') });
  });

  it('inspect PID: whose it is, all its numbers, and no number of the inside taken for one outside', async () => {
    await engine.docker('exec', '-d', 'web1', '/bin/sleep', '7654');
    const scan = JSON.parse((await bulkhead('scan', '--json')).out) as {
      processes: { pid: number; argv: string[]; nsPids: number[] }[];
    };
    const found = scan.processes.find(({ argv }) => argv.at(-1) === '7654');
    if (found === undefined) throw new Error('the exec’ed process is not in the scan');
    const report = JSON.parse((await bulkhead('inspect', '--json', String(found.pid))).out);
    expect(report).toMatchObject({ containerName: 'web1', image: engine.image, pid: found.pid, pids: found.nsPids });
    const { out } = await bulkhead('inspect', String(found.pid));
    expect(out).toMatch(/Container +web1 \(/);
    expect(out).toContain(found.nsPids.join(' → '));
    const taken = new Set(scan.processes.map(({ pid }) => pid));
    const inner = found.nsPids.at(-1) ?? 0;
    // Where the number is free outside, none is shown for it; else the other one is named.
    const asked = await bulkhead('inspect', String(inner));
    expect(asked.code).toBe(taken.has(inner) ? 0 : 1);
    expect(asked.err).toContain(`${found.pid} → ${inner} in web1`);
  });
});
