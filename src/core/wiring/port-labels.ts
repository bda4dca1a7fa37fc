import type { Container } from '../snapshot/snapshot.ts';

type Port = Container['ports'][number];

interface Published {
  /** Empty for all addresses. */
  readonly address: string;
  readonly protocol: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

/** One run of ports that go up together. */
interface Run extends Published {
  last: number;
}

const ANY_ADDRESS = ['', '0.0.0.0', '::'];

function published(ports: readonly Port[]): Published[] {
  const seen = new Map<string, Published>();
  for (const { hostIp, hostPort, containerPort, protocol } of ports) {
    if (hostPort === null) continue;
    const ip = hostIp ?? '';
    // Every address of IPv4 and every address of IPv6 are one port to people; IPv6 alone is not.
    const both =
      ip !== '::' ||
      ports.some(
        (each) =>
          each.hostPort === hostPort &&
          each.protocol === protocol &&
          ANY_ADDRESS.slice(0, 2).includes(each.hostIp ?? ''),
      );
    const address = ANY_ADDRESS.includes(ip) && both ? '' : ip.includes(':') ? `[${ip}]` : ip;
    const port = { address, protocol, hostPort, containerPort };
    seen.set(JSON.stringify(port), port);
  }
  return [...seen.values()];
}

function runsOf(ports: readonly Published[]): Run[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...ports].sort(
    (a, b) =>
      order(a.address, b.address) ||
      order(a.protocol, b.protocol) ||
      a.hostPort - b.hostPort ||
      a.containerPort - b.containerPort,
  );
  const runs: Run[] = [];
  for (const port of sorted) {
    const run = runs.at(-1);
    const goesOn =
      run !== undefined &&
      run.address === port.address &&
      run.protocol === port.protocol &&
      run.last + 1 === port.hostPort &&
      run.containerPort + (port.hostPort - run.hostPort) === port.containerPort;
    if (goesOn) run.last = port.hostPort;
    else runs.push({ ...port, last: port.hostPort });
  }
  return runs.sort((a, b) => a.hostPort - b.hostPort);
}

function range(from: number, length: number): string {
  return length === 0 ? String(from) : `${from}-${from + length}`;
}

/**
 * Published ports in the fewest words, each once: the address where it is not every one, the protocol where it is not
 * TCP or where another has the same number, runs as ranges, and what they lead to where the number changes.
 */
export function publishedLabels(ports: readonly Port[]): string[] {
  const runs = runsOf(published(ports));
  const labels = new Map<string, string[]>();
  for (const { address, protocol, hostPort, containerPort, last } of runs) {
    const several = runs.some(
      (other) => other.protocol !== protocol && other.hostPort <= last && hostPort <= other.last,
    );
    const suffix = protocol === 'tcp' && !several ? '' : `/${protocol}`;
    const host = `${address === '' ? '' : `${address}:`}${range(hostPort, last - hostPort)}${suffix}`;
    const target = range(containerPort, last - hostPort);
    const same = last > hostPort && containerPort === hostPort;
    const list = labels.get(same ? `${host} alone` : target) ?? [];
    labels.set(same ? `${host} alone` : target, [...list, host]);
  }
  return [...labels].map(([target, hosts]) =>
    target.endsWith(' alone') ? hosts.join(', ') : `${hosts.join(', ')} → ${target}`,
  );
}
