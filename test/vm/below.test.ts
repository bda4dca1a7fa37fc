import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { TerminalTarget } from '../../src/api/contract.ts';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { waysIn } from '../../src/core/detail/way-in.ts';
import { treesDiffer, vmTarget } from '../../src/core/enter/vm-target.ts';
import { buildSceneGraph, DEFAULT_VIEW } from '../../src/core/layout/graph.ts';
import { findServices } from '../../src/core/services/services.ts';
import { analyseSharing } from '../../src/core/sharing/analyse.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { look } from '../support/look.ts';
import { describeWith } from '../support/require.ts';
import { runTerminal } from '../support/run-terminal.ts';
import { startVm, type TestVm, VM_NEEDS } from '../support/vm.ts';

const needs = { ...VM_NEEDS, files: [...VM_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'] };

/** As an engine in a container on cgroup v2 must be started: no process may be beside the cgroups that it makes. */
const INNER_ENGINE = `set -e
mkdir -p /sys/fs/cgroup/init
for pid in $(cat /sys/fs/cgroup/cgroup.procs); do echo $pid > /sys/fs/cgroup/init/cgroup.procs || true; done
for name in $(cat /sys/fs/cgroup/cgroup.controllers); do echo +$name > /sys/fs/cgroup/cgroup.subtree_control; done
exec dockerd --host unix:///run/docker.sock --bridge=none --iptables=false --storage-driver=vfs`;

describeWith('below decks of a hidden VM', needs, () => {
  let vm: TestVm;
  let inspector: Inspector;
  let folder: string;

  beforeAll(async () => {
    vm = await startVm();
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-build-'));
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${vm.image}\nRUN /bin/busybox sleep 1003\n`);
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    await vm.docker(
      'run',
      '-d',
      '--name=web1',
      '-p8000:8000',
      '--memory=64m',
      '--cpus=0.5',
      vm.image,
      '/bin/web',
      '8000',
    );
    // Held, so that what follows is asked of one running session.
    inspector.subscribe.session({ endpoint: vm.host }, () => {});
  }, 900_000);
  afterAll(async () => {
    await inspector?.close();
    await vm?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (target: TerminalTarget, onOpened?: () => void) => runTerminal(inspector, vm.host, target, onOpened);

  it('is known to be a VM, by its firmware, with its own facts', async () => {
    const { snapshot } = await look(inspector, vm.host);
    expect(snapshot.host).toMatchObject({ role: 'vm', what: 'a VM (QEMU)', cgroupVersion: '2', cpus: 2 });
    expect(snapshot.host.because).toMatch(/firmware says "QEMU/);
    expect(snapshot.host.lsms).toContain('apparmor');
    expect(snapshot.host.memory).toBeGreaterThan(1.5 * 1024 ** 3);
    expect(snapshot.host.memory).toBeLessThan(2.1 * 1024 ** 3);
  });

  it('its services: systemd units, the engine in a tree of its own, shims and proxies', async () => {
    const { snapshot } = await look(inspector, vm.host);
    const services = findServices(snapshot);
    const names = services.map(({ name }) => name);
    for (const name of ['dockerd', 'containerd', 'shim of web1', 'docker-proxy', 'dbus.service'])
      expect(names).toContain(name);
    expect(services.find(({ name }) => name === 'dockerd')?.own).toContain('mnt');
    expect(treesDiffer(snapshot)).toBe(true);
  });

  it('an engine in a container, a build, and containerd’s own containers are shown in what runs them', async () => {
    const trees = ['usr', 'etc', 'bin', 'sbin', 'lib', 'lib64'].map((name) => `--volume=/${name}:/${name}:ro`);
    await vm.docker(
      ...['run', '-d', '--name=dind', '--privileged', ...trees, '--tmpfs=/run', '--tmpfs=/tmp:exec'],
      ...['--volume=/var/lib/docker', vm.image, '/bin/sh', '-c', INNER_ENGINE],
    );
    const inDind = (script: string) =>
      vm.docker('exec', '--env=DOCKER_HOST=unix:///run/docker.sock', 'dind', 'sh', '-ec', script);
    await vi.waitFor(() => inDind('docker version'), { timeout: 90_000, interval: 1_000 });
    await inDind(
      'mkdir -p /tmp/root/bin; cp /usr/bin/busybox /tmp/root/bin; tar -C /tmp/root -c . | docker import - own:1; docker run -d --name inner --network none own:1 /bin/busybox sleep 1001',
    );
    const engine = vmTarget((await look(inspector, vm.host)).snapshot, 'engine')?.pid ?? 0;
    const containerd = 'ctr -a /var/run/docker/containerd/containerd.sock -n test';
    await vm.outside(
      ...['nsenter', '-t', String(engine), '-m', '--', '/bin/sh', '-ec'],
      `cd /; mkdir -p /root/own/bin; cp /usr/bin/busybox /root/own/bin; ${containerd} run -d --null-io --rootfs /root/own job /bin/busybox sleep 1002`,
    );
    // BuildKit's builder, which takes its context from the request where no session is asked for.
    const context = execFileSync('tar', ['-c', '-C', folder, 'Dockerfile']);
    const leave = new AbortController();
    const build = fetch(`${vm.tcp.replace('tcp', 'http')}/build?version=2&nocache=1`, {
      method: 'POST',
      body: context,
      signal: leave.signal,
    }).then((response) => response.text());
    try {
      const { snapshot, container } = await vi.waitFor(
        async () => {
          const found = await look(inspector, vm.host);
          const build = findServices(found.snapshot).find(({ kind }) => kind === 'build');
          // At first there is runc itself, before it becomes the command.
          expect(build?.processes[0]?.argv.at(-1)).toBe('1003');
          return found;
        },
        { timeout: 60_000, interval: 500 },
      );
      const foreign = findServices(snapshot).filter(({ kind }) => kind === 'container' || kind === 'build');
      const told = foreign.map(({ note, inside, processes }) => [processes[0]?.argv.at(-1), note, inside]);
      expect(told.sort()).toEqual([
        ['1001', 'Docker', container('dind').id],
        ['1002', 'containerd, namespace test', null],
        ['1003', 'BuildKit', null],
      ]);
      const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), { ...DEFAULT_VIEW, services: true });
      const labels = new Map(graph.nodes.map(({ key, label }) => [key, label]));
      const groups = graph.groups.map(
        ({ type, members }) => `${type}: ${members.map((each) => labels.get(each)).join(' ')}`,
      );
      expect(groups).toEqual(expect.arrayContaining(['engine: job', 'engine: build step', 'nested: dind busybox']));
      expect(graph.nodes[0]).toMatchObject({ type: 'host', facts: expect.stringContaining('2 foreign containers') });
      // The engine in the container is not mistaken for the one that was asked.
      expect(vmTarget(snapshot, 'engine')?.pid).toBe(engine);
    } finally {
      // Who asked is gone: the engine ends the build.
      leave.abort();
      await build.catch(() => '');
      await vm.docker('rm', '-f', '-v', 'dind');
    }
  }, 300_000);

  it('a shell in the tree of init, and one in that of the engine, where they differ', async () => {
    const { snapshot } = await look(inspector, vm.host);
    const script = 'cat /proc/1/comm; readlink /proc/self/ns/mnt; readlink /proc/self/ns/net; hostname; id -u';
    let privileged = '';
    for (const tree of ['init', 'engine'] as const) {
      const asked: Promise<unknown>[] = [];
      const { text, code } = await run({ type: 'vm', tree, command: ['sh', '-c', `${script}; sleep 2`] }, () => {
        asked.push(
          vm
            .docker('ps', '-q', '--filter', 'label=dev.bulkhead.helper=shell')
            .then((id) => vm.docker('inspect', '-f', '{{.HostConfig.Privileged}}', id))
            .then((value) => {
              privileged = value;
            }),
        );
      });
      await Promise.all(asked);
      const target = vmTarget(snapshot, tree);
      expect(text.trim().split('\n')).toEqual([
        'systemd',
        target?.namespaces.mnt,
        vmTarget(snapshot, 'init')?.namespaces.net,
        'bulkhead-vm',
        '0',
      ]);
      expect(code).toBe(0);
      expect(privileged).toBe('true');
    }
  });

  it('enters a container from outside, with its network alone or with all of it', async () => {
    const { init } = await look(inspector, vm.host);
    const { pid, startTime, namespaces } = init('web1');
    const base = { type: 'enter' as const, pid, startTime, user: 'root' as const };
    const net = await run({
      ...base,
      namespaces: ['net'],
      root: false,
      command: ['sh', '-c', 'readlink /proc/self/ns/net; hostname; ls /etc/systemd >/dev/null && echo files of the VM'],
    });
    expect(net.text.trim().split('\n')).toEqual([namespaces.net, 'bulkhead-vm', 'files of the VM']);
    const all = await run({
      ...base,
      namespaces: ['mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup', 'time'],
      root: true,
      command: ['sh', '-c', 'for k in mnt pid net ipc uts cgroup; do readlink /proc/self/ns/$k; done; ls /bin/web'],
    });
    const kinds = ['mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup'] as const;
    expect(all.text.trim().split('\n')).toEqual([...kinds.map((kind) => namespaces[kind]), '/bin/web']);
  });

  it('reads quotas of cgroup v2 and the way into the container', async () => {
    const { init } = await look(inspector, vm.host);
    const { pid, startTime, namespaces } = init('web1');
    const limits = (await inspector.request.detail({
      endpoint: vm.host,
      subject: { type: 'limits', pid, startTime },
    })) as DetailOf<'limits'>;
    expect(limits).toMatchObject({
      version: 2,
      memory: { limit: { value: 64 * 1024 * 1024 } },
      cpu: { limit: { quota: 50_000, period: 100_000 } },
    });
    expect(limits.memory?.current).toBeGreaterThan(0);
    const net = (await inspector.request.detail({
      endpoint: vm.host,
      subject: { type: 'namespace', id: namespaces.net ?? '' },
    })) as DetailOf<'net'>;
    expect(net.listening.map(({ protocol, port }) => `${protocol} ${port}`)).toContain('tcp6 8000');
    expect(net.listening.every(({ pids }) => pids.length === 1)).toBe(true);
    expect(net.links.find(({ name }) => name === 'eth0')?.peer?.namespace).toBe(
      vmTarget((await look(inspector, vm.host)).snapshot, 'init')?.namespaces.net,
    );
  });

  it('reads the NAT rule that leads to the container, and who shares mounts with whom', async () => {
    const { snapshot, init, container } = await look(inspector, vm.host);
    const detailOf = async <K extends 'net' | 'mnt'>(id: string | null | undefined) =>
      (await inspector.request.detail({
        endpoint: vm.host,
        subject: { type: 'namespace', id: id ?? '' },
      })) as DetailOf<K>;
    const [own, outside] = [
      await detailOf<'net'>(init('web1').namespaces.net),
      await detailOf<'net'>(vmTarget(snapshot, 'init')?.namespaces.net),
    ];
    const [way] = waysIn(snapshot, container('web1'), own.links, outside, own);
    expect(way?.hops.map(({ what, ok }) => [what, ok])).toEqual(
      ['host', 'nat', 'proxy', 'bridge', 'veth', 'container', 'listener'].map((what) => [what, true]),
    );
    expect(way?.hops[1]?.text).toMatch(/^NAT rule in nat DOCKER \(iptables on nftables\): to 172\.[\d.]+:8000$/);
    const tree = vmTarget(snapshot, 'init')?.namespaces.mnt ?? '';
    const unit = snapshot.processes.find(
      ({ cgroup, namespaces }) => /systemd-udevd|systemd-logind/.test(cgroup ?? '') && namespaces.mnt !== tree,
    );
    const { mounts, peers } = await detailOf<'mnt'>(unit?.namespaces.mnt);
    const root = mounts.find(({ point }) => point === '/')?.propagation.join(' ') ?? '';
    expect(peers[/master:(\d+)/.exec(root)?.[1] ?? ''] ?? []).toContain(tree);
  });

  it('a lost engine ends the shell, and its helper is gone when the engine is back', async () => {
    let opened = (): void => {};
    const isOpen = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const ended = run({ type: 'vm', tree: 'init', command: ['sh', '-c', 'sleep 8181'] }, opened);
    await isOpen;
    // In brackets, so that the one who looks does not find itself.
    const running = () => vm.outside('sh', '-c', 'grep -l "[8]181" /proc/[0-9]*/cmdline || true');
    expect(await running()).toMatch(/^\/proc\/\d+\//);
    const back = vm.restart();
    expect(await ended).toMatchObject({ code: null, message: expect.stringMatching(/lost/) });
    await back;
    await vi.waitFor(async () => expect(await running()).toBe(''), {
      timeout: 20_000,
      interval: 500,
    });
    await vi.waitFor(
      async () => expect(await vm.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper=shell')).toBe(''),
      { timeout: 20_000, interval: 500 },
    );
  });
});
