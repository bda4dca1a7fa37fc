// A browser for one measurement, and what is measured in any page: frames, blocks of the main thread, memory.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const PAN_SECONDS = 3;

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/**
 * A browser of its own for each measurement: nothing of one is in the way of another.
 * @returns null where it takes longer than `patience`, in milliseconds
 */
export async function inBrowser(patience, work) {
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--enable-unsafe-swiftshader', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, patience, null);
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const measured = work(browser, page);
    // When the time is up the browser goes, and what still asks it fails: that is no failure of the benchmark.
    measured.catch(() => {});
    return await Promise.race([measured, late]);
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}

/** Runs in the page: the time of every frame, and every block of the main thread, until `window.benchStop` is set. */
export function watchFrames() {
  window.benchStop = false;
  const frames = [];
  const blocks = [];
  new PerformanceObserver((list) => blocks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
  });
  let last = performance.now();
  const look = (now) => {
    frames.push(now - last);
    last = now;
    if (!window.benchStop) requestAnimationFrame(look);
  };
  window.bench = { frames, blocks };
  requestAnimationFrame(look);
}

export async function panAndZoom(page, picture) {
  const box = await picture.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.evaluate(watchFrames);
  const end = Date.now() + PAN_SECONDS * 1_000;
  for (let step = 0; Date.now() < end; step += 1) {
    await page.mouse.wheel(0, step % 20 < 10 ? -60 : 60);
    if (step % 5 !== 0) continue;
    await page.mouse.down();
    await page.mouse.move(x + (step % 2 === 0 ? 80 : -80), y, { steps: 4 });
    await page.mouse.up();
  }
  return page.evaluate(() => {
    window.benchStop = true;
    return window.bench;
  });
}

/** Memory of the page's process in MiB, shared parts counted by share: heap, document and drawing. */
export async function memoryOf(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1]) / 1024);
  return Math.max(...sizes);
}
