import type { Link } from '../../src/core/detail/detail.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { collected, link, netDetail } from '../../src/core/snapshot/details.testing.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import type { NetworkFacts } from '../../src/core/wiring/network-facts.ts';

const DRIVERS = ['bridge', 'bridge', 'bridge', 'bridge', 'macvlan', 'bridge', 'ipvlan', 'bridge', 'overlay', 'bridge'];
const PROJECTS = ['shop', 'blog', 'metrics', 'billing', 'auth', 'search', 'media', 'chat', 'crm', 'ledger'];
const SIDES = ['front', 'back', 'monitoring'];
const SERVICES = ['api', 'db', 'cache', 'web', 'worker', 'proxy', 'queue', 'mailer', 'scheduler', 'reports'];

/**
 * Networks as people have them, each with some containers, saved with details: one network that most are in, some
 * containers in several, one in ten in the namespace of another, ports of all sorts.
 * @param links how many ends in containers the networks have together
 */
export function madeNetworks(count: number, links: number): Snapshot {
  const networks = Array.from({ length: count }, (_, index): NetworkFacts => {
    const driver = DRIVERS[index % DRIVERS.length] ?? 'bridge';
    const round = Math.floor(index / (PROJECTS.length * SIDES.length));
    return {
      id: index.toString(16).padStart(2, '0').repeat(32),
      name: `${PROJECTS[index % PROJECTS.length]}_${SIDES[Math.floor(index / PROJECTS.length) % SIDES.length]}${round === 0 ? '' : round}`,
      driver,
      internal: index % 7 === 6,
      subnets: [{ subnet: `172.${18 + index}.0.0/16`, gateway: `172.${18 + index}.0.1` }],
      device: driver === 'macvlan' || driver === 'ipvlan' ? 'eth0' : null,
      options: {},
    };
  });
  // The first has a fifth of all; what is left is dealt out to the others, one at a time.
  const members = networks.map((): number[] => []);
  let containers = 0;
  for (let dealt = 0; dealt < links; dealt += 1) {
    const to = dealt < links / 5 ? 0 : 1 + (dealt % Math.max(1, count - 1));
    const own = members[to] ?? [];
    // Each third link is a second one of a container that has one already.
    const second = dealt % 3 === 2 ? (dealt * 7) % Math.max(1, containers) : -1;
    if (second >= 0 && !own.includes(second)) own.push(second);
    else {
      own.push(containers);
      containers += 1;
    }
  }
  const nameOf = (index: number) => {
    const round = Math.floor(index / (PROJECTS.length * SERVICES.length));
    const project = PROJECTS[Math.floor(index / SERVICES.length) % PROJECTS.length];
    return `${project}-${SERVICES[index % SERVICES.length]}-${round + 1}`;
  };
  const port = (hostIp: string, hostPort: number, containerPort: number, protocol = 'tcp') => ({
    ...{ hostIp, hostPort, containerPort, protocol },
  });
  const portsOf = (index: number) => {
    if (index % 6 === 0) return [port('0.0.0.0', 8000 + index, 80), port('::', 8000 + index, 80)];
    if (index % 11 === 1) return [port('127.0.0.1', 15_000 + index, 5432)];
    if (index % 13 === 2) return ['tcp', 'udp'].map((protocol) => port('0.0.0.0', 53, 53, protocol));
    if (index % 17 === 3)
      return Array.from({ length: 11 }, (_, at) => port('0.0.0.0', 30_000 + at, 30_000 + at, 'udp'));
    return [];
  };
  const ip = (network: number, index: number) => `172.${18 + network}.${Math.floor(index / 250)}.${2 + (index % 250)}`;
  const sketches: ContainerSketch[] = Array.from({ length: containers }, (_, index) => ({
    name: nameOf(index),
    container: {
      ports: portsOf(index),
      networks: networks.flatMap(({ id, name }, at) =>
        members[at]?.includes(index) ? [{ name, id, ip: ip(at, index), mac: null }] : [],
      ),
    },
  }));
  for (let index = 9; index < containers; index += 10) {
    const name = `${nameOf(index)}-debug`;
    const modes = {
      net: `container:${idOf(nameOf(index))}`,
      ipc: 'private',
      pid: '',
      uts: '',
      user: '',
      cgroup: 'private',
    };
    sketches.push({ name, namespaces: { net: nameOf(index) }, container: { modes } });
  }
  const snapshot = snapshotOf({ containers: sketches });
  const host = snapshot.host.namespaces.net ?? '';
  const netOf = new Map(
    snapshot.processes.flatMap(({ container, namespaces }) =>
      container === null || namespaces.net === null ? [] : [[container, namespaces.net]],
    ),
  );
  const machine: Link[] = [
    link('eth0', { index: 2, kind: null, addresses: [{ address: '192.168.1.20', prefix: 24, scope: 'global' }] }),
  ];
  const inside = new Map<string, Link[]>();
  for (const [at, { id, driver, subnets }] of networks.entries()) {
    const bridge = { index: 10 + at, name: `br-${id.slice(0, 12)}` };
    const upon = driver === 'macvlan' || driver === 'ipvlan';
    const gateway = subnets[0]?.gateway ?? '';
    if (!upon) {
      machine.push(
        link(bridge.name, {
          index: bridge.index,
          kind: 'bridge',
          addresses: [{ address: gateway, prefix: 16, scope: 'global' }],
        }),
      );
    }
    for (const index of members[at] ?? []) {
      const net = netOf.get(idOf(nameOf(index))) ?? '';
      const own = inside.get(net) ?? [];
      inside.set(net, own);
      const here = { index: 2 + own.length, name: `eth${own.length}` };
      const there = { index: 1_000 + at * 200 + index, name: `veth${at}x${index}` };
      own.push(
        link(here.name, {
          index: here.index,
          kind: upon ? driver : 'veth',
          addresses: [{ address: ip(at, index), prefix: 16, scope: 'global' }],
          peer: upon ? null : { index: there.index, namespace: host },
        }),
      );
      if (!upon) {
        machine.push(
          link(there.name, { index: there.index, master: bridge, peer: { index: here.index, namespace: net } }),
        );
      }
    }
  }
  const details = collected({
    [host]: netDetail({ links: machine }),
    ...Object.fromEntries([...inside].map(([id, links]) => [id, netDetail({ links })])),
  });
  return { ...snapshot, details: { ...details, networks } };
}
