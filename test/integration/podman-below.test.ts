import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TerminalTarget } from '../../src/api/contract.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { look } from '../support/look.ts';
import { PODMAN_NEEDS, startPodman, type TestPodman } from '../support/podman.ts';
import { describeWith } from '../support/require.ts';
import { runTerminal } from '../support/run-terminal.ts';

describeWith('below decks of Podman', PODMAN_NEEDS, () => {
  let podman: TestPodman;
  let inspector: Inspector;

  beforeAll(async () => {
    podman = await startPodman();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    await podman.podman('run', '-d', '--name', 'deck', '--network=none', podman.image, '/bin/sleep', '1000');
  });
  afterAll(async () => {
    await inspector?.close();
    await podman?.stop();
  });

  const run = (target: TerminalTarget) => runTerminal(inspector, podman.host, target);

  it('runs a shell in a container', async () => {
    const result = await run({
      type: 'container',
      id: 'deck',
      user: '',
      command: ['sh', '-c', 'echo in $((6*7)); exit 4'],
    });
    expect(result).toMatchObject({ text: 'in 42\n', code: 4, message: '' });
  });

  it('reads what a namespace holds', async () => {
    const { init } = await look(inspector, podman.host);
    const { namespaces } = init('deck');
    const net = await inspector.request.detail({
      endpoint: podman.host,
      subject: { type: 'namespace', id: namespaces.net ?? '' },
    });
    expect(net).toMatchObject({ kind: 'net', links: [{ name: 'lo', loopback: true }] });
  });

  it('enters a container', async () => {
    const { init } = await look(inspector, podman.host);
    const { pid, startTime, namespaces } = init('deck');
    const command = ['sh', '-c', 'readlink /proc/self/ns/net'];
    const entered = await run({
      type: 'enter',
      pid,
      startTime,
      namespaces: ['net'],
      root: false,
      user: 'root',
      command,
    });
    expect(entered).toMatchObject({ text: `${namespaces.net}\n`, code: 0, message: '' });
  });

  it('says of each namespace how it was given, and where Podman does not tell', async () => {
    const name = `bulkhead-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name]);
    try {
      const start = (...options: string[]) =>
        podman.podman('run', '-d', ...options, podman.image, '/bin/sleep', '1000');
      await start('--name=owner', '--network=none', '--cgroupns=private');
      const pid = await podman.podman('inspect', '-f', '{{.State.Pid}}', 'owner');
      await start('--name=by-path', `--network=ns:/run/netns/${name}`, `--ipc=ns:/proc/${pid}/ns/ipc`);
      await start('--name=joiner', '--network=none', '--cgroupns=container:owner');
      const { standing, cause, members } = await look(inspector, podman.host);
      // Nobody else is in it, and yet it was there before.
      expect([standing('net', 'by-path'), cause('net', 'by-path')?.text]).toEqual([
        'private',
        `--network=ns:/run/netns/${name}`,
      ]);
      expect(cause('ipc', 'by-path')?.text).toBe(`--ipc=ns:/proc/${pid}/ns/ipc`);
      expect(members('cgroup', 'joiner')).toEqual(['joiner', 'owner']);
      expect(cause('cgroup', 'owner')?.code).toBe('owner');
      expect(cause('cgroup', 'joiner')?.code).toBe('unknown');
    } finally {
      await podman.podman('rm', '-f', '-t', '0', 'joiner', 'by-path', 'owner').catch(() => '');
      execFileSync('ip', ['netns', 'delete', name]);
    }
  });
});
