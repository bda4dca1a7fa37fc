import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { type Packet, SYN } from '../../src/core/detail/filter/fit.ts';
import { judge } from '../../src/core/detail/filter/judge.ts';
import { filterOf } from '../../src/core/detail/filter/rules.ts';
import { natReply } from '../../src/core/detail/nat/reply.ts';
import { natRules } from '../../src/core/detail/nat.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

const programs = ['nft', 'iptables-nft-restore', 'iptables-legacy-restore'];

describeWith(
  'rules that firewall managers wrote, as `npm run record:firewalls` recorded them',
  { ...PROBE_NEEDS, programs: [...PROBE_NEEDS.programs, ...programs] },
  () => {
    const children = createChildren();
    afterEach(() => children.end());

    /** What the probe tells of a recording that is loaded into a namespace with its links. */
    async function load(file: string, restore: string) {
      const text = readFileSync(`test/fixtures/firewalls/${file}`, 'utf8');
      const script = `ip link set lo up; ip link add eth0 type veth peer name far0; ip link add docker0 type bridge
        ip addr add 192.0.2.2/24 dev eth0; ip addr add 172.17.0.1/16 dev docker0
        ip link set eth0 up; ip link set docker0 up
        ${restore} <<'END'\n${text}\nEND\necho ready; exec sleep 1000`;
      const { pid } = await children.start('unshare', '--net', 'sh', '-ec', script);
      const inode = readlinkSync(`/proc/${pid}/ns/net`).replace(/\D/g, '');
      const input = `network 1 ${inode} ${pid}/ns/net\n`;
      const { stdout } = spawnSync(PROBE, ['serve'], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
      const reply = natReply.parse((JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { nat: unknown }).nat);
      const filter = filterOf(reply, new Map());
      if (filter === null) throw new Error('nothing was read');
      const passes = (hook: 'input' | 'forward', asked: Partial<Packet>): boolean | null => {
        const packet: Packet = {
          ...{ family: 4, protocol: 'tcp', source: '203.0.113.9', destination: '192.0.2.2', port: [80, 80] },
          ...{ sourcePort: [40_000, 40_000], by: 'eth0', to: hook === 'input' ? null : 'docker0' },
          ...{ local: hook === 'input', state: 'new', translated: false, flags: asked.protocol === 'udp' ? null : SYN },
          ...asked,
        };
        return judge(filter, hook, { before: packet, after: packet }).ok;
      };
      return { rules: natRules(reply) ?? [], passes };
    }
    const one = (...of: string[]) => ({ not: false, of });
    const port = (number: number) => ({ port: [number, number] as const });
    const guest = { destination: '172.17.0.2' };

    it('firewalld: forwarded ports, services, ports and rich rules', async () => {
      const { rules, passes } = await load('firewalld.nft', 'nft -f -');
      const forwarded = [
        {
          ...{ family: 4, protocols: one('tcp'), ports: one('8080'), also: [] },
          to: { kind: 'dnat', addresses: '172.17.0.2', ports: '80' },
        },
        {
          ...{ family: 4, protocols: one('udp'), ports: one('5555'), also: [] },
          to: { kind: 'redirect', addresses: null, ports: '6666' },
        },
      ];
      // The zone of eth0, and the same as that of all links that have none; what is trusted forwards nothing.
      expect(rules).toMatchObject([
        ...forwarded.map((rule) => ({ ...rule, arrives: one('eth0') })),
        ...forwarded.map((rule) => ({ ...rule, arrives: { not: true, of: ['docker0', 'eth0'] } })),
        { hook: 'postrouting', leaves: one('eth0'), to: { kind: 'masquerade' } },
        { hook: 'postrouting', leaves: { not: true, of: ['docker0', 'eth0', 'lo'] }, to: { kind: 'masquerade' } },
      ]);
      for (const open of [22, 80, 8443]) expect(passes('input', port(open)), String(open)).toBe(true);
      for (const shut of [23, 2222]) expect(passes('input', port(shut)), String(shut)).toBe(false);
      expect(passes('input', { ...port(23), by: 'docker0' })).toBe(true);
      expect(passes('forward', { ...guest, translated: true })).toBe(true);
      expect(passes('forward', guest)).toBe(false);
    });

    it.each(['iptables-nft-restore', 'iptables-legacy-restore'])('ufw, by %s', async (restore) => {
      const { rules, passes } = await load('ufw.iptables', restore);
      expect(rules).toMatchObject([
        { chain: 'PREROUTING', arrives: one('eth0'), ports: one('8443'), also: [], to: { addresses: '172.17.0.2' } },
      ]);
      expect(passes('input', port(22))).toBe(true);
      for (const shut of [25, 465, 80]) expect(passes('input', port(shut)), String(shut)).toBe(false);
      // `ufw limit` counts who has asked how often, which is not known here.
      expect(passes('input', port(2222))).toBe(null);
      expect(passes('input', { ...port(9005), protocol: 'udp', source: '198.51.100.7' })).toBe(true);
      expect(passes('input', { ...port(9005), protocol: 'udp' })).toBe(false);
      expect(passes('forward', { ...port(443), ...guest })).toBe(true);
      expect(passes('forward', { ...port(80), ...guest })).toBe(false);
    });

    it.each(['iptables-nft-restore', 'iptables-legacy-restore'])('netavark, by %s', async (restore) => {
      const { rules, passes } = await load('netavark.iptables', restore);
      const published = [
        { ports: one('8080'), protocols: one('tcp'), destinations: null, to: { ports: '80', note: null } },
        {
          ...{ ports: one('5300-5310'), protocols: one('udp'), destinations: one('127.0.0.9') },
          to: { ports: '5300-5310', note: 'the port is counted from 5300' },
        },
      ];
      const sent = (hook: string) =>
        published.map((rule) => ({ ...rule, hook, local: true, to: { ...rule.to, addresses: '10.88.0.4' } }));
      expect(rules).toMatchObject([
        ...sent('prerouting'),
        ...sent('output'),
        { chain: 'NETAVARK-HOSTPORT-MASQ', also: ['mark under the mask 0x2000 is 0x2000'] },
        { sources: one('10.88.0.0/16'), destinations: { not: true, of: ['10.88.0.0/16', '224.0.0.0/4'] } },
      ]);
      expect(passes('forward', { destination: '10.88.0.4' })).toBe(true);
    });
  },
);
