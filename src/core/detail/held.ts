import { pinText } from '../snapshot/pin-text.ts';
import type { Namespace, Snapshot } from '../snapshot/snapshot.ts';
import type { Section } from './section.ts';

/** Processes that are named before they are only counted. */
const MOST = 20;

/** What keeps a namespace alive: the processes in it, and what else holds it. */
export function heldSection(snapshot: Snapshot, { pids, pins }: Namespace): Section {
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const members = pids.slice(0, MOST).map((pid) => ['in it', `${processes.get(pid)?.comm ?? 'process'} ${pid}`]);
  if (pids.length > MOST) members.push(['in it', `and ${pids.length - MOST} more`]);
  return {
    title: `Held by ${pids.length === 1 ? '1 process' : `${pids.length} processes`} in it`,
    part: 'holders',
    head: [],
    rows: [...members, ...pins.map((pin) => [pids.length === 0 ? 'only' : 'besides', pinText(pin, processes)])],
    empty: 'Nothing that can be seen holds it.',
  };
}
