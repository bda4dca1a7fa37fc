import { createReadStream } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Handlers, Port } from '#api/contract.ts';
import { pageFile, pageHeaders } from '#api/page.ts';
import { serve } from '#api/rpc.ts';
import { TOKEN_ACCEPTED, TOKEN_FRAGMENT, WEB_SOCKET_CLOSE, WEB_SOCKET_PATH } from '#api/web-socket-port.ts';
import { createToken, createTokenLimit, readTokenMessage, sameToken } from './token.ts';

/** All addresses but this one need an explicit decision: whoever gets in can control Docker, which amounts to root. */
const ADDRESS = '127.0.0.1';

export interface WebHostOptions {
  /** The folder of the built page. */
  readonly staticDir: string;
  /** 0 lets the system choose. */
  readonly port?: number;
  /** Time for the first message with the token. */
  readonly tokenTimeoutMs?: number;
  /** Bytes that a socket may send before its token was accepted. */
  readonly maxBytesBeforeToken?: number;
  /** Wrong tokens in a minute, from all sockets together, before new sockets are refused for the rest of it. */
  readonly maxWrongTokens?: number;
  /** The longest message of a page, in bytes; an SVG to be drawn as PNG is the largest. */
  readonly maxMessageBytes?: number;
  /** Bytes that may wait for a slow page before it is disconnected; it then connects again and starts afresh. */
  readonly maxBufferedBytes?: number;
  /** A socket that has not answered a ping when the next is due is ended. */
  readonly pingMs?: number;
  /** Open sockets, with or without a token. */
  readonly maxSockets?: number;
}

export interface WebHost {
  /** For example `http://127.0.0.1:40123/`. Useless without the token. */
  readonly url: string;
  /** The address to open; holds the token in the fragment. Not for logs. */
  readonly urlWithToken: string;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Why the host could not start; `message` says what to do. */
export class WebHostError extends Error {
  readonly code: 'port-in-use' | 'cannot-listen' | 'page-missing';

  constructor(code: 'port-in-use' | 'cannot-listen' | 'page-missing', message: string) {
    super(message);
    this.name = 'WebHostError';
    this.code = code;
  }
}

/** Sends a short plain-text answer with the headers of every answer. */
function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    ...pageHeaders(),
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  });
  response.end(`${text}\n`);
}

/** Refuses an upgrade: an HTTP answer, then the end. */
function refuseUpgrade(socket: Duplex, status: number, reason: string, text: string): void {
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** A served page's port: a WebSocket that has shown the token. */
function createPort(socket: WebSocket, maxBufferedBytes: number): Port {
  let closed = socket.readyState !== socket.OPEN;
  const closeListeners: (() => void)[] = [];
  socket.on('close', () => {
    closed = true;
    for (const listener of closeListeners.splice(0)) listener();
  });
  return {
    send(message) {
      if (closed) return;
      if (socket.bufferedAmount > maxBufferedBytes) {
        // The close frame waits behind what the page does not read; when that takes too long, `ws` cuts the line.
        closed = true;
        socket.close(WEB_SOCKET_CLOSE.slow, 'too slow');
        for (const listener of closeListeners.splice(0)) listener();
        return;
      }
      socket.send(message);
    },
    onMessage(listener) {
      socket.on('message', (data, isBinary) => {
        if (!isBinary && !closed) listener(data.toString());
      });
    },
    onClose(listener) {
      if (closed) queueMicrotask(listener);
      else closeListeners.push(listener);
    },
    close() {
      socket.close(1000);
    },
  };
}

/**
 * Serves the page and the contract to browsers on this machine: HTTP and WebSocket on the loopback address only. A page
 * gets nothing until it has shown the token; names other than loopback's, and pages of other origins, are refused.
 * @throws WebHostError when it cannot listen, or when the page was not built
 */
export async function startWebHost(handlers: Handlers, options: WebHostOptions): Promise<WebHost> {
  const {
    port = 0,
    tokenTimeoutMs = 2_000,
    maxBytesBeforeToken = 16 * 1024,
    maxWrongTokens = 10,
    maxMessageBytes = 32 * 1024 * 1024,
    maxBufferedBytes = 16 * 1024 * 1024,
    pingMs = 15_000,
    maxSockets = 32,
  } = options;

  let staticDir: string;
  try {
    staticDir = await realpath(options.staticDir);
  } catch {
    throw new WebHostError(
      'page-missing',
      `The page is not built: ${options.staticDir} is missing. Run: npm run build`,
    );
  }

  const token = createToken();
  const limit = createTokenLimit(maxWrongTokens, 60_000, () => performance.now());
  const server = createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    // Buffers every further frame's parsing until the next turn, so that nothing is read past a refused token.
    allowSynchronousEvents: false,
  });
  /** What each name of this host looks like; known once the port is. */
  let hosts: readonly string[] = [];
  let connect: readonly string[] = [];

  const hostAllowed = (request: IncomingMessage): boolean => hosts.includes(request.headers.host ?? '');
  const originAllowed = (request: IncomingMessage): boolean => {
    const { origin } = request.headers;
    return origin !== undefined && hosts.some((host) => origin === `http://${host}`);
  };

  async function serveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = pageFile((request.url ?? '').replace(/[?#].*$/s, ''));
    if (file === null) {
      answer(response, 404, 'No such page.');
      return;
    }
    try {
      const path = await realpath(join(staticDir, file.path));
      // A link inside the folder may lead out of it.
      if (!path.startsWith(staticDir + sep)) throw new Error('outside');
      const handle = await open(path, 'r');
      const stat = await handle.stat();
      if (!stat.isFile()) {
        await handle.close();
        throw new Error('not a file');
      }
      response.writeHead(200, {
        ...pageHeaders(connect),
        'Content-Type': file.type,
        'Content-Length': stat.size,
        'Cache-Control': file.path.endsWith('.html') ? 'no-store' : 'no-cache',
      });
      if (request.method === 'HEAD') {
        await handle.close();
        response.end();
        return;
      }
      const stream = createReadStream(path, { fd: handle, end: Math.max(0, stat.size - 1) });
      stream.on('error', () => response.destroy());
      response.on('close', () => stream.destroy());
      stream.pipe(response);
    } catch {
      if (response.headersSent) response.destroy();
      else answer(response, 404, 'No such page.');
    }
  }

  server.on('request', (request, response) => {
    if (!hostAllowed(request)) {
      answer(response, 421, 'Bulkhead answers to its loopback address only. Use the address that it printed.');
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      void serveFile(request, response);
    } else if (!originAllowed(request)) {
      answer(response, 403, 'Requests of other pages are refused.');
    } else {
      answer(response, 405, 'Only GET and HEAD.', { Allow: 'GET, HEAD' });
    }
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  /** Waits for the token; then the socket is a port. */
  function admit(socket: WebSocket, stream: Duplex, head: Buffer): void {
    let admitted = false;
    let received = head.length;
    const countBytes = (chunk: Buffer): void => {
      received += chunk.length;
      if (received > maxBytesBeforeToken) socket.terminate();
    };
    const refuse = (): void => {
      clearTimeout(timer);
      stream.off('data', countBytes);
      socket.close(WEB_SOCKET_CLOSE.token, 'token');
      // Whoever does not answer the close is cut off: an unproven socket holds nothing here.
      setTimeout(() => socket.terminate(), 1_000).unref();
    };
    const timer = setTimeout(refuse, tokenTimeoutMs);
    timer.unref();
    stream.on('data', countBytes);
    socket.on('close', () => clearTimeout(timer));
    socket.once('message', (data, isBinary) => {
      if (admitted || socket.readyState !== socket.OPEN) return;
      const presented = isBinary ? null : readTokenMessage(data.toString());
      if (presented === null || !sameToken(presented, token)) {
        limit.wrong();
        refuse();
        return;
      }
      admitted = true;
      clearTimeout(timer);
      stream.off('data', countBytes);
      socket.send(TOKEN_ACCEPTED);
      serve(createPort(socket, maxBufferedBytes), handlers);
    });
  }

  /** Sockets that have answered since the last ping. */
  const alive = new WeakSet<WebSocket>();
  const pings = setInterval(() => {
    for (const socket of sockets.clients) {
      if (alive.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, pingMs);
  pings.unref();

  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    if (!hostAllowed(request)) {
      refuseUpgrade(stream, 421, 'Misdirected Request', 'Bulkhead answers to its loopback address only.\n');
    } else if (!originAllowed(request)) {
      refuseUpgrade(stream, 403, 'Forbidden', 'Connections of other pages are refused.\n');
    } else if (request.url !== WEB_SOCKET_PATH) {
      refuseUpgrade(stream, 404, 'Not Found', 'No such port.\n');
    } else if (limit.blocked()) {
      refuseUpgrade(stream, 429, 'Too Many Requests', 'Too many wrong tokens. Wait a minute, then reload the page.\n');
    } else if (sockets.clients.size >= maxSockets) {
      refuseUpgrade(stream, 503, 'Service Unavailable', 'Too many pages are open. Close some, then reload.\n');
    } else {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        alive.add(socket);
        socket.on('pong', () => alive.add(socket));
        // Too large or malformed: `ws` closes the socket by itself.
        socket.on('error', () => {});
        admit(socket, stream, head);
      });
    }
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new WebHostError('port-in-use', `Port ${port} is in use. Choose another one, or none for any free port.`)
          : new WebHostError('cannot-listen', `Cannot listen on ${ADDRESS}:${port}: ${error.message}`),
      );
    });
    server.listen(port, ADDRESS, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  hosts = [`${ADDRESS}:${actualPort}`, `localhost:${actualPort}`, `[::1]:${actualPort}`];
  // Older Safari does not take 'self' for a WebSocket's origin.
  connect = hosts.slice(0, 2).map((host) => `ws://${host}`);

  const url = `http://${ADDRESS}:${actualPort}/`;
  return {
    url,
    urlWithToken: `${url}#${TOKEN_FRAGMENT}=${token}`,
    close() {
      clearInterval(pings);
      for (const socket of sockets.clients) socket.terminate();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
