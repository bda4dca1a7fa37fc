import type { Hook } from '../nat/rules.ts';
import { fits, type Marked, type Packet } from './fit.ts';
import type { Filter, FilterRule } from './schema.ts';

/** What the chains of a hook make of a packet. */
export interface Judgement {
  /** Whether it passes; null where that is not known. */
  readonly ok: boolean | null;
  /** The rule that decides or is not understood; null for a policy, and where all let it pass. */
  readonly rule: FilterRule | null;
  readonly table: Filter['tables'][number] | null;
  readonly chain: string;
}

type Step = { readonly table: Filter['tables'][number]; readonly chain: string; readonly rule: FilterRule | null };

/** All that may become of a packet in a chain. */
interface Ends {
  /** By which rule or policy it may be dropped. */
  drop: Step | null;
  accept: boolean;
  /** It may go back to who called. */
  back: boolean;
  /** The first that is not known: whether it fits, or what it does. */
  unsure: Step | null;
}

const PASSES: Judgement = { ok: true, rule: null, table: null, chain: '' };
/** The kernel's own limit of jumps within jumps. */
const DEEPEST = 16;
const MOST_STEPS = 100_000;

class Walk {
  marked: Marked = { mark: 0, untracked: false };
  #steps = 0;
  readonly #packet: Packet;
  readonly #hook: Hook;

  constructor(packet: Packet, hook: Hook) {
    this.#packet = packet;
    this.#hook = hook;
  }

  visit(table: Step['table'], chain: string, depth: number): Ends {
    const ends: Ends = { drop: null, accept: false, back: false, unsure: null };
    for (const rule of table.chains[chain] ?? []) {
      const step = { table, chain, rule };
      this.#steps += 1;
      const lost = this.#steps > MOST_STEPS || depth > DEEPEST;
      const fit = lost ? null : fits(rule, this.#packet, this.marked, this.#hook);
      if (fit === false) continue;
      if (fit === null && rule.does !== 'continue') ends.unsure ??= step;
      if (lost) {
        ends.accept = true;
        ends.drop ??= step;
        break;
      }
      this.#mark(rule, fit === true);
      const { marked } = this;
      const goesOn = this.#does(step, ends, depth);
      if (fit === true && !goesOn) return ends;
      // It may not have been in that chain.
      if (fit === null && this.marked.mark !== marked.mark) this.marked = { ...this.marked, mark: null };
    }
    ends.back = true;
    return ends;
  }

  /** Whether the next rule may be asked, given that this one fits. */
  #does(step: Step & { rule: FilterRule }, ends: Ends, depth: number): boolean {
    const { does, to = '' } = step.rule;
    switch (does) {
      case 'continue':
        return true;
      case 'accept':
        ends.accept = true;
        return false;
      case 'drop':
      case 'reject':
        ends.drop ??= step;
        return false;
      case 'unclear':
        ends.unsure ??= step;
        ends.accept = true;
        ends.drop ??= step;
        return false;
      case 'return':
        ends.back = true;
        return false;
      case 'jump':
      case 'goto': {
        const below = this.visit(step.table, to, depth + 1);
        ends.accept ||= below.accept;
        ends.drop ??= below.drop;
        ends.unsure ??= below.unsure;
        if (does === 'jump') return below.back;
        // What a chain that was gone to does not decide leaves this one, too.
        ends.back ||= below.back;
        return false;
      }
    }
  }

  #mark({ setsMark, untracks }: FilterRule, sure: boolean): void {
    const { mark, untracked } = this.marked;
    const next =
      setsMark === undefined
        ? mark
        : setsMark === null || mark === null
          ? null
          : ((mark & setsMark.keep) ^ setsMark.flip) >>> 0;
    this.marked = {
      mark: sure || next === mark ? next : null,
      untracked: untracks !== true ? untracked : sure ? true : null,
    };
  }
}

/** A hook's chains in the order of the kernel, of a family. */
function basesOf(filter: Filter, hook: Hook, family: 4 | 6) {
  return filter.tables
    .filter((table) => table.family === null || table.family === family)
    .flatMap((table) => table.bases.filter((base) => base.hook === hook).map((base) => ({ table, base })))
    .sort((a, b) => a.base.priority - b.base.priority);
}

/** Where destinations are translated. Source: linux/netfilter_ipv4.h. */
export const TRANSLATING = -100;

/**
 * Whether a packet passes a hook of a network namespace.
 * @param packet as it is before its destination is translated there, and after
 * @param mark what it brings along, from the hooks before
 */
export function judge(
  filter: Filter,
  hook: Hook,
  { before, after }: { readonly before: Packet; readonly after: Packet },
  marked: Marked = { mark: 0, untracked: false },
): Judgement & { readonly marked: Marked } {
  let at = marked;
  let unsure: Step | null = null;
  for (const { table, base } of basesOf(filter, hook, after.family)) {
    // Only a connection's first packet is asked about translation.
    if (base.type === 'nat' && after.state !== 'new') continue;
    const walk = new Walk(base.priority <= TRANSLATING ? before : after, hook);
    walk.marked = at;
    const ends = walk.visit(table, base.chain, 1);
    at = walk.marked;
    const policy = ends.back && base.policy === 'drop';
    const drops = ends.drop ?? (policy ? { table, chain: base.chain, rule: null } : null);
    const passes = ends.accept || (ends.back && base.policy === 'accept');
    if (drops !== null && !passes) return { ok: false, ...drops, marked: at };
    if (drops !== null) unsure ??= ends.unsure ?? drops;
  }
  if (unsure !== null) return { ok: null, ...unsure, marked: at };
  return { ...PASSES, marked: at };
}
