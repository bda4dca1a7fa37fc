// The picture at size, in a real browser: time to the first picture, frames while it is panned and zoomed, the longest
// block, search, memory; beside what a user would take instead, on the same graph in the same run; and how often lines
// cross, beside a layered layout.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build, runnerImport } from 'vite';
import { countCrossings } from './crossings.mjs';
import { inBrowser, memoryOf, panAndZoom, quantile, watchFrames } from './in-browser.mjs';
import { measureChanges } from './live.mjs';

const SIZES = [100, 500, 2000];
const PROCESSES = 20_000;
/** For frames alone. */
const WIDEST = 10_000;
const OTHERS = { cytoscape: 'cytoscape with fcose', vis: 'vis-network', sigma: 'sigma with ForceAtlas2' };
/** Longer than this nobody waits for a picture, and no measurement in it is waited for. */
const PATIENCE_MS = 60_000;
/** For a picture and everything that is measured in it. */
const MOST_MS = 3 * PATIENCE_MS;

const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;

const row = (name, value, unit, goal = null) => ({
  name,
  value,
  unit,
  goal: goal === null ? null : `≤ ${goal}`,
  ok: goal === null ? null : value <= goal,
});

/** What another one takes, beside ours; null for what it had not done when its time was up. */
function beside(name, value, ours, unit) {
  const late = value === null;
  const shown = late ? { value: PATIENCE_MS / 1_000, unit: 's', atLeast: true } : { value, unit };
  return { name, ...shown, goal: `≥ ${Number(ours.toPrecision(3))}, ours`, ok: late || value >= ours };
}

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

/** In the page: notes when the last of a file's records is there, and when the picture of it has been painted. */
function watchOpening() {
  const Before = window.Worker;
  window.Worker = class extends Before {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (data?.type === 'answer') window.thereAt = performance.now();
      });
    }
  };
  const look = () => {
    if (document.querySelector('.graph [data-name="web1"], .graph .crowd[data-things]') === null)
      requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(() => (window.paintedAt = performance.now())));
  };
  window.watchOpening = () => requestAnimationFrame(look);
}

async function measureOurs(url, file) {
  return inBrowser(MOST_MS, async (browser, page) => {
    await page.addInitScript(watchOpening);
    await page.goto(url);
    await page.locator('.status').waitFor({ timeout: PATIENCE_MS });
    const button = page.getByRole('button', { name: 'Open…' });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
    await page.evaluate(watchFrames);
    await page.evaluate(() => window.watchOpening());
    const started = performance.now();
    await chooser.setFiles(file);
    // A card, the group that stands for it, or what is drawn of all that is too small for words.
    await page
      .locator('.graph [data-name="web1"], .graph .crowd[data-things]')
      .first()
      .waitFor({ state: 'attached', timeout: PATIENCE_MS });
    const first = performance.now() - started;
    await page.waitForFunction(() => window.paintedAt !== undefined);
    const drawn = await page.evaluate(() => window.paintedAt - window.thereAt);
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
    return { first, drawn, blocks, moved, search, memory: await memoryOf(browser, page) };
  });
}

/** What another library takes for the same graph; null for what was not done in time. */
async function measureOther(name, script, graph) {
  const known = { first: null, frames: null, memory: null };
  const inTime = (work) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null))]);
  await inBrowser(MOST_MS, async (browser, page) => {
    await page.setContent('<body style="margin:0"><div id="picture" style="width:1100px;height:800px"></div>');
    await page.addScriptTag({ path: script });
    known.first = await inTime(page.evaluate(([which, what]) => window.drawPicture(which, what), [name, graph]));
    if (known.first === null) return;
    const moved = await inTime(panAndZoom(page, page.locator('#picture')));
    known.frames = moved === null ? null : quantile(moved.frames, 0.95);
    if (moved !== null) known.memory = await inTime(memoryOf(browser, page));
  });
  return known;
}

async function crossingRows(count) {
  const { layoutScene } = await load('./src/core/layout/layout.ts');
  const { ours, layered } = await countCrossings(await graphOf(await fleet(count, 0)), layoutScene);
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
      if (ours === null) throw new Error(`${count} containers: no measurement after ${MOST_MS / 1_000} s`);
      const title = `${count} containers${large ? `, ${PROCESSES} processes` : ''}`;
      rows.push(
        row(`${title}: chosen file to picture`, ours.first, 'ms'),
        row(`${title}: snapshot there to picture painted`, ours.drawn, 'ms', large ? 700 : null),
        row(`${title}: longest block until then`, Math.max(0, ...ours.blocks), 'ms', large ? 100 : null),
        row(`${title}: frame while panned and zoomed, p95`, quantile(ours.moved.frames, 0.95), 'ms', large ? 20 : null),
        row(`${title}: longest block meanwhile`, Math.max(0, ...ours.moved.blocks), 'ms', large ? 100 : null),
        row(`${title}: search, a key to its frame, slowest of 7`, Math.max(...ours.search), 'ms', large ? 50 : null),
        row(`${title}: the page's process`, ours.memory, 'MiB', large ? 400 : null),
      );
      if (large) {
        const changes = await measureChanges(url, snapshot, await load('./src/core/diff/diff.ts'));
        if (changes === null) throw new Error(`${title}: no change was drawn after ${MOST_MS / 1_000} s`);
        rows.push(
          row(`${title}: one in a hundred changes, message to picture, median of 11`, changes.median, 'ms', 100),
          row(`${title}: longest block meanwhile`, Math.max(0, ...changes.blocks), 'ms'),
        );
      }
      const { nodes, edges } = await graphOf(snapshot);
      for (const [name, called] of Object.entries(OTHERS)) {
        const other = await measureOther(name, script, { nodes, edges });
        console.log(`  ${title}, ${called}: ${JSON.stringify(other)}`);
        rows.push(beside(`${title}: ${called}, graph there to picture`, other.first, ours.drawn, 'ms'));
        if (other.first === null) continue;
        const frame = quantile(ours.moved.frames, 0.95);
        rows.push(
          beside(`${title}: ${called}, frame while panned and zoomed, p95`, other.frames, frame, 'ms'),
          beside(`${title}: ${called}, its page's process`, other.memory, ours.memory, 'MiB'),
        );
      }
    }
    const widest = join(folder, 'widest.json');
    writeFileSync(widest, JSON.stringify(await fleet(WIDEST, 0)));
    const widestMoved = await measureOurs(url, widest);
    rows.push(
      widestMoved === null
        ? row(`${WIDEST} containers: nothing after`, MOST_MS / 1_000, 's')
        : row(
            `${WIDEST} containers: frame while panned and zoomed, p95`,
            quantile(widestMoved.moved.frames, 0.95),
            'ms',
            25,
          ),
    );
    for (const count of [25, 60, 200]) rows.push(...(await crossingRows(count)));
    return rows;
  } finally {
    // It writes its log until it has ended.
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
