import type { Port } from './contract.ts';

interface Side {
  readonly port: Port;
  readonly deliver: (message: string) => void;
  readonly ended: () => void;
}

function createSide(other: () => Side): Side {
  const messageListeners: ((message: string) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  /** What came before anybody listened. */
  const waiting: string[] = [];
  let closed = false;

  /** Like a real transport, never within the sender's own call; the promise queue keeps the order. */
  function later(run: () => void): void {
    void Promise.resolve().then(run);
  }

  function ended(): void {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  }

  return {
    port: {
      send(message) {
        if (!closed) later(() => other().deliver(message));
      },
      onMessage(listener) {
        messageListeners.push(listener);
        for (const message of waiting.splice(0)) later(() => listener(message));
      },
      onClose(listener) {
        if (closed) later(listener);
        else closeListeners.push(listener);
      },
      close() {
        if (closed) return;
        ended();
        later(() => other().ended());
      },
    },
    deliver(message) {
      if (closed) return;
      if (messageListeners.length === 0) waiting.push(message);
      for (const listener of messageListeners) listener(message);
    },
    ended,
  };
}

/** Two ports joined in memory, for a page and an inspector in one process. Closing either closes both. */
export function createMemoryPorts(): readonly [Port, Port] {
  const left: Side = createSide(() => right);
  const right: Side = createSide(() => left);
  return [left.port, right.port];
}
