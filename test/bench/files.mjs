// Files from anywhere, as large and as odd as they come: how long it takes until the command line has drawn or refused one
// and what memory it takes, and in the app until its picture or the reason is there, and how long the page stands still.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { runnerImport } from 'vite';

const PATIENCE_MS = 120_000;
const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;
const row = (name, value, unit) => ({ name, value, unit, goal: null, ok: null });

/** The largest that a process was, in MiB. Source: proc(5), VmHWM. */
function peakOf(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Seconds and MiB of one export. */
function exported(file, folder) {
  return new Promise((resolve) => {
    const started = performance.now();
    const args = ['out/cli/bulkhead.js', 'export', file, '--format', 'svg', '-o', join(folder, 'out.svg')];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid));
    }, 10);
    child.once('exit', () => {
      clearInterval(timer);
      resolve({ seconds: (performance.now() - started) / 1000, peak });
    });
  });
}

/** Seconds until the app shows a file or says why not, and the longest that the page stood still, in seconds. */
async function opened(url, { path, refused }) {
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    await page.locator('.status').waitFor();
    const button = page.getByRole('button', { name: 'Open…' });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
    await page.evaluate(() => {
      window.longest = 0;
      let last = performance.now();
      setInterval(() => {
        const now = performance.now();
        window.longest = Math.max(window.longest, now - last - 10);
        last = now;
      }, 10);
    });
    const started = performance.now();
    await chooser.setFiles(path);
    // From afar a crowd of cards is painted, and those of a group with a title are that title with a count.
    const drawn = '.graph .nodes > g[data-type="container"], .graph .crowd[data-things], .graph .group.far';
    const there = refused === null ? drawn : '[role=alert]';
    const found = await page
      .locator(there)
      .first()
      .waitFor({ state: 'attached', timeout: PATIENCE_MS })
      .then(
        () => true,
        () => false,
      );
    const seconds = found ? (performance.now() - started) / 1000 : Number.NaN;
    return { seconds, longest: (await page.evaluate(() => window.longest)) / 1000 };
  } finally {
    await browser.close();
  }
}

/** @returns rows for the table of docs/benchmarks.md */
export async function benchFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-files-'));
  const { oddFiles } = await load('./test/support/odd-files.ts');
  const { createSettings } = await load('./src/inspector/settings/settings.ts');
  await createSettings({ env: {}, home: folder, platform: process.platform }).change({ welcomed: true });
  const files = oddFiles(folder, true).filter(({ name, large }) => large || /600 MB|levels deep/.test(name));
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve', '--port', '0'], {
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const rows = [];
  try {
    const url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('bulkhead serve ended: is it built? npm run build')));
      createInterface({ input: child.stdout }).once('line', resolve);
    });
    for (const file of files) {
      const what = file.refused === null ? 'drawn' : 'refused';
      const line = await exported(file.path, folder);
      rows.push(row(`${file.name}: ${what} by the command line`, line.seconds, 's'));
      rows.push(row(`${file.name}: memory of that at its most`, line.peak, 'MiB'));
      const app = await opened(url, file);
      rows.push(row(`${file.name}: ${what} in the app`, app.seconds, 's'));
      rows.push(row(`${file.name}: the page stands still for at most`, app.longest, 's'));
    }
  } finally {
    // It writes into its folder until its end.
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}
