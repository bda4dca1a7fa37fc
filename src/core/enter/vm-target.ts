import type { Process, Snapshot } from '../snapshot/snapshot.ts';

/** Programs that are the engine, best first: where dockerd is hidden, Docker Desktop's supervisor stands beside it. */
const ENGINES = ['dockerd', 'lifecycle-server', 'podman'] as const;

function programOf({ argv, comm }: Process): string {
  return (argv[0] ?? comm).split('/').at(-1) ?? comm;
}

/**
 * The process whose mount tree is meant: init's, or the engine's, which is another one where the engine runs in a
 * container of its own. Null when there is none, or none that can be seen.
 */
export function vmTarget(snapshot: Snapshot, tree: 'init' | 'engine'): Process | null {
  if (tree === 'init') return snapshot.processes.find(({ pid }) => pid === 1) ?? null;
  const outside = snapshot.processes.filter(({ container, kernelThread }) => container === null && !kernelThread);
  for (const program of ENGINES) {
    const found = outside.find((process) => programOf(process) === program);
    if (found !== undefined) return found;
  }
  return null;
}

/** The process whose tree stands for the VM's own: init's, or where the kernel closes that to us, the engine's. */
export function treeOfVm(snapshot: Snapshot): Process | null {
  const init = vmTarget(snapshot, 'init');
  return init !== null && init.namespaces.mnt !== null ? init : (vmTarget(snapshot, 'engine') ?? init);
}

/** True where init's tree and the engine's differ; also where that cannot be known. Null without an engine process. */
export function treesDiffer(snapshot: Snapshot): boolean | null {
  const engine = vmTarget(snapshot, 'engine');
  const init = vmTarget(snapshot, 'init');
  if (engine === null) return null;
  return init === null || init.namespaces.mnt === null || init.namespaces.mnt !== engine.namespaces.mnt;
}
