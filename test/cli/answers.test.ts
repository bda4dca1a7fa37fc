import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  checkSchema,
  diffSchema,
  findSchema,
  inspectSchema,
  reachSchema,
  topSchema,
  whySchema,
} from '../../src/core/answer/schemas.ts';
import { blocksOf } from '../../src/core/recording/blocks.ts';
import { decodeEntry } from '../../src/core/recording/recording.ts';
import { decodeSnapshot } from '../../src/core/snapshot/decode.ts';
import { collectedWiring } from '../../src/core/snapshot/details.ts';
import { layOutWiring } from '../../src/core/wiring/wiring.ts';
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

  it('record: what came and went is in the file, which outlives a crash and is gone on with', async () => {
    const file = join(folder, 'run.bulkhead');
    const env = { PATH: process.env.PATH, HOME: folder, DOCKER_HOST: engine.host };
    const record = async (during: () => Promise<void>, signal: NodeJS.Signals): Promise<string> => {
      const child = spawn(process.execPath, [PROGRAM, 'record', '-o', file], { env });
      let err = '';
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
      const ended = once(child, 'close');
      const before = await stat(file).then(
        ({ size }) => size,
        () => 0,
      );
      await expect
        .poll(
          () =>
            stat(file).then(
              ({ size }) => size,
              () => 0,
            ),
          { timeout: 40_000 },
        )
        .toBeGreaterThan(before + 500);
      await during();
      child.kill(signal);
      await ended;
      return err;
    };
    const holds = (name: string) => async () => {
      const { out } = await bulkhead('export', file, '--format', 'csv-containers');
      return out.includes(name);
    };
    await record(async () => {
      await engine.docker('run', '-d', '--name', 'passing', engine.image, '/bin/sleep', '1000');
      await expect.poll(holds('passing'), { timeout: 40_000, interval: 500 }).toBe(true);
    }, 'SIGKILL');
    const { code, out } = await bulkhead('diff', `${file}@0s`, file);
    expect(code).toBe(5);
    expect(out).toMatch(/^\+ passing:/m);
    expect((await bulkhead('export', file, '--at', '0s', '--format', 'csv-containers')).out).not.toContain('passing');

    await truncate(file, (await stat(file)).size - 5);
    expect((await bulkhead('export', file, '--format', 'json')).err).toMatch(/cut off/);
    const said = await record(async () => {
      await engine.docker('rm', '-f', 'passing');
      await expect.poll(holds('passing'), { timeout: 40_000, interval: 500 }).toBe(false);
    }, 'SIGINT');
    expect(said).toMatch(/Wrote .*run\.bulkhead: \d+ moments/);
    expect((await bulkhead('export', file, '--format', 'json')).err).not.toMatch(/cut off/);
    expect(await bulkhead('export', file, '--at', '9h', '--format', 'json')).toMatchObject({ code: 2 });
    // Between the moments: what the engine told, and that nobody looked from the first run to the second.
    const parts = blocksOf(await readFile(file)).blocks.map((part) => decodeEntry(gunzipSync(part).toString()));
    const started = { type: 'event', event: expect.objectContaining({ what: 'started', name: 'passing' }) };
    expect(parts).toContainEqual(started);
    expect(parts.filter((part) => typeof part === 'object' && part.type === 'gap')).toHaveLength(1);
  });

  it('check: nothing broken, then a share that its owner’s restart broke, with the cure', async () => {
    expect(await bulkhead('check', '--fail-on', 'broken')).toMatchObject({ code: 0, out: '' });
    await engine.docker('restart', '-t', '0', 'web1');
    const { code, out } = await bulkhead('check', '--fail-on', 'broken');
    expect(code).toBe(5);
    expect(out).toMatch(/^broken share-broken web2: .* Cure: docker restart web2\n$/);
    await engine.docker('restart', '-t', '0', 'web2');
    expect((await bulkhead('check', '--fail-on', 'broken')).code).toBe(0);
  });

  it('check: published ports that nobody answers, and the one that is open is none', async () => {
    const { docker, image } = engine;
    try {
      await docker('run', '-d', '--name', 'deaf', '-p', '18401:80', image, '/bin/sleep', '1000');
      await docker('run', '-d', '--name', 'inward', '-p', '18402:80', image, '/bin/httpd', '-f', '-p', '127.0.0.1:80');
      await docker('run', '-d', '--name', 'open', '-p', '18403:80', image, '/bin/httpd', '-f', '-p', '80');
      const { code, out } = await bulkhead('check', '--json', '--fail-on', 'broken');
      expect(code).toBe(5);
      const found = checkSchema.parse(JSON.parse(out)).filter(({ code: each }) => each.startsWith('port-'));
      expect(found.map(({ code: each, container }) => [each, container])).toEqual([
        ['port-nobody-listens', 'deaf'],
        ['port-loopback-only', 'inward'],
      ]);
    } finally {
      await docker('rm', '-f', 'deaf', 'inward', 'open');
    }
  });

  it('reach: the verdict is the exit code, in the documented shape, tried for real, and what is no place is told', async () => {
    const { docker, image } = engine;
    try {
      await docker('run', '-d', '--name', 'open', '-p', '18403:80', image, '/bin/httpd', '-f', '-p', '80');
      const ask = async (...args: string[]) => {
        const { code, out } = await bulkhead('reach', ...args, '--json');
        return { code, ...reachSchema.parse(JSON.parse(out)) };
      };
      const reached = await ask('host', ':18403', '--try');
      expect(reached).toMatchObject({ code: 0, verdict: 'reachable', tried: { connected: true, error: null } });
      expect(reached.hops.at(-1)?.evidence).toMatch(/^The kernel lists the socket.* Shown by: `.*ss -lntp`$/);
      expect(await ask('agent', 'open:81')).toMatchObject({ code: 5, verdict: 'not-reachable', tried: null });
      expect(await ask('agent', 'nobody-is-called-so.example:80')).toMatchObject({ code: 4, verdict: 'unknown' });
      for (const [args, told] of [
        [
          ['nobody', 'open:80'],
          /There is no container or process nobody to come from\. Right are: outside, host, a container \(.*open.*\) or a pid/,
        ],
        [['agent', 'open'], /“open” is not a destination\. open has no port: open:80, for example\./],
        [['agent', 'open:99999'], /99999 is not a port: ports go from 1 to 65535/],
        [['outside', ':18403', '--try'], /`outside` is not on it: name `host`, a container or a pid/],
      ] as const) {
        const { code, out, err } = await bulkhead('reach', ...args);
        expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(told) });
      }
    } finally {
      await docker('rm', '-f', 'open');
    }
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
    const { memory, cpu, containers } = topSchema.parse(JSON.parse(out));
    const sum = memory.parts.reduce((total, { bytes }) => total + bytes, 0);
    expect(sum + memory.unexplained).toBe(memory.total);
    expect(Math.abs(memory.unexplained) / memory.total).toBeLessThan(0.05);
    expect(cpu.cpus).toBeGreaterThan(0);
    expect((await bulkhead('top', '--once')).out).toMatch(
      /Swap: .*Killed because memory ran out: [\s\S]*MEMORY +DOCKER STATS +LIMIT/,
    );
    expect(containers.map(({ name }) => name).sort()).toEqual(['agent', 'web1', 'web2']);
    expect(containers[0]).toMatchObject({ memory: expect.any(Number), pids: 1, threads: 1, memoryLimit: null });
  });

  it('diff: a saved snapshot and the living one', async () => {
    const file = join(folder, 'before.json');
    await writeFile(file, (await bulkhead('scan', '--json')).out);
    await engine.docker('run', '-d', '--name', 'late', '--network=container:web1', engine.image, '/bin/sleep', '5000');
    const { code, out } = await bulkhead('diff', file, 'live');
    expect(code).toBe(5);
    expect(out).toMatch(/^\+ late: /m);
    expect(out).toMatch(/^\+ late: share net with web1: --network=container:web1$/m);
    const { sameBoot, list } = diffSchema.parse(JSON.parse((await bulkhead('diff', '--json', file, 'live')).out));
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
    await engine.docker('rm', '-f', 'late');
    const [first, second] = [
      await bulkhead('diff', file, file),
      await bulkhead('diff', file, join(folder, 'none.json')),
    ];
    expect(first).toMatchObject({ code: 0, out: '' });
    expect(second).toMatchObject({ code: 2, out: '', err: expect.stringContaining('none.json') });
  });

  it('scan --details: what was read is in the file, and answers from it as the machine does', async () => {
    const file = join(folder, 'details.json');
    const scanned = await bulkhead('scan', '--details', '--json');
    expect(scanned.code).toBe(0);
    await writeFile(file, scanned.out);
    const offline = JSON.parse((await bulkhead('inspect', 'web1', '--json', '--snapshot', file)).out);
    const live = JSON.parse((await bulkhead('inspect', 'web1', '--json')).out);
    for (const report of [offline, live]) inspectSchema.parse(report);
    type Part = { name: string; detail: { kind: string; links?: unknown; mounts?: unknown; tasks?: unknown } };
    const kinds = (report: { parts: Part[] }) => report.parts.map(({ detail }) => detail?.kind);
    expect(kinds(offline)).toEqual(kinds(live));
    const of = (report: { parts: Part[] }, kind: string) => report.parts.find(({ detail }) => detail?.kind === kind);
    expect(of(offline, 'net')?.detail.links).toEqual(of(live, 'net')?.detail.links);
    expect(of(offline, 'mnt')?.detail).toEqual(of(live, 'mnt')?.detail);
    expect(of(offline, 'limits')?.detail.tasks).toEqual(of(live, 'limits')?.detail.tasks);
    const text = await bulkhead('inspect', 'web2', '--snapshot', file);
    expect(text).toMatchObject({ code: 0, out: expect.stringMatching(/Quotas[\s\S]*eth0 +veth +up/) });

    const decoded = decodeSnapshot(scanned.out);
    if (!decoded.ok) throw new Error(decoded.message);
    const nets = [...collectedWiring(decoded.snapshot).nets.values()];
    const wired = nets.flatMap(({ id, links }) => (links === null ? [] : [{ id, links }]));
    const { boxes, lines } = layOutWiring(decoded.snapshot, wired);
    expect(boxes.map(({ title }) => title)).toEqual(expect.arrayContaining(['web1, web2', 'agent']));
    expect(lines.length).toBeGreaterThanOrEqual(2);

    const old = join(folder, 'without.json');
    await writeFile(old, (await bulkhead('scan', '--json')).out);
    const without = await bulkhead('inspect', 'web1', '--snapshot', old);
    expect(without).toMatchObject({ code: 1, out: expect.stringContaining('saved without details') });
  });

  it('find: a port, an address, a veth, a layer, a path and a number inside, from the machine and from a file', async () => {
    const file = join(folder, 'find.json');
    await writeFile(file, (await bulkhead('scan', '--details', '--json')).out);
    const from = async (what: string) =>
      findSchema.parse(JSON.parse((await bulkhead('find', what, '--json', '--snapshot', file)).out));
    const one = async (template: string) => engine.docker('inspect', '-f', template, 'web1');
    const ip = await one('{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
    expect((await from(ip))[0]).toMatchObject({
      type: 'address',
      container: 'web1',
      why: expect.stringMatching(/of link eth0/),
    });
    expect(JSON.parse((await bulkhead('find', ip, '--json')).out)).toEqual(await from(ip));
    const links = (await from('eth0')).filter(({ container }) => container === 'web1');
    const veth = /its other end is (\S+) of the machine/.exec(links[0]?.why ?? '')?.[1] ?? '';
    expect((await from(veth))[0]).toMatchObject({ type: 'link', name: veth, container: 'web1', pid: null });
    expect(await from(`${folder}/some/file`)).toContainEqual(
      expect.objectContaining({
        type: 'mount',
        container: 'agent',
        why: expect.stringContaining('/outside/some/file, read-only'),
      }),
    );
    const upper = await one('{{index .GraphDriver.Data "UpperDir"}}').catch(() => '');
    const hash = upper.split('/').at(-2);
    if (upper !== '' && hash !== undefined && hash.length === 64) {
      expect((await from(hash))[0]).toMatchObject({ type: 'mount', name: upper, container: 'web1' });
    }
    const pid = Number(await one('{{.State.Pid}}'));
    expect((await from(String(pid)))[0]).toMatchObject({ type: 'process', container: 'web1', pid });
    const ones = (await from('1')).filter(({ type }: { type: string }) => type === 'process');
    expect(ones[0]).toMatchObject({ pid: 1, container: null });
    expect(ones).toContainEqual(
      expect.objectContaining({ pid, container: 'web1', why: expect.stringContaining(`outside it is ${pid}`) }),
    );
    expect(await bulkhead('find', 'no such thing', '--snapshot', file)).toMatchObject({ code: 1, out: '' });
    expect((await bulkhead('find', ' ')).code).toBe(2);
  });

  it('why: by which flag, for two at once, and what is ambiguous', async () => {
    const rows = whySchema.parse(JSON.parse((await bulkhead('why', 'web1', 'web2', '--json')).out));
    expect(rows.filter(({ kind }) => kind === 'net')).toEqual([
      {
        kind: 'net',
        namespace: expect.stringMatching(/^net:\[\d+\]$/),
        members: ['web1', 'web2'],
        cause: 'Both are in it. It was made for web1. web2 joined it: --network=container:web1.',
      },
    ]);
    expect(rows.filter(({ kind }) => kind === 'mnt')).toHaveLength(2);
    const { code, out } = await bulkhead('why', 'agent');
    expect(code).toBe(0);
    expect(out).toMatch(/^net +net:\[\d+\] {2}agent\n +The engine made it for agent alone\.$/m);
    expect(await bulkhead('why', 'web')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('container web2'),
    });
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
    expect(asked.code).toBe(taken.has(inner) ? 0 : 2);
    expect(asked.err).toContain(`${found.pid} → ${inner} in web1`);
  });
});
