// `npm run moving-picture`: runs the README's experiment on a private engine and takes its moving picture, in both languages.
// As root on Linux with dockerd and Chromium, after `npm run build`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runnerImport } from 'vite';
import { withApp } from './opened-app.mjs';
import { chunk, fileOf, inPalette } from './png.mjs';

const FILES = { en: 'docs/images/experiment.png', 'zh-CN': 'docs/images/zh-CN/experiment.png' };
/** What is seen, as the Chinese README says it. */
const CHINESE = {
  'web2 joined the network namespace of web1': 'web2 加入了 web1 的网络命名空间',
  'web1 has a new one, web2 is left in the old: broken': 'web1 有了新的，web2 留在旧的里：共享失效',
  'and it is shared again': '共享恢复了',
};
/** As wide as a README is shown: nothing in it is made smaller. */
const SIZE = { width: 830, height: 560 };

/**
 * PNGs of one size, shown one after the other for ever. A viewer that knows no animation shows the one that tells most.
 * Source: PNG specification, third edition, 11.3.6: an image before the first frame's control is no part of it.
 */
function animated(frames, still) {
  let sequence = 0;
  const numbered = (data) => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(sequence++);
    return Buffer.concat([number, data]);
  };
  const { header, palette, images } = inPalette(frames.map(({ png }) => png));
  const parts = frames.flatMap(({ ms }, index) => {
    const control = Buffer.alloc(22);
    header.copy(control, 0, 0, 8);
    control.writeUInt16BE(ms, 16);
    control.writeUInt16BE(1_000, 18);
    return [chunk('fcTL', numbered(control)), chunk('fdAT', numbered(images[index]))];
  });
  return fileOf([
    ...[chunk('IHDR', header), chunk('acTL', Buffer.from([0, 0, 0, frames.length, 0, 0, 0, 0]))],
    ...[chunk('PLTE', palette), chunk('IDAT', images[frames.indexOf(still)]), ...parts],
  ]);
}

/** A line over the picture: what was typed, or what is seen. */
async function caption(page, text) {
  await page.evaluate((words) => {
    const line = document.querySelector('#caption') ?? document.body.appendChild(document.createElement('div'));
    line.id = 'caption';
    line.textContent = words;
    const looks = {
      position: 'fixed',
      left: '0',
      right: '0',
      bottom: '0',
      height: '58px',
      padding: '18px',
      zIndex: '9',
    };
    Object.assign(line.style, looks, {
      boxSizing: 'border-box',
      font: '600 17px monospace, sans-serif',
      color: '#ffffff',
      background: '#16202b',
    });
  }, text);
}

async function take(language) {
  const { module: engines } = await runnerImport('./test/support/engine.ts', { configFile: false, logLevel: 'error' });
  const { module: words } = await runnerImport('./src/core/words/zh-cn/zh-cn.ts', {
    configFile: false,
    logLevel: 'error',
  });
  const said = (text) => (language === 'en' ? text : (CHINESE[text] ?? words.zhCn[text]));
  const engine = await engines.startEngine();
  const shoot = async ({ browser, url }) => {
    const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 2, colorScheme: 'light' });
    await page.goto(url);
    const frames = [];
    const frame = async (text, ms) => {
      await caption(page, text);
      await page.mouse.move(1, 1);
      await page.waitForTimeout(1_200);
      frames.push({ png: await page.screenshot(), ms });
    };
    const run = (name, ...options) =>
      engine.docker('run', '-d', '--name', name, ...options, engine.image, 'sleep', '1000');
    const node = (name) => page.locator(`.graph .node[data-name="${name}"]`);
    const line = page.locator('.graph .link[data-kinds~="net"]');
    await run('web1', '-p', '8000:8000');
    await node('web1').waitFor();
    const details = page.getByRole('button', { name: said('Details'), exact: true });
    if ((await details.getAttribute('aria-pressed')) === 'true') await details.click();
    await frame('$ docker run -d --name web1 -p 8000:8000 …', 2_000);
    await run('web2', '--network=container:web1');
    await node('web2').waitFor();
    await line.and(page.locator(':not(.broken)')).first().waitFor({ state: 'attached' });
    await frame('$ docker run -d --name web2 --network=container:web1 …', 2_000);
    await frame(said('web2 joined the network namespace of web1'), 3_000);
    const still = frames.at(-1);
    await engine.docker('restart', '-t', '0', 'web1');
    await page.locator('.graph .link.broken').first().waitFor({ state: 'attached' });
    await frame('$ docker restart web1', 2_000);
    await frame(said('web1 has a new one, web2 is left in the old: broken'), 3_500);
    await engine.docker('restart', '-t', '0', 'web2');
    await page.locator('.graph .link.broken').first().waitFor({ state: 'detached' });
    await frame('$ docker restart web2', 2_000);
    await frame(said('and it is shared again'), 2_500);
    mkdirSync(dirname(FILES[language]), { recursive: true });
    writeFileSync(FILES[language], animated(frames, still));
    console.log(FILES[language]);
  };
  await withApp(engine, shoot, language);
}

for (const language of Object.keys(FILES)) await take(language);
process.exit(0);
