import { t } from '../words/words.ts';
import type { DetailOf, Link } from './detail.ts';
import { answerOf, FREE_PORTS, type Packet, SYN } from './filter/fit.ts';
import { type Judgement, judge } from './filter/judge.ts';
import type { Filter } from './filter/schema.ts';
import { judgementText } from './filter/texts.ts';
import type { Hop } from './hop.ts';
import type { Hook } from './nat/rules.ts';

/** What the rules of a namespace make of a connection from another machine to a published port. */

interface Asked {
  readonly filter: DetailOf<'net'>['filter'];
  readonly hook: 'input' | 'forward';
  readonly family: 4 | 6;
  /** Where it is sent to as it arrives; null for any address of the machine. */
  readonly before: { readonly address: string | null; readonly port: number };
  /** The same after its destination was translated. */
  readonly address: string | null;
  readonly port: number;
  readonly protocol: string;
  readonly translated: boolean;
  /** The link that it leaves by; null where there is none, or it is not known. */
  readonly to: string | null;
  /** The links that it may come by. */
  readonly by: readonly (string | null)[];
  /** Whose rules they are. */
  readonly name: string;
}

const MOST_LINKS = 16;

/** A hook with the packet as it is before its destination is translated there, and after. */
type Step = readonly [hook: Hook, before: Packet, after: Packet];

const leaving = (packet: Packet): Step => ['postrouting', { ...packet, by: null }, { ...packet, by: null }];

/** What all of the hooks make of it: what certainly drops counts more than what may. */
function through(filter: Filter, steps: readonly Step[]): Judgement {
  let unsure: Judgement | null = null;
  let last: ReturnType<typeof judge> | null = null;
  for (const [hook, before, after] of steps) {
    last = judge(filter, hook, { before, after }, last?.marked);
    if (last.ok === false) return last;
    if (last.ok === null) unsure ??= last;
  }
  return unsure ?? last ?? { ok: true, rule: null, table: null, chain: '' };
}

/** Null where the rules surely let it through, or were not read at all. */
export function firewallHop({
  filter,
  hook,
  family,
  before,
  address,
  port,
  protocol,
  translated,
  by,
  to,
  name,
}: Asked): Hop | null {
  if (filter == null) return null;
  const packet: Packet = {
    family,
    protocol,
    // From anywhere.
    source: null,
    destination: address,
    sourcePort: FREE_PORTS,
    port: [port, port],
    by: null,
    to,
    local: hook === 'input',
    state: 'new',
    translated,
    flags: protocol === 'tcp' ? SYN : null,
  };
  const all = by.map((link) => {
    const at = { ...packet, by: link };
    const first = { ...at, destination: before.address, port: [before.port, before.port] as const, local: true };
    const arriving: Step = ['prerouting', { ...first, translated: false, to: null }, { ...at, to: null }];
    const there = through(filter, [arriving, [hook, at, at], ...(hook === 'forward' ? [leaving(at)] : [])]);
    if (there.ok !== true) return { ...there, answers: false };
    // A connection that is let in is of no use where its answers are not let out.
    const answer = answerOf(at, false);
    const back = through(
      filter,
      hook === 'input'
        ? [['output', answer, answer], leaving(answer)]
        : [
            ['prerouting', { ...answer, to: null }, { ...answer, to: null }],
            ['forward', answer, answer],
            leaving(answer),
          ],
    );
    return { ...back, answers: true };
  });
  const judged = all.find(({ ok }) => ok !== true) ?? all[0];
  if (judged === undefined) return null;
  const [lacks] = filter.unread;
  if (judged.ok === true && lacks === undefined) return null;
  return {
    what: 'firewall',
    text:
      judged.answers && judged.ok !== true
        ? t('the answer through the firewall of {here}', { here: name })
        : t('firewall of {here}', { here: name }),
    // Stopped on one link and let in by another: it depends on who asks.
    ok: all.every(({ ok }) => ok === false) ? false : null,
    evidence: judged.ok === true ? (lacks ?? '') : judgementText(judged),
  };
}

/** The links by which other machines may ask: neither those of containers nor the loopback. */
export function outwardLinks(links: readonly Link[]): (string | null)[] {
  const names = links
    .filter(({ kind, loopback, up }) => up && !loopback && kind !== 'bridge' && kind !== 'veth' && kind !== 'dummy')
    .map(({ name }) => name);
  return names.length === 0 ? [null] : names.slice(0, MOST_LINKS);
}
