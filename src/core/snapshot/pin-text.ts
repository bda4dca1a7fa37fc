import { t } from '../words/words.ts';
import type { Pin, Process } from './snapshot.ts';

/** What holds a namespace besides the processes in it, in words. Nothing in it is escaped. */
export function pinText(pin: Pin, processes: ReadonlyMap<number, Process>): string {
  if (pin.type === 'mount') return t('mounted at {path}', { path: pin.path });
  const process = processes.get(pin.pid);
  const who = process === undefined ? t('process {pid}', { pid: pin.pid }) : `${process.comm} ${pin.pid}`;
  switch (pin.type) {
    case 'fd':
      return pin.socket === true
        ? t('socket {fd} of {process}, made there', { fd: pin.fd, process: who })
        : t('open file {fd} of {process}', { fd: pin.fd, process: who });
    case 'thread':
      return t('thread {tid} of {process}', { tid: pin.tid, process: who });
    case 'for_children':
      return t('{process}, for its future children', { process: who });
  }
}
