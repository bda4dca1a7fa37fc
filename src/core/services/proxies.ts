import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { optionOf, programOf } from './arguments.ts';
import { trustedProcesses } from './trust.ts';

/** A port of the machine that an engine publishes. */
interface Published {
  /** The address of the machine; null and '' for every one of IPv4. */
  readonly hostIp: string | null;
  readonly hostPort: number | null;
  readonly protocol: string;
}

const keyOf = (ip: string, port: string, protocol: string): string => `${protocol} ${ip} ${port}`;

/**
 * Which docker-proxy holds a published port; undefined for none. Only those are believed that may be taken for one.
 * Source: moby cmd/docker-proxy (its arguments are the mapping).
 */
export function proxiesIn(snapshot: Snapshot): (port: Published) => Process | undefined {
  const trusted = trustedProcesses(snapshot);
  const proxies = new Map<string, Process>();
  for (const process of snapshot.processes) {
    if (programOf(process) !== 'docker-proxy' || !trusted(process)) continue;
    const [ip, port, protocol] = ['host-ip', 'host-port', 'proto'].map((option) => optionOf(process, option) ?? '');
    const key = keyOf(ip ?? '', port ?? '', protocol ?? '');
    if (!proxies.has(key)) proxies.set(key, process);
  }
  return ({ hostIp, hostPort, protocol }) => proxies.get(keyOf(hostIp || '0.0.0.0', String(hostPort), protocol));
}
