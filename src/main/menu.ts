import type { MenuItemConstructorOptions } from 'electron';
import { COMMANDS, type CommandId, type CommandMenu, labelOf, menuKey } from '#api/commands.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import type { RecentFiles } from './recent.ts';

/** A key as Electron writes it: `Mod+Shift+e` → `CmdOrCtrl+Shift+E`. */
function accelerator(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'Mod' ? 'CmdOrCtrl' : part.length === 1 ? part.toUpperCase() : part))
    .join('+');
}

export interface MenuParts {
  /** Node's process.platform. */
  readonly platform: string;
  /** False adds what developers need. */
  readonly packaged: boolean;
  /** Our own items only say a command, which the page runs as its own. */
  readonly run: (command: CommandId) => void;
  /** Opens another window, which may show another engine. */
  readonly newWindow: () => void;
  readonly recent: Pick<RecentFiles, 'list' | 'clear'>;
  readonly openRecent: (path: string) => void;
  /** Null where the app does not update itself. */
  readonly lookForUpdate: (() => void) | null;
}

/** The application's menus, in the language of now. */
export function createMenuTemplate({
  platform,
  packaged,
  run,
  newWindow,
  recent,
  openRecent,
  lookForUpdate,
}: MenuParts): MenuItemConstructorOptions[] {
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const mac = platform === 'darwin';
  const items = (menu: CommandMenu): MenuItemConstructorOptions[] =>
    COMMANDS.filter((entry) => entry.menu === menu).flatMap((entry) => {
      const key = menuKey(entry, mac);
      return [
        ...(entry.line === true ? [line] : []),
        {
          id: entry.id,
          label: labelOf(entry),
          click: () => run(entry.id),
          ...(key === null ? {} : { accelerator: accelerator(key) }),
        },
      ];
    });

  const only = (id: CommandId): MenuItemConstructorOptions[] => items('app').filter((item) => item.id === id);
  // Electron's own words for its roles are English.
  const quit: MenuItemConstructorOptions = {
    role: 'quit',
    label: mac ? t('Quit Bulkhead') : platform === 'win32' ? t('Exit') : t('Quit'),
  };
  const macMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      ...only('about'),
      line,
      ...only('settings'),
      line,
      { role: 'services', label: t('Services ⟨macOS⟩') },
      line,
      { role: 'hide', label: t('Hide Bulkhead') },
      { role: 'hideOthers', label: t('Hide Others') },
      { role: 'unhide', label: t('Show All') },
      line,
      quit,
    ],
  };

  const openRecentMenu: MenuItemConstructorOptions = {
    label: t('Open Recent'),
    submenu: [
      ...recent.list().map((path) => ({
        // Two may have the same name; an ampersand marks a key.
        label: visibleText(path).replaceAll('&', '&&'),
        click: () => openRecent(path),
      })),
      line,
      { label: t('Clear the List'), click: () => recent.clear() },
    ],
  };

  return [
    ...(mac ? [macMenu] : []),
    {
      label: t('&File'),
      submenu: [
        { id: 'new-window', label: t('New Window'), accelerator: 'CmdOrCtrl+Shift+N', click: newWindow },
        line,
        ...items('file'),
        ...(recent.list().length === 0 ? [] : [openRecentMenu]),
        line,
        { label: t('Export'), submenu: items('export') },
        line,
        ...(mac ? [] : [...only('settings'), line]),
        mac ? { role: 'close', label: t('Close Window') } : quit,
      ],
    },
    {
      label: t('&Edit'),
      submenu: [
        { role: 'undo', label: t('Undo') },
        { role: 'redo', label: t('Redo') },
        line,
        { role: 'cut', label: t('Cut') },
        { role: 'copy', label: t('Copy') },
        { role: 'paste', label: t('Paste') },
        { role: 'selectAll', label: t('Select All') },
        line,
        ...items('edit'),
      ],
    },
    {
      label: t('&View'),
      submenu: [
        ...items('view'),
        line,
        { role: 'togglefullscreen', label: t('Toggle Full Screen') },
        ...(packaged
          ? []
          : ([line, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    {
      role: 'windowMenu',
      label: t('Window'),
      submenu: [
        { role: 'minimize', label: t('Minimize') },
        { role: 'zoom', label: t('Zoom ⟨window⟩') },
        ...(mac
          ? ([line, { role: 'front', label: t('Bring All to Front') }] satisfies MenuItemConstructorOptions[])
          : ([{ role: 'close', label: t('Close') }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    {
      role: 'help',
      label: t('Help'),
      submenu: [
        ...items('help'),
        ...(lookForUpdate === null ? [] : [line, { label: t('Look for an Update…'), click: lookForUpdate }]),
        ...(mac ? [] : [line, ...only('about')]),
      ],
    },
  ];
}
