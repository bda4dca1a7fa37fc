import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReachAnswer, reach } from '../../src/core/answer/reach.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { describeWith } from '../support/require.ts';
import { startVm, type TestVm, VM_NEEDS } from '../support/vm.ts';

const needs = { ...VM_NEEDS, files: [...VM_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'] };

/**
 * What proves a verdict: nc from within the container to a name as a program there would write it; the probe's own
 * attempt from the network namespace that the way begins in; a connection from this machine, which is outside of the VM.
 */
type Proof = 'nc' | 'probe' | { readonly forwarded: 8000 | 8001 };

type Situation = readonly [from: string, to: string, ReachAnswer['verdict'], RegExp, Proof];

const HTTPD = ['/bin/httpd', '-f', '-p'];

/** What a VPN's table and a link for macvlan are made with: the VM's own `ip`, as root in its init's tree. */
const inVm = (script: string) => ['nsenter', '-t', '1', '-m', '-n', '--', '/bin/sh', '-ec', script];

describeWith('reach in a hidden VM, verdicts proved by real connections', needs, () => {
  let vm: TestVm;
  let inspector: Inspector;
  let snapshot: Snapshot;

  beforeAll(async () => {
    vm = await startVm();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    // While somebody watches, no question starts a helper of its own: each takes seconds in there.
    inspector.subscribe.session({ endpoint: vm.host }, () => {});
    const { docker, image } = vm;
    const idle = [image, '/bin/sleep', '100000'];
    const web = [image, ...HTTPD, '80'];
    const run = (name: string, ...args: string[]) => docker('run', '-d', '--name', name, ...args);
    await vm.outside(
      ...inVm(
        'ip link add bhp0 type veth peer name bhp1; ip link set bhp1 up; ip addr add 10.214.9.1/24 dev bhp0; ip link set bhp0 up',
      ),
    );
    const networks = [
      ['front'],
      ['back'],
      ['--internal', 'inner'],
      ['-o', 'com.docker.network.bridge.enable_icc=false', 'apart'],
      ['-d', 'macvlan', '--subnet', '10.214.9.0/24', '-o', 'parent=bhp0', 'mac'],
      ['--ipv6', '--subnet', 'fd00:bead::/64', 'six'],
    ];
    for (const args of networks) await docker('network', 'create', ...args);
    const lease = 'interface eth0\\nstart 192.0.2.1\\nend 192.0.2.9\\nlease_file /tmp/l\\n';
    const dhcp = `printf "${lease}" > /tmp/c && touch /tmp/l && exec udhcpd -f /tmp/c`;
    const first: (() => Promise<string>)[] = [
      () => run('web1', '-p', '8000:80', '-p', '8001:81', '-p', '127.0.0.1:8002:80', ...web),
      () => run('plain', ...idle),
      () => run('inward', '-p', '8004:80', image, ...HTTPD, '127.0.0.1:80'),
      () => run('asker', '--network=front', ...idle),
      () => run('db', '--network=front', '--network-alias=store', ...web),
      () => run('other', '--network=back', ...web),
      () => run('kept', '--network=inner', ...web),
      () => run('kept2', '--network=inner', ...idle),
      () => run('lone1', '--network=apart', ...web),
      () => run('lone2', '--network=apart', ...idle),
      () => run('onhost', '--network=host', image, ...HTTPD, '8005'),
      () => run('mac1', '--network=mac', '--ip=10.214.9.11', ...web),
      () => run('mac2', '--network=mac', '--ip=10.214.9.12', ...idle),
      () => run('six1', '--network=six', '--ip6=fd00:bead::11', image, ...HTTPD, '[fd00:bead::11]:80'),
      () => run('six2', '--network=six', ...idle),
      () => run('none', '--network=none', ...idle),
      () => run('vpn', '--network=front', '-p', '8006:80', ...web),
      () => run('owner', '--network=front', ...web),
    ];
    // More at once is too much for an engine that is emulated on a busy machine.
    for (let at = 0; at < first.length; at += 3) await Promise.all(first.slice(at, at + 3).map((start) => start()));
    await Promise.all([
      docker('network', 'connect', 'back', 'db'),
      run('web2', '--network=container:web1', image, ...HTTPD, '81'),
      run('side', '--network=container:db', image, '/bin/sh', '-c', dhcp),
      run('joiner', '--network=container:owner', image, ...HTTPD, '81'),
    ]);
    await docker('stop', '-t', '0', 'owner');
    const pid = await docker('inspect', '-f', '{{.State.Pid}}', 'vpn');
    const tunnel = [
      'link add wg0 type veth peer name far0',
      'link set far0 up',
      'addr add 10.66.0.2/32 dev wg0',
      'link set wg0 up',
      'route add default dev wg0 table 51820',
      'rule add not fwmark 0xca6c table 51820',
      'rule add table main suppress_prefixlength 0',
    ];
    await vm.outside(...inVm(tunnel.map((line) => `nsenter -t ${pid} -n ip ${line}`).join('; ')));
    snapshot = await inspector.request['snapshot.take']({ endpoint: vm.host, details: true });
  }, 900_000);
  afterAll(async () => {
    await inspector?.close();
    await vm?.stop();
  });

  /** Whether a web server answers nc from within a container. */
  const answersNc = (from: string, host: string, port: string) =>
    new Promise<boolean>((resolve) => {
      const args = ['--host', vm.tcp, 'exec', '-i', from, 'nc', '-w', '4', host, port];
      const child = execFile('docker', args, { timeout: 30_000 }, (_, out) => resolve(out.includes('HTTP/')));
      child.stdin?.on('error', () => {});
      child.stdin?.write('GET / HTTP/1.0\r\n\r\n');
    });

  /** Whether a web server answers on a port that is forwarded into the VM. */
  const answersOutside = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
      socket.setTimeout(10_000, () => socket.destroy());
      let told = '';
      socket.on('data', (data) => {
        told += data;
      });
      socket.on('error', () => {}).on('close', () => resolve(told.includes('HTTP/')));
    });

  async function connects([from, to, , , proof]: Situation, found: ReachAnswer): Promise<boolean> {
    if (typeof proof === 'object') return answersOutside(vm.port(proof.forwarded));
    if (proof === 'nc') {
      const [host = '', port = ''] = to.split(':');
      return answersNc(from, host, port);
    }
    const { net, address, port, protocol } = found.attempt ?? expect.fail('there is nothing to try');
    const destination = { address, port, protocol };
    return (await inspector.request['reach.try']({ endpoint: vm.host, net, destination })).connected;
  }

  const situations: readonly Situation[] = [
    ['outside', ':8000', 'reachable', /of web1 listens|httpd \d+ listens/, { forwarded: 8000 }],
    // Through the mapping of another one, whose network it shares.
    ['outside', ':8001', 'reachable', /of web2 listens/, { forwarded: 8001 }],
    ['host', ':8000', 'reachable', /listens on/, 'probe'],
    ['host', 'localhost:8002', 'reachable', /listens on/, 'probe'],
    ['host', ':8099', 'not-reachable', /nobody/i, 'probe'],
    ['host', 'inward:80', 'not-reachable', /127\.0\.0\.1:80 only/, 'probe'],
    ['inward', 'localhost:80', 'reachable', /127\.0\.0\.1:80/, 'nc'],
    ['plain', 'localhost:8000', 'not-reachable', /nobody listens/i, 'nc'],
    ['host', 'web1:82', 'not-reachable', /nobody listens on 82\/tcp/i, 'probe'],
    ['plain', 'web1:80', 'not-reachable', /default bridge.*resolves no names/s, 'nc'],
    ['web2', '127.0.0.1:80', 'reachable', /listens on/, 'nc'],
    ['asker', 'db:80', 'reachable', /listens on/, 'nc'],
    ['asker', 'store:80', 'reachable', /listens on/, 'nc'],
    ['asker', 'side:80', 'not-reachable', /shares the network of db/, 'nc'],
    ['asker', 'db:67/udp', 'reachable', /udhcpd \d+ of side listens/, 'probe'],
    ['asker', 'db:68/udp', 'not-reachable', /nobody listens/i, 'probe'],
    ['asker', 'db:67', 'not-reachable', /with udp alone/, 'nc'],
    ['asker', 'other:80', 'not-reachable', /no network in common/, 'nc'],
    ['other', 'db:80', 'reachable', /listens on/, 'nc'],
    ['kept2', 'kept:80', 'reachable', /listens on/, 'nc'],
    ['kept2', '192.0.2.1:80', 'not-reachable', /./, 'probe'],
    ['host', 'kept:80', 'reachable', /listens on/, 'probe'],
    ['lone2', 'lone1:80', 'not-reachable', /enable_icc=false/, 'nc'],
    ['host', 'lone1:80', 'reachable', /listens on/, 'probe'],
    ['host', 'onhost:8005', 'reachable', /listens on/, 'probe'],
    ['asker', 'onhost:8005', 'not-reachable', /machine’s own network/, 'nc'],
    ['mac2', '10.214.9.11:80', 'reachable', /listens on/, 'nc'],
    ['mac2', '10.214.9.1:80', 'not-reachable', /macvlan/, 'probe'],
    ['host', '10.214.9.11:80', 'not-reachable', /macvlan/, 'probe'],
    ['six2', 'six1:80', 'reachable', /listens on/, 'nc'],
    ['six2', '[fd00:bead::11]:81', 'not-reachable', /nobody listens/i, 'probe'],
    ['none', '192.0.2.1:80', 'not-reachable', /./, 'probe'],
    ['asker', 'vpn:80', 'reachable', /listens on/, 'nc'],
    ['host', ':8006', 'reachable', /listens on/, 'probe'],
    ['asker', 'owner:80', 'not-reachable', /is not running/, 'nc'],
    ['joiner', 'db:80', 'not-reachable', /./, 'nc'],
    ['joiner', '127.0.0.1:81', 'reachable', /listens on/, 'nc'],
  ];

  it.each(situations)('%s to %s: %s', async (...situation) => {
    const [from, to, verdict, because] = situation;
    const found = reach(snapshot, from, to);
    expect.soft({ verdict: found.verdict, because: found.because, hops: found.hops }).toMatchObject({ verdict });
    expect.soft(found.because).toMatch(because);
    expect(await connects(situation, found)).toBe(verdict === 'reachable');
  });
});
