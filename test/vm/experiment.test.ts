import { readFileSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NAMESPACE_KINDS } from '../../src/core/snapshot/namespace.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { look } from '../support/look.ts';
import { describeWith } from '../support/require.ts';
import { startVm, type TestVm, VM_NEEDS } from '../support/vm.ts';

const needs = { ...VM_NEEDS, files: [...VM_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'] };

describeWith('an engine in a hidden VM', needs, () => {
  let vm: TestVm;
  let inspector: Inspector;

  // The first start on a machine builds the VM.
  beforeAll(async () => {
    vm = await startVm();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  }, 900_000);
  afterAll(async () => {
    await inspector?.close();
    await vm?.stop();
  });

  /** What a command prints that runs in the VM with all rights, in the pid namespace of its init. */
  const inVm = (...command: string[]): Promise<string> =>
    vm.docker('run', '--rm', '--privileged', '--pid=host', vm.image, ...command);

  async function answer(port: number): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      try {
        return (await (await fetch(`http://127.0.0.1:${port}/`)).text()).trim();
      } catch (error) {
        if (attempt >= 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  it('the experiment: net of two, uts of the VM, the rest private or default', async () => {
    await vm.docker(
      'run',
      '-d',
      '--name=web1',
      '-p8000:8000',
      '-p8001:8001',
      '--uts=host',
      vm.image,
      '/bin/web',
      '8000',
    );
    await vm.docker('run', '-d', '--name=web2', '--network=container:web1', '--uts=host', vm.image, '/bin/web', '8001');
    for (const host of [vm.host, vm.tcp]) {
      const { members, cause, standing } = await look(inspector, host);
      expect(members('net', 'web2')).toEqual(['web1', 'web2']);
      expect(cause('net', 'web2')?.text).toBe('--network=container:web1');
      expect(members('uts', 'web1')).toEqual(['host', 'web1', 'web2']);
      expect(cause('uts', 'web2')?.text).toBe('--uts=host');
      for (const kind of ['user', 'time'] as const) expect(cause(kind, 'web1')?.code).toBe('engine-default');
      // The engine's default on cgroup v2 is a cgroup namespace of its own.
      for (const kind of ['ipc', 'mnt', 'pid', 'cgroup'] as const) expect(standing(kind, 'web1'), kind).toBe('private');
    }
    for (const port of [8000, 8001] as const) expect(await answer(vm.port(port))).toBe('You hit: bulkhead-vm');
  });

  it('the VM is another machine: its own kernel, and nothing of ours in it', async () => {
    const { snapshot } = await look(inspector, vm.host);
    expect(snapshot.host.kernel).not.toBe(release());
    expect(snapshot.host.bootId).not.toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(snapshot.host.hostname).toBe('bulkhead-vm');
    expect(snapshot.probe?.via).toBe('helper');
    expect(snapshot.probe?.unreadable).toBe(0);
    expect(snapshot.processes.find(({ pid }) => pid === 1)?.comm).toBe('systemd');
    expect(snapshot.processes.some(({ argv }) => argv.some((word) => word.includes('vitest')))).toBe(false);
  });

  it('tells the namespaces of every process as the VM’s kernel does', async () => {
    const { init } = await look(inspector, vm.host);
    const { pid, namespaces } = init('web1');
    const links = NAMESPACE_KINDS.map((kind) => `/proc/${pid}/ns/${kind}`);
    const told = (await inVm('/bin/sh', '-c', `for link in ${links.join(' ')}; do readlink $link; done`)).split('\n');
    expect(NAMESPACE_KINDS.map((kind) => namespaces[kind])).toEqual(told);
    // The numbers of dynamic namespaces may be the same by accident; those of both machines together cannot be.
    const ours = NAMESPACE_KINDS.map((kind) => readlinkSync(`/proc/self/ns/${kind}`));
    expect(NAMESPACE_KINDS.every((kind) => ours.includes(namespaces[kind] ?? ''))).toBe(false);
  });

  it('maps processes by the systemd driver on cgroup v2, and reads all under AppArmor', async () => {
    const { snapshot, container } = await look(inspector, vm.host);
    expect(snapshot.engine).toMatchObject({ cgroupVersion: '2', cgroupDriver: 'systemd' });
    expect(snapshot.engine?.securityOptions.join()).toContain('apparmor');
    for (const name of ['web1', 'web2']) {
      const { id, pid } = container(name);
      const process = snapshot.processes.find((one) => one.pid === pid);
      expect(process?.container).toBe(id);
      expect(process?.cgroup).toContain(`docker-${id}.scope`);
    }
  });

  it('dockerd has a mount tree of its own, as init has', async () => {
    const { snapshot } = await look(inspector, vm.host);
    const mnt = (comm: string) => snapshot.processes.find((process) => process.comm === comm)?.namespaces.mnt;
    expect(mnt('dockerd')).toMatch(/^mnt:/);
    expect(mnt('dockerd')).not.toBe(mnt('systemd'));
  });

  it('the outer pid, killed in the VM, takes the container out of the picture', async () => {
    const { init, container } = await look(inspector, vm.host);
    const { id } = container('web1');
    await inVm('/bin/kill', '-9', String(init('web1').pid));
    await vm.docker('wait', 'web1');
    const after = await look(inspector, vm.host);
    expect(after.container('web1').state).toBe('exited');
    expect(after.snapshot.processes.some((process) => process.container === id)).toBe(false);
    expect(after.sharing.broken.map(({ kind }) => kind)).toEqual(['net']);
  });

  it('leaves nothing behind in the VM', async () => {
    await inspector.close();
    expect(await vm.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper')).toBe('');
  });
});
