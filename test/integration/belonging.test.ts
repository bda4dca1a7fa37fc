import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { applyPatch } from '../../src/core/diff/diff.ts';
import { findServices } from '../../src/core/services/services.ts';
import { NAMESPACE_KINDS } from '../../src/core/snapshot/namespace.ts';
import type { Process, Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { type Look, look, lookAt } from '../support/look.ts';
import { describeWith } from '../support/require.ts';

const needs = {
  ...ENGINE_NEEDS,
  programs: [...ENGINE_NEEDS.programs, 'setpriv'],
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'],
};

const CGROUPS = '/sys/fs/cgroup';
/** The trees of cgroups: each controller's own on version 1, beside the unified one where that is mounted too. */
const TREES = existsSync(`${CGROUPS}/cgroup.procs`)
  ? [CGROUPS]
  : readdirSync(CGROUPS)
      .map((name) => `${CGROUPS}/${name}`)
      .filter((tree) => existsSync(`${tree}/cgroup.procs`));
const UNIFIED = TREES.length === 1 ? CGROUPS : `${CGROUPS}/unified`;
const HYBRID = TREES.length > 1 && existsSync(`${UNIFIED}/cgroup.procs`);

describeWith('whose process it is, on a real engine', needs, () => {
  let engine: TestEngine;
  let folder: string;
  let inspector: Inspector;
  const children: ChildProcess[] = [];
  const folders: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-slow-'));
    const runtime = join(folder, 'slow');
    // The container's process stands ready, as the runtime's own, until `start` lets it become the program.
    await writeFile(runtime, '#!/bin/sh\nfor word; do [ "$word" = start ] && sleep 4; done\nexec runc "$@"\n');
    await chmod(runtime, 0o755);
    engine = await startEngine({ args: ['--add-runtime', `slow=${runtime}`] });
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    const ids = await engine.docker('ps', '-aq', '--filter', 'label=test');
    if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
    for (const folder of folders.splice(0)) {
      for (let tries = 0; tries < 50 && existsSync(folder); tries++) {
        try {
          rmdirSync(folder);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    }
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (name: string, ...command: string[]): Promise<string> =>
    engine.docker('run', '-d', '--label=test', '--name', name, engine.image, ...command);
  const scan = (): Promise<Look> => look(inspector, engine.host);

  /** The pid outside of the process with these arguments. */
  async function pidOf(...argv: string[]): Promise<number> {
    for (let tries = 0; tries < 100; tries++) {
      for (const name of readdirSync('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        try {
          if (readFileSync(`/proc/${name}/cmdline`, 'utf8') === `${argv.join('\0')}\0`) return Number(name);
        } catch {
          // It has ended.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`nothing runs ${argv.join(' ')}`);
  }

  function makeCgroup(tree: string, path: string): string {
    const folder = `${tree}${path}`;
    mkdirSync(folder, { recursive: true });
    folders.push(folder);
    return folder;
  }
  const move = (pid: number, folder: string) => writeFileSync(`${folder}/cgroup.procs`, String(pid));
  const of = (seen: Look, pid: number) => {
    const found = seen.snapshot.processes.find((process) => process.pid === pid);
    return { container: found?.container ?? null, belongs: found?.belongs ?? null };
  };

  it.skipIf(!HYBRID)('hybrid cgroups: the unified line names a service, any other names the container', async () => {
    const id = await run('hybrid', '/bin/sleep', '1000');
    await engine.docker('exec', '-d', 'hybrid', '/bin/sleep', '1001');
    const unit = makeCgroup(UNIFIED, '/bulkhead-test.service');
    const pids = [(await scan()).init('hybrid').pid, await pidOf('/bin/sleep', '1001')];
    for (const pid of pids) move(pid, unit);
    const seen = await scan();
    for (const pid of pids) {
      expect(of(seen, pid)).toMatchObject({ container: id, belongs: { by: 'cgroup', disagrees: false } });
      const process = seen.snapshot.processes.find((each) => each.pid === pid);
      expect(process?.cgroup).toContain(id);
      expect(process?.otherCgroups).toContain('/bulkhead-test.service');
    }
    expect([...seen.sharing.guests.values()].flat()).toEqual([]);
    expect(findServices(seen.snapshot).some(({ name }) => name === 'bulkhead-test.service')).toBe(false);
  });

  it('zombies belong to the container whose init does not wait for them', async () => {
    const script = 'until [ -e /tmp/go ]; do usleep 100000; done; sleep 1 & sleep 1 & exec sleep 1002';
    const id = await run('zombies', '/bin/sh', '-c', script);
    if (HYBRID) move((await scan()).init('zombies').pid, UNIFIED);
    await engine.docker('exec', 'zombies', '/bin/touch', '/tmp/go');
    let zombies: number[] = [];
    let seen = await scan();
    for (let tries = 0; tries < 60 && zombies.length < 2; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen = await scan();
      const init = seen.init('zombies').pid;
      zombies = seen.snapshot.processes
        .filter(({ ppid, state }) => ppid === init && state === 'Z')
        .map(({ pid }) => pid);
    }
    expect(zombies).toHaveLength(2);
    for (const pid of zombies) expect(of(seen, pid)).toMatchObject({ container: id, belongs: { disagrees: false } });
  });

  it('a process that left its container’s cgroup stays the container’s, and is said to have left', async () => {
    const id = await run('left', '/bin/sh', '-c', 'sleep 1003 & sleep 1004');
    const pid = await pidOf('sleep', '1003');
    for (const tree of TREES) move(pid, tree);
    const seen = await scan();
    expect(of(seen, pid)).toEqual({
      container: id,
      belongs: { by: 'ancestry', cgroupOf: null, disagrees: true, starting: false },
    });
    expect(seen.snapshot.processes.filter(({ container }) => container === id)).toHaveLength(2);
  });

  const memory = TREES.find((tree) => tree.endsWith('/memory'));
  it.runIf(memory !== undefined)('a process that one controller alone has elsewhere is said to have left', async () => {
    const id = await run('partly', '/bin/sh', '-c', 'sleep 1006 & sleep 1007');
    const pid = await pidOf('sleep', '1006');
    move(pid, makeCgroup(memory ?? '', '/bulkhead-greedy'));
    const seen = await scan();
    expect(of(seen, pid)).toEqual({
      container: id,
      belongs: { by: 'cgroup', cgroupOf: id, disagrees: true, starting: false },
    });
    expect(of(seen, await pidOf('sleep', '1007'))).toMatchObject({ belongs: { disagrees: false } });
    const left = seen.sharing.findings.find(({ container, code }) => container === id && code === 'left-its-cgroup');
    expect(left?.evidence).toContain(`pid ${pid} in /bulkhead-greedy`);
  });

  it.runIf(memory !== undefined)(
    'a first process that one controller has in its root has lost that limit',
    async () => {
      const options = ['-d', '--label=test', '--name=bare', '--memory=64m', '--pids-limit=50'];
      const id = await engine.docker('run', ...options, engine.image, '/bin/sleep', '1008');
      const before = await scan();
      const { pid, startTime } = before.init('bare');
      move(pid, memory ?? '');
      const seen = await scan();
      expect(of(seen, pid)).toMatchObject({ container: id, belongs: { by: 'cgroup', disagrees: true } });
      const left = seen.sharing.findings.find(({ container, code }) => container === id && code === 'left-its-cgroup');
      expect(left?.evidence).toContain(`pid ${pid} in /`);
      const subject = { type: 'limits' as const, pid, startTime };
      const limits = (await inspector.request.detail({ endpoint: engine.host, subject })) as DetailOf<'limits'>;
      expect(limits).toMatchObject({
        memory: { limit: { value: 64 * 1024 * 1024 } },
        tasks: { limit: { value: 50 } },
        elsewhere: [{ controller: 'memory', path: '/' }],
      });
    },
  );

  it('a cgroup with a made-up name makes nobody the container’s', async () => {
    const id = await run('victim', '/bin/sleep', '1000');
    const child = spawn('setpriv', ['--reuid=65534', '--clear-groups', 'sleep', '1005'], { stdio: 'ignore' });
    children.push(child);
    const pid = await pidOf('sleep', '1005');
    move(pid, makeCgroup(UNIFIED, `/docker-${id}.scope`));
    const seen = await scan();
    expect(of(seen, pid)).toEqual({
      container: null,
      belongs: { by: null, cgroupOf: id, disagrees: true, starting: false },
    });
    for (const kind of ['mnt', 'pid', 'net'] as const) expect(seen.standing(kind, 'victim')).toBe('private');
    expect(seen.sharing.containers.get(id)?.net.elsewhere).toEqual([]);
  });

  it('nothing is concluded from a container while the runtime sets it up', async () => {
    const id = await engine.docker(
      ...['create', '--label=test', '--name=slow', '--runtime=slow', engine.image, '/bin/sleep', '1000'],
    );
    const moments: Snapshot[] = [];
    const end = inspector.subscribe.session({ endpoint: engine.host }, (event) => {
      const last = moments.at(-1);
      if (event.type === 'snapshot') moments.push(event.snapshot);
      else if (event.type === 'change' && last !== undefined) moments.push(applyPatch(last, event.patch));
    });
    const until = async (has: (snapshot: Snapshot) => boolean): Promise<Look> => {
      for (let tries = 0; tries < 200; tries++) {
        const found = moments.find(has);
        if (found !== undefined) return lookAt(found);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('it was not seen within 10 s');
    };
    try {
      await until(({ containers }) => containers.some((container) => container.id === id));
      const started = engine.docker('start', 'slow');
      // Another engine of the machine may be setting one up, too.
      const isItsInit = ({ comm, cgroup }: Process) => comm === 'runc:[2:INIT]' && cgroup?.includes(id) === true;
      const early = await until(({ processes }) => processes.some(isItsInit));
      const process = early.snapshot.processes.find(isItsInit);
      expect(process).toMatchObject({ container: id, belongs: { starting: true } });
      for (const kind of NAMESPACE_KINDS) expect(early.standing(kind, 'slow')).toBe('unknown');
      expect(early.sharing.findings).toEqual([]);
      await started;
      // The engine may say so before the next scan sees it.
      const late = await until(
        ({ containers, processes }) =>
          containers.some((each) => each.id === id && each.state === 'running') &&
          processes.some(({ container, belongs }) => container === id && belongs?.starting === false),
      );
      expect(late.standing('net', 'slow')).toBe('private');
      expect(late.init('slow').belongs).toMatchObject({ by: 'cgroup', starting: false });
    } finally {
      end();
    }
  });
});
