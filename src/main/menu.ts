import type { MenuItemConstructorOptions } from 'electron';
import type { HostCommand } from '#api/contract.ts';

type Command = HostCommand['command'];

/**
 * The application's menus. Our own items only say a command, which the page runs as its own.
 * @param platform Node's process.platform
 * @param packaged false adds what developers need
 */
export function createMenuTemplate(
  platform: string,
  packaged: boolean,
  run: (command: Command) => void,
): MenuItemConstructorOptions[] {
  const item = (label: string, command: Command, accelerator?: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    click: () => run(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const mac = platform === 'darwin';

  return [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: '&File',
      submenu: [
        item('Choose Engine…', 'choose-endpoint', 'CmdOrCtrl+K'),
        item('Open Snapshot…', 'open', 'CmdOrCtrl+O'),
        line,
        {
          label: 'Export',
          submenu: [
            item('SVG…', 'export-svg', 'CmdOrCtrl+E'),
            item('PNG…', 'export-png', 'CmdOrCtrl+Shift+E'),
            item('Snapshot (JSON)…', 'export-json', 'CmdOrCtrl+S'),
            item('Graphviz (DOT)…', 'export-dot'),
            item('Mermaid…', 'export-mermaid'),
          ],
        },
        line,
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
        item('Find…', 'find', 'CmdOrCtrl+F'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('Fit to Window', 'fit', 'CmdOrCtrl+0'),
        item('Zoom In', 'zoom-in', 'CmdOrCtrl+Plus'),
        item('Zoom Out', 'zoom-out', 'CmdOrCtrl+-'),
        item('Tidy Up', 'tidy', 'CmdOrCtrl+Shift+T'),
        line,
        item('Table', 'toggle-table', 'CmdOrCtrl+T'),
        item('Details', 'toggle-panel', 'CmdOrCtrl+I'),
        line,
        { role: 'togglefullscreen' },
        ...(packaged
          ? []
          : ([line, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keyboard Shortcuts', 'shortcuts', 'CmdOrCtrl+/')] },
  ];
}
