import type { WebSocket } from 'ws';
import type { Port } from '#api/contract.ts';
import { WEB_SOCKET_CLOSE } from '#api/web-socket-port.ts';

/**
 * Bytes of one frame. A long message goes out in frames of this size, each after the one before was taken, so that
 * pings find their way between them; browsers put the message together again.
 */
const FRAME = 256 * 1024;

/**
 * A served page's port: a WebSocket that has shown the token.
 * @param maxWaitingBytes what may wait behind the message that is on its way; a page for which more waits is
 * disconnected, and may connect again and start afresh
 */
export function createPort(socket: WebSocket, maxWaitingBytes: number): Port {
  let closed = socket.readyState !== socket.OPEN;
  let ending = false;
  let sending = false;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const closeListeners: (() => void)[] = [];

  function end(): void {
    if (closed) return;
    closed = true;
    waiting = [];
    for (const listener of closeListeners.splice(0)) listener();
  }

  function sendNext(): void {
    const message = waiting.shift();
    if (message === undefined) {
      if (ending) socket.close(1000);
      return;
    }
    waitingBytes -= message.length;
    sending = true;
    let at = 0;
    const frame = (): void => {
      const part = message.subarray(at, at + FRAME);
      at += part.length;
      const fin = at >= message.length;
      socket.send(part, { binary: false, fin }, () => {
        if (closed) return;
        if (!fin) frame();
        else {
          sending = false;
          sendNext();
        }
      });
    };
    frame();
  }

  socket.on('close', end);
  return {
    send(message) {
      if (closed || ending) return;
      if (waitingBytes > maxWaitingBytes) {
        // The close frame waits behind what the page does not read; when that takes too long, `ws` cuts the line.
        socket.close(WEB_SOCKET_CLOSE.slow, 'too slow');
        end();
        return;
      }
      const bytes = Buffer.from(message);
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (!sending) sendNext();
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
      // What was sent before is still delivered.
      ending = true;
      if (!sending) socket.close(1000);
    },
  };
}
