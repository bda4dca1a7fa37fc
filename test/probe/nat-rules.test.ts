import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { natReply } from '../../src/core/detail/nat/reply.ts';
import { natRules } from '../../src/core/detail/nat.ts';
import { natSections } from '../../src/core/detail/sections-nat.ts';
import { waysIn } from '../../src/core/detail/way-in.ts';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { link, listener } from '../../src/core/snapshot/details.testing.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

describeWith(
  'rules of translation, as tools make them',
  { ...PROBE_NEEDS, programs: [...PROBE_NEEDS.programs, 'nft'] },
  () => {
    const children = createChildren();
    afterEach(() => children.end());

    /** What the probe tells of rules that a script makes. */
    async function rulesOf(script: string) {
      const { pid } = await children.start('unshare', '--net', 'sh', '-c', `${script}\necho ready; exec sleep 1000`);
      const inode = readlinkSync(`/proc/${pid}/ns/net`).replace(/\D/g, '');
      const input = `network 1 ${inode} ${pid}/ns/net\n`;
      const { stdout } = spawnSync(PROBE, ['serve'], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
      return (
        natRules(natReply.parse((JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { nat: unknown }).nat)) ?? []
      );
    }
    const one = (...of: string[]) => ({ not: false, of });

    describe.each(['iptables-nft', 'iptables-legacy'])('those of %s', (iptables) => {
      it('of kube-proxy are for the service alone, each taken a part of the time', async () => {
        const rules = await rulesOf(`ip link set lo up; exec 2>&1
        for chain in KUBE-SERVICES KUBE-SVC KUBE-SEP-A KUBE-SEP-B KUBE-SEP-C; do ${iptables} -t nat -N $chain; done
        ${iptables} -t nat -A PREROUTING -m comment --comment portals -j KUBE-SERVICES
        ${iptables} -t nat -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 53 -j KUBE-SVC
        ${iptables} -t nat -A KUBE-SVC -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-A
        ${iptables} -t nat -A KUBE-SVC -m statistic --mode random --probability 0.5 -j KUBE-SEP-B
        ${iptables} -t nat -A KUBE-SVC -j KUBE-SEP-C
        ${iptables} -t nat -A KUBE-SEP-A -p tcp -j DNAT --to-destination 10.244.0.2:53
        ${iptables} -t nat -A KUBE-SEP-B -p tcp -j DNAT --to-destination 10.244.0.3:53
        ${iptables} -t nat -A KUBE-SEP-C -p tcp -j DNAT --to-destination 10.244.0.4:53`);
        expect(rules).toHaveLength(3);
        for (const rule of rules) {
          expect(rule).toMatchObject({ protocols: one('tcp'), destinations: one('10.96.0.10'), ports: one('53') });
          expect(rule.share).toBeCloseTo(1 / 3, 4);
        }
      });

      it('of a sidecar leave out what returns before, and users', async () => {
        const rules = await rulesOf(`${iptables} -t nat -N IN; ${iptables} -t nat -N TO
        ${iptables} -t nat -A PREROUTING -p tcp -j IN
        ${iptables} -t nat -A IN -p tcp --dport 15008 -j RETURN
        ${iptables} -t nat -A IN -p tcp -j TO
        ${iptables} -t nat -A TO -p tcp -j REDIRECT --to-ports 15006
        ${iptables} -t nat -A OUTPUT -m owner --uid-owner 1337 -j RETURN
        ${iptables} -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 15001`);
        expect(rules).toMatchObject([
          {
            hook: 'prerouting',
            ports: { not: true, of: ['15008'] },
            also: [],
            to: { kind: 'redirect', ports: '15006' },
          },
          {
            hook: 'output',
            ports: null,
            also: ['not for what an earlier rule takes: IPv4, sent by uid 1337'],
            to: { kind: 'redirect', ports: '15001' },
          },
        ]);
      });

      it('of multiport, ranges, SCTP and what is not understood are told as they are', async () => {
        const rules = await rulesOf(`add() { ${iptables} -t nat -A PREROUTING "$@"; }
        add -p tcp -m multiport --dports 80,443,8000:8010 -j DNAT --to-destination 10.0.0.2
        add -p udp -m udp --dport 30000:30100 -j DNAT --to-destination 10.0.0.3:30000-30100
        add -p sctp -m sctp --dport 9999 -j DNAT --to-destination 10.0.0.4:9999
        add ! -d 203.0.113.7/32 -p tcp -m tcp ! --dport 22 ! -i docker0 -m mark --mark 0x1 -j DNAT --to-destination 10.0.0.5
        add -p tcp -m tcp --dport 25 -m string --algo bm --string x -j DNAT --to-destination 10.0.0.6`);
        expect(rules.slice(0, 3)).toMatchObject([
          { protocols: one('tcp'), ports: one('80', '443', '8000-8010') },
          { protocols: one('udp'), ports: one('30000-30100'), to: { addresses: '10.0.0.3', ports: '30000-30100' } },
          { protocols: one('sctp'), ports: one('9999'), to: { addresses: '10.0.0.4', ports: '9999' } },
        ]);
        expect(rules[3]).toMatchObject({
          destinations: { not: true, of: ['203.0.113.7'] },
          arrives: { not: true, of: ['docker0'] },
          also: expect.arrayContaining(['mark 0x1']),
        });
        expect(rules[4]?.also).toContain('the match "string", which is not understood');
      });

      it('of ranges of addresses and marks of connections are told, in both families', async () => {
        const rules = await rulesOf(`
        ${iptables} -t nat -A PREROUTING -p tcp -m iprange --dst-range 203.0.113.5-203.0.113.9 ! --src-range 10.0.0.0-10.0.0.9 -m tcp --dport 80 -j DNAT --to-destination 10.0.0.2
        ${iptables} -t nat -A PREROUTING -p tcp -m connmark ! --mark 0x7 -m tcp --dport 81 -j DNAT --to-destination 10.0.0.3
        ${iptables} -t nat -A PREROUTING -p tcp -m connmark --mark 0x1/0xf -m tcp --dport 82 -j DNAT --to-destination 10.0.0.4
        ${iptables.replace('ip', 'ip6')} -t nat -A PREROUTING -p tcp -m iprange ! --dst-range fd00::5-fd00::7 -m tcp --dport 80 -j DNAT --to-destination fd00::2`);
        expect(rules).toMatchObject([
          {
            destinations: one('203.0.113.5-203.0.113.9'),
            sources: { not: true, of: ['10.0.0.0-10.0.0.9'] },
            ports: one('80'),
            also: [],
          },
          { ports: one('81'), also: ['connection mark not 0x7'] },
          { ports: one('82'), also: ['connection mark under the mask 0xf is 0x1'] },
          { family: 6, destinations: { not: true, of: ['fd00::5-fd00::7'] }, also: [] },
        ]);
      });
    });

    it('with maps of verdicts, marks, chance and connections say all of it', async () => {
      const rules = await rulesOf(`nft -f - <<'END'
table inet kube {
  map services { type ipv4_addr . inet_proto . inet_service : verdict; elements = { 10.96.0.1 . tcp . 443 : goto first } }
  chain first { numgen random mod 2 vmap { 0 : goto a, 1 : goto b }; }
  chain a { meta l4proto tcp dnat ip to 10.0.0.1:6443; }
  chain b { meta l4proto tcp dnat ip to 10.0.0.2:6443; }
  chain pre {
    type nat hook prerouting priority dstnat;
    ip daddr . meta l4proto . th dport vmap @services
    meta mark 0x10-0x1f tcp dport 81 ct state new fib daddr type local dnat ip to 10.0.0.3
    meta nfproto ipv6 tcp dport 82 redirect to :8082
  }
}
END`);
      expect(rules).toMatchObject([
        { chain: 'a', family: 4, destinations: one('10.96.0.1'), ports: one('443'), share: 0.5 },
        { chain: 'b', family: 4, destinations: one('10.96.0.1'), ports: one('443'), share: 0.5 },
        { local: true, ports: one('81'), also: ['mark 0x10-0x1f', 'connection new'] },
        { family: 6, ports: one('82'), to: { kind: 'redirect', ports: '8082' } },
      ]);
    });

    it('that name a counter ask nothing by it, and those that name a quota do', async () => {
      const rules = await rulesOf(`nft -f - <<'END'
table inet t {
  counter seen { }
  quota much { over 1 mbytes }
  chain pre {
    type nat hook prerouting priority dstnat;
    tcp dport 81 counter name "seen" redirect to :8081
    tcp dport 82 quota name "much" redirect to :8082
  }
}
END`);
      expect(rules.map(({ also }) => also)).toEqual([[], ['the expression "objref", which is not understood']]);
    });

    it('beside a pod’s are told with all that each asks, none as for any port', async () => {
      const rules = await rulesOf(`nft -f - <<'END'
table ip nat {
  map porttoip { type inet_service : ipv4_addr; elements = { 80 : 172.18.0.10, 8888 : 172.18.0.11 } }
  chain pre {
    type nat hook prerouting priority dstnat; policy accept;
    tcp dport { 80, 443 } dnat to 172.18.0.10
    ip daddr 203.0.113.0/26 tcp dport 8443 dnat to 172.18.0.12:443
    tcp dport 8000-8010 dnat to 172.18.0.13
    ip daddr != 203.0.113.7 tcp dport 9000 dnat to 172.18.0.14:9000
    tcp dport != 22 ip daddr 203.0.113.9 dnat to 172.18.0.15
    dnat to tcp dport map { 81 : 172.18.0.20, 82 : 172.18.0.21 }
    dnat to tcp dport map @porttoip
    tcp dport 3000 dnat to numgen inc mod 2 map { 0 : 172.18.0.30, 1 : 172.18.0.31 }
    udp dport 53 redirect to :5353
  }
}
END
      iptables-nft -t nat -N CNI-DN; iptables-nft -t nat -A OUTPUT -m addrtype --dst-type LOCAL -j CNI-DN
      iptables-nft -t nat -A CNI-DN -p udp -m udp --dport 30000:30100 -j DNAT --to-destination 10.88.0.4:30000-30100`);
      const [section] = natSections({ nat: rules, listening: [] }, snapshotOf({ containers: [] }));
      const told = section?.rows.map(([protocol, to, , also, rule]) => [
        `${protocol?.replace(' over IPv4', '')} ${to} → ${rule?.replace(/.*: to /, '')}`,
        also,
      ]);
      expect(told).toEqual([
        ['tcp any address, ports 80, 443 → 172.18.0.10', ''],
        ['tcp 203.0.113.0/26, port 8443 → 172.18.0.12:443', ''],
        ['tcp any address, ports 8000-8010 → 172.18.0.13', ''],
        ['tcp any address but 203.0.113.7, port 9000 → 172.18.0.14:9000', ''],
        ['tcp 203.0.113.9, any port but 22, 80, 443, 8000-8010, 8443, 9000 → 172.18.0.15', ''],
        // What the rule before took is gone, and of the named map 80 is taken above.
        ['tcp any address but 203.0.113.9, port 81 → 172.18.0.20', ''],
        ['tcp any address but 203.0.113.9, port 82 → 172.18.0.21', ''],
        ['tcp any address but 203.0.113.9, port 8888 → 172.18.0.11', ''],
        ['tcp any address but 203.0.113.9, port 3000 → 172.18.0.30', 'taken 50 % of the time'],
        ['tcp any address but 203.0.113.9, port 3000 → 172.18.0.31', 'taken 50 % of the time'],
        ['udp any address, port 53 → port 5353 here, where nobody listens', ''],
        ['udp any address of this machine, ports 30000-30100 → 10.88.0.4:30000-30100', ''],
      ]);
    });

    it.each(['iptables-nft', 'iptables-legacy'])('of %s for SCTP lead a published port in', async (iptables) => {
      // The kernel may know the match where it has no such sockets: then the engine publishes none.
      const dnat = '-p sctp -m sctp --dport 9999 -j DNAT --to-destination 172.17.0.2:9999';
      const nat = await rulesOf(`${iptables} -t nat -N DOCKER
        ${iptables} -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
        ${iptables} -t nat -A DOCKER ! -i docker0 ${dnat}`);
      const port = { containerPort: 9999, protocol: 'sctp', hostIp: '0.0.0.0', hostPort: 9999 };
      const snapshot = snapshotOf({ containers: [{ name: 's1ap', container: { ports: [port] } }] });
      const own = link('eth0', { addresses: [{ address: '172.17.0.2', prefix: 16, scope: 'global' }] });
      const listening = [listener('0.0.0.0', 9999, { protocol: 'sctp' })];
      const [container] = snapshot.containers;
      if (container === undefined) throw new Error('no container');
      const [way] = waysIn(snapshot, container, [own], { links: [], nat }, { listening });
      expect(way?.hops.map(({ what, ok }) => [what, ok])).toEqual(
        ['host', 'nat', 'container', 'listener'].map((what) => [what, true]),
      );
      expect(way?.hops[0]?.text).toBe('0.0.0.0:9999/sctp');
      expect(way?.hops[1]?.text).toContain(`nat DOCKER`);
      expect(way?.hops[1]?.text).toMatch(/: to 172\.17\.0\.2:9999$/);
    });

    it('of firewalld are told through its chains, by zone and family', async () => {
      const rules = await rulesOf(`nft -f - <<'END'
table inet firewalld {
  chain nat_PRE_public_allow {
    meta nfproto ipv4 tcp dport 8080 dnat ip to 172.18.0.2:80
    meta nfproto ipv6 tcp dport 8080 dnat ip6 to [fd00::2]:80
    tcp dport 5555 redirect to :6666
  }
  chain nat_PRE_public_pre { }
  chain nat_PRE_public { jump nat_PRE_public_pre; jump nat_PRE_public_allow; }
  chain nat_PRE_internal_allow { ip saddr 192.0.2.0/24 ip daddr 203.0.113.7 tcp dport 81 dnat ip to 172.18.0.3:81; }
  chain nat_PRE_internal { jump nat_PRE_internal_allow; }
  chain nat_PREROUTING_ZONES { iifname "eth9" goto nat_PRE_internal; goto nat_PRE_public; }
  chain nat_PREROUTING { type nat hook prerouting priority dstnat + 10; policy accept; jump nat_PREROUTING_ZONES; }
  chain nat_POST_public_allow { meta nfproto ipv4 oifname != "lo" masquerade; }
  chain nat_POSTROUTING { type nat hook postrouting priority srcnat + 10; policy accept; jump nat_POST_public_allow; }
}
END`);
      expect(rules).toMatchObject([
        {
          chain: 'nat_PRE_internal_allow',
          ...{ family: 4, protocols: one('tcp'), destinations: one('203.0.113.7'), ports: one('81') },
          ...{ sources: one('192.0.2.0/24'), arrives: one('eth9'), to: { addresses: '172.18.0.3', ports: '81' } },
        },
        // What was sent to another zone's chain does not come back for this one.
        { family: 4, ports: one('8080'), arrives: { not: true, of: ['eth9'] }, to: { addresses: '172.18.0.2' } },
        { family: 6, ports: one('8080'), arrives: { not: true, of: ['eth9'] }, to: { addresses: 'fd00::2' } },
        {
          family: null,
          ports: one('5555'),
          arrives: { not: true, of: ['eth9'] },
          to: { kind: 'redirect', ports: '6666' },
        },
        { hook: 'postrouting', family: 4, leaves: { not: true, of: ['lo'] }, also: [], to: { kind: 'masquerade' } },
      ]);
    });

    it('of netavark are for the host’s own addresses', async () => {
      const rules = await rulesOf(`nft -f - <<'END'
table inet netavark {
  chain NETAVARK-HOSTPORT-SETMARK { meta mark set meta mark | 0x00002000; }
  chain nv_2f259bab_10_88_0_0_nm16_dnat {
    ip saddr 10.88.0.0/16 tcp dport 8080 jump NETAVARK-HOSTPORT-SETMARK
    ip saddr 127.0.0.1 tcp dport 8080 jump NETAVARK-HOSTPORT-SETMARK
    tcp dport 8080 dnat ip to 10.88.0.4:80
    ip daddr 127.0.0.9 udp dport 5300-5310 dnat ip to 10.88.0.4
  }
  chain NETAVARK-HOSTPORT-DNAT {
    tcp dport 8080 jump nv_2f259bab_10_88_0_0_nm16_dnat
    ip daddr 127.0.0.9 udp dport 5300-5310 jump nv_2f259bab_10_88_0_0_nm16_dnat
  }
  chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; fib daddr type local jump NETAVARK-HOSTPORT-DNAT; }
  chain OUTPUT { type nat hook output priority -100; policy accept; fib daddr type local jump NETAVARK-HOSTPORT-DNAT; }
  chain nv_2f259bab_10_88_0_0_nm16 { ip daddr 10.88.0.0/16 accept; ip daddr != 224.0.0.0/4 masquerade; }
  chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; meta mark & 0x00002000 == 0x00002000 masquerade; ip saddr 10.88.0.4 jump nv_2f259bab_10_88_0_0_nm16; }
}
END`);
      const published = [
        // The table is of both families, and such an address of one alone.
        { family: 4, local: true, protocols: one('tcp'), destinations: null, ports: one('8080'), also: [] },
        { family: 4, local: true, protocols: one('udp'), destinations: one('127.0.0.9'), ports: one('5300-5310') },
      ];
      expect(rules).toMatchObject([
        ...published.map((rule) => ({ ...rule, hook: 'prerouting', to: { kind: 'dnat', addresses: '10.88.0.4' } })),
        ...published.map((rule) => ({ ...rule, hook: 'output', to: { kind: 'dnat', addresses: '10.88.0.4' } })),
        { hook: 'postrouting', also: ['mark under the mask 0x2000 is 0x2000'], to: { kind: 'masquerade' } },
        {
          hook: 'postrouting',
          destinations: { not: true, of: ['10.88.0.0/16', '224.0.0.0/4'] },
          sources: one('10.88.0.4'),
          to: { kind: 'masquerade' },
        },
      ]);
    });

    it.each(['iptables-nft', 'iptables-legacy'])('of %s: ufw, CNI, NETMAP and TPROXY', async (iptables) => {
      const rules = await rulesOf(`${iptables}-restore <<'END'
*nat
:PREROUTING ACCEPT [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
:CNI-HOSTPORT-SETMARK - [0:0]
:CNI-DN-0123456789abcdef - [0:0]
-A PREROUTING -i eth0 -p tcp -m tcp --dport 8443 -j DNAT --to-destination 192.168.1.10:443
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A PREROUTING -d 198.51.100.0/24 -j NETMAP --to 10.5.0.0/24
-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"podman\\" id: \\"x\\"" -m multiport --dports 8080,8444 -j CNI-DN-0123456789abcdef
-A CNI-DN-0123456789abcdef -s 10.88.0.0/16 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK
-A CNI-DN-0123456789abcdef -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.5:80
-A CNI-DN-0123456789abcdef -d 127.0.0.1/32 -p tcp -m tcp --dport 8444 -j DNAT --to-destination 10.88.0.5:444
-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000
COMMIT
*mangle
-A PREROUTING -p tcp -m tcp --dport 80 -j TPROXY --on-port 3129 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1
COMMIT
END`);
      expect(rules).toMatchObject([
        // The kernel asks this table first, and goes on to the others.
        { table: 'mangle', ports: one('80'), to: { kind: 'tproxy', addresses: null, ports: '3129' } },
        {
          chain: 'PREROUTING',
          ports: one('8443'),
          arrives: one('eth0'),
          to: { addresses: '192.168.1.10', ports: '443' },
        },
        { local: true, destinations: null, ports: one('8080'), also: [], to: { addresses: '10.88.0.5', ports: '80' } },
        { destinations: one('127.0.0.1'), ports: one('8444'), local: true, also: [] },
        {
          protocols: null,
          ...{ destinations: one('198.51.100.0/24'), ports: null },
          to: { kind: 'netmap', addresses: '10.5.0.0-10.5.0.255', ports: null },
        },
      ]);
    });
  },
);
