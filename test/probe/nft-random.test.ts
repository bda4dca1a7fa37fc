import { execFileSync, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { judge } from '../../src/core/detail/filter/judge.ts';
import { filterOf } from '../../src/core/detail/filter/rules.ts';
import { type NatReply, natReply } from '../../src/core/detail/nat/reply.ts';
import { type NatRule, natRules } from '../../src/core/detail/nat.ts';
import {
  filterRuleText,
  generator,
  holdsAddress,
  natRuleText,
  type OraclePacket,
  packetOf,
  type Random,
  Ruleset,
  type TableFamily,
} from '../support/nft-oracle.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

/** Random rules are loaded into a kernel, read back by the probe, and asked about packets; nft's own listing is the oracle. */

const SEED = 20_261_126;

interface Choice {
  readonly not: boolean;
  readonly of: readonly string[];
}

/** Whether a choice as the details tell it takes a value; ranges, prefixes, wildcards and single values. */
function chosen(choice: Choice | null | undefined, value: string | number): boolean {
  if (choice == null) return true;
  const found = choice.of.some((each) => {
    if (typeof value === 'number') {
      const [low, high = low] = each.split('-').map(Number);
      return (low ?? 0) <= value && value <= (high ?? 0);
    }
    if (each.endsWith('*')) return value.startsWith(each.slice(0, -1));
    return each === value || (/[.:]/.test(value) && holdsAddress(each, value));
  });
  return found !== choice.not;
}

const FROM_PORT = /^from port (any but )?([\d, -]+)$/;

/** Null where a rule asks more, in words, than is judged here. */
function fits(rule: NatRule, packet: OraclePacket): boolean | null {
  const ports = rule.also.flatMap((each) => {
    const [, not, list] = FROM_PORT.exec(each) ?? [];
    return list === undefined ? [] : [chosen({ not: not !== undefined, of: list.split(', ') }, packet.sport)];
  });
  const sure =
    (rule.family === null || rule.family === packet.family) &&
    chosen(rule.protocols, packet.protocol) &&
    chosen(rule.destinations, packet.daddr) &&
    chosen(rule.ports, packet.dport) &&
    chosen(rule.sources, packet.saddr) &&
    chosen(rule.arrives, packet.iif) &&
    chosen(rule.leaves, packet.oif) &&
    !ports.includes(false);
  return sure && ports.length < rule.also.length ? null : sure;
}

/** As if the kernel called these base chains alone. */
function rulesFrom(reply: NatReply, names: readonly string[]): NatRule[] {
  const hex = (name: string) => Buffer.from(`${name}\0`).toString('hex');
  const chains = reply.chains?.filter(({ chain }) => names.some((name) => chain.includes(hex(name))));
  return natRules({ ...reply, ...(chains === undefined ? {} : { chains }) }) ?? [];
}

/** What is told without reserve is what the kernel does, and what it does is told. */
class Reserve {
  readonly wrong: string[] = [];
  sure = 0;
  readonly #rules: readonly NatRule[];

  constructor(rules: readonly NatRule[]) {
    this.#rules = rules;
  }

  ask(packet: OraclePacket, wanted: string | null): void {
    const found = this.#rules.map((each) => [targetOf(each), fits(each, packet)] as const);
    const certain = [...new Set(found.filter(([, fit]) => fit === true).map(([target]) => target))];
    const possible = found.some(([target, fit]) => fit !== false && target === wanted);
    this.sure += certain.length;
    if (certain.some((each) => each !== wanted) || (wanted !== null && !possible))
      this.wrong.push(`${JSON.stringify(packet)} ${certain} not ${wanted}`);
  }
}

const targetOf = ({ to }: NatRule): string => `${to.addresses}:${to.ports}`;

describeWith(
  'rules of nftables, made at random',
  { ...PROBE_NEEDS, programs: [...PROBE_NEEDS.programs, 'nft'] },
  () => {
    const children = createChildren();
    afterEach(() => children.end());

    /** What nft lists of rules in a namespace of their own, and what the probe reads there. */
    async function load(text: string): Promise<{ listed: Ruleset; reply: NatReply }> {
      const { pid } = await children.start('unshare', '--net', 'sh', '-c', 'echo ready; exec sleep 1000');
      const nft = (args: string[], input: string) => {
        const options = { input, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
        return execFileSync('nsenter', ['-t', String(pid), '-n', 'nft', ...args], options);
      };
      nft(['-f', '-'], text);
      const listed = new Ruleset(nft(['-j', 'list', 'ruleset'], ''));
      const inode = readlinkSync(`/proc/${pid}/ns/net`).replace(/\D/g, '');
      const input = `network 1 ${inode} ${pid}/ns/net\n`;
      const { stdout } = spawnSync(PROBE, ['serve'], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
      const { nat } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { nat: unknown };
      return { listed, reply: natReply.parse(nat) };
    }

    it.each([
      ['ip', 'prerouting'],
      ['ip', 'postrouting'],
      ['ip6', 'prerouting'],
      ['ip6', 'postrouting'],
      ['inet', 'prerouting'],
      ['inet', 'postrouting'],
    ] as const)('translate as nft itself tells it, packet by packet: %s, %s', async (family, hook) => {
      const random = generator(SEED);
      // A chain for each rule: none is kept from a packet by one before it.
      const rules = Array.from({ length: 60 }, (_, at) => natRuleText(random, { family, hook, port: 1000 + at }));
      const chains = rules.map((rule, at) => `chain c${at} { type nat hook ${hook} priority ${at}; ${rule}; }`);
      const { listed, reply } = await load(`table ${family} t { ${chains.join('\n')}\n}`);
      const wrong: string[] = [];
      let taken = 0;
      for (const [at, base] of listed.bases.entries()) {
        const own = rulesFrom(reply, [base.name]);
        for (let packets = 0; packets < 200; packets++) {
          const packet = packetOf(random, family);
          const wanted = listed.sends(base, packet);
          const found = own
            .map((rule) => [targetOf(rule), fits(rule, packet)] as const)
            .filter(([, fit]) => fit !== false);
          // All of it is understood: nothing is left over in words but the port it comes from.
          const unclear = found.some(([, fit]) => fit === null);
          const targets = [...new Set(found.map(([target]) => target))].join();
          if (wanted !== null) taken += 1;
          if (unclear || targets !== (wanted ?? ''))
            wrong.push(
              `${rules[at]}: ${JSON.stringify(packet)} ${targets}${unclear ? ' (unclear)' : ''} not ${wanted}`,
            );
        }
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      // A test in which no packet meets a rule would find nothing.
      expect(taken).toBeGreaterThan(500);
    });

    it.each(['ip', 'ip6', 'inet'] as const)(
      'after others in a chain of %s are not told as wider than they are',
      async (family) => {
        const random = generator(SEED + 1);
        const rule = (at: number) => natRuleText(random, { family, hook: 'prerouting', port: 1000 + at });
        const chain = (name: string, from: number, head: string) =>
          `chain ${name} { ${head}\n${Array.from({ length: 8 }, (_, at) => rule(from + at)).join('\n')}\n}`;
        const tables = Array.from({ length: 6 }, (_, at) => {
          const verdict = random.pick(['return', 'accept', 'jump below', 'goto below']);
          const lead = `tcp dport ${random.pick(['80', '443', '8000-9000', '!= 22'])} ${verdict}`;
          const head = `type nat hook prerouting priority ${at};\n${lead}`;
          return `table ${family} t${at} { ${chain('below', 100 * at, '')}\n${chain(`base${at}`, 100 * at + 50, head)}\n}`;
        });
        const { listed, reply } = await load(tables.join('\n'));
        let sure = 0;
        for (const base of listed.bases) {
          const check = new Reserve(rulesFrom(reply, [base.name]));
          for (let packets = 0; packets < 200; packets++) {
            const packet = packetOf(random, family);
            check.ask(packet, listed.sends(base, packet));
          }
          expect(check.wrong.slice(0, 5)).toEqual([]);
          sure += check.sure;
        }
        expect(sure).toBeGreaterThan(50);
        // And all of them together: a packet that one has translated is not translated again.
        const all = new Reserve(natRules(reply) ?? []);
        for (let packets = 0; packets < 1_000; packets++) {
          const packet = packetOf(random, family);
          all.ask(packet, listed.sendsAtHook('prerouting', packet));
        }
        expect(all.wrong.slice(0, 5)).toEqual([]);
        expect(all.sure).toBeGreaterThan(50);
      },
    );

    it('of chains with one priority follow the kernel: in a table the last that was made, between tables it is not known', async () => {
      const rule = (chain: string, port: number) =>
        `chain ${chain} { type nat hook output priority -100; tcp dport 80 counter redirect to :${port}; }`;
      const apart = `chain other { type nat hook output priority -100; tcp dport 81 counter redirect to :90; }`;
      const text = `table ip one { ${rule('a', 81)}\n${rule('b', 82)}\n${apart}\n}`;
      const { pid } = await children.start(
        'unshare',
        '--net',
        'sh',
        '-c',
        'ip link set lo up; echo ready; exec sleep 99',
      );
      const inside = (...command: string[]) =>
        spawnSync('nsenter', ['-t', String(pid), '-n', ...command], { encoding: 'utf8', input: text }).stdout;
      inside('nft', '-f', '-');
      inside('bash', '-c', ': < /dev/tcp/127.0.0.1/80');
      const counts = /chain a .*?packets (\d+).*?chain b .*?packets (\d+)/s.exec(inside('nft', 'list', 'ruleset'));
      expect(counts?.slice(1)).toEqual(['0', '1']);
      const { reply } = await load(text);
      const ports = (rules: readonly NatRule[] | null) => rules?.map(({ to, also }) => [to.ports, also]);
      expect(ports(natRules(reply))).toEqual([
        ['90', []],
        ['82', []],
      ]);
      const { reply: two } = await load(`${text}\ntable inet two { ${rule('c', 83)}\n}`);
      expect(ports(natRules(two))).toEqual([
        ['90', []],
        ['82', ['where two c, which has the same priority, does not take it first']],
        ['83', ['where one b, which has the same priority, does not take it first']],
      ]);
    });

    function filterTable(random: Random, family: TableFamily, at: number): string {
      const names = ['a', 'b', 'c', 'd', 'e'];
      const rules = (below: readonly string[], most: number) =>
        Array.from({ length: 2 + random.next(most) }, () => filterRuleText(random, family, below)).join('\n');
      // A chain leads to later ones alone: the kernel takes no loops.
      const chains = names.map((name, index) => `chain ${name} { ${rules(names.slice(index + 1), 4)}\n}`).reverse();
      const bases = [0, 1].map((index) => {
        const policy = random.pick(['accept', 'accept', 'drop']);
        const head = `type filter hook forward priority ${10 * at + index}; policy ${policy};`;
        return `chain base${index} { ${head}\n${rules(names, 4)}\n}`;
      });
      return `table ${family} t${at} { ${[...chains, ...bases].join('\n')}\n}`;
    }

    it('let pass and drop what nft itself tells, through chains, verdicts, marks and policies', async () => {
      const random = generator(SEED + 2);
      const wrong: string[] = [];
      const counts = { passed: 0, dropped: 0 };
      for (let set = 0; set < 30; set++) {
        const families = [random.pick(['ip', 'ip6', 'inet'] as const), 'inet'] as const;
        const text = families.map((family, at) => filterTable(random, family, at)).join('\n');
        const { listed, reply } = await load(text);
        const filter = filterOf(reply, new Map());
        if (filter === null) throw new Error('nothing was read');
        for (let packets = 0; packets < 150; packets++) {
          const packet = packetOf(random, 'inet');
          const asked = {
            ...{ family: packet.family, protocol: packet.protocol, source: packet.saddr, destination: packet.daddr },
            ...{ sourcePort: [packet.sport, packet.sport] as const, port: [packet.dport, packet.dport] as const },
            ...{ by: packet.iif, to: packet.oif, local: packet.local, state: packet.state, translated: false },
            flags: packet.protocol === 'tcp' ? 2 : null,
          };
          const { ok } = judge(filter, 'forward', { before: asked, after: asked });
          const passes = listed.passes('forward', packet);
          counts[passes ? 'passed' : 'dropped'] += 1;
          if (ok !== passes) wrong.push(`${JSON.stringify(packet)}: ${ok} not ${passes}, of\n${text}`);
        }
        children.end();
      }
      expect(wrong.slice(0, 1)).toEqual([]);
      expect(Math.min(counts.passed, counts.dropped)).toBeGreaterThan(500);
    });
  },
);
