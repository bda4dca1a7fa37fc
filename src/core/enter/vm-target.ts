import { trustedProcesses } from '../services/trust.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';

/** Programs that are the engine, best first: where dockerd is hidden, Docker Desktop's supervisor stands beside it. */
const ENGINES = ['dockerd', 'lifecycle-server', 'podman'] as const;

/** What a process calls itself. Any process can claim any name, so ask this only of trusted ones. */
function programOf({ argv, comm }: Process): string {
  return (argv[0] ?? comm).split('/').at(-1) ?? comm;
}

/** The value of an option, written `--name value` or `--name=value`. */
function optionOf({ argv }: Process, name: string): string | null {
  const at = argv.indexOf(name);
  return (at < 0 ? argv.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) : argv[at + 1]) ?? null;
}

/** The shims of this engine's containers. */
function shimsOf({ containers }: Snapshot, believed: readonly Process[]): Process[] {
  const known = new Set(containers.map(({ id }) => id));
  return believed.filter(
    (process) => programOf(process).startsWith('containerd-shim') && known.has(optionOf(process, '-id') ?? ''),
  );
}

/** Where the containerd listens that an engine uses: one that it starts is in its folder for such things. */
function containerdOf(engine: Process): string {
  const given = optionOf(engine, '--containerd');
  if (given !== null) return given;
  return `${optionOf(engine, '--exec-root') ?? '/var/run/docker'}/containerd/containerd.sock`;
}

/**
 * Which of several engines is this snapshot's: the one that holds the socket where this one is reached, else the one that
 * was told to listen there, else the one whose containerd runs the shims of these containers, else the one in whose mount tree those are. Null where nothing
 * tells, unless it makes no difference because all are in one tree.
 */
function ownEngine(
  snapshot: Snapshot,
  found: readonly Process[],
  believed: readonly Process[],
  holders: ReadonlySet<number>,
): Process | null {
  const endpoint = snapshot.engine?.endpoint;
  const listens = ({ argv }: Process): boolean =>
    endpoint !== undefined && argv.some((word) => word === endpoint || word.endsWith(`=${endpoint}`));
  const shims = shimsOf(snapshot, believed);
  const addresses = new Set(shims.map((shim) => optionOf(shim, '-address')));
  const trees = new Set(shims.map(({ namespaces }) => namespaces.mnt).filter((mnt) => mnt !== null));
  const tests = [
    ({ pid }: Process) => holders.has(pid),
    listens,
    (engine: Process) => addresses.has(containerdOf(engine)),
    ({ namespaces }: Process) => namespaces.mnt !== null && trees.has(namespaces.mnt),
  ];
  for (const test of tests) {
    const matching = found.filter(test);
    if (matching.length === 1) return matching[0] ?? null;
  }
  const [first] = found;
  return found.every(({ namespaces: { mnt } }) => mnt !== null && mnt === first?.namespaces.mnt)
    ? (first ?? null)
    : null;
}

/** All processes that may be the engine: more than one only if several engines run. */
function candidates(believed: readonly Process[]): Process[] {
  for (const program of ENGINES) {
    const found = believed.filter((process) => programOf(process) === program);
    if (found.length > 0) return found;
  }
  return [];
}

function findEngine(snapshot: Snapshot, believed: readonly Process[], holders: ReadonlySet<number>): Process | null {
  const found = candidates(believed);
  return found.length > 1 ? ownEngine(snapshot, found, believed, holders) : (found[0] ?? null);
}

/** The candidates for the engine, as far as their own claims can be trusted. */
export function engineCandidates(snapshot: Snapshot): Process[] {
  return candidates(snapshot.processes.filter(trustedProcesses(snapshot)));
}

/** For when it is not known who holds the engine's socket. */
const NOBODY: ReadonlySet<number> = new Set();

/**
 * The process whose mount tree is meant: init's, or the engine's, which is another one where the engine runs in a
 * container of its own. A root shell follows it into its namespaces, so it is believed only to root in a user namespace
 * that is known to be the machine's own, outside of all containers. Null when there is none, or none that can be seen.
 * @param holders the pids of those that hold the engine's own socket, where that was asked
 */
export function vmTarget(snapshot: Snapshot, tree: 'init' | 'engine', holders = NOBODY): Process | null {
  if (tree === 'init') return snapshot.processes.find(({ pid }) => pid === 1) ?? null;
  const trusted = trustedProcesses(snapshot);
  const { initial } = snapshot.host;
  const believed = snapshot.processes.filter(
    (process) =>
      !process.kernelThread &&
      process.uid === 0 &&
      process.namespaces.user !== null &&
      process.namespaces.user === initial.user &&
      trusted(process),
  );
  return findEngine(snapshot, believed, holders);
}

/** The program that a target of `vmTarget` claims to be, which the kernel must confirm; null for init. */
export function claimedProgram(process: Process): string | null {
  return process.pid === 1 ? null : programOf(process);
}

/**
 * The engine's process, to notice its end by: also that of an engine without root. Nothing is entered or read that it
 * leads to. Null where it cannot be seen.
 */
export function engineProcess(snapshot: Snapshot, holders = NOBODY): Process | null {
  return findEngine(snapshot, snapshot.processes.filter(trustedProcesses(snapshot)), holders);
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

/** True where the machine is one that something hides: a VM, or a distribution in one. */
export function isVm({ host }: Snapshot): boolean {
  return host.role === 'vm' || host.role === 'distro';
}
