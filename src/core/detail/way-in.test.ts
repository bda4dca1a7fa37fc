import { expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { capabilityNames } from './capabilities.ts';
import type { Link } from './detail.ts';
import { waysIn } from './way-in.ts';

const PORTS = [{ containerPort: 8000, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 }];

function link(index: number, name: string, change: Partial<Link> = {}): Link {
  return {
    index,
    name,
    kind: null,
    loopback: false,
    up: true,
    state: 'up',
    mtu: 1500,
    mac: null,
    master: null,
    peer: null,
    addresses: [],
    ...change,
  };
}

function experiment(proxy: boolean): { snapshot: Snapshot; web1: Container; web2: Container } {
  const made = snapshotOf({
    containers: [
      { name: 'web1', container: { ports: PORTS } },
      {
        name: 'web2',
        namespaces: { net: 'web1' },
        container: { modes: { net: `container:${idOf('web1')}`, ipc: '', pid: '', uts: '', user: '', cgroup: '' } },
      },
    ],
  });
  const [template] = made.processes;
  const [web1, web2] = made.containers;
  if (template === undefined || web1 === undefined || web2 === undefined) throw new Error('nothing to copy');
  const argv = [
    '/usr/bin/docker-proxy',
    '-proto',
    'tcp',
    '-host-ip',
    '0.0.0.0',
    '-host-port',
    '8080',
    '-container-ip',
    '172.17.0.2',
    '-container-port',
    '8000',
  ];
  const process = { ...template, pid: 555, container: null, comm: 'docker-proxy', argv };
  return { snapshot: { ...made, processes: proxy ? [...made.processes, process] : made.processes }, web1, web2 };
}

const INSIDE = [
  link(2, 'eth0', {
    peer: { index: 7, namespace: 'net:[1]' },
    addresses: [{ address: '172.17.0.2', prefix: 16, scope: 'global' }],
  }),
];
const OUTSIDE = { links: [link(7, 'veth7', { master: { index: 3, name: 'docker0' } })], nat: null };

it('names every hop of a published port, from the host to the container', () => {
  const { snapshot, web1 } = experiment(true);
  const [way] = waysIn(snapshot, web1, INSIDE, OUTSIDE);
  expect(way?.hops.map(({ text }) => text)).toEqual([
    '0.0.0.0:8080/tcp',
    'docker-proxy, pid 555',
    'bridge docker0',
    'veth7 ⇄ eth0',
    '172.17.0.2:8000 in web1',
  ]);
  expect(way?.through).toBeNull();
});

it('leads through the container that published it where the network is borrowed', () => {
  const { snapshot, web1, web2 } = experiment(true);
  expect(waysIn(snapshot, web2, INSIDE, OUTSIDE)[0]?.through?.id).toBe(web1.id);
});

it('says that a NAT rule is inferred where no proxy runs', () => {
  const { snapshot, web1 } = experiment(false);
  const [way] = waysIn(snapshot, web1, INSIDE, null);
  expect(way?.hops.map(({ what }) => what)).toEqual(['host', 'nat', 'container']);
  expect(way?.hops[1]?.text).toContain('inferred');
});

const RULE = {
  by: 'iptables-nft' as const,
  table: 'nat',
  chain: 'DOCKER',
  protocol: 'tcp' as const,
  address: null,
  port: 8080,
  toAddress: '172.17.0.2',
  toPort: 8000,
};

it('names the NAT rule that was read, and what the proxy beside it is for', () => {
  const { snapshot, web1 } = experiment(true);
  const hops = (proxied: boolean, nat: (typeof RULE)[]) =>
    waysIn(proxied ? snapshot : experiment(false).snapshot, web1, INSIDE, { ...OUTSIDE, nat })[0]?.hops;
  expect(hops(true, [RULE])?.map(({ what }) => what)).toEqual(['host', 'nat', 'proxy', 'bridge', 'veth', 'container']);
  expect(hops(true, [RULE])?.[1]?.text).toBe('NAT rule in nat DOCKER (iptables on nftables): to 172.17.0.2:8000');
  expect(hops(true, [RULE])?.[2]?.text).toContain('from the machine to itself');
  const others = [
    { ...RULE, port: 8081 },
    { ...RULE, toAddress: '172.17.0.9' },
    { ...RULE, protocol: 'udp' as const },
    { ...RULE, address: '10.0.0.1' },
  ];
  for (const other of others) expect(hops(false, [other as typeof RULE])?.[1]?.text).toContain('neither');
});

it('names capabilities, and numbers those that have no name yet', () => {
  expect(capabilityNames('0000000000200001')).toEqual(['CHOWN', 'SYS_ADMIN']);
  expect(capabilityNames('0000000000000000')).toEqual([]);
  expect(capabilityNames('000001ffffffffff')).toHaveLength(41);
  expect(capabilityNames('8000000000000000')).toEqual(['#63']);
});
