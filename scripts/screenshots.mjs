// `npm run screenshots`: starts a private engine with a fleet of containers and takes the README's pictures of the app.
// As root on a Linux with dockerd and Chromium; `npm test` says what to install.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { runnerImport } from 'vite';

const load = (path) => runnerImport(path, { configFile: false, logLevel: 'error' });

async function main() {
  const { module: engines } = await load('./test/support/engine.ts');
  const { module: fleets } = await load('./test/support/fleet.ts');
  const engine = await engines.startEngine();
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve'], {
    env: { ...process.env, DOCKER_HOST: engine.host },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    await fleets.startFleet(engine);
    const url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('bulkhead serve ended: is it built? npm run build')));
      createInterface({ input: child.stdout }).once('line', resolve);
    });
    mkdirSync('docs/images', { recursive: true });
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
      await page.goto(url);
      await page.locator('[data-name="backup"]').first().waitFor();
      await page.locator('[data-name="torrent"]').first().click();
      // The picture has come to rest.
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: `docs/images/bulkhead-${colorScheme}.png` });
      await page.close();
      console.log(`docs/images/bulkhead-${colorScheme}.png`);
    }
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await engine.stop();
  }
}

await main();
process.exit(0);
