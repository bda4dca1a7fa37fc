import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test';
import { CONTRACT_VERSION, type HostCommand, type Port } from '../../src/api/contract.ts';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { encodeSnapshot } from '../../src/core/snapshot/decode.ts';

type Command = HostCommand['command'];

/** BULKHEAD_ELECTRON names a real Electron; without it the stand-in runs the same bundles over a Chromium. */
const real = process.env.BULKHEAD_ELECTRON;
const executablePath = real ?? join(import.meta.dirname, '../standin/electron.mjs');
const root = process.env.BULKHEAD_APP ?? join(import.meta.dirname, '../..');

declare global {
  interface Window {
    readonly bulkhead?: { connect(): Port; opened(file: File): void };
  }
}

let electron: ElectronApplication;

/** Settings of its own, which no other test has changed. */
let home: string;

async function launch(folder = root): Promise<Page> {
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', APPDATA: home };
  electron = await _electron.launch({ executablePath, args: [folder], env });
  const page = await electron.firstWindow();
  // The window is there before its page is.
  await expect(page.locator('#root')).toBeAttached();
  return page;
}

/** What the stand-in recorded under a name: on the real program a test of it is skipped. */
function recorded(name: string): Promise<unknown[][]> {
  return electron.evaluate((module, wanted) => {
    const { standinCalls } = module as unknown as { standinCalls: { name: string; values: unknown[] }[] };
    return standinCalls.filter((call) => call.name === wanted).map((call) => call.values);
  }, name);
}

function needsRecords(): void {
  test.skip(real !== undefined, 'It reads what the stand-in has recorded, and Electron records nothing.');
}

/** Clicks an item of the application's menu. */
async function clickMenu(id: Command | 'new-window'): Promise<void> {
  await electron.evaluate(({ Menu }, wanted) => {
    interface Item {
      id?: string;
      click?: () => void;
      submenu?: Item[] | { items: Item[] };
    }
    const find = (items: Item[]): Item | undefined => {
      for (const item of items) {
        if (item.id === wanted) return item;
        const below = Array.isArray(item.submenu) ? item.submenu : (item.submenu?.items ?? []);
        const found = find(below);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const menu = Menu.getApplicationMenu() as unknown as { items?: Item[]; template?: Item[] };
    find(menu.items ?? menu.template ?? [])?.click?.();
  }, id);
}

test.beforeEach(() => {
  if (!existsSync(join(root, 'out/main/main.js'))) throw new Error('Not built. Run: npm run build');
  home = mkdtempSync(join(tmpdir(), 'bulkhead-home-'));
});
test.afterEach(async () => {
  await electron.close();
  rmSync(home, { recursive: true, force: true });
});

test('shows the page in a window that is safe', async () => {
  const page = await launch();
  await expect(page.locator('#root')).not.toBeEmpty();
  expect(
    await page.evaluate(() => [typeof window.bulkhead?.connect, 'require' in window, 'process' in window]),
  ).toEqual(['function', false, false]);
  needsRecords();
  const preferences = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      const made = window as unknown as { standinOptions?: () => { webPreferences: Record<string, unknown> } };
      return made.standinOptions?.().webPreferences ?? {};
    }),
  );
  expect(preferences).toHaveLength(1);
  expect(preferences[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    experimentalFeatures: false,
    allowRunningInsecureContent: false,
  });
});

test('answers a call over the one channel', async () => {
  const page = await launch();
  const answers = await page.evaluate(async (contract) => {
    const port = window.bulkhead?.connect();
    if (port === undefined) throw new Error('no bridge');
    const received: unknown[] = [];
    await new Promise<void>((done) => {
      port.onMessage((text) => {
        received.push(JSON.parse(text));
        if (received.length === 2) done();
      });
      port.send(JSON.stringify({ type: 'hello', contract }));
      port.send(JSON.stringify({ type: 'request', id: 1, name: 'app.info', params: {} }));
    });
    return received;
  }, CONTRACT_VERSION);
  expect(answers[0]).toEqual({ type: 'hello', contract: CONTRACT_VERSION });
  expect(answers[1]).toMatchObject({ type: 'result', id: 1, result: { host: 'electron', nativeMenu: true } });
});

test('brings menu commands to the page', async () => {
  const page = await launch();
  const command = page.evaluate(
    (contract) =>
      new Promise<unknown>((done) => {
        const port = window.bulkhead?.connect();
        port?.onMessage((text) => {
          const message = JSON.parse(text);
          if (message.type === 'event') done(message.event);
          // The answer to a later request: the subscription stands.
          if (message.type === 'result') document.documentElement.dataset.subscribed = 'yes';
        });
        port?.send(JSON.stringify({ type: 'hello', contract }));
        port?.send(JSON.stringify({ type: 'subscribe', id: 1, name: 'host.commands', params: {} }));
        port?.send(JSON.stringify({ type: 'request', id: 2, name: 'app.info', params: {} }));
      }),
    CONTRACT_VERSION,
  );
  await expect(page.locator('html')).toHaveAttribute('data-subscribed', 'yes');
  await clickMenu('fit');
  expect(await command).toEqual({ command: 'fit' });
});

test('the page does what the menu says', async () => {
  const page = await launch();
  await expect(page.getByRole('contentinfo')).toContainText(/Live|Recording/);
  await clickMenu('shortcuts');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  // In a narrow window the details are a sheet, closed at first.
  const details = page.getByRole('complementary', { name: 'Details' });
  const open = await details.isVisible();
  await clickMenu('toggle-panel');
  await expect(details).toBeVisible({ visible: !open });
  await clickMenu('toggle-panel');
  await expect(details).toBeVisible({ visible: open });
  await clickMenu('find');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(page.getByRole('grid')).toBeHidden();
  await clickMenu('toggle-table');
  await expect(
    page.getByRole('grid').or(page.getByRole('region', { name: 'Namespaces of this machine' })),
  ).toBeVisible();
  await clickMenu('choose-endpoint');
  await expect(page.getByRole('dialog', { name: 'Choose an engine' })).toBeVisible();
});

test('stays on its page and opens no window', async () => {
  needsRecords();
  const page = await launch();
  const before = page.url();
  // Not within the call: one that navigates may wait for a page that never comes.
  await page.evaluate(() => {
    setTimeout(() => {
      location.href = 'https://evil.example/';
    });
  });
  await expect.poll(() => recorded('navigation-denied')).toEqual([['https://evil.example/']]);
  expect(page.url()).toBe(before);
  await page.evaluate(() => {
    setTimeout(() => window.open('https://evil.example/'));
  });
  await expect.poll(async () => (await recorded('window-open'))[0]?.[1]).toBe('deny');
  expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await recorded('shell.openExternal')).toEqual([]);
});

test('would notice a preload that is not where the window looks for it', async () => {
  needsRecords();
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-broken-'));
  try {
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'package.json'), readFileSync(join(root, 'package.json')));
    cpSync(join(root, 'out/main'), join(folder, 'out/main'), { recursive: true });
    cpSync(join(root, 'out/renderer'), join(folder, 'out/renderer'), { recursive: true });
    symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
    const page = await launch(folder);
    expect(await recorded('preload-error')).toHaveLength(1);
    expect(await page.evaluate(() => window.bulkhead === undefined)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('another window has the same safety, and the menu is for the one in front alone', async () => {
  const first = await launch();
  await expect(first.getByRole('contentinfo')).toContainText(/Live|Recording/);
  const opened = electron.waitForEvent('window');
  await clickMenu('new-window');
  const second = await opened;
  await expect(second.getByRole('contentinfo')).toContainText(/Live|Recording/);
  const preferences = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      const made = window as unknown as { standinOptions?: () => { webPreferences: unknown } };
      return made.standinOptions?.().webPreferences ?? null;
    }),
  );
  expect(preferences).toHaveLength(2);
  expect(preferences[1]).toEqual(preferences[0]);
  for (const page of [first, second]) await page.keyboard.press('Escape');
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[1]?.focus());
  await clickMenu('shortcuts');
  await expect(second.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expect(first.getByRole('dialog', { name: 'Keyboard shortcuts' })).toHaveCount(0);
  await second.keyboard.press('Escape');
  // Each goes on with its own engine; the theme is that of all.
  await second.evaluate(() => sessionStorage.setItem('bulkhead:endpoint', '"demo"'));
  expect(await first.evaluate(() => sessionStorage.getItem('bulkhead:endpoint'))).not.toBe('"demo"');
});

test('settings changed in one window count in the other, and the menus follow the language', async () => {
  const first = await launch();
  await expect(first.getByRole('contentinfo')).toContainText(/Live|Recording/);
  const opened = electron.waitForEvent('window');
  await clickMenu('new-window');
  const second = await opened;
  await expect(second.getByRole('contentinfo')).toContainText(/Live|Recording/);
  const labels = () =>
    electron.evaluate(({ Menu }) => {
      const menu = Menu.getApplicationMenu() as unknown as {
        items?: { label: string }[];
        template?: { label: string }[];
      };
      return (menu.items ?? menu.template ?? []).map(({ label }) => label);
    });
  expect(await labels()).toContain('&View');
  for (const page of [first, second]) {
    const welcome = page.getByRole('dialog', { name: 'Welcome to Bulkhead' });
    if (await welcome.isVisible()) await page.keyboard.press('Escape');
    await expect(welcome).toHaveCount(0);
  }
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[1]?.focus());
  await clickMenu('settings');
  await second.getByRole('button', { name: '简体中文' }).click();
  for (const page of [first, second]) await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect.poll(labels).toContain('视图(&V)');
  await second.getByRole('button', { name: '深色' }).click();
  await expect(first.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('the entry beside the clock is there when it is wanted, speaks the language of now, and brings a window back', async () => {
  needsRecords();
  interface Entry {
    template: { label?: string; click?: () => void }[];
  }
  const entry = () =>
    electron.evaluate((module) => {
      const { standinTray } = module as unknown as { standinTray: Entry | null };
      return standinTray?.template.map(({ label }) => label ?? '') ?? null;
    });
  const windows = () => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  const page = await launch();
  await expect(page.getByRole('contentinfo')).toContainText(/Live|Recording/);
  await page.keyboard.press('Escape');
  expect(await entry()).toBeNull();
  await clickMenu('settings');
  await page.getByLabel('Keep an entry in the menu bar or beside the clock').click();
  await expect.poll(entry).toEqual(['Open Bulkhead', '', 'Quit Bulkhead']);
  expect(await recorded('tray.created')).toEqual([[{ type: 'PNG', width: 32, scaleFactor: 2 }]]);
  await page.getByRole('button', { name: '简体中文' }).click();
  await expect.poll(entry).toEqual(['打开 Bulkhead', '', '退出 Bulkhead']);
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(windows).toBe(0);
  const opened = electron.waitForEvent('window');
  await electron.evaluate((module) => (module as unknown as { standinTray: Entry }).standinTray.template[0]?.click?.());
  const back = await opened;
  await expect(back.locator('html')).toHaveAttribute('lang', 'zh-CN');
  expect(await windows()).toBe(1);
  await expect(back.getByRole('contentinfo')).toContainText(/实时|录制/);
  await back.keyboard.press('Escape');
  await clickMenu('settings');
  await back.getByLabel('在菜单栏或时钟旁保留一个图标').click();
  await expect.poll(entry).toBeNull();
});

test('a link shows its container once the user has said so, and a link that is none of ours asks nothing', async () => {
  needsRecords();
  const page = await launch();
  await expect(page.getByRole('contentinfo')).toContainText(/Live|Recording/);
  await page.keyboard.press('Escape');
  const follow = (link: string) =>
    electron.evaluate(({ app }, url) => {
      (app as unknown as { emit(name: string, ...values: unknown[]): void }).emit(
        'open-url',
        { preventDefault() {} },
        url,
      );
    }, link);
  const missing = page.getByText('There is no container nobody-has-this in what is shown here.');
  await follow('bulkhead://shell/nobody-has-this');
  await follow('bulkhead://container/nobody-has-this');
  await expect
    .poll(() => recorded('dialog.showMessageBox'))
    .toMatchObject([
      [
        {
          message: 'A link asks Bulkhead to show the container nobody-has-this.',
          buttons: ['Show it', 'Not now'],
          defaultId: 1,
        },
      ],
    ]);
  await expect(missing).toHaveCount(0);
  await electron.evaluate(() => Object.assign(globalThis, { standinAnswer: 0 }));
  await follow('bulkhead://container/nobody-has-this');
  await expect(missing).toBeVisible();
});

/** The paths in the menu of recent files. */
function recentFiles(): Promise<string[]> {
  return electron.evaluate(({ Menu }) => {
    interface Item {
      label?: string;
      submenu?: Item[];
    }
    const menu = Menu.getApplicationMenu() as unknown as { template: Item[] };
    const items = menu.template.flatMap(({ submenu }) => submenu ?? []);
    const list = items.find(({ label }) => label === 'Open Recent')?.submenu ?? [];
    return list.map(({ label }) => label ?? '').filter((label) => label.startsWith('/'));
  });
}

test('a file is among the recent ones whichever way it was opened, and a bad one is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-recent-'));
  const good = encodeSnapshot(snapshotOf({ containers: [{ name: 'in-the-file' }] }));
  for (const name of ['menu.json', 'picked.json', 'dropped.json']) writeFileSync(join(folder, name), good);
  writeFileSync(join(folder, 'bad.json'), '{}');
  try {
    const page = await launch();
    await expect(page.getByRole('contentinfo')).toContainText(/Live|Recording/);
    await page.keyboard.press('Escape');
    await electron.evaluate(
      (_module, path) => Object.assign(globalThis, { standinFiles: [path] }),
      join(folder, 'menu.json'),
    );
    await clickMenu('open');
    await expect(page.getByText('snapshot of')).toContainText('menu.json');
    await expect.poll(recentFiles).toEqual([join(folder, 'menu.json')]);

    const pick = async (name: string): Promise<void> => {
      const button = page.getByRole('button', { name: 'Open…' });
      const more = page.getByRole('button', { name: 'More', exact: true });
      await expect(button.or(more)).toBeVisible();
      const chosen = page.waitForEvent('filechooser');
      if (await button.isVisible()) await button.click();
      else {
        await more.click();
        await page.getByRole('menuitem', { name: 'Open Snapshot…' }).click();
      }
      await (await chosen).setFiles(join(folder, name));
    };
    await pick('picked.json');
    await expect(page.getByText('snapshot of')).toContainText('picked.json');
    await expect.poll(recentFiles).toEqual(['/chosen/picked.json', join(folder, 'menu.json')]);
    await pick('bad.json');
    await expect(page.getByRole('alert')).toContainText('bad.json cannot be opened');
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.json'));
      return transfer;
    }, good);
    await page.locator('.app').dispatchEvent('drop', { dataTransfer: data });
    await expect(page.getByText('snapshot of')).toContainText('dropped.json');
    await expect.poll(recentFiles).toEqual(['/chosen/dropped.json', '/chosen/picked.json', join(folder, 'menu.json')]);
    expect((await recorded('addRecentDocument')).map(([path]) => path)).toContain('/chosen/picked.json');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that is larger than a message of the page can be is opened by the menu', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-large-'));
  const path = join(folder, 'large.json');
  const text = encodeSnapshot(snapshotOf({ containers: [{ name: 'in-the-file' }] }));
  // White space is JSON too.
  writeFileSync(path, `${' '.repeat(70 * 1024 * 1024)}${text}`);
  try {
    const page = await launch();
    await expect(page.getByRole('contentinfo')).toContainText(/Live|Recording/);
    await page.keyboard.press('Escape');
    await electron.evaluate((_module, wanted) => Object.assign(globalThis, { standinFiles: [wanted] }), path);
    await clickMenu('open');
    await expect(page.getByText('snapshot of')).toContainText('large.json', { timeout: 30_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
