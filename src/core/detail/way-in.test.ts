import { expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { capabilityNames } from './capabilities.ts';
import type { Link, Mount } from './detail.ts';
import {
  compareMounts,
  desktopPath,
  mountRole,
  mountTree,
  overlayLayers,
  propagationGroups,
  propagationPeers,
} from './mount-tables.ts';
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

function mount(id: number, parent: number, point: string, change: Partial<Mount> = {}): Mount {
  return {
    id,
    parent,
    device: '0:1',
    root: '/',
    point,
    options: ['rw'],
    propagation: [],
    type: 'ext4',
    source: '/dev/vda',
    superOptions: [],
    ...change,
  };
}

it('makes a tree of a mount table, also of one whose parents are missing or in a ring', () => {
  const rows = mountTree([
    mount(1, 99, '/'),
    mount(2, 1, '/proc'),
    mount(3, 2, '/proc/sys'),
    mount(4, 1, '/dev'),
    mount(5, 5, '/self'),
  ]);
  expect(rows.map(({ mount: { point }, depth }) => [point, depth])).toEqual([
    ['/', 0],
    ['/proc', 1],
    ['/proc/sys', 2],
    ['/dev', 1],
    ['/self', 0],
  ]);
});

it('tells which mounts are the image, volumes, binds, the engine’s and the kernel’s', () => {
  const { web1 } = experiment(false);
  const mounts = [
    {
      type: 'volume',
      name: 'v',
      source: '/var/lib/docker/volumes/v/_data',
      destination: '/data',
      readOnly: false,
      device: null,
    },
    { type: 'bind', name: null, source: '/host_mnt/Users/me', destination: '/src', readOnly: true, device: null },
  ];
  const container = { ...web1, mounts };
  const role = (point: string, type = 'ext4') => mountRole(mount(1, 0, point, { type }), container);
  expect([
    role('/', 'overlay'),
    role('/data'),
    role('/src'),
    role('/etc/hosts'),
    role('/proc', 'proc'),
    role('/dev', 'tmpfs'),
    role('/x'),
  ]).toEqual(['image', 'volume', 'bind', 'engine', 'kernel', 'tmpfs', 'other']);
  expect(overlayLayers(mount(1, 0, '/', { superOptions: ['lowerdir=/a:/b', 'upperdir=/u'] }))).toEqual({
    upper: '/u',
    lower: ['/a', '/b'],
  });
});

it('knows the paths that desktop products share', () => {
  expect(desktopPath('/host_mnt/Users/me/x')).toBe('/Users/me/x');
  expect(desktopPath('/run/desktop/mnt/host/c/Users/me')).toBe('C:\\Users\\me');
  expect(desktopPath('/var/lib/docker')).toBeNull();
});

it('compares two mount tables by place and by content', () => {
  const shared = { device: '8:1', root: '/srv' };
  const result = compareMounts(
    [
      mount(1, 0, '/', { device: '0:10' }),
      mount(2, 1, '/same', shared),
      mount(3, 1, '/a', { device: '8:2' }),
      mount(4, 1, '/mine'),
    ],
    [mount(1, 0, '/', { device: '0:11' }), mount(2, 1, '/same', shared), mount(3, 1, '/b', { device: '8:2' })],
  );
  expect(result.same.map(({ point }) => point)).toEqual(['/same']);
  expect(result.different.map(({ a }) => a.point)).toEqual(['/']);
  expect(result.onlyA.map(({ point }) => point)).toEqual(['/a', '/mine']);
  expect(result.onlyB.map(({ point }) => point)).toEqual(['/b']);
  expect(result.elsewhere.map(({ a, b }) => [a.point, b.point])).toEqual([['/a', '/b']]);
});

it('names capabilities, and numbers those that have no name yet', () => {
  expect(capabilityNames('0000000000200001')).toEqual(['CHOWN', 'SYS_ADMIN']);
  expect(capabilityNames('0000000000000000')).toEqual([]);
  expect(capabilityNames('000001ffffffffff')).toHaveLength(41);
  expect(capabilityNames('8000000000000000')).toEqual(['#63']);
});

it('finds who shares a propagation group: slaves look to their master, and a slave is nobody’s peer', () => {
  const mine = [mount(1, 0, '/', { propagation: ['master:1', 'shared:7'] }), mount(2, 1, '/private')];
  const others = new Map([
    ['mnt:[1]', [mount(3, 0, '/', { propagation: ['shared:1'] })]],
    ['mnt:[2]', [mount(4, 0, '/', { propagation: ['master:7'] })]],
    ['mnt:[3]', [mount(5, 0, '/', { propagation: ['shared:7'] }), mount(6, 5, '/x', { propagation: ['shared:9'] })]],
  ]);
  expect(propagationPeers(propagationGroups(mine), others)).toEqual({ 1: ['mnt:[1]'], 7: ['mnt:[3]'] });
});
