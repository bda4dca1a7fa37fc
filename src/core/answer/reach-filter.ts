import type { DetailOf } from '../detail/detail.ts';
import { answerOf, FREE_PORTS, type Marked, type Packet, SYN } from '../detail/filter/fit.ts';
import { type Judgement, judge } from '../detail/filter/judge.ts';
import { judgementCommand, judgementText } from '../detail/filter/texts.ts';
import { asksAddress, asksPort } from '../detail/nat/ranges.ts';
import type { Hook } from '../detail/nat/rules.ts';
import { onlyInWords } from '../detail/nat.ts';
import { type PlainMessage, t } from '../words/words.ts';
import { familyOf, isOwn, netName, type ReachFacts, within } from './reach-facts.ts';
import { hop, type ReachHop } from './reach-hop.ts';

/** Whether the rules of a network namespace let a connection through, and its answers. */

type Net = DetailOf<'net'>;

/** A packet on its way, as one namespace sees it. */
export interface Passing {
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  readonly source: string | null;
  readonly by: string | null;
  readonly to: string | null;
}

function packetOf(net: Net, at: Passing, translated: boolean): Packet {
  return {
    family: familyOf(at.address),
    protocol: at.protocol,
    source: at.source,
    destination: at.address,
    sourcePort: FREE_PORTS,
    port: [at.port, at.port],
    by: at.by,
    to: at.to,
    local: isOwn(net, at.address),
    state: 'new',
    translated,
    flags: at.protocol === 'tcp' ? SYN : null,
  };
}

/** The rules that what was read of a namespace may lack. */
function missing({ filter }: Net): string | null {
  if (filter === undefined) return t('The firewall’s rules were not read by the version that saved this.');
  if (filter === null) return t('The firewall’s rules could not be read.');
  return filter.unread[0] ?? null;
}

const PLACES: Readonly<Record<Hook, PlainMessage>> = {
  prerouting: 'of what arrives',
  input: 'of what is for it',
  forward: 'of what it forwards',
  output: 'of what it sends',
  postrouting: 'of what leaves',
};

/** What a namespace's hooks make of a connection: the first that does not surely let it through. */
class Gate {
  marked: Marked = { mark: 0, untracked: false };
  failed: { readonly hook: Hook; readonly judgement: Judgement } | null = null;
  readonly #net: Net;

  constructor(net: Net) {
    this.#net = net;
  }

  ask(hook: Hook, before: Packet, after: Packet): void {
    const { filter } = this.#net;
    if (filter == null || this.failed?.judgement.ok === false) return;
    const judgement = judge(filter, hook, { before, after }, this.marked);
    this.marked = judgement.marked;
    // What certainly drops counts more than what may.
    if (judgement.ok !== true && (this.failed === null || judgement.ok === false)) this.failed = { hook, judgement };
  }
}

type Rule = NonNullable<Net['nat']>[number];

const linkAsked = (choice: Rule['arrives'], link: string): boolean =>
  choice === null ||
  choice.of.some((each) => (each.endsWith('*') ? link.startsWith(each.slice(0, -1)) : each === link)) !== choice.not;

/** Whether a rule hides the source of what leaves; null where that cannot be said. */
function hides(rule: Rule, { address, port, protocol, source, to }: Passing): boolean | null {
  if (rule.hook !== 'postrouting' || (rule.family !== null && rule.family !== familyOf(address))) return false;
  if (rule.protocols !== null && rule.protocols.of.includes(protocol) === rule.protocols.not) return false;
  if (!asksPort(rule.ports, port) || !asksAddress(rule.destinations, address)) return false;
  if (source !== null && !asksAddress(rule.sources, source)) return false;
  if (rule.leaves != null && to !== null && !linkAsked(rule.leaves, to)) return false;
  const sure = (source !== null || rule.sources === null) && rule.leaves !== undefined && to !== null;
  return sure && rule.share === 1 && onlyInWords(rule).length === 0 ? true : null;
}

/** The source that a packet has once it left by a link: another one where a rule hides it; null where it is not known. */
export function sourceAfter(net: Net, passing: Passing): string | null {
  for (const rule of net.nat ?? []) {
    const hidden = hides(rule, passing);
    if (hidden === false) continue;
    if (hidden === null) return null;
    if (rule.to.kind === 'snat')
      return rule.to.addresses !== null && !/[-/]/.test(rule.to.addresses) ? rule.to.addresses : null;
    const link = net.links.find(({ name }) => name === passing.to);
    const own = link?.addresses.filter(({ address }) => familyOf(address) === familyOf(passing.address)) ?? [];
    return rule.to.kind === 'masquerade' && own.length === 1 ? (own[0]?.address ?? null) : null;
  }
  return passing.source;
}

/** The way of a packet through a namespace: what it sends, what is for it, what it sends on. */
export type Direction = 'out' | 'in' | 'through';

interface Crossing {
  readonly id: string;
  readonly net: Net;
  readonly direction: Direction;
  /** As it arrives, or as it was sent; `at` is what it is after its destination was translated there. */
  readonly before: Passing;
  readonly at: Passing;
}

function askAll(gate: Gate, { net, direction, before, at }: Crossing, answers: boolean): void {
  const translated = before.address !== at.address || before.port !== at.port;
  const [early, late] = [packetOf(net, before, false), packetOf(net, at, translated)];
  const turned = (packet: Packet, local: boolean | null) => (answers ? answerOf(packet, local) : packet);
  // Answers go the other way, to an address that stood for the sender's own where that was hidden.
  const hidden = answers && sourceAfter(net, at) !== at.source;
  const way = answers ? ({ out: 'in', in: 'out', through: 'through' } as const)[direction] : direction;
  const [whole, first] = [turned(late, way === 'in'), turned(answers ? late : early, hidden ? null : way === 'in')];
  const arriving = { ...first, to: null, ...(hidden ? { destination: null } : {}) };
  if (way !== 'out') gate.ask('prerouting', arriving, { ...whole, to: null });
  if (way === 'in') gate.ask('input', { ...whole, to: null }, { ...whole, to: null });
  if (way === 'through') gate.ask('forward', whole, whole);
  if (way === 'out')
    gate.ask('output', { ...first, by: null, to: translated ? null : whole.to }, { ...whole, by: null });
  if (way !== 'in') gate.ask('postrouting', { ...whole, by: null }, { ...whole, by: null });
}

/** The hop at which a namespace's rules stop a connection or may do so; null where they surely let it through. */
export function gateHop(facts: ReachFacts, crossing: Crossing, answers = false): ReachHop | null {
  const { id, net, at } = crossing;
  const gate = new Gate(net);
  askAll(gate, crossing, answers);
  const here = netName(facts, id);
  const lacks = missing(net);
  if (gate.failed === null || (gate.failed.judgement.ok === null && lacks !== null)) {
    if (lacks === null || answers) return null;
    // What a namespace of a container may drop is rare, and older files do not know of it.
    if (net.filter === undefined && crossing.direction !== 'through') return null;
    return hop(t('firewall of {here}', { here }), null, lacks, within(facts, id, 'nft list ruleset'));
  }
  const { hook, judgement } = gate.failed;
  const place = t(PLACES[hook]);
  return hop(
    answers
      ? t('the answer through the firewall of {here}, {place}', { here, place })
      : at.by !== null && at.to !== null
        ? t('firewall of {here}, {place} from {by} to {to}', { here, place, by: at.by, to: at.to })
        : t('firewall of {here}, {place}', { here, place }),
    judgement.ok,
    judgementText(judgement),
    within(facts, id, judgementCommand(judgement)),
  );
}
