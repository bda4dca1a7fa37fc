import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import {
  displaysKey,
  MINIMUM_SIZE,
  MOST_ARRANGEMENTS,
  parseWindowStates,
  placeWindow,
  type Rectangle,
  type WindowState,
  type WindowStates,
} from './window-state.ts';

/** The page's own background, so that nothing flashes before its first paint. */
const BACKGROUND = { dark: '#0f1419', light: '#ffffff' } as const;

/** Moving a window gives many events a second: only where it comes to rest is written. */
const SAVE_AFTER_MS = 500;
/** Pixels, so that the window below can be taken hold of. */
const BESIDE = 28;

export interface WindowOptions {
  /** Absolute path of the built preload. */
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
  /** False in released builds. */
  readonly devTools: boolean;
}

function readStates(file: string): WindowStates {
  try {
    return parseWindowStates(readFileSync(file, 'utf8'));
  } catch {
    // No file: the first start.
    return {};
  }
}

/** The primary display's first. */
function workAreas(): Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}

/** Replaces the file as a whole, so that a crash leaves the old one. The place of a window is not worth an error. */
async function writeState(file: string, state: WindowState): Promise<void> {
  const now = displaysKey(workAreas());
  const others = Object.entries(readStates(file)).filter(([displays]) => displays !== now);
  const states = Object.fromEntries([...others, [now, state]].slice(-MOST_ARRANGEMENTS));
  try {
    await writeFile(`${file}.new`, JSON.stringify(states), { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch {
    // A full or read-only disk: the window opens in its usual place next time.
  }
}

function keepState(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | null = null;
  const save = (): void => {
    timer = null;
    if (window.isDestroyed()) return;
    void writeState(file, { bounds: window.getNormalBounds(), maximised: window.isMaximized() });
  };
  const soon = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', () => {
    if (timer !== null) clearTimeout(timer);
    save();
  });
}

/** A window, hidden until its page has painted. The caller loads the page. One more stands a little beside the last. */
export function createWindow(options: WindowOptions): BrowserWindow {
  const areas = workAreas();
  const saved = readStates(options.stateFile)[displaysKey(areas)] ?? null;
  const front = BrowserWindow.getFocusedWindow();
  const bounds = front?.getNormalBounds();
  const beside =
    bounds === undefined
      ? saved
      : { bounds: { ...bounds, x: bounds.x + BESIDE, y: bounds.y + BESIDE }, maximised: false };
  const place = placeWindow(beside, areas);
  const window = new BrowserWindow({
    ...place,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    title: 'Bulkhead',
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      spellcheck: false,
      devTools: options.devTools,
    },
  });
  const recolour = (): void => {
    window.setBackgroundColor(nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light);
  };
  nativeTheme.on('updated', recolour);
  window.on('closed', () => nativeTheme.off('updated', recolour));
  window.once('ready-to-show', () => {
    if (beside?.maximised === true) window.maximize();
    window.show();
  });
  keepState(window, options.stateFile);
  return window;
}
