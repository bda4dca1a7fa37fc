import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { SessionEvent, SessionStatus } from '../../src/api/contract.ts';
import { READING } from '../../src/api/helper.ts';
import { applyPatch } from '../../src/core/diff/diff.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { connect as connectEngine } from '../../src/inspector/endpoint/connect.ts';
import { resolveEndpoint } from '../../src/inspector/endpoint/discover.ts';
import { realSystem } from '../../src/inspector/endpoint/system.ts';
import { EngineClient } from '../../src/inspector/engine/engine.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { LINE_LIFE, launchProbe } from '../../src/inspector/probe/launch.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const needs = { ...ENGINE_NEEDS, files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'] };
const HELPERS = 'label=dev.bulkhead.helper';
/** So many kills of the engine; more of them by hand: BULKHEAD_KILLS=15. */
const CRASHES = Number(process.env.BULKHEAD_KILLS ?? 2);

/** So long containers come and go; longer by hand: BULKHEAD_CHURN=960. */
const CHURN_SECONDS = Number(process.env.BULKHEAD_CHURN ?? 15);

// How much is garbage depends on how many processes the machine has, not on what is kept.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** Bytes that are still in use once all garbage is gone. */
function kept(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What ends the subscriptions of the present test: one that failed must not keep its helper into the next. */
const following = new Set<() => void>();
afterEach(() => {
  for (const end of following) end();
  following.clear();
});

/** A subscriber, as the page is one: applies what comes and lets a test wait for what it should lead to. */
function follow(inspector: Inspector, endpoint: string) {
  let snapshot: Snapshot | null = null;
  let status: SessionStatus | null = null;
  const seen: SessionStatus[] = [];
  const waiting = new Set<() => void>();
  const end = inspector.subscribe.session({ endpoint }, (event: SessionEvent) => {
    if (event.type === 'status') {
      status = event.status;
      seen.push(event.status);
    } else if (event.type === 'snapshot') snapshot = event.snapshot;
    else if (event.type === 'change' && snapshot !== null) snapshot = applyPatch(snapshot, event.patch);
    for (const check of [...waiting]) check();
  });
  following.add(end);
  function until<T>(what: string, find: () => T | null | undefined | false, ms = 20_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check);
        reject(new Error(`waited ${ms} ms for ${what}; the last status was: ${status?.message}`));
      }, ms);
      const check = (): void => {
        const found = find();
        if (found === null || found === undefined || found === false) return;
        clearTimeout(timer);
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  }
  return {
    end,
    seen,
    until,
    snapshot: () => snapshot,
    status: () => status,
    container: (name: string) => snapshot?.containers.find((one) => one.name === name),
    /** Waits until a container has its processes in the picture, and not the runtime's that sets it up. */
    shown: (name: string) =>
      until(`${name} in the picture`, () => {
        const container = snapshot?.containers.find((one) => one.name === name);
        if (container === undefined) return null;
        return snapshot?.processes.find((each) => each.container === container.id && each.belongs?.starting !== true);
      }),
  };
}

/** Passes a socket on, and can be cut: what a lost network or a sleeping VM looks like. */
async function cuttable(path: string, target: string) {
  const sockets = new Set<Socket>();
  let server: Server;
  const open = (): Promise<void> =>
    new Promise((resolve) => {
      server = createServer((near) => {
        const far = connect(target);
        for (const socket of [near, far]) {
          sockets.add(socket);
          socket.on('error', () => {});
          socket.on('close', () => sockets.delete(socket));
        }
        near.pipe(far);
        far.pipe(near);
      }).listen(path, resolve);
    });
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open();
  return { open, cut };
}

describeWith('a live session on a real engine', needs, () => {
  let engine: TestEngine;
  let inspector: Inspector;
  let folder: string;

  beforeAll(async () => {
    engine = await startEngine();
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-live-'));
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (name: string, ...args: string[]): Promise<string> =>
    engine.docker('run', '-d', '--name', name, ...args, engine.image, '/bin/sleep', '1000');
  const helpers = async (): Promise<string[]> =>
    (await engine.docker('ps', '-aq', '--no-trunc', '--filter', HELPERS)).split('\n').filter((id) => id !== '');

  it('shows what starts, what is run inside, what is killed and what is removed', async () => {
    const session = follow(inspector, engine.host);
    await session.until('the first snapshot', () => session.snapshot());
    expect(session.status()?.phase).toBe('live');
    const id = await run('one');
    const first = await session.shown('one');
    expect(first.nsPids).toEqual([first.pid, 1]);
    await engine.docker('exec', '-d', 'one', '/bin/sleep', '77');
    const inside = await session.until('the process of docker exec', () =>
      session.snapshot()?.processes.find((process) => process.container === id && process.argv.includes('77')),
    );
    process.kill(inside.pid, 'SIGKILL');
    await session.until('its end', () => !session.snapshot()?.processes.some(({ pid }) => pid === inside.pid));
    process.kill(first.pid, 'SIGKILL');
    await session.until('the end of the container', () => session.container('one')?.state === 'exited');
    await session.until('no process', () => !session.snapshot()?.processes.some(({ container }) => container === id));
    await engine.docker('rm', 'one');
    await session.until('its removal', () => session.container('one') === undefined);
    session.end();
  });

  it('goes on after its helper was killed, with the last picture kept meanwhile', async () => {
    await run('kept');
    const session = follow(inspector, engine.host);
    await session.shown('kept');
    const [helper] = await helpers();
    await engine.docker('rm', '-f', helper ?? 'none');
    await session.until('the loss', () => session.status()?.phase === 'stale');
    expect(session.status()?.message).toMatch(/probe ended.*\.$/);
    expect(session.status()?.retryAt).not.toBeNull();
    expect(session.container('kept')).toBeDefined();
    await session.until('the return', () => session.status()?.phase === 'live');
    expect((await helpers()).filter((id) => id !== helper)).toHaveLength(1);
    await run('after');
    await session.shown('after');
    await engine.docker('rm', '-f', 'kept', 'after');
    session.end();
  });

  it(
    'is live again after each crash of the engine, with its descriptors and its memory level',
    async () => {
      const session = follow(inspector, engine.host);
      await session.until('the first snapshot', () => session.snapshot());
      const descriptors = (): number => readdirSync('/proc/self/fd').length;
      const used: { readonly open: number; readonly bytes: number }[] = [];
      for (let kill = 1; kill <= CRASHES; kill++) {
        const before = session.seen.length;
        await engine.crash?.();
        await session.until('the loss', () => session.seen.slice(before).some(({ phase }) => phase === 'stale'));
        await engine.restart();
        await session.until('the return', () => session.status()?.phase === 'live', 40_000);
        await run(`after-${kill}`);
        await session.shown(`after-${kill}`);
        await engine.docker('rm', '-f', `after-${kill}`);
        await session.until('its removal', () => session.container(`after-${kill}`) === undefined);
        used.push({ open: descriptors(), bytes: kept() });
      }
      const first = used[0] ?? { open: 0, bytes: 0 };
      // What the end of a life still closes takes a moment.
      await session.until('closed descriptors', () => descriptors() <= first.open + 3);
      expect(used.at(-1)?.bytes).toBeLessThan(first.bytes + 64 * 1024 * 1024);
      expect(await helpers()).toHaveLength(1);
      session.end();
    },
    60_000 + CRASHES * 40_000,
  );

  it(
    'has what the engine has after containers came and went without a pause',
    async () => {
      const session = follow(inspector, engine.host);
      await session.until('the first snapshot', () => session.snapshot());
      const end = Date.now() + CHURN_SECONDS * 1_000;
      let made = 0;
      /** One after another, of which some end by themselves, some are killed, renamed, paused or restarted. */
      const lane = async (name: string): Promise<void> => {
        for (let turn = 0; Date.now() < end; turn++, made++) {
          const own = `${name}-${turn}`;
          if (turn % 3 === 0) await engine.docker('run', '--rm', '--name', own, engine.image, '/bin/true');
          else {
            await run(own);
            if (turn % 3 === 1) await engine.docker('restart', '-t', '0', own);
            else await engine.docker('rename', own, `${own}-renamed`);
            await engine.docker('rm', '-f', turn % 3 === 1 ? own : `${own}-renamed`);
          }
        }
        await run(`${name}-last`);
      };
      await Promise.all(['a', 'b', 'c'].map(lane));
      expect(made).toBeGreaterThan(CHURN_SECONDS / 4);
      const there = (await engine.docker('ps', '-aq', '--no-trunc')).split('\n').sort();
      await session.until('the engine’s containers, and no other', () => {
        const known = (session.snapshot()?.containers ?? []).map(({ id }) => id).sort();
        return JSON.stringify(known) === JSON.stringify(there);
      });
      for (const name of ['a', 'b', 'c']) await session.shown(`${name}-last`);
      const snapshot = session.snapshot();
      const ids = new Set(snapshot?.containers.map(({ id }) => id));
      const ghosts = snapshot?.processes.filter(({ container }) => container !== null && !ids.has(container));
      expect(ghosts).toEqual([]);
      await engine.docker('rm', '-f', 'a-last', 'b-last', 'c-last');
      session.end();
    },
    60_000 + CHURN_SECONDS * 2_000,
  );

  it('its helpers end when engine and app are killed together', async () => {
    const found = await resolveEndpoint(realSystem(), engine.host);
    if (!found.ok) throw new Error(found.reason);
    const connection = await connectEngine(found.endpoint);
    const client = new EngineClient(connection);
    const place = { client, engine: await client.describe() };
    const life = { ...LINE_LIFE, options: ['--silence', '3000'], everyMs: 500 };
    const nobody = { onStdout() {}, onStderr() {}, onEnd() {} };
    const probes = await Promise.all(
      ['watch', 'serve'].map((verb) =>
        launchProbe(place, { purpose: 'detail', args: () => [verb], rights: READING, privileged: false, life }, nobody),
      ),
    );
    const ids = (await engine.docker('ps', '-q', '--filter', `${HELPERS}=detail`)).split('\n');
    const pids = (await engine.docker('inspect', '-f', '{{.State.Pid}}', ...ids)).split('\n');
    const running = (): string[] => pids.filter((pid) => existsSync(`/proc/${pid}`));
    // Longer than the silence: their signs of life keep them.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(running()).toHaveLength(2);
    await engine.crash?.();
    // Nothing closes their stdin: the engine's shim holds that open.
    await vi.waitFor(() => expect(running()).toEqual([]), { timeout: 30_000 });
    await Promise.all(probes.map((probe) => probe.stop()));
    connection.close();
    await engine.restart();
  });

  it('goes on after the way to the engine was cut', async () => {
    const socket = join(folder, 'way.sock');
    const way = await cuttable(socket, engine.socket);
    const session = follow(inspector, `unix://${socket}`);
    await session.until('the first snapshot', () => session.snapshot());
    await way.cut();
    await session.until('the loss', () => session.status()?.phase === 'stale');
    const waits = await session.until('a second try', () => {
      const stale = session.seen.filter(({ retryAt }) => retryAt !== null);
      return stale.length >= 2 && stale.map(({ since, retryAt }) => Date.parse(retryAt ?? '') - Date.parse(since));
    });
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    await way.open();
    await session.until('the return', () => session.status()?.phase === 'live');
    session.end();
    await way.cut();
  });

  it('leaves no helper behind when it closes', async () => {
    const own = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const session = follow(own, engine.host);
    await session.until('the first snapshot', () => session.snapshot());
    expect(await helpers()).not.toEqual([]);
    await own.close();
    expect(await helpers()).toEqual([]);
  });

  it('leaves no helper behind 3 s after kill -9', async () => {
    const app = spawn(process.execPath, ['out/cli/bulkhead.js', 'watch', '--json', '--endpoint', engine.host], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    app.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    for (let tries = 0; !output.includes('"snapshot"'); tries++) {
      if (tries > 200) throw new Error(`no snapshot came: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await helpers()).toHaveLength(1);
    app.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await helpers()).toEqual([]);
  });

  it('removes what an earlier crash of this machine left, and nothing of others', async () => {
    const leave = (name: string, pid: number, host: string): Promise<string> =>
      engine.docker(
        ...[
          'create',
          '--name',
          name,
          '--label',
          'dev.bulkhead.helper=probe',
          '--label',
          `dev.bulkhead.owner-pid=${pid}`,
        ],
        ...['--label', `dev.bulkhead.owner-host=${host}`, engine.image, '/bin/true'],
      );
    const dead = spawn('true');
    await new Promise((resolve) => dead.once('exit', resolve));
    const mine = await leave('mine', dead.pid ?? 0, hostname());
    const theirs = await leave('theirs', dead.pid ?? 0, 'another-machine');
    const running = await leave('running', process.ppid, hostname());
    await inspector.request['snapshot.take']({ endpoint: engine.host });
    const left = await helpers();
    expect(left).not.toContain(mine);
    expect(left).toEqual(expect.arrayContaining([theirs, running]));
    await engine.docker('rm', 'theirs', 'running');
  });
});

describeWith('an engine that refuses the helper', needs, () => {
  let engine: TestEngine;
  let folder: string;
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-refuse-'));
    const runtime = join(folder, 'strict');
    // Refuses whatever is not fully privileged; what is goes on to the real runtime, which this machine may refuse.
    await writeFile(
      runtime,
      `#!/bin/sh
for argument; do
  if [ -f "$argument/config.json" ] && ! grep -q CAP_SYS_MODULE "$argument/config.json"; then
    [ -f "$argument/config.json" ] && grep -q bulkhead-probe "$argument/config.json" && { echo "helpers are not allowed here" >&2; exit 1; }
  fi
done
exec runc "$@"
`,
    );
    await chmod(runtime, 0o755);
    address = `tcp://127.0.0.1:${20_000 + (process.pid % 20_000)}`;
    engine = await startEngine({
      args: ['--add-runtime', `strict=${runtime}`, '--default-runtime=strict', '--host', address],
    });
    await engine.docker('run', '-d', '--name=seen', engine.image, '/bin/sleep', '1000');
  });
  afterAll(async () => {
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what was refused, shows what the engine tells, and is privileged only when told to', async () => {
    const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const session = follow(inspector, address);
    const snapshot = await session.until('a picture', () => session.snapshot());
    expect(session.status()?.phase).toBe('live');
    expect(session.container('seen')?.state).toBe('running');
    const [notice] = session.status()?.notices ?? [];
    expect(notice).toMatchObject({ code: 'helper-refused', severity: 'warning', action: 'privileged-helper' });
    expect(notice?.message).toContain('refused');
    expect(notice?.advice).not.toBe('');
    expect(snapshot.probe).toBeNull();
    expect(snapshot.processes).toEqual([]);
    await inspector.request['session.allow-privileged']({ endpoint: address });
    const second = await session.until('a second life', () => {
      const told = session.status();
      return told?.phase === 'live' && told.notices[0]?.action === undefined && told.notices[0];
    });
    // Where this machine's own engine refuses full privilege too, nothing is left to agree to.
    expect(['privileged', 'helper-refused']).toContain(second.code);
    if (second.code === 'privileged') expect(await session.shown('seen')).toBeDefined();
    await inspector.close();
    expect(await engine.docker('ps', '-aq', '--filter', HELPERS)).toBe('');
  });

  it('runs the probe directly where engine and app share a kernel', async () => {
    const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const session = follow(inspector, engine.host);
    const { pid } = await session.shown('seen');
    expect(String(pid)).toBe(await engine.docker('inspect', '-f', '{{.State.Pid}}', 'seen'));
    expect(session.snapshot()?.probe?.via).toBe('direct');
    expect(session.status()?.notices.map(({ code }) => code)).toEqual(['direct']);
    await inspector.close();
  });
});
