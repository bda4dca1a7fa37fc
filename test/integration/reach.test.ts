import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReachAnswer, reach } from '../../src/core/answer/reach.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

/** Who connects to what, the verdict, a part of the reason, and the connection that proves it: nc's host and port. */
type Situation = readonly [string, string, ReachAnswer['verdict'], RegExp, (readonly [string, number])?];

const addresses = new Map<string, string>();

const needs = { ...ENGINE_NEEDS, programs: [...ENGINE_NEEDS.programs, 'nsenter', 'ip'] };

describeWith('reach, verdicts proved by real connections', needs, () => {
  let engine: TestEngine;
  let inspector: Inspector;
  let snapshot: Snapshot;
  const parent = `bhp${process.pid % 100_000}`;

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const { docker, image } = engine;
    await docker('network', 'create', 'front');
    await docker('network', 'create', 'back');
    await docker('network', 'create', '--internal', 'inner');
    await docker('network', 'create', '-o', 'com.docker.network.bridge.enable_icc=false', 'apart');
    const run = (name: string, ...args: string[]) => docker('run', '-d', '--name', name, ...args);
    const web = [image, '/bin/httpd', '-f', '-p', '80'];
    const idle = [image, '/bin/sleep', '1000'];
    await Promise.all([
      run('web1', '-p', '18201:80', '-p', '127.0.0.1:18202:80', '-p', '18203:81', ...web),
      run('plain', ...idle),
      run('inward', '-p', '18204:80', image, '/bin/httpd', '-f', '-p', '127.0.0.1:80'),
      run('asker', '--network', 'front', ...idle),
      run('db', '--network', 'front', '--network-alias', 'store', ...web),
      run('other', '--network', 'back', ...web),
      run('kept', '--network', 'inner', '-p', '18207:80', ...web),
      run('kept2', '--network', 'inner', ...idle),
      run('lone1', '--network', 'apart', ...web),
      run('lone2', '--network', 'apart', ...idle),
      run('onhost', '--network', 'host', '-p', '18208:18205', image, '/bin/httpd', '-f', '-p', '18205'),
      run('still', '--network', 'front', '-p', '18211:80', ...idle),
    ]);
    await run('web2', '--network', 'container:web1', image, '/bin/httpd', '-f', '-p', '81');
    const leases =
      'printf "interface eth0\\nstart 192.0.2.1\\nend 192.0.2.9\\nlease_file /tmp/l\\n" > /tmp/c && touch /tmp/l';
    await run('side', '--network', 'container:db', image, '/bin/sh', '-c', `${leases} && exec udhcpd -f /tmp/c`);
    await docker('network', 'connect', 'back', 'db');
    await run('owner', '--network=front', ...web);
    await run('joiner', '--network=container:owner', image, '/bin/httpd', '-f', '-p', '81');
    await docker('stop', '-t', '0', 'still', 'owner');
    // What hangs on a link of the machine, IPv6, and a tunnel that all but neighbours leave by, as wg-quick makes it.
    execFileSync('ip', ['link', 'add', parent, 'type', 'veth', 'peer', 'name', `${parent}x`]);
    execFileSync('ip', ['link', 'set', `${parent}x`, 'up']);
    execFileSync('ip', ['addr', 'add', '10.214.9.1/24', 'dev', parent]);
    execFileSync('ip', ['link', 'set', parent, 'up']);
    await docker('network', 'create', '-d', 'macvlan', '--subnet', '10.214.9.0/24', '-o', `parent=${parent}`, 'mac');
    await docker('network', 'create', '--ipv6', '--subnet', 'fd00:bead::/64', 'six');
    await run('mac1', '--network=mac', '--ip=10.214.9.11', '-p', '18209:80', ...web);
    await run('mac2', '--network=mac', '--ip=10.214.9.12', ...idle);
    await run('six1', '--network=six', '--ip6=fd00:bead::11', image, '/bin/httpd', '-f', '-p', '[fd00:bead::11]:80');
    await run('six2', '--network=six', ...idle);
    await run('none', '--network=none', '-p', '18210:80', ...idle);
    await run('vpn', '--network=front', '-p', '18206:80', ...web);
    const pid = await docker('inspect', '-f', '{{.State.Pid}}', 'vpn');
    for (const line of [
      'link add wg0 type veth peer name far0',
      'link set far0 up',
      'addr add 10.66.0.2/32 dev wg0',
      'link set wg0 up',
      'route add default dev wg0 table 51820',
      'rule add not fwmark 0xca6c table 51820',
      'rule add table main suppress_prefixlength 0',
    ]) {
      execFileSync('nsenter', ['-t', pid, '-n', 'ip', ...line.split(' ')]);
    }
    for (const name of ['web1', 'inward', 'db', 'other', 'kept', 'lone1', 'plain']) {
      const all = await docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}', name);
      addresses.set(name, all.split(' ')[0] ?? '');
    }
    const taken = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
    snapshot = taken;
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
    spawnSync('ip', ['link', 'del', parent]);
  });

  /** Whether busybox's nc connects, from a container or from the machine. */
  async function connects(from: string, host: string, port: number): Promise<boolean> {
    const words = ['nc', '-w', '2', host, String(port)];
    const at = addresses.get(host);
    if (at !== undefined && from === 'host') words[3] = at;
    const [program, ...args] =
      from === 'host' ? ['/bin/busybox', ...words] : ['docker', '--host', engine.host, 'exec', '-i', from, ...words];
    return new Promise((resolve) => {
      // A web server that is not asked anything waits: that it is connected shows once nc gets an answer.
      const child = execFile(program ?? '', args, { timeout: 10_000 }, (_, out) => resolve(out.includes('HTTP/')));
      child.stdin?.on('error', () => {});
      child.stdin?.write('GET / HTTP/1.0\r\n\r\n');
    });
  }

  const situations: readonly Situation[] = [
    ['host', ':18201', 'reachable', /httpd \d+ of web1 listens|httpd \d+ listens/, ['127.0.0.1', 18_201]],
    ['host', 'localhost:18202', 'reachable', /listens on/, ['127.0.0.1', 18_202]],
    ['outside', ':18202', 'not-reachable', /127\.0\.0\.1:18202 only.*-p 18202/s],
    ['outside', ':18201', 'reachable', /listens on/],
    ['outside', ':18203', 'reachable', /of web2 listens on/],
    ['outside', 'web2:81', 'reachable', /of web2 listens on/],
    ['outside', 'db:80', 'not-reachable', /not published/],
    ['host', ':18204', 'not-reachable', /127\.0\.0\.1:80 only.*Let it listen on 0\.0\.0\.0/s],
    ['host', 'inward:80', 'not-reachable', /127\.0\.0\.1:80 only/, ['inward', 80]],
    ['inward', 'localhost:80', 'reachable', /listens on 127\.0\.0\.1:80/, ['127.0.0.1', 80]],
    ['plain', 'localhost:18201', 'not-reachable', /nobody listens/i, ['127.0.0.1', 18_201]],
    ['host', 'web1:82', 'not-reachable', /nobody listens on 82\/tcp/i, ['web1', 82]],
    [
      'plain',
      'web1:80',
      'not-reachable',
      /default bridge.*resolves no names.*By its address .* it is reachable/s,
      ['web1', 80],
    ],
    ['asker', 'db:80', 'reachable', /listens on/, ['db', 80]],
    ['asker', 'store:80', 'reachable', /listens on/, ['store', 80]],
    ['asker', 'side:67/udp', 'not-reachable', /shares the network of db/, ['side', 80]],
    ['asker', 'db:67/udp', 'reachable', /udhcpd \d+ of side listens/],
    ['asker', 'db:67', 'not-reachable', /with udp alone/, ['db', 67]],
    ['asker', '127.0.0.11:53/udp', 'reachable', /dockerd \d+ listens on 127\.0\.0\.11/],
    ['asker', 'other:80', 'not-reachable', /no network in common/, ['other', 80]],
    ['other', 'db:80', 'reachable', /listens on/, ['db', 80]],
    ['kept2', 'kept:80', 'reachable', /listens on/, ['kept', 80]],
    ['host', 'kept:80', 'reachable', /listens on/, ['kept', 80]],
    ['lone2', 'lone1:80', 'not-reachable', /enable_icc=false/, ['lone1', 80]],
    ['host', 'lone1:80', 'reachable', /listens on/, ['lone1', 80]],
    ['host', 'onhost:18205', 'reachable', /listens on/, ['127.0.0.1', 18_205]],
    ['outside', 'onhost:18205', 'reachable', /listens on/],
    ['asker', 'still:80', 'not-reachable', /is not running/, ['still', 80]],
    ['asker', 'owner:80', 'not-reachable', /is not running/, ['owner', 80]],
    ['joiner', 'db:80', 'not-reachable', /./, ['db', 80]],
    ['joiner', '127.0.0.1:81', 'reachable', /listens on/, ['127.0.0.1', 81]],
    ['asker', 'onhost:18205', 'not-reachable', /machine’s own network/, ['onhost', 18_205]],
    ['asker', 'STORE:80', 'reachable', /listens on/, ['STORE', 80]],
    // What `-p` asks for in vain.
    ['host', ':18207', 'not-reachable', /kept is set to publish it \(-p 18207:80\).*internal/s, ['127.0.0.1', 18_207]],
    ['outside', 'kept:80', 'not-reachable', /-p 18207:80 was requested, but is not in force.*Cure: docker network/s],
    ['host', ':18208', 'not-reachable', /onhost is .*-p does nothing/s, ['127.0.0.1', 18_208]],
    ['outside', ':18209', 'not-reachable', /mac1 is .*Reach it at 10\.214\.9\.11:80/s],
    ['outside', 'none:80', 'not-reachable', /-p 18210:80 was .*--network=none/s],
    [
      'host',
      ':18211',
      'not-reachable',
      /still, which is not running, publishes it when it runs/,
      ['127.0.0.1', 18_211],
    ],
    ['asker', 'nobody-is-called-so:80', 'unknown', /resolver outside/],
  ];

  for (const [from, to, verdict, because, proof] of situations) {
    it(`${from} to ${to}: ${verdict}`, async () => {
      const found = reach(snapshot, from, to);
      expect.soft({ verdict: found.verdict, because: found.because, hops: found.hops }).toMatchObject({ verdict });
      expect.soft(found.because).toMatch(because);
      if (proof !== undefined) expect(await connects(from, ...proof)).toBe(verdict === 'reachable');
    });
  }

  it('by an address of another network, of an internal one, and from inside an internal one', async () => {
    for (const [from, to] of [
      ['asker', 'other'],
      ['asker', 'kept'],
      ['kept', 'db'],
    ] as const) {
      const address = addresses.get(to) ?? '';
      const found = reach(snapshot, from, `${address}:80`);
      expect([from, to, found]).toMatchObject([from, to, { verdict: 'not-reachable' }]);
      expect(await connects(from, address, 80)).toBe(false);
    }
  });

  it.each([
    ['mac2', '10.214.9.11:80', 'reachable'],
    ['mac2', '10.214.9.1:80', 'not-reachable'],
    ['host', '10.214.9.11:80', 'not-reachable'],
    ['six2', 'six1:80', 'reachable'],
    ['six2', '[fd00:bead::11]:80', 'reachable'],
    ['six2', '[fd00:bead::11]:81', 'not-reachable'],
    ['none', '192.0.2.1:80', 'not-reachable'],
    ['kept2', '192.0.2.1:80', 'not-reachable'],
    ['web2', '127.0.0.1:80', 'reachable'],
    ['asker', 'vpn:80', 'reachable'],
    ['host', ':18206', 'reachable'],
    ['host', ':18299', 'not-reachable'],
    ['host', '127.0.0.11:53/udp', 'not-reachable'],
  ] as const)('%s to %s: %s, as the probe’s own attempt says', async (from, to, verdict) => {
    const found = reach(snapshot, from, to);
    expect.soft({ verdict: found.verdict, because: found.because, hops: found.hops }).toMatchObject({ verdict });
    const { net, address, port, protocol } = found.attempt ?? expect.fail('nothing to try');
    const destination = { address, port, protocol };
    const tried = await inspector.request['reach.try']({ endpoint: engine.host, net, destination });
    expect(tried).toMatchObject({ connected: verdict === 'reachable' });
  });

  it('from outside the answer of one behind a tunnel takes another way', () => {
    expect(reach(snapshot, 'outside', ':18206').because).toMatch(/wg0/);
  });

  it('from a pid, which is its container’s network', () => {
    const pid = snapshot.containers.find(({ name }) => name === 'asker')?.pid;
    expect(reach(snapshot, String(pid), 'db:80').verdict).toBe('reachable');
  });
});
