import { expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Process } from '../snapshot/snapshot.ts';
import { enterCommandLine } from './command-line.ts';
import { treeOfVm, treesDiffer, vmTarget } from './vm-target.ts';

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

it('takes the dockerd of these containers where several run', () => {
  const one = withVm({}, {});
  const [init, engine] = one.processes;
  if (init === undefined || engine === undefined) throw new Error('no processes');
  const there = { ...engine.namespaces, mnt: 'mnt:[2]' };
  const shim = { ...engine, pid: 500, argv: ['containerd-shim-runc-v2', '-id', idOf('a')], namespaces: there };
  const two = { ...one, processes: [init, engine, { ...engine, pid: 400, namespaces: there }, shim] };
  expect(vmTarget(two, 'engine')?.pid).toBe(400);
  expect(vmTarget({ ...two, containers: [] }, 'engine')?.pid).toBe(300);
});
