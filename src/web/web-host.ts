import { realpath } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Handlers } from '#api/contract.ts';
import { serve } from '#api/serve.ts';
import {
  acceptedMessage,
  CODE_FRAGMENT,
  TOKEN_FRAGMENT,
  WEB_SOCKET_CLOSE,
  WEB_SOCKET_PATH,
} from '#api/web-socket-port.ts';
import { t } from '#core/words/words.ts';
import { answer, serveFile } from './page-files.ts';
import { createPort } from './port.ts';
import { createOneTimeCodes, createToken, readProof, sameToken } from './token.ts';

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
  /** The longest message of a page, in bytes; an SVG to be drawn as PNG is the largest. */
  readonly maxMessageBytes?: number;
  /** Bytes that may wait for a slow page before it is disconnected; it then connects again and starts afresh. */
  readonly maxWaitingBytes?: number;
  /** A socket that has not answered a ping when the next is due is ended. */
  readonly pingMs?: number;
  /** Pages that have shown the token. */
  readonly maxPages?: number;
  /** Connections that have shown none, of whatever kind. For one more the oldest of them is cut: nobody new is kept out. */
  readonly maxUnproven?: number;
}

export interface WebHost {
  /** For example `http://127.0.0.1:40123/`. Useless without the token. */
  readonly url: string;
  /** The address to open; holds the token in the fragment. Not for logs. */
  readonly urlWithToken: string;
  /**
   * An address that lets one page in, once, within that time. When `settled` comes it is worth nothing, so it may be
   * seen by others afterwards, in a history for example.
   */
  oneTimeUrl(withinMs: number): { readonly url: string; readonly settled: Promise<void> };
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

/** Refuses an upgrade: an HTTP answer, then the end. */
function refuseUpgrade(socket: Duplex, status: number, reason: string, text: string): void {
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
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
    maxMessageBytes = 32 * 1024 * 1024,
    maxWaitingBytes = 64 * 1024 * 1024,
    pingMs = 15_000,
    maxPages = 32,
    maxUnproven = 128,
  } = options;

  let staticDir: string;
  try {
    staticDir = await realpath(options.staticDir);
  } catch {
    throw new WebHostError(
      'page-missing',
      t('The page is not built: {folder} is missing. Run: npm run build', { folder: options.staticDir }),
    );
  }

  const token = createToken();
  const codes = createOneTimeCodes();
  const pages = new Set<WebSocket>();
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

  /** A header that was sent exactly once: of two, another program on the way might believe the other one. */
  const single = (request: IncomingMessage, name: 'host' | 'origin'): string | null => {
    const [value, ...more] = request.headersDistinct[name] ?? [];
    return value === undefined || more.length > 0 ? null : value;
  };
  const hostAllowed = (request: IncomingMessage): boolean => hosts.includes(single(request, 'host') ?? '');
  const originAllowed = (request: IncomingMessage): boolean => {
    const origin = single(request, 'origin');
    return hosts.some((host) => origin === `http://${host}`);
  };

  /** In the order in which they came. */
  const unproven = new Set<Duplex>();
  server.on('connection', (stream) => {
    unproven.add(stream);
    stream.on('close', () => unproven.delete(stream));
    const [oldest] = unproven;
    if (unproven.size > maxUnproven) oldest?.destroy();
  });

  server.on('request', (request, response) => {
    if (!hostAllowed(request)) {
      answer(response, 421, t('Bulkhead answers to its loopback address only. Use the address that it printed.'));
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      void serveFile(request, response, staticDir, connect);
    } else if (!originAllowed(request)) {
      answer(response, 403, t('Requests of other pages are refused.'));
    } else {
      answer(response, 405, t('Only GET and HEAD.'), { Allow: 'GET, HEAD' });
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
      // A socket that does not answer the close is cut off: without a proof it may keep nothing open.
      setTimeout(() => socket.terminate(), 1_000).unref();
    };
    const timer = setTimeout(refuse, tokenTimeoutMs);
    timer.unref();
    stream.on('data', countBytes);
    socket.on('close', () => clearTimeout(timer));
    socket.once('message', (data, isBinary) => {
      if (admitted || socket.readyState !== socket.OPEN) return;
      const proof = isBinary ? null : readProof(data.toString());
      const known = proof !== null && (proof.type === 'token' ? sameToken(proof.token, token) : codes.use(proof.code));
      if (!known) {
        refuse();
        return;
      }
      admitted = true;
      clearTimeout(timer);
      stream.off('data', countBytes);
      unproven.delete(stream);
      pages.add(socket);
      socket.on('close', () => pages.delete(socket));
      // A page that came with a code gets the token, to connect again with.
      socket.send(acceptedMessage(proof.type === 'code' ? token : null));
      serve(createPort(socket, maxWaitingBytes), handlers);
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
    } else if (pages.size >= maxPages) {
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
          ? new WebHostError(
              'port-in-use',
              t('Port {port} is in use. Choose another one, or none for any free port.', { port: String(port) }),
            )
          : new WebHostError(
              'cannot-listen',
              t('Cannot listen on {address}: {reason}', { address: `${ADDRESS}:${port}`, reason: error.message }),
            ),
      );
    });
    server.listen(port, ADDRESS, resolve);
  });
  // A connection that cannot be accepted, as when there are no file descriptors left, ends no other.
  server.on('error', () => {});
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  hosts = [`${ADDRESS}:${actualPort}`, `localhost:${actualPort}`, `[::1]:${actualPort}`];
  // Older Safari does not take 'self' for a WebSocket's origin.
  connect = hosts.slice(0, 2).map((host) => `ws://${host}`);

  const url = `http://${ADDRESS}:${actualPort}/`;
  return {
    url,
    urlWithToken: `${url}#${TOKEN_FRAGMENT}=${token}`,
    oneTimeUrl(withinMs) {
      const { code, settled } = codes.offer(withinMs);
      return { url: `${url}#${CODE_FRAGMENT}=${code}`, settled };
    },
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
