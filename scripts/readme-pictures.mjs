// `npm run readme-pictures`: boots the VM of `npm run test:vm` with a fleet of containers and takes the README's pictures.
// As root on a Debian with QEMU and Chromium; `npm run test:vm` installs them.
import { mkdirSync } from 'node:fs';
import { runnerImport } from 'vite';
import { withApp } from './opened-app.mjs';

const load = (path) => runnerImport(path, { configFile: false, logLevel: 'error' });

async function main() {
  const { module: vms } = await load('./test/support/vm.ts');
  const { module: fleets } = await load('./test/support/fleet.ts');
  const engine = await vms.startVm();
  await withApp(engine, async ({ browser, url }) => {
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
  });
}

await main();
process.exit(0);
