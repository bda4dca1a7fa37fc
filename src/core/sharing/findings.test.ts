import { expect, test } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Container, Engine, Process, Snapshot } from '../snapshot/snapshot.ts';
import { analyseSharing } from './analyse.ts';

type Mount = Container['mounts'][number];
const bind = (source: string, readOnly = false): Mount => ({
  ...{ type: 'bind', name: null, source, destination: '/in', readOnly, device: null, propagation: '' },
});

const ENGINE = {
  kind: 'docker',
  rootless: false,
  securityOptions: [] as string[],
  endpoint: 'unix:///var/run/docker.sock',
} as Engine;

function machine(mounts: Mount[], more: Partial<Snapshot> = {}): Snapshot {
  const snapshot = snapshotOf({ containers: [{ name: 'web', container: { mounts } }] });
  return { ...snapshot, engine: ENGINE, ...more };
}

/** What is said of the mounts: `severity code`. */
function said(mounts: Mount[], more: Partial<Snapshot> = {}): string[] {
  return analyseSharing(machine(mounts, more))
    .findings.filter(({ code }) => code !== 'root-is-root' && code !== 'new-privileges')
    .map(({ severity, code }) => `${severity} ${code}`);
}

test.each<[string, Mount, string[]]>([
  ['the socket', bind('/var/run/docker.sock', true), ['danger engine-socket']],
  ['its directory, by the link', bind('/var/run', true), ['danger engine-socket']],
  ['its directory', bind('/run'), ['danger engine-socket']],
  ['Docker Desktop’s name of it', bind('/run/host-services/docker.proxy.sock'), ['danger engine-socket']],
  ['Podman’s', bind('/run/user/1000/podman/podman.sock'), ['danger engine-socket']],
  ['containerd’s directory', bind('/run/containerd'), ['danger runtime-socket']],
  ['CRI-O’s socket', bind('/var/run/crio/crio.sock', true), ['danger runtime-socket']],
  ['everything, read-only', bind('/', true), ['danger engine-socket', 'warning host-root']],
  ['everything', bind('//'), ['danger engine-socket', 'danger host-root']],
  ['/etc', bind('/etc/', true), ['warning host-etc']],
  ['/etc, writable', bind('/etc'), ['danger host-etc']],
  ['what everybody mounts of /etc', bind('/etc/localtime', true), []],
  ['the data directory', bind('/var/lib/docker', true), ['warning engine-data']],
  ['a directory above it', bind('/var/lib'), ['danger engine-data']],
  ['a volume’s own place', bind('/var/lib/docker/volumes/x/_data'), []],
  ['/proc', bind('/proc', true), ['warning host-proc']],
  ['/proc/sys, writable', bind('/proc/sys'), ['danger host-proc']],
  ['/sys', bind('/sys', true), ['notice host-sys']],
  ['cgroups, writable', bind('/sys/fs/cgroup'), ['warning host-sys']],
  ['cgroups, read-only', bind('/sys/fs/cgroup', true), []],
  ['/dev', bind('/dev'), ['warning host-dev']],
  ['programs', bind('/usr'), ['danger host-programs']],
  ['commands', bind('/usr/local/bin'), ['danger host-programs']],
  ['modules', bind('/lib/modules'), ['danger host-programs']],
  ['manuals', bind('/usr/share/man'), []],
  ['programs, read-only', bind('/usr', true), []],
  ['a project', bind('/home/me/project'), []],
  ['a volume', { ...bind('/var/lib/docker/volumes/v/_data'), type: 'volume', name: 'v' }, []],
  [
    'a volume that is a bind of everything',
    { ...bind('/var/lib/docker/volumes/v/_data'), type: 'volume', name: 'v', device: '/' },
    ['danger engine-socket', 'danger host-root'],
  ],
])('mounted: %s', (_, mount, expected) => {
  expect(said([mount])).toEqual(expected);
});

test('the engine’s own paths are its address and, of a dockerd that may be believed, its arguments', () => {
  const [init] = machine([]).processes;
  if (init === undefined) throw new Error('no process to copy');
  const argv = [
    '/usr/bin/dockerd',
    '-H',
    'unix:///srv/a/api.sock',
    '--data-root=/srv/data',
    '--containerd',
    '/srv/c/c.sock',
  ];
  const dockerd: Process = { ...init, pid: 50, comm: 'dockerd', argv };
  const own = { engine: { ...ENGINE, endpoint: 'unix:///tmp/x/engine.sock' } };
  expect(said([bind('/tmp/x', true)], own)).toEqual(['danger engine-socket']);
  const mounts = [bind('/srv/a', true), bind('/srv/c', true), bind('/srv/data', true)];
  const all = ['danger engine-socket', 'danger runtime-socket', 'warning engine-data'];
  expect(said(mounts, { processes: [...machine(mounts).processes, dockerd] })).toEqual(all);
  // Anybody may call a process dockerd.
  expect(said(mounts, { processes: [...machine(mounts).processes, { ...dockerd, uid: 1000 }] })).toEqual([]);
});

test('a finding names its evidence and its cure; one a kind, however many mounts lead there', () => {
  const findings = analyseSharing(machine([bind('/run', true), bind('/var/run/docker.sock')])).findings;
  const sockets = findings.filter(({ code }) => code === 'engine-socket');
  expect(sockets).toHaveLength(1);
  expect(sockets[0]?.evidence).toContain('/run at /in (read-only), /var/run/docker.sock at /in (writable)');
  expect(sockets[0]?.cure).toBe('Run it without -v /run:/in:ro -v /var/run/docker.sock:/in.');
  for (const { evidence, source } of findings) expect([evidence, source]).not.toContain('');
});

test('without root the engine’s socket is worth its user', () => {
  const findings = said([bind('/run/user/1000/docker.sock')], { engine: { ...ENGINE, rootless: true } });
  expect(findings).toEqual(['warning engine-socket']);
});

test('processes outside the container’s cgroup, and others that bear its id', () => {
  const snapshot = machine([]);
  const [init] = snapshot.processes;
  if (init === undefined) throw new Error('no process to copy');
  const web = idOf('web');
  const odd = { cgroupOf: null, disagrees: true, starting: false };
  const processes: Process[] = [
    ...snapshot.processes,
    { ...init, pid: 60, container: web, cgroup: '/', belongs: { ...odd, by: 'ancestry' } },
    { ...init, pid: 61, container: null, cgroup: `/x/${web}`, belongs: { ...odd, by: null, cgroupOf: web } },
  ];
  const { findings } = analyseSharing({ ...snapshot, processes });
  expect(findings.find(({ code }) => code === 'left-its-cgroup')?.evidence).toContain('pid 60 in /');
  expect(findings.find(({ code }) => code === 'claimed')?.evidence).toContain('pid 61');
});
