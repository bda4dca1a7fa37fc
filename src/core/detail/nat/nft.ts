import { attributes, bigOf, byType, number, text } from './bytes.ts';
import { ANY, both, type Condition, conditionText, words } from './condition.ts';
import {
  chanceField,
  connectionField,
  type Field,
  fieldCondition,
  flagNames,
  headerBytes,
  metaField,
  routeField,
  unknownField,
} from './fields.ts';
import { addressText, complement, maskedRange, rangesOf } from './ranges.ts';
import type { Action, Outcome, Rule, Target } from './rules.ts';
import { type Element, type NftSet, setKey, verdictOf } from './sets.ts';
import { xtMatch, xtTarget } from './xt.ts';

/** The one evaluator of nftables' expressions: a rule's expressions to what they ask and do. */

/** What a byte of a register holds. */
type Byte =
  | {
      readonly is: 'field';
      readonly field: Field;
      readonly index: number;
      readonly mask: number;
      readonly flip: number;
    }
  | { readonly is: 'value'; readonly value: number }
  | { readonly is: 'map'; readonly lookup: Lookup; readonly index: number };

/** A look into a map: its elements with what each asks. */
interface Lookup {
  readonly set: string;
  /** Null where the map could not be read. */
  readonly found: readonly { readonly condition: Condition; readonly element: Element }[] | null;
}

const REGISTERS = 16;
/** What one rule may be taken apart into; beyond that it is told as more special than shown. */
const MOST_OUTCOMES = 256;

/** The older registers are of 16 bytes each, the newer ones of 4. */
function place(register: number | null): number {
  const slot = register === null ? -1 : register >= 8 ? register - 8 : (register - 1) * 4;
  return slot >= 0 && slot < REGISTERS ? slot * 4 : -1;
}

interface Group {
  readonly field: Field;
  /** Of the whole field, highest first. */
  readonly mask: bigint;
  readonly flip: bigint;
  /** Where its bytes are among those that are compared, by their place in the field. */
  readonly bytes: readonly { readonly at: number; readonly shift: bigint }[];
  /** Whether the bytes stand in the order of their weight, as comparisons by size need. */
  readonly ordered: boolean;
}

/** Bytes next to each other that belong to one field. Null where one of them is not of a field. */
function groupsOf(bytes: readonly (Byte | undefined)[]): Group[] | null {
  const out: { field: Field; mask: bigint; flip: bigint; bytes: { at: number; shift: bigint }[]; ordered: boolean }[] =
    [];
  for (const [at, byte] of bytes.entries()) {
    if (byte === undefined || byte.is !== 'field') return null;
    const { field, index } = byte;
    const shift = BigInt(8 * (field.little ? index : field.bytes - 1 - index));
    let last = out.at(-1);
    if (last === undefined || last.field !== field) {
      last = { field, mask: 0n, flip: 0n, bytes: [], ordered: true };
      out.push(last);
    }
    const previous = last.bytes.at(-1);
    if (previous !== undefined && previous.shift !== shift + 8n) last.ordered = false;
    last.mask |= BigInt(byte.mask) << shift;
    last.flip |= BigInt(byte.flip) << shift;
    last.bytes.push({ at, shift });
  }
  return out;
}

function valueIn({ bytes }: Group, value: Uint8Array): bigint {
  return bytes.reduce((sum, { at, shift }) => sum | (BigInt(value[at] ?? 0) << shift), 0n);
}

function nameCondition(group: Group, value: Uint8Array, inverted: boolean): Condition {
  const { means, bytes: width } = group.field;
  const compared = Uint8Array.from(group.bytes.map(({ at }) => value[at] ?? 0));
  const end = compared.indexOf(0);
  const name = text(compared);
  const whole = end >= 0 || compared.length === width;
  const of = [whole ? name : `${name}*`];
  return means.type === 'link' ? { ...ANY, links: { [means.dimension]: { not: inverted, of } } } : ANY;
}

/** What it asks that a group is this value (or is not); null where nothing fits. */
function equalCondition(group: Group, value: Uint8Array, inverted: boolean): Condition | null {
  const { field, mask, flip } = group;
  if (field.means.type === 'link') return nameCondition(group, value, inverted);
  const bits = field.bytes * 8;
  const wanted = valueIn(group, value) ^ flip;
  if ((wanted & ~mask) !== 0n) return inverted ? ANY : null;
  const range = maskedRange(wanted, mask, bits);
  if (range !== null) {
    const ranges = rangesOf([range]);
    return fieldCondition(field, inverted ? complement(ranges, bits) : ranges);
  }
  const { means } = field;
  if (means.type === 'flags' && wanted === 0n) {
    return words(`${field.name} ${inverted ? '' : 'not '}${flagNames(means.names, mask)}`);
  }
  const relation = inverted ? 'is not' : 'is';
  return words(`${field.name} under the mask 0x${mask.toString(16)} ${relation} 0x${wanted.toString(16)}`);
}

const OPERATORS = ['==', '!=', '<', '<=', '>', '>='];

class Evaluation {
  conditions: Condition[];
  readonly #registers: (Byte | undefined)[] = [];
  readonly #tableFamily: number;
  readonly #table: string;
  readonly #sets: ReadonlyMap<string, NftSet>;
  action: Action = { type: 'continue' };
  /** Outcomes of a verdict map, in place of the one action. */
  outcomes: Outcome[] | null = null;
  by: Rule['by'] = 'nft';

  constructor(tableFamily: number, table: string, sets: ReadonlyMap<string, NftSet>) {
    this.#tableFamily = tableFamily;
    this.#table = table;
    this.#sets = sets;
    const family = tableFamily === 2 ? 4 : tableFamily === 10 ? 6 : null;
    this.conditions = [{ ...ANY, family }];
  }

  ask(...alternatives: readonly (Condition | null)[]): void {
    const all = alternatives.filter((each) => each !== null);
    if (this.conditions.length * all.length > MOST_OUTCOMES) {
      this.ask(words('one of more combinations than are told here'));
      return;
    }
    this.conditions = this.conditions.flatMap((own) => all.flatMap((each) => both(own, each) ?? []));
  }

  #narrowest(): Condition {
    return this.conditions[0] ?? ANY;
  }

  #put(register: number | null, bytes: readonly (Byte | undefined)[]): void {
    const at = place(register);
    if (at < 0) return;
    // What is loaded fills up its last register.
    for (let index = 0; index < ((bytes.length + 3) & ~3); index++) this.#registers[at + index] = bytes[index];
  }

  #putField(register: number | null, field: Field): void {
    this.#put(
      register,
      Array.from({ length: field.bytes }, (_, index) => ({ is: 'field', field, index, mask: 0xff, flip: 0 }) as const),
    );
  }

  #read(register: number | null, length: number): (Byte | undefined)[] {
    const at = place(register);
    return at < 0 ? [] : Array.from({ length }, (_, index) => this.#registers[at + index]);
  }

  #compare(register: number | null, operator: number, value: Uint8Array): void {
    const bytes = this.#read(register, value.length);
    const groups = groupsOf(bytes);
    const [only] = groups ?? [];
    if (groups === null || only === undefined) {
      this.ask(words(`a comparison (${OPERATORS[operator] ?? '?'}) of what is not understood`));
    } else if (operator === 0) {
      for (const group of groups) this.ask(equalCondition(group, value, false));
    } else if (operator === 1 && groups.length === 1) this.ask(equalCondition(only, value, true));
    else if (operator === 1) {
      const parts = groups.map((group) => equalCondition(group, value, false));
      const all = parts.reduce(
        (sum, each) => (sum === null || each === null ? null : both(sum, each)),
        ANY as Condition | null,
      );
      if (all !== null) this.ask(words(`not (${conditionText(all)})`));
    } else this.#bySize(groups, operator, value);
  }

  #bySize(groups: readonly Group[], operator: number, value: Uint8Array): void {
    const [group] = groups;
    if (group === undefined) return;
    const bits = group.field.bytes * 8;
    const top = (1n << BigInt(bits)) - 1n;
    if (groups.length !== 1 || !group.ordered || group.mask !== top || group.flip !== 0n) {
      const names = groups.map(({ field }) => field.name).join(' and ');
      this.ask(words(`${names} ${OPERATORS[operator] ?? '?'} 0x${bigOf(value).toString(16)}`));
      return;
    }
    const limit = valueIn(group, value);
    const range = (
      [
        [0n, limit - 1n],
        [0n, limit],
        [limit + 1n, top],
        [limit, top],
      ] as const
    )[operator - 2];
    this.ask(fieldCondition(group.field, rangesOf(range === undefined ? [] : [range])));
  }

  /** What each element of a set asks of a key; null where that cannot be said. */
  #elements(set: NftSet | undefined, register: number | null): { condition: Condition; element: Element }[] | null {
    if (set === undefined || !set.whole) return null;
    const bytes = this.#read(register, set.keyLength);
    const parts: Group[] = [];
    // Each part of a concatenation begins with a register of its own.
    for (let at = 0; at < set.keyLength; ) {
      const first = bytes[at];
      if (first === undefined || first.is !== 'field') return null;
      let end = at + 1;
      for (
        let next = bytes[end];
        next !== undefined && next.is === 'field' && next.field === first.field;
        next = bytes[++end]
      );
      const [group] = groupsOf(bytes.slice(at, end)) ?? [];
      if (group === undefined || group.flip !== 0n) return null;
      if (group.mask !== (1n << BigInt(8 * group.field.bytes)) - 1n) return null;
      const start = at;
      parts.push({ ...group, bytes: group.bytes.map((each) => ({ ...each, at: each.at + start })) });
      at = (end + 3) & ~3;
    }
    const named = set.elements.filter(({ keys }) => keys !== null);
    const out: { condition: Condition; element: Element }[] = [];
    for (const element of named) {
      const [from, to] = element.keys ?? [new Uint8Array(), new Uint8Array()];
      let condition: Condition | null = ANY;
      for (const part of parts) {
        const asked: Condition | null =
          part.field.means.type === 'link'
            ? nameCondition(part, from, false)
            : fieldCondition(part.field, rangesOf([[valueIn(part, from), valueIn(part, to)]]));
        condition = condition === null || asked === null ? null : both(condition, asked);
      }
      if (condition !== null) out.push({ condition, element });
    }
    const rest = set.elements.find(({ keys }) => keys === null);
    if (rest !== undefined) {
      const asked = this.#outside(out.map(({ condition }) => condition));
      if (asked !== null) out.push({ condition: asked, element: rest });
    }
    return out;
  }

  /** None of these. */
  #outside(conditions: readonly Condition[]): Condition | null {
    const single = this.#joined(conditions);
    if (single === null)
      return words(
        `none of: ${conditions.slice(0, 8).map(conditionText).join('; ')}${conditions.length > 8 ? '; and more' : ''}`,
      );
    return single.outside;
  }

  /** Conditions that ask for one thing alone, as one; null where there are several things. */
  #joined(conditions: readonly Condition[]): { inside: Condition; outside: Condition | null } | null {
    if (conditions.length === 0) return { inside: words('never'), outside: ANY };
    const dimensions = new Set(conditions.flatMap(({ numbers }) => Object.keys(numbers)));
    const links = new Set(conditions.flatMap((each) => Object.keys(each.links)));
    const plain = conditions.every(
      ({ also, local, family, share, unread }) =>
        also.length === 0 && local === null && family === null && share === 1 && Object.keys(unread).length === 0,
    );
    if (!plain || dimensions.size + links.size !== 1) return null;
    const [dimension] = dimensions;
    const [link] = links;
    if (link === 'iif' || link === 'oif') {
      const of = conditions.flatMap((each) => each.links[link]?.of ?? []);
      return {
        inside: { ...ANY, links: { [link]: { not: false, of } } },
        outside: { ...ANY, links: { [link]: { not: true, of } } },
      };
    }
    const first = conditions[0]?.numbers;
    const key = dimension as keyof NonNullable<typeof first>;
    const ranges = rangesOf(conditions.flatMap(({ numbers }) => [...(numbers[key] ?? [])]));
    const narrowest = this.#narrowest();
    const bits =
      key === 'protocol'
        ? 8
        : key === 'mark'
          ? 32
          : key === 'daddr' || key === 'saddr'
            ? narrowest.family === 6
              ? 128
              : 32
            : 16;
    const rest = complement(ranges, bits);
    return {
      inside: { ...ANY, numbers: { [key]: ranges } },
      outside: rest.length === 0 ? null : { ...ANY, numbers: { [key]: rest } },
    };
  }

  #lookUp(parts: ReadonlyMap<number, Uint8Array>): void {
    const name = text(parts.get(1));
    const register = number(parts.get(2), 0, 4, false);
    const target = number(parts.get(3), 0, 4, false);
    const inverted = ((number(parts.get(5), 0, 4, false) ?? 0) & 1) !== 0;
    const set = this.#sets.get(setKey(this.#tableFamily, this.#table, name));
    const found = this.#elements(set, register);
    if (found === null) this.ask(this.#unread(name, register, inverted));
    if (target !== null) this.#lookUpMap({ set: name, found }, target);
    if (target !== null || found === null) return;
    const conditions = found.map(({ condition }) => condition);
    const joined = this.#joined(conditions);
    if (inverted) this.ask(this.#outside(conditions));
    else if (joined !== null) this.ask(joined.inside);
    else this.ask(...conditions);
  }

  /** What is asked of a set or map that could not be read: of which field, at least. */
  #unread(name: string, register: number | null, inverted: boolean): Condition {
    const first = this.#read(register, 1)[0];
    const title = name.startsWith('__') ? 'those of a set that was not read' : `those of ${name}, which was not read`;
    if (first?.is === 'field' && first.field.means.type === 'number')
      return { ...ANY, unread: { [first.field.means.dimension]: { not: inverted, of: [title] } } };
    return words(`${first?.is === 'field' ? first.field.name : 'something'} ${inverted ? 'not ' : ''}among ${title}`);
  }

  #lookUpMap(lookup: Lookup, target: number): void {
    // Register 0 is the verdict.
    if (target !== 0) {
      this.#put(
        target,
        Array.from({ length: 64 }, (_, index) => ({ is: 'map', lookup, index }) as const),
      );
    } else if (lookup.found !== null) {
      this.outcomes = this.#expanded(lookup.found, ({ verdict }) => actionOf(verdict));
    }
  }

  #expanded(found: NonNullable<Lookup['found']>, act: (element: Element) => Action): Outcome[] {
    if (found.length * this.conditions.length > MOST_OUTCOMES * 16) {
      this.ask(words('what a map of more entries than are told here says'));
      return this.conditions.map((condition) => ({ condition, action: { type: 'continue' } }));
    }
    return found.flatMap(({ condition, element }) =>
      this.conditions.flatMap((own) => {
        const fits = both(own, condition);
        return fits === null ? [] : [{ condition: fits, action: act(element) }];
      }),
    );
  }

  /** The bytes that a statement takes from a register, for one element of each map that is asked. */
  #constant(register: number | null, length: number, element: Element | null): Uint8Array | null {
    const bytes = this.#read(register, length).map((byte) => {
      if (byte?.is === 'value') return byte.value;
      return byte?.is === 'map' ? (element?.data?.[byte.index] ?? null) : null;
    });
    return bytes.length === length && bytes.every((byte) => byte !== null) ? Uint8Array.from(bytes) : null;
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
        const bytes = register === null ? null : this.#constant(register, length, element);
        return bytes === null ? null : addressText(bigOf(bytes), length * 8);
      };
      const port = (register: number | null): string | null => {
        const bytes = register === null ? null : this.#constant(register, 2, element);
        return bytes === null ? null : String(bigOf(bytes));
      };
      const span = (from: string | null, to: string | null) => (to === null || from === to ? from : `${from}-${to}`);
      const [addresses, ports] = [
        span(address(registers.low), address(registers.high)),
        span(port(registers.first), port(registers.last)),
      ];
      const unknown =
        (registers.low !== null && addresses === null) || (registers.first !== null && ports === null)
          ? 'to what could not be read'
          : null;
      return { kind, addresses, ports, note: note ?? unknown };
    };
    const lookups = new Set<Lookup>();
    for (const register of Object.values(registers)) {
      const [byte] = register === null ? [] : this.#read(register, 1);
      if (byte?.is === 'map') lookups.add(byte.lookup);
    }
    const [lookup, second] = lookups;
    if (lookup === undefined || lookup.found === null || second !== undefined) {
      if (second !== undefined) this.ask(words('an entry in each of two maps'));
      this.action = { type: 'nat', to: target(null) };
      return;
    }
    this.outcomes = this.#expanded(lookup.found, (element) => ({ type: 'nat', to: target(element) }));
  }

  evaluate(name: string, data: Uint8Array): void {
    const parts = byType(data);
    const num = (type: number) => number(parts.get(type), 0, 4, false);
    const value = (type: number) => byType(parts.get(type)).get(1);
    switch (name) {
      case 'payload': {
        if (parts.has(5)) return;
        const places = headerBytes(num(2) ?? 0, num(3) ?? 0, Math.min(num(4) ?? 0, 64), this.#narrowest());
        this.#put(
          num(1),
          places.map((each) => ({ is: 'field', ...each, mask: 0xff, flip: 0 }) as const),
        );
        return;
      }
      case 'meta':
        if (num(1) !== null) this.#putField(num(1), metaField(num(2) ?? 0));
        return;
      case 'ct':
        if (num(1) !== null)
          this.#putField(
            num(1),
            connectionField(num(2) ?? 0, number(parts.get(3), 0, 1, false), this.#narrowest().family),
          );
        return;
      case 'fib':
        this.#putField(num(1), routeField(num(2) ?? 0, num(3) ?? 0));
        return;
      case 'numgen':
        this.#putField(num(1), chanceField(num(4) ?? 0, Math.max(1, num(2) ?? 1), null));
        return;
      case 'hash': {
        const [first] = num(1) === null ? [] : this.#read(num(1), 1);
        const of = first?.is === 'field' ? first.field.name : 'the connection';
        this.#putField(num(2), chanceField(num(6) ?? 0, Math.max(1, num(4) ?? 1), `by a hash of ${of}`));
        return;
      }
      case 'immediate': {
        const constant = value(2);
        if (num(1) === 0) this.action = actionOf(verdictOf(byType(parts.get(2)).get(2)));
        else if (constant !== undefined)
          this.#put(
            num(1),
            [...constant].map((each) => ({ is: 'value', value: each }) as const),
          );
        return;
      }
      case 'bitwise':
        this.#bitwise(parts);
        return;
      case 'byteorder': {
        const length = num(4) ?? 0;
        const size = Math.max(1, num(5) ?? 1);
        const bytes = this.#read(num(1), length);
        const turned = bytes.map((_, at) => bytes[at - (at % size) + size - 1 - (at % size)]);
        this.#put(num(2), turned);
        return;
      }
      case 'cmp':
        this.#compare(num(1), num(2) ?? 0, value(3) ?? new Uint8Array());
        return;
      case 'range': {
        const [low, high] = [value(3) ?? new Uint8Array(), value(4) ?? new Uint8Array()];
        const groups = groupsOf(this.#read(num(1), low.length));
        const [group] = groups ?? [];
        if (groups?.length !== 1 || group === undefined || !group.ordered || group.bytes.length !== group.field.bytes) {
          this.ask(words('a range of what is not understood'));
          return;
        }
        const ranges = rangesOf([[valueIn(group, low), valueIn(group, high)]]);
        this.ask(fieldCondition(group.field, num(2) === 1 ? complement(ranges, group.field.bytes * 8) : ranges));
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
        this.ask(xtMatch(text(parts.get(1)), num(2) ?? 0, parts.get(3) ?? new Uint8Array()));
        return;
      case 'target': {
        this.by = 'iptables-nft';
        const family = this.#narrowest().family ?? 4;
        this.action = xtTarget(text(parts.get(1)), num(2) ?? 0, parts.get(3) ?? new Uint8Array(), family);
        return;
      }
      case 'limit':
        this.ask(words('no more often than a limit'));
        return;
      case 'reject':
        this.action = { type: 'drop' };
        return;
      case 'counter':
      case 'log':
      case 'last':
      case 'notrack':
      case 'dup':
        return;
      default:
        this.#putUnknown(name, num(1));
    }
  }

  /** Whatever it does, the rule is not told as wider than it is. */
  #putUnknown(name: string, register: number | null): void {
    this.#putField(register, unknownField(name, 16));
    this.ask(words(`the expression "${name}", which is not understood`));
  }

  #bitwise(parts: ReadonlyMap<number, Uint8Array>): void {
    const num = (type: number) => number(parts.get(type), 0, 4, false);
    const length = Math.min(num(3) ?? 0, 64);
    const mask = byType(parts.get(4)).get(1);
    const flip = byType(parts.get(5)).get(1);
    const bytes = this.#read(num(1), length);
    if ((num(6) ?? 0) !== 0 || mask === undefined) {
      this.#putField(num(2), unknownField('a shift of bits', length));
      return;
    }
    this.#put(
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
  return { type: verdict.code === 0 ? 'drop' : verdict.code === 1 ? 'accept' : 'continue' };
}

/** The expressions of one rule, as the kernel dumps them. */
export function nftRule(
  family: number,
  table: string,
  expressions: Uint8Array | undefined,
  sets: ReadonlyMap<string, NftSet>,
): Rule {
  const run = new Evaluation(family, table, sets);
  for (const { data } of attributes(expressions)) {
    const parts = byType(data);
    run.evaluate(text(parts.get(1)), parts.get(2) ?? new Uint8Array());
  }
  const { by, action } = run;
  return { by, outcomes: run.outcomes ?? run.conditions.map((condition) => ({ condition, action })) };
}
