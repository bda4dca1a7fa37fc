// `npm run readme-pictures`: boots the VM of `npm run test:vm` with a fleet of containers and takes the README's pictures,
// in both languages. As root on a Debian with QEMU and Chromium; `npm run test:vm` installs them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { runnerImport } from 'vite';
import { withApp } from './opened-app.mjs';
import { smaller } from './png.mjs';

/** As wide as a README is shown, so that nothing in them is made smaller; sharp on finer screens too. */
const WIDTH = 830;
const FOLDERS = { en: 'docs/images', 'zh-CN': 'docs/images/zh-CN' };

const load = (path) => runnerImport(path, { configFile: false, logLevel: 'error' });

async function shoot({ browser, url }, language, said) {
  mkdirSync(FOLDERS[language], { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 700 }, deviceScaleFactor: 2, colorScheme });
    await page.goto(url);
    const take = async (name, height) => {
      await page.setViewportSize({ width: WIDTH, height });
      // Nothing is under the pointer, and the picture has come to rest.
      await page.mouse.move(1, 1);
      await page.waitForTimeout(1_500);
      const path = `${FOLDERS[language]}/${name}-${colorScheme}.png`;
      writeFileSync(path, smaller(await page.screenshot()));
      console.log(path);
    };
    const show = async (from, to) => {
      await page.getByRole('button', { name: said('View: {name}').replace('{name}', said(from)) }).click();
      await page.getByRole('menuitemradio', { name: said(to) }).click();
    };
    await page.locator('[data-name="backup"]').first().waitFor();
    await page.getByRole('button', { name: said('Hide the timeline') }).click();
    await take('bulkhead', 700);
    await show('Graph', 'Processes');
    // Of a machine's first processes none is in a container.
    await page.getByLabel(said('Filter processes')).fill('shop');
    await take('processes', 560);
    await show('Processes', 'Wiring');
    await page.locator('.wiring-picture').waitFor();
    await take('wiring', 600);
    await page.close();
  }
}

async function main() {
  const { module: vms } = await load('./test/support/vm.ts');
  const { module: fleets } = await load('./test/support/fleet.ts');
  const { zhCn } = (await load('./src/core/words/zh-cn/zh-cn.ts')).module;
  const engine = await vms.startVm();
  await fleets.startFleet(engine);
  // The first app leaves the engine to the second.
  await withApp({ ...engine, stop: async () => {} }, (app) => shoot(app, 'en', (word) => word), 'en');
  await withApp(engine, (app) => shoot(app, 'zh-CN', (word) => zhCn[word]), 'zh-CN');
}

await main();
process.exit(0);
