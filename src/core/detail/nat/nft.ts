import { t } from '../../words/words.ts';
import { attributes, bigOf, byType, number, text } from './bytes.ts';
import { comparison, rangeCondition } from './compare.ts';
import { ANY, both, type Condition, words } from './condition.ts';
import { chanceField, connectionField, fieldName, headerBytes, metaField, routeField, unknownField } from './fields.ts';
import { elementsOf, joined, outside, unreadSet } from './lookup.ts';
import { addressText } from './ranges.ts';
import { groupsOf, type Lookup, Registers } from './registers.ts';
import type { Action, MarkSet, Outcome, Rule, Target } from './rules.ts';
import { type Element, type NftSet, setKey, verdictOf } from './sets.ts';
import { xtMatch } from './xt.ts';
import { markTarget, xtTarget } from './xt-target.ts';

/** The one evaluator of nftables' expressions: a rule's expressions to what they ask and do. */

/** The most outcomes of one rule; beyond that the rule says that it asks for more than is shown. */
const MOST_OUTCOMES = 256;
/** A rule's name for the packet's mark. */
const MARK_KEY = 3;

/** Objects with names that only note or attach something: counter, ct helper, tunnel, ct timeout, secmark, ct expectation. */
const PASSING_OBJECTS = new Set([1, 3, 6, 7, 8, 9]);

/** What rules of a namespace refer to. */
export interface Surroundings {
  /** By `setKey`. */
  readonly sets: ReadonlyMap<string, NftSet>;
  /** The names of links by number. */
  readonly links: ReadonlyMap<number, string>;
}

class Evaluation {
  conditions: Condition[];
  readonly #registers = new Registers();
  readonly #tableFamily: number;
  readonly #table: string;
  readonly #around: Surroundings;
  action: Action = { type: 'continue' };
  /** Outcomes of a verdict map, in place of the one action. */
  outcomes: Outcome[] | null = null;
  by: Rule['by'] = 'nft';
  mark: MarkSet | undefined;
  untracks = false;

  constructor(tableFamily: number, table: string, around: Surroundings) {
    this.#tableFamily = tableFamily;
    this.#table = table;
    this.#around = around;
    const family = tableFamily === 2 ? 4 : tableFamily === 10 ? 6 : null;
    this.conditions = [{ ...ANY, family }];
  }

  ask(...alternatives: readonly (Condition | null)[]): void {
    const all = alternatives.filter((each) => each !== null);
    if (this.conditions.length * all.length > MOST_OUTCOMES) {
      this.ask(words(t('one of more combinations than are told here')));
      return;
    }
    this.conditions = this.conditions.flatMap((own) => all.flatMap((each) => both(own, each) ?? []));
  }

  #narrowest(): Condition {
    return this.conditions[0] ?? ANY;
  }

  #lookUp(parts: ReadonlyMap<number, Uint8Array>): void {
    const name = text(parts.get(1));
    const register = number(parts.get(2), 0, 4, false);
    const target = number(parts.get(3), 0, 4, false);
    const inverted = ((number(parts.get(5), 0, 4, false) ?? 0) & 1) !== 0;
    const set = this.#around.sets.get(setKey(this.#tableFamily, this.#table, name));
    const bytes = this.#registers.read(register, set?.keyLength ?? 1);
    const narrowest = this.#narrowest();
    const found = elementsOf(set, bytes, narrowest, this.#around.links);
    if (found === null) this.ask(unreadSet(name, bytes[0], inverted));
    if (target !== null) this.#lookUpMap({ set: name, found }, target);
    if (target !== null || found === null) return;
    const conditions = found.map(({ condition }) => condition);
    const single = joined(conditions, narrowest);
    if (inverted) this.ask(outside(conditions, narrowest));
    else if (single !== null) this.ask(single.inside);
    else this.ask(...conditions);
  }

  #lookUpMap(lookup: Lookup, target: number): void {
    // Register 0 is the verdict.
    if (target !== 0) {
      this.#registers.put(
        target,
        Array.from({ length: 64 }, (_, index) => ({ is: 'map', lookup, index }) as const),
      );
    } else if (lookup.found !== null) {
      this.outcomes = this.#expanded(lookup.found, ({ verdict }) => actionOf(verdict));
    } else
      this.action = { type: 'unclear', what: t('what the map {name} says, which was not read', { name: lookup.set }) };
  }

  #expanded(found: NonNullable<Lookup['found']>, act: (element: Element) => Action): Outcome[] {
    if (found.length * this.conditions.length > MOST_OUTCOMES * 16) {
      const what = t('what a map of more entries than are told here says');
      this.ask(words(what));
      return this.conditions.map((condition) => ({ condition, action: { type: 'unclear', what } }));
    }
    return found.flatMap(({ condition, element }) =>
      this.conditions.flatMap((own) => {
        const fits = both(own, condition);
        return fits === null ? [] : [{ condition: fits, action: act(element) }];
      }),
    );
  }

  #translate(
    kind: Target['kind'],
    registers: { low: number | null; high: number | null; first: number | null; last: number | null },
    family: number | null,
    note: string | null,
  ): void {
    // In a table of both families it translates packets of its own alone, and lets the others pass.
    if (registers.low !== null && (family === 2 || family === 10)) this.ask({ ...ANY, family: family === 2 ? 4 : 6 });
    const length = (family ?? this.#tableFamily) === 10 || this.#narrowest().family === 6 ? 16 : 4;
    const target = (element: Element | null): Target => {
      const address = (register: number | null): string | null => {
        const bytes = register === null ? null : this.#registers.constant(register, length, element);
        return bytes === null ? null : addressText(bigOf(bytes), length * 8);
      };
      const port = (register: number | null): string | null => {
        const bytes = register === null ? null : this.#registers.constant(register, 2, element);
        return bytes === null ? null : String(bigOf(bytes));
      };
      const span = (from: string | null, to: string | null) => (to === null || from === to ? from : `${from}-${to}`);
      const [addresses, ports] = [
        span(address(registers.low), address(registers.high)),
        span(port(registers.first), port(registers.last)),
      ];
      const unknown =
        (registers.low !== null && addresses === null) || (registers.first !== null && ports === null)
          ? t('to what could not be read')
          : null;
      return { kind, addresses, ports, note: note ?? unknown };
    };
    const lookups = new Set<Lookup>();
    for (const register of Object.values(registers)) {
      const [byte] = register === null ? [] : this.#registers.read(register, 1);
      if (byte?.is === 'map') lookups.add(byte.lookup);
    }
    const [lookup, second] = lookups;
    if (lookup === undefined || lookup.found === null || second !== undefined) {
      if (second !== undefined) this.ask(words(t('an entry in each of two maps')));
      this.action = { type: 'nat', to: target(null) };
      return;
    }
    this.outcomes = this.#expanded(lookup.found, (element) => ({ type: 'nat', to: target(element) }));
  }

  evaluate(name: string, data: Uint8Array): void {
    const parts = byType(data);
    const num = (type: number) => number(parts.get(type), 0, 4, false);
    const constant = (type: number) => byType(parts.get(type)).get(1);
    switch (name) {
      case 'payload': {
        if (parts.has(5)) return;
        const places = headerBytes(num(2) ?? 0, num(3) ?? 0, Math.min(num(4) ?? 0, 64), this.#narrowest());
        this.#registers.put(
          num(1),
          places.map((each) => ({ is: 'field', ...each, mask: 0xff, flip: 0 }) as const),
        );
        return;
      }
      case 'meta':
        if (num(2) === MARK_KEY && num(3) !== null) this.mark = this.#markFrom(num(3));
        if (num(1) !== null) this.#registers.putField(num(1), metaField(num(2) ?? 0));
        return;
      case 'ct':
        if (num(1) !== null)
          this.#registers.putField(
            num(1),
            connectionField(num(2) ?? 0, number(parts.get(3), 0, 1, false), this.#narrowest().family),
          );
        return;
      case 'fib':
        this.#registers.putField(num(1), routeField(num(2) ?? 0, num(3) ?? 0));
        return;
      case 'numgen':
        this.#registers.putField(num(1), chanceField(num(4) ?? 0, Math.max(1, num(2) ?? 1), null));
        return;
      case 'hash': {
        const [first] = num(1) === null ? [] : this.#registers.read(num(1), 1);
        const of = first?.is === 'field' ? fieldName(first.field) : t('the connection');
        this.#registers.putField(
          num(2),
          chanceField(num(6) ?? 0, Math.max(1, num(4) ?? 1), t('by a hash of {what}', { what: of })),
        );
        return;
      }
      case 'immediate': {
        const value = constant(2);
        // `tproxy to :90 accept`: the verdict ends the rule, and what the rule does came before.
        if (num(1) === 0) {
          if (this.action.type !== 'nat') this.action = actionOf(verdictOf(byType(parts.get(2)).get(2)));
        } else if (value !== undefined)
          this.#registers.put(
            num(1),
            [...value].map((each) => ({ is: 'value', value: each }) as const),
          );
        return;
      }
      case 'bitwise':
        this.#bitwise(parts);
        return;
      case 'byteorder': {
        const length = num(4) ?? 0;
        const size = Math.max(1, num(5) ?? 1);
        const bytes = this.#registers.read(num(1), length);
        const turned = bytes.map((_, at) => bytes[at - (at % size) + size - 1 - (at % size)]);
        this.#registers.put(num(2), turned);
        return;
      }
      case 'cmp': {
        const value = constant(3) ?? new Uint8Array();
        const groups = groupsOf(this.#registers.read(num(1), value.length));
        this.ask(comparison(groups, num(2) ?? 0, value, this.#around.links));
        return;
      }
      case 'range': {
        const [low, high] = [constant(3) ?? new Uint8Array(), constant(4) ?? new Uint8Array()];
        this.ask(rangeCondition(groupsOf(this.#registers.read(num(1), low.length)), low, high, num(2) === 1));
        return;
      }
      case 'lookup':
        this.#lookUp(parts);
        return;
      case 'nat': {
        const flags = num(7) ?? 0;
        const kind = (flags & 64) !== 0 ? 'netmap' : num(1) === 1 ? 'dnat' : 'snat';
        this.#translate(kind, { low: num(3), high: num(4), first: num(5), last: num(6) }, num(2), null);
        return;
      }
      case 'redir':
        this.#translate('redirect', { low: null, high: null, first: num(1), last: num(2) }, null, null);
        return;
      case 'masq':
        this.#translate('masquerade', { low: null, high: null, first: num(2), last: num(3) }, null, null);
        return;
      case 'tproxy':
        this.#translate('tproxy', { low: num(2), high: null, first: num(3), last: null }, num(1), null);
        return;
      case 'match':
        if (this.by === 'nft') this.by = 'iptables-nft';
        this.ask(
          ...xtMatch(text(parts.get(1)), num(2) ?? 0, parts.get(3) ?? new Uint8Array(), this.#narrowest().family ?? 4),
        );
        return;
      case 'target': {
        this.by = 'iptables-nft';
        const family = this.#narrowest().family ?? 4;
        const [name, revision, info] = [text(parts.get(1)), num(2) ?? 0, parts.get(3) ?? new Uint8Array()];
        this.action = xtTarget(name, revision, info, family);
        this.mark = markTarget(name, revision, info) ?? this.mark;
        this.untracks ||= name === 'NOTRACK' || (name === 'CT' && (info[0] ?? 0) % 2 === 1);
        return;
      }
      case 'limit':
        this.ask(words(t('no more often than a limit')));
        return;
      case 'reject':
        this.action = { type: 'reject' };
        return;
      case 'queue':
      case 'synproxy':
        this.action = {
          type: 'unclear',
          what: name === 'queue' ? t('handed to a program (queue)') : t('answered here (synproxy)'),
        };
        return;
      case 'notrack':
        this.untracks = true;
        return;
      case 'objref':
        if (!PASSING_OBJECTS.has(num(1) ?? 0)) this.#putUnknown(name, null);
        return;
      case 'counter':
      case 'log':
      case 'last':
      case 'dup':
      case 'flow_offload':
        return;
      default:
        this.#putUnknown(name, num(1));
    }
  }

  /** Whatever it does, the rule is not told as wider than it is. */
  #putUnknown(name: string, register: number | null): void {
    this.#registers.putField(register, unknownField(name, 16));
    this.ask(words(t('the expression "{name}", which is not understood', { name })));
  }

  /** What a mark is set to, from a register. */
  #markFrom(register: number | null): MarkSet {
    const value = this.#registers.constant(register, 4, null);
    if (value !== null) return { keep: 0, flip: Number(bigOf(value.reverse())) };
    const [group, second] = groupsOf(this.#registers.read(register, 4)) ?? [];
    if (group === undefined || second !== undefined || group.field.name !== 'mark') return null;
    return { keep: Number(group.mask), flip: Number(group.flip) };
  }

  #bitwise(parts: ReadonlyMap<number, Uint8Array>): void {
    const num = (type: number) => number(parts.get(type), 0, 4, false);
    const length = Math.min(num(3) ?? 0, 64);
    const mask = byType(parts.get(4)).get(1);
    const flip = byType(parts.get(5)).get(1);
    const bytes = this.#registers.read(num(1), length);
    if ((num(6) ?? 0) !== 0 || mask === undefined) {
      this.#registers.putField(num(2), unknownField(t('a shift of bits'), length));
      return;
    }
    this.#registers.put(
      num(2),
      bytes.map((byte, at) => {
        if (byte?.is !== 'field') return undefined;
        const kept = mask[at] ?? 0;
        return { ...byte, mask: byte.mask & kept, flip: (byte.flip & kept) ^ (flip?.[at] ?? 0) };
      }),
    );
  }
}

/** linux/netfilter/nf_tables.h: enum nft_verdicts, and those of netfilter itself. */
function actionOf(verdict: Element['verdict']): Action {
  if (verdict === null) return { type: 'continue' };
  if (verdict.code === -3 || verdict.code === -4) {
    return { type: verdict.code === -3 ? 'jump' : 'goto', chain: verdict.chain };
  }
  if (verdict.code === -5) return { type: 'return' };
  if (verdict.code === -1) return { type: 'continue' };
  if (verdict.code === 0 || verdict.code === 1) return { type: verdict.code === 0 ? 'drop' : 'accept' };
  return { type: 'unclear', what: t('the verdict {code}, which is not understood', { code: verdict.code }) };
}

/** The expressions of one rule, as the kernel dumps them. */
export function nftRule(
  family: number,
  table: string,
  expressions: Uint8Array | undefined,
  around: Surroundings,
): Rule {
  const run = new Evaluation(family, table, around);
  for (const { data } of attributes(expressions)) {
    const parts = byType(data);
    run.evaluate(text(parts.get(1)), parts.get(2) ?? new Uint8Array());
  }
  const { by, action, mark, untracks } = run;
  const outcomes = run.outcomes ?? run.conditions.map((condition) => ({ condition, action }));
  return { by, outcomes, ...(mark === undefined ? {} : { mark }), ...(untracks ? { untracks } : {}) };
}
