import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SessionStatus, TerminalTarget } from '../../src/api/contract.ts';
import { reach } from '../../src/core/answer/reach.ts';
import { reachFacts } from '../../src/core/answer/reach-facts.ts';
import { waysIn } from '../../src/core/detail/way-in.ts';
import { netOf } from '../../src/core/detail/way-in-owner.ts';
import { findServices } from '../../src/core/services/services.ts';
import { HOST } from '../../src/core/sharing/sharing.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { look, lookAt } from '../support/look.ts';
import { describeWith } from '../support/require.ts';
import { ROOTLESS_NEEDS, type RootlessEngine, SLIRP_NEEDS, startRootless } from '../support/rootless.ts';
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

describeWith('an engine without root in a network of its own (slirp4netns)', SLIRP_NEEDS, () => {
  let engine: RootlessEngine;
  let inspector: Inspector;
  let snapshot: Snapshot;

  beforeAll(async () => {
    engine = await startRootless('docker', { slirp: true });
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const run = (name: string, ...args: string[]) => engine.cli('run', '-d', '--name', name, ...args);
    await run('near', '--network=host', engine.image, '/bin/httpd', '-f', '-p', '18302');
    await run('web', '-p', '18301:80', engine.image, '/bin/httpd', '-f', '-p', '80');
    await run('own', engine.image, '/bin/sleep', '1000');
    snapshot = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  const answers = (place: string) =>
    fetch(`http://${place}/`, { signal: AbortSignal.timeout(2_000) }).then(
      () => 'reachable',
      () => 'not-reachable',
    );

  it('host is RootlessKit’s network, with dockerd and what else is in it, and not the machine’s', () => {
    const { members, cause, init } = lookAt(snapshot);
    expect(members('net', 'near')).toEqual([HOST, 'near']);
    expect(cause('net', 'near')).toMatchObject({ code: 'host-mode', text: '--network=host' });
    expect(init('near').namespaces.net).not.toBe(readlinkSync('/proc/self/ns/net'));
    const shared = snapshot.processes.filter((each) => each.namespaces.net === init('near').namespaces.net);
    expect(shared.map(({ comm }) => comm)).toEqual(expect.arrayContaining(['dockerd', 'containerd', 'httpd']));
  });

  it.each(['127.0.0.1:18301', '[::1]:18301', '127.0.0.1:18302', '[::1]:18302'])(
    'the machine finds at %s what a connection finds',
    async (place) => {
      const found = reach(snapshot, 'host', place);
      expect(found.verdict, JSON.stringify(found.hops, null, 1)).toBe(await answers(place));
    },
  );

  it('who uses that network is reached by the engine’s other containers, and not from outside', async () => {
    const gateway = await engine.cli('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}', 'own');
    expect(reach(snapshot, 'own', `${gateway}:18302`).verdict).toBe('reachable');
    const asked = `printf "GET / HTTP/1.0\\r\\n\\r\\n" | nc -w 2 ${gateway} 18302 | head -1`;
    expect(await engine.cli('exec', 'own', 'sh', '-c', asked)).toContain('HTTP/');
    expect(reach(snapshot, 'outside', 'near:18302')).toMatchObject({ verdict: 'not-reachable' });
    expect(reach(snapshot, 'outside', 'web:80')).toMatchObject({ verdict: 'reachable' });
    expect(reach(snapshot, 'outside', ':18302')).toMatchObject({ verdict: 'not-reachable' });
  });

  it('a published port is brought in by RootlessKit to the proxy, past the rules', async () => {
    const web = lookAt(snapshot).container('web');
    const { nets } = reachFacts(snapshot);
    const inside = nets.get(netOf(snapshot, web) ?? '');
    const outside = nets.get(inside?.links.find(({ peer }) => peer != null)?.peer?.namespace ?? '');
    const ways = waysIn(snapshot, web, inside?.links ?? [], outside ?? null, inside ?? null);
    expect(ways.map(({ hostIp }) => hostIp).sort()).toEqual(['0.0.0.0', '::']);
    for (const { hops } of ways) {
      expect(hops.map(({ what, ok }) => [what, ok])).toEqual(
        ['host', 'proxy', 'proxy', 'bridge', 'veth', 'container', 'listener'].map((what) => [what, true]),
      );
      expect(hops[1]?.text).toMatch(/^rootlesskit \d+,/);
      const listening = /rootlesskit (\d+)/.exec(hops[1]?.text ?? '')?.[1];
      expect(readlinkSync(`/proc/${listening}/ns/net`)).toBe(readlinkSync('/proc/self/ns/net'));
    }
  });
});
