import { EventEmitter } from 'node:events';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Port } from '#api/contract.ts';

const { ipcMain } = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  return { ipcMain: new Emitter() };
});
// Electron itself runs in no test here: of it only what tells who has sent a message counts.
vi.mock('electron', () => ({ ipcMain }));
const { servePages } = await import('./ipc.ts');

const ORIGIN = 'app://bulkhead';
const CHANNEL = 'bulkhead:port';
const MAIN = { url: `${ORIGIN}/index.html`, parent: null };

class Contents extends EventEmitter {
  readonly sent: unknown[][] = [];
  send(...words: unknown[]): void {
    this.sent.push(words);
  }
  isDestroyed(): boolean {
    return false;
  }
}

let ports: Port[] = [];
let opened: string[] = [];
let page = new Contents();

beforeEach(() => {
  ipcMain.removeAllListeners();
  [ports, opened, page] = [[], [], new Contents()];
  servePages(
    ORIGIN,
    (port) => ports.push(port),
    (path) => opened.push(path),
  );
});

const say = (senderFrame: unknown, ...words: unknown[]): void =>
  void ipcMain.emit(CHANNEL, { sender: page, senderFrame }, ...words);

it('the page’s main frame gets a port, and its messages', () => {
  say(MAIN, 'a', 'open', '');
  const heard: string[] = [];
  ports[0]?.onMessage((text) => heard.push(text));
  say(MAIN, 'a', 'message', 'hello');
  ports[0]?.send('back');
  say(MAIN, 'b', 'opened', '/tmp/x.json');
  expect([ports.length, heard, opened]).toEqual([1, ['hello'], ['/tmp/x.json']]);
  expect(page.sent).toEqual([[CHANNEL, 'a', 'message', 'back']]);
});

it.each<[string, unknown]>([
  ['a frame that is gone', null],
  ['a frame inside our page', { ...MAIN, parent: MAIN }],
  ['another host of our scheme', { url: 'app://other/index.html', parent: null }],
  ['a page of the web', { url: 'https://bulkhead/index.html', parent: null }],
  ['a file', { url: 'file:///index.html', parent: null }],
  ['a page without an address', { url: '', parent: null }],
])('%s gets nothing, and cannot speak through a port of ours', (_name, frame) => {
  say(frame, 'a', 'open', '');
  expect(ports).toEqual([]);
  say(MAIN, 'a', 'open', '');
  const heard = vi.fn();
  ports[0]?.onMessage(heard);
  ports[0]?.onClose(heard);
  say(frame, 'a', 'message', 'hello');
  say(frame, 'a', 'close', '');
  say(frame, 'a', 'opened', '/etc/passwd');
  expect(heard).not.toHaveBeenCalled();
  expect(opened).toEqual([]);
});

it.each(
  [
    [],
    ['a'],
    ['a', 'open'],
    ['a', 'constructor', ''],
    ['x'.repeat(65), 'open', ''],
    [{}, 'open', ''],
    ['a', 'open', 1],
  ].map((words) => [words]),
)('what is no message of ours is dropped: %j', (words) => {
  say(MAIN, ...words);
  expect(ports).toEqual([]);
});

it('a page has eight ports at most, and none of the document before', () => {
  for (let id = 0; id < 20; id++) say(MAIN, String(id), 'open', '');
  expect(ports).toHaveLength(8);
  const closed = vi.fn();
  for (const port of ports) port.onClose(closed);
  page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
  expect(closed).toHaveBeenCalledTimes(8);
  say(MAIN, '0', 'open', '');
  expect(ports).toHaveLength(9);
});
