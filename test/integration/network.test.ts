import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reach } from '../../src/core/answer/reach.ts';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { detailSections } from '../../src/core/detail/sections.ts';
import { HELPER_LABEL } from '../../src/core/parse/container.ts';
import { namespaceName } from '../../src/core/snapshot/namespace-name.ts';
import type { WiringEvent } from '../../src/core/wiring/reading.ts';
import { layOutWiring } from '../../src/core/wiring/wiring.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const needs = {
  ...ENGINE_NEEDS,
  programs: [...ENGINE_NEEDS.programs, 'nsenter'],
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'],
};

describeWith('what an engine’s network namespaces hold, read by the helper container', needs, () => {
  let engine: TestEngine;
  let inspector: Inspector;
  const blue = `bulkhead-${process.pid}`;

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  async function look(name: string) {
    const snapshot = await inspector.request['snapshot.take']({ endpoint: engine.host });
    const container = snapshot.containers.find((each) => each.name === name) ?? null;
    const process = snapshot.processes.find(({ pid }) => pid === container?.pid) ?? null;
    return { snapshot, container, process };
  }

  async function net(id: string): Promise<DetailOf<'net'>> {
    const detail = await inspector.request.detail({ endpoint: engine.host, subject: { type: 'namespace', id } });
    if (detail.kind !== 'net') throw new Error(`a detail of ${detail.kind}`);
    return detail;
  }

  const inside = (pid: number, ...args: string[]) => execFileSync('nsenter', ['-n', '-t', String(pid), ...args]);

  it('the resolver of a network is dockerd, from outside', async () => {
    await engine.docker('network', 'create', 'dn-net');
    await engine.docker(
      'run',
      '-d',
      '--name',
      'dn-app',
      '--network',
      'dn-net',
      engine.image,
      'httpd',
      '-f',
      '-p',
      '80',
    );
    const { snapshot, container, process: init } = await look('dn-app');
    const detail = await net(init?.namespaces.net ?? '');
    const sections = detailSections(detail, { snapshot, container, process: init });
    const rows = sections.find(({ title }) => title === 'Listening')?.rows ?? [];
    const resolver = rows.filter(([, address]) => address?.startsWith('127.0.0.11:'));
    expect(resolver.map(([protocol]) => protocol).sort()).toEqual(['tcp', 'udp']);
    for (const [, , who] of resolver) expect(who).toMatch(/^dockerd \d+ \(from outside\)$/);
    const [own] = rows.filter(([, address]) => address?.endsWith(':80'));
    expect(own?.[2]).toMatch(/^httpd \d+$/);
    await engine.docker('rm', '-f', 'dn-app');
    await engine.docker('network', 'rm', 'dn-net');
  });

  it('a container behind a tunnel says that its traffic leaves there, and what does not', async () => {
    await engine.docker('run', '-d', '--name', 'vpn', engine.image, 'sleep', '3600');
    const { snapshot, container, process: init } = await look('vpn');
    const pid = init?.pid ?? 0;
    // What wg-quick and tailscaled make, with a veth in place of the tunnel.
    for (const line of [
      'ip link add wg0 type veth peer name far0',
      'ip link set far0 up',
      'ip link set wg0 up',
      'ip addr add 10.2.0.2/32 dev wg0',
      'ip route add default dev wg0 table 51820',
      'ip rule add not fwmark 51820 table 51820 priority 32765',
      'ip rule add table main suppress_prefixlength 0 priority 32764',
      'ip route add 10.64.0.0/10 dev wg0 table 52',
      'ip rule add table 52 priority 5270',
    ])
      inside(pid, ...line.split(' '));
    const detail = await net(init?.namespaces.net ?? '');
    const sections = detailSections(detail, { snapshot, container, process: init });
    const rows = (start: string) => sections.find(({ title }) => title.startsWith(start))?.rows ?? [];
    expect(rows('Way out')).toEqual(
      expect.arrayContaining([
        ['IPv4', 'What is meant for the internet leaves by wg0 (table 51820).'],
        [
          'IPv4',
          expect.stringMatching(/^What is marked 0xca6c leaves by eth0 through 172\.29\.\d+\.1 \(table main\)\.$/),
        ],
      ]),
    );
    expect(sections.map(({ title }) => title)).toContain('Routes: tables main, 52, 51820');
    expect(rows('Rules').map(([priority, , when, what]) => [priority, when, what])).toEqual(
      expect.arrayContaining([
        ['5270', 'all', 'table 52'],
        ['32764', 'all', 'table main, its default routes do not count'],
        ['32765', 'all but what is marked 0xca6c', 'table 51820'],
      ]),
    );
    const routes = async () => {
      const whole = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
      return ['198.51.100.1', '10.70.0.1'].map((to) => reach(whole, 'vpn', `${to}:80`).hops[0]?.evidence);
    };
    const byTunnel = [/^Default by wg0 \(table 51820, rule 32765/i, /^10\.64\.0\.0\/10 by wg0 \(table 52, rule 5270/];
    expect(await routes()).toEqual(byTunnel.map((text) => expect.stringMatching(text)));
    // Without a carrier the kernel still sends there: nothing leaks past the tunnel, and nothing arrives.
    inside(pid, 'ip', 'link', 'set', 'far0', 'down');
    expect(inside(pid, 'ip', 'route', 'get', '198.51.100.1').toString()).toContain('dev wg0');
    expect(await routes()).toEqual(byTunnel.map((text) => expect.stringMatching(text)));
    const below = detailSections(await net(init?.namespaces.net ?? ''), { snapshot, container, process: init });
    const told = below.find(({ title }) => title.startsWith('Routes'))?.rows.map((row) => row.slice(0, 2));
    expect(told).toContainEqual(['51820', 'default (link down)']);
    await engine.docker('rm', '-f', 'vpn');
  });

  it('a rule of a container’s own that sends its loopback elsewhere counts where the kernel lets that pass', async () => {
    await engine.docker('run', '-d', '--name', 'far', engine.image, 'httpd', '-f', '-p', '80');
    await engine.docker('run', '-d', '--name', 'near', engine.image, 'sleep', '3600');
    const { container: far } = await look('far');
    const { process: init } = await look('near');
    const pid = init?.pid ?? 0;
    const to = `${far?.networks[0]?.ip}:80`;
    const dnat = ['-p', 'tcp', '-d', '127.0.0.1', '--dport', '8080', '-j', 'DNAT', '--to-destination', to];
    inside(pid, 'iptables', '-t', 'nat', '-A', 'OUTPUT', ...dnat);
    inside(pid, 'iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'eth0', '-j', 'MASQUERADE');
    const asked = 'printf "GET / HTTP/1.0\\r\\n\\r\\n" | nc -w 2 127.0.0.1 8080 | grep -q HTTP';
    const connects = () =>
      engine.docker('exec', 'near', 'sh', '-c', asked).then(
        () => 'reachable',
        () => 'not-reachable',
      );
    const verdict = async () => {
      const whole = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
      return reach(whole, 'near', 'localhost:8080').verdict;
    };
    expect([await verdict(), await connects()]).toEqual(['not-reachable', 'not-reachable']);
    const setting = 'echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet';
    // The container's own /proc/sys is read-only.
    inside(pid, 'unshare', '--mount', 'sh', '-c', `mount -t proc proc /proc && ${setting}`);
    expect([await verdict(), await connects()]).toEqual(['reachable', 'reachable']);
    await engine.docker('rm', '-f', 'far', 'near');
  });

  it('a namespace with a name and no process is read, is a peer by its name, and is drawn', async () => {
    execFileSync('ip', ['netns', 'add', blue]);
    try {
      execFileSync('ip', ['link', 'add', 'bhblue0', 'type', 'veth', 'peer', 'name', 'blue1', 'netns', blue]);
      execFileSync('ip', ['-n', blue, 'link', 'set', 'blue1', 'up']);
      const { snapshot } = await look('');
      const held = snapshot.namespaces.find((each) => namespaceName(each)?.name === blue);
      expect(held).toMatchObject({ kind: 'net', pids: [] });
      expect((await net(held?.id ?? '')).links.map(({ name }) => name)).toContain('blue1');
      const host = snapshot.host.namespaces.net ?? snapshot.host.initial.net ?? '';
      const [links] = detailSections(await net(host), { snapshot, container: null, process: null });
      expect(links?.rows.find(([name]) => name === 'bhblue0')?.at(-1)).toBe(`blue1 in ${blue} (/run/netns/${blue})`);

      const events = await new Promise<WiringEvent[]>((done) => {
        const list: WiringEvent[] = [];
        const stop = inspector.subscribe.wiring({ endpoint: engine.host }, (event) => {
          list.push(event);
          if (event.type === 'end')
            queueMicrotask(() => {
              stop();
              done(list);
            });
        });
      });
      expect(events.at(-1)).toEqual({ type: 'end', problem: null });
      const nets = events.flatMap((event) => (event.type === 'part' ? event.nets : []));
      const wiring = layOutWiring(
        snapshot,
        nets.flatMap(({ id, links: known }) => (known === null ? [] : [{ id, links: known }])),
      );
      expect(wiring.boxes.map(({ title }) => title)).toContain(`${blue} (/run/netns/${blue})`);
    } finally {
      execFileSync('ip', ['netns', 'del', blue]);
    }
  });

  it('a helper that hangs is removed, and the next question has a new one', { timeout: 60_000 }, async () => {
    const { snapshot } = await look('');
    const host = snapshot.host.namespaces.net ?? snapshot.host.initial.net ?? '';
    await net(host);
    const helpers = () => engine.docker('ps', '-aq', '--filter', `label=${HELPER_LABEL}=detail`);
    const helper = await helpers();
    const pid = await engine.docker('inspect', '--format', '{{.State.Pid}}', helper);
    process.kill(Number(pid), 'SIGSTOP');
    // It is asked again and again, as a page does: that must not keep it.
    await expect(Promise.all([net(host), net(host)])).rejects.toThrow('did not answer');
    await expect.poll(helpers, { timeout: 10_000 }).toBe('');
    await expect(net(host)).resolves.toMatchObject({ kind: 'net' });
    expect(await helpers()).not.toBe(helper);
  });
});
