import { expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { enterCommandLine } from './command-line.ts';
import { engineProcess, treeOfVm, treesDiffer, vmTarget } from './vm-target.ts';

it('says what nsenter would be given', () => {
  const choice = { pid: 42, namespaces: ['net', 'mnt'] as const, root: true, user: 'root' as const, command: [] };
  expect(enterCommandLine(choice)).toBe('nsenter --target 42 --mount --net --root sh');
  expect(enterCommandLine({ ...choice, namespaces: [], root: false, command: ['echo', "it's"] })).toBe(
    `nsenter --target 42 echo 'it'\\''s'`,
  );
  expect(enterCommandLine({ ...choice, user: 'target' })).toContain('--setuid "$(stat -c %u /proc/42)"');
});

function withVm(init: Partial<Process>, engine: Partial<Process> | null) {
  const snapshot = snapshotOf({ containers: [{ name: 'a' }] });
  const [template] = snapshot.processes;
  if (template === undefined) throw new Error('no process to copy');
  const namespaces = { ...template.namespaces, mnt: 'mnt:[1]' };
  const outside = { ...template, container: null, namespaces };
  const processes = [{ ...outside, pid: 1, ...init }];
  if (engine !== null) processes.push({ ...outside, pid: 300, argv: ['/usr/bin/dockerd', '-H'], ...engine });
  return { ...snapshot, processes };
}

it('finds init and the engine, and whether their trees differ', () => {
  const own = withVm(
    {},
    { namespaces: { ...withVm({}, null).processes[0]?.namespaces, mnt: 'mnt:[2]' } as Process['namespaces'] },
  );
  expect(vmTarget(own, 'init')?.pid).toBe(1);
  expect(vmTarget(own, 'engine')?.pid).toBe(300);
  expect(treesDiffer(own)).toBe(true);
  expect(treesDiffer(withVm({}, {}))).toBe(false);
  expect(treesDiffer(withVm({}, null))).toBeNull();
});

it('takes the engine’s tree where init is closed to us, and never a container’s dockerd', () => {
  const closed = withVm({}, {});
  const [init] = closed.processes;
  const hidden = {
    ...closed,
    processes: closed.processes.map((each) =>
      each === init ? { ...each, namespaces: { ...each.namespaces, mnt: null } } : each,
    ),
  };
  expect(treeOfVm(hidden)?.pid).toBe(300);
  expect(treeOfVm(closed)?.pid).toBe(1);
  expect(vmTarget(withVm({}, { container: 'x' }), 'engine')).toBeNull();
});

it('believes only root of the machine, outside containers, to be the engine', () => {
  const user = withVm({}, null).processes[0]?.namespaces as Process['namespaces'];
  for (const pretender of [
    { uid: 65534, namespaces: { ...user, user: 'user:[9]' } },
    { uid: 0, namespaces: { ...user, user: 'user:[9]' } },
    { uid: 0, namespaces: { ...user, user: null } },
    { uid: 1000 },
    { cgroup: `/docker/${'ab'.repeat(32)}` },
    { container: idOf('a') },
    { kernelThread: true },
  ]) {
    const forged = withVm({}, pretender as Partial<Process>);
    expect(vmTarget(forged, 'engine')).toBeNull();
    // Neither does one hide the real one, whose pid is higher.
    const [template] = forged.processes;
    const real = {
      ...forged,
      processes: [...forged.processes, { ...template, pid: 400, argv: ['dockerd'] } as Process],
    };
    expect(vmTarget(real, 'engine')?.pid).toBe(400);
  }
  // Who runs an engine without root is believed to be that engine, and not followed by a root shell.
  const engine = { endpoint: 'unix:///run/user/1000/docker.sock', rootless: true } as Snapshot['engine'];
  const rootless = { ...withVm({}, { uid: 1000 }), engine };
  expect(engineProcess(rootless)?.pid).toBe(300);
  expect(vmTarget(rootless, 'engine')).toBeNull();
  // A shim that is none says nothing of two real ones in two trees.
  const two = withVm({}, {});
  const other = { ...two.processes[1], pid: 400, namespaces: { ...user, mnt: 'mnt:[2]' } } as Process;
  const shim = { ...other, pid: 200, uid: 65534, argv: ['containerd-shim-runc-v2', '-id', idOf('a')] };
  expect(vmTarget({ ...two, processes: [...two.processes, other, shim] }, 'engine')).toBeNull();
});

it('knows the engine of an endpoint among several in one tree', () => {
  const one = withVm({}, null);
  const [init] = one.processes;
  if (init === undefined) throw new Error('no process');
  const dockerd = (pid: number, ...argv: string[]) => ({ ...init, pid, argv: ['dockerd', ...argv] });
  const processes = [
    init,
    dockerd(300, '-H', 'unix:///a.sock', '--exec-root', '/a'),
    dockerd(400, '--host=unix:///b.sock', '--exec-root=/b'),
    dockerd(500, '-H', 'fd://', '--containerd=/run/containerd/containerd.sock'),
  ];
  const at = (endpoint: string) => ({ ...one, processes, engine: { endpoint } as Snapshot['engine'] });
  expect(vmTarget(at('unix:///b.sock'), 'engine')?.pid).toBe(400);
  const shim = (address: string) => ({
    ...init,
    pid: 600,
    argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', idOf('a'), '-address', address],
  });
  const ofShim = (address: string) =>
    vmTarget({ ...at('tcp://x:1'), processes: [...processes, shim(address)] }, 'engine');
  expect(ofShim('/run/containerd/containerd.sock')?.pid).toBe(500);
  expect(ofShim('/b/containerd/containerd.sock')?.pid).toBe(400);
  expect(engineProcess(at('unix:///a.sock'))?.pid).toBe(300);
  // The kernel's word of who holds the socket counts more than what any of them says; init may hold it too.
  expect(vmTarget(at('unix:///b.sock'), 'engine', new Set([1, 500]))?.pid).toBe(500);
  expect(engineProcess(at('unix:///a.sock'), new Set([400]))?.pid).toBe(400);
  // One that is no candidate is not made one by holding it.
  expect(vmTarget(at('unix:///b.sock'), 'engine', new Set([1]))?.pid).toBe(400);
});

it('takes the dockerd of these containers where several run', () => {
  const one = withVm({}, {});
  const [init, engine] = one.processes;
  if (init === undefined || engine === undefined) throw new Error('no processes');
  const there = { ...engine.namespaces, mnt: 'mnt:[2]' };
  const shim = { ...engine, pid: 500, argv: ['containerd-shim-runc-v2', '-id', idOf('a')], namespaces: there };
  const two = { ...one, processes: [init, engine, { ...engine, pid: 400, namespaces: there }, shim] };
  expect(vmTarget(two, 'engine')?.pid).toBe(400);
  expect(vmTarget({ ...two, containers: [] }, 'engine')).toBeNull();
});
