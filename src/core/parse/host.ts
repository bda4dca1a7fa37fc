import { hostKind } from '../snapshot/host-kind.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Host } from '../snapshot/snapshot.ts';
import type { assignContainers, Owned } from './belonging.ts';
import type { Facts } from './facts.ts';

export const NO_NAMESPACES: Host['initial'] = {
  mnt: null,
  pid: null,
  net: null,
  ipc: null,
  uts: null,
  user: null,
  cgroup: null,
  time: null,
};

/** What is known of the machine; the engine tells some of it where no probe does. */
export function hostOf(facts: Facts, { owners, watchers }: ReturnType<typeof assignContainers>): Host {
  const { host, engine } = facts;
  if (host === null) {
    const kernel = engine?.kernel ?? '';
    const kind = hostKind({ engine, kernel, nested: false, here: null, vendor: null, product: null });
    return {
      ...kind,
      hostname: engine?.name ?? '',
      kernel,
      arch: engine?.arch ?? '',
      bootId: null,
      bootTime: null,
      clockTicks: 100,
      role: engine === null ? 'unknown' : kind.role,
      memory: null,
      cpus: null,
      cgroupVersion: engine?.cgroupVersion ?? null,
      lsms: null,
      initial: NO_NAMESPACES,
      namespaces: NO_NAMESPACES,
    };
  }
  const nested = host.pidNamespaceInitial === false;
  const { kernel, vendor, product } = host;
  const here = facts.ownBootId === null || host.bootId === null ? null : facts.ownBootId === host.bootId;
  return {
    ...hostKind({ engine, kernel, nested, here, vendor, product }),
    // The helper container has a hostname of its own; the engine knows its machine's.
    hostname: host.self.uts === host.initial.uts ? host.hostname : (engine?.name ?? host.hostname),
    kernel,
    arch: host.arch,
    bootId: host.bootId,
    bootTime: host.bootTime,
    clockTicks: host.clockTicks,
    memory: host.memory,
    cpus: host.cpus,
    cgroupVersion: host.cgroupVersion === null ? null : (String(host.cgroupVersion) as Host['cgroupVersion']),
    lsms: host.lsms === null ? null : host.lsms.split(','),
    initial: host.initial,
    namespaces: engineSide(facts, watchers) ?? (nested ? initSide(facts, owners) : host.initial),
  };
}

/**
 * The namespaces in which a rootless engine runs its containers' shims: what its `--network=host` and the like mean.
 * RootlessKit has a user and a mount namespace of its own, and a network unless told otherwise; Podman has no network.
 * Null for engines that run as root, and while no container of it runs.
 */
function engineSide({ engine, host, processes }: Facts, watchers: readonly number[]): Host['namespaces'] | null {
  if (engine?.rootless !== true || host === null) return null;
  const watcher = watchers.map((pid) => processes.get(pid)).find((each) => each?.namespaces.mnt != null);
  if (watcher === undefined) return null;
  const side = { ...host.initial };
  for (const kind of NAMESPACE_KINDS) side[kind] = watcher.namespaces[kind] ?? side[kind];
  return side;
}

/**
 * The namespaces of a nested host's own processes: those of its init, and where the kernel closes that to us, those of
 * the first process outside of containers that can be read.
 */
function initSide(facts: Facts, owners: ReadonlyMap<number, Owned>): Host['namespaces'] {
  const found = { ...NO_NAMESPACES };
  const outside = [...facts.processes.values()]
    .filter(({ pid, kernelThread }) => owners.get(pid)?.container == null && !kernelThread)
    .sort((a, b) => a.pid - b.pid);
  for (const { namespaces } of outside) {
    for (const kind of NAMESPACE_KINDS) found[kind] ??= namespaces[kind];
  }
  return found;
}
