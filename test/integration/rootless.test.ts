import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SessionStatus, TerminalTarget } from '../../src/api/contract.ts';
import { findServices } from '../../src/core/services/services.ts';
import { HOST } from '../../src/core/sharing/sharing.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { look } from '../support/look.ts';
import { describeWith } from '../support/require.ts';
import { ROOTLESS_NEEDS, type RootlessEngine, startRootless } from '../support/rootless.ts';
import { runTerminal } from '../support/run-terminal.ts';

for (const kind of ['docker', 'podman'] as const) {
  describeWith(`an engine without root: ${kind}`, ROOTLESS_NEEDS, () => {
    let engine: RootlessEngine;
    let inspector: Inspector;

    beforeAll(async () => {
      engine = await startRootless(kind);
      inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
      await engine.cli('run', '-d', '--name', 'one', '--network=none', engine.image, '/bin/sleep', '1000');
      await engine.cli('run', '-d', '--name', 'two', '--network=container:one', engine.image, '/bin/sleep', '1000');
    });
    afterAll(async () => {
      await inspector?.close();
      await engine?.stop();
    });

    const run = (target: TerminalTarget) => runTerminal(inspector, engine.host, target);

    it('is seen whole, said to be rootless, and one notice says what that means', async () => {
      const status = await new Promise<SessionStatus>((resolve) => {
        const stop = inspector.subscribe.session({ endpoint: engine.host }, (event) => {
          if (event.type !== 'status' || event.status.phase !== 'live') return;
          queueMicrotask(() => stop());
          resolve(event.status);
        });
      });
      expect(status.notices).toHaveLength(1);
      expect(status.notices[0]?.message).toContain('runs without root');
      const { snapshot, members, init } = await look(inspector, engine.host);
      expect(snapshot.engine?.rootless).toBe(true);
      expect(snapshot.host.what).toContain('rootless');
      expect(members('net', 'one')).toEqual(['one', 'two']);
      // The engine's own user namespace, which is not the machine's: what "host" means here.
      expect(members('user', 'one')).toEqual([HOST, 'one', 'two']);
      expect(init('one').namespaces.user).toBe(snapshot.host.namespaces.user);
      expect(init('one').namespaces.user).not.toBe(snapshot.host.initial.user);
    });

    it('--network=host means the engine’s own network, and nothing was joined at run time', async () => {
      await engine.cli('run', '-d', '--name', 'near', '--network=host', engine.image, '/bin/sleep', '1000');
      const { snapshot, sharing, standing, members, cause, init } = await look(inspector, engine.host);
      expect(standing('net', 'near')).toBe('host');
      expect(members('net', 'near')).toEqual([HOST, 'near']);
      expect(cause('net', 'near')).toMatchObject({ code: 'host-mode', text: '--network=host' });
      const net = init('near').namespaces.net;
      const machine = readlinkSync('/proc/self/ns/net');
      if (kind === 'docker') {
        const dockerd = snapshot.processes.find(({ comm, argv }) => comm === 'dockerd' && argv.includes('--rootless'));
        expect(net).not.toBe(machine);
        expect(net).toBe(dockerd?.namespaces.net);
        expect(findServices(snapshot).find(({ name }) => name === 'dockerd')?.kind).toBe('engine');
      } else expect(net).toBe(machine);
      const causes = [...sharing.byNamespace.values()].flatMap((shared) => [...shared.causes.values()]);
      expect(causes.filter(({ code }) => code === 'joined-at-run-time')).toEqual([]);
      await engine.cli('rm', '-f', ...(kind === 'podman' ? ['--time=0'] : []), 'near');
    });

    it('tells who root inside is outside, and what the namespaces hold', async () => {
      const { init } = await look(inspector, engine.host);
      const { namespaces } = init('one');
      const detail = (id: string | null) =>
        inspector.request.detail({ endpoint: engine.host, subject: { type: 'namespace', id: id ?? '' } });
      expect(await detail(namespaces.user)).toMatchObject({
        kind: 'user',
        uids: [
          { inside: 0, outside: 64_321, count: 1 },
          { inside: 1, outside: 300_000 },
        ],
      });
      expect(await detail(namespaces.net)).toMatchObject({ kind: 'net', links: [{ name: 'lo' }] });
    });

    it('opens a shell in a container, and enters one', async () => {
      const shell = await run({ type: 'container', id: 'one', user: '', command: ['sh', '-c', 'id -u; exit 4'] });
      expect(shell).toMatchObject({ text: '0\n', code: 4, message: '' });
      const { init } = await look(inspector, engine.host);
      const { pid, startTime, namespaces } = init('two');
      const entered = await run({
        type: 'enter',
        pid,
        startTime,
        namespaces: ['user', 'mnt', 'pid', 'net'],
        root: true,
        user: 'root',
        command: ['sh', '-c', '/bin/busybox readlink /proc/self/ns/net; id -u'],
      });
      expect([entered.message, entered.code]).toEqual(['', 0]);
      expect(entered.text.trim().split('\n')).toEqual([namespaces.net, '0']);
    });
  });
}
