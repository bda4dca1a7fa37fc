import type { Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { DetailError } from './service.ts';

/** Where a namespace can be reached: a process in it, or a mount that holds it. */
interface Way {
  readonly process: Process | null;
  /** Below /proc. */
  readonly path: string;
}

export function wayTo(snapshot: Snapshot, id: string): Way {
  const namespace = snapshot.namespaces.find((each) => each.id === id);
  if (namespace === undefined) throw new DetailError(`There is no namespace ${id} any more.`);
  const { kind } = namespace;
  const process = snapshot.processes.find(({ pid }) => pid === namespace.pids[0]);
  if (process !== undefined) return { process, path: `${process.pid}/ns/${kind}` };
  for (const pin of namespace.pins) {
    if (pin.type === 'mount') {
      const holder = snapshot.processes.find(({ namespaces }) => namespaces.mnt === pin.mnt);
      if (holder !== undefined) return { process: null, path: `${holder.pid}/root${pin.path}` };
    } else if (pin.type === 'fd') return { process: null, path: `${pin.pid}/fd/${pin.fd}` };
    else if (pin.type === 'thread') return { process: null, path: `${pin.pid}/task/${pin.tid}/ns/${kind}` };
    else return { process: null, path: `${pin.pid}/ns/${kind}_for_children` };
  }
  throw new DetailError('No process is in it and nothing is known to hold it, so it cannot be looked into.');
}
