import type { Snapshot } from '../snapshot/snapshot.ts';
import type { DetailOf } from './detail.ts';
import type { Choice } from './nat/ranges.ts';
import type { NatRule } from './nat.ts';
import type { Section } from './section.ts';
import type { WayIn } from './way-in.ts';
import { holderText, socketsOn } from './way-in-listener.ts';
import { ruleText } from './way-in-rules.ts';

function list({ not, of }: Choice): string {
  return `${not ? 'any but ' : ''}${of.join(', ')}`;
}

function protocolText({ protocols, family }: NatRule): string {
  const over = family === null ? '' : ` over IPv${family}`;
  return `${protocols === null ? 'any' : list(protocols)}${over}`;
}

/** What a rule is for: the destination that a packet has when it meets it. */
function meantFor({ destinations, ports, local, hook, chain }: NatRule): string {
  if (hook === null && destinations === null && ports === null) return `whatever leads to ${chain}`;
  const address =
    destinations === null
      ? `any address${local === true ? ' of this machine' : ''}`
      : `${destinations.not ? 'any address but ' : ''}${destinations.of.join(', ')}`;
  if (ports === null) return `${address}, any port`;
  const several = ports.of.length > 1 || ports.of.some((each) => /^\d+-/.test(each));
  return `${address}, ${ports.not ? 'any port but' : several ? 'ports' : 'port'} ${ports.of.join(', ')}`;
}

const FROM: Readonly<Record<NonNullable<NatRule['hook']>, string>> = {
  prerouting: 'what arrives',
  input: 'what arrives',
  forward: 'what passes',
  output: 'what is sent from here',
  postrouting: 'what leaves',
};

function fromText({ hook }: NatRule): string {
  return hook === null ? 'unknown' : FROM[hook];
}

/** A redirection ends at a process here: which one listens there. */
function endText({ to, protocols }: NatRule, listening: DetailOf<'net'>['listening'], snapshot: Snapshot): string {
  if ((to.kind !== 'redirect' && to.kind !== 'tproxy') || !/^\d+$/.test(to.ports ?? '')) return '';
  const asked = protocols === null || protocols.not ? ['tcp', 'udp'] : protocols.of;
  const [socket] = asked.flatMap((protocol) => socketsOn(listening, protocol, Number(to.ports)));
  return socket === undefined ? ', where nobody listens' : `, where ${holderText(snapshot, socket, null)} listens`;
}

function rows(
  rules: readonly NatRule[],
  { listening }: Pick<DetailOf<'net'>, 'listening'>,
  snapshot: Snapshot,
): string[][] {
  return rules.map((rule) => [
    protocolText(rule),
    meantFor(rule),
    fromText(rule),
    rule.also.length === 0 ? '' : rule.also.join('; '),
    `${ruleText(rule)}${endText(rule, listening, snapshot)}`,
  ]);
}

const HEAD = ['Protocol', 'Meant for', 'Of', 'Also asks', 'Rule'];
const AWAY: readonly NatRule['to']['kind'][] = ['snat', 'masquerade'];

/** The rules that send ports elsewhere, and those that send under another address; nothing where there are none. */
export function natSections(detail: Pick<DetailOf<'net'>, 'nat' | 'listening'>, snapshot: Snapshot): Section[] {
  const { nat } = detail;
  const away = (rule: NatRule) => AWAY.includes(rule.to.kind) || rule.hook === 'postrouting';
  const [inward, outward] = [(nat ?? []).filter((rule) => !away(rule)), (nat ?? []).filter(away)];
  return [
    {
      title: 'Ports sent elsewhere',
      part: 'portsElsewhere' as const,
      head: HEAD,
      rows: rows(inward, detail, snapshot),
      empty: '',
    },
    {
      title: 'Sent on under another address',
      part: 'sentUnderAnother' as const,
      head: HEAD,
      rows: rows(outward, detail, snapshot),
      empty: '',
    },
  ].filter(({ rows: found }) => found.length > 0);
}

/** How a hop is marked where the way does not surely go on. */
function mark(ok: boolean | null): string {
  return ok === true ? '' : ok === false ? '✗ ' : '? ';
}

/** The ways of published ports, each hop named; below it why one does not go on, or is not known to. */
export function waysSection(ways: readonly WayIn[]): Section {
  return {
    title: 'Published ports',
    part: 'publishedPorts',
    head: [],
    rows: ways.flatMap(({ hostPort, protocol, hops, through }) => [
      [
        `${hostPort}/${protocol}`,
        `${hops.map(({ text, ok }) => `${mark(ok)}${text}`).join(' → ')}${through === null ? '' : ' (its network is borrowed)'}`,
      ],
      ...hops.filter(({ ok }) => ok !== true).map(({ text, ok, evidence }) => ['', `${mark(ok)}${text}: ${evidence}`]),
    ]),
    empty: 'No port is published.',
  };
}
