import { optionOf, programOf } from '../services/arguments.ts';
import { engineProcesses, trustedProcesses } from '../services/trust.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';

/** A rootless engine with a network of its own (RootlessKit's): where the machine is then, and how ports come in. */

/** The first process above the engine that is in another network; null where the engine is in the machine's own. */
function processAround(snapshot: Snapshot): Process | null {
  const { engine, host, processes } = snapshot;
  const own = host.namespaces.net;
  if (engine?.rootless !== true || own === null) return null;
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const seen = new Set<number>();
  let at = engineProcesses(snapshot).find(({ namespaces }) => namespaces.net === own);
  while (at !== undefined && !seen.has(at.pid)) {
    const { net } = at.namespaces;
    if (net !== null && net !== own) return at;
    seen.add(at.pid);
    at = byPid.get(at.ppid);
  }
  return null;
}

/** The network that others know the machine by; of a rootless engine not the one that its `--network=host` means. */
export function machineNet(snapshot: Snapshot): string | null {
  const { namespaces, initial } = snapshot.host;
  return processAround(snapshot)?.namespaces.net ?? namespaces.net ?? initial.net;
}

/** RootlessKit, which listens in the machine's network and begins a new connection in the engine's. */
export function rootlessKit(snapshot: Snapshot): Process | null {
  const around = processAround(snapshot);
  return around !== null && programOf(around) === 'rootlesskit' ? around : null;
}

interface Published {
  readonly ip: string;
  readonly hostPort: number;
  readonly protocol: string;
}

/** The address in the engine's network to which RootlessKit sends a port: the one that the proxy there listens on. */
export function innerAddress(snapshot: Snapshot, { ip, hostPort, protocol }: Published): string | null {
  const trusted = trustedProcesses(snapshot);
  const addresses = snapshot.processes.flatMap((process) => {
    const there =
      programOf(process) === 'docker-proxy' &&
      process.namespaces.net === snapshot.host.namespaces.net &&
      optionOf(process, 'host-port') === String(hostPort) &&
      optionOf(process, 'proto') === protocol &&
      trusted(process);
    return there ? (optionOf(process, 'host-ip') ?? []) : [];
  });
  return addresses.find((each) => each.includes(':') === ip.includes(':')) ?? addresses[0] ?? null;
}
