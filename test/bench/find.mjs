// How long `find` takes at 20,000 processes in 500 containers: the first question, which makes the index, and those after it.
import { runnerImport } from 'vite';

const CONTAINERS = 500;
const EACH = 40;
const ROUNDS = 20;
const GOAL_MS = 50;

const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;

/** @returns rows for the table of docs/benchmarks.md */
export async function benchFind() {
  const { find } = await load('./src/core/answer/find.ts');
  const { snapshotOf } = await load('./src/core/snapshot/build.testing.ts');
  const fleet = snapshotOf({ containers: Array.from({ length: CONTAINERS }, (_, index) => ({ name: `web${index}` })) });
  const of = new Map(fleet.containers.map(({ id, pid }) => [id, pid]));
  const firsts = fleet.processes.filter(({ container, pid }) => container !== null && of.get(container) === pid);
  const more = firsts.flatMap((first, at) =>
    Array.from({ length: EACH - 1 }, (_, index) => {
      const pid = 100_000 + at * EACH + index;
      return { ...first, pid, ppid: first.pid, nsPids: [pid, index + 2], comm: `worker${index}` };
    }),
  );
  const snapshot = { ...fleet, processes: [...fleet.processes, ...more] };
  if (snapshot.processes.length < CONTAINERS * EACH) throw new Error(`only ${snapshot.processes.length} processes`);
  const questions = ['web250', '100777', '7', 'worker3', ':8001', '172.18.0.2', '/srv/app', 'uid:0', 'no such thing'];
  const time = (what, known) => {
    const start = performance.now();
    find(known, what);
    return performance.now() - start;
  };
  // A new object is a new scan: nothing is kept of the one before.
  const first = Array.from({ length: ROUNDS }, () => time('web250', { ...snapshot })).sort((a, b) => a - b);
  const after = questions.map((what) => {
    const times = Array.from({ length: ROUNDS }, () => time(what, snapshot)).sort((a, b) => a - b);
    return { what, median: times[ROUNDS / 2] };
  });
  const slowest = after.reduce((worst, each) => (each.median > worst.median ? each : worst));
  const row = (name, value) => ({ name, value, unit: 'ms', goal: `≤ ${GOAL_MS}`, ok: value <= GOAL_MS });
  return [
    row('20,000 processes: the first question after a scan, median', first[ROUNDS / 2]),
    row(
      `20,000 processes: the slowest of ${questions.length} questions after it (${slowest.what}), median`,
      slowest.median,
    ),
  ];
}
