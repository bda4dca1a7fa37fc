import { t } from '../../words/words.ts';
import { ANY, both, type Condition, minus, words } from './condition.ts';
import { type Base, HOOKS, type Hook, type Rule, type Table, type Target } from './rules.ts';

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

/** What leaves a chain: `gone` for all that follow, `accepted` by this chain, or null for what goes back to who called. */
interface Exit {
  readonly condition: Condition;
  readonly end: 'gone' | 'accepted' | null;
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
    const key = JSON.stringify([rest, exit.end], (_, value) => (typeof value === 'bigint' ? String(value) : value));
    const known = out.get(key);
    const sum = (known?.condition.share ?? 0) + share;
    out.set(key, { end: exit.end, condition: { ...exit.condition, share: Math.min(1, sum) } });
  }
  return [...out.values()];
}

function overlapsHook(hook: Hook | null, condition: Condition): boolean {
  // What arrives has no outgoing link yet, and what is sent from here came by none.
  if (hook === 'prerouting') return condition.links.oif === undefined || condition.links.oif.not;
  return hook !== 'output' || condition.links.iif === undefined || condition.links.iif.not;
}

type Source = Pick<Table, 'name' | 'chains'>;

/** A walk through the chains of several tables, of which no more than so many steps are taken. */
class Walk {
  readonly found: Found[] = [];
  #steps = 0;

  /** Adds that something may be taken by others first, where they take any of it. */
  reserve(at: number, text: string, gone: readonly Condition[]): void {
    const found = this.found[at];
    if (found === undefined || !gone.some((each) => both(found.condition, { ...each, except: [] }) !== null)) return;
    this.found[at] = { ...found, condition: { ...found.condition, also: [...found.condition.also, text] } };
  }

  get cut(): boolean {
    return this.#steps > MOST_STEPS;
  }

  /**
   * @param path what is true of every packet that comes here
   * @param before what chains that the kernel asks before this one took from it
   */
  visit(table: Source, chain: string, path: Condition, hook: Hook | null, depth: number, before?: Taken): Exit[] {
    const exits: Exit[] = [];
    const taken = new Taken();
    for (const { by, outcomes } of table.chains.get(chain) ?? []) {
      const ofRule: Exit[] = [];
      // The same, as parts of what the rules before left.
      const ofRest: Exit[] = [];
      for (const { condition, action } of outcomes) {
        this.#steps += 1;
        if (this.cut) return exits;
        const fits = both(path, condition);
        const own = fits === null || !overlapsHook(hook, fits) ? null : taken.from(fits);
        const left = own === null || before === undefined ? own : before.from(own);
        if (fits === null || left === null) continue;
        const at = ofRule.length;
        if (action.type === 'nat') {
          this.found.push({ by, table: table.name, chain, hook, condition: left, to: action.to });
          // With TPROXY the packet goes on to the tables that follow.
          ofRule.push({ condition: left, end: action.to.kind === 'tproxy' ? 'accepted' : 'gone' });
        } else if (action.type === 'accept') ofRule.push({ condition: left, end: 'accepted' });
        else if (action.type === 'drop' || action.type === 'reject') ofRule.push({ condition: left, end: 'gone' });
        else if (action.type === 'return') ofRule.push({ condition: left, end: null });
        else if ((action.type === 'jump' || action.type === 'goto') && depth < DEEPEST) {
          const below = this.visit(table, action.chain, left, hook, depth + 1);
          ofRule.push(...below.filter(({ end }) => end !== null));
          // What a chain that was gone to does not decide leaves this one, too.
          if (action.type === 'goto') ofRule.push({ condition: left, end: null });
        }
        const rest = (left.share / fits.share) * path.share;
        for (const { condition: gone, end } of ofRule.slice(at))
          ofRest.push({ condition: { ...gone, share: gone.share / rest, except: [] }, end });
      }
      // Without knowing what leads here, what comes first is no help.
      if (hook === null) continue;
      exits.push(...joinShares(ofRule));
      // What was kept from this rule was taken by one before it, and is in `taken` already.
      for (const { condition } of joinShares(ofRest)) taken.add(condition);
    }
    return exits;
  }
}

interface Place {
  readonly table: Table;
  readonly base: Base;
}

/**
 * The chains of a hook that translate, as the kernel asks them: the lowest priority first, and of those of one table and
 * priority the one that was made last. Source: nf_hook_entries_grow in linux/net/netfilter/core.c.
 */
function inOrder(tables: readonly Table[], hook: Hook): Place[] {
  return tables
    .flatMap((table) =>
      (table.bases ?? [])
        // TPROXY stands in filters, where packets arrive.
        .filter((base) => base.hook === hook && (base.type === 'nat' || hook === 'prerouting'))
        .map((base) => ({ table, base }))
        .reverse(),
    )
    .sort((a, b) => a.base.priority - b.base.priority);
}

/** What a place took from those after it, and where what it found begins. */
interface Visited extends Place {
  readonly gone: readonly Condition[];
  readonly from: number;
  readonly to: number;
}

/** Of two tables with one priority the kernel does not tell which was registered last, and so is asked first. */
function isRival(a: Place, b: Place): boolean {
  return a.table !== b.table && a.base.priority === b.base.priority;
}

/** Exceptions of exceptions are said to be there, and not told one by one: they would double from rule to rule. */
function shallow(condition: Condition): Condition {
  if (condition.except.length === 0) return condition;
  return { ...condition, except: [], also: [...condition.also, t('unless a rule before that takes it')] };
}

/** All translations at a hook. Once a packet was translated no chain translates it again. */
function atHook(walk: Walk, tables: readonly Table[], hook: Hook): void {
  const visited: Visited[] = [];
  for (const place of inOrder(tables, hook)) {
    const { table, base } = place;
    const taken = new Taken();
    for (const each of visited) if (!isRival(each, place)) for (const condition of each.gone) taken.add(condition);
    const from = walk.found.length;
    const exits = walk.visit(table, base.chain, { ...ANY, family: table.family }, hook, 1, taken);
    const gone = exits.flatMap(({ condition, end }) => (end === 'gone' ? [shallow(condition)] : []));
    visited.push({ ...place, gone, from, to: walk.found.length });
  }
  for (const place of visited) {
    for (const rival of visited) {
      if (!isRival(place, rival)) continue;
      const text = t('where {chain}, which has the same priority, does not take it first', {
        chain: `${rival.table.name} ${rival.base.chain}`,
      });
      for (let at = place.from; at < place.to; at++) walk.reserve(at, text, rival.gone);
    }
  }
}

/** All translations of tables, each with what must be true of a packet that meets it. */
export function translations(tables: readonly Table[]): { found: Found[]; cut: boolean } {
  const walk = new Walk();
  for (const table of tables) {
    if (table.bases !== null) continue;
    // What the rules themselves ask, and no more is known.
    const unknown = words(t('what leads to this chain, which was not read'));
    for (const chain of table.chains.keys())
      walk.visit(table, chain, { ...unknown, family: table.family }, null, DEEPEST);
  }
  for (const hook of HOOKS) atHook(walk, tables, hook);
  return { found: walk.found, cut: walk.cut };
}
