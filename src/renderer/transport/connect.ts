import type { Port } from '#api/contract.ts';
import { createWebSocketPort, TOKEN_FRAGMENT, WEB_SOCKET_CLOSE, WEB_SOCKET_PATH } from '#api/web-socket-port.ts';

declare global {
  interface Window {
    /** Electron's preload bridge; absent in a browser. */
    readonly bulkhead?: { connect(): Port };
  }
}

const STORAGE_KEY = 'bulkhead-token';

/** The token of this tab: taken out of the address, so that it is in no history entry and no copied address. */
function token(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get(TOKEN_FRAGMENT);
  if (given !== null) {
    sessionStorage.setItem(STORAGE_KEY, given);
    history.replaceState(null, '', location.pathname);
    return given;
  }
  return sessionStorage.getItem(STORAGE_KEY) ?? '';
}

/** Connects to the inspector, whichever host serves the page. `onRefused`: the token is wrong, do not try again. */
export function connect(onRefused: () => void): Port {
  if (window.bulkhead !== undefined) return window.bulkhead.connect();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}${WEB_SOCKET_PATH}`);
  return createWebSocketPort(socket, token(), (code) => {
    if (code === WEB_SOCKET_CLOSE.token) onRefused();
  });
}
