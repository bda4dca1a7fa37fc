import { expect, it } from 'vitest';
import { linksOf, parseInet, parseUnix, routesOf, withHolders } from './network.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

it('reads listening sockets of both families, and counts the others', () => {
  const tcp = parseInet(
    'tcp',
    `${HEAD}   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 777 1 0 100 0 0 10 0\n   1: 0100007F:1F40 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 778 1 0\n broken\n`,
  );
  expect(tcp.listening).toEqual([
    { protocol: 'tcp', address: '127.0.0.1', port: 8000, uid: 1000, inode: 777, pids: [] },
  ]);
  expect(tcp.connected).toBe(1);
  const address = (hex: string) =>
    parseInet('tcp6', `${HEAD} 0: ${hex}:0050 0:0 0A 0:0 0:0 0 0 0 5 `).listening[0]?.address;
  expect(address('00000000000000000000000000000000')).toBe('::');
  expect(address('00000000000000000000000001000000')).toBe('::1');
  expect(address('0000000000000000FFFF00000100007F')).toBe('::ffff:127.0.0.1');
  expect(address('B80D0120000000000000000001000000')).toBe('2001:db8::1');
});

it('reads unix sockets with any path, and leaves out what does not listen', () => {
  const unix = parseUnix(
    [
      'Num       RefCount Protocol Flags    Type St Inode Path',
      '0000000000000000: 00000002 00000000 00010000 0001 01   901 /run/a b.sock',
      '0000000000000000: 00000002 00000000 00010000 0001 01   902 @abstract',
      '0000000000000000: 00000003 00000000 00000000 0001 03   903',
      '',
    ].join('\n'),
  );
  expect(unix.listening.map(({ address, inode }) => [address, inode])).toEqual([
    ['/run/a b.sock', 901],
    ['@abstract', 902],
  ]);
  expect(unix.connected).toBe(1);
});

it('puts the holders to their sockets, each once', () => {
  const { listening } = parseInet('udp', `${HEAD} 0: 00000000:0035 00000000:0000 07 0:0 0:0 0 0 0 42 2 0 0`);
  expect(
    withHolders(listening, [
      [42, 9],
      [42, 7],
      [42, 9],
      [1, 1],
    ])[0]?.pids,
  ).toEqual([7, 9]);
});

const REPLY = {
  links: [
    {
      index: 2,
      name: 'eth0',
      kind: 'veth',
      loopback: false,
      up: true,
      state: 'up',
      mtu: 1500,
      mac: '02:00:00:00:00:01',
      master: null,
      peer: 7,
      nsid: 0,
    },
    {
      index: 3,
      name: 'v0',
      kind: 'veth',
      loopback: false,
      up: true,
      state: 'up',
      mtu: 1500,
      mac: null,
      master: 4,
      peer: 5,
      nsid: null,
    },
    {
      index: 4,
      name: 'br0',
      kind: 'bridge',
      loopback: false,
      up: true,
      state: 'up',
      mtu: 1500,
      mac: null,
      master: null,
      peer: null,
      nsid: null,
    },
    {
      index: 6,
      name: 'lost',
      kind: 'veth',
      loopback: false,
      up: false,
      state: 'down',
      mtu: null,
      mac: null,
      master: null,
      peer: 9,
      nsid: 5,
    },
  ],
  addresses: [
    { index: 2, address: '172.17.0.2', prefix: 16, scope: 'global' },
    { index: 2, address: 'fe80::1', prefix: 64, scope: 'link' },
    { index: 9, address: null, prefix: 0, scope: 'global' },
  ],
  routes: [
    {
      family: 4 as const,
      destination: null,
      prefix: 0,
      gateway: '172.17.0.1',
      source: null,
      index: 2,
      metric: null,
      type: 'unicast',
    },
    {
      family: 6 as const,
      destination: 'fe80::',
      prefix: 64,
      gateway: null,
      source: null,
      index: 99,
      metric: 256,
      type: 'unicast',
    },
    {
      family: 4 as const,
      destination: '1.2.3.4',
      prefix: 32,
      gateway: null,
      source: null,
      index: null,
      metric: 0,
      type: 'other',
    },
  ],
  namespaces: { '0': 'net:[4026531840]' },
};

it('tells where a veth leads: elsewhere, here, or where nobody is', () => {
  const links = linksOf(REPLY, 'net:[1]');
  expect(links.map(({ peer }) => peer)).toEqual([
    { index: 7, namespace: 'net:[4026531840]' },
    { index: 5, namespace: 'net:[1]' },
    null,
    { index: 9, namespace: null },
  ]);
  expect(links[1]?.master).toEqual({ index: 4, name: 'br0' });
  expect(links[0]?.addresses.map(({ address }) => address)).toEqual(['172.17.0.2', 'fe80::1']);
});

it('names routes by their links', () => {
  expect(routesOf(REPLY).map(({ destination, device, gateway }) => [destination, device, gateway])).toEqual([
    ['default', 'eth0', '172.17.0.1'],
    ['fe80::/64', '#99', null],
  ]);
});
