import { expect, test } from 'vitest';
import { container, idOf } from '../snapshot/build.testing.ts';
import { assemble } from './assemble.ts';
import { containerIdsIn, idsInPath } from './cgroup.ts';
import { applyProbeFrame, createFacts, type Facts, setContainers } from './facts.ts';
import type { NamespaceFrame, ProbeFrame, ProcessFrame } from './frames.ts';

const IDS: ProcessFrame['namespaces'] = {
  mnt: 'mnt:[1]',
  pid: 'pid:[2]',
  net: 'net:[3]',
  ipc: 'ipc:[4]',
  uts: 'uts:[5]',
  user: 'user:[6]',
  cgroup: 'cgroup:[7]',
  time: 'time:[8]',
  pid_for_children: 'pid:[2]',
  time_for_children: 'time:[8]',
};

function processFrame(pid: number, extra: Partial<ProcessFrame> = {}): ProcessFrame {
  return {
    t: 'process',
    pid,
    startTime: pid * 10,
    ppid: 1,
    comm: 'sleep',
    argv: ['sleep'],
    uid: [0, 0, 0, 0],
    gid: [0, 0, 0, 0],
    nsPids: [pid],
    state: 'S',
    threads: 1,
    cgroup: null,
    caps: null,
    seccomp: null,
    noNewPrivs: null,
    root: null,
    namespaces: IDS,
    ...extra,
  };
}

const HELLO: ProbeFrame = { t: 'hello', protocol: 1, version: '1', mode: 'watch', arch: 'amd64', pid: 9 };
const END: ProbeFrame = {
  t: 'end',
  batch: 0,
  durationUs: 1_000,
  cpuUs: 500,
  processes: 0,
  unreadable: 0,
  vanished: 0,
  problems: [],
};

function told(...frames: ProbeFrame[]): Facts {
  const facts = createFacts();
  for (const frame of [HELLO, ...frames, END]) applyProbeFrame(facts, frame);
  return facts;
}
const look = (facts: Facts) => assemble(facts, { takenAt: '2026-01-01T00:00:00.000Z', via: 'helper' });
const ownerOf = (facts: Facts, pid: number) => look(facts).processes.find((one) => one.pid === pid)?.container;

test('a process belongs to the container that its cgroup names, by either driver and version', () => {
  const id = idOf('web1');
  const facts = told(
    processFrame(10, { cgroup: `/docker/${id}` }),
    processFrame(11, { cgroup: `/system.slice/docker-${id}.scope` }),
    processFrame(12, { cgroup: `/machine.slice/libpod-${id}.scope/container` }),
    processFrame(13, { cgroup: `/docker/${idOf('unknown')}` }),
  );
  setContainers(facts, [container('web1', 10)]);
  expect([10, 11, 12, 13].map((pid) => ownerOf(facts, pid))).toEqual([id, id, id, null]);
});

test('without a cgroup that tells, the engine’s pid and its descendants do, even in a ring', () => {
  const facts = told(
    processFrame(20, { ppid: 22 }),
    processFrame(21, { ppid: 20 }),
    processFrame(22, { ppid: 21 }),
    processFrame(23),
  );
  setContainers(facts, [container('web1', 20)]);
  expect([20, 21, 22, 23].map((pid) => ownerOf(facts, pid))).toEqual([
    ...[idOf('web1'), idOf('web1'), idOf('web1')],
    null,
  ]);
});

test('an engine that names another container’s process is reported, and the cgroup decides', () => {
  const facts = told(processFrame(30, { cgroup: `/docker/${idOf('web1')}` }));
  setContainers(facts, [container('web1', 31), container('web2', 30)]);
  const snapshot = look(facts);
  expect(snapshot.processes[0]?.container).toBe(idOf('web1'));
  expect(snapshot.probe?.problems).toMatchObject([{ code: 'container-pid', count: 1 }]);
});

test('members of a namespace are told, also of one that came without a record', () => {
  const net: NamespaceFrame = {
    t: 'namespace',
    id: 'net:[3]',
    kind: 'net',
    inode: 3,
    device: 4,
    initial: false,
    owner: 'user:[6]',
    parent: null,
    ownerUid: 0,
    uniqueId: null,
    pins: [{ type: 'mount', path: '/run/netns/a', mnt: null }],
  };
  const { namespaces } = look(told(processFrame(12), processFrame(5), net));
  expect(namespaces.find(({ id }) => id === 'net:[3]')).toMatchObject({ pids: [5, 12], owner: 'user:[6]' });
  expect(namespaces.find(({ id }) => id === 'uts:[5]')).toMatchObject({ pids: [5, 12], owner: null, pins: [] });
});

test('a reused pid survives the end of its predecessor; a new probe starts from nothing', () => {
  const facts = told(processFrame(40, { startTime: 7 }));
  applyProbeFrame(facts, { t: 'process-gone', pid: 40, startTime: 6 });
  expect(look(facts).processes).toHaveLength(1);
  applyProbeFrame(facts, { t: 'process-gone', pid: 40, startTime: 7 });
  expect(look(facts).processes).toHaveLength(0);
  applyProbeFrame(facts, processFrame(41));
  applyProbeFrame(facts, HELLO);
  expect(look(facts).processes).toHaveLength(0);
});

test('what did not change keeps its identity, and takes a new one with a new container', () => {
  const facts = told(processFrame(50, { cgroup: `/docker/${idOf('late')}` }));
  const [first] = look(facts).processes;
  expect(look(facts).processes[0]).toBe(first);
  setContainers(facts, [container('late', 50)]);
  expect(look(facts).processes[0]).toMatchObject({ container: idOf('late') });
});

test('what our own probes have open holds no namespace, whoever else calls themselves so', () => {
  const [helper, web] = [idOf('helper'), idOf('web')];
  const probe = { comm: 'bulkhead-probe' };
  const facts = told(
    processFrame(10, { ...probe, cgroup: `/docker/${helper}` }),
    processFrame(11, probe),
    processFrame(12, { ...probe, cgroup: `/docker/${web}` }),
    processFrame(13, { ...probe, uid: [1000, 1000, 1000, 1000] }),
    {
      t: 'namespace',
      id: 'net:[30]',
      kind: 'net',
      inode: 30,
      device: null,
      initial: false,
      owner: null,
      parent: null,
      ownerUid: null,
      uniqueId: null,
      pins: [10, 11, 12, 13].map((pid) => ({ type: 'fd', pid, fd: 17 })),
    },
  );
  setContainers(facts, [{ ...container('helper', 10), helper: true }, container('web', 12)]);
  const held = look(facts).namespaces.find(({ id }) => id === 'net:[30]');
  expect(held?.pins.map((pin) => ('pid' in pin ? pin.pid : null))).toEqual([12, 13]);
});

test('the cgroup of a pod of Podman bears no container’s id', () => {
  const [pod, id] = ['a'.repeat(64), 'b'.repeat(64)];
  expect(containerIdsIn(`/libpod_parent/${pod}/conmon`)).toEqual([]);
  expect(idsInPath(`/libpod_parent/${pod}/libpod-${id}/init`)).toEqual([
    { id, prefix: 'libpod', path: `/libpod_parent/${pod}/libpod-${id}` },
  ]);
});
