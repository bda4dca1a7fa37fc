import { t } from '../../words/words.ts';
import { ANY, both, type Condition, minus, words } from './condition.ts';
import type { Hook, Rule, Table, Target } from './rules.ts';

/** A translation with everything that leads to it. */
export interface Found {
  readonly by: Rule['by'];
  readonly table: string;
  readonly chain: string;
  /** Null where it is not known what leads there. */
  readonly hook: Hook | null;
  readonly condition: Condition;
  readonly to: Target;
}

/** What leaves a chain: a packet that is done, or one that goes back to who called. */
interface Exit {
  readonly condition: Condition;
  readonly done: boolean;
}

/** The kernel's own limit of jumps within jumps. */
const DEEPEST = 16;
/** A rule that is reached in more ways than all of these is not told in each. */
const MOST_STEPS = 60_000;
const MOST_EXCEPTIONS = 24;

/** Exits of the rules before, found by the one port that most of them are for. */
class Taken {
  readonly #byPort = new Map<string, Condition[]>();
  readonly #others: Condition[] = [];
  readonly #ports: Condition[] = [];

  static #port({ numbers: { dport } }: Condition): string | null {
    const [only, second] = dport ?? [];
    return only !== undefined && second === undefined && only[0] === only[1] ? String(only[0]) : null;
  }

  add(condition: Condition): void {
    const port = Taken.#port(condition);
    if (port === null) {
      this.#others.push(condition);
      return;
    }
    this.#ports.push(condition);
    const list = this.#byPort.get(port);
    if (list === undefined) this.#byPort.set(port, [condition]);
    else list.push(condition);
  }

  /** What is left of a condition. */
  from(condition: Condition): Condition | null {
    const port = Taken.#port(condition);
    const own = port === null ? this.#ports : (this.#byPort.get(port) ?? []);
    let left: Condition | null = condition;
    for (const each of [...this.#others, ...own]) {
      if (left === null) return null;
      left = minus(left, each);
    }
    if (left !== null && left.except.length > MOST_EXCEPTIONS) {
      const more = left.except.length - MOST_EXCEPTIONS;
      const text = t(
        'not for what {count, plural, one {# more earlier rule takes} other {# more earlier rules take}}',
        {
          count: more,
        },
      );
      return { ...left, except: left.except.slice(0, MOST_EXCEPTIONS), also: [...left.also, text] };
    }
    return left;
  }
}

/** The same packets, whatever part of them: two rules that each take a half take all. */
function joinShares(exits: readonly Exit[]): Exit[] {
  const out = new Map<string, Exit>();
  for (const exit of exits) {
    const { share, ...rest } = exit.condition;
    const key = JSON.stringify([rest, exit.done], (_, value) => (typeof value === 'bigint' ? String(value) : value));
    const known = out.get(key);
    const sum = (known?.condition.share ?? 0) + share;
    out.set(key, { done: exit.done, condition: { ...exit.condition, share: Math.min(1, sum) } });
  }
  return [...out.values()];
}

function overlapsHook(hook: Hook | null, condition: Condition): boolean {
  // What arrives has no outgoing link yet, and what is sent from here came by none.
  if (hook === 'prerouting') return condition.links.oif === undefined || condition.links.oif.not;
  return hook !== 'output' || condition.links.iif === undefined || condition.links.iif.not;
}

/** All translations of a table, each with what must be true of a packet that meets it. */
export function translations(table: Table): { found: Found[]; cut: boolean } {
  const found: Found[] = [];
  let steps = 0;

  function visit(chain: string, path: Condition, hook: Hook | null, depth: number): Exit[] {
    const exits: Exit[] = [];
    const taken = new Taken();
    for (const { by, outcomes } of table.chains.get(chain) ?? []) {
      const ofRule: Exit[] = [];
      // The same, as parts of what the rules before left.
      const ofRest: Exit[] = [];
      for (const { condition, action } of outcomes) {
        steps += 1;
        if (steps > MOST_STEPS) return exits;
        const fits = both(path, condition);
        const left = fits === null || !overlapsHook(hook, fits) ? null : taken.from(fits);
        if (fits === null || left === null) continue;
        const before = ofRule.length;
        if (action.type === 'nat') {
          found.push({ by, table: table.name, chain, hook, condition: left, to: action.to });
          ofRule.push({ condition: left, done: true });
        } else if (['accept', 'drop', 'reject'].includes(action.type)) ofRule.push({ condition: left, done: true });
        else if (action.type === 'return') ofRule.push({ condition: left, done: false });
        else if ((action.type === 'jump' || action.type === 'goto') && depth < DEEPEST) {
          const below = visit(action.chain, left, hook, depth + 1);
          ofRule.push(...below.filter(({ done }) => done));
          // What a chain that was gone to does not decide leaves this one, too.
          if (action.type === 'goto') ofRule.push({ condition: left, done: false });
        }
        const rest = (left.share / fits.share) * path.share;
        for (const { condition: gone, done } of ofRule.slice(before))
          ofRest.push({ condition: { ...gone, share: gone.share / rest, except: [] }, done });
      }
      // Without knowing what leads here, what comes first is no help.
      if (hook === null) continue;
      exits.push(...joinShares(ofRule));
      // What was kept from this rule was taken by one before it, and is in `taken` already.
      for (const { condition } of joinShares(ofRest)) taken.add(condition);
    }
    return exits;
  }

  if (table.bases === null) {
    // What the rules themselves ask, and no more is known.
    const unknown = words(t('what leads to this chain, which was not read'));
    for (const chain of table.chains.keys()) visit(chain, { ...unknown, family: table.family }, null, DEEPEST);
  } else {
    // TPROXY stands in filters, where packets arrive.
    const translating = table.bases.filter(({ type, hook }) => type === 'nat' || hook === 'prerouting');
    const bases = translating.sort((a, b) => a.priority - b.priority);
    for (const base of bases) visit(base.chain, { ...ANY, family: table.family }, base.hook, 1);
  }
  return { found, cut: steps > MOST_STEPS };
}
