import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Detail } from '../detail/detail.ts';
import { detailSections } from '../detail/sections.ts';
import { waysSection } from '../detail/sections-nat.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { link, listener, mount, netDetail } from '../snapshot/details.testing.ts';
import { ALL_PARTS, whatIs } from '../text/what-is.ts';

const limit = { value: null, setBy: null };
const route = {
  family: 4,
  table: 254,
  destination: 'default',
  gateway: null,
  source: null,
  device: 'eth0',
  metric: null,
} as const;
const rule = {
  by: 'nft',
  table: 'nat',
  chain: 'DOCKER',
  family: 4,
  protocols: null,
  destinations: null,
  ports: null,
  sources: null,
  arrives: null,
  local: null,
  share: 1,
} as const;
const to = { addresses: '10.0.0.2', ports: '80', note: null };
const overlay = mount('/', { type: 'overlay', superOptions: ['lowerdir=/a:/b', 'upperdir=/c'] });
const DETAILS: Detail[] = [
  netDetail({
    links: [link('eth0')],
    listening: [listener('0.0.0.0', 80)],
    routes: [{ ...route, type: 'unicast', dead: false, ways: [] }],
    rules: [{ family: 4, priority: 5, when: 'all', what: 'table 7', usual: false }],
    waysOut: [{ family: 4, mark: null, to: ['1.1.1.1'], device: 'eth0', gateway: null, table: 254, problem: null }],
    nat: [
      { ...rule, also: [], hook: 'prerouting', to: { kind: 'dnat', ...to } },
      { ...rule, also: [], hook: 'postrouting', to: { kind: 'masquerade', ...to } },
    ],
    connected: 3,
  }),
  {
    kind: 'mnt',
    mounts: [overlay, mount('/data', { root: '/srv' }), mount('/data/x', { root: '/x' })],
    peers: {},
    unread: 2,
  },
  { kind: 'pid', init: 1, levels: 2 },
  { kind: 'uts', hostname: 'h', domainname: 'd' },
  { kind: 'ipc', shm: [], sem: [], msg: [], queues: [] },
  { kind: 'user', uids: [], gids: [], setgroups: null },
  { kind: 'time', monotonic: 0, boottime: 0 },
  { kind: 'cgroup', root: '/' },
  {
    kind: 'limits',
    version: 2,
    path: '/',
    inner: null,
    memory: null,
    cpu: null,
    tasks: { current: 1, limit },
    io: null,
  },
];

const bind = (source: string, destination: string) =>
  ({ type: 'bind', name: null, source, destination, readOnly: false, device: null, propagation: '' }) as const;

it('every part is explained in one or two sentences, with a command', () => {
  for (const part of ALL_PARTS) {
    const { text, command } = whatIs(part);
    expect(text, part).toMatch(/^[A-Z].*\.$/);
    expect(text.match(/[.!?](?= [A-Z]|$)/g)?.length, part).toBeLessThanOrEqual(2);
    expect(command, part).toMatch(/^[a-z]/);
  }
});

it('what is read on request is explained by what it is', () => {
  const snapshot = snapshotOf({
    containers: [
      { name: 'web', container: { mounts: [bind('/srv', '/data'), bind('/x', '/data/x'), bind('/lost', '/lost')] } },
    ],
  });
  const container = snapshot.containers[0] ?? null;
  const parts = DETAILS.map((detail) =>
    detailSections(detail, { snapshot, container, process: null }).map(({ part }) => part),
  );
  expect(parts[0]).toEqual([
    ...(['links', 'listening', 'waysOut', 'routes', 'routingRules'] as const),
    ...(['portsElsewhere', 'sentUnderAnother', 'also'] as const),
  ]);
  expect(parts[1]).toEqual(['mounts', 'propagation', 'undeclared', 'layers', 'also']);
  expect(waysSection([]).part).toBe('publishedPorts');
});

it('no heading of the panel or of details is without: plain ones are made by the part that explains', () => {
  const bare: string[] = [];
  for (const folder of ['panels', 'detail']) {
    const place = new URL(`../../renderer/${folder}/`, import.meta.url);
    for (const name of readdirSync(place).filter((each) => each.endsWith('.tsx'))) {
      const source = readFileSync(new URL(name, place), 'utf8');
      for (const [heading] of source.matchAll(/<h3>[A-Z{][^\n]*|<Fold\b[^>]*>/g)) {
        if (!/ part=|\spart=/.test(heading)) bare.push(`${name}: ${heading}`);
      }
    }
  }
  expect(bare).toEqual([]);
});
