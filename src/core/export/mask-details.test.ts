import { expect, test } from 'vitest';
import type { Detail } from '../detail/detail.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { encodeSnapshot } from '../snapshot/decode.ts';
import { collected, link, listener, mount, netDetail } from '../snapshot/details.testing.ts';
import { collectedDetail } from '../snapshot/details.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { maskSnapshot } from './mask.ts';

const plain = snapshotOf({
  containers: [
    {
      name: 'secret-name',
      container: { networks: [{ name: 'secret-network', id: null, ip: '203.0.113.78', mac: '02:42:cb:00:71:4e' }] },
    },
  ],
});
const idOf = (kind: string): string =>
  plain.namespaces.find((each) => each.kind === kind && !each.initial)?.id ?? `${kind}:[1]`;
const net = idOf('net');
const SECRET_NET = netDetail({
  links: [
    link('secret-link', {
      mac: '02:42:cb:00:71:4e',
      master: { index: 3, name: 'secret-bridge' },
      peer: { index: 7, name: 'secret-peer', namespace: net },
      addresses: [{ address: '203.0.113.78', prefix: 24, scope: 'global' }],
    }),
  ],
  routes: [
    {
      family: 4,
      table: 254,
      destination: '203.0.113.0/24',
      gateway: '203.0.113.1',
      source: '203.0.113.78',
      device: 'secret-link',
      metric: null,
      type: 'unicast',
      dead: false,
      ways: [{ gateway: '203.0.113.2', device: 'secret-way' }],
    },
  ],
  rules: [{ family: 6, priority: 1, when: 'from 2001:db8::1', what: 'table secret-table', usual: false }],
  waysOut: [
    {
      family: 4,
      mark: null,
      to: ['203.0.113.9'],
      device: 'secret-link',
      gateway: null,
      table: 254,
      problem: 'secret-problem',
    },
  ],
  nat: [
    {
      by: 'nft',
      table: 'secret-table',
      chain: 'secret-chain',
      hook: 'prerouting',
      family: 4,
      protocols: { not: false, of: ['tcp'] },
      destinations: { not: false, of: ['203.0.113.77'] },
      ports: { not: false, of: ['8080'] },
      sources: { not: true, of: ['203.0.113.0/24'] },
      arrives: { not: true, of: ['secret-bridge'] },
      local: true,
      share: 1,
      also: ['secret-condition'],
      to: { kind: 'dnat', addresses: '203.0.113.78', ports: '80', note: 'secret-note' },
    },
  ],
  listening: [listener('0.0.0.0', 80), listener('/secret-socket', 1, { protocol: 'unix', port: null })],
  notes: ['secret-note'],
});
const OTHERS: Record<string, Detail> = {
  [idOf('mnt')]: {
    kind: 'mnt',
    mounts: [
      mount('/secret-point', {
        root: '/secret-root',
        source: '/secret-source',
        options: ['secret-option'],
        superOptions: ['lowerdir=/secret-lower'],
        propagation: ['shared:7'],
      }),
    ],
    peers: { 7: [idOf('mnt')] },
  },
  [idOf('uts')]: { kind: 'uts', hostname: 'secret-hostname', domainname: 'secret-domain' },
  [idOf('ipc')]: { kind: 'ipc', shm: [], sem: [], msg: [], queues: [{ name: '/secret-queue', bytes: 1 }] },
  [idOf('cgroup')]: { kind: 'cgroup', root: '/secret-cgroup' },
};
const limit = { value: 1, setBy: '/secret-slice' };
const snapshot: Snapshot = {
  ...plain,
  details: {
    takenAt: '2026-01-01T00:00:00Z',
    records: [
      ...collected({ [net]: SECRET_NET, ...OTHERS }).records,
      { subject: { type: 'process', pid: 1000, startTime: 2000 }, detail: null, problem: 'secret-reason' },
      {
        subject: { type: 'limits', pid: 1000, startTime: 2000 },
        detail: {
          kind: 'limits',
          version: 2,
          path: '/secret-path',
          inner: '/secret-inner',
          memory: null,
          cpu: null,
          tasks: { current: 1, limit },
          below: { memory: limit, cpu: { quota: 1, period: 2, setBy: '/secret-below' }, tasks: null },
          io: null,
        },
        problem: null,
      },
    ],
    problems: [{ code: 'details-unread', message: 'secret-message', count: 1 }],
  },
};

test('details are masked with the rest', () => {
  const text = encodeSnapshot(maskSnapshot(snapshot));
  expect(text).not.toMatch(/secret|203\.0\.113|02:42:cb|2001:db8/);
  expect(encodeSnapshot(snapshot)).toMatch(/secret-link/);
  expect(encodeSnapshot(maskSnapshot(plain))).not.toContain('"details"');
});

test('masked details still tell what leads where', () => {
  const masked = maskSnapshot(snapshot);
  const { detail } = collectedDetail(masked, { type: 'namespace', id: net });
  if (detail?.kind !== 'net') throw new Error('no detail of the network');
  const [first] = detail.links;
  expect(first).toMatchObject({ kind: 'veth', up: true, peer: { index: 7, namespace: net } });
  expect(first?.addresses[0]?.address).toBe(masked.containers[0]?.networks[0]?.ip);
  expect(detail.routes[0]?.device).toBe(first?.name);
  expect(detail.nat?.[0]).toMatchObject({ by: 'nft', ports: { of: ['8080'] }, to: { kind: 'dnat', ports: '80' } });
  expect(detail.listening[0]).toMatchObject({ protocol: 'tcp', address: '0.0.0.0', port: 80 });
  expect(collectedDetail(masked, { type: 'limits', pid: 1000, startTime: 2000 }).detail).toMatchObject({
    tasks: { limit: { value: 1, setBy: expect.stringMatching(/^\/path-/) } },
  });
});
