import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReachAnswer, reach } from '../../src/core/answer/reach.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

/** Who connects to what, what proves it (nc's host and port), the verdict, and the rule that is named. */
type Situation = readonly [string, string, readonly [string, number], ReachAnswer['verdict'], RegExp];

const programs = ['nsenter', 'ip', 'nft', 'iptables', 'iptables-legacy', 'unshare'];

describeWith('reach through firewalls', { ...ENGINE_NEEDS, programs: [...ENGINE_NEEDS.programs, ...programs] }, () => {
  let engine: TestEngine;
  let inspector: Inspector;
  let snapshot: Snapshot;
  const addresses = new Map<string, string>();
  const pids = new Map<string, string>();
  const undo: string[][] = [];
  /** Another machine: a namespace behind a link of this one. */
  const away = `bho${process.pid % 100_000}`;

  const run = (...args: string[]) => execFileSync(args[0] ?? '', args.slice(1), { encoding: 'utf8' });
  const within = (name: string, ...args: string[]) => run('nsenter', '-t', pids.get(name) ?? '', '-n', ...args);
  /** Adds a rule to the machine's own tables, for the time of this test. */
  const machineRule = (program: 'iptables' | 'ip6tables', chain: string, ...rule: string[]) => {
    run(program, '-I', chain, ...rule);
    undo.push([program, '-D', chain, ...rule]);
  };

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const { docker, image } = engine;
    // Of a subnet that no other engine of this machine had: a rule that an ended one left would hide who asks.
    await docker('network', 'create', '--subnet', `10.213.${process.pid % 250}.0/24`, 'front');
    const web = [image, '/bin/httpd', '-f', '-p', '80'];
    const start = (name: string, ...args: string[]) =>
      docker('run', '-d', '--name', name, '--network', 'front', ...args);
    await Promise.all([
      ...['db', 'walled', 'mute', 'picky', 'older', 'odd', 'sets'].map((name) => start(name, ...web)),
      start('shown', '-p', '18311:80', ...web),
      start('hidden', '-p', '0.0.0.0:18312:80', ...web),
      ...['asker', 'barred', 'locked', 'deaf'].map((name) => start(name, image, '/bin/sleep', '1000')),
      docker('run', '-d', '--name', 'onhost', '--network', 'host', image, '/bin/httpd', '-f', '-p', '18313'),
    ]);
    const format = '{{.Name}} {{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const all = ['db', 'walled', 'mute', 'picky', 'older', 'odd', 'sets', 'shown', 'hidden'];
    for (const line of (await docker('inspect', '-f', format, ...all, 'asker', 'barred', 'locked', 'deaf')).split(
      '\n',
    )) {
      const [name = '', pid = '', address = ''] = line.slice(1).split(' ');
      pids.set(name, pid);
      addresses.set(name, address);
    }
    const at = (name: string) => addresses.get(name) ?? '';
    run('ip', 'netns', 'add', away);
    undo.push(['ip', 'netns', 'del', away]);
    run('ip', 'link', 'add', away, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', away);
    run('ip', 'addr', 'add', '10.214.8.1/24', 'dev', away);
    run('ip', 'link', 'set', away, 'up');
    run('ip', '-n', away, 'addr', 'add', '10.214.8.2/24', 'dev', 'eth0');
    run('ip', '-n', away, 'link', 'set', 'eth0', 'up');
    run('ip', '-n', away, 'route', 'add', 'default', 'via', '10.214.8.1');
    machineRule('iptables', 'DOCKER-USER', '-s', at('barred'), '-d', at('db'), '-j', 'DROP');
    machineRule('iptables', 'DOCKER-USER', '-d', at('hidden'), '-p', 'tcp', '--dport', '80', '-j', 'REJECT');
    // The web server takes both families, whatever it is told.
    for (const program of ['iptables', 'ip6tables'] as const)
      machineRule(program, 'INPUT', '-p', 'tcp', '--dport', '18313', '-j', 'DROP');
    within('walled', 'iptables', '-P', 'INPUT', 'DROP');
    within(
      'walled',
      'iptables',
      '-A',
      'INPUT',
      '-p',
      'tcp',
      '-m',
      'multiport',
      '--dports',
      '81,8000:8010',
      '-j',
      'ACCEPT',
    );
    within('mute', 'iptables', '-A', 'OUTPUT', '-p', 'tcp', '--sport', '80', '-j', 'DROP');
    for (const rule of [
      ['-P', 'INPUT', 'DROP'],
      ['-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'],
      ['-A', 'INPUT', '-p', 'tcp', '-s', at('asker'), '--dport', '80', '-j', 'ACCEPT'],
    ]) {
      within('picky', 'iptables', ...rule);
    }
    within('older', 'iptables-legacy', '-A', 'INPUT', '-p', 'tcp', '--dport', '80', '--syn', '-j', 'DROP');
    within('odd', 'iptables', '-A', 'INPUT', '-p', 'tcp', '-m', 'length', '--length', '9000:', '-j', 'DROP');
    within('locked', 'iptables', '-A', 'OUTPUT', '-p', 'tcp', '--dport', '80', '-j', 'REJECT');
    within('deaf', 'iptables', '-A', 'INPUT', '-p', 'tcp', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'DROP');
    within(
      'sets',
      'nft',
      `table inet own {
        set friends { type ipv4_addr; flags interval; elements = { ${at('asker')}, 192.0.2.0/24 }; }
        chain in {
          type filter hook input priority 0; policy drop;
          iif lo accept
          ct state vmap { established : accept, related : accept, invalid : drop }
          ip saddr @friends tcp dport { 22, 80 } jump let
        }
        chain let { tcp flags syn / fin,syn,rst,ack accept; }
      }`,
    );
    snapshot = await inspector.request['snapshot.take']({ endpoint: engine.host, details: true });
  });
  afterAll(async () => {
    for (const [program = '', ...args] of undo.reverse()) spawnSync(program, args);
    await inspector?.close();
    // With the network the engine's rules for it go.
    await engine?.docker('rm', '-f', ...(await engine.docker('ps', '-aq')).split('\n'));
    await engine?.docker('network', 'rm', 'front');
    await engine?.stop();
  });

  function machineAddress(): string {
    const found = /src (\S+)/.exec(run('ip', 'route', 'get', '192.0.2.1'));
    return found?.[1] ?? expect.fail('the machine has no address of its own');
  }

  /** Whether busybox's nc connects and is answered. */
  async function connects(from: string, host: string, port: number): Promise<boolean> {
    const words = ['nc', '-w', '2', addresses.get(host) ?? host, String(port)];
    const programOf: Record<string, string[]> = {
      host: ['/bin/busybox'],
      outside: ['ip', 'netns', 'exec', away, '/bin/busybox'],
    };
    const [program = '', ...args] = [
      ...(programOf[from] ?? ['docker', '--host', engine.host, 'exec', '-i', from]),
      ...words,
    ];
    return new Promise((resolve) => {
      const child = execFile(program, args, { timeout: 10_000 }, (_, out) => resolve(out.includes('HTTP/')));
      child.stdin?.on('error', () => {});
      child.stdin?.write('GET / HTTP/1.0\r\n\r\n');
    });
  }

  const situations: readonly Situation[] = [
    ['asker', 'db:80', ['db', 80], 'reachable', /listens on/],
    ['barred', 'db:80', ['db', 80], 'not-reachable', /a rule in filter DOCKER-USER .* drops it/],
    ['asker', 'walled:80', ['walled', 80], 'not-reachable', /firewall of walled.*the policy of filter INPUT/],
    ['host', 'walled:80', ['walled', 80], 'not-reachable', /firewall of walled/],
    ['asker', 'mute:80', ['mute', 80], 'not-reachable', /the answer through the firewall of mute.*drops it/],
    ['asker', 'picky:80', ['picky', 80], 'reachable', /listens on/],
    ['barred', 'picky:80', ['picky', 80], 'not-reachable', /firewall of picky.*the policy of filter INPUT/],
    ['asker', 'older:80', ['older', 80], 'not-reachable', /filter INPUT \(iptables\).*first packets \(SYN\).*drops it/],
    ['locked', 'db:80', ['db', 80], 'not-reachable', /firewall of locked, of what it sends.*rejects it/],
    ['deaf', 'db:80', ['db', 80], 'not-reachable', /the answer through the firewall of deaf/],
    ['asker', 'sets:80', ['sets', 80], 'reachable', /listens on/],
    ['barred', 'sets:80', ['sets', 80], 'not-reachable', /the policy of own in \(nftables\)/],
    ['sets', 'localhost:80', ['127.0.0.1', 80], 'reachable', /listens on/],
    ['host', 'onhost:18313', ['127.0.0.1', 18_313], 'not-reachable', /filter INPUT .*port 18313 drops it/],
    ['outside', ':18313', ['', 18_313], 'not-reachable', /filter INPUT .*port 18313 drops it/],
    ['outside', ':18311', ['', 18_311], 'reachable', /listens on/],
    ['outside', ':18312', ['', 18_312], 'not-reachable', /filter DOCKER-USER .* rejects it/],
  ];

  for (const [from, to, [host, port], verdict, because] of situations) {
    it(`${from} to ${to}: ${verdict}`, async () => {
      const found = reach(snapshot, from, to);
      expect.soft(found.verdict, JSON.stringify(found.hops, null, 1)).toBe(verdict);
      expect.soft(found.because).toMatch(because);
      expect(await connects(from, host === '' ? machineAddress() : host, port)).toBe(verdict === 'reachable');
    });
  }

  it('is unknown where a rule that drops is not understood, and names what it asks', () => {
    expect(reach(snapshot, 'asker', 'odd:80')).toMatchObject({
      verdict: 'unknown',
      because: expect.stringMatching(/filter INPUT .*the match "length", which is not understood/),
    });
  });
});
