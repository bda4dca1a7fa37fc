import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, Menu, nativeTheme, type WebContents } from 'electron';
import type { Handlers } from '#api/contract.ts';
import { serve } from '#api/serve.ts';
import type { Settings } from '#api/settings.ts';
import { language, setLanguage, spoken } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { registerAppScheme, serveAppScheme } from './app-protocol.ts';
import { createOfferedFiles, fileOf, openCommand } from './files.ts';
import { createHostCommands } from './host-commands.ts';
import { servePages } from './ipc.ts';
import { createLazyHandlers } from './lazy-handlers.ts';
import { containerOfLink, LINK_SCHEME, linkOf, linkQuestion } from './links.ts';
import { createMenuTemplate } from './menu.ts';
import { APP_ORIGIN, developmentUrl, originOf } from './origin.ts';
import { createRecentFiles } from './recent.ts';
import { confinePages, denyPermissions } from './security.ts';
import { createTrayEntry } from './tray.ts';
import { type Ask, lookForUpdate, updatesItself } from './updates.ts';
import { createWindow } from './window.ts';

/** Helper containers are being removed; longer than this nobody waits for a window that is already closed. */
const CLOSE_WITHIN_MS = 3_000;

const out = join(import.meta.dirname, '..');
const commands = createHostCommands<WebContents>(() => {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  return window?.webContents ?? null;
});

/** The handlers for one window: all windows share the inspector, and each has its own menu commands. */
function handlersFor(handlers: Handlers, contents: WebContents): Handlers {
  return {
    ...handlers,
    subscribe: {
      ...handlers.subscribe,
      'host.commands': (_params, emit) => commands.subscribe(contents, emit),
    },
  };
}

// Set by electron-vite for its development server; a released build loads nothing but itself.
const developing = app.isPackaged ? null : developmentUrl(process.env.ELECTRON_RENDERER_URL);
const files = createOfferedFiles(developing === null ? '' : APP_ORIGIN);
let onRecent = (): void => {};
const recent = createRecentFiles(join(app.getPath('userData'), 'recent.json'), () => onRecent());

/** Keeps a file among those that were opened last: in the menu, and for the dock and the taskbar. */
function remember(path: string): void {
  recent.add(path);
  app.addRecentDocument(path);
}

/** Opens what a user opened in the system: a file's icon, a command line. */
async function openFile(path: string | null): Promise<void> {
  if (path === null) return;
  try {
    commands.say(await openCommand(path, files));
    remember(path);
  } catch (error) {
    dialog.showErrorBox(
      t('{name} cannot be opened', { name: path }),
      error instanceof Error ? error.message : String(error),
    );
  }
}

/** Follows a link into the app, once the user has said so. A link that is none of ours does nothing. */
async function followLink(link: string | null): Promise<void> {
  const container = link === null ? null : containerOfLink(link);
  if (container === null) return;
  await app.whenReady();
  const { response } = await dialog.showMessageBox(linkQuestion(container));
  if (response === 0) commands.say({ command: 'find', container });
}

/** Asks for a file of a snapshot or a recording. */
async function chooseFile(): Promise<void> {
  const { filePaths } = await dialog.showOpenDialog({
    properties: ['openFile'],
    filters: [
      { name: t('Snapshots and recordings'), extensions: ['bulkhead', 'json'] },
      { name: t('All files'), extensions: ['*'] },
    ],
  });
  await openFile(filePaths[0] ?? null);
}

/** A user's words on the command line. Where the app is not packaged they are Electron's, and a developer's. */
const wordsOf = (argv: readonly string[]) => (app.isPackaged ? argv.slice(1) : []);

/** Loaded while the window opens: the first paint needs no engine. */
async function loadInspector(onSettings: (settings: Settings) => void) {
  const { createInspector } = await import('#inspector/inspector.ts');
  return createInspector({
    host: 'electron',
    version: app.getVersion(),
    nativeMenu: true,
    updatesItself: updates() !== null,
    // Menus, dialogs and the ground of a new window follow the page's theme.
    onSettings: (settings) => {
      nativeTheme.themeSource = settings.theme;
      onSettings(settings);
    },
    languages: () => app.getPreferredSystemLanguages(),
  });
}

/** Where releases are is written into a package when it is made; without that there is nowhere to look: null. */
function updates(): ((asked: boolean) => void) | null {
  const known = existsSync(join(process.resourcesPath ?? '', 'app-update.yml'));
  if (!known || !updatesItself(app.isPackaged, process.platform, process.env.APPIMAGE)) return null;
  return (asked) => {
    const ask: Ask = async (message, detail, action) => {
      const buttons = action === null ? [t('Close')] : [action, t('Not now')];
      const { response } = await dialog.showMessageBox({ message, detail, buttons, cancelId: buttons.length - 1 });
      return action !== null && response === 0;
    };
    void import('electron-updater').then(({ default: { autoUpdater } }) =>
      lookForUpdate(autoUpdater, app.getVersion(), ask, asked),
    );
  };
}

function fatal(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox(t('Bulkhead could not start'), `${reason}\n\n${t('Build it again with: npm run build')}`);
  app.exit(1);
}

async function start(): Promise<void> {
  const pageUrl = developing ?? `${APP_ORIGIN}/index.html`;
  const pageOrigin = originOf(pageUrl) ?? APP_ORIGIN;

  confinePages(pageOrigin);
  const newWindow = (): void => {
    const window = createWindow({
      preload: join(out, 'preload', 'preload.cjs'),
      stateFile: join(app.getPath('userData'), 'window.json'),
      devTools: !app.isPackaged,
    });
    window.loadURL(pageUrl).catch(fatal);
  };
  // Until the settings are read, and say another: in the system's language.
  setLanguage(spoken(app.getPreferredSystemLanguages()));
  const showMenu = (): void => {
    const update = updates();
    const template = createMenuTemplate({
      platform: process.platform,
      packaged: app.isPackaged,
      run: (command) => (command === 'open' ? void chooseFile() : commands.say({ command })),
      newWindow,
      recent,
      openRecent: (path) => void openFile(path),
      lookForUpdate: update === null ? null : () => update(true),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  showMenu();
  onRecent = showMenu;
  const showWindow = (): void => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window === undefined) newWindow();
    else {
      if (window.isMinimized()) window.restore();
      window.focus();
    }
  };
  app.on('second-instance', (_event, argv, workingDirectory) => {
    void openFile(fileOf(wordsOf(argv), workingDirectory));
    void followLink(linkOf(argv));
    showWindow();
  });
  const entry = createTrayEntry({
    page: join(out, 'renderer'),
    draw: async (svg) => {
      const { base64 } = await (await loading).request['export.png']({ svg, scale: 1 });
      return Buffer.from(base64, 'base64');
    },
    open: showWindow,
    quit: () => app.quit(),
  });
  app.on('window-all-closed', () => {
    if (!entry.isThere()) app.quit();
  });

  await app.whenReady();
  denyPermissions();
  serveAppScheme(join(out, 'renderer'), files, pageOrigin);
  let menuLanguage = language();
  let first = true;
  const loading = loadInspector((settings) => {
    if (first && settings.updates === 'start') updates()?.(false);
    first = false;
    void entry.show(settings.tray);
    if (menuLanguage === language()) return;
    menuLanguage = language();
    showMenu();
  });
  loading.then(
    ({ fault }) => {
      keepFault = fault;
    },
    // Told where it is asked for.
    () => {},
  );
  const handlers = createLazyHandlers(loading, fatal);
  servePages(pageOrigin, (port, contents) => serve(port, handlersFor(handlers, contents)), remember);

  app.once('will-quit', (event) => {
    event.preventDefault();
    const closing = loading.then((inspector) => inspector.close());
    const limit = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS));
    void Promise.race([closing, limit])
      .catch(() => {})
      .then(() => app.exit(0));
  });

  // The dock of a Mac keeps the program there while it ends.
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) newWindow();
  });
  newWindow();
}

/** Keeps a fault in the log, as soon as there is one. */
let keepFault = (_error: unknown): void => {};

// An uncaught error in one place must not end everything else: only the user ends the app.
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (error: unknown) => {
    process.stderr.write(`Bulkhead failed, and goes on: ${error instanceof Error ? error.stack : String(error)}\n`);
    keepFault(error);
  });
}
app.enableSandbox();
registerAppScheme(developing !== null);
// macOS hands files over so, also before the app is ready.
app.on('open-file', (event, path) => {
  event.preventDefault();
  void openFile(path);
});
app.on('open-url', (event, url) => {
  event.preventDefault();
  void followLink(url);
});
if (app.requestSingleInstanceLock()) {
  // The package for Linux says so itself. A developer's Electron is not made the program for these links.
  if (app.isPackaged && process.platform === 'win32') app.setAsDefaultProtocolClient(LINK_SCHEME);
  void followLink(linkOf(wordsOf(process.argv)));
  void openFile(fileOf(wordsOf(process.argv), process.cwd()));
  start().catch(fatal);
} else app.quit();
