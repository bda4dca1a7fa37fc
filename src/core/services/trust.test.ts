import { expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { engineProcesses, trustedProcesses } from './trust.ts';

const ID = 'ab'.repeat(32);

/** A process of root's, outside of all containers, that calls itself dockerd; with what is said otherwise. */
function claiming(over: Partial<Process> = {}, rest: Partial<Snapshot> = {}) {
  const made = { ...snapshotOf({ containers: [{ name: 'web' }] }), ...rest };
  const init = made.processes.find(({ pid }) => pid === 1) as Process;
  const process = { ...init, pid: 4_000, uid: 0, container: null, cgroup: '/x', argv: ['/usr/bin/dockerd'], ...over };
  const snapshot = { ...made, processes: [...made.processes, process] };
  return { believed: trustedProcesses(snapshot)(process), engines: engineProcesses(snapshot).map(({ pid }) => pid) };
}

it('root of the machine outside of containers is believed', () => {
  expect(claiming()).toEqual({ believed: true, engines: [4_000] });
});

const elsewhere = snapshotOf({ containers: [] }).processes[0]?.namespaces as Process['namespaces'];

it.each<[string, Partial<Process>]>([
  ['another user', { uid: 1_000 }],
  ['root of a user namespace of its own', { namespaces: { ...elsewhere, user: 'user:[4026599999]' } }],
  ['who is in a container', { container: idOf('web') }],
  ['who is in the cgroup of a container that nobody knows', { cgroup: `/system.slice/docker-${ID}.scope` }],
])('%s is not, whatever they call themselves', (_name, over) => {
  expect(claiming(over)).toEqual({ believed: false, engines: [] });
});

it('with a rootless engine its user is believed, and no other', () => {
  const engine = { rootless: true, endpoint: 'unix:///run/user/1000/docker.sock' } as Snapshot['engine'];
  expect(claiming({ uid: 1_000 }, { engine }).believed).toBe(true);
  expect(claiming({ uid: 1_001 }, { engine }).believed).toBe(false);
});
