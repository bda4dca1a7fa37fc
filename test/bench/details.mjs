// How long it takes to see what a namespace holds: 500 sockets, 500 mounts, on a real engine, through the helper.
import { runnerImport } from 'vite';

const ROUNDS = 20;
const GOAL_MS = 300;

/** Listens 500 times, with nothing but BusyBox: `nc` in the background holds a port each. */
const SOCKETS = 'for port in $(seq 20000 20499); do nc -l -p $port & done; echo ready; wait';
const MOUNTS = 'for i in $(seq 500); do mkdir /tmp/$i; mount -t tmpfs none /tmp/$i; done; echo ready; exec sleep 1000';

const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** @returns rows for the table of docs/benchmarks.md */
export async function benchDetails() {
  const { startEngine } = await load('./test/support/engine.ts');
  const { createInspector } = await load('./src/inspector/inspector.ts');
  const engine = await startEngine();
  const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  const endpoint = engine.host;
  try {
    await engine.docker('run', '-d', '--name=sockets', engine.image, 'sh', '-c', SOCKETS);
    await engine.docker(
      ...['run', '-d', '--name=mounts', '--cap-add=SYS_ADMIN', '--security-opt=apparmor=unconfined', engine.image],
      ...['sh', '-c', MOUNTS],
    );
    for (const name of ['sockets', 'mounts']) {
      while (!(await engine.docker('logs', name)).includes('ready')) await new Promise((done) => setTimeout(done, 100));
    }
    inspector.subscribe.session({ endpoint }, () => {});
    const snapshot = await inspector.request['snapshot.take']({ endpoint });
    const rows = [];
    for (const [name, kind, many] of [
      ['sockets', 'net', ({ listening }) => listening.length],
      ['mounts', 'mnt', ({ mounts }) => mounts.length],
    ]) {
      const { pid } = snapshot.containers.find((container) => container.name === name);
      const id = snapshot.processes.find((process) => process.pid === pid).namespaces[kind];
      const times = [];
      let count = 0;
      for (let round = 0; round <= ROUNDS; round++) {
        const start = performance.now();
        const detail = await inspector.request.detail({ endpoint, subject: { type: 'namespace', id } });
        times.push(performance.now() - start);
        count = many(detail);
      }
      if (count < 500) throw new Error(`only ${count} ${name} were told`);
      const [first, ...rest] = times;
      if (kind === 'net')
        rows.push({
          name: 'the first question, which starts the helper',
          value: first,
          unit: 'ms',
          goal: null,
          ok: null,
        });
      const p95 = quantile(rest, 0.95);
      rows.push({
        name: `${count} ${name}, p95 of ${ROUNDS}`,
        value: p95,
        unit: 'ms',
        goal: `≤ ${GOAL_MS}`,
        ok: p95 <= GOAL_MS,
      });
    }
    return rows;
  } finally {
    await inspector.close();
    await engine.stop();
  }
}
