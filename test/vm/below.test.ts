import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { SubscriptionEvent, TerminalTarget } from '../../src/api/contract.ts';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { waysIn } from '../../src/core/detail/way-in.ts';
import { treesDiffer, vmTarget } from '../../src/core/enter/vm-target.ts';
import { findServices } from '../../src/core/services/services.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { look } from '../support/look.ts';
import { describeWith } from '../support/require.ts';
import { startVm, type TestVm, VM_NEEDS } from '../support/vm.ts';

const needs = { ...VM_NEEDS, files: [...VM_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'] };

describeWith('below decks of a hidden VM', needs, () => {
  let vm: TestVm;
  let inspector: Inspector;

  beforeAll(async () => {
    vm = await startVm();
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
  });

  function run(target: TerminalTarget, onOpened?: () => void) {
    return new Promise<{ text: string; code: number | null; message: string }>((resolve) => {
      let text = '';
      const stop = inspector.subscribe.terminal(
        { endpoint: vm.host, target, columns: 100, rows: 40 },
        (event: SubscriptionEvent<'terminal'>) => {
          if (event.type === 'opened') onOpened?.();
          else if (event.type === 'output') text += Buffer.from(event.data, 'base64').toString();
          else {
            queueMicrotask(() => stop());
            resolve({ text: text.replaceAll('\r', ''), code: event.code, message: event.message });
          }
        },
      );
    });
  }

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
    const walls = (await inspector.request.detail({
      endpoint: vm.host,
      subject: { type: 'walls', pid, startTime },
    })) as DetailOf<'walls'>;
    expect(walls).toMatchObject({
      version: 2,
      memory: { max: 64 * 1024 * 1024 },
      cpu: { quota: 50_000, period: 100_000 },
    });
    expect(walls.memory?.current).toBeGreaterThan(0);
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
    const [way] = waysIn(snapshot, container('web1'), own.links, outside);
    expect(way?.hops.map(({ what }) => what)).toEqual(['host', 'nat', 'proxy', 'bridge', 'veth', 'container']);
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
