import type { Snapshot } from '../snapshot/snapshot.ts';
import type { NetworkUsage } from './schema.ts';

/** Where the counters of a network namespace's links are read: below /proc of a process in it. */
export interface CountedNetwork {
  readonly id: string;
  readonly pid: number;
  readonly startTime: number;
}

/** The network namespaces of containers; the machine's own is everybody's, and tells of no container. */
export function countedNetworks({ containers, processes, host }: Snapshot): CountedNetwork[] {
  const inits = new Set(containers.flatMap(({ pid, helper }) => (pid === null || helper ? [] : [pid])));
  const found = new Map<string, CountedNetwork>();
  for (const { pid, startTime, namespaces } of processes) {
    const { net } = namespaces;
    if (!inits.has(pid) || net === null || net === host.namespaces.net || net === host.initial.net) continue;
    if (!found.has(net)) found.set(net, { id: net, pid, startTime });
  }
  return [...found.values()];
}

/** Bytes through the links of a namespace, its loopback apart. Source: proc(5), /proc/net/dev. */
export function networkUsage(text: string): NetworkUsage {
  let [received, sent] = [0, 0];
  for (const [, name = '', numbers = ''] of text.matchAll(/^\s*([^\s:]+):\s*([\d\s]+)$/gm)) {
    if (name === 'lo') continue;
    const fields = numbers.trim().split(/\s+/).map(Number);
    received += fields[0] ?? 0;
    sent += fields[8] ?? 0;
  }
  return { received, sent };
}
