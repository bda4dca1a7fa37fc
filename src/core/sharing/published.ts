import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, sentences, t } from '../words/words.ts';
import type { Finding } from './sharing.ts';

/** Ports that are published on every address of the machine. With the machine's own network nothing is published. */
function publishedWide({ ports, modes }: Container): Container['ports'] {
  if (modes.net === 'host') return [];
  return ports.filter(
    ({ hostIp, hostPort }) => hostPort !== null && (hostIp === '0.0.0.0' || hostIp === '::' || hostIp === ''),
  );
}

/** The docker-proxy processes that carry what a container publishes on every address, in the order of the snapshot. */
export function proxiesByPort({ processes }: Snapshot): (container: Container) => readonly Process[] {
  /** By every word of their arguments: a port is looked up among all of them. */
  const byWord = new Map<string, Set<Process>>();
  const place = new Map<Process, number>();
  for (const process of processes) {
    if (process.container !== null || process.argv[0]?.endsWith('docker-proxy') !== true) continue;
    place.set(process, place.size);
    for (const word of process.argv) {
      const known = byWord.get(word);
      if (known === undefined) byWord.set(word, new Set([process]));
      else known.add(process);
    }
  }
  return (container) => {
    const carrying = new Set(
      publishedWide(container).flatMap(({ hostPort }) => [...(byWord.get(String(hostPort)) ?? [])]),
    );
    return [...carrying].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  };
}

/** @param proxies those that carry its ports */
export function findPublished(container: Container, proxies: readonly Process[]): Omit<Finding, 'container'>[] {
  const wide = publishedWide(container);
  if (wide.length === 0) return [];
  const published = [...new Set(wide.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`))];
  return [
    {
      code: 'published-everywhere',
      severity: 'notice',
      title: t('Published on every address: {ports}', { ports: commas(published) }),
      text: t(
        'Other machines reach it, past ufw and the like: Docker’s rules come before theirs. What comes through docker-proxy has the bridge’s address inside, so rules there that go by the sender have no effect.',
      ),
      evidence: sentences(
        t('The engine lists these ports: {ports}.', {
          ports: commas(wide.map(({ hostIp, hostPort, containerPort }) => `${hostIp}:${hostPort} → ${containerPort}`)),
        }),
        proxies.length === 0
          ? null
          : t('Its docker-proxy is pid {pids}.', { pids: commas(proxies.map(({ pid }) => String(pid))) }),
      ),
      cure: t('Publish it on one address: -p 127.0.0.1:PORT:PORT.'),
      source:
        'https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw; CIS Docker Benchmark 1.6.0, 5.14',
    },
  ];
}
