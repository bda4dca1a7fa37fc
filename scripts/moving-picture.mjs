// `npm run moving-picture [-- FILE]`: runs the README's experiment on a private engine and takes its moving picture.
// As root on Linux with dockerd and Chromium, after `npm run build`.
import { writeFileSync } from 'node:fs';
import { runnerImport } from 'vite';
import { withApp } from './opened-app.mjs';
import { chunk, chunksOf } from './png.mjs';

const FILE = process.argv[2] ?? 'docs/images/experiment.png';
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
  const dataOf = (chunks) => chunks.filter(({ type }) => type === 'IDAT').map((each) => each.data);
  const chunks = chunksOf(still.png);
  const [{ data: header }] = chunks;
  const first = [chunk('IHDR', header), chunk('acTL', Buffer.from([0, 0, 0, frames.length, 0, 0, 0, 0]))];
  const parts = frames.flatMap(({ png, ms }) => {
    const control = Buffer.alloc(22);
    header.copy(control, 0, 0, 8);
    control.writeUInt16BE(ms, 16);
    control.writeUInt16BE(1_000, 18);
    return [chunk('fcTL', numbered(control)), ...dataOf(chunksOf(png)).map((each) => chunk('fdAT', numbered(each)))];
  });
  const shown = dataOf(chunks).map((each) => chunk('IDAT', each));
  return Buffer.concat([still.png.subarray(0, 8), ...first, ...shown, ...parts, chunk('IEND', Buffer.alloc(0))]);
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
      font: '600 17px monospace',
      color: '#ffffff',
      background: '#16202b',
    });
  }, text);
}

async function main() {
  const { module: engines } = await runnerImport('./test/support/engine.ts', { configFile: false, logLevel: 'error' });
  const engine = await engines.startEngine();
  await withApp(engine, async ({ browser, url }) => {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
    await page.goto(url);
    const frames = [];
    const take = async (text, ms) => {
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
    const details = page.getByRole('button', { name: 'Details', exact: true });
    if ((await details.getAttribute('aria-pressed')) === 'true') await details.click();
    await take('$ docker run -d --name web1 -p 8000:8000 …', 2_000);
    await run('web2', '--network=container:web1');
    await node('web2').waitFor();
    await line.and(page.locator(':not(.broken)')).first().waitFor({ state: 'attached' });
    await take('$ docker run -d --name web2 --network=container:web1 …', 2_000);
    await take('web2 joined the network namespace of web1', 3_000);
    const still = frames.at(-1);
    await engine.docker('restart', '-t', '0', 'web1');
    await page.locator('.graph .link.broken').first().waitFor({ state: 'attached' });
    await take('$ docker restart web1', 2_000);
    await take('web1 has a new one, web2 is left in the old: broken', 3_500);
    await engine.docker('restart', '-t', '0', 'web2');
    await page.locator('.graph .link.broken').first().waitFor({ state: 'detached' });
    await take('$ docker restart web2', 2_000);
    await take('and it is shared again', 2_500);
    writeFileSync(FILE, animated(frames, still));
    console.log(FILE);
  });
}

await main();
process.exit(0);
