// `npm run screenshots`: boots the VM of `npm run test:vm` with a fleet of containers and takes the README's pictures.
// As root on a Debian with QEMU and Chromium; `npm run test:vm` installs them.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { runnerImport } from 'vite';

const load = (path) => runnerImport(path, { configFile: false, logLevel: 'error' });

async function main() {
  const { module: vms } = await load('./test/support/vm.ts');
  const { module: fleets } = await load('./test/support/fleet.ts');
  const engine = await vms.startVm();
  // Somebody who has seen the first page and agreed to the helper.
  const settings = mkdtempSync(join(tmpdir(), 'bulkhead-screenshots-'));
  mkdirSync(join(settings, 'bulkhead'));
  const agreed = { welcomed: true, helper: { agreed: true, never: [] } };
  writeFileSync(join(settings, 'bulkhead', 'settings.json'), JSON.stringify(agreed));
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve'], {
    env: { ...process.env, DOCKER_HOST: engine.host, XDG_CONFIG_HOME: settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('bulkhead serve ended: is it built? npm run build')));
      createInterface({ input: child.stdout }).once('line', resolve);
    });
    mkdirSync('docs/images', { recursive: true });
    const each = async (shoot) => {
      for (const colorScheme of ['light', 'dark']) {
        const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme });
        await page.goto(url);
        const take = async (name) => {
          // Nothing is under the pointer, and the picture has come to rest.
          await page.mouse.move(1, 1);
          await page.waitForTimeout(1_500);
          const path = `docs/images/${name}-${colorScheme}.png`;
          await page.screenshot({ path });
          console.log(path);
        };
        await shoot(page, take);
        await page.close();
      }
    };
    await fleets.startFleet(engine);
    await each(async (page, take) => {
      await page.locator('[data-name="backup"]').first().waitFor();
      await page.locator('[data-name="torrent"]').first().click();
      await take('bulkhead');
      await page.getByRole('button', { name: 'Processes', exact: true }).click();
      await take('processes');
      await page.getByRole('button', { name: 'Wiring', exact: true }).click();
      await page.locator('.wiring-picture').waitFor();
      await take('wiring');
    });
  } finally {
    await browser.close();
    child.kill('SIGTERM');
    await engine.stop();
    rmSync(settings, { recursive: true });
  }
}

await main();
process.exit(0);
