import { BlockList, isIPv6 } from 'node:net';

/**
 * Random rules of nftables, and what nft itself says of them (`nft -j list ruleset`): it is read here without any of the
 * evaluator's code, so that the one can be held against the other.
 */

export type Json = Record<string, unknown>;

export interface OraclePacket {
  readonly family: 4 | 6;
  readonly protocol: 'tcp' | 'udp';
  readonly daddr: string;
  readonly saddr: string;
  readonly dport: number;
  readonly sport: number;
  readonly iif: string;
  readonly oif: string;
  readonly state: 'new' | 'established';
  /** Whether its destination is an address of the namespace itself. */
  readonly local: boolean;
}

/** A rule as nft lists it. */
export interface Listed {
  readonly table: string;
  readonly chain: string;
  readonly expr: readonly Json[];
}

export interface ListedBase {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook: string;
  readonly prio: number;
  readonly policy: string;
}

/** Numerical Recipes' generator: the same rules in every run. */
export function generator(seed: number) {
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return { next, pick: <T>(list: readonly T[]): T => list[next(list.length)] as T };
}
export type Random = ReturnType<typeof generator>;

export type TableFamily = 'ip' | 'ip6' | 'inet';

const PORTS = [22, 53, 79, 80, 81, 443, 8000, 8005, 8010, 8011, 30_000];
const LINKS = ['lo', 'eth7', 'eth70', 'docker0'];
const ADDRESSES = {
  4: ['203.0.113.7', '203.0.113.9', '203.0.113.63', '203.0.113.64', '10.1.2.3', '192.0.2.1'],
  6: ['2001:db8::7', '2001:db8::9', '2001:db8::3f', '2001:db8::40', 'fd00:1::3', 'fd00:2::1'],
};
const SPANS = {
  4: [
    ...['203.0.113.7', '203.0.113.0/26', '203.0.112.0/23', '10.0.0.0/8', '203.0.113.9-203.0.113.70'],
    ...['{ 192.0.2.1, 10.1.2.3 }', '{ 203.0.113.0/26, 10.1.0.0/16 }'],
  ],
  6: [
    ...['2001:db8::7', '2001:db8::/122', 'fd00::/8', '2001:db8::9-2001:db8::46', '2001:db8::9'],
    ...['{ fd00:2::1, fd00:1::3 }', '{ 2001:db8::/122, fd00:1::/32 }'],
  ],
};
const PAIRS = {
  4: '{ 203.0.113.7 . 80, 10.1.2.3 . 443, 192.0.2.1 . 8005 }',
  6: '{ 2001:db8::7 . 80, fd00:1::3 . 443, fd00:2::1 . 8005 }',
};

export function packetOf({ pick, next }: Random, family: TableFamily): OraclePacket {
  const own = family === 'ip' ? 4 : family === 'ip6' ? 6 : pick([4, 6] as const);
  return {
    family: own,
    protocol: pick(['tcp', 'udp'] as const),
    daddr: pick(ADDRESSES[own]),
    saddr: pick(ADDRESSES[own]),
    dport: pick(PORTS),
    sport: pick(PORTS),
    iif: pick(LINKS),
    oif: pick(LINKS),
    state: pick(['new', 'established'] as const),
    local: next(2) === 0,
  };
}

const not = ({ next }: Random): string => (next(3) === 0 ? '!= ' : '');

/** The family whose addresses a rule asks for. */
function familyIn({ pick }: Random, family: TableFamily): 4 | 6 {
  return family === 'ip' ? 4 : family === 'ip6' ? 6 : pick([4, 6] as const);
}

function linkText(random: Random, key: 'iifname' | 'oifname'): string {
  return `${key} ${not(random)}${random.pick(['"lo"', '"eth7"', '{ "lo", "docker0" }', '"eth*"'])}`;
}

/** What a rule asks of protocol and ports; text that begins with the protocol, where it asks for one. */
function portTexts(random: Random, own: 4 | 6): { parts: string[]; protocol: 'tcp' | 'udp'; both: boolean } {
  const { next, pick } = random;
  const port = (): string =>
    `${not(random)}${pick(['80', '8000-8010', '{ 22, 80, 443 }', '{ 53, 79-81, 8000-9000 }', '443'])}`;
  const protocol = pick(['tcp', 'udp'] as const);
  const said = (...parts: string[]) => ({ parts, protocol, both: false });
  switch (next(6)) {
    case 0:
      return { parts: ['meta l4proto { tcp, udp }', `th dport ${port()}`], protocol, both: true };
    case 1:
      return said(`${own === 4 ? 'ip' : 'ip6'} daddr . ${protocol} dport ${PAIRS[own]}`);
    case 2: {
      // Two that are not equal nft joins into one comparison of both, which asks less than its listing says.
      const from = port();
      return said(`${protocol} sport ${from}`, `${protocol} dport ${from.startsWith('!=') ? '443' : port()}`);
    }
    case 3:
      return said(`${protocol} dport ${pick(['< 81', '>= 8000', '<= 443', '> 80'])}`);
    default:
      return said(`${protocol} dport ${port()}`);
  }
}

/** Addresses and the link of the hook that it is for. */
function placeTexts(random: Random, own: 4 | 6, link: 'iifname' | 'oifname'): string[] {
  const { next, pick } = random;
  const name = own === 4 ? 'ip' : 'ip6';
  return [
    ...(next(3) === 0 ? [`${name} daddr ${not(random)}${pick(SPANS[own])}`] : []),
    ...(next(4) === 0 ? [`${name} saddr ${not(random)}${pick(SPANS[own])}`] : []),
    ...(next(4) === 0 ? [linkText(random, link)] : []),
  ];
}

const TARGETS = { 4: ['10.9.0.1', '10.9.0.2'], 6: ['[fd09::1]', '[fd09::2]'] };

/** A rule that translates, to a port of its own by which it is found again. */
export function natRuleText(
  random: Random,
  { family, hook, port }: { family: TableFamily; hook: 'prerouting' | 'postrouting'; port: number },
): string {
  const { next, pick } = random;
  const own = familyIn(random, family);
  const named = family === 'inet' ? (own === 4 ? ' ip' : ' ip6') : '';
  const { parts, protocol, both } = portTexts(random, own);
  const all = [...placeTexts(random, own, hook === 'prerouting' ? 'iifname' : 'oifname'), ...parts];
  if (next(3) === 0) all.push('counter');
  const [first = '', second = ''] = TARGETS[own];
  const kind = next(8);
  if (hook === 'postrouting') {
    all.push(kind < 3 ? `masquerade to :${port}` : `snat${named} to ${pick([first, second])}:${port}`);
  } else if (kind < 2) all.push(`redirect to :${port}`);
  // nft takes a map of one protocol's ports in no rule of both.
  else if (kind === 2 && !both) {
    const [a, b] = [first, second].map((each) => each.replace(/[[\]]/g, ''));
    all.push(`dnat${named} to ${protocol} dport map { 80 : ${a}, 443 : ${b}, 8005 : ${a} }:${port}`);
  } else all.push(`dnat${named} to ${first}:${port}`);
  return all.join(' ');
}

/** A rule of a filter; `below` are the chains that it may lead to. */
export function filterRuleText(random: Random, family: TableFamily, below: readonly string[]): string {
  const { next, pick } = random;
  const own = familyIn(random, family);
  const all = [...placeTexts(random, own, 'iifname'), ...(next(5) === 0 ? [linkText(random, 'oifname')] : [])];
  const port = next(2) === 0 ? portTexts(random, own) : null;
  all.push(...(port?.parts ?? []));
  if (next(5) === 0)
    all.push(pick(['ct state new', 'ct state { established, related }', 'ct state != new', 'ct state invalid,new']));
  if (next(5) === 0)
    all.push(`meta mark ${pick(['1', '!= 1', '& 0x2 == 0x2', '& 0x3 != 0x1', '{ 1, 4-9 }', 'and 0x4 == 0'])}`);
  if (next(7) === 0) all.push(`fib daddr type ${not(random)}local`);
  if (next(4) === 0) all.push('counter');
  const chain = below.length === 0 ? null : pick(below);
  const verdicts = [
    ...['accept', 'drop', 'accept', 'drop', 'reject', 'return', 'continue', 'counter'],
    ...[
      'meta mark set 1',
      'meta mark set meta mark | 0x2',
      'meta mark set meta mark & 0xfffffffb',
      'meta mark set 6 return',
    ],
    ...(chain === null ? [] : [`jump ${chain}`, `jump ${chain}`, `goto ${chain}`, `jump ${chain}`]),
    ...(port === null || port.both
      ? []
      : [
          `${port.protocol} dport vmap { 80 : ${chain === null ? 'accept' : `jump ${chain}`}, 443-9000 : drop, 22 : return }`,
        ]),
  ];
  all.push(pick(verdicts));
  return all.join(' ');
}

/** Whether a text (an address, `a-b`, a prefix) of either family holds an address. */
export function holdsAddress(text: string, value: string): boolean {
  const [low = '', high] = text.split('-');
  const [base = '', length] = low.split('/');
  if (isIPv6(base) !== isIPv6(value)) return false;
  const kind = isIPv6(base) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  if (length !== undefined) list.addSubnet(base, Number(length), kind);
  else list.addRange(base, high ?? base, kind);
  return list.check(value, kind);
}

const named = (pattern: string, value: string): boolean =>
  pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;

/** Whether a value of nft's JSON (a value, a range, a prefix, a set) holds what a packet has. */
function holds(right: unknown, value: string | number): boolean {
  if (Array.isArray(right)) return right.some((each) => holds(each, value));
  if (right !== null && typeof right === 'object') {
    const { set, range, prefix } = right as {
      set?: unknown;
      range?: readonly [string | number, string | number];
      prefix?: { addr: string; len: number };
    };
    if (set !== undefined) return holds(set, value);
    if (prefix !== undefined) return holdsAddress(`${prefix.addr}/${prefix.len}`, String(value));
    if (range === undefined) throw new Error(`a value that the oracle does not know: ${JSON.stringify(right)}`);
    return typeof value === 'number'
      ? Number(range[0]) <= value && value <= Number(range[1])
      : holdsAddress(`${range[0]}-${range[1]}`, value);
  }
  return typeof right === 'string' && typeof value === 'string' ? named(right, value) : right === value;
}

function fieldOf(left: Json, packet: OraclePacket, mark: number): string | number {
  const { payload, meta, ct, fib } = left as {
    payload?: { protocol: string; field: 'daddr' | 'saddr' | 'dport' | 'sport' };
    meta?: { key: string };
    ct?: { key: string };
    fib?: { result: string };
  };
  if (payload !== undefined) return packet[payload.field];
  if (meta?.key === 'iifname') return packet.iif;
  if (meta?.key === 'oifname') return packet.oif;
  if (meta?.key === 'l4proto') return packet.protocol;
  if (meta?.key === 'mark') return mark;
  if (ct?.key === 'state') return packet.state;
  if (fib?.result === 'type') return packet.local ? 'local' : 'unicast';
  throw new Error(`a field that the oracle does not know: ${JSON.stringify(left)}`);
}

/** What `tcp dport` and `ip6 daddr` ask besides the field. */
function hasField(left: Json, { protocol, family }: OraclePacket): boolean {
  const { payload } = left as { payload?: { protocol: string } };
  if (payload === undefined || payload.protocol === 'th') return true;
  return [protocol, family === 4 ? 'ip' : 'ip6'].includes(payload.protocol);
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function matches(match: { op: string; left: Json; right: unknown }, packet: OraclePacket, mark: number): boolean {
  const masked = match.left['&'] as [Json, number] | undefined;
  if (masked !== undefined) {
    const value = (Number(fieldOf(masked[0], packet, mark)) & masked[1]) >>> 0;
    return (value === match.right) !== (match.op === '!=');
  }
  const lefts = (match.left.concat as Json[] | undefined) ?? [match.left];
  if (lefts.some((left) => !hasField(left, packet))) return false;
  const values = lefts.map((left) => fieldOf(left, packet, mark));
  const compare = OPERATORS[match.op];
  if (compare !== undefined) return compare(Number(values[0]), Number(match.right));
  const fits =
    match.left.concat === undefined
      ? holds(match.right, values[0] ?? 0)
      : (match.right as { set: { concat: unknown[] }[] }).set.some(({ concat }) =>
          concat.every((each, index) => holds(each, values[index] ?? 0)),
        );
  return fits !== (match.op === '!=');
}

function markFrom(value: unknown, mark: number): number {
  if (typeof value === 'number') return value;
  const { '|': or, '&': and, meta } = value as { '|'?: unknown[]; '&'?: unknown[]; meta?: unknown };
  if (meta !== undefined) return mark;
  const [a, b] = (or ?? and ?? []).map((each) => markFrom(each, mark));
  if (a === undefined || b === undefined)
    throw new Error(`a mark that the oracle does not know: ${JSON.stringify(value)}`);
  return (or !== undefined ? a | b : a & b) >>> 0;
}

type Verdict = { readonly type: string; readonly chain?: string };

function verdictIn(expression: Json): Verdict | null {
  for (const type of ['accept', 'drop', 'reject', 'return'] as const) if (type in expression) return { type };
  for (const type of ['jump', 'goto'] as const)
    if (type in expression) return { type, chain: (expression[type] as { target: string }).target };
  return null;
}

/** What a rule makes of a packet: its verdict, the target of a translation, or neither. */
function outcome(
  expr: readonly Json[],
  packet: OraclePacket,
  before: number,
): { mark: number; verdict: Verdict | null; to: string | null } {
  let mark = before;
  const end = (verdict: Verdict | null, to: string | null = null) => ({ mark, verdict, to });
  for (const expression of expr) {
    const { match, mangle, vmap, redirect, masquerade } = expression as {
      match?: Parameters<typeof matches>[0];
      mangle?: { value: unknown };
      vmap?: { key: Json; data: { set: [unknown, Json][] } };
      redirect?: { port: number };
      masquerade?: { port: number };
    };
    if (match !== undefined && !matches(match, packet, mark)) return end(null);
    if (mangle !== undefined) mark = markFrom(mangle.value, mark);
    const verdict = verdictIn(expression);
    if (verdict !== null) return end(verdict);
    if (vmap !== undefined) {
      if (!hasField(vmap.key, packet)) return end(null);
      const found = vmap.data.set.find(([key]) => holds(key, fieldOf(vmap.key, packet, mark)));
      return end(found === undefined ? null : verdictIn(found[1]));
    }
    const port = redirect?.port ?? masquerade?.port;
    if (port !== undefined) return end(null, `null:${port}`);
    const nat = (expression.dnat ?? expression.snat) as { family?: string; addr: unknown; port: number } | undefined;
    if (nat === undefined) continue;
    // In a table of both families a translation lets the other one's packets pass.
    if (nat.family !== undefined && (nat.family === 'ip6' ? 6 : 4) !== packet.family) return end(null);
    if (typeof nat.addr === 'string') return end(null, `${nat.addr}:${nat.port}`);
    const { map } = nat.addr as { map: { key: Json; data: { set: [unknown, string][] } } };
    if (!hasField(map.key, packet)) return end(null);
    const found = map.data.set.find(([key]) => holds(key, fieldOf(map.key, packet, mark)));
    return end(null, found === undefined ? null : `${found[1]}:${nat.port}`);
  }
  return end(null);
}

/** Chains by table and name, as nft lists them. */
export class Ruleset {
  readonly bases: readonly ListedBase[];
  readonly #chains = new Map<string, (readonly Json[])[]>();

  constructor(listing: string) {
    const { nftables } = JSON.parse(listing) as { nftables: { rule?: Listed; chain?: ListedBase }[] };
    this.bases = nftables
      .flatMap(({ chain }) => (chain?.hook === undefined ? [] : [chain]))
      .sort((a, b) => a.prio - b.prio);
    for (const { rule } of nftables) {
      if (rule === undefined) continue;
      const key = `${rule.table} ${rule.chain}`;
      this.#chains.set(key, [...(this.#chains.get(key) ?? []), rule.expr]);
    }
  }

  /** What becomes of a packet in a chain: `null` where it leaves by the end. */
  #visit(table: string, chain: string, packet: OraclePacket, state: { mark: number }): string | null {
    for (const expr of this.#chains.get(`${table} ${chain}`) ?? []) {
      const { mark, verdict, to } = outcome(expr, packet, state.mark);
      state.mark = mark;
      if (to !== null) return to;
      if (verdict === null) continue;
      if (verdict.type === 'return') return null;
      if (verdict.chain === undefined) return verdict.type;
      const below = this.#visit(table, verdict.chain, packet, state);
      if (below !== null || verdict.type === 'goto') return below;
    }
    return null;
  }

  /** Whether a packet passes all chains of a hook. */
  passes(hook: string, packet: OraclePacket): boolean {
    const state = { mark: 0 };
    for (const base of this.bases) {
      const own = base.family === 'inet' || base.family === (packet.family === 4 ? 'ip' : 'ip6');
      if (base.hook !== hook || !own) continue;
      const end = this.#visit(base.table, base.name, packet, state) ?? base.policy;
      if (end === 'drop' || end === 'reject') return false;
    }
    return true;
  }

  /** Where the first of a hook's chains that translates it sends a packet; null where none does or one drops it. */
  sendsAtHook(hook: string, packet: OraclePacket): string | null {
    for (const base of this.bases) {
      if (base.hook !== hook) continue;
      const end = this.#visit(base.table, base.name, packet, { mark: 0 });
      if (end === 'drop' || end === 'reject') return null;
      if (end?.includes(':') === true) return end;
    }
    return null;
  }

  /** Where one base chain sends a packet, as `address:port`; null where it leaves it alone. */
  sends({ table, name }: ListedBase, packet: OraclePacket): string | null {
    const end = this.#visit(table, name, packet, { mark: 0 });
    return end?.includes(':') ? end : null;
  }
}
