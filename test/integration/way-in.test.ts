import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reach } from '../../src/core/answer/reach.ts';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { natSections, waysSection } from '../../src/core/detail/sections-nat.ts';
import { waysIn } from '../../src/core/detail/way-in.ts';
import { netOf } from '../../src/core/detail/way-in-owner.ts';
import { renderSvg } from '../../src/core/export/svg.ts';
import { wiringDrawing } from '../../src/core/export/wiring-drawing.ts';
import { collectedOfKind } from '../../src/core/snapshot/details.ts';
import { layOutWiring } from '../../src/core/wiring/wiring.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { look, lookAt } from '../support/look.ts';
import { describeWith } from '../support/require.ts';

describeWith('the way in of published ports, on a real engine', ENGINE_NEEDS, () => {
  let engine: TestEngine;
  let inspector: Inspector;

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const run = (name: string, port: string, ...command: string[]) =>
      engine.docker('run', '-d', '--name', name, '-p', port, engine.image, ...command);
    await run('open', '18086:80', '/bin/httpd', '-f', '-p', '80');
    await run('inward', '18087:80', '/bin/httpd', '-f', '-p', '127.0.0.1:80');
    await run('silent', '18088:80', '/bin/sleep', '1000');
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  async function ways(name: string) {
    const { snapshot, container } = await look(inspector, engine.host);
    const net = async (id: string | null | undefined) =>
      (await inspector.request.detail({
        endpoint: engine.host,
        subject: { type: 'namespace', id: id ?? '' },
      })) as DetailOf<'net'>;
    const own = await net(netOf(snapshot, container(name)));
    const outside = await net(own.links.find(({ peer }) => peer?.namespace != null)?.peer?.namespace);
    return waysIn(snapshot, container(name), own.links, outside, own);
  }

  it('leads over IPv4 by the rule and over IPv6 by the proxy alone, to who listens', async () => {
    const found = await ways('open');
    const v4 = found.find(({ hostIp }) => hostIp === '0.0.0.0');
    expect(v4?.hops.map(({ what, ok }) => [what, ok])).toEqual(
      ['host', 'nat', 'proxy', 'bridge', 'veth', 'container', 'listener'].map((what) => [what, true]),
    );
    expect(v4?.hops.at(-1)?.text).toMatch(/^httpd \d+ listens on (?:\[::\]|0\.0\.0\.0):80$/);
    const v6 = found.find(({ hostIp }) => hostIp === '::');
    expect(v6?.hops.map(({ what }) => what)).toEqual(['host', 'proxy', 'bridge', 'veth', 'container', 'listener']);
    expect(v6?.hops[1]?.text).toContain('so that clients arrive with the address of the bridge');
  });

  it('ends at the sidecar that a pod’s own rules send everything to', async () => {
    const { docker, image } = engine;
    await docker('run', '-d', '--name', 'app', '-p', '18089:9080', image, '/bin/httpd', '-f', '-p', '9080');
    const sidecar = 'mkdir /in; echo sidecar > /in/index.html; exec httpd -f -p 15006 -h /in';
    await docker('run', '-d', '--name', 'sidecar', '--network', 'container:app', image, 'sh', '-c', sidecar);
    const pid = await docker('inspect', '-f', '{{.State.Pid}}', 'app');
    const rule = (text: string) =>
      execFileSync('nsenter', ['-n', '-t', pid, 'iptables', '-t', 'nat', ...text.split(' ')], { encoding: 'utf8' });
    // What a mesh's init container makes.
    for (const chain of ['ISTIO_REDIRECT', 'ISTIO_IN_REDIRECT', 'ISTIO_INBOUND', 'ISTIO_OUTPUT']) rule(`-N ${chain}`);
    rule('-A PREROUTING -p tcp -j ISTIO_INBOUND');
    rule('-A OUTPUT -p tcp -j ISTIO_OUTPUT');
    rule('-A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN');
    rule('-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT');
    rule('-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001');
    rule('-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006');
    rule('-A ISTIO_OUTPUT -j ISTIO_REDIRECT');
    const told = /^httpd \d+ of sidecar listens on \[::\]:15006$/;
    for (const { hops } of await ways('app')) {
      expect(hops.every(({ ok }) => ok === true)).toBe(true);
      expect(hops.at(-1)?.text).toMatch(told);
    }
    const answer = await fetch('http://127.0.0.1:18089/', { signal: AbortSignal.timeout(2_000) });
    expect(await answer.text()).toBe('sidecar\n');
    const whole = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
    const address = lookAt(whole).container('app').networks[0]?.ip;
    const there = reach(whole, 'open', `${address}:9080`);
    expect(there.verdict).toBe('reachable');
    expect(there.hops.at(-1)?.what).toMatch(told);
    // What the application itself sends goes to a port at which nobody listens.
    const back = reach(whole, 'app', `${lookAt(whole).container('open').networks[0]?.ip}:80`);
    expect(back).toMatchObject({
      verdict: 'not-reachable',
      because: expect.stringContaining('nobody listens on 15001'),
    });
    const detail = await inspector.request.detail({
      endpoint: engine.host,
      subject: { type: 'namespace', id: netOf(whole, lookAt(whole).container('app')) ?? '' },
    });
    const rows = natSections(detail as DetailOf<'net'>, whole)[0]?.rows.map((row) => [row[1], row[2], row[4]]);
    expect(rows).toEqual([
      [
        'any address, any port but 15008',
        'what arrives',
        expect.stringMatching(/15006 here, where httpd \d+ of sidecar/),
      ],
      ['any address, any port', 'what is sent from here', expect.stringMatching(/15001 here, where nobody listens$/)],
    ]);
  });

  it('is written at a container’s port in the wiring, each number once with what tells it from others', async () => {
    const { docker, image } = engine;
    const ports = ['15353:53/tcp', '15353:53/udp', '127.0.0.1:18053:80', '18090-18094:18090-18094/udp'];
    await docker('run', '-d', '--name', 'dns', ...ports.flatMap((port) => ['-p', port]), image, '/bin/sleep', '1000');
    const whole = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
    const nets = collectedOfKind(whole, 'net');
    const wiring = layOutWiring(
      whole,
      [...nets].map(([id, { links }]) => ({ id, links })),
    );
    const svg = renderSvg(wiringDrawing(wiring, { theme: 'light', title: 'wiring', takenAt: whole.takenAt }));
    const texts = [...svg.matchAll(/>([^<]*→[^<]*|[^<]*\/udp)</g)].map(([, text]) => text).join(', ');
    const parts = texts.split(', ').map((text) => text.trim());
    for (const part of ['127.0.0.1:18053 → 80', '15353/tcp', '15353/udp → 53', '18090-18094/udp'])
      expect(parts.filter((each) => each === part)).toHaveLength(1);
  });

  it('does not go on where the loopback alone is listened on, or nobody listens', async () => {
    const [inward] = await ways('inward');
    expect(inward?.hops.at(-1)).toMatchObject({ what: 'listener', ok: false });
    expect(inward?.hops.at(-1)?.text).toMatch(/^httpd \d+ listens on 127\.0\.0\.1:80 only$/);
    const silent = await ways('silent');
    expect(silent[0]?.hops.at(-1)?.text).toBe('nobody listens on 80/tcp');
    expect(waysSection(silent).rows[1]?.[1]).toContain('No socket in the network namespace of silent');
  });
});
