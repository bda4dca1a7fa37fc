// How long after the engine's own event a container is on the screen of a real browser, and gone from it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { runnerImport } from 'vite';

const ROUNDS = 40;

/** Runs in the page: notes when each name came with its processes, and went, in the first frame that shows it. */
function watchNames() {
  const seen = { came: {}, gone: {} };
  const look = () => {
    const now = performance.timeOrigin + performance.now();
    const nodes = [...document.querySelectorAll('[data-name]')];
    const names = new Set(nodes.map((node) => node.getAttribute('data-name')));
    // A container is there, without a process, as soon as it is made.
    const running = nodes.filter((node) => /\d+ proc/.test(node.textContent));
    for (const node of running) seen.came[node.getAttribute('data-name')] ??= now;
    for (const name of Object.keys(seen.came)) if (!names.has(name)) seen.gone[name] ??= now;
    requestAnimationFrame(look);
  };
  window.bulkheadSeen = seen;
  requestAnimationFrame(look);
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/** Container events of the engine: name and action to Unix milliseconds, by the engine's own clock. */
function engineEvents(host) {
  const child = spawn('docker', ['--host', host, 'events', '--filter', 'type=container', '--format', '{{json .}}'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const times = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line);
    times.set(`${event.Action} ${event.Actor.Attributes.name}`, event.timeNano / 1e6);
  });
  return { times, stop: () => child.kill() };
}

const serve = (host) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve'], {
      env: { ...process.env, DOCKER_HOST: host },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.once('exit', () => reject(new Error('bulkhead serve ended: is it built? npm run build')));
    createInterface({ input: child.stdout }).once('line', (url) => resolve({ child, url }));
  });

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns rows for the table of docs/benchmarks.md */
export async function benchLatency() {
  const { module } = await runnerImport('./test/support/engine.ts', { configFile: false, logLevel: 'error' });
  const engine = await module.startEngine();
  const { child, url } = await serve(engine.host);
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const events = engineEvents(engine.host);
  try {
    await engine.docker('run', '-d', '--name=first', engine.image, '/bin/sleep', '1000');
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    await page.locator('[data-name="first"]').first().waitFor();
    await page.evaluate(watchNames);
    const started = [];
    const killed = [];
    for (let round = 0; round < ROUNDS; round++) {
      const name = `round-${round}`;
      await engine.docker('run', '-d', '--rm', '--name', name, engine.image, '/bin/sleep', '1000');
      await page.waitForFunction((wanted) => window.bulkheadSeen.came[wanted] !== undefined, name);
      // Not in step with the probe's own interval.
      await pause(Math.random() * 300);
      await engine.docker('kill', name);
      await page.waitForFunction((wanted) => window.bulkheadSeen.gone[wanted] !== undefined, name);
      const seen = await page.evaluate(() => window.bulkheadSeen);
      started.push(seen.came[name] - events.times.get(`start ${name}`));
      // A removed container cannot be gone before the engine has removed it.
      killed.push(seen.gone[name] - events.times.get(`destroy ${name}`));
    }
    const row = (name, values, part, goal) => {
      const value = quantile(values, part);
      return { name, value, unit: 'ms', goal: `≤ ${goal}`, ok: value <= goal };
    };
    return [
      row(
        `start event to its processes on the screen, median of ${ROUNDS} (negative: the probe saw them before the event)`,
        started,
        0.5,
        300,
      ),
      row('start event to its processes on the screen, p95', started, 0.95, 700),
      row('destroy event (docker kill of a --rm container) to gone, median', killed, 0.5, 300),
      row('destroy event to gone, p95', killed, 0.95, 700),
    ];
  } finally {
    events.stop();
    await browser.close();
    child.kill('SIGTERM');
    await engine.stop();
  }
}
