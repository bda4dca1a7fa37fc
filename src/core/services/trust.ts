import { containerIdsIn } from '../parse/cgroup.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';

/** The user who runs a rootless engine: who made its user namespace, or whose runtime directory its socket is in. */
function engineOwner({ engine, host, namespaces }: Snapshot): number | null {
  if (engine?.rootless !== true) return null;
  const { user } = host.namespaces;
  const made = user === host.initial.user ? null : namespaces.find(({ id }) => id === user)?.ownerUid;
  if (made != null) return made;
  const runtime = /^unix:\/\/\/run\/user\/(\d+)\//.exec(engine.endpoint)?.[1];
  return runtime === undefined ? null : Number(runtime);
}

/**
 * Whether a process may be taken for what it calls itself (dockerd, a shim with a container's id, a proxy of a port).
 * Any process can write anything into its own arguments. Only root of the machine's own user namespace is trusted,
 * outside containers, and with a rootless engine the user who runs it. Where the kernel does not tell the namespace,
 * uid 0 decides: it is told in the probe's own user namespace, in which only root has it.
 */
export function trustedProcesses(snapshot: Snapshot): (process: Process) => boolean {
  const owner = engineOwner(snapshot);
  const { initial, namespaces } = snapshot.host;
  return ({ uid, container, cgroup, namespaces: { user } }) => {
    if (container !== null || (cgroup !== null && containerIdsIn(cgroup).length > 0)) return false;
    if (owner !== null && uid === owner) return true;
    return uid === 0 && (user === null || user === initial.user || user === namespaces.user);
  };
}

const ENGINE_PROGRAMS = new Set(['dockerd', 'containerd', 'podman', 'rootlesskit']);

/** The processes of the engine itself, as far as they may be believed; ascending by pid. */
export function engineProcesses(snapshot: Snapshot): Process[] {
  const trusted = trustedProcesses(snapshot);
  return snapshot.processes.filter((process) => {
    if (process.container !== null) return false;
    const program = process.argv[0] ?? process.comm;
    return ENGINE_PROGRAMS.has(program.slice(program.lastIndexOf('/') + 1)) && trusted(process);
  });
}
