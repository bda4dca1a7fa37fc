import { afterEach, expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { capabilityNames } from '../snapshot/capabilities.ts';
import { link as linkOf } from '../snapshot/details.testing.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { setLanguage } from '../words/language.ts';
import type { Link, Socket } from './detail.ts';
import type { NatRule } from './nat.ts';
import { waysSection } from './sections-nat.ts';
import { waysIn } from './way-in.ts';
import type { Outside } from './way-in-forwarding.ts';
import { netOf, publisherOf } from './way-in-owner.ts';

afterEach(() => setLanguage('en'));

const PORT = { containerPort: 8000, protocol: 'tcp', hostIp: '0.0.0.0', hostPort: 8080 };

const link = (index: number, name: string, change: Partial<Link> = {}): Link =>
  linkOf(name, { index, kind: null, ...change });

function experiment(proxy: boolean, ip = '0.0.0.0'): { snapshot: Snapshot; web1: Container; web2: Container } {
  const made = snapshotOf({
    containers: [
      { name: 'web1', container: { ports: [{ ...PORT, hostIp: ip }] } },
      {
        name: 'web2',
        namespaces: { net: 'web1' },
        container: { modes: { net: `container:${idOf('web1')}`, ipc: '', pid: '', uts: '', user: '', cgroup: '' } },
      },
    ],
  });
  const [template] = made.processes;
  const [web1, web2] = made.containers;
  if (template === undefined || web1 === undefined || web2 === undefined) throw new Error('nothing to copy');
  const argv = [
    '/usr/bin/docker-proxy',
    '-proto',
    'tcp',
    '-host-ip',
    ip,
    '-host-port',
    '8080',
    '-container-ip',
    '172.17.0.2',
    '-container-port',
    '8000',
  ];
  const process = { ...template, pid: 555, container: null, comm: 'docker-proxy', argv };
  return { snapshot: { ...made, processes: proxy ? [...made.processes, process] : made.processes }, web1, web2 };
}

const INSIDE = [
  link(2, 'eth0', {
    peer: { index: 7, namespace: 'net:[1]' },
    addresses: [{ address: '172.17.0.2', prefix: 16, scope: 'global' }],
  }),
];
const OUTSIDE = { links: [link(7, 'veth7', { master: { index: 3, name: 'docker0' } })], nat: null };

it('names every hop of a published port, from the host to the container', () => {
  const { snapshot, web1 } = experiment(true);
  const [way] = waysIn(snapshot, web1, INSIDE, OUTSIDE);
  expect(way?.hops.map(({ text }) => text)).toEqual([
    '0.0.0.0:8080/tcp',
    'docker-proxy, pid 555',
    'bridge docker0',
    'veth7 ⇄ eth0',
    '172.17.0.2:8000 in web1',
    'whoever listens on port 8000',
  ]);
  expect(way?.through).toBeNull();
});

it('leads through the container that published it where the network is borrowed', () => {
  const { snapshot, web1, web2 } = experiment(true);
  expect(waysIn(snapshot, web2, INSIDE, OUTSIDE)[0]?.through?.id).toBe(web1.id);
});

it('says that a NAT rule is inferred where no proxy runs', () => {
  const { snapshot, web1 } = experiment(false);
  const [way] = waysIn(snapshot, web1, INSIDE, null);
  expect(way?.hops.map(({ what }) => what)).toEqual(['host', 'nat', 'container', 'listener']);
  expect(way?.hops[1]?.text).toContain('inferred');
});

const one = (text: string) => ({ not: false, of: [text] });
const RULE: NatRule = {
  by: 'iptables-nft',
  table: 'nat',
  chain: 'DOCKER',
  hook: 'prerouting',
  family: 4,
  protocols: one('tcp'),
  destinations: null,
  ports: one('8080'),
  sources: null,
  arrives: { not: true, of: ['docker0'] },
  local: true,
  share: 1,
  also: [],
  to: { kind: 'dnat', addresses: '172.17.0.2', ports: '8000', note: null },
};

const hopsWith = (proxied: boolean, nat: NatRule[], ip = '0.0.0.0', more: Partial<Outside> = {}) => {
  const { snapshot, web1 } = experiment(proxied, ip);
  return waysIn(snapshot, web1, INSIDE, { ...OUTSIDE, nat, ...more })[0]?.hops ?? [];
};

it('names the NAT rule that was read, and what the proxy beside it is for', () => {
  const hops = hopsWith(true, [RULE]);
  expect(hops.map(({ what }) => what)).toEqual(['host', 'nat', 'proxy', 'bridge', 'veth', 'container', 'listener']);
  expect(hops[1]?.text).toBe('NAT rule in nat DOCKER (iptables on nftables): to 172.17.0.2:8000');
  expect(hops[2]?.text).toContain('from the machine to itself');
  expect(hops.slice(0, 6).map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
  const others: Partial<NatRule>[] = [
    { ports: one('8081') },
    { protocols: one('udp') },
    { destinations: { not: true, of: ['0.0.0.0/0'] }, ports: { not: true, of: ['8080'] } },
    { family: 6 },
    { hook: 'output' },
    { local: false },
  ];
  for (const other of others) expect(hopsWith(false, [{ ...RULE, ...other }])[1]?.text).toContain('neither');
});

it('takes a rule for the port that leads to somebody else for what breaks the way', () => {
  const [, hop] = hopsWith(false, [{ ...RULE, to: { ...RULE.to, addresses: '172.17.0.9' } }]);
  expect(hop).toMatchObject({ what: 'nat', ok: false, evidence: 'That is not web1 and its port 8000.' });
});

it('says what else a rule asks, and that it is not for every address', () => {
  const marked = hopsWith(false, [{ ...RULE, also: [...RULE.also, 'mark 0x1'] }])[1];
  expect(marked).toMatchObject({ ok: null, evidence: 'The rule also asks: mark 0x1.' });
  const narrow = hopsWith(false, [{ ...RULE, destinations: one('192.0.2.1') }])[1];
  expect(narrow).toMatchObject({ ok: null, evidence: 'The rule also asks: for 192.0.2.1 alone.' });
});

it('does not ask again for what a file of an older version tells twice', () => {
  const also = ['arrives by any link but docker0', 'from 192.0.2.0/24', 'for an address of this machine'];
  const old = { ...RULE, sources: one('192.0.2.0/24'), destinations: one('192.0.2.1'), also };
  expect(hopsWith(false, [{ ...RULE, also: also.slice(0, 1) }])[1]?.ok).toBe(true);
  expect(hopsWith(false, [old])[1]?.evidence).toBe('The rule also asks: for 192.0.2.1 alone; from 192.0.2.0/24.');
});

it('comes to the same in every language', () => {
  const unread = { nat: [], natUnread: ['nftables 的规则无法读取。'] };
  setLanguage('zh-CN');
  expect(hopsWith(false, [RULE])[1]).toMatchObject({ ok: true, evidence: '内核列出了这条规则。' });
  const marked = hopsWith(false, [{ ...RULE, sources: one('192.0.2.0/24'), also: ['标记为 0x1'] }])[1];
  expect(marked).toMatchObject({ ok: null, evidence: '规则还要求：来自 192.0.2.0/24；标记为 0x1。' });
  expect(hopsWith(false, [], '0.0.0.0', unread)[1]?.evidence).toBe('nftables 的规则无法读取。');
});

it('takes to the loopback’s address what a rule makes of the machine’s own packets, where the kernel lets that pass', () => {
  const rule = { ...RULE, destinations: one('127.0.0.1'), arrives: null };
  // Nothing that arrives is for 127.0.0.1: the engine's rule there takes nothing.
  expect(
    hopsWith(true, [rule], '127.0.0.1')
      .map(({ what }) => what)
      .slice(0, 3),
  ).toEqual(['host', 'proxy', 'bridge']);
  const sent = { ...rule, hook: 'output' as const };
  const localnet = (links: string[]) => ({
    filter: { tables: [], unread: [], forwards: { 4: true, 6: true }, bridged: { 4: true, 6: true }, localnet: links },
  });
  const verdicts = (ip: string, nat: NatRule, more: Partial<Outside> = {}) =>
    hopsWith(false, [nat], ip, more).flatMap(({ what, ok }) => (what === 'nat' ? [ok] : []));
  expect(verdicts('127.0.0.1', sent, localnet(['docker0']))).toEqual([true]);
  expect(verdicts('127.0.0.1', sent, localnet(['all']))).toEqual([true]);
  expect(verdicts('127.0.0.1', sent, localnet(['eth0']))).toEqual([true, false]);
  expect(verdicts('127.0.0.1', sent)).toEqual([true, null]);
  const six = { ...sent, family: 6 as const, destinations: one('::1') };
  expect(verdicts('::1', six, localnet(['all']))).toEqual([true, false]);
});

it('knows which addresses are the machine’s own, and by which links others ask', () => {
  const rule = { ...RULE, destinations: one('192.0.2.2'), also: ['for an address of this machine'] };
  const own = link(1, 'eth0', { addresses: [{ address: '192.0.2.2', prefix: 24, scope: 'global' }] });
  const links = [...OUTSIDE.links.map((each) => ({ ...each, kind: 'veth' })), own];
  expect(hopsWith(false, [rule], '192.0.2.2', { links })[1]).toMatchObject({ ok: true });
  expect(hopsWith(false, [rule], '192.0.2.2')[1]?.text).toContain('neither');
  const by = (names: string[]) => ({ ...RULE, arrives: { not: false, of: names }, also: [`arrives by ${names}`] });
  expect(hopsWith(false, [by(['eth0'])], '0.0.0.0', { links })[1]).toMatchObject({ ok: true });
  expect(hopsWith(false, [by(['eth1'])], '0.0.0.0', { links })[1]?.text).toContain('neither');
  const two = [...links, link(2, 'eth1')];
  expect(hopsWith(false, [by(['eth0'])], '0.0.0.0', { links: two })[1]).toMatchObject({ ok: null });
});

it('says of a port that the engine only keeps that nothing answers there', () => {
  const { snapshot, web1 } = experiment(false);
  const [template] = snapshot.processes;
  const dockerd = { ...template, pid: 444, uid: 0, container: null, comm: 'dockerd', argv: ['/usr/bin/dockerd'] };
  const held: Socket = {
    protocol: 'tcp',
    address: '0.0.0.0',
    port: 8080,
    uid: 0,
    inode: 1,
    pids: [444],
    outside: false,
  };
  const all = { ...snapshot, processes: [...snapshot.processes, dockerd as Process] };
  const [way] = waysIn(all, web1, INSIDE, { ...OUTSIDE, nat: [], listening: [held] });
  expect(way?.hops[1]).toMatchObject({ ok: false, text: 'dockerd 444, which listens on 0.0.0.0:8080' });
});

it('carries IPv6 by the proxy alone where rules translate IPv4 only', () => {
  const hops = hopsWith(true, [RULE], '::');
  expect(hops.map(({ what }) => what)).toEqual(['host', 'proxy', 'bridge', 'veth', 'container', 'listener']);
  expect(hops[1]?.text).toBe('docker-proxy, pid 555, so that clients arrive with the address of the bridge');
  expect(hops[1]?.evidence).toContain('No rule translates IPv6 to this port.');
  const v6 = { ...RULE, family: 6 as const, to: { ...RULE.to, addresses: 'fd00::2' } };
  const own = [link(2, 'eth0', { addresses: [{ address: 'fd00::2', prefix: 64, scope: 'global' }] })];
  const { snapshot, web1 } = experiment(false, '::');
  const [way] = waysIn(snapshot, web1, own, { ...OUTSIDE, nat: [RULE, v6] });
  expect(way?.hops.map(({ text }) => text).slice(1, 3)).toEqual([
    'NAT rule in nat DOCKER (iptables on nftables): to [fd00::2]:8000',
    '[fd00::2]:8000 in web1',
  ]);
});

it('believes a docker-proxy that is the engine’s, and nobody else who calls itself so', () => {
  const { snapshot, web1 } = experiment(true);
  const change = (process: Partial<Process>) =>
    waysIn(
      { ...snapshot, processes: snapshot.processes.map((each) => (each.pid === 555 ? { ...each, ...process } : each)) },
      web1,
      INSIDE,
      OUTSIDE,
    )[0]?.hops[1]?.what;
  expect(change({})).toBe('proxy');
  expect(change({ uid: 1000 })).toBe('nat');
  expect(change({ container: web1.id })).toBe('nat');
});

it('goes through the network whose address the rule names', () => {
  const { snapshot, web1 } = experiment(false);
  const links = [
    link(2, 'eth0', {
      peer: { index: 7, namespace: 'net:[1]', name: null },
      addresses: [{ address: '172.18.0.5', prefix: 16, scope: 'global' }],
    }),
    link(3, 'eth1', {
      peer: { index: 8, namespace: 'net:[1]', name: null },
      addresses: [{ address: '172.17.0.2', prefix: 16, scope: 'global' }],
    }),
  ];
  const outside = {
    links: [
      link(7, 'veth7', { master: { index: 3, name: 'br-other' } }),
      link(8, 'veth8', { master: { index: 4, name: 'docker0' } }),
    ],
    nat: [RULE],
  };
  const [way] = waysIn(snapshot, web1, links, outside);
  expect(way?.hops.map(({ text }) => text).slice(2, 5)).toEqual([
    'bridge docker0',
    'veth8 ⇄ eth1',
    '172.17.0.2:8000 in web1',
  ]);
});

it('ends at who listens: nobody, on the loopback only, with another protocol, or truly', () => {
  const { snapshot, web1 } = experiment(true);
  const socket = (address: string, change: Partial<Socket> = {}): Socket => ({
    protocol: address.includes(':') ? 'tcp6' : 'tcp',
    address,
    port: 8000,
    uid: 0,
    inode: 1,
    pids: [web1.pid ?? 0],
    outside: false,
    ...change,
  });
  const last = (...listening: Socket[]) =>
    waysIn(snapshot, web1, INSIDE, { ...OUTSIDE, nat: [RULE] }, { listening })[0]?.hops.at(-1);
  expect(last()).toMatchObject({ what: 'listener', ok: false, text: 'nobody listens on 8000/tcp' });
  expect(last(socket('127.0.0.1'))).toMatchObject({
    ok: false,
    text: `sleep ${web1.pid} listens on 127.0.0.1:8000 only`,
  });
  expect(last(socket('127.0.0.1'))?.evidence).toContain('Let it listen on 0.0.0.0 in web1.');
  expect(last(socket('::1'))).toMatchObject({ ok: false });
  expect(last(socket('172.18.0.5'))).toMatchObject({ ok: false });
  expect(last(socket('0.0.0.0', { protocol: 'udp' }))).toMatchObject({
    ok: false,
    evidence: 'On port 8000 somebody listens with udp alone.',
  });
  for (const address of ['0.0.0.0', '172.17.0.2', '::', '::ffff:172.17.0.2'])
    expect(last(socket('127.0.0.1'), socket(address))).toMatchObject({ ok: true });
});

it('follows a redirection inside the container’s network to who listens there', () => {
  const { snapshot, web1 } = experiment(true);
  const redirect: NatRule = {
    ...RULE,
    chain: 'ISTIO_IN_REDIRECT',
    ports: { not: true, of: ['15008'] },
    arrives: null,
    local: null,
    also: [],
    to: { kind: 'redirect', addresses: null, ports: '15006', note: null },
  };
  const listening: Socket[] = [
    { protocol: 'tcp', address: '0.0.0.0', port: 15_006, uid: 0, inode: 1, pids: [web1.pid ?? 0], outside: false },
  ];
  const [way] = waysIn(snapshot, web1, INSIDE, { ...OUTSIDE, nat: [RULE] }, { nat: [redirect], listening });
  expect(way?.hops.slice(-2).map(({ text }) => text)).toEqual([
    'NAT rule in nat ISTIO_IN_REDIRECT (iptables on nftables): to port 15006 here',
    `sleep ${web1.pid} listens on 0.0.0.0:15006`,
  ]);
});

it('says that a borrowed port does not reach who is left in the owner’s former network', () => {
  const { snapshot, web1, web2 } = experiment(true);
  const apart = {
    ...snapshot,
    processes: snapshot.processes.map((each) =>
      each.pid === web2.pid ? { ...each, namespaces: { ...each.namespaces, net: 'net:[99]' } } : each,
    ),
  };
  const hops = waysIn(apart, web2, INSIDE, OUTSIDE)[0]?.hops ?? [];
  expect(hops.map(({ what }) => what)).toContain('bridge');
  expect(hops.at(-1)).toMatchObject({ text: 'not web2', ok: false });
  expect(netOf(apart, publisherOf(apart, web2))).toBe(netOf(apart, web1));
});

it('marks in the table where a way does not go on, with the reason below', () => {
  const { snapshot, web1 } = experiment(true);
  const { rows } = waysSection(waysIn(snapshot, web1, INSIDE, { ...OUTSIDE, nat: [RULE] }, { listening: [] }));
  expect(rows[0]?.[1]).toMatch(/^0\.0\.0\.0:8080\/tcp → NAT rule .* → ✗ nobody listens on 8000\/tcp$/);
  expect(rows[1]?.[1]).toContain('No socket in the network namespace of web1 has that port.');
});

it('names capabilities, and numbers those that have no name yet', () => {
  expect(capabilityNames('0000000000200001')).toEqual(['CHOWN', 'SYS_ADMIN']);
  expect(capabilityNames('0000000000000000')).toEqual([]);
  expect(capabilityNames('000001ffffffffff')).toHaveLength(41);
  expect(capabilityNames('8000000000000000')).toEqual(['#63']);
});

it('stops at a firewall of the machine or of the container, and does not know where a rule asks who it is', () => {
  const { snapshot, web1 } = experiment(true);
  const filter = (does: 'drop' | 'accept', hook: 'input' | 'forward', extra: object = {}) => ({
    tables: [
      {
        ...{ name: 'filter', by: 'iptables' as const, family: 4 as const },
        bases: [{ chain: 'MINE', hook, priority: 0, type: 'filter' as const, policy: 'accept' as const }],
        chains: { MINE: [{ by: 'iptables' as const, does, ...extra }] },
      },
    ],
    ...{ unread: [], forwards: { 4: true, 6: true }, bridged: { 4: true, 6: true } },
  });
  const firewall = (outside: object, inside: object = {}) =>
    waysIn(snapshot, web1, INSIDE, { ...OUTSIDE, ...outside }, inside)[0]?.hops.filter(
      ({ what }) => what === 'firewall',
    );
  expect(firewall({ filter: filter('drop', 'input') })).toMatchObject([{ ok: false, text: 'firewall of the machine' }]);
  // The proxy takes it: nothing is sent on.
  expect(firewall({ filter: filter('drop', 'forward') })).toEqual([]);
  expect(firewall({ filter: filter('accept', 'input') })).toEqual([]);
  const from = { sources: { not: false, of: ['192.0.2.7'] } };
  expect(firewall({ filter: filter('drop', 'input', from) })).toMatchObject([{ ok: null }]);
  const inside = { filter: filter('drop', 'input', { ports: { not: false, of: ['8000'] } }) };
  expect(firewall({}, inside)).toMatchObject([{ ok: false, text: 'firewall of web1' }]);
});
