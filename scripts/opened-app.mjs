// The built browser host on an engine, with a browser beside it, for scripts that take pictures.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';

/**
 * Starts both, and ends them and the engine when the work is done or has failed.
 * @param engine of test/support: where it is reached (`host`), and what ends it (`stop`)
 * @param work is given the browser and the page's address
 * @param language what the page speaks, as in the settings
 */
export async function withApp(engine, work, language = 'en') {
  // Somebody who has seen the first page and agreed to the helper.
  const home = mkdtempSync(join(tmpdir(), 'bulkhead-pictures-'));
  mkdirSync(join(home, 'bulkhead'));
  const agreed = { language, welcomed: true, helper: { agreed: true, never: [] } };
  writeFileSync(join(home, 'bulkhead', 'settings.json'), JSON.stringify(agreed));
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve'], {
    env: { ...process.env, DOCKER_HOST: engine.host, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('bulkhead serve ended: is it built? npm run build')));
      createInterface({ input: child.stdout }).once('line', resolve);
    });
    await work({ browser, url });
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await ended;
    await engine.stop();
    rmSync(home, { recursive: true });
  }
}
