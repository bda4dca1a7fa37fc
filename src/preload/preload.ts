import { contextBridge, ipcRenderer, webUtils } from 'electron';

/**
 * The whole of what the page gets from Electron: `window.bulkhead.connect()`, a port of texts to the inspector, and
 * `opened`, by which it says which file of the user's it opened. It names no method and hands out no object of Electron's,
 * and no path. Sandboxed, so nothing but electron may be imported.
 */
const CHANNEL = 'bulkhead:port';

let connections = 0;

function connect() {
  connections += 1;
  // Unique across reloads of the page too: the main process may still be ending the connections of the last one.
  const id = `${performance.timeOrigin}:${connections}`;
  const messageListeners: ((text: string) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let closed = false;

  const receive = (_event: unknown, target: unknown, kind: unknown, text: unknown): void => {
    if (target !== id) return;
    if (kind === 'message' && typeof text === 'string') for (const listener of messageListeners) listener(text);
    if (kind === 'close') end();
  };
  const end = (): void => {
    if (closed) return;
    closed = true;
    ipcRenderer.off(CHANNEL, receive);
    for (const listener of closeListeners) listener();
  };

  ipcRenderer.on(CHANNEL, receive);
  ipcRenderer.send(CHANNEL, id, 'open', '');
  return {
    send(text: string): void {
      if (!closed) ipcRenderer.send(CHANNEL, id, 'message', text);
    },
    onMessage(listener: (text: string) => void): void {
      messageListeners.push(listener);
    },
    onClose(listener: () => void): void {
      closeListeners.push(listener);
    },
    close(): void {
      if (closed) return;
      ipcRenderer.send(CHANNEL, id, 'close', '');
      end();
    },
  };
}

/** The page sees a file's content and name; where it is only the list of recent files gets to know. */
function opened(file: File): void {
  const path = webUtils.getPathForFile(file);
  if (path !== '') ipcRenderer.send(CHANNEL, '', 'opened', path);
}

contextBridge.exposeInMainWorld('bulkhead', { connect, opened });
