// What `import … from 'electron'` finds under the stand-in: these names, so that importing any other one fails to link.
export const {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
  Tray,
  webContents,
} = globalThis.__standin.electron;
