// The probe beside `lsns -J`, side by side in one run, and what watching costs.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, ranFor, withProcesses } from './processes.mjs';

const PROBE = `resources/probe/linux-${process.arch === 'arm64' ? 'arm64' : 'amd64'}/bulkhead-probe`;
const WATCH_SECONDS = 20;

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** CPU seconds, user and system, of one run of a command, as the kernel counts those of a waited-for child. */
function cpuOf(measure, ...command) {
  return Number(execFileSync(measure, command, { encoding: 'utf8' }));
}

async function watchCost() {
  const probe = spawn(PROBE, ['watch', '--interval', '1000'], { stdio: ['pipe', 'ignore', 'inherit'] });
  await pause(2_500);
  const before = ranFor(probe.pid);
  await pause(WATCH_SECONDS * 1_000);
  const share = (ranFor(probe.pid) - before) / (WATCH_SECONDS * 1e9);
  probe.stdin.end();
  return share * 100;
}

/** The same while 2,000 processes a second come and go, each of which lives for a tenth of a second. */
async function churnCost(churn) {
  const child = spawn(churn, ['2000', '100'], { stdio: ['pipe', 'ignore', 'inherit'] });
  try {
    return await watchCost();
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.end();
    await ended;
  }
}

/** @returns rows for the table of docs/benchmarks.md */
export async function benchProbe() {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  const spawner = join(folder, 'spawn');
  const measure = join(folder, 'measure');
  const churn = join(folder, 'churn');
  execFileSync('gcc', ['-O2', '-static', '-o', spawner, 'native/probe/test/spawn.c']);
  execFileSync('gcc', ['-O2', '-o', measure, 'native/probe/test/measure.c']);
  execFileSync('gcc', ['-O2', '-static', '-o', churn, 'native/probe/test/churn.c']);
  const rows = [];
  const perProcess = new Map();
  try {
    for (const [count, rounds] of [
      [1_000, 9],
      [5_000, 7],
      [20_000, 3],
    ]) {
      const [probe, lsns] = await withProcesses(spawner, count, () => {
        const times = [[], []];
        for (let round = 0; round < rounds; round++) {
          times[0].push(cpuOf(measure, PROBE, 'scan'));
          times[1].push(cpuOf(measure, 'lsns', '-J'));
        }
        return times.map(median);
      });
      perProcess.set(count, probe / count);
      const value = probe / lsns;
      const held = count === 5_000;
      rows.push({
        name: `${count} processes: CPU time of a scan, lsns -J being 1 (${(probe * 1e3).toFixed(0)} ms beside ${(lsns * 1e3).toFixed(0)} ms)`,
        value,
        unit: '',
        goal: held ? '≤ 0.30' : null,
        ok: held ? value <= 0.3 : null,
      });
    }
    const growth = perProcess.get(20_000) / perProcess.get(1_000);
    rows.push({
      name: 'time per process, 20,000 beside 1,000',
      value: growth,
      unit: '×',
      goal: '≤ 1.3',
      ok: growth <= 1.3,
    });
    const cost = await withProcesses(spawner, 500, watchCost);
    rows.push({
      name: 'watching 500 quiet processes at 1 s',
      value: cost,
      unit: '% of a core',
      goal: '< 0.5',
      ok: cost < 0.5,
    });
    const busy = await churnCost(churn);
    rows.push({
      name: 'watching at 1 s while 2,000 processes a second come and go, each after 0.1 s',
      value: busy,
      unit: '% of a core',
      goal: '< 5',
      ok: busy < 5,
    });
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
