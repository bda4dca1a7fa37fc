import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { decodeSnapshot } from '../snapshot/decode.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { findServices } from './services.ts';

/** Recorded from a real VM: systemd, dockerd, containerd, shims and proxies. */
function recorded(): Snapshot {
  const decoded = decodeSnapshot(
    readFileSync(new URL('../../../resources/demo-snapshot.json', import.meta.url), 'utf8'),
  );
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.snapshot;
}

function withProcesses(snapshot: Snapshot, ...processes: Partial<Process>[]): Snapshot {
  const [template] = snapshot.processes;
  if (template === undefined) throw new Error('no process to copy');
  const added = processes.map((process, index) => ({ ...template, container: null, pid: 9000 + index, ...process }));
  return { ...snapshot, processes: [...snapshot.processes, ...added] };
}

describe('the services of a recorded VM', () => {
  const snapshot = recorded();
  const services = findServices(snapshot);
  const ofKind = (kind: string) => services.filter((service) => service.kind === kind);

  it('has every process outside containers in one group, and none twice', () => {
    const outside = snapshot.processes.filter(
      ({ container, argv }) => container === null && !argv[0]?.endsWith('bulkhead-probe'),
    );
    const grouped = services.flatMap(({ processes }) => processes.map(({ pid }) => pid));
    expect(new Set(grouped).size).toBe(grouped.length);
    expect(grouped.sort((a, b) => a - b)).toEqual(outside.map(({ pid }) => pid));
  });

  it('names each shim after its container, and each proxy after its port', () => {
    const running = snapshot.containers.filter(({ pid, helper }) => pid !== null && !helper).map(({ name }) => name);
    const shims = ofKind('shim').map(({ name }) => name.replace(/^shim of /, ''));
    expect(running.filter((name) => !shims.includes(name))).toEqual([]);
    expect(
      ofKind('proxy')
        .map(({ note }) => note)
        .join(),
    ).toMatch(/forwards 0\.0\.0\.0:8080 to [\d.]+:8080/);
  });

  it('finds the engine, whose mount tree is its own, and the units', () => {
    const dockerd = ofKind('engine').find(({ name }) => name === 'dockerd');
    expect(dockerd?.own).toContain('mnt');
    expect(ofKind('unit').map(({ name }) => name)).toContain('dbus.service');
    expect(ofKind('kernel')).toHaveLength(1);
  });
});

describe('containers that this engine does not know', () => {
  const foreign = 'ab'.repeat(32);
  const name = (cgroup: string) =>
    findServices(withProcesses(snapshotOf({ containers: [] }), { cgroup })).find(({ kind }) => kind === 'container');

  it.each([
    [`/kubepods.slice/kubepods-pod1.slice/cri-containerd-${foreign}.scope`, 'Kubernetes (cri-containerd)'],
    [`/kubepods/besteffort/pod1/${foreign}`, 'Kubernetes'],
    [`/machine.slice/libpod-${foreign}.scope/container`, 'Podman'],
    [`/system.slice/nerdctl-${foreign}.scope`, 'nerdctl'],
    [`/docker/${foreign}`, 'Docker'],
    [`/default/${foreign}`, 'containerd, namespace default'],
    [`/system.slice/web.service/libpod-payload-${foreign}`, 'Podman, unit web.service'],
    [`/kubepods/besteffort/pod${'0a'.repeat(16)}/${foreign}`, 'Kubernetes (static pod)'],
    [`/kubepods.slice/kubepods-pod${'0a'.repeat(16)}.slice/crio-${foreign}.scope`, 'Kubernetes (crio, static pod)'],
    [`/kubepods/system.slice:cri-containerd:${foreign}`, 'Kubernetes (cri-containerd)'],
  ])('%s is run by %s', (cgroup, note) => {
    expect(name(cgroup)).toMatchObject({ name: `container ${foreign.slice(0, 12)}`, note, inside: null });
  });

  it.each([
    ['/lxc.payload.web/system.slice/nginx.service', 'web', 'LXC'],
    ['/lxc.payload/web', 'web', 'LXC'],
    ['/lxc/101/ns/init.scope', '101', 'LXC'],
    ['/machine.slice/systemd-nspawn@build.service/payload/init.scope', 'build', 'systemd-nspawn'],
    ['/machine.slice/machine-old\\x2dbox.scope/payload/system.slice/cron.service', 'old-box', 'systemd-nspawn'],
    ['/machine.slice/machine-lxc\\x2d4242\\x2dmail.scope', 'mail', 'LXC (libvirt)'],
  ])('%s is %s, of %s, and no service of the machine', (cgroup, expected, note) => {
    expect(name(cgroup)).toMatchObject({ name: expected, note });
  });

  it.each([
    '/lxc.monitor.web',
    '/machine.slice/systemd-nspawn@build.service/supervisor',
    '/machine.slice/machine-qemu\\x2d3\\x2dvm.scope/libvirt/emulator',
  ])('%s is what runs one, and none', (cgroup) => {
    expect(name(cgroup)).toBeUndefined();
  });

  it('are not what this engine itself runs in', () => {
    const node = snapshotOf({ containers: [{ name: 'mine' }] });
    const path = `/docker/${foreign}`;
    const processes = node.processes.map((process) => ({
      ...process,
      cgroup: process.container === null ? path : `${path}/docker/${idOf('mine')}`,
    }));
    const first = { ...node.processes[0], pid: 1, ppid: 0, container: null, cgroup: `${path}/init.scope` } as Process;
    const inner = { ...first, pid: 9001, container: idOf('mine'), cgroup: `${path}/docker/${idOf('mine')}/lxc/x` };
    const all = findServices({ ...node, processes: [first, inner, ...processes.filter(({ pid }) => pid !== 1)] });
    expect(all.filter(({ kind }) => kind === 'container').map(({ name: of }) => of)).toEqual(['x']);
  });

  it('are shown inside the container that runs them', () => {
    const outer = snapshotOf({ containers: [{ name: 'dind' }] });
    const snapshot = withProcesses(outer, {
      container: idOf('dind'),
      cgroup: `/docker/${idOf('dind')}/docker/${foreign}`,
    });
    const [nested] = findServices(snapshot).filter(({ kind }) => kind === 'container');
    expect(nested).toMatchObject({ inside: idOf('dind'), note: 'Docker' });
    // The container's own process is no service.
    expect(findServices(outer).every(({ inside }) => inside === null)).toBe(true);
  });
});

it('knows containers by the shim above them, whatever their cgroup and name', () => {
  const shim = (namespace: string, id: string) => ({
    argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', namespace, '-id', id],
  });
  const snapshot = withProcesses(
    snapshotOf({ containers: [{ name: 'mine' }] }),
    { ...shim('k8s.io', 'a'), comm: 'containerd-shim', cgroup: '/x' },
    { ppid: 9000, comm: 'pause', argv: ['/pause'], cgroup: '/x' },
    { ...shim('services.linuxkit', 'vpnkit'), comm: 'containerd-shim', cgroup: '/x' },
    { ppid: 9002, comm: 'sh', argv: ['sh'], cgroup: '/x' },
    { ppid: 9003, comm: 'sleep', argv: ['sleep'], cgroup: '/x' },
    { ...shim('moby', idOf('mine')), comm: 'containerd-shim', cgroup: '/x' },
    { ppid: 9005, comm: 'mine', argv: ['mine'], cgroup: '/x', container: idOf('mine') },
    // As dockerd 20.10 has it with systemd's driver.
    {
      cgroup: '/system.slice/docker.service',
      comm: 'runc',
      argv: ['runc', 'run', '--bundle', '/var/lib/docker/buildkit/executor/x2ktonkag01f1re0ne7lbkdux', 'x'],
    },
    { ppid: 9007, cgroup: '/system.slice/system.slice:docker:x2ktonkag01f1re0ne7lbkdux', comm: 'sh', argv: ['sh'] },
  );
  const found = findServices(snapshot);
  const of = (name: string) => found.find((service) => service.name === name);
  expect(of('a')).toMatchObject({ kind: 'container', note: 'Kubernetes (containerd)' });
  expect(of('vpnkit')).toMatchObject({ kind: 'unit', processes: [{ pid: 9003 }, { pid: 9004 }] });
  expect(of('build step')).toMatchObject({ kind: 'build', inside: null, processes: [{ pid: 9008 }] });
  expect(found.some(({ processes }) => processes.some(({ pid }) => pid === 9006))).toBe(false);
});

it('believes only root of the machine what it calls itself', () => {
  const machine = snapshotOf({ containers: [{ name: 'web' }] });
  const { user: _, ...others } = machine.host.namespaces;
  const shim = ['containerd-shim-runc-v2', '-namespace', 'moby', '-id', 'pretended'];
  const children = { pid_for_children: others.pid, time_for_children: others.time };
  const snapshot = withProcesses(
    machine,
    { uid: 65534, comm: 'dockerd', argv: ['dockerd'], cgroup: '/user.slice' },
    {
      uid: 0,
      comm: 'dockerd',
      argv: ['dockerd'],
      cgroup: '/a',
      namespaces: { ...others, ...children, user: 'user:[9]' },
    },
    { uid: 0, comm: 'dockerd', argv: ['dockerd'], cgroup: `/docker/${'ab'.repeat(32)}` },
    { uid: 65534, comm: 'x', argv: shim, cgroup: '/user.slice' },
    { uid: 65534, ppid: 9003, comm: 'y', argv: ['y'], cgroup: '/user.slice' },
    { uid: 65534, comm: 'bulkhead-probe', argv: ['bulkhead-probe'], cgroup: '/user.slice' },
  );
  const found = findServices(snapshot);
  expect(found.filter(({ kind }) => kind === 'engine' || kind === 'shim')).toEqual([]);
  expect(found.flatMap(({ processes }) => processes.map(({ pid }) => pid)).filter((pid) => pid >= 9000)).toHaveLength(
    6,
  );
  expect(found.find(({ name }) => name === 'user.slice')?.processes.map(({ pid }) => pid)).toEqual([
    ...[9000, 9003, 9004, 9005],
  ]);
  // A rootless engine's is the user who runs it.
  const rootless = { ...snapshot, engine: { endpoint: 'unix:///run/user/65534/docker.sock', rootless: true } as never };
  expect(
    findServices(rootless)
      .filter(({ kind }) => kind === 'engine')
      .map(({ processes }) => processes[0]?.pid),
  ).toEqual([9000]);
});

it('reads the pod of a cgroup, as both drivers write it', () => {
  const id = 'ab'.repeat(32);
  const uid = '0a1b2c3d-0000-4000-8000-0123456789ab';
  const snapshot = withProcesses(
    snapshotOf({ containers: [] }),
    { cgroup: `/kubepods/burstable/pod${uid}/${id}` },
    { cgroup: `/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/cri-containerd-${'cd'.repeat(32)}.scope` },
    { cgroup: `/kubepods/burstable/pod${'0a'.repeat(16)}/${'ef'.repeat(32)}` },
  );
  expect(
    findServices(snapshot)
      .filter(({ kind }) => kind === 'container')
      .map(({ pod }) => pod),
  ).toEqual([uid, uid, '0a'.repeat(16)]);
});

it('knows LinuxKit services and Kubernetes parts, and leaves the app’s own helper out', () => {
  const snapshot = withProcesses(
    snapshotOf({ containers: [] }),
    { cgroup: '/podruntime/docker', comm: 'x', argv: ['/usr/bin/x'] },
    { cgroup: '/kubelet', comm: 'kubelet', argv: ['/usr/bin/kubelet'] },
    { cgroup: '/docker/x', comm: 'bulkhead-probe', argv: ['/bulkhead-probe', 'watch'] },
  );
  const found = findServices(snapshot).map(({ kind, name }) => `${kind} ${name}`);
  expect(found).toContain('unit docker');
  expect(found).toContain('kubernetes kubelet');
  expect(found.join()).not.toContain('bulkhead');
});
