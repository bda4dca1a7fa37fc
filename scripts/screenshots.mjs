// `npm run screenshots [-- FOLDER NAME…]`: every view and state of the page, in both themes and two sizes, into a folder
// outside of the repository, to be looked at. Names take those pictures alone; BULKHEAD_SIZES takes other sizes, and
// BULKHEAD_LANGUAGE another language. After `npm run build`, with Chromium.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { withApp } from './opened-app.mjs';

const [FOLDER = join(tmpdir(), 'bulkhead-screenshots'), ...NAMES] = process.argv.slice(2);
const SIZES = (process.env.BULKHEAD_SIZES ?? '1280x800 2560x1440').split(' ').map((text) => {
  const [width, height] = text.split('x').map(Number);
  return { width, height };
});
const LANGUAGE = process.env.BULKHEAD_LANGUAGE ?? 'en';
/** A view that was asked for fades in, and cards move to where they are. */
const REST_MS = 700;

const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;

const { zhCn } = await load('./src/core/words/zh-cn/zh-cn.ts');
/** A word of the page as it is said there. */
const said = (word) => (LANGUAGE === 'zh-CN' ? zhCn[word] : word);

/** What is opened. */
async function snapshots() {
  const { madeFleet } = await load('./test/support/made-fleet.ts');
  const { madeNetworks } = await load('./test/support/made-networks.ts');
  const { nested } = await load('./test/support/made-nested.ts');
  const { snapshotOf } = await load('./src/core/snapshot/build.testing.ts');
  const fleets = Object.fromEntries([2, 5, 25, 60, 200, 2000].map((count) => [`fleet-${count}`, madeFleet(count)]));
  const { withNetworks } = await load('./test/support/made-fleet-networks.ts');
  const connected = [5, 25, 60, 200].map((count) => [`connected-${count}`, withNetworks(madeFleet(count))]);
  const later = madeFleet(25);
  return {
    ...fleets,
    ...Object.fromEntries(connected),
    alone: snapshotOf({ containers: ['web', 'db', 'cache', 'mailer'].map((name) => ({ name })) }),
    nobody: snapshotOf({ containers: [] }),
    nested: nested(),
    networks: madeNetworks(30, 200),
    few: madeNetworks(4, 14),
    later: { ...later, containers: later.containers.slice(2), takenAt: '2026-01-02T00:00:00.000Z' },
  };
}

const view = (name) => async (page) => {
  const button = page.getByRole('button', { name: said(name), exact: true });
  if (await button.isVisible()) return button.click();
  await page.getByRole('button', { name: said('View: {name}').split('{')[0] }).click();
  await page.getByRole('menuitemradio', { name: said(name) }).click();
};
const find = (text) => (page) => page.getByRole('searchbox', { name: said('Search') }).fill(text);
const select = (name) => async (page) => {
  await find(`name:${name}`)(page);
  await page.keyboard.press('Enter');
  await find('')(page);
};
const command = (name) => async (page) => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: said('Command, name, pid, port, address, path or id') }).fill(name);
  await page.keyboard.press('Enter');
};
const menu = (name) => (page) =>
  page
    .getByRole('button', { name: said(name), exact: true })
    .first()
    .click();
const networks = (page) => page.keyboard.press('w');
const focused = (page) => page.getByRole('application').focus();
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
const click = (selector) => (page) => page.locator(selector).first().click({ force: true });

/** Each picture: the snapshot that is opened, or none, and what is done then. */
const STATES = {
  'no-engine': [null],
  experiment: ['fleet-2'],
  'graph-5': ['fleet-5'],
  'graph-25': ['fleet-25'],
  'graph-60': ['fleet-60'],
  'graph-200': ['fleet-200'],
  'graph-2000': ['fleet-2000'],
  'graph-nothing-shared': ['alone'],
  'graph-nobody': ['nobody'],
  'graph-selected': ['fleet-25', select('web2')],
  'graph-process': ['fleet-25', select('web2'), click('.processes-tree button, .tree button')],
  'graph-found': ['fleet-60', find('postgres')],
  'graph-search-error': ['fleet-25', find('volume:x')],
  'graph-broken': ['fleet-25', click('.graph .link.broken')],
  'graph-namespace': ['fleet-25', select('web2'), click('.details .namespaces a, .namespaces button.link')],
  'graph-set': ['fleet-25', select('web2'), focused, press('l', 'Enter')],
  'graph-pair': [
    'fleet-25',
    select('web2'),
    (page) => page.locator('.graph .node[data-name="web1"]').click({ modifiers: ['Shift'], force: true }),
  ],
  'graph-host-links': ['fleet-25', menu("All of the host's")],
  'graph-networks-5': ['connected-5', networks],
  'graph-networks-25': ['connected-25', networks],
  'graph-networks-60': ['connected-60', networks],
  'graph-networks-200': ['connected-200', networks],
  'graph-30-networks': ['networks', networks],
  'graph-network-hovered': [
    'connected-25',
    networks,
    (page) => page.locator('.graph .lane').first().dispatchEvent('pointerover'),
  ],
  'graph-services': ['nested', menu('Services')],
  'graph-lines-by-keyboard': ['fleet-25', select('web2'), focused, (page) => page.keyboard.press('l')],
  'both-25': ['fleet-25', view('Both')],
  'both-200': ['fleet-200', view('Both')],
  'table-5': ['fleet-5', view('Table')],
  'table-25': ['fleet-25', view('Table')],
  'table-200': ['fleet-200', view('Table')],
  'table-columns': ['networks', view('Table'), menu('Columns')],
  'table-2000': ['fleet-2000', view('Table')],
  'processes-25': ['fleet-25', view('Processes')],
  'processes-200': ['fleet-200', view('Processes')],
  'processes-2000': ['fleet-2000', view('Processes')],
  'levels-25': ['fleet-25', view('Levels')],
  'levels-200': ['fleet-200', view('Levels')],
  'levels-2000': ['fleet-2000', view('Levels')],
  'levels-nested': ['nested', view('Levels')],
  'wiring-none': ['fleet-25', view('Wiring')],
  'wiring-few': ['few', view('Wiring')],
  'wiring-30-networks': ['networks', view('Wiring')],
  'resources-none': ['fleet-25', view('Resources')],
  compared: ['fleet-25', 'later'],
  'export-menu': ['fleet-25', menu('Export')],
  filter: ['fleet-25', menu('Filter')],
  palette: ['fleet-25', (page) => page.keyboard.press('Control+k')],
  findings: ['fleet-25', command('findings')],
  isolation: ['fleet-25', command('isolation')],
  reach: ['networks', command('reach')],
  guide: ['fleet-25', command('guide')],
  export: ['fleet-25', command('export…')],
  settings: ['fleet-25', command('settings')],
  about: ['fleet-25', command('about')],
  shortcuts: ['fleet-25', command('shortcuts')],
  engines: ['fleet-25', command('choose')],
  failure: ['fleet-25', 'damaged'],
};

async function open(page, path, key) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press(key)]);
  await chooser.setFiles(path);
}

async function main() {
  const unknown = NAMES.filter((name) => !(name in STATES));
  if (unknown.length > 0) {
    throw new Error(`No such picture: ${unknown.join(', ')}. There are: ${Object.keys(STATES).join(', ')}.`);
  }
  const home = mkdtempSync(join(tmpdir(), 'bulkhead-pictures-of-'));
  const made = await snapshots();
  const files = { damaged: join(home, 'damaged.json') };
  writeFileSync(files.damaged, '{ "format": ');
  for (const [name, snapshot] of Object.entries(made)) {
    files[name] = join(home, `${name}.json`);
    writeFileSync(files[name], JSON.stringify(snapshot));
  }
  mkdirSync(FOLDER, { recursive: true });
  const nowhere = { host: `unix://${join(home, 'no.sock')}`, stop: async () => rmSync(home, { recursive: true }) };
  await withApp(
    nowhere,
    async ({ browser, url }) => {
      for (const [name, [file, ...steps]] of Object.entries(STATES)) {
        if (NAMES.length > 0 && !NAMES.includes(name)) continue;
        for (const size of SIZES) {
          const page = await browser.newPage({ viewport: size });
          page.setDefaultTimeout(10_000);
          // From the first on choosers are the script's.
          page.on('filechooser', () => {});
          await page.goto(url);
          await page.locator('.status', { hasText: said('Live') }).waitFor();
          if (file !== null) {
            await open(page, files[file], 'Control+o');
            await page.locator('.banner', { hasText: `${file}.json` }).waitFor();
          }
          await page.waitForTimeout(REST_MS);
          for (const step of steps) {
            if (typeof step === 'string') await open(page, files[step], step === 'later' ? 'd' : 'Control+o');
            else await step(page);
          }
          await page.mouse.move(1, 1);
          for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            await page.waitForTimeout(REST_MS);
            const path = join(FOLDER, `${name}-${size.width}x${size.height}-${colorScheme}.png`);
            await page.screenshot({ path });
            console.log(path);
          }
          await page.close();
        }
      }
    },
    LANGUAGE,
  );
}

await main();
process.exit(0);
