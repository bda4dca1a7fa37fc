import { expect, it } from 'vitest';
import { linksOf, networkReply } from './network.ts';

const REPLY = networkReply.parse({
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
  namespaces: { '0': 'net:[4026531840]' },
  peerNames: { '2': 'veth7' },
});

it('tells where a veth leads: elsewhere, here, or where nobody is', () => {
  const links = linksOf(REPLY, 'net:[1]');
  expect(links.map(({ peer }) => peer)).toEqual([
    { index: 7, name: 'veth7', namespace: 'net:[4026531840]' },
    { index: 5, name: null, namespace: 'net:[1]' },
    null,
    { index: 9, name: null, namespace: null },
  ]);
  expect(links[1]?.master).toEqual({ index: 4, name: 'br0' });
  expect(links[0]?.addresses.map(({ address }) => address)).toEqual(['172.17.0.2', 'fe80::1']);
});
