import { afterEach, describe, expect, it, test } from 'vitest';
import type { Detail, Mount, Subject } from '../detail/detail.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { type ContainerSketch, snapshotOf } from '../snapshot/build.testing.ts';
import type { Container, Engine, Process, Snapshot } from '../snapshot/snapshot.ts';
import { setLanguage } from '../words/language.ts';
import { isolation } from './isolation.ts';
import { ISOLATION_RANKS, type IsolationRank, type Known } from './isolation-card.ts';

const ENGINE = {
  kind: 'docker',
  rootless: false,
  endpoint: 'unix:///run/docker.sock',
  securityOptions: [] as string[],
};

function machine(...containers: ContainerSketch[]): Snapshot {
  return { ...snapshotOf({ containers }), engine: ENGINE as unknown as Engine };
}

function answer(snapshot: Snapshot, known?: Known) {
  return isolation(snapshot, analyseSharing(snapshot), known);
}

const rankOf = (snapshot: Snapshot, code: string): IsolationRank | undefined =>
  answer(snapshot)
    .flatMap(({ lines }) => lines)
    .find((line) => line.code === code)?.rank;

/** Docker's default set, and bits of capabilities(7) beyond it. */
const DEFAULT = 0xa80425fbn;
const caps = (...bits: bigint[]): Process['capabilities'] => {
  const mask = bits
    .reduce((all, bit) => all | (1n << bit), DEFAULT)
    .toString(16)
    .padStart(16, '0');
  return { inheritable: '0'.repeat(16), permitted: mask, effective: mask, bounding: mask, ambient: '0'.repeat(16) };
};
const bind = (source: string, readOnly = false): Container['mounts'][number] => {
  return { type: 'bind', name: null, source, destination: '/in', readOnly, device: null, propagation: 'rprivate' };
};
const device = (source: string) => ({ devices: [{ source, destination: source, access: 'rwm' }] });

/**
 * What those who know say of each setting. `dangerous`: they tell not to use it, since it opens the host or takes a wall
 * away. `harden`: they advise it, and its lack alone opens nothing. CIS numbers are of Docker Benchmark 1.6.0.
 */
const TOLD: readonly [
  what: string,
  code: string,
  they: 'dangerous' | 'harden',
  source: string,
  Omit<ContainerSketch, 'name'>,
][] = [
  [
    '--privileged',
    'privileged',
    'dangerous',
    'CIS 5.5; docs.docker.com/engine/containers/run',
    { container: { privileged: true } },
  ],
  [
    'the engine’s socket',
    'engine-socket',
    'dangerous',
    'CIS 5.32; docs.docker.com/engine/security',
    { container: { mounts: [bind('/var/run/docker.sock', true)] } },
  ],
  [
    '/',
    'host-root',
    'dangerous',
    'CIS 5.6; docs.docker.com/engine/security, attack surface',
    { container: { mounts: [bind('/')] } },
  ],
  ['/etc', 'host-etc', 'dangerous', 'CIS 5.6', { container: { mounts: [bind('/etc')] } }],
  ['/dev', 'host-dev', 'dangerous', 'CIS 5.6', { container: { mounts: [bind('/dev')] } }],
  ['/proc', 'host-proc', 'dangerous', 'CIS 5.6', { container: { mounts: [bind('/proc')] } }],
  ['/sys', 'host-sys', 'dangerous', 'CIS 5.6', { container: { mounts: [bind('/sys')] } }],
  ['/usr', 'host-programs', 'dangerous', 'CIS 5.6', { container: { mounts: [bind('/usr')] } }],
  ['/boot', 'host-programs', 'dangerous', 'CIS 5.6', { container: { mounts: [bind('/boot')] } }],
  ['/lib', 'host-programs', 'dangerous', 'CIS 5.6', { container: { mounts: [bind('/lib')] } }],
  [
    '/var/lib/docker',
    'engine-data',
    'dangerous',
    'docs.docker.com/engine/storage/bind-mounts',
    { container: { mounts: [bind('/var/lib/docker')] } },
  ],
  [
    'SYS_ADMIN',
    'cap-sys-admin',
    'dangerous',
    'CIS 5.4 names it; capabilities(7)',
    { process: { capabilities: caps(21n) } },
  ],
  [
    'SYS_MODULE',
    'cap-root',
    'dangerous',
    'CIS 5.4 names it; capabilities(7)',
    { process: { capabilities: caps(16n) } },
  ],
  ['SYS_RAWIO', 'cap-root', 'dangerous', 'capabilities(7)', { process: { capabilities: caps(17n) } }],
  [
    'SYS_TIME',
    'cap-machine',
    'dangerous',
    'docs.docker.com/engine/security/seccomp: time is not namespaced',
    { process: { capabilities: caps(25n) } },
  ],
  [
    'BPF',
    'cap-machine',
    'dangerous',
    'docs.docker.com/engine/security/seccomp: potentially persistent programs',
    { process: { capabilities: caps(39n) } },
  ],
  [
    'NET_ADMIN of its own network',
    'cap-added',
    'harden',
    'CIS 5.4: only what is needed',
    { process: { capabilities: caps(12n) } },
  ],
  ['--network=host', 'host-net', 'dangerous', 'CIS 5.10', { namespaces: { net: 'host' } }],
  ['--pid=host', 'host-pid', 'dangerous', 'CIS 5.16', { namespaces: { pid: 'host' } }],
  [
    '--pid=host with SYS_PTRACE',
    'host-pid-ptrace',
    'dangerous',
    'CIS 5.16; docs.docker.com/engine/security/seccomp: ptrace',
    { namespaces: { pid: 'host' }, process: { capabilities: caps(19n) } },
  ],
  ['--ipc=host', 'host-ipc', 'dangerous', 'CIS 5.17', { namespaces: { ipc: 'host' } }],
  [
    '--uts=host with SYS_ADMIN',
    'host-uts',
    'dangerous',
    'CIS 5.21',
    { namespaces: { uts: 'host' }, process: { capabilities: caps(21n) } },
  ],
  ['a disk', 'device-storage', 'dangerous', 'CIS 5.18; docs: --device', { container: device('/dev/sda') }],
  ['another device', 'device', 'dangerous', 'CIS 5.18', { container: device('/dev/ttyS0') }],
  [
    'seccomp=unconfined',
    'no-seccomp',
    'dangerous',
    'CIS 5.22; docs.docker.com/engine/security/seccomp',
    { process: { seccomp: 0 } },
  ],
  [
    'apparmor=unconfined',
    'no-lsm',
    'dangerous',
    'CIS 5.2; docs.docker.com/engine/security/apparmor',
    { container: { securityOptions: ['apparmor=unconfined'] } },
  ],
  [
    'shared propagation',
    'mounts-go-out',
    'dangerous',
    'CIS 5.20',
    { container: { mounts: [{ ...bind('/srv'), propagation: 'shared' }] } },
  ],
  ['without no-new-privileges', 'new-privileges', 'harden', 'CIS 5.26', {}],
  [
    'without limits',
    'no-limits',
    'harden',
    'CIS 5.11, 5.12, 5.29',
    { container: { limits: { memory: null, cpus: null, tasks: null } } },
  ],
  [
    'published everywhere',
    'published-everywhere',
    'harden',
    'CIS 5.14; docs.docker.com/engine/network/packet-filtering-firewalls',
    { container: { ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8001 }] } },
  ],
  [
    '--cgroupns=host',
    'host-cgroup',
    'harden',
    'cgroup_namespaces(7)',
    {
      namespaces: { cgroup: 'host' },
      container: { modes: { net: '', ipc: '', pid: '', uts: '', user: '', cgroup: 'host' } },
    },
  ],
  [
    'root without a user namespace',
    'root-is-root',
    'harden',
    'CIS 2.9 (optional); docs.docker.com/engine/security/userns-remap',
    {},
  ],
];

test.each(TOLD)('%s is ranked as they rank it: %s', (_what, code, they, _source, sketch) => {
  const rank = rankOf(machine({ name: 'web', ...sketch }), code);
  expect(they === 'dangerous' ? ['danger', 'warning'] : ['notice']).toContain(rank);
});

test('a container that Docker runs without any option has nothing worse than a notice', () => {
  const [card] = answer(machine({ name: 'web', process: { capabilities: caps() } }));
  expect(card?.rank).toBe('notice');
});

test('every line has its evidence and its source, and the worst stands first', () => {
  for (const [, , , , sketch] of TOLD) {
    for (const { lines } of answer(machine({ name: 'web', ...sketch }))) {
      for (const { evidence, source, text } of lines) expect([evidence, source, text]).not.toContain('');
      const ranks = lines.map(({ rank }) => ISOLATION_RANKS.indexOf(rank));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    }
  }
});

afterEach(() => setLanguage('en'));

test('in Chinese each line is the same one, and no piece of it is English', () => {
  const [all] = [TOLD.map(([, , , , sketch], index) => ({ name: `c${index}`, ...sketch }))];
  const snapshot = machine(...all, { name: 'near', namespaces: { pid: 'c0' } });
  const english = answer(snapshot);
  setLanguage('zh-CN');
  const chinese = answer(snapshot);
  const codes = (cards: typeof english) =>
    cards.map(({ id, lines }) => [id, lines.map(({ code, rank }) => [code, rank])]);
  expect(codes(chinese)).toEqual(codes(english));
  for (const { text, evidence, title, cure } of chinese.flatMap(({ lines }) => lines)) {
    for (const said of [text, evidence]) expect(said).toMatch(/\p{Script=Han}/u);
    expect([title, text, evidence, cure].filter((said) => /[a-z]{2} [a-z]{2,} [a-z]{2}/.test(said ?? ''))).toEqual([]);
  }
});

test('in a user namespace of its own a capability is worth what that owns', () => {
  const own = { user: 'own' };
  const snapshot = machine({ name: 'web', namespaces: own, process: { capabilities: caps(21n, 16n) } });
  expect([rankOf(snapshot, 'cap-added'), rankOf(snapshot, 'cap-root')]).toEqual(['notice', undefined]);
});

test('SYS_ADMIN is a warning only where a profile is known to hold it', () => {
  const of = (lsmProfile: string | null) =>
    rankOf(machine({ name: 'web', container: { lsmProfile }, process: { capabilities: caps(21n) } }), 'cap-sys-admin');
  expect([of(null), of('unconfined'), of('docker-default')]).toEqual(['danger', 'danger', 'warning']);
});

describe('what is not known', () => {
  it('is said to be, a line each, and is never told as safe', () => {
    const nothing = { capabilities: null, seccomp: null, noNewPrivs: null };
    const [card] = answer(machine({ name: 'web', process: nothing }));
    const unknown = card?.lines.filter(({ rank }) => rank === 'unknown').map(({ code }) => code);
    expect(unknown).toEqual(
      expect.arrayContaining([
        ...['capabilities-not-read', 'seccomp-not-read', 'new-privileges-not-read', 'limits-not-known'],
        ...['lsm-not-known', 'devices-not-known', 'mounts-not-read'],
      ]),
    );
  });

  it('without a probe is everything but what the engine tells', () => {
    const snapshot = { ...machine({ name: 'web' }), processes: [], namespaces: [] };
    expect(answer(snapshot)).toMatchObject([{ container: 'web', rank: 'unknown', lines: [{ code: 'not-seen' }] }]);
  });

  it('nor does an odd mask in a file', () => {
    const odd = { inheritable: '', permitted: 'x', effective: 'x', bounding: 'no mask', ambient: '' };
    const snapshot = machine({ name: 'a', process: { capabilities: odd } }, { name: 'b', namespaces: { pid: 'a' } });
    expect(rankOf(snapshot, 'capabilities-not-read')).toBe('unknown');
  });
});

describe('with the kernel’s own answers', () => {
  const mount = (change: Partial<Mount>): Mount => ({
    ...{ id: 1, parent: 0, device: '0:25', root: '/', point: '/', options: ['rw'], propagation: [], type: 'tmpfs' },
    ...{ source: 'tmpfs', superOptions: [] },
    ...change,
  });
  const withMounts = (snapshot: Snapshot, own: Mount[], host: Mount[]): Known => {
    const init = snapshot.processes.find(({ container }) => container !== null);
    return (subject: Subject): Detail | null => {
      if (subject.type !== 'namespace') return null;
      if (subject.id === init?.namespaces.mnt) return { kind: 'mnt', mounts: own, peers: {} };
      if (subject.id === snapshot.host.namespaces.mnt) return { kind: 'mnt', mounts: host, peers: {} };
      return null;
    };
  };

  it('the engine’s socket under another name, and through a link, is found in the mount table', () => {
    const snapshot = machine({ name: 'web', container: { mounts: [bind('/home/me/link')] } });
    const known = withMounts(snapshot, [mount({ root: '/docker.sock', point: '/x' })], [mount({ point: '/run' })]);
    const line = answer(snapshot, known)[0]?.lines.find(({ code }) => code === 'engine-socket');
    expect(line).toMatchObject({ rank: 'danger', evidence: expect.stringContaining('/run/docker.sock at /x') });
    expect(rankOf(snapshot, 'engine-socket')).toBeUndefined();
  });

  it('a part of the machine’s disk is told by its path there', () => {
    const snapshot = machine({ name: 'web' });
    const disk = { device: '8:1', type: 'ext4' };
    const known = withMounts(snapshot, [mount({ ...disk, root: '/etc', point: '/x', options: ['ro'] })], [mount(disk)]);
    expect(answer(snapshot, known)[0]?.lines.find(({ code }) => code === 'host-etc')?.rank).toBe('warning');
  });

  it('what came along with a mount is told once, and closed by the flag of that', () => {
    const snapshot = machine({ name: 'web' });
    const places: readonly [string, string][] = [
      ['8:1', '/'],
      ['0:4', '/proc'],
      ['0:5', '/sys'],
      ['0:6', '/sys/fs/cgroup'],
    ];
    const host = places.map(([device, point]) => mount({ device, point }));
    const own = places.map(([device, point]) => mount({ device, point: `/host${point === '/' ? '' : point}` }));
    const { lines = [] } = answer(snapshot, withMounts(snapshot, own, host))[0] ?? {};
    const of = (code: string) => lines.find((line) => line.code === code);
    expect(of('host-proc')).toMatchObject({ rank: 'danger', cure: 'Run it without -v /:/host.' });
    expect(of('host-sys')).toMatchObject({ rank: 'warning', cure: 'Run it without -v /:/host.' });
    expect(of('host-sys')?.evidence).toMatch(/ has \/sys at \/host\/sys \(writable\)\.$/);
    // What lies there by a flag of its own is closed by that.
    const apart = [...own, mount({ device: '0:4', point: '/host/srv/p' })];
    const both = answer(snapshot, withMounts(snapshot, apart, host))[0]?.lines.find(({ code }) => code === 'host-proc');
    expect(both?.cure).toBe('Run it without -v /:/host -v /proc:/host/srv/p.');
  });

  it('a limit of a cgroup above holds, whatever the engine set', () => {
    const limits = { memory: null, cpus: null, tasks: null };
    const snapshot = machine({ name: 'web', container: { limits } });
    const none = { value: null, setBy: null };
    const set = (value: number) => ({ value, setBy: '/above' });
    const detail: Detail = {
      ...{ kind: 'limits', version: 2, path: '/above/web', inner: null, io: null },
      memory: {
        ...{ current: 1, limit: set(1024), high: none, anonymous: 1, shared: 0, fileCache: 0, reclaimable: 0 },
        ...{ kernel: 0, swap: 0, swapLimit: none, oomKills: 0, pressure: 0 },
      },
      cpu: { limit: { quota: 5, period: 10, setBy: '/above' }, used: 0, throttled: 0, weight: 100, cpus: '0' },
      tasks: { current: 1, limit: none },
    };
    const lines = answer(snapshot, ({ type }) => (type === 'limits' ? detail : null))[0]?.lines ?? [];
    expect(lines.filter(({ code }) => code === 'no-limits')).toMatchObject([{ title: 'No limit on threads' }]);
    expect(lines.find(({ code }) => code === 'limits')?.evidence).toContain('memory 1.0 KiB (/above)');
    // A limit that its main process has left is none.
    const left = { ...detail, elsewhere: [{ controller: 'memory', path: '/' }] };
    const cut = answer(snapshot, ({ type }) => (type === 'limits' ? left : null))[0]?.lines ?? [];
    expect(cut.filter(({ code }) => code === 'no-limits')).toMatchObject([
      { evidence: 'Its main process is not in /above/web for all controllers: memory /.' },
    ]);
    expect(cut.find(({ code }) => code === 'limits')?.evidence ?? '').not.toContain('memory');
  });
});

describe('beside one that can do more', () => {
  const agent: ContainerSketch = {
    ...{ name: 'agent', container: { mounts: [bind('/run/docker.sock')] } },
    process: { capabilities: caps() },
  };

  it('the same pid namespace and rights are as good as its own', () => {
    const web = { name: 'web', namespaces: { pid: 'agent' }, process: { capabilities: caps() } };
    expect(rankOf(machine(agent, web), 'trusted-neighbour')).toBe('danger');
    const less = { ...web, process: { capabilities: caps(), uid: 1000 } };
    expect(rankOf(machine(agent, less), 'trusted-neighbour')).toBe('warning');
  });

  it('the same network reaches its loopback; apart there is nothing to tell', () => {
    const web = { name: 'web', namespaces: { net: 'agent' }, process: { capabilities: caps() } };
    expect(rankOf(machine(agent, web), 'trusted-neighbour')).toBe('warning');
    expect(rankOf(machine(agent, { name: 'web' }), 'trusted-neighbour')).toBeUndefined();
  });
});

test('the list begins with the least kept apart', () => {
  const snapshot = machine(
    { name: 'calm', process: { capabilities: caps() } },
    { name: 'wild', container: { privileged: true } },
    { name: 'odd', namespaces: { net: 'host' } },
  );
  expect(answer(snapshot).map(({ container }) => container)).toEqual(['wild', 'odd', 'calm']);
});
