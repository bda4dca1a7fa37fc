import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { waysSection } from '../../src/core/detail/sections-nat.ts';
import { waysIn } from '../../src/core/detail/way-in.ts';
import { netOf } from '../../src/core/detail/way-in-owner.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { look } from '../support/look.ts';
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

  it('does not go on where the loopback alone is listened on, or nobody listens', async () => {
    const [inward] = await ways('inward');
    expect(inward?.hops.at(-1)).toMatchObject({ what: 'listener', ok: false });
    expect(inward?.hops.at(-1)?.text).toMatch(/^httpd \d+ listens on 127\.0\.0\.1:80 only$/);
    const silent = await ways('silent');
    expect(silent[0]?.hops.at(-1)?.text).toBe('nobody listens on 80/tcp');
    expect(waysSection(silent).rows[1]?.[1]).toContain('No socket in the network namespace of silent');
  });
});
