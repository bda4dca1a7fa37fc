import type { Container, Snapshot } from '../../src/core/snapshot/snapshot.ts';

type Attached = Container['networks'][number];

/** The same fleet with Docker networks: one a project, some of them with a closed one beside it, a proxy's, the default one. */
export function withNetworks(snapshot: Snapshot): Snapshot {
  const subnets = new Map<string, string>();
  const network = (name: string, internal = false): Attached => {
    const subnet = subnets.get(name) ?? `172.${17 + (subnets.size % 200)}.${Math.floor(subnets.size / 200)}.0/24`;
    subnets.set(name, subnet);
    return {
      name,
      id: Buffer.from(name).toString('hex').padEnd(64, '0'),
      ip: null,
      mac: null,
      subnets: [subnet],
      internal,
    };
  };
  const containers = snapshot.containers.map((container, index): Container => {
    if (container.modes.net !== 'default') return { ...container, networks: [] };
    const project = container.labels['com.docker.compose.project'];
    if (project === undefined) return { ...container, networks: [network('bridge')] };
    const networks = [network(`${project}_default`)];
    if (index % 3 === 0) networks.push(network(`${project}_back`, true));
    if (index % 6 === 0) networks.push(network('proxy'));
    return { ...container, networks };
  });
  return { ...snapshot, containers };
}
