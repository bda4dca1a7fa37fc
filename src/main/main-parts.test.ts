import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '#api/commands.ts';
import { type Handlers, hostCommandSchema } from '#api/contract.ts';
import { setLanguage } from '#core/words/language.ts';
import { createOfferedFiles, fileOf, openCommand } from './files.ts';
import { createHostCommands } from './host-commands.ts';
import { createLazyHandlers } from './lazy-handlers.ts';
import { createMenuTemplate, type MenuParts } from './menu.ts';
import { APP_ORIGIN, developmentUrl, externalUrl, isOurs } from './origin.ts';
import { displaysKey, parseWindowStates, placeWindow } from './window-state.ts';

const MENU: MenuParts = {
  platform: 'linux',
  packaged: true,
  run() {},
  newWindow() {},
  recent: { list: () => [], clear() {} },
  openRecent() {},
  lookForUpdate: null,
};
const AREA = { x: 0, y: 25, width: 1440, height: 875 };

describe('placeWindow', () => {
  it('opens where the window was', () => {
    const bounds = { x: 100, y: 100, width: 900, height: 600 };
    expect(placeWindow({ bounds, maximised: false }, [AREA])).toEqual(bounds);
  });

  it.each([
    ['a display that is gone', { x: 3000, y: 100, width: 900, height: 600 }],
    ['above the display', { x: 100, y: -200, width: 900, height: 600 }],
    ['hardly on it', { x: 1400, y: 100, width: 900, height: 600 }],
  ])('comes back from %s', (_name, bounds) => {
    expect(placeWindow({ bounds, maximised: false }, [AREA])).toEqual({ x: 80, y: 62, width: 1280, height: 800 });
  });

  it('is never larger than the display that it is on', () => {
    const rectangle = fc.record({
      x: fc.integer({ min: -5000, max: 5000 }),
      y: fc.integer({ min: -5000, max: 5000 }),
      width: fc.integer({ min: 1, max: 9000 }),
      height: fc.integer({ min: 1, max: 9000 }),
    });
    fc.assert(
      fc.property(rectangle, (bounds) => {
        const placed = placeWindow({ bounds, maximised: false }, [AREA]);
        return placed.width <= AREA.width && placed.height <= AREA.height && placed.y >= AREA.y;
      }),
    );
  });

  it('takes no damaged file, and keeps a place for each arrangement of displays', () => {
    for (const text of ['', '{}', '{"a":{"bounds":{"x":1e99,"y":0,"width":1,"height":1},"maximised":false}}', 'null']) {
      expect(parseWindowStates(text)).toEqual({});
    }
    const state = { bounds: { x: 0, y: 0, width: 900, height: 600 }, maximised: true };
    expect(parseWindowStates(JSON.stringify({ a: state }))).toEqual({ a: state });
    const beside = { ...AREA, x: 1440 };
    expect(displaysKey([AREA, beside])).toBe(displaysKey([beside, AREA]));
    expect(displaysKey([AREA])).not.toBe(displaysKey([AREA, beside]));
  });
});

describe('origins', () => {
  it.each(['app://bulkhead.evil/', 'app://evil/', 'https://bulkhead/', 'about:blank', 'file:///app://bulkhead', ''])(
    'does not take %j for the page',
    (url) => expect(isOurs(url, 'app://bulkhead')).toBe(false),
  );

  it('knows the page', () => expect(isOurs('app://bulkhead/index.html', 'app://bulkhead')).toBe(true));

  it('gives only known documentation to the browser', () => {
    expect(externalUrl('https://man7.org/linux/man-pages/man7/namespaces.7.html')).not.toBeNull();
    for (const url of [
      'http://man7.org/',
      'https://man7.org.evil.test/',
      'https://user@man7.org/',
      'https://man7.org:444/',
      'file:///etc/passwd',
      'javascript:alert(1)',
    ]) {
      expect(externalUrl(url)).toBeNull();
    }
  });

  it('develops on the loopback only', () => {
    expect(developmentUrl('http://localhost:5173')).toBe('http://localhost:5173/');
    expect(developmentUrl('http://evil.test:5173')).toBeNull();
    expect(developmentUrl(undefined)).toBeNull();
  });
});

describe('createMenuTemplate', () => {
  it.each(['darwin', 'linux', 'win32'])(
    'offers every command that has a menu once on %s, and no shortcut twice',
    (platform) => {
      const said: string[] = [];
      const accelerators: unknown[] = [];
      const walk = (items: ReturnType<typeof createMenuTemplate>): void => {
        for (const item of items) {
          if (item.accelerator !== undefined) accelerators.push(item.accelerator);
          if (Array.isArray(item.submenu)) walk(item.submenu);
          else (item.click as (() => void) | undefined)?.();
        }
      };
      walk(createMenuTemplate({ ...MENU, platform, run: (command) => said.push(command) }));
      expect(said.toSorted()).toEqual(
        COMMANDS.filter(({ menu }) => menu !== undefined)
          .map(({ id }) => id)
          .toSorted(),
      );
      for (const command of said) expect(hostCommandSchema.parse({ command })).toEqual({ command });
      expect(new Set(accelerators).size).toBe(accelerators.length);
    },
  );

  it('has developer tools in unpackaged builds only', () => {
    expect(JSON.stringify(createMenuTemplate(MENU))).not.toContain('toggleDevTools');
    expect(JSON.stringify(createMenuTemplate({ ...MENU, packaged: false }))).toContain('toggleDevTools');
  });
});

it.each(['darwin', 'linux', 'win32'])('has every word of its menus in the language of now on %s', (platform) => {
  setLanguage('zh-CN');
  try {
    const recent = { list: () => ['/文件.bulkhead'], clear() {} };
    const menus = createMenuTemplate({ ...MENU, platform, recent, lookForUpdate: () => {} });
    const items = menus.flatMap(({ submenu, ...menu }) => [menu, ...(Array.isArray(submenu) ? submenu : [])]);
    // The program's own name stands over the first menu of a Mac.
    const foreign = items
      .filter(({ type, role }) => type !== 'separator' && role !== 'appMenu')
      .filter(({ label }) => !/\p{Script=Han}/u.test(label ?? ''));
    expect(foreign).toEqual([]);
  } finally {
    setLanguage('en');
  }
});

it('offers to look for an update only where the app can replace itself', () => {
  const look = vi.fn();
  const menuWith = (update: (() => void) | null) => createMenuTemplate({ ...MENU, lookForUpdate: update });
  const help = (menu: ReturnType<typeof createMenuTemplate>) => {
    const { submenu } = menu.find(({ role }) => role === 'help') ?? {};
    return Array.isArray(submenu) ? submenu.filter(({ label }) => /update/i.test(label ?? '')) : [];
  };
  expect(help(menuWith(null))).toEqual([]);
  const [item] = help(menuWith(look));
  (item?.click as (() => void) | undefined)?.();
  expect(look).toHaveBeenCalledOnce();
});

it('has the files that were opened last, by their whole path, and none without', () => {
  const opened: string[] = [];
  const clear = vi.fn();
  const submenuOf = (paths: readonly string[]) => {
    const recent = { list: () => paths, clear };
    const [file] = createMenuTemplate({ ...MENU, recent, openRecent: (path) => opened.push(path) });
    const items = Array.isArray(file?.submenu) ? file.submenu : [];
    const below = items.find(({ label }) => label === 'Open Recent')?.submenu;
    return Array.isArray(below) ? below : null;
  };
  expect(submenuOf([])).toBeNull();
  const items = submenuOf(['/a/R&D.bulkhead', '/b/x\u202e.json']) ?? expect.fail('there is no such menu');
  const labels = ['/a/R&&D.bulkhead', expect.not.stringContaining('\u202e'), undefined, 'Clear the List'];
  expect(items.map(({ label }) => label)).toEqual(labels);
  for (const item of items) (item.click as (() => void) | undefined)?.();
  expect(opened).toEqual(['/a/R&D.bulkhead', '/b/x\u202e.json']);
  expect(clear).toHaveBeenCalledOnce();
});

describe('createLazyHandlers', () => {
  it('starts no subscription that was ended while loading, and ends one that was started', async () => {
    const stop = vi.fn();
    const start = vi.fn(() => stop);
    const loaded = { request: {}, subscribe: { session: start, 'host.commands': start } } as unknown as Handlers;
    const loading = Promise.resolve(loaded);
    const lazy = createLazyHandlers(loading, () => {});
    lazy.subscribe.session({ endpoint: 'demo' }, () => {})();
    const end = lazy.subscribe['host.commands']({}, () => {});
    await loading;
    await Promise.resolve();
    expect(start).toHaveBeenCalledTimes(1);
    end();
    expect(stop).toHaveBeenCalledTimes(1);
  });
});

describe('files that the system asks to open', () => {
  it('are the last word that is no option', () => {
    expect(fileOf([], '/w')).toBeNull();
    expect(fileOf(['bulkhead://container/web1'], '/w')).toBeNull();
    const file = resolve('/w', 'a b.bulkhead');
    expect(fileOf([pathToFileURL(file).href], '/elsewhere')).toBe(file);
    expect(fileOf(['--enable-logging', '-x', ''], '/w')).toBeNull();
    expect(fileOf(['--flag', 'a b/für 我.bulkhead', '--other'], '/w')).toBe(resolve('/w', 'a b/für 我.bulkhead'));
  });

  it('come to the page with their name and content, and one that cannot be read is an error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-files-'));
    try {
      writeFileSync(join(folder, 'a.json'), 'ä');
      const files = createOfferedFiles();
      const { command, file } = await openCommand(join(folder, 'a.json'), files);
      expect([command, file?.name]).toEqual(['open', 'a.json']);
      // Its address is good for once, and no other is.
      const address = file?.address ?? '';
      expect(files.take('/opened/else')).toBeNull();
      expect(files.take(address)).toBe(join(folder, 'a.json'));
      expect(files.take(address)).toBeNull();
      await expect(openCommand(join(folder, 'nothing'), files)).rejects.toThrow('ENOENT');
      await expect(openCommand(folder, files)).rejects.toThrow('It is not a file.');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('have an address that a development server’s page reaches, too', () => {
    const files = createOfferedFiles(APP_ORIGIN);
    const { pathname, origin, protocol, host } = new URL(files.offer('/a.json'));
    expect([`${protocol}//${host}`, origin]).toEqual([APP_ORIGIN, 'null']);
    expect(files.take(pathname)).toBe('/a.json');
  });

  it('wait for the first page that listens, and then are for the one in front', () => {
    const [first, second] = [{}, {}];
    let front: object | null = null;
    const commands = createHostCommands(() => front);
    const heard: string[] = [];
    commands.say({ command: 'open' });
    front = first;
    const stop = commands.subscribe(first, ({ command }) => heard.push(`first ${command}`));
    commands.subscribe(second, ({ command }) => heard.push(`second ${command}`));
    commands.say({ command: 'find' });
    front = second;
    commands.say({ command: 'palette' });
    stop();
    expect(heard).toEqual(['first open', 'first find', 'second palette']);
  });
});
