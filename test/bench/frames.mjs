// The picture at size, in a real browser: time to the first picture, frames while it is panned and zoomed, the longest
// block, search, memory; beside what a user would take instead, on the same graph in the same run; and how often lines
// cross, beside a layered layout.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import ELK from 'elkjs/lib/elk.bundled.js';
import { build, runnerImport } from 'vite';

const SIZES = [100, 500, 2000];
const PROCESSES = 20_000;
const SECONDS = 3;
const OTHERS = { cytoscape: 'cytoscape with fcose', vis: 'vis-network', sigma: 'sigma with ForceAtlas2' };
/** Longer than this nobody waits. */
const PATIENCE_MS = 90_000;

const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

const row = (name, value, unit, goal = null) => ({
  name,
  value,
  unit,
  goal: goal === null ? null : `≤ ${goal}`,
  ok: goal === null ? null : value <= goal,
});

/** Bulkhead's own graph of a fleet, as others take it: a line from each who joined to whose it is. */
async function graphOf(snapshot) {
  const { analyseSharing } = await load('./src/core/sharing/analyse.ts');
  const { buildSceneGraph, DEFAULT_VIEW } = await load('./src/core/layout/graph.ts');
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
  const nodes = graph.nodes.filter(({ type }) => type !== 'host').map(({ key, label }) => ({ id: key, label }));
  const edges = graph.sets.flatMap(({ members, owner }) => {
    const to = owner ?? members[0];
    return members.filter((member) => member !== to).map((from) => ({ from, to }));
  });
  return { graph, nodes, edges };
}

/** A fleet with so many processes that one init in ten has a hundred. */
async function fleet(count, processes) {
  const { madeFleet } = await load('./test/support/made-fleet.ts');
  const snapshot = madeFleet(count);
  const inits = snapshot.processes.filter(({ container }) => container !== null);
  const more = Array.from({ length: Math.max(0, processes - snapshot.processes.length) }, (_, index) => {
    const init = inits[index % inits.length];
    const pid = 100_000 + index;
    return {
      ...init,
      pid,
      ppid: init.pid,
      nsPids: [pid, 2 + Math.floor(index / inits.length)],
      comm: `worker${index}`,
    };
  });
  return { ...snapshot, processes: [...snapshot.processes, ...more] };
}

/** Runs in the page: the time of every frame, and every block of the main thread, until `window.benchStop` is set. */
function watchFrames() {
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

async function panAndZoom(page, picture) {
  const box = await picture.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.evaluate(watchFrames);
  const end = Date.now() + SECONDS * 1_000;
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
async function memoryOf(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1]) / 1024);
  return Math.max(...sizes);
}

/** A browser of its own for each measurement: nothing of one is in the way of another. */
async function inBrowser(work) {
  const browser = await chromium.launch({
    executablePath: process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--enable-unsafe-swiftshader', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    return await work(browser, await browser.newPage({ viewport: { width: 1440, height: 900 } }));
  } finally {
    await browser.close();
  }
}

async function measureOurs(url, file) {
  return inBrowser(async (browser, page) => {
    await page.goto(url);
    await page.locator('.status').waitFor({ timeout: PATIENCE_MS });
    const button = page.getByRole('button', { name: 'Open…' });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
    await page.evaluate(watchFrames);
    const started = performance.now();
    await chooser.setFiles(file);
    // A card, or the group that stands for it.
    await page.locator('.graph [data-name="web1"]').first().waitFor({ state: 'attached', timeout: PATIENCE_MS });
    const first = performance.now() - started;
    const { blocks } = await page.evaluate(() => {
      window.benchStop = true;
      return window.bench;
    });
    await page.waitForTimeout(1_500);
    const moved = await panAndZoom(page, page.locator('[role=application]'));
    const search = await page.evaluate(async () => {
      const field = document.querySelector('#search');
      const times = [];
      for (const text of ['w', 'we', 'web', 'web2', 'web', 'worker1', 'api']) {
        const start = performance.now();
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);
        field.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        times.push(performance.now() - start);
      }
      return times;
    });
    return { first, blocks, moved, search, memory: await memoryOf(browser, page) };
  });
}

async function measureOther(name, script, graph) {
  return inBrowser(async (browser, page) => {
    await page.setContent('<body style="margin:0"><div id="picture" style="width:1100px;height:800px"></div>');
    await page.addScriptTag({ path: script });
    const first = await Promise.race([
      page.evaluate(([which, what]) => window.drawPicture(which, what), [name, graph]),
      new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null)),
    ]);
    if (first === null) return null;
    const moved = await panAndZoom(page, page.locator('#picture'));
    return { first, moved, memory: await memoryOf(browser, page) };
  });
}

/** Pairs of lines that cross; lines with an end in common do not count. */
function crossings(lines) {
  const pieces = lines.flatMap(({ ends, points }) =>
    points.slice(1).map((to, index) => ({ ends, from: points[index], to })),
  );
  const side = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  let count = 0;
  for (const [index, a] of pieces.entries()) {
    for (const b of pieces.slice(index + 1)) {
      if (a.ends.some((end) => b.ends.includes(end))) continue;
      if (
        side(a.from, a.to, b.from) * side(a.from, a.to, b.to) < 0 &&
        side(b.from, b.to, a.from) * side(b.from, b.to, a.to) < 0
      ) {
        count += 1;
      }
    }
  }
  return count;
}

async function crossingRows(count) {
  const { graph, nodes, edges } = await graphOf(await fleet(count, 0));
  const { layoutScene } = await load('./src/core/layout/layout.ts');
  const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
  const ours = crossings(
    scene.links
      .filter(({ set }) => !set.startsWith('hull:'))
      .map(({ from, to, strands }) => ({ ends: [from, to], points: strands[0].points })),
  );
  const elk = await new ELK().layout({
    id: 'root',
    layoutOptions: { 'elk.algorithm': 'layered', 'elk.edgeRouting': 'ORTHOGONAL' },
    children: nodes.map(({ id }) => ({ id, width: 150, height: 40 })),
    edges: edges.map(({ from, to }, index) => ({ id: `e${index}`, sources: [from], targets: [to] })),
  });
  const layered = crossings(
    elk.edges.flatMap(({ sources, targets, sections = [] }) =>
      sections.map(({ startPoint, bendPoints = [], endPoint }) => ({
        ends: [sources[0], targets[0]],
        points: [startPoint, ...bendPoints, endPoint],
      })),
    ),
  );
  return [{ ...row(`${count} containers: lines that cross`, ours, '', layered), goal: `≤ ${layered}, elkjs layered` }];
}

/** @returns rows for the table of docs/benchmarks.md */
export async function benchFrames() {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-frames-'));
  // Someone who has read the first page.
  const { createSettings } = await load('./src/inspector/settings/settings.ts');
  await createSettings({ env: {}, home: folder, platform: process.platform }).change({ welcomed: true });
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve', '--port', '0'], {
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('bulkhead serve ended: is it built? npm run build')));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const rows = [];
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: folder,
        emptyOutDir: false,
        lib: { entry: 'test/bench/pictures.mjs', name: 'pictures', formats: ['iife'], fileName: 'pictures' },
      },
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const script = join(
      folder,
      readdirSync(folder).find((name) => name.startsWith('pictures')),
    );
    for (const count of SIZES) {
      const snapshot = await fleet(count, count === Math.max(...SIZES) ? PROCESSES : 0);
      const file = join(folder, `${count}.json`);
      writeFileSync(file, JSON.stringify(snapshot));
      const large = count === Math.max(...SIZES);
      const ours = await measureOurs(url, file);
      const title = `${count} containers${large ? `, ${PROCESSES} processes` : ''}`;
      rows.push(
        row(`${title}: chosen file to picture`, ours.first, 'ms'),
        row(`${title}: longest block until then`, Math.max(0, ...ours.blocks), 'ms', large ? 100 : null),
        row(`${title}: frame while panned and zoomed, p95`, quantile(ours.moved.frames, 0.95), 'ms', large ? 20 : null),
        row(`${title}: longest block meanwhile`, Math.max(0, ...ours.moved.blocks), 'ms', large ? 100 : null),
        row(`${title}: search, a key to its frame, slowest of 7`, Math.max(...ours.search), 'ms', large ? 50 : null),
        row(`${title}: the page's process`, ours.memory, 'MiB', large ? 400 : null),
      );
      const { nodes, edges } = await graphOf(snapshot);
      for (const [name, called] of Object.entries(OTHERS)) {
        const other = await measureOther(name, script, { nodes, edges });
        if (other === null) {
          rows.push(row(`${title}: ${called}, no picture after`, PATIENCE_MS / 1_000, 's'));
          continue;
        }
        const times = (a, b) => row(`${title}: ${b} of ${called}, ours being 1`, a, '×');
        rows.push(
          times(other.first / ours.first, 'time to picture'),
          times(quantile(other.moved.frames, 0.95) / quantile(ours.moved.frames, 0.95), 'frame, p95,'),
          times(other.memory / ours.memory, 'memory'),
        );
      }
    }
    for (const count of [25, 60, 200]) rows.push(...(await crossingRows(count)));
    return rows;
  } finally {
    child.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}
