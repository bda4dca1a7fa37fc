import { describe, expect, it } from 'vitest';
import { idOf, container as makeContainer, snapshotOf } from '../snapshot/build.testing.ts';
import { collected, link, listener, mount, netDetail } from '../snapshot/details.testing.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { find, foundRows } from './find.ts';

const HASH = 'ab12'.repeat(16);
const plain = snapshotOf({
  containers: [
    {
      name: 'web1',
      container: {
        image: 'nginx:1.27',
        labels: { team: 'blue' },
        ports: [
          { containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8001 },
          { containerPort: 80, protocol: 'tcp', hostIp: '::', hostPort: 8001 },
        ],
        networks: [{ name: 'front', id: 'c0ffee'.repeat(8), ip: '172.18.0.2', mac: '02:42:ac:12:00:02' }],
        mounts: [
          {
            type: 'bind',
            name: null,
            source: '/srv/app',
            destination: '/app',
            readOnly: true,
            device: null,
            propagation: '',
          },
          {
            type: 'volume',
            name: 'store',
            source: '/var/lib/docker/volumes/store/_data',
            destination: '/data',
            readOnly: false,
            device: null,
            propagation: '',
          },
        ],
      },
      process: { comm: 'nginx', argv: ['nginx', '-g', 'daemon off;'], cgroup: '/docker/web1', uid: 101 },
    },
    { name: 'web2', namespaces: { net: 'web1' }, process: { nsPids: [1001, 8001] } },
  ],
});
const web1 = plain.processes.find(({ container }) => container === idOf('web1')) as Process;
const web2 = plain.processes.find(({ container }) => container === idOf('web2')) as Process;
const net = web1.namespaces.net ?? '';
const host = plain.host.namespaces.net ?? '';
const full: Snapshot = {
  ...plain,
  details: collected({
    [net]: netDetail({
      links: [
        link('eth0', {
          index: 7,
          mac: '02:42:ac:12:00:02',
          peer: { index: 8, name: 'veth1a2b', namespace: host },
          addresses: [
            { address: '172.18.0.2', prefix: 16, scope: 'global' },
            { address: 'fd00::2', prefix: 64, scope: 'global' },
          ],
        }),
      ],
      listening: [
        listener('127.0.0.1', 9000, { pids: [web2.pid] }),
        listener('::', 80, { protocol: 'tcp6', pids: [web1.pid] }),
      ],
    }),
    [host]: netDetail({
      links: [
        link('veth1a2b', {
          index: 8,
          master: { index: 3, name: 'br-c0ffeec0ffee' },
          peer: { index: 7, name: 'eth0', namespace: net },
        }),
      ],
    }),
    [plain.host.namespaces.mnt ?? '']: { kind: 'mnt', mounts: [mount('/', { device: '8:1' })], peers: {} },
    [web1.namespaces.mnt ?? '']: {
      kind: 'mnt',
      mounts: [
        mount('/', {
          device: '0:50',
          type: 'overlay',
          source: 'overlay',
          superOptions: ['lowerdir=/o/l/ABC:/o/l/DEF', `upperdir=/o/${HASH}/diff`, `workdir=/o/${HASH}/work`],
        }),
        mount('/app', { root: '/srv/app', options: ['ro'] }),
      ],
      peers: {},
    },
    // Nothing of this is declared: a directory above is mounted.
    [web2.namespaces.mnt ?? '']: { kind: 'mnt', mounts: [mount('/outside', { root: '/srv' })], peers: {} },
  }),
};
const rows = (what: string, snapshot: Snapshot = full) => foundRows(find(snapshot, what));
const first = (what: string, snapshot: Snapshot = full) => rows(what, snapshot)[0];

describe('a pid', () => {
  it('outside comes first, with its numbers inside', () => {
    expect(first('1001')).toEqual({
      type: 'process',
      name: 'sleep',
      container: 'web2',
      pid: 1001,
      why: 'pid 1001 outside; inside it is 8001',
    });
  });

  it('inside is never taken for one outside: whose it is, which level, and the number outside', () => {
    const inside = rows('8001').filter(({ type }) => type === 'process');
    expect(inside).toEqual([
      expect.objectContaining({
        container: 'web2',
        pid: 1001,
        why: expect.stringMatching(
          /^pid 8001 is its number inside web2 \(pid:\[\d+\]\), level 2 of 2; outside it is 1001$/,
        ),
      }),
    ]);
    // Every container has a 1, and so has the machine: the machine's is the one outside.
    const ones = rows('1').filter(({ type }) => type === 'process');
    expect(ones.map(({ pid, why }) => [pid, why.split(' is ')[0]])).toEqual([
      [1, 'pid 1 outside'],
      [1000, 'pid 1'],
    ]);
  });

  it('of a level between is told with the namespace of that level', () => {
    const parent = web1.namespaces.pid;
    const inner = {
      ...web1,
      pid: 3000,
      startTime: 1,
      nsPids: [3000, 30, 3],
      namespaces: { ...web1.namespaces, pid: 'pid:[77]' },
    };
    const nested = {
      ...plain,
      processes: [...plain.processes, inner],
      namespaces: [
        ...plain.namespaces,
        {
          ...plain.namespaces[0],
          id: 'pid:[77]',
          kind: 'pid',
          inode: 77,
          parent,
          pids: [3000],
          initial: false,
        } as Snapshot['namespaces'][number],
      ],
    };
    expect(first('30', nested)?.why).toContain(`inside web1 (${parent}), level 2 of 3; outside it is 3000`);
  });
});

describe('everything else is found by its handle', () => {
  it.each([
    ['web1', { type: 'container', name: 'web1', pid: 1000 }],
    [idOf('web1').slice(0, 12), { type: 'container', name: 'web1', why: `its id is ${idOf('web1').slice(0, 12)}` }],
    ['nginx:1.27', { type: 'image', container: 'web1' }],
    ['team=blue', { type: 'container', container: 'web1', why: 'its label team=blue' }],
    ['nginx', { type: 'process', name: 'nginx', container: 'web1' }],
    ['daemon off', { type: 'process', name: 'nginx', pid: 1000 }],
    [net, { type: 'namespace', name: net, why: 'the net namespace of web1, 2 processes in it' }],
    [net.replace(/\D/g, ''), { type: 'namespace', name: net }],
    ['/docker/web1', { type: 'cgroup', container: 'web1', pid: 1000 }],
    ['/sys/fs/cgroup/docker/web1', { type: 'cgroup', name: '/docker/web1' }],
    [
      ':8001',
      {
        type: 'port',
        name: '8001/tcp',
        container: 'web1',
        why: 'published on 0.0.0.0 and ::, port 8001; it leads to port 80 of web1',
      },
    ],
    ['localhost:8001', { type: 'port', name: '8001/tcp' }],
    [
      '9000/tcp',
      {
        type: 'port',
        name: '127.0.0.1:9000/tcp',
        container: 'web2',
        pid: 1001,
        why: expect.stringContaining('loopback'),
      },
    ],
    [
      '172.18.0.2',
      { type: 'address', name: '172.18.0.2/16', container: 'web1', why: expect.stringContaining('of link eth0') },
    ],
    ['FD00:0:0::2', { type: 'address', name: 'fd00::2/64', container: 'web1' }],
    ['02-42-AC-12-00-02', { type: 'link', name: 'eth0', container: 'web1' }],
    [
      'eth0@if8',
      {
        type: 'link',
        name: 'eth0',
        container: 'web1',
        why: expect.stringContaining('its other end is veth1a2b of the machine'),
      },
    ],
    [
      'veth1a2b',
      { type: 'link', container: 'web1', pid: null, why: expect.stringContaining('member of br-c0ffeec0ffee') },
    ],
    ['br-c0ffeec0ffee', { type: 'network', name: 'front', container: 'web1' }],
    ['front', { type: 'network', name: 'front', why: expect.stringContaining('172.18.0.2') }],
    ['store', { type: 'volume', name: 'store', container: 'web1', why: expect.stringContaining('at /data') }],
    ['uid:101', { type: 'process', name: 'nginx', pid: 1000 }],
    [HASH, { type: 'mount', name: `/o/${HASH}/diff`, container: 'web1', why: 'what web1 wrote to its root' }],
    [
      `/o/${HASH}/diff/etc/hosts`,
      { type: 'mount', container: 'web1', why: 'what web1 wrote to its root: /etc/hosts inside' },
    ],
    [
      'web1:/app/x',
      {
        type: 'mount',
        container: 'web1',
        why: expect.stringMatching(/^in web1 it is on \/app: .*, \/srv\/app\/x of the machine$/),
      },
    ],
  ])('%s', (what, wanted) => {
    expect(first(what)).toMatchObject(wanted);
  });

  it('a path of the machine leads to all who have it, declared or below a mount of a directory above', () => {
    expect(rows('/srv/app/main.js').map(({ container, why }) => [container, why])).toEqual([
      ['web1', 'web1 has it at /app/main.js, read-only, within /srv/app'],
      ['web2', 'web2 has it at /outside/app/main.js'],
    ]);
  });

  it('a path inside leads to the machine’s', () => {
    expect(first('/app/main.js')).toMatchObject({
      container: 'web1',
      why: 'in web1 it is /srv/app/main.js of the machine, read-only',
    });
  });
});

it('of links that have one name the one with that other end is meant', () => {
  const many = snapshotOf({ containers: [{ name: 'a' }, { name: 'b' }] });
  const netOf = (name: string) =>
    many.processes.find(({ container }) => container === idOf(name))?.namespaces.net ?? '';
  const eth0 = (index: number) => link('eth0', { peer: { index, name: null, namespace: null } });
  const details = collected({
    [netOf('a')]: netDetail({ links: [eth0(8)] }),
    [netOf('b')]: netDetail({ links: [eth0(12)] }),
  });
  const links = (what: string) => rows(what, { ...many, details }).map(({ container }) => container);
  expect(links('eth0')).toEqual(['a', 'b']);
  expect(links('eth0@if12')).toEqual(['b']);
  // Nobody has that one: the name is still worth something.
  expect(links('eth0@if99')).toEqual(['a', 'b']);
});

it('what is not in the snapshot is said to be missing, and what is there is found', () => {
  const found = find(plain, '172.18.0.2');
  expect(found.missing).toEqual([expect.stringContaining('saved without details')]);
  expect(foundRows(found)).toEqual([
    { type: 'address', name: '172.18.0.2', container: 'web1', pid: 1000, why: 'web1 has it in network front' },
  ]);
  expect(find(full, '172.18.0.2').missing).toEqual([]);
  expect(find(full, 'no such thing').hits).toEqual([]);
});

it('nothing that is typed throws, and Bulkhead’s own helpers are not found', () => {
  for (const what of [
    '(',
    '[::',
    '::',
    ':',
    '/',
    '//',
    'a:/',
    '1/',
    '0',
    '99999',
    '\u202e',
    'x'.repeat(10_000),
    'net:[]',
  ]) {
    expect(() => find(full, what)).not.toThrow();
  }
  const helped = {
    ...plain,
    containers: [...plain.containers, { ...makeContainer('bulkhead-probe-1', 5), helper: true }],
  };
  expect(rows('bulkhead-probe-1', helped)).toEqual([]);
});

it('a name that only a network has for a container leads to it, and a port that was asked for in vain says why', () => {
  const asked = [{ containerPort: 80, protocol: 'tcp', hostIp: '', hostPort: 8443 }];
  const modes = { net: 'none', ipc: '', pid: '', uts: '', user: '', cgroup: '' };
  const front = [{ name: 'front', id: 'f', ip: '172.18.0.9', mac: null, aliases: ['api', 'shop'] }];
  const known = snapshotOf({
    containers: [
      { name: 'shop', container: { networks: front } },
      { name: 'lost', container: { asked, modes } },
    ],
  });
  const told = (snapshot: Snapshot, what: string) =>
    find(snapshot, what).hits.map(({ type, name, container, why }) => `${type} ${name} ${container}: ${why}`);
  expect(told(known, 'api')).toEqual(['container shop shop: network front has it as api']);
  expect(told(known, 'shop').filter((each) => each.startsWith('container'))).toHaveLength(1);
  expect(told(known, ':8443')).toEqual([
    'port 8443/tcp lost: lost is set to publish it (-p 8443:80), but does not. With --network=none it has nothing but its loopback.',
  ]);
  const stopped = { ...known, containers: known.containers.map((each) => ({ ...each, pid: null })) };
  expect(told(stopped, ':8443')).toEqual(['port 8443/tcp lost: lost publishes it when it runs']);
});
