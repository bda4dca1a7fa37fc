import { expect, test } from 'vitest';
import { analyseSharing } from '../sharing/analyse.ts';
import { container, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { NamespaceId, NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Process } from '../snapshot/snapshot.ts';
import { assignContainers, type Owned } from './belonging.ts';

const HOST = snapshotOf({ containers: [] }).host.namespaces;
const WEB = idOf('web');
const DB = idOf('db');

type Own = Partial<Record<NamespaceKind, NamespaceId>>;

function processOf(
  pid: number,
  ppid: number,
  cgroup: string | null,
  own: Own = {},
  extra: Partial<Process> = {},
): Process {
  const [template] = snapshotOf({ containers: [] }).processes;
  if (template === undefined) throw new Error('no process to copy');
  return { ...template, pid, ppid, cgroup, startTime: pid, namespaces: { ...template.namespaces, ...own }, ...extra };
}

const IN_WEB: Own = { mnt: 'mnt:[11]', pid: 'pid:[12]' };
const IN_DB: Own = { mnt: 'mnt:[21]', pid: 'pid:[22]' };
const SHIM = { comm: 'containerd-shim', argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', WEB] };

/** A machine with two containers, each below its shim, and what else is given. */
function machine(cgroups: { web: string; db: string }, ...more: Process[]) {
  const processes = [
    processOf(1, 0, '/init.scope'),
    processOf(100, 1, '/system.slice/docker.service', {}, SHIM),
    processOf(101, 100, cgroups.web, IN_WEB),
    processOf(200, 1, '/system.slice/docker.service', {}, { ...SHIM, argv: ['containerd-shim-runc-v2', '-id', DB] }),
    processOf(201, 200, cgroups.db, IN_DB),
    ...more,
  ];
  return processes;
}

const V2 = { web: `/system.slice/docker-${WEB}.scope`, db: `/system.slice/docker-${DB}.scope` };

function owners(
  processes: readonly Process[],
  options: { containers?: Container[]; uptime?: number | null } = {},
): (pid: number) => Owned | undefined {
  const containers = options.containers ?? [container('web', 101), container('db', 201)];
  const { owners: all } = assignContainers({
    processes: new Map(processes.map((process) => [process.pid, process])),
    containers: new Map(containers.map((each) => [each.id, each])),
    host: HOST,
    uptime: options.uptime ?? 1_000,
    clockTicks: 100,
  });
  return (pid) => all.get(pid);
}

test.each([
  ['cgroupfs', `/docker/${WEB}`],
  ['systemd', `/system.slice/docker-${WEB}.scope`],
  ['systemd’s notation that no systemd read', `/kubepods/system.slice:docker:${WEB}`],
  ['moved into /init below', `/docker/${WEB}/init`],
  ['systemd inside', `/docker/${WEB}/init.scope`],
  ['Quadlet', `/system.slice/web.service/libpod-payload-${WEB}`],
  ['an engine inside', `/docker/${WEB}/docker/${'ef'.repeat(32)}`],
  ['a removed cgroup', `/docker/${WEB} (deleted)`],
])('%s: the cgroup tells the container', (_, cgroup) => {
  const of = owners(machine({ ...V2, web: cgroup }, processOf(102, 101, cgroup, IN_WEB)));
  for (const pid of [101, 102]) {
    expect(of(pid)).toEqual({
      container: WEB,
      belongs: { by: 'cgroup', cgroupOf: WEB, disagrees: false, starting: false },
    });
  }
});

test('a made-up cgroup path is a claim, and makes a process nobody’s', () => {
  const path = `/user.slice/user-1000.slice/docker-${WEB}.scope`;
  const claim = { container: null, belongs: { by: null, cgroupOf: WEB, disagrees: true, starting: false } };
  const of = owners(
    machine(
      V2,
      processOf(300, 1, path, {}, { uid: 1000 }),
      // In namespaces of its own, which are not the container's either.
      processOf(301, 300, path, { mnt: 'mnt:[31]', pid: 'pid:[32]' }, { uid: 1000 }),
      processOf(302, 301, path, { mnt: 'mnt:[31]', pid: 'pid:[32]' }, { uid: 1000, argv: SHIM.argv }),
      processOf(303, 302, path, { mnt: 'mnt:[31]', pid: 'pid:[32]' }, { uid: 1000 }),
    ),
  );
  for (const pid of [300, 301, 302, 303]) expect(of(pid)).toEqual(claim);
});

test('nor does it in a container that shares the host’s pid namespace, or does not run', () => {
  const made = `/x/docker-${WEB}.scope`;
  const pidHost = machine(V2, processOf(300, 1, made)).map((each) =>
    each.pid === 101 ? { ...each, namespaces: { ...each.namespaces, pid: HOST.pid } } : each,
  );
  expect(owners(pidHost)(300)?.container).toBeNull();
  const stopped = [{ ...container('web', null), state: 'exited' as const }, container('db', 201)];
  expect(owners(machine(V2, processOf(300, 1, made)), { containers: stopped })(300)?.container).toBeNull();
});

test('a process that went to the cgroup of another container stays its own container’s', () => {
  const of = owners(machine(V2, processOf(102, 101, V2.db, IN_WEB)));
  expect(of(102)).toEqual({
    container: WEB,
    belongs: { by: 'ancestry', cgroupOf: DB, disagrees: true, starting: false },
  });
});

test('one that left its cgroup belongs to its container by its ancestors, and its limits do not hold for it', () => {
  const inner = `/docker/${'ef'.repeat(32)}`;
  const of = owners(
    machine(
      V2,
      processOf(102, 101, '/', IN_WEB),
      // An engine inside, whose containers are at the top of the tree.
      processOf(103, 101, V2.web, IN_WEB, { comm: 'containerd-shim', argv: ['containerd-shim-runc-v2'] }),
      processOf(104, 103, inner, { mnt: 'mnt:[13]', pid: 'pid:[14]' }),
    ),
  );
  for (const pid of [102, 104]) {
    expect(of(pid)).toEqual({
      container: WEB,
      belongs: { by: 'ancestry', cgroupOf: null, disagrees: true, starting: false },
    });
  }
});

test('what was exec’ed hangs below the shim and belongs by its namespaces where the cgroup says nothing', () => {
  const unit = '/system.slice/containerd.service';
  const of = owners(
    machine({ web: unit, db: unit }, processOf(102, 100, unit, IN_WEB), processOf(103, 102, unit, IN_WEB)),
  );
  expect(of(101)).toMatchObject({ container: WEB, belongs: { by: 'ancestry', disagrees: false } });
  for (const pid of [102, 103]) {
    expect(of(pid)).toMatchObject({ container: WEB, belongs: { by: 'namespaces', disagrees: false } });
  }
  // Entered from outside: its namespaces alone make it nobody's.
  expect(owners(machine(V2, processOf(300, 1, '/user.slice', IN_WEB)))(300)).toBeUndefined();
});

test('a zombie belongs to the container that its parent is in, though version 1 shows it at the root', () => {
  const nothing = { mnt: null, net: null, ipc: null, uts: null, cgroup: null, time: null } as unknown as Own;
  const zombie = { state: 'Z', argv: [] };
  const of = owners(
    machine(V2, processOf(102, 101, '/', { ...nothing, pid: 'pid:[12]' }, zombie), processOf(103, 1, '/', {}, zombie)),
  );
  expect(of(102)).toMatchObject({ container: WEB, belongs: { disagrees: false } });
  expect(of(103)).toBeUndefined();
});

test('an orphan in a borrowed pid namespace is adopted by the owner’s init and stays its own container’s', () => {
  const borrowed = { mnt: 'mnt:[21]', pid: 'pid:[12]' };
  const processes = machine(V2, processOf(202, 101, V2.db, borrowed)).map((each) =>
    each.pid === 201 ? { ...each, namespaces: { ...each.namespaces, pid: 'pid:[12]' } } : each,
  );
  expect(owners(processes)(202)).toMatchObject({ container: DB, belongs: { by: 'cgroup', disagrees: false } });
});

test('runc’s own process is not yet the container’s, and cannot be one for long', () => {
  const early = { comm: 'runc:[2:INIT]', argv: ['runc', 'init'], startTime: 99_900 };
  const processes = machine(V2).map((each) =>
    each.pid === 101 ? { ...each, ...early, namespaces: HOST_LINKS } : each,
  );
  expect(owners(processes)(101)?.belongs?.starting).toBe(true);
  expect(owners(processes, { uptime: 2_000 })(101)?.belongs?.starting).toBe(false);
  const restarting = [{ ...container('web', 101), state: 'restarting' as const }];
  expect(owners(processes, { uptime: 2_000, containers: restarting })(101)?.belongs?.starting).toBe(true);
});

const HOST_LINKS = { ...HOST, pid_for_children: HOST.pid, time_for_children: HOST.time };

test('nothing is concluded from a container whose init is being set up', () => {
  const belongs = { by: 'cgroup' as const, cgroupOf: WEB, disagrees: false, starting: true };
  const snapshot = snapshotOf({
    containers: [
      {
        name: 'web',
        namespaces: { net: 'host', pid: 'host' },
        process: {
          belongs,
          capabilities: { inheritable: '0', permitted: '0', effective: '1ffffffffff', bounding: '0', ambient: '0' },
        },
      },
    ],
  });
  const { containers, findings, broken } = analyseSharing(snapshot);
  expect(containers.get(WEB)?.net.standing).toBe('unknown');
  expect(containers.get(WEB)?.pid.standing).toBe('unknown');
  expect([findings, broken]).toEqual([[], []]);
});

test('on version 1 some controllers may have a process elsewhere, though the others bear the id', () => {
  const service = '/system.slice/containerd.service';
  const ours = `/docker/${WEB}`;
  const also = (...otherCgroups: string[]) => ({ otherCgroups });
  const processes = machine(
    { ...V2, web: ours },
    // As `docker exec` leaves it on hybrid cgroups: the unified line is the engine's.
    processOf(102, 100, ours, IN_WEB, also(service)),
    processOf(103, 101, ours, IN_WEB, also('/greedy')),
    processOf(104, 100, ours, IN_WEB, also(service, '/greedy')),
    processOf(105, 104, ours, IN_WEB, also(service)),
    processOf(106, 101, ours, IN_WEB, also(`${ours}/below`)),
    processOf(107, 101, ours, IN_WEB, { ...also('/greedy'), state: 'Z' }),
    // The probe tells the root of a controller only where the process was taken out of the container's cgroup there.
    processOf(108, 101, ours, IN_WEB, also('/')),
  ).map((each) => (each.pid === 100 ? { ...each, ...also(service) } : each));
  const of = owners(processes);
  for (const pid of [101, 102, 105, 106, 107])
    expect(of(pid)?.belongs, String(pid)).toMatchObject({ disagrees: false });
  for (const pid of [103, 104, 108]) {
    expect(of(pid), String(pid)).toMatchObject({ container: WEB, belongs: { by: 'cgroup', disagrees: true } });
  }
  const moved = owners(processes.map((each) => (each.pid === 101 ? { ...each, ...also('/') } : each)));
  expect(moved(101)?.belongs).toMatchObject({ by: 'cgroup', disagrees: true });
  expect(moved(106)?.belongs).toMatchObject({ disagrees: false });
});
