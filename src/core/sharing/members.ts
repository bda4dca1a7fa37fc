import { containersById, ofNewest, processesByContainer } from '../snapshot/by-key.ts';
import { sameItems } from '../snapshot/kept.ts';
import type { NamespaceKind } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';

/** The running side of a container: its processes and the one that is its init. */
export interface ContainerProcesses {
  readonly init: Process;
  readonly processes: readonly Process[];
}

/** The shallower process wins, then the lower innermost pid, then the lower outer pid. */
function closerToInit(a: Process, b: Process): Process {
  const depth = a.nsPids.length - b.nsPids.length;
  if (depth !== 0) return depth < 0 ? a : b;
  const inner = (a.nsPids.at(-1) ?? a.pid) - (b.nsPids.at(-1) ?? b.pid);
  if (inner !== 0) return inner < 0 ? a : b;
  return a.pid <= b.pid ? a : b;
}

/**
 * Processes and init of every container that has any. The engine's State.Pid names the init where it fits. A process
 * that the runtime is still setting up is not counted: nothing follows from the namespaces that it will leave.
 * @param before of an earlier moment: a container whose processes are the same ones has the same object
 */
export function containerProcesses(
  snapshot: Snapshot,
  before: ReadonlyMap<string, ContainerProcesses> = new Map(),
): Map<string, ContainerProcesses> {
  const lists = processesByContainer(snapshot.processes);
  const inits = new Set(snapshot.containers.map(({ pid }) => pid));
  const result = new Map<string, ContainerProcesses>();
  for (const container of snapshot.containers) {
    const all = lists.get(container.id) ?? [];
    const starting = all.filter(({ belongs }) => belongs?.starting === true);
    // Its own init is being set up: what else is in the cgroup is the runtime's or about to end.
    if (starting.some(({ pid }) => inits.has(pid))) continue;
    const processes = starting.length === 0 ? all : all.filter((process) => !starting.includes(process));
    const first = processes[0];
    if (first === undefined) continue;
    const named = processes.find(({ pid }) => pid === container.pid);
    const init = named ?? processes.reduce(closerToInit, first);
    const known = before.get(container.id);
    const same = known !== undefined && known.init === init && sameItems(known.processes, processes);
    result.set(container.id, same ? known : { processes, init });
  }
  return result;
}

/** The modes that the engine keeps, by kind; mnt and time have none. */
export function modeOf(container: Container, kind: NamespaceKind): string {
  return kind === 'mnt' || kind === 'time' ? '' : container.modes[kind];
}

const PREFIX = 'container:';

/** Finds the container that `container:<id, its beginning, or name>` names. */
export const createTargetFinder = ofNewest((containers: readonly Container[]): ((mode: string) => Container | null) => {
  const byId = containersById(containers);
  const byName = new Map(containers.map((container) => [container.name, container]));
  /** By id: those that begin alike stand together. */
  let sorted: readonly Container[] | null = null;
  const beginning = (reference: string): Container | null => {
    sorted ??= [...containers].sort((a, b) => compareText(a.id, b.id));
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.id ?? '') < reference) low = middle + 1;
      else high = middle;
    }
    const found = sorted[low];
    return found?.id.startsWith(reference) ? found : null;
  };
  return (mode) => {
    if (!mode.startsWith(PREFIX)) return null;
    const reference = mode.slice(PREFIX.length);
    return byId.get(reference) ?? byName.get(reference) ?? beginning(reference);
  };
});

/** True for a mode that names another container, whether or not that container exists. */
export function namesContainer(mode: string): boolean {
  return mode.startsWith(PREFIX);
}
