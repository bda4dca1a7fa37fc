#!/usr/bin/env node
// A stand-in for Electron's program: runs the built main and preload bundles over a Chromium, for Playwright's
// `_electron`. It shows that our bundles fit together; it shows nothing about Electron itself.
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import inspector from 'node:inspector';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageScript, preloadScript } from './page-worlds.mjs';

const WORLD = 'standin-preload';
/** Set where the stand-in is the program of a package: its app, which shows itself in a window. */
const packagedApp = globalThis.__standinApp;
const args = process.argv.slice(packagedApp === undefined ? 2 : 1);
const appFolder = packagedApp ?? resolve(args.findLast((arg) => !arg.startsWith('-')) ?? '.');
const manifest = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'));
const profile = mkdtempSync(join(tmpdir(), 'standin-'));

const chromium = spawn(
  process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium',
  [
    ...(packagedApp === undefined ? ['--headless=new'] : []),
    '--no-startup-window',
    '--no-sandbox',
    '--no-first-run',
    '--disable-dev-shm-usage',
    '--disable-popup-blocking',
    '--remote-debugging-pipe',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
  ],
  { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] },
);
chromium.on('exit', () => process.exit(0));
process.on('exit', () => {
  chromium.kill('SIGKILL');
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));

/** The DevTools protocol over the pipe: messages end with a NUL. */
const protocolEvents = new EventEmitter();
protocolEvents.setMaxListeners(0);
const waiting = new Map();
let lastId = 0;
let rest = Buffer.alloc(0);
chromium.stdio[4].on('data', (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
    const message = JSON.parse(rest.subarray(0, end).toString());
    rest = rest.subarray(end + 1);
    if (message.id === undefined) {
      protocolEvents.emit(message.sessionId ?? 'browser', message.method, message.params);
      continue;
    }
    const { accept, refuse } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) accept(message.result);
    else refuse(new Error(message.error.message));
  }
});
chromium.stdio[3].on('error', () => {});
function send(method, params = {}, sessionId = undefined) {
  lastId += 1;
  const id = lastId;
  return new Promise((accept, refuse) => {
    waiting.set(id, { accept, refuse });
    chromium.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  });
}

/** What tests read: everything that a real Electron would have shown or done outside the page. */
const calls = [];
const record =
  (name) =>
  (...values) => {
    calls.push({ name, values });
  };

// Chromium cannot add a scheme: app://host/path is https://host.app.invalid/path inside it.
const toChromium = (url) => url.replace(/^app:\/\/([^/]+)/, 'https://$1.app.invalid');
const toElectron = (url) => url.replace(/^https:\/\/([^/]+)\.app\.invalid/, 'app://$1');

const schemes = new Map();
let sandboxed = false;
let ready = false;
let menu = null;
let applicationReady;
const whenReady = new Promise((done) => {
  applicationReady = done;
});
const ipcMain = new EventEmitter();
const allWindows = new Set();
let focused = null;

class App extends EventEmitter {
  isPackaged = packagedApp !== undefined;
  commandLine = { appendSwitch: () => {} };
  enableSandbox() {
    if (ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    sandboxed = true;
  }
  requestSingleInstanceLock = () => true;
  whenReady = () => whenReady;
  isReady = () => ready;
  addRecentDocument = record('addRecentDocument');
  getVersion = () => manifest.version;
  getPreferredSystemLanguages = () => (process.env.STANDIN_LANGUAGES ?? 'en-US').split(',');
  getName = () => manifest.name;
  getPath = (name) => (name === 'userData' ? profile : join(profile, name));
  quit() {
    for (const window of [...allWindows]) window.close();
    let prevented = false;
    this.emit('will-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) this.exit(0);
  }
  exit(code = 0) {
    process.exit(code);
  }
}
const app = new App();

class WebContents extends EventEmitter {
  #preload;
  #session = '';
  #context = null;
  #url = 'about:blank';
  #expected = null;
  #destroyed = false;
  #openHandler = () => ({ action: 'allow' });
  targetId = '';

  constructor(preload) {
    super();
    this.setMaxListeners(0);
    this.#preload = preload;
    this.attached = this.#attach();
    app.emit('web-contents-created', {}, this);
  }

  async #attach() {
    const { targetId } = await send('Target.createTarget', { url: 'about:blank', newWindow: true });
    this.targetId = targetId;
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    this.#session = sessionId;
    protocolEvents.on(sessionId, (method, params) => this.#event(method, params));
    const call = (method, params) => send(method, params, sessionId);
    await call('Page.enable');
    await call('Runtime.enable');
    await call('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await call('Runtime.addBinding', { name: '__standinSend', executionContextName: WORLD });
    await call('Page.addScriptToEvaluateOnNewDocument', { source: pageScript() });
    if (this.#preload === undefined) return;
    if (!isAbsolute(this.#preload) || !existsSync(this.#preload)) {
      calls.push({ name: 'preload-error', values: [`Unable to load preload script: ${this.#preload}`] });
      this.emit('preload-error', {}, this.#preload, new Error('missing'));
      return;
    }
    const source = preloadScript(readFileSync(this.#preload, 'utf8'));
    await call('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD });
  }

  #event(method, params) {
    if (method === 'Runtime.executionContextCreated' && params.context.name === WORLD) {
      this.#context = params.context.id;
    } else if (method === 'Runtime.exceptionThrown') {
      calls.push({ name: 'page-exception', values: [params.exceptionDetails.exception?.description ?? ''] });
    } else if (method === 'Page.frameNavigated' && params.frame.parentId === undefined) {
      this.#url = params.frame.url;
    } else if (method === 'Page.loadEventFired') {
      this.emit('loaded');
    } else if (method === 'Runtime.bindingCalled') {
      const [channel, values] = JSON.parse(params.payload);
      ipcMain.emit(channel, { sender: this, senderFrame: { url: this.getURL(), parent: null } }, ...values);
    } else if (method === 'Fetch.requestPaused') {
      this.#answer(params).catch(() => {});
    }
  }

  async #answer({ requestId, request, resourceType, frameId }) {
    const url = toElectron(request.url);
    if (resourceType === 'Document') {
      const isMainFrame = frameId === this.targetId;
      let prevented = false;
      const event = {
        url,
        isMainFrame,
        isSameDocument: false,
        preventDefault: () => {
          prevented = true;
        },
      };
      if (url !== this.#expected) {
        if (isMainFrame) this.emit('will-navigate', event);
        this.emit('will-frame-navigate', event);
      }
      if (prevented) {
        calls.push({ name: 'navigation-denied', values: [url] });
        await send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }, this.#session);
        return;
      }
      this.emit('did-start-navigation', event);
    }
    const handler = schemes.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) {
      await send('Fetch.continueRequest', { requestId }, this.#session);
      return;
    }
    const response = await handler(new Request(url, { method: request.method }));
    await send(
      'Fetch.fulfillRequest',
      {
        requestId,
        responseCode: response.status,
        responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
        body: Buffer.from(await response.arrayBuffer()).toString('base64'),
      },
      this.#session,
    );
  }

  async loadURL(url) {
    await this.attached;
    this.#expected = url;
    const loaded = new Promise((done) => this.once('loaded', done));
    const { errorText } = await send('Page.navigate', { url: toChromium(url) }, this.#session);
    if (errorText !== undefined) throw new Error(`${errorText} loading '${url}'`);
    await loaded;
  }

  getURL = () => toElectron(this.#url);
  isDestroyed = () => this.#destroyed;
  setWindowOpenHandler(handler) {
    this.#openHandler = handler;
  }
  /** A target that this page opened. */
  opened(url) {
    const { action } = this.#openHandler({ url: toElectron(url) });
    calls.push({ name: 'window-open', values: [url, action] });
    return action;
  }
  send(channel, ...values) {
    const text = JSON.stringify([channel, values]);
    const expression = `__standinDeliver(...${text})`;
    send('Runtime.evaluate', { expression, contextId: this.#context }, this.#session).catch(() => {});
  }
  close() {
    this.owner.close();
  }
  destroy() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.emit('destroyed');
    send('Target.closeTarget', { targetId: this.targetId }).catch(() => {});
  }
}

class BrowserWindow extends EventEmitter {
  static getAllWindows = () => [...allWindows];
  static getFocusedWindow = () => focused;
  static fromWebContents = (contents) => contents.owner;
  #options;
  #visible;

  constructor(options) {
    super();
    const { sandbox, contextIsolation, nodeIntegration } = options.webPreferences ?? {};
    if (!sandboxed || sandbox === false || contextIsolation === false || nodeIntegration === true) {
      throw new Error('The stand-in runs sandboxed, isolated pages only.');
    }
    this.#options = options;
    this.#visible = options.show !== false;
    this.webContents = new WebContents(options.webPreferences.preload);
    this.webContents.owner = this;
    allWindows.add(this);
  }
  async loadURL(url) {
    await this.webContents.loadURL(url);
    this.emit('ready-to-show');
  }
  /** Not Electron's: what the window was made with. */
  standinOptions = () => this.#options;
  show() {
    this.#visible = true;
  }
  isVisible = () => this.#visible;
  focus() {
    focused = this;
  }
  restore() {}
  maximize() {}
  isMinimized = () => false;
  isMaximized = () => false;
  isDestroyed = () => !allWindows.has(this);
  setBackgroundColor() {}
  getNormalBounds = () => ({ x: 0, y: 0, width: this.#options.width, height: this.#options.height });
  close() {
    if (this.isDestroyed()) return;
    this.emit('close', { preventDefault: () => {} });
    allWindows.delete(this);
    if (focused === this) focused = null;
    this.webContents.destroy();
    this.emit('closed');
    if (allWindows.size === 0) app.emit('window-all-closed');
  }
}

class Tray extends EventEmitter {
  constructor(image) {
    super();
    record('tray.created')(image);
    electron.standinTray = this;
  }
  setToolTip() {}
  setContextMenu(menu) {
    this.template = menu.template;
  }
  destroy() {
    electron.standinTray = null;
  }
}

const display = { id: 1, workArea: { x: 0, y: 0, width: 1440, height: 900 } };
const electron = {
  app,
  BrowserWindow,
  ipcMain,
  dialog: {
    showErrorBox: record('dialog.showErrorBox'),
    showOpenDialog: async (options) => {
      record('dialog.showOpenDialog')(options);
      return { filePaths: globalThis.standinFiles ?? [] };
    },
    // Nobody is there to click: a test says beforehand which button.
    showMessageBox: async (options) => {
      record('dialog.showMessageBox')(options);
      return { response: globalThis.standinAnswer ?? options.cancelId };
    },
  },
  Menu: {
    buildFromTemplate: (template) => ({ template }),
    setApplicationMenu: (next) => {
      menu = next;
    },
    getApplicationMenu: () => menu,
  },
  Tray,
  nativeImage: {
    createFromBuffer: (png, { scaleFactor }) => ({
      type: png.subarray(1, 4).toString(),
      width: png.readUInt32BE(16),
      scaleFactor,
    }),
  },
  /** Not Electron's: the entry that is there now. */
  standinTray: null,
  nativeTheme: Object.assign(new EventEmitter(), { shouldUseDarkColors: true, themeSource: 'system' }),
  protocol: {
    registerSchemesAsPrivileged: (list) => {
      if (ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
      record('protocol.registerSchemesAsPrivileged')(list);
    },
    handle: (scheme, handler) => schemes.set(scheme, handler),
  },
  screen: { getPrimaryDisplay: () => display, getAllDisplays: () => [display] },
  session: {
    defaultSession: {
      setPermissionRequestHandler: record('setPermissionRequestHandler'),
      setPermissionCheckHandler: record('setPermissionCheckHandler'),
      setDevicePermissionHandler: record('setDevicePermissionHandler'),
    },
  },
  shell: {
    openExternal: async (url) => {
      calls.push({ name: 'shell.openExternal', values: [url] });
    },
  },
  webContents: {
    fromDevToolsTargetId: (id) =>
      [...allWindows].map((window) => window.webContents).find((one) => one.targetId === id),
  },
  /** Not Electron's. */
  standinCalls: calls,
};
globalThis.__standin = { electron };

protocolEvents.on('browser', (method, params) => {
  if (method !== 'Target.targetCreated' || params.targetInfo.openerId === undefined) return;
  const opener = electron.webContents.fromDevToolsTargetId(params.targetInfo.openerId);
  if (opener?.opened(params.targetInfo.url) === 'deny') {
    send('Target.closeTarget', { targetId: params.targetInfo.targetId }).catch(() => {});
  }
});

const load = Module._load;
Module._load = function loadWithStandIn(request, ...more) {
  return request === 'electron' ? electron : load.call(this, request, ...more);
};
Module.register('./resolve-hook.mjs', import.meta.url);

const driven = args.some((arg) => arg.startsWith('--inspect'));
let run = () => {};
const started = new Promise((done) => {
  run = done;
});
globalThis.__playwright_run = run;
if (driven) inspector.open(0, '127.0.0.1');
else run();

await send('Target.setDiscoverTargets', { discover: true });
// Playwright is connected by now: it must see the first window being made.
await started;
await import(pathToFileURL(join(appFolder, manifest.main)).href);
ready = true;
applicationReady();
app.emit('ready', {});
