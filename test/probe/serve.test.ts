import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { filterOf } from '../../src/core/detail/filter/rules.ts';
import { socketsOf, unixReply, withHolders } from '../../src/core/detail/listeners.ts';
import { natReply } from '../../src/core/detail/nat/reply.ts';
import { natRules } from '../../src/core/detail/nat.ts';
import { linkNames, linksOf, networkReply } from '../../src/core/detail/network.ts';
import { routesOf, rulesOf, waysOutOf, waysOutSentences } from '../../src/core/detail/routes.ts';
import { parseMounts, parseSysvipc, type Texts } from '../../src/core/detail/texts.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

const SANITIZE = '-std=c11 -D_GNU_SOURCE -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all';

interface Answer {
  readonly id: string;
  readonly error?: string;
  readonly texts?: Texts & { readonly mqueue?: unknown };
  readonly network?: unknown;
  readonly nat?: unknown;
  readonly of?: string;
  readonly unix?: unknown;
  readonly count?: number;
  readonly connect?: unknown;
  readonly holders?: readonly (readonly [number, number])[];
}

/** A running `serve` that is asked one question at a time. */
function startServe(program: string) {
  const child: ChildProcess = spawn(program, ['serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  let wake = (): void => {};
  child.stdout?.on('data', (data: Buffer) => {
    text += data.toString();
    wake();
  });
  const line = async (): Promise<string> => {
    for (;;) {
      const end = text.indexOf('\n');
      if (end >= 0) {
        const found = text.slice(0, end);
        text = text.slice(end + 1);
        return found;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    line,
    async ask(question: string): Promise<Answer> {
      child.stdin?.write(`${question}\n`);
      return JSON.parse(await line()) as Answer;
    },
    async end(): Promise<number | null> {
      child.stdin?.end();
      return ended;
    },
  };
}

function startTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function inode(pid: number | 'self', kind: string): string {
  return readlinkSync(`/proc/${pid}/ns/${kind}`).replace(/\D/g, '');
}

const needs = { ...PROBE_NEEDS, programs: [...PROBE_NEEDS.programs, 'iptables-nft', 'iptables-legacy', 'nft'] };

describeWith('details, beside what the tools of the system say', needs, () => {
  const children = createChildren();
  let folder: string;
  let sanitized: string;
  let serve: ReturnType<typeof startServe>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-serve-'));
    sanitized = join(folder, 'sanitized');
    execFileSync('sh', ['-c', `gcc ${SANITIZE} native/probe/src/*.c -o ${sanitized}`]);
  });
  afterEach(async () => {
    expect(await serve.end()).toBe(0);
    await children.end();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each([
    ['as built', () => PROBE],
    ['with sanitizers', () => sanitized],
  ])('%s', (_, program) => {
    async function open() {
      serve = startServe(program());
      expect(JSON.parse(await serve.line())).toMatchObject({ t: 'hello', mode: 'serve' });
      return serve;
    }
    const inNet = (setup: string) =>
      children.start('unshare', '--net', 'sh', '-c', `${setup}; echo ready; exec sleep 1000`);

    it('links, addresses and routes are those of ip, and a veth’s other end is found', async () => {
      const { ask } = await open();
      const far = await inNet('ip link set lo up');
      const near = await inNet(
        `ip link set lo up; ip link add br0 type bridge; ip link add v0 mtu 1400 type veth peer name v1 netns ${far.pid}; ip link set v0 master br0 up; ip link set br0 up; ip addr add 10.9.8.1/24 dev br0; ip -6 addr add fd00:9::1/64 dev br0 nodad; ip route add 10.1.0.0/16 via 10.9.8.2 metric 7; ip link add here type veth peer name there`,
      );
      const reply = networkReply.parse((await ask(`network 1 ${inode(near.pid, 'net')} ${near.pid}/ns/net`)).network);
      const self = readlinkSync(`/proc/${near.pid}/ns/net`);
      const links = linksOf(reply, self);
      const ip = JSON.parse(
        execFileSync('nsenter', ['-t', String(near.pid), '-n', 'ip', '-d', '-j', 'addr'], { encoding: 'utf8' }),
      ) as {
        ifindex: number;
        ifname: string;
        mtu: number;
        address: string;
        operstate: string;
        addr_info: { local: string; prefixlen: number }[];
      }[];
      expect(
        links.map(({ index, name, mtu, mac, addresses }) => ({
          index,
          name,
          mtu,
          mac,
          addresses: addresses.map(({ address, prefix }) => `${address}/${prefix}`).sort(),
        })),
      ).toEqual(
        ip.map(({ ifindex, ifname, mtu, address, addr_info }) => ({
          index: ifindex,
          name: ifname,
          mtu,
          mac: address,
          addresses: addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort(),
        })),
      );
      const byName = new Map(links.map((link) => [link.name, link]));
      expect(byName.get('v0')).toMatchObject({
        kind: 'veth',
        mtu: 1400,
        master: { name: 'br0' },
        peer: { name: 'v1', namespace: readlinkSync(`/proc/${far.pid}/ns/net`) },
      });
      expect(byName.get('here')?.peer).toEqual({
        index: byName.get('there')?.index,
        name: 'there',
        namespace: self,
      });
      expect(byName.get('br0')).toMatchObject({ kind: 'bridge', peer: null });
      expect(byName.get('lo')).toMatchObject({ loopback: true, up: true });
      expect(routesOf(reply.routes, linkNames(reply))).toContainEqual(
        expect.objectContaining({ destination: '10.1.0.0/16', gateway: '10.9.8.2', device: 'br0', metric: 7 }),
      );
      // From the far side the same pair is seen the other way round.
      const other = networkReply.parse((await ask(`network 2 ${inode(far.pid, 'net')} ${far.pid}/ns/net`)).network);
      const v1 = linksOf(other, 'x').find(({ name }) => name === 'v1');
      expect(v1?.peer).toEqual({ index: byName.get('v0')?.index, name: 'v0', namespace: self });
    });

    it('connects from the namespace that is asked for, and tells how that ended', async () => {
      const { ask } = await open();
      const listeners = `
        const net = require('node:net');
        const udp = require('node:dgram').createSocket('udp4', (_, { port }) => udp.send('hello', port, '127.0.0.1'));
        const open = net.createServer(() => {}).listen(8080, '127.0.0.1', () =>
          net.createServer((socket) => socket.destroy()).listen(8081, '127.0.0.1', () =>
            udp.bind(5353, '127.0.0.1', () => console.log('ready'))));
      `;
      const { pid } = await children.start(
        ...['unshare', '--net', 'sh', '-c', `ip link set lo up; exec "$0" -e "$1"`, process.execPath, listeners],
      );
      const attempt = async (what: string) =>
        (await ask(`connect 1 ${inode(pid, 'net')} ${pid}/ns/net ${what}`)).connect;
      const well = { connected: true, error: null, closed: false, answered: false };
      expect(await attempt('tcp 127.0.0.1 8080')).toEqual(well);
      expect(await attempt('tcp 127.0.0.1 8081')).toEqual({ ...well, closed: true });
      expect(await attempt('udp 127.0.0.1 5353')).toEqual({ ...well, answered: true });
      const failed = { connected: false, closed: false, answered: false };
      expect(await attempt('tcp 127.0.0.1 8082')).toEqual({ ...failed, error: 'Connection refused' });
      expect(await attempt('udp 127.0.0.1 8082')).toEqual({ ...failed, error: 'Connection refused' });
      expect(await attempt('tcp ::1 8080')).toEqual({ ...failed, error: 'Connection refused' });
      expect(await attempt('tcp 192.0.2.1 80')).toEqual({ ...failed, error: 'Network is unreachable' });
      for (const bad of ['tcp 127.0.0.1 0', 'tcp localhost 80', 'sctp 127.0.0.1 80', 'tcp 127.0.0.1 65536', 'tcp']) {
        expect(await ask(`connect 1 ${inode(pid, 'net')} ${pid}/ns/net ${bad}`)).toMatchObject({
          error: 'bad-request',
        });
      }
    });

    it('every table and rule is that of ip, and the way out is the kernel’s own choice', async () => {
      const { ask } = await open();
      // What wg-quick makes, with a veth for the tunnel.
      const { pid } = await inNet(
        [
          'ip link set lo up',
          'ip link add eth9 type veth peer name far9; ip link set far9 up; ip link set eth9 up; ip addr add 172.30.0.2/24 dev eth9',
          'ip link add wg0 type veth peer name far0; ip link set far0 up; ip link set wg0 up; ip addr add 10.64.0.2/32 dev wg0',
          'ip route add default via 172.30.0.1 dev eth9',
          'ip route add default dev wg0 table 51820',
          'ip route add unreachable 10.9.0.0/16 table 52',
          'ip rule add not fwmark 51820 table 51820 priority 100',
          'ip rule add table main suppress_prefixlength 0 priority 99',
          'ip rule add to 10.64.0.0/10 uidrange 1000-1000 ipproto tcp dport 80-90 table 52 priority 50',
          // A single port, beside which newer kernels write a mask.
          'ip rule add dport 443 table 7 priority 49',
          'ip -6 rule add from fd00::/8 iif lo table 7 priority 60',
        ].join('; '),
      );
      const reply = networkReply.parse((await ask(`network 1 ${inode(pid, 'net')} ${pid}/ns/net`)).network);
      expect(reply.incomplete).toEqual([]);
      const names = linkNames(reply);
      const rules = rulesOf(reply.rules);
      for (const family of [4, 6] as const) {
        const told = JSON.parse(
          execFileSync('nsenter', ['-t', String(pid), '-n', 'ip', `-${family}`, '-j', 'rule'], { encoding: 'utf8' }),
        ) as { priority: number }[];
        expect(rules.filter((rule) => rule.family === family).map(({ priority }) => priority)).toEqual(
          told.map(({ priority }) => priority),
        );
      }
      expect(rules.filter(({ usual }) => !usual).map(({ priority, when, what }) => [priority, when, what])).toEqual([
        [49, 'to port 443', 'table 7'],
        [50, 'to 10.64.0.0/10, tcp, to port 80-90, of uid 1000', 'table 52'],
        [99, 'all', 'table main, its default routes do not count'],
        [100, 'all but what is marked 0xca6c', 'table 51820'],
        [60, 'from fd00::/8, arriving by lo', 'table 7'],
      ]);
      const routes = routesOf(reply.routes, names).filter(({ family }) => family === 4);
      expect(routes.map(({ table, destination, device, type }) => [table, destination, device, type])).toEqual([
        [52, '10.9.0.0/16', null, 'unreachable'],
        [51820, 'default', 'wg0', 'unicast'],
        [254, 'default', 'eth9', 'unicast'],
        [254, '172.30.0.0/24', 'eth9', 'unicast'],
      ]);
      const sentences = waysOutSentences(waysOutOf(reply.waysOut, names), rules, routes);
      expect(sentences.slice(0, 3)).toEqual([
        ['IPv4', 'What is meant for the internet leaves by wg0 (table 51820).'],
        ['IPv4', 'What is marked 0xca6c leaves by eth9 through 172.30.0.1 (table main).'],
        ['IPv4', 'Rules 49, 50 send some traffic another way by conditions of their own: see the rules.'],
      ]);
      expect(sentences[3]).toEqual(['IPv6', 'What is meant for the internet has no route.']);
    });

    it('all namespaces are told by one question, those without a process too', async () => {
      const { ask, line } = await open();
      const folderOf = mkdtempSync(join(tmpdir(), 'bulkhead-named-'));
      const first = await inNet('ip link set lo up; ip link add a0 type veth peer name a1; ip link set a0 up');
      const second = await inNet(`ip link set lo up; ip link add b0 type veth peer name b1 netns ${first.pid}`);
      // Mounted, and then its process ends.
      const keeper = await children.start(
        'unshare',
        '--mount',
        'sh',
        '-c',
        `mount -t tmpfs none ${folderOf}; touch ${folderOf}/blue; unshare --net=${folderOf}/blue sh -c "ip link add c0 type veth peer name c1 netns ${first.pid}"; nsenter --net=${folderOf}/blue readlink /proc/self/ns/net; exec sleep 1000`,
      );
      const blue = keeper.line.replace(/\D/g, '');
      const places = [
        `${inode(first.pid, 'net')} ${first.pid}/ns/net`,
        `${inode(second.pid, 'net')} ${second.pid}/ns/net`,
        `${blue} ${keeper.pid}/root${folderOf}/blue`,
        `12345 ${first.pid}/ns/net`,
      ];
      const parts = [await ask(`wiring 1 ${places.join(' ')}`)];
      while (parts.at(-1)?.of !== undefined) parts.push(JSON.parse(await line()) as Answer);
      expect(parts.map(({ of: id }) => id)).toEqual([
        ...[inode(first.pid, 'net'), inode(second.pid, 'net'), blue, '12345'].map((each) => `net:[${each}]`),
        undefined,
      ]);
      expect(parts[3]?.network).toBeNull();
      const wired = parts.slice(0, 3).map(({ of: id = '', network }) => linksOf(networkReply.parse(network), id));
      const names = wired.map((links) =>
        links
          .map(({ name }) => name)
          .filter((name) => name !== 'lo')
          .sort(),
      );
      expect(names).toEqual([['a0', 'a1', 'b1', 'c1'], ['b0'], ['c0']]);
      expect(wired[0]?.find(({ name }) => name === 'c1')?.peer?.namespace).toBe(`net:[${blue}]`);
      // Looking into one alone, the place of the other is part of the question.
      const alone = networkReply.parse((await ask(`network 2 ${places[0]} ${places[2]}`)).network);
      expect(linksOf(alone, 'x').find(({ name }) => name === 'c1')?.peer).toMatchObject({
        name: 'c0',
        namespace: `net:[${blue}]`,
      });
      rmSync(folderOf, { recursive: true, force: true });
    });

    it('nothing that others control is waited for, opened where it is no namespace, or opened as a device', async () => {
      const { ask } = await open();
      const place = mkdtempSync(join(tmpdir(), 'bulkhead-fifo-'));
      execFileSync('mkfifo', [join(place, 'fifo')]);
      const { pid } = await children.start(
        'sh',
        '-c',
        `exec 7<>${place}/fifo 8</dev/null; ln -s ${place}/fifo ${place}/link; echo ready; exec sleep 1000`,
      );
      const start = startTime(pid);
      const gone = { error: 'gone' };
      for (const path of [
        'fd/7',
        'fd/8',
        `root${place}/fifo`,
        `root${place}/link`,
        'root/dev/tty',
        'root/dev/ptmx',
        'root/etc/passwd',
      ]) {
        expect(await ask(`network 1 12345 ${pid}/${path}`)).toMatchObject(gone);
        expect(await ask(`inside 2 uts 12345 ${pid}/${path} sys/kernel/hostname`)).toMatchObject(gone);
      }
      const { texts } = await ask(`files 3 ${pid} ${start} fd/7 fd/8 root${place}/fifo root/dev/tty comm`);
      // Ready is said by the shell; on a busy machine sleep has not yet taken its place.
      expect(Object.values(texts ?? {})).toEqual([null, null, null, null, expect.stringMatching(/^(sh|sleep)\n$/)]);
      rmSync(place, { recursive: true, force: true });
    });

    it('a process that has stopped itself is told like any other', async () => {
      const { ask } = await open();
      const { pid } = await children.start('unshare', '--net', 'sh', '-c', 'echo ready; read line');
      const start = startTime(pid);
      process.kill(pid, 'SIGSTOP');
      const stopped = () => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      for (let tries = 0; !stopped(); tries++) expect(tries).toBeLessThan(1e5);
      const { texts } = await ask(`files 1 ${pid} ${start} stat environ`);
      expect(texts?.stat).toMatch(/\) T /);
      expect(texts?.environ).toContain('PATH=');
      expect(await ask(`threads 2 ${pid} ${start}`)).toMatchObject({ count: 1 });
      const inside = await ask(`inside 3 net ${inode(pid, 'net')} ${pid}/ns/net net/dev`);
      expect(inside.texts?.['net/dev']).toContain('lo:');
    });

    it('a socket that was made inside and is held from outside has its holder', async () => {
      const { ask } = await open();
      // As dockerd does for its resolver: it goes in, listens, and comes back out.
      const script = [
        'import ctypes, os, socket, time',
        'libc = ctypes.CDLL(None)',
        "home = os.open('/proc/self/ns/net', os.O_RDONLY)",
        'libc.unshare(0x40000000)',
        'inside = os.readlink("/proc/self/ns/net")',
        "os.system('ip link set lo up')",
        "s = socket.socket(); s.bind(('127.0.0.11', 4653)); s.listen()",
        'p = os.fork()',
        'if p == 0:',
        '    libc.prctl(1, 9)',
        '    s.close()',
        '    time.sleep(1000)',
        'libc.setns(home, 0x40000000)',
        'print(inside, p, flush=True)',
        'time.sleep(1000)',
      ].join('\n');
      const { pid, line } = await children.start('python3', '-c', script);
      const [id = '', child] = line.split(' ');
      const number = id.replace(/\D/g, '');
      const answer = await ask(`network 1 ${number} ${child}/ns/net`);
      const { listening } = socketsOf(answer.texts ?? {}, unixReply.parse(answer.unix));
      const { holders = [] } = await ask(`holders 2 ${number} ${listening.map((socket) => socket.inode).join(' ')}`);
      expect(withHolders(listening, holders, (each) => each === Number(child))).toMatchObject([
        { protocol: 'tcp', address: '127.0.0.11', port: 4653, pids: [pid], outside: true },
      ]);
      // The socket itself leads to its namespace, too.
      const fd = readdirSync(`/proc/${pid}/fd`).find(
        (each) => readlinkSync(`/proc/${pid}/fd/${each}`) === `socket:[${listening[0]?.inode}]`,
      );
      expect((await ask(`network 3 ${number} ${pid}/fd/${fd}`)).network).toBeTruthy();
    });

    it('all threads are counted', async () => {
      const { ask } = await open();
      const script =
        "import threading, time; [threading.Thread(target=time.sleep, args=(1000,), daemon=True).start() for _ in range(600)]; print('ready', flush=True); time.sleep(1000)";
      const { pid } = await children.start('python3', '-c', script);
      const { texts, count } = await ask(`threads 1 ${pid} ${startTime(pid)}`);
      expect(count).toBe(601);
      expect(Object.keys(texts ?? {})).toHaveLength(512);
    });

    it('rules that translate are told, whichever way they were made, with all that leads to them', async () => {
      const { ask } = await open();
      const rulesOf = async (setup: string) => {
        const { pid } = await inNet(setup);
        return natRules(natReply.parse((await ask(`network 1 ${inode(pid, 'net')} ${pid}/ns/net`)).nat)) ?? [];
      };
      const one = (...of: string[]) => ({ not: false, of });
      const to = (addresses: string | null, ports: string | null) => ({ kind: 'dnat', addresses, ports, note: null });
      const iptables = (name: string) =>
        [
          'ip link add br0 type bridge',
          `${name} -t nat -N DOCKER`,
          `${name} -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER`,
          `${name} -t nat -A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE`,
          `${name} -t nat -A DOCKER ! -i br0 -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.2:80`,
          `${name} -t nat -A DOCKER -d 127.0.0.5/32 -p udp -m udp --dport 53 -j DNAT --to-destination 10.0.0.3`,
        ].join('; ');
      for (const [name, by] of [
        ['iptables-nft', 'iptables-nft'],
        ['iptables-legacy', 'iptables'],
      ] as const) {
        const told = { by, table: 'nat', chain: 'DOCKER', hook: 'prerouting', family: 4, local: true, share: 1 };
        const rules = await rulesOf(iptables(name));
        expect(rules.filter(({ to: { kind } }) => kind === 'dnat')).toMatchObject([
          {
            ...told,
            protocols: one('tcp'),
            destinations: null,
            ports: one('8080'),
            arrives: { not: true, of: ['br0'] },
            also: [],
            to: to('10.0.0.2', '80'),
          },
          {
            ...told,
            protocols: one('udp'),
            destinations: one('127.0.0.5'),
            ports: one('53'),
            to: to('10.0.0.3', null),
          },
        ]);
        expect(rules.filter(({ to: { kind } }) => kind === 'masquerade')).toMatchObject([
          { hook: 'postrouting', sources: one('10.0.0.0/8') },
        ]);
      }
      for (const [name, by] of [
        ['ip6tables-nft', 'iptables-nft'],
        ['ip6tables-legacy', 'iptables'],
      ] as const) {
        const setup = [
          `${name} -t nat -N DOCKER`,
          `${name} -t nat -A PREROUTING -d fd00:1::/64 -j DOCKER`,
          `${name} -t nat -A DOCKER -p tcp --dport 8080 -j DNAT --to-destination [fd00::2]:80`,
        ];
        expect(await rulesOf(setup.join('; '))).toMatchObject([
          { by, family: 6, destinations: one('fd00:1::/64'), ports: one('8080'), to: to('fd00::2', '80') },
        ]);
      }
      const nft = [
        'nft add table inet mine',
        "nft add chain inet mine way '{ type nat hook prerouting priority -100; }'",
        'nft add rule inet mine way ip daddr 192.0.2.1 tcp dport { 8080, 9000-9010 } dnat ip to 10.0.0.2:80',
        'nft add rule inet mine way meta nfproto ipv6 udp dport 53 counter redirect to :5353',
        'nft add rule inet mine way tcp dport 22 counter accept',
        'nft add table ip other',
        "nft add chain ip other in '{ type filter hook input priority 0; }'",
        'nft add rule ip other in tcp dport 1 drop',
      ];
      expect(await rulesOf(nft.join('; '))).toMatchObject([
        { family: 4, destinations: one('192.0.2.1'), ports: one('8080', '9000-9010'), to: to('10.0.0.2', '80') },
        {
          family: 6,
          protocols: one('udp'),
          ports: one('53'),
          to: { kind: 'redirect', addresses: null, ports: '5353' },
        },
      ]);
      // As its manual has it: with the verdict behind it.
      const front = [
        'nft add table inet front',
        "nft add chain inet front way '{ type filter hook prerouting priority mangle; }'",
        'nft add rule inet front way tcp dport 7090 tproxy ip to 127.0.0.1:90 meta mark set 1 accept',
      ];
      expect(await rulesOf(front.join('; '))).toMatchObject([
        { family: 4, ports: one('7090'), to: { kind: 'tproxy', addresses: '127.0.0.1', ports: '90' } },
      ]);
      const { pid } = await inNet(nft.join('; '));
      const { nat } = await ask(`network 1 ${inode(pid, 'net')} ${pid}/ns/net`);
      expect(filterOf(natReply.parse(nat), new Map())?.tables).toMatchObject([
        {
          name: 'other',
          bases: [{ chain: 'in', hook: 'input', policy: 'accept' }],
          chains: { in: [{ protocols: one('tcp'), ports: one('1'), does: 'drop' }] },
        },
      ]);
    });

    it('500 listening sockets are told with who holds them', async () => {
      const { ask } = await open();
      const holder = `const { createServer } = require('net');
        const all = [];
        const open = (where) => new Promise((done) => all.push(createServer().listen(where, done)));
        (async () => {
          for (let i = 0; i < 250; i++) await open({ port: 20000 + i, host: '127.0.0.1' });
          for (let i = 0; i < 250; i++) await open({ path: '\\0held ' + i + '\\n' });
          console.log('ready');
        })();`;
      const { pid } = await children.start(
        ...['unshare', '--net', 'sh', '-c', 'ip link set lo up; exec "$0" -e "$1"', process.execPath, holder],
      );
      const answer = await ask(`network 1 ${inode(pid, 'net')} ${pid}/ns/net`);
      const sockets = socketsOf(answer.texts ?? {}, unixReply.parse(answer.unix));
      const { holders = [] } = await ask(
        `holders 2 ${inode(pid, 'net')} ${sockets.listening.map((socket) => socket.inode).join(' ')}`,
      );
      const listening = withHolders(sockets.listening, holders, (each) => each === pid);
      const tcp = listening.filter(({ protocol }) => protocol === 'tcp');
      expect(tcp.map(({ port }) => port)).toEqual(Array.from({ length: 250 }, (_each, index) => 20_000 + index));
      expect(tcp.every(({ pids, address }) => pids.length === 1 && pids[0] === pid && address === '127.0.0.1')).toBe(
        true,
      );
      const named = listening.filter(({ protocol }) => protocol === 'unix');
      expect(named).toHaveLength(250);
      expect(named.map(({ address }) => address).sort()).toEqual(
        Array.from({ length: 250 }, (_each, index) => `@held ${index}\n`).sort(),
      );
      expect(named.every(({ pids }) => pids.length === 1 && pids[0] === pid)).toBe(true);
    });

    it('names and ipc objects are read from inside', async () => {
      const { ask } = await open();
      const { pid } = await children.start(
        'unshare',
        '--uts',
        '--ipc',
        'sh',
        '-c',
        'hostname inside.example; ipcmk -M 8192 >/dev/null; ipcmk -S 3 >/dev/null; ipcmk -Q >/dev/null; echo ready; exec sleep 1000',
      );
      const uts = await ask(`inside 1 uts ${inode(pid, 'uts')} ${pid}/ns/uts sys/kernel/hostname`);
      expect(uts.texts?.['sys/kernel/hostname']).toBe('inside.example\n');
      const { texts } = await ask(
        `inside 2 ipc ${inode(pid, 'ipc')} ${pid}/ns/ipc sysvipc/shm sysvipc/sem sysvipc/msg`,
      );
      expect(parseSysvipc(texts?.['sysvipc/shm'] ?? '', 'size', 'nattch')).toMatchObject([{ size: 8192, used: 0 }]);
      expect(parseSysvipc(texts?.['sysvipc/sem'] ?? '', 'nsems', null)).toMatchObject([{ size: 3 }]);
      expect(parseSysvipc(texts?.['sysvipc/msg'] ?? '', 'cbytes', 'qnum')).toMatchObject([{ size: 0, used: 0 }]);
      // The probe itself is where it was.
      const own = await ask(`inside 3 uts ${inode('self', 'uts')} self/ns/uts sys/kernel/hostname`);
      expect(own.texts?.['sys/kernel/hostname']).not.toBe('inside.example\n');
    });

    it('a mount table of 500 is told whole, whatever the places are called', async () => {
      const { ask } = await open();
      const { pid } = await children.start(
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount -t tmpfs none /mnt; cd /mnt; for i in $(seq 500); do mkdir "a b\\\\$i"; mount -t tmpfs "x y" "a b\\\\$i"; done; echo ready; exec sleep 1000',
      );
      const { texts } = await ask(`files 1 ${pid} ${startTime(pid)} mountinfo`);
      const mounts = parseMounts(texts?.mountinfo ?? '');
      const found = JSON.parse(
        execFileSync('findmnt', ['-J', '--list', '-N', String(pid), '-o', 'ID,TARGET'], {
          encoding: 'utf8',
          maxBuffer: 1e8,
        }),
      ) as { filesystems: { id: number; target: string }[] };
      expect(mounts.map(({ id, point }) => ({ id, target: point }))).toEqual(found.filesystems);
      expect(mounts.filter(({ source }) => source === 'x y')).toHaveLength(500);
    });

    it('never answers for another: ended, wrong start, wrong inode, paths that lead out', async () => {
      const { ask } = await open();
      const { pid } = await children.start('sh', '-c', 'echo ready; exec sleep 1000');
      // It says that it is ready before it becomes what it will be.
      await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n'));
      const start = startTime(pid);
      expect(await ask(`files 1 ${pid} 1 stat`)).toMatchObject({ id: '1', error: 'gone' });
      expect(await ask(`files 2 999999999 ${start} stat`)).toMatchObject({ error: 'gone' });
      expect(await ask(`network 3 12345 ${pid}/ns/net`)).toMatchObject({ error: 'gone' });
      expect(await ask(`network 4 ${inode(pid, 'mnt')} ${pid}/ns/mnt`)).toMatchObject({ error: 'gone' });
      expect(await ask(`inside 5 nope 1 ${pid}/ns/uts x`)).toMatchObject({ error: 'bad-request' });
      expect(await ask('what is this')).toMatchObject({ error: 'bad-request' });
      const { texts } = await ask(
        `files 6 ${pid} ${start} ../1/comm /etc/passwd root/../etc/passwd %2e%2e/1/comm comm missing`,
      );
      expect(texts).toEqual({ comm: 'sleep\n', missing: null });
      const threads = await ask(`threads 7 ${pid} ${start}`);
      expect(Object.keys(threads.texts ?? {})).toEqual([`${pid}/stat`]);
    });
  });
});
