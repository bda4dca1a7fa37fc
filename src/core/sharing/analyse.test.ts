import { expect, test } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { analyseSharing } from './analyse.ts';
import { sharedReport } from './describe.ts';
import { HOST } from './sharing.ts';

const web1 = { name: 'web1' };
const joined = (name: string, target: string) => ({
  name,
  namespaces: { net: target },
  container: {
    modes: { net: `container:${idOf(target)}`, ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' },
  },
});

test('the experiment: one net namespace of two, named by the flag that made it', () => {
  const snapshot = snapshotOf({ containers: [web1, joined('web2', 'web1')] });
  const sharing = analyseSharing(snapshot);
  const net = sharing.containers.get(idOf('web2'))?.net;
  expect(net).toMatchObject({ standing: 'shared', partners: 1, cause: { text: '--network=container:web1' } });
  expect(sharing.containers.get(idOf('web1'))?.net.cause?.code).toBe('owner');
  expect(sharing.containers.get(idOf('web1'))?.mnt).toMatchObject({ standing: 'private', partners: 0 });
  expect(sharing.containers.get(idOf('web1'))?.user).toMatchObject({
    standing: 'host',
    cause: { code: 'engine-default' },
  });
  expect(sharedReport(snapshot, sharing).filter(({ kind }) => kind === 'net')).toEqual([
    {
      namespace: net?.namespace,
      kind: 'net',
      members: ['web1', 'web2'],
      causes: { web1: 'made for this container; others joined it', web2: '--network=container:web1' },
    },
  ]);
});

test('a restarted owner leaves a broken share behind', () => {
  const cutOff = { ...joined('web2', 'web1'), namespaces: {} };
  const { broken } = analyseSharing(snapshotOf({ containers: [web1, cutOff] }));
  expect(broken).toMatchObject([{ container: idOf('web2'), kind: 'net', target: idOf('web1') }]);
  expect(broken[0]?.text).toContain('Restart web2');
  // As Docker prints an id.
  expect(broken[0]?.declared).toBe(`container:${idOf('web1').slice(0, 12)}`);
});

test('a stopped and a removed owner are told apart', () => {
  const stopped = analyseSharing(
    snapshotOf({
      containers: [
        { name: 'web1', running: false },
        { ...joined('web2', 'web1'), namespaces: {} },
      ],
    }),
  );
  expect(stopped.broken[0]?.text).toContain('which has stopped');
  const removed = analyseSharing(snapshotOf({ containers: [{ ...joined('web2', 'web1'), namespaces: {} }] }));
  expect(removed.broken).toMatchObject([{ target: null }]);
});

test('a share that no setting explains was joined at run time', () => {
  const snapshot = snapshotOf({ containers: [{ name: 'zeta' }, { name: 'alpha', namespaces: { ipc: 'zeta' } }] });
  const sharing = analyseSharing(snapshot);
  expect(sharing.containers.get(idOf('alpha'))?.ipc.cause?.code).toBe('joined-at-run-time');
  // Whoever was in it first did not join it, and comes first.
  expect(sharing.containers.get(idOf('zeta'))?.ipc.cause?.code).toBe('owner');
  const ipc = sharing.byNamespace.get(sharing.containers.get(idOf('zeta'))?.ipc.namespace ?? '');
  expect(ipc?.members).toEqual([idOf('zeta'), idOf('alpha')]);
});

test('a container without processes is unknown, never private', () => {
  const sharing = analyseSharing(snapshotOf({ containers: [{ name: 'old', running: false }] }));
  expect(sharing.containers.get(idOf('old'))?.net.standing).toBe('unknown');
});

test('host modes are causes, and namespaces with one member set are one set', () => {
  const sharing = analyseSharing(
    snapshotOf({
      containers: [
        {
          name: 'exporter',
          namespaces: { net: 'host', pid: 'host' },
          container: { modes: { net: 'host', ipc: 'private', pid: 'host', uts: '', user: '', cgroup: 'private' } },
        },
      ],
    }),
  );
  expect(sharing.containers.get(idOf('exporter'))?.pid.cause?.flag).toBe('--pid=host');
  expect(sharing.sets).toHaveLength(1);
  expect(sharing.sets[0]?.shared.map(({ kind }) => kind)).toEqual(['pid', 'net', 'user', 'time']);
  expect(sharing.sets[0]?.members).toEqual([HOST, idOf('exporter')]);
  expect(sharing.findings.map(({ code }) => code)).toEqual([
    ...['host-pid', 'host-net', 'root-is-root', 'new-privileges'],
  ]);
});

test('two thousand members of one namespace are two thousand incidences', () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `c${index}`);
  const sharing = analyseSharing(
    snapshotOf({ containers: [{ name: 'c0' }, ...names.slice(1).map((name) => joined(name, 'c0'))] }),
  );
  const incidences = sharing.sets.reduce((sum, { members }) => sum + members.length, 0);
  expect(incidences).toBe(2_000 + 2_001);
  expect(sharing.containers.get(idOf('c7'))?.net.partners).toBe(1_999);
});

test('a container that is called host is not taken for the host', () => {
  const snapshot = snapshotOf({ containers: [{ name: 'host' }] });
  const user = sharedReport(snapshot, analyseSharing(snapshot)).find(({ kind }) => kind === 'user');
  expect(user?.members).toEqual(['host', `host (container ${idOf('host').slice(0, 12)})`]);
  expect(Object.keys(user?.causes ?? {})).toEqual(user?.members);
});

const modes = { net: 'default', ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' };

test('a namespace given by its path is named so, and nobody joined it', () => {
  const byPath = { container: { modes: { ...modes, net: 'ns:/run/netns/blue' } } };
  const sharing = analyseSharing(
    snapshotOf({
      containers: [
        { name: 'a', ...byPath },
        { name: 'b', ...byPath, namespaces: { net: 'a' } },
      ],
    }),
  );
  for (const name of ['a', 'b']) {
    expect(sharing.containers.get(idOf(name))?.net.cause).toMatchObject({
      code: 'path-mode',
      flag: '--network=ns:/run/netns/blue',
    });
  }
});

test('a namespace given by its path was not made for the container, though nobody else is in it', () => {
  const snapshot = snapshotOf({
    containers: [{ name: 'a', container: { modes: { ...modes, net: 'ns:/run/netns/blue' } } }],
  });
  const { net, ipc } = analyseSharing(snapshot).containers.get(idOf('a')) ?? {};
  expect(net).toMatchObject({
    standing: 'private',
    cause: { code: 'path-mode', text: '--network=ns:/run/netns/blue' },
  });
  expect(ipc).toMatchObject({ standing: 'private', cause: null });
});

test('where the engine does not tell a setting, nobody is said to have joined at run time', () => {
  // Podman's API, asked as Docker's, has no word of `--cgroupns`.
  const podman = { container: { modes: { ...modes, cgroup: '' } } };
  const sharing = analyseSharing(
    snapshotOf({
      containers: [
        { name: 'a', ...podman },
        { name: 'b', ...podman, namespaces: { cgroup: 'a', uts: 'a' } },
      ],
    }),
  );
  expect(sharing.containers.get(idOf('a'))?.cgroup.cause?.code).toBe('owner');
  expect(sharing.containers.get(idOf('b'))?.cgroup.cause).toMatchObject({
    code: 'unknown',
    text: 'not known: the engine does not tell what --cgroupns was',
  });
  expect(sharing.containers.get(idOf('b'))?.uts.cause?.code).toBe('joined-at-run-time');
});

test('a pod is called by its name, and its sandbox owns its namespaces', () => {
  const labels = {
    'io.kubernetes.pod.uid': '0a1b2c3d-0000-4000-8000-0123456789ab',
    'io.kubernetes.pod.name': 'web',
    'io.kubernetes.pod.namespace': 'shop',
  };
  const sharing = analyseSharing(
    snapshotOf({
      containers: [
        { name: 'pause', container: { labels: { ...labels, 'io.kubernetes.docker.type': 'podsandbox' } } },
        { name: 'app', container: { labels }, namespaces: { net: 'pause' } },
      ],
    }),
  );
  expect(sharing.containers.get(idOf('app'))?.net.cause?.text).toBe('Kubernetes pod shop/web');
  const net = sharing.byNamespace.get(sharing.containers.get(idOf('app'))?.net.namespace ?? '');
  expect(net?.members).toEqual([idOf('pause'), idOf('app')]);
});

test('the host of a rootless engine is where its dockerd stands, which is named', () => {
  const snapshot = snapshotOf({ containers: [{ name: 'near', container: { modes: { ...modes, net: 'host' } } }] });
  const net = snapshot.processes.find(({ container }) => container !== null)?.namespaces.net ?? null;
  const [init] = snapshot.processes;
  if (init === undefined) throw new Error('no process to copy');
  const dockerd = {
    ...init,
    pid: 77,
    uid: 1000,
    argv: ['dockerd', '--rootless'],
    namespaces: { ...init.namespaces, net },
  };
  const sharing = analyseSharing({
    ...snapshot,
    engine: { rootless: true, securityOptions: [], endpoint: 'unix:///run/user/1000/docker.sock' } as never,
    processes: [...snapshot.processes, dockerd],
    host: { ...snapshot.host, namespaces: { ...snapshot.host.namespaces, net } },
  });
  expect(sharing.containers.get(idOf('near'))?.net).toMatchObject({
    standing: 'host',
    cause: { code: 'host-mode', text: '--network=host' },
  });
  expect(sharing.byNamespace.get(net ?? '')?.causes.get(HOST)?.text).toBe("the rootless engine's own: dockerd 77");
  expect(sharing.findings.find(({ code }) => code === 'host-net')?.text).toContain('not the machine’s');
});
