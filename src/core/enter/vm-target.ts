import type { Process, Snapshot } from '../snapshot/snapshot.ts';

/** Programs that are the engine, best first: where dockerd is hidden, Docker Desktop's supervisor stands beside it. */
const ENGINES = ['dockerd', 'lifecycle-server', 'podman'] as const;

function programOf({ argv, comm }: Process): string {
  return (argv[0] ?? comm).split('/').at(-1) ?? comm;
}

/** The mount namespaces of the shims of this engine's containers: its containerd's, and where that is its child, its own. */
function treesOfShims({ processes, containers }: Snapshot): ReadonlySet<string> {
  const known = new Set(containers.map(({ id }) => id));
  const trees = new Set<string>();
  for (const process of processes) {
    const { mnt } = process.namespaces;
    if (mnt === null || !programOf(process).startsWith('containerd-shim')) continue;
    if (known.has(process.argv[process.argv.indexOf('-id') + 1] ?? '')) trees.add(mnt);
  }
  return trees;
}

/**
 * The process whose mount tree is meant: init's, or the engine's, which is another one where the engine runs in a
 * container of its own. Where several engines run, the one in whose tree the shims of these containers are. Null when
 * there is none, or none that can be seen.
 */
export function vmTarget(snapshot: Snapshot, tree: 'init' | 'engine'): Process | null {
  if (tree === 'init') return snapshot.processes.find(({ pid }) => pid === 1) ?? null;
  const outside = snapshot.processes.filter(({ container, kernelThread }) => container === null && !kernelThread);
  for (const program of ENGINES) {
    const found = outside.filter((process) => programOf(process) === program);
    const [first] = found;
    if (first === undefined) continue;
    if (found.length === 1) return first;
    const trees = treesOfShims(snapshot);
    return found.find(({ namespaces }) => namespaces.mnt !== null && trees.has(namespaces.mnt)) ?? first;
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
