// `npm run screenshots`: boots the VM of `npm run test:vm` with a fleet of containers and takes the README's pictures.
// As root on a Debian with QEMU and Chromium; `npm run test:vm` installs them.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { runnerImport } from 'vite';

const load = (path) => runnerImport(path, { configFile: false, logLevel: 'error' });

async function main() {
  const { module: vms } = await load('./test/support/vm.ts');
  const { module: fleets } = await load('./test/support/fleet.ts');
  const engine = await vms.startVm();
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
      const take = async (name) => {
        // The picture has come to rest.
        await page.waitForTimeout(1_500);
        const path = `docs/images/${name}-${colorScheme}.png`;
        await page.screenshot({ path });
        console.log(path);
      };
      await take('bulkhead');
      await page.getByRole('button', { name: 'Wiring', exact: true }).click();
      await page.locator('.wiring-picture').waitFor();
      await take('wiring');
      await page.getByRole('button', { name: 'Graph', exact: true }).click();
      await page.getByRole('button', { name: 'Services', exact: true }).click();
      await page.locator('[data-name="dockerd"]').waitFor();
      await page.getByRole('button', { name: 'Fit', exact: true }).click();
      await page.locator('[data-type="host"]').click();
      await page.getByRole('button', { name: 'Shell in the VM…' }).click();
      await page.getByRole('button', { name: /open root shell/i }).click();
      await page.locator('.xterm').waitFor();
      await page.waitForTimeout(3_000);
      await page.keyboard.type('hostname; ps -e | head -4; docker ps -q | wc -l\n');
      await take('below');
      await page.close();
    }
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await engine.stop();
  }
}

await main();
process.exit(0);
