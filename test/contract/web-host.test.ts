import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '#api/client.ts';
import { createWebSocketPort, tokenMessage, WEB_SOCKET_CLOSE, WEB_SOCKET_PATH } from '#api/web-socket-port.ts';
import { startWebHost, type WebHost, type WebHostOptions } from '#web/web-host.ts';
import { createScriptedHandlers, type ScriptedHandlers } from './handlers.ts';

let folder = '';
let host: WebHost;
let scripted: ScriptedHandlers;
let staticDir = '';

async function start(options: Partial<WebHostOptions> = {}): Promise<void> {
  host = await startWebHost(scripted.handlers, { staticDir, ...options });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulkhead-web-'));
  staticDir = join(folder, 'page');
  await mkdir(join(staticDir, 'assets'), { recursive: true });
  await mkdir(join(folder, 'page-sibling'));
  await writeFile(join(staticDir, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(staticDir, 'assets', 'a.js'), 'export {};');
  await writeFile(join(staticDir, 'assets', 'empty.css'), '');
  await writeFile(join(folder, 'page-sibling', 'secret.js'), 'secret');
  await writeFile(join(folder, 'secret.js'), 'secret');
  await symlink(join(folder, 'secret.js'), join(staticDir, 'link.js'));
  scripted = createScriptedHandlers();
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with its path as it is: fetch() would tidy it, and sets Host itself. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end();
  });
}

const address = (): string => new URL(host.url).host;
const token = (): string => new URL(host.urlWithToken).hash.slice('#token='.length);

function socketTo(options: { origin?: string | undefined; hostHeader?: string; path?: string } = {}): WebSocket {
  const origin = 'origin' in options ? options.origin : `http://${address()}`;
  return new WebSocket(`ws://${address()}${options.path ?? WEB_SOCKET_PATH}`, {
    headers: {
      ...(origin === undefined ? {} : { Origin: origin }),
      ...(options.hostHeader === undefined ? {} : { Host: options.hostHeader }),
    },
  });
}

/** The HTTP status that an upgrade was refused with; 101 when it was not. */
function upgradeStatus(options: Parameters<typeof socketTo>[0] = {}): Promise<number> {
  const socket = socketTo(options);
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
  });
}

/** What the socket was closed with. */
function closeCode(socket: WebSocket): Promise<number> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.on('close', resolve));
}

describe('the page', () => {
  it('is served with its policy and is not stored', async () => {
    await start();
    const { status, headers, text } = await ask('/');
    expect(status).toBe(200);
    expect(text).toContain('page');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).toContain(`ws://${address()}`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('has its files, empty ones and HEAD too', async () => {
    await start();
    expect((await ask('/assets/a.js?x')).text).toBe('export {};');
    expect(await ask('/assets/empty.css')).toMatchObject({ status: 200, text: '' });
    expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/../page-sibling/secret.js',
    '/link.js',
    '/assets',
    '/nothing.js',
    '/%',
  ])('does not serve %s', async (path) => {
    await start();
    const { status, text } = await ask(path);
    expect(status).toBe(404);
    expect(text).not.toContain('secret');
  });

  it.each(['evil.test', 'evil.test:80', '127.0.0.1', 'localhost.evil.test'])('answers no host %j', async (name) => {
    await start();
    expect((await ask('/', { Host: name })).status).toBe(421);
  });

  it('answers to the three names of the loopback', async () => {
    await start();
    const { port } = new URL(host.url);
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      expect((await ask('/', { Host: `${name}:${port}` })).status).toBe(200);
    }
  });

  /** A request as it is written; Node's own client would join headers of one name. */
  function raw(lines: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(host.url);
    return new Promise((resolve, reject) => {
      const socket = connectTcp(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
      socket.on('data', (data) => {
        resolve(data.toString().split('\r\n')[0] ?? '');
        socket.destroy();
      });
      socket.on('error', reject);
    });
  }

  it('refuses two Host headers and two Origins, whichever comes first', async () => {
    await start();
    const ours = `Host: ${address()}`;
    expect(await raw(['GET / HTTP/1.1', ours, 'Connection: close'])).toContain(' 200 ');
    expect(await raw(['GET / HTTP/1.1', ours, 'Host: evil.test', 'Connection: close'])).toContain(' 421 ');
    expect(await raw(['GET / HTTP/1.1', 'Host: evil.test', ours, 'Connection: close'])).toContain(' 421 ');
    expect(await raw(['GET / HTTP/1.1', ours, ours, 'Connection: close'])).toContain(' 421 ');
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
    const origin = `Origin: http://${address()}`;
    const socket = (...headers: string[]) => raw([`GET ${WEB_SOCKET_PATH} HTTP/1.1`, ...headers, ...upgrade, key]);
    expect(await socket(ours, origin)).toContain(' 101 ');
    expect(await socket(ours, origin, 'Host: evil.test')).toContain(' 421 ');
    expect(await socket(ours, origin, 'Origin: http://evil.test')).toContain(' 403 ');
    expect(await socket(ours, 'Origin: http://evil.test', origin)).toContain(' 403 ');
  });

  it('takes no other method, and none at all from other pages', async () => {
    await start();
    expect((await ask('/', {}, 'POST')).status).toBe(403);
    expect((await ask('/', { Origin: 'http://evil.test' }, 'POST')).status).toBe(403);
    expect((await ask('/', { Origin: `http://${address()}` }, 'POST')).status).toBe(405);
  });

  it('listens on the loopback only', async () => {
    await start();
    const outer = Object.values(networkInterfaces())
      .flat()
      .find((entry) => entry !== undefined && entry.family === 'IPv4' && !entry.internal);
    // 127.0.0.2 is this machine too, on Linux, and was not asked for: refused wherever only 127.0.0.1 is bound.
    const target = outer?.address ?? '127.0.0.2';
    const result = await new Promise((resolve) => {
      const socket = connectTcp(Number(new URL(host.url).port), target);
      socket.setTimeout(2_000, () => resolve('timeout'));
      socket.on('connect', () => resolve('connected'));
      socket.on('error', () => resolve('refused'));
    });
    expect(result).not.toBe('connected');
  });

  it('says what to do about a port in use and a page that is not built', async () => {
    await start();
    const port = Number(new URL(host.url).port);
    await expect(startWebHost(scripted.handlers, { staticDir, port })).rejects.toMatchObject({ code: 'port-in-use' });
    const missing = startWebHost(scripted.handlers, { staticDir: join(folder, 'none') });
    await expect(missing).rejects.toMatchObject({ code: 'page-missing', message: expect.stringContaining('npm run') });
  });
});

describe('the socket', () => {
  it('is opened to our own page only', async () => {
    await start();
    const { port } = new URL(host.url);
    expect(await upgradeStatus()).toBe(101);
    expect(await upgradeStatus({ origin: undefined })).toBe(403);
    expect(await upgradeStatus({ origin: 'null' })).toBe(403);
    expect(await upgradeStatus({ origin: `http://127.0.0.1:${Number(port) + 1}` })).toBe(403);
    expect(await upgradeStatus({ origin: `https://127.0.0.1:${port}` })).toBe(403);
    // A rebound name: Host and Origin agree with each other, and neither is ours.
    expect(await upgradeStatus({ origin: `http://evil.test:${port}`, hostHeader: `evil.test:${port}` })).toBe(421);
    expect(await upgradeStatus({ path: '/other' })).toBe(404);
  });

  it.each([
    ['a wrong token', tokenMessage('wrong')],
    ['another message', JSON.stringify({ type: 'hello', contract: 1 })],
    ['no JSON', 'token'],
    ['an empty message', ''],
  ])('ends at %s, and says nothing before', async (_name, message) => {
    await start();
    const socket = socketTo();
    const received = vi.fn();
    socket.on('message', received);
    socket.on('open', () => {
      socket.send(message);
      socket.send(JSON.stringify({ type: 'hello', contract: 1 }));
      socket.send(JSON.stringify({ type: 'request', id: 1, name: 'app.info', params: {} }));
    });
    expect(await closeCode(socket)).toBe(WEB_SOCKET_CLOSE.token);
    expect(received).not.toHaveBeenCalled();
  });

  it('ends when no token comes in time', async () => {
    await start({ tokenTimeoutMs: 50 });
    expect(await closeCode(socketTo())).toBe(WEB_SOCKET_CLOSE.token);
  });

  it('ends when more than a token comes first, before it is a message', async () => {
    await start({ tokenTimeoutMs: 5_000 });
    const socket = socketTo();
    // One unfinished message: no check of messages would see it.
    socket.on('open', () => socket.send('x'.repeat(64 * 1024), { fin: false }));
    expect(await closeCode(socket)).toBe(1006);
  });

  it('lets the right token in whatever others try: wrong tokens, silence, and connections that ask nothing', async () => {
    await start({ maxUnproven: 8, tokenTimeoutMs: 60_000 });
    const good = createClient(createWebSocketPort(socketTo(), token()));
    await good.request('app.info', {});
    for (let attempt = 0; attempt < 20; attempt++) {
      const socket = socketTo();
      socket.on('open', () => socket.send(tokenMessage('wrong')));
      expect(await closeCode(socket)).toBe(WEB_SOCKET_CLOSE.token);
    }
    const silent: WebSocket[] = [];
    for (let count = 0; count < 40; count++) {
      const socket = socketTo();
      socket.on('error', () => {});
      await new Promise((resolve) => socket.on('open', resolve));
      silent.push(socket);
    }
    const { hostname, port } = new URL(host.url);
    const mute = Array.from({ length: 4 }, () => connectTcp(Number(port), hostname));
    for (const socket of mute) socket.on('error', () => {});
    // The oldest were cut, the newest are still there.
    await vi.waitFor(() => expect(silent.slice(0, 32).every(({ readyState }) => readyState === 3)).toBe(true));
    expect(silent.at(-1)?.readyState).toBe(1);
    const owner = createClient(createWebSocketPort(socketTo(), token()));
    await expect(owner.request('app.info', {})).resolves.toBeDefined();
    await expect(good.request('app.info', {})).resolves.toBeDefined();
    for (const socket of mute) socket.destroy();
  });

  it('limits how many pages there are', async () => {
    await start({ maxPages: 1 });
    const first = createClient(createWebSocketPort(socketTo(), token()));
    await first.request('app.info', {});
    expect(await upgradeStatus()).toBe(503);
  });

  it('ends at a message over the limit', async () => {
    await start({ maxMessageBytes: 1_000 });
    const socket = socketTo();
    const client = createClient(createWebSocketPort(socket, token()));
    await client.request('app.info', {});
    const code = closeCode(socket);
    await expect(client.request('export.png', { svg: 'x'.repeat(2_000), scale: 1 })).rejects.toMatchObject({
      code: 'closed',
    });
    expect(await code).toBe(1009);
  });

  it('is ended when the page stopped answering pings, and kept while it does', async () => {
    await start({ pingMs: 60 });
    const dead = new WebSocket(`ws://${address()}${WEB_SOCKET_PATH}`, {
      origin: `http://${address()}`,
      autoPong: false,
    });
    dead.on('open', () => dead.send(tokenMessage(token())));
    const living = createClient(createWebSocketPort(socketTo(), token()));
    expect(await closeCode(dead)).toBe(1006);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(living.request('app.info', {})).resolves.toBeDefined();
  });

  it('is ended when the page reads too slowly, and its subscriptions with it', async () => {
    await start({ maxWaitingBytes: 100_000 });
    const socket = socketTo();
    const client = createClient(createWebSocketPort(socket, token()));
    const slow = new Promise<number>((resolve) => socket.on('close', resolve));
    client.subscribe('session', { endpoint: 'demo' }, () => {});
    await vi.waitFor(() => expect(scripted.open()).toBe(1));
    socket.pause();
    await vi.waitFor(
      () => {
        for (let count = 0; count < 10; count++) {
          scripted.session({ type: 'alive', takenAt: 'x'.repeat(500_000), durationMs: 0, cpuMs: 0 });
        }
        expect(scripted.open()).toBe(0);
      },
      { timeout: 10_000 },
    );
    socket.resume();
    expect(await slow).toBe(WEB_SOCKET_CLOSE.slow);
  });

  it('carries an answer larger than all that may wait, with events behind it', async () => {
    await start({ maxWaitingBytes: 1_000_000 });
    const client = createClient(createWebSocketPort(socketTo(), token()));
    const seen: string[] = [];
    client.subscribe('session', { endpoint: 'demo' }, (event) => {
      if (event.type === 'alive') seen.push(event.takenAt);
    });
    await vi.waitFor(() => expect(scripted.open()).toBe(1));
    const svg = '数'.repeat(8_000_000);
    const answer = client.request('export.png', { svg, scale: 1 });
    const events = setInterval(() => scripted.session({ type: 'alive', takenAt: 'now', durationMs: 0, cpuMs: 0 }), 1);
    try {
      expect((await answer).base64 === svg).toBe(true);
    } finally {
      clearInterval(events);
    }
    await expect(client.request('app.info', {})).resolves.toBeDefined();
    expect(seen.length).toBeGreaterThan(0);
  });

  it('gives one page the token for a code, once', async () => {
    await start();
    // Long enough for its age not to be what ends it.
    const { url, settled } = host.oneTimeUrl(3_600_000);
    const code = new URL(url).hash.slice('#code='.length);
    expect(url).not.toContain(token());
    const received: string[] = [];
    const first = createClient(createWebSocketPort(socketTo(), { code, onToken: (text) => received.push(text) }));
    await first.request('app.info', {});
    expect(received).toEqual([token()]);
    await settled;
    const second = socketTo();
    createWebSocketPort(second, { code, onToken: (text) => received.push(text) });
    expect(await closeCode(second)).toBe(WEB_SOCKET_CLOSE.token);
    expect(received).toHaveLength(1);
  });

  it('takes no code that is too old, none that was never given, and tells no page the token that has it', async () => {
    await start();
    const { url, settled } = host.oneTimeUrl(1);
    await settled;
    for (const code of [new URL(url).hash.slice('#code='.length), '', token()]) {
      const socket = socketTo();
      createWebSocketPort(socket, { code, onToken: () => {} });
      expect(await closeCode(socket)).toBe(WEB_SOCKET_CLOSE.token);
    }
    const socket = socketTo();
    const answers: string[] = [];
    socket.on('message', (data) => answers.push(String(data)));
    await createClient(createWebSocketPort(socket, token())).request('app.info', {});
    expect(answers.join()).not.toContain(token());
  });

  it('gives each start a new token of 32 bytes', async () => {
    await start();
    const first = token();
    await host.close();
    await start();
    expect(Buffer.from(first, 'base64url')).toHaveLength(32);
    expect(token()).not.toBe(first);
    expect(new URL(host.urlWithToken).search).toBe('');
  });
});
