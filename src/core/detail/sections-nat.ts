import type { Snapshot } from '../snapshot/snapshot.ts';
import { commas, type PlainMessage, semicolons, t } from '../words/words.ts';
import type { DetailOf } from './detail.ts';
import { choiceText } from './nat/condition.ts';
import { askedTexts, type NatRule } from './nat.ts';
import type { Section } from './section.ts';
import type { WayIn } from './way-in.ts';
import { holderText, socketsOn } from './way-in-listener.ts';
import { ruleText } from './way-in-rules.ts';

function protocolText({ protocols, family }: NatRule): string {
  const names = protocols === null ? t('any') : choiceText(protocols);
  return family === null ? names : t('{protocols} over IPv{family}', { protocols: names, family });
}

/** What a rule is for: the destination that a packet has when it meets it. */
function meantFor({ destinations, ports, local, hook, chain }: NatRule): string {
  if (hook === null && destinations === null && ports === null) return t('whatever leads to {chain}', { chain });
  const address =
    destinations === null
      ? local === true
        ? t('any address of this machine')
        : t('any address')
      : destinations.not
        ? t('any address but {addresses}', { addresses: commas(destinations.of) })
        : choiceText(destinations);
  if (ports === null) return t('{address}, any port', { address });
  const several = ports.of.length > 1 || ports.of.some((each) => /^\d+-/.test(each));
  const list = commas(ports.of);
  if (ports.not) return t('{address}, any port but {ports}', { address, ports: list });
  return several
    ? t('{address}, ports {ports}', { address, ports: list })
    : t('{address}, port {ports}', { address, ports: list });
}

const FROM: Readonly<Record<NonNullable<NatRule['hook']>, PlainMessage>> = {
  prerouting: 'what arrives',
  input: 'what arrives',
  forward: 'what passes',
  output: 'what is sent from here',
  postrouting: 'what leaves',
};

function fromText({ hook }: NatRule): string {
  return hook === null ? t('unknown') : t(FROM[hook]);
}

/** The rule; of a redirection, which ends at a process here, also which one listens there. */
function wholeText(natRule: NatRule, listening: DetailOf<'net'>['listening'], snapshot: Snapshot): string {
  const { to, protocols } = natRule;
  const rule = ruleText(natRule);
  if ((to.kind !== 'redirect' && to.kind !== 'tproxy') || !/^\d+$/.test(to.ports ?? '')) return rule;
  const asked = protocols === null || protocols.not ? ['tcp', 'udp'] : protocols.of;
  const [socket] = asked.flatMap((protocol) => socketsOn(listening, protocol, Number(to.ports)));
  return socket === undefined
    ? t('{rule}, where nobody listens', { rule })
    : t('{rule}, where {holder} listens', { rule, holder: holderText(snapshot, socket, null) });
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
    semicolons(askedTexts(rule)),
    wholeText(rule, listening, snapshot),
  ]);
}

const HEAD = ['Protocol', 'Meant for', 'Of ⟨packets⟩', 'Also asks', 'Rule'] as const satisfies readonly PlainMessage[];
const AWAY: readonly NatRule['to']['kind'][] = ['snat', 'masquerade'];

/** The rules that send ports elsewhere, and those that send under another address; nothing where there are none. */
export function natSections(detail: Pick<DetailOf<'net'>, 'nat' | 'listening'>, snapshot: Snapshot): Section[] {
  const { nat } = detail;
  const away = (rule: NatRule) => AWAY.includes(rule.to.kind) || rule.hook === 'postrouting';
  const [inward, outward] = [(nat ?? []).filter((rule) => !away(rule)), (nat ?? []).filter(away)];
  return [
    {
      title: t('Ports sent elsewhere'),
      part: 'portsElsewhere' as const,
      head: HEAD.map((each) => t(each)),
      rows: rows(inward, detail, snapshot),
      empty: '',
    },
    {
      title: t('Sent on under another address'),
      part: 'sentUnderAnother' as const,
      head: HEAD.map((each) => t(each)),
      rows: rows(outward, detail, snapshot),
      empty: '',
    },
  ].filter(({ rows: found }) => found.length > 0);
}

/** How a hop is marked where the way does not surely go on. */
function mark(ok: boolean | null): string {
  return ok === true ? '' : ok === false ? '✗ ' : '? ';
}

function wayText(hops: WayIn['hops'], borrowed: boolean): string {
  const way = hops.map(({ text, ok }) => `${mark(ok)}${text}`).join(' → ');
  return borrowed ? t('{way} (its network is borrowed)', { way }) : way;
}

/** The ways of published ports, each hop named; below it why one does not go on, or is not known to. */
export function waysSection(ways: readonly WayIn[]): Section {
  return {
    title: t('Published ports'),
    part: 'publishedPorts',
    head: [],
    rows: ways.flatMap(({ hostPort, protocol, hops, through }) => [
      [`${hostPort}/${protocol}`, wayText(hops, through !== null)],
      ...hops
        .filter(({ ok }) => ok !== true)
        .map(({ text, ok, evidence }) => ['', t('{what}: {told}', { what: `${mark(ok)}${text}`, told: evidence })]),
    ]),
    empty: t('No port is published.'),
  };
}
