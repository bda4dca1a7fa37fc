import type { Pin, Process } from './snapshot.ts';

/** What holds a namespace besides the processes in it, in words. Nothing in it is escaped. */
export function pinText(pin: Pin, processes: ReadonlyMap<number, Process>): string {
  if (pin.type === 'mount') return `mounted at ${pin.path}`;
  const process = processes.get(pin.pid);
  const who = process === undefined ? `process ${pin.pid}` : `${process.comm} ${pin.pid}`;
  switch (pin.type) {
    case 'fd':
      return pin.socket === true ? `socket ${pin.fd} of ${who}, made there` : `open file ${pin.fd} of ${who}`;
    case 'thread':
      return `thread ${pin.tid} of ${who}`;
    case 'for_children':
      return `${who}, for its future children`;
  }
}
