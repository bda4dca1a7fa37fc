import { execFileSync, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { reach } from '../../src/core/answer/reach.ts';
import type { DetailOf, Route } from '../../src/core/detail/detail.ts';
import { filterOf } from '../../src/core/detail/filter/rules.ts';
import { natReply } from '../../src/core/detail/nat/reply.ts';
import { natOf } from '../../src/core/detail/nat.ts';
import { waysIn } from '../../src/core/detail/way-in.ts';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { collected, link, listener, netDetail } from '../../src/core/snapshot/details.testing.ts';
import { generator, type Random } from '../support/nft-oracle.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

/** The way in of a published port, and reach from outside: two walks over the same rules that must not contradict. */

const route = (destination: string, device: string, gateway: string | null = null): Route => ({
  ...{ family: 4, table: 254, destination, gateway, source: null, device, metric: null },
  ...{ type: 'unicast', dead: false, ways: [] },
});
const address = (text: string, prefix = 24) => [{ address: text, prefix, scope: 'global' as const }];

const OUTER = '192.0.2.2';
const INNER = '172.29.0.2';

/** The machine with a bridge, and a container behind it whose port 80 is published as 8080. */
function world(rules: Pick<DetailOf<'net'>, 'nat' | 'filter' | 'natUnread'>, listening: DetailOf<'net'>['listening']) {
  const port = { containerPort: 80, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 };
  const snapshot = snapshotOf({ containers: [{ name: 'web', container: { ports: [port] } }] });
  const [container] = snapshot.containers;
  if (container === undefined) throw new Error('no container');
  const machine = snapshot.host.namespaces.net ?? '';
  const own = snapshot.processes.find(({ pid }) => pid === container.pid)?.namespaces.net ?? '';
  const inner = link('eth0', { index: 2, peer: { index: 7, namespace: machine }, addresses: address(INNER) });
  const outside = netDetail({
    ...rules,
    links: [
      link('eth0', { index: 3, kind: null, addresses: address(OUTER) }),
      link('docker0', { index: 5, kind: 'bridge', addresses: address('172.29.0.1') }),
      link('veth7', { index: 7, master: { index: 5, name: 'docker0' }, peer: { index: 2, namespace: own } }),
    ],
    routes: [route('172.29.0.0/24', 'docker0'), route('192.0.2.0/24', 'eth0'), route('default', 'eth0', '192.0.2.1')],
  });
  const inside = netDetail({
    links: [inner],
    listening,
    routes: [route('172.29.0.0/24', 'eth0'), route('default', 'eth0', '172.29.0.1')],
  });
  const whole = { ...snapshot, details: collected({ [machine]: outside, [own]: inside }) };
  return { whole, container, inner, outside, inside };
}

/** Rules as engines, firewalls and people make them, with the published port now and then among them. */
function rulesText(random: Random): string {
  const { next, pick } = random;
  const asked = (): string =>
    [
      ...(next(3) === 0 ? [`iifname ${pick(['"eth0"', '!= "docker0"', '"eth*"', '"eth1"'])}`] : []),
      ...(next(3) === 0 ? [`ip daddr ${pick([OUTER, '192.0.2.0/24', '!= 127.0.0.0/8', '198.51.100.1'])}`] : []),
      ...(next(5) === 0 ? ['ip saddr 203.0.113.0/24'] : []),
      ...(next(3) === 0 ? ['fib daddr type local'] : []),
      `tcp dport ${pick(['8080', '8080', '8080', '8081', '8000-9000', '{ 80, 8080 }', '!= 22'])}`,
    ].join(' ');
  const target = (): string =>
    pick([
      `dnat ip to ${INNER}:80`,
      `dnat ip to ${INNER}:80`,
      `dnat ip to ${INNER}:80`,
      `dnat ip to ${INNER}:80`,
      `dnat ip to ${INNER}:81`,
      'dnat ip to 172.29.0.9:80',
      'redirect to :80',
      'accept',
    ]);
  const filtered = (): string =>
    [
      ...(next(3) === 0 ? [`iifname ${pick(['"eth0"', '"docker0"'])}`] : []),
      ...(next(3) === 0 ? [`oifname ${pick(['"docker0"', '"eth0"'])}`] : []),
      ...(next(3) === 0 ? [pick(['ct state new', 'ct state { established, related }', 'ct status dnat'])] : []),
      ...(next(3) === 0 ? [`ip daddr ${pick([INNER, '172.29.0.0/24', OUTER])}`] : []),
      ...(next(2) === 0 ? [`tcp dport ${pick(['80', '8080', '22'])}`] : []),
      pick(['accept', 'accept', 'accept', 'drop']),
    ].join(' ');
  const lines = (make: () => string, most: number) => Array.from({ length: 1 + next(most) }, make).join('\n');
  return `table inet n { chain pre { type nat hook prerouting priority ${pick([-100, -90])};
${lines(() => `${asked()} ${target()}`, 2)}
}
}
table inet r { chain early { type filter hook prerouting priority ${pick([-300, -150, 0])}; policy accept;
${next(6) === 0 ? `${asked()} ${pick(['drop', 'accept', 'meta mark set 1'])}` : ''}
}
chain late { type filter hook postrouting priority ${pick([0, 200])}; policy accept;
${next(6) === 0 ? `${next(2) === 0 ? 'meta mark 1 ' : 'tcp sport 80 '}${pick(['drop', 'accept'])}` : ''}
}
}
table inet f { chain forwarded { type filter hook forward priority 0; policy ${pick(['accept', 'accept', 'accept', 'drop'])};
${lines(filtered, 2)}
}
chain local { type filter hook input priority 0; policy accept;
${lines(filtered, 2)}
}
}`;
}

describeWith('the way in and reach', { ...PROBE_NEEDS, programs: [...PROBE_NEEDS.programs, 'nft'] }, () => {
  const children = createChildren();
  afterEach(() => children.end());

  it('never contradict each other, whatever the rules are', async () => {
    const random = generator(20_261_127);
    const { pid } = await children.start('unshare', '--net', 'sh', '-c', 'echo ready; exec sleep 1000');
    const inode = readlinkSync(`/proc/${pid}/ns/net`).replace(/\D/g, '');
    const links = new Map([
      [3, 'eth0'],
      [5, 'docker0'],
      [7, 'veth7'],
    ]);
    const wrong: string[] = [];
    const seen = new Map<string, number>();
    for (let round = 0; round < 160; round++) {
      const text = `flush ruleset\n${rulesText(random)}`;
      execFileSync('nsenter', ['-t', String(pid), '-n', 'nft', '-f', '-'], { input: text });
      const input = `network 1 ${inode} ${pid}/ns/net\n`;
      const { stdout } = spawnSync(PROBE, ['serve'], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
      const reply = natReply.parse((JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { nat: unknown }).nat);
      const settings = { ...reply.settings, 'net/ipv4/ip_forward': '1', 'net/ipv6/conf/all/forwarding': '1' };
      const { rules, unread } = natOf(reply, links);
      const filter = filterOf({ ...reply, settings }, links);
      const listening = random.pick([
        [listener('0.0.0.0', 80)],
        [listener('0.0.0.0', 80)],
        [listener('127.0.0.1', 80)],
      ]);
      const { whole, container, inner, outside, inside } = world({ nat: rules, filter, natUnread: unread }, listening);
      const [way] = waysIn(whole, container, [inner], outside, inside);
      const hops = way?.hops ?? [];
      // What fails behind something that is not known may never be met.
      const told = { true: 'yes', false: 'not', null: 'unknown' }[
        `${(hops.find(({ ok }) => ok !== true) ?? hops[0])?.ok ?? null}`
      ];
      const { verdict, because } = reach(whole, 'outside', `${OUTER}:8080`);
      const key = `${told}, ${verdict}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if ((told === 'yes' && verdict === 'not-reachable') || (told === 'not' && verdict === 'reachable'))
        wrong.push(`${key}: ${hops.map(({ text: what, ok }) => `${what} (${ok})`).join(' → ')}; ${because}\n${text}`);
    }
    expect(wrong.slice(0, 3).join('\n\n')).toBe('');
    // Both verdicts come, and mostly both are sure.
    expect(seen.get('yes, reachable') ?? 0, JSON.stringify([...seen])).toBeGreaterThan(8);
    expect(seen.get('not, not-reachable') ?? 0, JSON.stringify([...seen])).toBeGreaterThan(8);
  });
});
