import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import * as z from 'zod';
import type { Port } from '#api/contract.ts';
import { MAX_MESSAGE_LENGTH } from '#api/message.ts';
import { isOurs } from './origin.ts';

/** The one channel, in both directions: a connection's id, what happens to it, and a message's text; or a file's path. */
const CHANNEL = 'bulkhead:port';

/** A page needs one; a reload closes them all. */
const MAX_PORTS_PER_PAGE = 8;

const argumentsSchema = z.tuple([
  z.string().max(64),
  z.enum(['open', 'message', 'close', 'opened']),
  z.string().max(MAX_MESSAGE_LENGTH),
]);

interface OpenPort {
  readonly deliver: (text: string) => void;
  readonly ended: () => void;
}

/** True for a message of our page's main frame, and for no other frame, page, or frame that is already gone. */
function fromOurPage(event: IpcMainEvent, pageOrigin: string): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOurs(frame.url, pageOrigin);
}

/**
 * Makes a port for each connection that a page opens. The only user of ipcMain: the sender is checked before all.
 * @param onOpened is told the path of each file that a page opened by itself
 */
export function servePages(
  pageOrigin: string,
  onPort: (port: Port, contents: WebContents) => void,
  onOpened: (path: string) => void,
): void {
  const pages = new WeakMap<WebContents, Map<string, OpenPort>>();

  function portsOf(contents: WebContents): Map<string, OpenPort> {
    const known = pages.get(contents);
    if (known !== undefined) return known;
    const ports = new Map<string, OpenPort>();
    pages.set(contents, ports);
    const endAll = (): void => {
      for (const port of [...ports.values()]) port.ended();
    };
    // The document that held them is going: the next one opens its own.
    contents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) endAll();
    });
    contents.on('render-process-gone', endAll);
    contents.on('destroyed', endAll);
    return ports;
  }

  function open(contents: WebContents, id: string, ports: Map<string, OpenPort>): void {
    const messageListeners: ((text: string) => void)[] = [];
    const closeListeners: (() => void)[] = [];
    const tell = (kind: 'message' | 'close', text: string): void => {
      if (!contents.isDestroyed()) contents.send(CHANNEL, id, kind, text);
    };
    const ended = (): void => {
      if (!ports.delete(id)) return;
      for (const listener of closeListeners) listener();
    };
    ports.set(id, {
      deliver: (text) => {
        for (const listener of messageListeners) listener(text);
      },
      ended,
    });
    onPort(
      {
        send: (text) => {
          if (ports.has(id)) tell('message', text);
        },
        onMessage: (listener) => messageListeners.push(listener),
        onClose: (listener) => closeListeners.push(listener),
        close: () => {
          if (!ports.has(id)) return;
          ended();
          tell('close', '');
        },
      },
      contents,
    );
  }

  ipcMain.on(CHANNEL, (event, ...received: unknown[]) => {
    if (!fromOurPage(event, pageOrigin)) return;
    const parsed = argumentsSchema.safeParse(received);
    if (!parsed.success) return;
    const [id, kind, text] = parsed.data;
    if (kind === 'opened') {
      onOpened(text);
      return;
    }
    const ports = portsOf(event.sender);
    const port = ports.get(id);
    if (kind === 'open') {
      if (port === undefined && ports.size < MAX_PORTS_PER_PAGE) open(event.sender, id, ports);
    } else if (kind === 'message') {
      port?.deliver(text);
    } else {
      port?.ended();
    }
  });
}
