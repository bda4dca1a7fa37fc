// A change of a live machine, from the message in the page to the painted picture.
import { inBrowser, quantile, watchFrames } from './in-browser.mjs';

/** Changes that are sent; the first warms up and is not counted. */
const CHANGES = 12;
const PATIENCE_MS = 60_000;

/** In the page: notes when a change arrives, before it is parsed, and when the picture has been painted anew for it. */
function watchChanges() {
  const parse = JSON.parse;
  JSON.parse = (text, reviver) => {
    if (text.length > 1_000 && text.includes('"change"')) window.arrivedAt = performance.now();
    return parse(text, reviver);
  };
  window.watchPicture = () => {
    window.changeTimes = [];
    new MutationObserver(() => {
      const at = window.arrivedAt;
      if (at === undefined) return;
      window.arrivedAt = undefined;
      requestAnimationFrame(() => setTimeout(() => window.changeTimes.push(performance.now() - at)));
    }).observe(document.querySelector('.graph > svg .world'), { childList: true, subtree: true, attributes: true });
  };
}

/** The snapshot with one container in a hundred gone, and as many new ones that nobody had. */
function changed(before, round) {
  const own = before.containers.filter(({ pid }) => pid !== null);
  const count = Math.ceil(own.length / 100);
  const step = Math.floor(own.length / count);
  const leaving = new Set(own.filter((_, index) => index % step === round % step).map(({ id }) => id));
  const suffix = `-${round}`;
  const idOf = (id) => `${round.toString(16).padStart(4, '0')}${id.slice(4)}`;
  const namespace = (id) =>
    id === null ? null : id.replace(/\d+/, (digits) => String(Number(digits) + 100_000 * (round + 1)));
  const gone = before.processes.filter(({ container }) => leaving.has(container));
  const staying = before.processes.filter(({ container }) => !leaving.has(container));
  const used = new Set(staying.flatMap(({ namespaces }) => Object.values(namespaces)));
  const renamed = (id) => (id === null || used.has(id) ? id : namespace(id));
  return {
    ...before,
    takenAt: new Date(Date.parse(before.takenAt) + 1_000).toISOString(),
    containers: [
      ...before.containers.filter(({ id }) => !leaving.has(id)),
      ...before.containers
        .filter(({ id }) => leaving.has(id))
        .map((each) => ({ ...each, id: idOf(each.id), name: `${each.name}${suffix}`, pid: each.pid + 1_000_000 })),
    ],
    processes: [
      ...staying,
      ...gone.map((process) => ({
        ...process,
        pid: process.pid + 1_000_000,
        container: idOf(process.container),
        namespaces: Object.fromEntries(Object.entries(process.namespaces).map(([kind, id]) => [kind, renamed(id)])),
      })),
    ],
    namespaces: before.namespaces.map((each) =>
      used.has(each.id) ? each : { ...each, id: namespace(each.id), inode: Number(/\d+/.exec(namespace(each.id))[0]) },
    ),
  };
}

/**
 * Milliseconds from the arrival of a change of one in a hundred containers to the picture of it, and the longest block
 * meanwhile. The session's events are the benchmark's own; everything else is answered by the server.
 */
export async function measureChanges(url, snapshot, { diffSnapshots, applyPatch }) {
  return inBrowser(3 * PATIENCE_MS, async (_browser, page) => {
    await page.addInitScript(watchChanges);
    let tell;
    const subscribed = new Promise((resolve) => {
      void page.routeWebSocket(/.*/, (socket) => {
        const server = socket.connectToServer();
        const sessions = new Set();
        socket.onMessage((text) => {
          const message = JSON.parse(text);
          if (message.type === 'subscribe' && message.name === 'session') {
            sessions.add(message.id);
            tell = (event) => socket.send(JSON.stringify({ type: 'event', id: message.id, event }));
            resolve();
          } else server.send(text);
        });
        server.onMessage((text) => {
          if (!sessions.has(JSON.parse(text).id)) socket.send(text);
        });
      });
    });
    await page.goto(url);
    await subscribed;
    tell({ type: 'status', status: { phase: 'live', message: '', since: '', retryAt: null, notices: [] } });
    tell({ type: 'snapshot', snapshot });
    await page
      .locator('.graph .crowd[data-things], .graph [data-name="web1"]')
      .first()
      .waitFor({ state: 'attached', timeout: PATIENCE_MS });
    await page.waitForTimeout(2_000);
    await page.evaluate(() => window.watchPicture());
    await page.evaluate(watchFrames);
    let now = snapshot;
    for (let round = 0; round < CHANGES; round += 1) {
      const patch = diffSnapshots(now, changed(now, round));
      now = applyPatch(now, patch);
      tell({ type: 'change', patch });
      await page.waitForFunction((count) => window.changeTimes.length > count, round, { timeout: PATIENCE_MS });
      await page.waitForTimeout(300);
      if (round === 0) await page.evaluate(() => window.bench.blocks.splice(0));
    }
    const { times, blocks } = await page.evaluate(() => ({ times: window.changeTimes, blocks: window.bench.blocks }));
    return { median: quantile(times.slice(1), 0.5), blocks, times };
  });
}
