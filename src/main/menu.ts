import type { MenuItemConstructorOptions } from 'electron';
import { COMMANDS, type CommandId, type CommandMenu, labelOf, menuKey } from '#api/commands.ts';

/** A key as Electron writes it: `Mod+Shift+e` → `CmdOrCtrl+Shift+E`. */
function accelerator(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'Mod' ? 'CmdOrCtrl' : part.length === 1 ? part.toUpperCase() : part))
    .join('+');
}

/**
 * The application's menus. Our own items only say a command, which the page runs as its own.
 * @param platform Node's process.platform
 * @param packaged false adds what developers need
 * @param newWindow opens another window, which may show another engine
 * @param lookForUpdate null where the app does not update itself
 */
export function createMenuTemplate(
  platform: string,
  packaged: boolean,
  run: (command: CommandId) => void,
  newWindow: () => void,
  lookForUpdate: (() => void) | null = null,
): MenuItemConstructorOptions[] {
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
  const macMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      ...only('about'),
      line,
      ...only('settings'),
      line,
      { role: 'services' },
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  };

  return [
    ...(mac ? [macMenu] : []),
    {
      label: '&File',
      submenu: [
        { id: 'new-window', label: 'New Window', accelerator: 'CmdOrCtrl+Shift+N', click: newWindow },
        line,
        ...items('file'),
        line,
        { label: 'Export', submenu: items('export') },
        line,
        ...(mac ? [] : [...only('settings'), line]),
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        line,
        ...items('edit'),
      ],
    },
    {
      label: '&View',
      submenu: [
        ...items('view'),
        line,
        { role: 'togglefullscreen' },
        ...(packaged
          ? []
          : ([line, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        ...items('help'),
        ...(lookForUpdate === null ? [] : [line, { label: 'Look for an Update…', click: lookForUpdate }]),
        ...(mac ? [] : [line, ...only('about')]),
      ],
    },
  ];
}
