// Frame times of the graph while it is zoomed and panned, at 100, 500 and 2,000 containers, and the time to the first
// picture. The snapshots are made up: a tenth of the containers owns the network that the next two join.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { runnerImport } from 'vite';

const SIZES = [100, 500, 2000];
const SECONDS = 4;

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

function sketch(count) {
  return Array.from({ length: count }, (_, index) => {
    const name = `c${String(index).padStart(4, '0')}`;
    const owner = index - (index % 10);
    if (index === owner || index - owner > 2) return { name };
    const target = `c${String(owner).padStart(4, '0')}`;
    return {
      name,
      namespaces: { net: target },
      container: {
        modes: { net: `container:${target}`, ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' },
      },
    };
  });
}

/** Runs in the page: the time of every frame until `window.bulkheadStop` is set. */
function watchFrames() {
  const times = [];
  let last = performance.now();
  const look = (now) => {
    times.push(now - last);
    last = now;
    if (!window.bulkheadStop) requestAnimationFrame(look);
  };
  window.bulkheadFrames = times;
  requestAnimationFrame(look);
}

async function measure(browser, url, file, count) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.locator('input[type=file]').first().waitFor({ state: 'attached' });
  const started = performance.now();
  await page.locator('input[type=file]').first().setInputFiles(file);
  // It shares nothing, so it is drawn by itself even where groups stand for their members.
  await page.locator('[data-name="c0009"]').first().waitFor({ state: 'attached', timeout: 60_000 });
  const first = performance.now() - started;
  // The layout's own animation is over.
  await page.waitForTimeout(1_500);
  const picture = page.locator('[role=application]');
  const box = await picture.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(watchFrames);
  const end = Date.now() + SECONDS * 1_000;
  for (let step = 0; Date.now() < end; step++) {
    await page.mouse.wheel(0, step % 20 < 10 ? -60 : 60);
    if (step % 5 === 0) {
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 + (step % 2 === 0 ? 80 : -80), box.y + box.height / 2, { steps: 4 });
      await page.mouse.up();
    }
  }
  const times = await page.evaluate(() => {
    window.bulkheadStop = true;
    return window.bulkheadFrames;
  });
  await page.close();
  return [
    { name: `${count} containers: opened file to picture`, value: first, unit: 'ms', goal: null, ok: null },
    { name: `${count} containers: frame, median`, value: quantile(times, 0.5), unit: 'ms', goal: null, ok: null },
    { name: `${count} containers: frame, p95`, value: quantile(times, 0.95), unit: 'ms', goal: null, ok: null },
  ];
}

/** @returns rows for the table of docs/benchmarks.md */
export async function benchFrames() {
  const { module } = await runnerImport('./src/core/snapshot/build.testing.ts', {
    configFile: false,
    logLevel: 'error',
  });
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-frames-'));
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('bulkhead serve ended: is it built? npm run build')));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const rows = [];
  try {
    for (const count of SIZES) {
      const file = join(folder, `${count}.json`);
      writeFileSync(file, JSON.stringify(module.snapshotOf({ containers: sketch(count) })));
      rows.push(...(await measure(browser, url, file, count)));
    }
    return rows;
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}
