import type { Port } from '#api/contract.ts';
import {
  CODE_FRAGMENT,
  createWebSocketPort,
  type PageProof,
  TOKEN_FRAGMENT,
  WEB_SOCKET_CLOSE,
  WEB_SOCKET_PATH,
} from '#api/web-socket-port.ts';

declare global {
  interface Window {
    /** Electron's preload bridge; absent in a browser, which tells nobody where a file is. */
    readonly bulkhead?: { connect(): Port; opened(file: File): void };
  }
}

const STORAGE_KEY = 'bulkhead-token';

/**
 * The token of this tab, or a code that gives it once. Both are taken out of the address, so that they are not in
 * copied addresses or in the browser's history.
 */
function proof(): PageProof {
  const given = new URLSearchParams(location.hash.slice(1));
  const keep = (token: string): void => sessionStorage.setItem(STORAGE_KEY, token);
  const [token, code] = [given.get(TOKEN_FRAGMENT), given.get(CODE_FRAGMENT)];
  if (token !== null || code !== null) history.replaceState(null, '', location.pathname);
  if (token !== null) keep(token);
  else if (code !== null) return { code, onToken: keep };
  return sessionStorage.getItem(STORAGE_KEY) ?? '';
}

/** Connects to the inspector, whichever host serves the page. `onRefused`: the token is wrong, do not try again. */
export function connect(onRefused: () => void): Port {
  if (window.bulkhead !== undefined) return window.bulkhead.connect();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}${WEB_SOCKET_PATH}`);
  return createWebSocketPort(socket, proof(), (code) => {
    if (code === WEB_SOCKET_CLOSE.token) onRefused();
  });
}
