import { t } from '../words/words.ts';
import type { Pin, Process, Snapshot } from './snapshot.ts';

function containerName({ containers }: Pick<Snapshot, 'containers'>, { container }: Process): string | null {
  return container === null ? null : (containers.find(({ id }) => id === container)?.name ?? null);
}

/** Whose mount tree it is, where it is not the machine's: a container's, or that of a process. */
function treeName(snapshot: Snapshot, mnt: string | null): string | null {
  const { initial, namespaces } = snapshot.host;
  if (mnt === null || mnt === initial.mnt || mnt === namespaces.mnt) return null;
  const inside = snapshot.processes.filter((process) => process.namespaces.mnt === mnt);
  const [first] = inside;
  const container = inside.map((process) => containerName(snapshot, process)).find((name) => name !== null);
  return container ?? (first === undefined ? mnt : `${first.comm} ${first.pid}`);
}

/**
 * What holds a namespace besides the processes in it, in words. Nothing in it is escaped.
 * @param processes those of the snapshot, by pid
 */
export function pinText(pin: Pin, snapshot: Snapshot, processes: ReadonlyMap<number, Process>): string {
  if (pin.type === 'mount') {
    const place = treeName(snapshot, pin.mnt);
    return place === null
      ? t('mounted at {path}', { path: pin.path })
      : t('mounted at {path} in {place}', { path: pin.path, place });
  }
  const process = processes.get(pin.pid);
  const name = process === undefined ? null : containerName(snapshot, process);
  const plain = process === undefined ? t('process {pid}', { pid: pin.pid }) : `${process.comm} ${pin.pid}`;
  const who = name === null ? plain : t('{process} in {name}', { process: plain, name });
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

/** A mount that stands over another of the same namespace is told once. */
export function pinTexts(pins: readonly Pin[], snapshot: Snapshot, processes: ReadonlyMap<number, Process>): string[] {
  return [...new Set(pins.map((pin) => pinText(pin, snapshot, processes)))];
}
