import * as z from 'zod';
import type { Port } from './contract.ts';

/** Where the browser host listens for WebSockets. */
export const WEB_SOCKET_PATH = '/port';

/** The name of the token in the URL's fragment, which browsers never send: `http://127.0.0.1:PORT/#token=…`. */
export const TOKEN_FRAGMENT = 'token';

/** The name of a code in the URL's fragment that is good for one page, once. */
export const CODE_FRAGMENT = 'code';

/** The first message on a WebSocket: the proof that the page was opened by the person who started Bulkhead. */
export function tokenMessage(token: string): string {
  return JSON.stringify({ type: 'token', token });
}

/** The same, with a code that is good once. */
export function codeMessage(code: string): string {
  return JSON.stringify({ type: 'code', code });
}

/**
 * The browser host's answer to a right token, or to a right code: then it holds the token. Nothing else may be sent
 * before it: until then a socket may send little, and a large message right behind the token would go over that limit.
 */
export function acceptedMessage(token: string | null): string {
  return JSON.stringify({ type: 'token-accepted', token });
}

const acceptedSchema = z.object({ type: z.literal('token-accepted'), token: z.string().nullable() });

function readAccepted(text: string): z.infer<typeof acceptedSchema> | null {
  try {
    return acceptedSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Close codes of the browser host, in the range that RFC 6455 leaves to applications. */
export const WEB_SOCKET_CLOSE = {
  /** The token is wrong, missing or late: connecting again with the same one does not help. */
  token: 4401,
  /** The page reads more slowly than the picture changes: it may connect again at once. */
  slow: 4429,
} as const;

/** What is used of a WebSocket: a browser's, or the `ws` library's. */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: (event: { readonly code?: number }) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** What a page has to show: the token, or a code for which it gets the token. */
export type PageProof = string | { readonly code: string; readonly onToken: (token: string) => void };

/**
 * A port over a WebSocket to the browser host; presents the proof first. Messages may be sent before it is open.
 * `onCloseCode` tells WebSocket's close code, to distinguish a refused token (WEB_SOCKET_CLOSE.token) from an end.
 */
export function createWebSocketPort(
  socket: WebSocketLike,
  proof: PageProof,
  onCloseCode: (code: number) => void = () => {},
): Port {
  const OPEN = 1;
  const messageListeners: ((message: string) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let waiting: string[] = [];
  let accepted = false;
  let closed = false;

  function ended(code: number): void {
    if (closed) return;
    closed = true;
    waiting = [];
    onCloseCode(code);
    for (const listener of closeListeners) listener();
  }

  function present(): void {
    socket.send(typeof proof === 'string' ? tokenMessage(proof) : codeMessage(proof.code));
  }

  socket.addEventListener('open', present);
  socket.addEventListener('message', (event) => {
    if (closed || typeof event.data !== 'string') return;
    if (!accepted) {
      const answer = readAccepted(event.data);
      if (answer === null) return;
      accepted = true;
      if (typeof proof !== 'string' && answer.token !== null) proof.onToken(answer.token);
      for (const message of waiting) socket.send(message);
      waiting = [];
      return;
    }
    for (const listener of messageListeners) listener(event.data);
  });
  socket.addEventListener('close', (event) => ended(event.code ?? 1006));
  // An error is always followed by a close; without a listener the `ws` library would throw it.
  socket.addEventListener('error', () => {});
  if (socket.readyState === OPEN) present();

  return {
    send(message) {
      if (closed) return;
      if (accepted) socket.send(message);
      else waiting.push(message);
    },
    onMessage(listener) {
      messageListeners.push(listener);
    },
    onClose(listener) {
      if (closed) void Promise.resolve().then(listener);
      else closeListeners.push(listener);
    },
    close() {
      socket.close();
      ended(1000);
    },
  };
}
