// What it costs to look at who uses the machine: 500 processes, a sample a second, on this machine without an engine.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { pause, ranFor, withProcesses } from './processes.mjs';

const SECONDS = 20;
const GOAL_PERCENT = 2;

/** Nanoseconds that this process and those that it has started, the probes, ran so far. */
function ranForAll() {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000 + children.reduce((sum, pid) => sum + ranFor(pid), 0);
}

async function costOf(everySecond) {
  const before = ranForAll();
  const began = performance.now();
  for (let second = 1; second <= SECONDS; second++) {
    await everySecond();
    await pause(began + second * 1_000 - performance.now());
  }
  return ((ranForAll() - before) / ((performance.now() - began) * 1e6)) * 100;
}

/** @returns rows for the table of docs/benchmarks.md */
export async function benchUsage() {
  const { createInspector } = (
    await runnerImport('./src/inspector/inspector.ts', { configFile: false, logLevel: 'error' })
  ).module;
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  const spawner = join(folder, 'spawn');
  execFileSync('gcc', ['-O2', '-static', '-o', spawner, 'native/probe/test/spawn.c']);
  const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  const endpoint = 'local';
  try {
    return await withProcesses(spawner, 500, async () => {
      inspector.subscribe.session({ endpoint }, () => {});
      await inspector.request['snapshot.take']({ endpoint });
      let seen = 0;
      const sample = async () => {
        seen = (await inspector.request['usage.sample']({ endpoint })).processes.length;
      };
      // The first starts what answers; after so many Node has compiled what reads them.
      for (let first = 0; first < 100; first++) await sample();
      if (seen < 500) throw new Error(`only ${seen} processes were told`);
      const watching = await costOf(async () => {});
      const looking = await costOf(sample);
      return [
        {
          name: `the use of ${seen} processes, a sample a second, beside watching them`,
          value: looking - watching,
          unit: '% of a core',
          goal: `< ${GOAL_PERCENT}`,
          ok: looking - watching < GOAL_PERCENT,
        },
      ];
    });
  } finally {
    await inspector.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
