import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENGINE_NEEDS, startEngine } from '../support/engine.ts';
import { PODMAN_NEEDS, startPodman } from '../support/podman.ts';
import { describeWith } from '../support/require.ts';

/** So many kills of each command; more of them by hand: BULKHEAD_KILLS=50. */
const KILLS = Number(process.env.BULKHEAD_KILLS ?? 7);
/** The engine may take that long to see that we are gone. */
const GONE_WITHIN_MS = 4_000;

const files = [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe', 'out/cli/bulkhead.js'];
const HELPERS = 'label=dev.bulkhead.helper';
/** In the arguments of what is run in the container: none of it may be left. */
const MARK = '7654321';

interface Engine {
  readonly host: string;
  readonly image: string;
  cli(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

const ENGINES = {
  docker: async (): Promise<Engine> => {
    const engine = await startEngine();
    return { ...engine, cli: engine.docker };
  },
  podman: async (): Promise<Engine> => {
    const engine = await startPodman();
    return { ...engine, cli: engine.podman };
  },
};

/** Processes of ours in a container, by what only they have in their arguments. */
function programs(init: string): string[] {
  const inside = readlinkSync(`/proc/${init}/ns/pid`);
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (readlinkSync(`/proc/${pid}/ns/pid`) !== inside) return [];
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      const ours =
        /^(\/bin\/)?(sh|sleep|busybox)\b/.test(line) && (line.includes(MARK) || line.includes('bulkhead:$$'));
      return ours ? [`${pid} ${line.slice(0, 60).replaceAll('\n', ' ')}`] : [];
    } catch {
      return [];
    }
  });
}

for (const kind of ['docker', 'podman'] as const) {
  const needs = { ...(kind === 'docker' ? ENGINE_NEEDS : PODMAN_NEEDS), linux: true, root: true, files };
  describeWith(`kill -9 at any moment leaves nothing: ${kind}`, needs, () => {
    let engine: Engine;

    beforeAll(async () => {
      engine = await ENGINES[kind]();
      await engine.cli('run', '-d', '--name', 'one', '--network=none', engine.image, '/bin/sleep', '100000');
      // The first start makes the images.
      execFileSync(process.execPath, ['bin/bulkhead.mjs', 'scan', '--endpoint', engine.host], { stdio: 'ignore' });
    });
    afterAll(() => engine?.stop());

    const start = (...args: string[]): ChildProcess =>
      spawn(process.execPath, ['out/cli/bulkhead.js', ...args, '--endpoint', engine.host], {
        stdio: ['pipe', 'ignore', 'ignore'],
      });
    const commands: readonly (readonly [string, () => ChildProcess])[] = [
      ['watch', () => start('watch', '--json')],
      ['inspect', () => start('inspect', 'one')],
      ['shell', () => spawnShell()],
    ];
    function spawnShell(): ChildProcess {
      const args = ['out/cli/bulkhead.js', 'shell', '--endpoint', engine.host, 'one', '--', 'sleep', MARK];
      return spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    }

    it.each(commands)(
      '%s',
      async (_name, run) => {
        for (let kill = 0; kill < KILLS; kill++) {
          const child = run();
          child.stdin?.on('error', () => {});
          const ended = new Promise((resolve) => child.once('exit', resolve));
          // From the first connection on, through create, attach and start.
          await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * 1_250));
          child.kill('SIGKILL');
          await ended;
        }
        await new Promise((resolve) => setTimeout(resolve, GONE_WITHIN_MS));
        expect(await engine.cli('ps', '-a', '--filter', HELPERS, '--format', '{{.Names}} {{.Status}}')).toBe('');
        expect(programs(await engine.cli('inspect', '-f', '{{.State.Pid}}', 'one'))).toEqual([]);
      },
      60_000 + KILLS * 4_000,
    );
  });
}
