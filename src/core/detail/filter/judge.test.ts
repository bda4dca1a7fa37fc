import { describe, expect, it } from 'vitest';
import type { Packet } from './fit.ts';
import { judge } from './judge.ts';
import type { Filter, FilterRule } from './schema.ts';
import { judgementText } from './texts.ts';

const PACKET: Packet = {
  family: 4,
  protocol: 'tcp',
  source: '10.0.0.9',
  destination: '10.0.0.2',
  sourcePort: [1024, 65_535],
  port: [80, 80],
  by: 'eth0',
  to: null,
  local: true,
  state: 'new',
  translated: false,
  flags: 2,
};

const of = (...values: string[]) => ({ not: false, of: values });
const rule = (does: FilterRule['does'], rest: Partial<FilterRule> = {}): FilterRule => ({ by: 'nft', does, ...rest });

function filter(chains: Record<string, FilterRule[]>, policy: 'accept' | 'drop' = 'accept', priority = 0): Filter {
  const bases = [{ chain: 'in', hook: 'input' as const, priority, type: 'filter' as const, policy }];
  const tables = [{ name: 't', by: 'nft' as const, family: null, bases, chains }];
  return { tables, unread: [], forwards: { 4: true, 6: true }, bridged: { 4: true, 6: true } };
}

const ask = (of: Filter, packet: Partial<Packet> = {}) => {
  const after = { ...PACKET, ...packet };
  return judge(of, 'input', { before: after, after });
};

describe('what a hook makes of a packet', () => {
  it.each<[string, FilterRule[], boolean | null, Partial<Packet>?]>([
    ['drops by a rule that fits', [rule('drop', { ports: of('80') })], false],
    ['passes by one that does not', [rule('drop', { ports: of('81') })], true],
    ['asks in order', [rule('accept', { sources: of('10.0.0.0/8') }), rule('drop')], true],
    ['knows nothing of who asks from anywhere', [rule('drop', { sources: of('10.0.0.9') })], null, { source: null }],
    ['drops whoever asks, where all may', [rule('drop', { ports: of('80') })], false, { source: null }],
    ['does not judge what it does not understand', [rule('drop', { also: ['the match "x"'] })], null],
    ['which does not matter before a drop', [rule('drop', { also: ['x'] }), rule('drop')], false],
    ['nor before what lets all pass', [rule('accept', { also: ['x'] }), rule('accept'), rule('drop')], true],
    ['keeps families apart', [rule('drop', { family: 6 })], true],
    ['knows states', [rule('accept', { states: ['established', 'related'] }), rule('drop')], false],
    ['of answers, too', [rule('accept', { states: ['established'] }), rule('drop')], true, { state: 'established' }],
    [
      'that untracked packets do not have',
      [rule('continue', { untracks: true }), rule('drop', { states: ['new'] })],
      true,
    ],
    ['knows part of the free ports', [rule('drop', { sourcePorts: of('40000') })], null],
    ['and all of them', [rule('drop', { sourcePorts: of('1024-65535') })], false],
    ['knows links', [rule('drop', { arrives: of('eth*') })], false],
    ['and that there is none', [rule('drop', { leaves: of('eth1') })], true],
    ['knows flags', [rule('drop', { flags: { not: true, of: ['2'] } })], true],
    ['keeps marks', [rule('continue', { setsMark: { keep: 0, flip: 4 } }), rule('drop', { mark: of('4') })], false],
    ['of which bits are asked', [rule('drop', { markBits: [{ mask: 1, value: 1, not: false }] })], true],
    ['and says where a target is not known', [rule('unclear', { to: 'the target X' })], null],
    ['which takes some of the packets', [rule('drop', { share: 0.5 })], null],
  ])('%s', (_, rules, ok, packet) => {
    expect(ask(filter({ in: rules }), packet).ok).toBe(ok);
  });

  it('goes through chains: jump comes back, goto does not, return leaves', () => {
    const chains = (does: 'jump' | 'goto') => filter({ in: [rule(does, { to: 'b' }), rule('drop')], b: [] });
    expect([ask(chains('jump')).ok, ask(chains('goto')).ok]).toEqual([false, true]);
    const inner = [rule('return', { ports: of('80') }), rule('drop')];
    expect(ask(filter({ in: [rule('jump', { to: 'b' })], b: inner })).ok).toBe(true);
    expect(ask(filter({ in: [rule('jump', { to: 'in' })] })).ok).toBeNull();
  });

  it('asks every chain of the hook, since a packet that one accepts is dropped by the next', () => {
    const [first, second] = [filter({ in: [rule('accept')] }), filter({ in: [] }, 'drop', 10)];
    const both = { ...first, tables: [...second.tables, ...first.tables] };
    const judged = ask(both);
    expect(judged).toMatchObject({ ok: false, rule: null, chain: 'in' });
    expect(judgementText(judged)).toBe(
      'The policy of t in (nftables) is to drop what no rule lets through, and none lets this through.',
    );
  });

  it('asks before the translation what stands before it', () => {
    const early = filter({ in: [rule('drop', { ports: of('8080') })] }, 'accept', -300);
    const asked = judge(early, 'input', { before: { ...PACKET, port: [8080, 8080] }, after: PACKET });
    expect(asked.ok).toBe(false);
  });
});
