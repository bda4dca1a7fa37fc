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
 */
export function containerProcesses(snapshot: Snapshot): Map<string, ContainerProcesses> {
  const lists = new Map<string, Process[]>();
  /** Containers whose own init is being set up: what else is in the cgroup is the runtime's or about to end. */
  const starting = new Set<string>();
  const inits = new Set(snapshot.containers.map(({ pid }) => pid));
  for (const process of snapshot.processes) {
    if (process.container === null) continue;
    if (process.belongs?.starting === true) {
      if (inits.has(process.pid)) starting.add(process.container);
      continue;
    }
    const list = lists.get(process.container);
    if (list === undefined) lists.set(process.container, [process]);
    else list.push(process);
  }
  const result = new Map<string, ContainerProcesses>();
  for (const container of snapshot.containers) {
    const processes = lists.get(container.id);
    const first = processes?.[0];
    if (processes === undefined || first === undefined || starting.has(container.id)) continue;
    const named = processes.find(({ pid }) => pid === container.pid);
    result.set(container.id, { processes, init: named ?? processes.reduce(closerToInit, first) });
  }
  return result;
}

/** The modes that the engine keeps, by kind; mnt and time have none. */
export function modeOf(container: Container, kind: NamespaceKind): string {
  return kind === 'mnt' || kind === 'time' ? '' : container.modes[kind];
}

const PREFIX = 'container:';

/** Finds the container that `container:<id, its beginning, or name>` names. */
export function createTargetFinder(containers: readonly Container[]): (mode: string) => Container | null {
  const byId = new Map(containers.map((container) => [container.id, container]));
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
}

/** True for a mode that names another container, whether or not that container exists. */
export function namesContainer(mode: string): boolean {
  return mode.startsWith(PREFIX);
}
