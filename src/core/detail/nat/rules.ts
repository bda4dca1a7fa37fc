import type { Condition, Family } from './condition.ts';

/** Chains and rules of any of the kernel's tables, as the walk through them needs them. */

export interface Target {
  readonly kind: 'dnat' | 'redirect' | 'tproxy' | 'netmap' | 'snat' | 'masquerade';
  /** One address, `from-to` or a prefix; null where the address stays, or is this namespace's own. */
  readonly addresses: string | null;
  /** One port or `from-to`; null where the port stays. */
  readonly ports: string | null;
  /** What cannot be told as an address or port; null mostly. */
  readonly note: string | null;
}

export type Action =
  | { readonly type: 'jump' | 'goto'; readonly chain: string }
  | { readonly type: 'return' | 'accept' | 'drop' | 'reject' | 'continue' }
  /** What becomes of the packet is not known. */
  | { readonly type: 'unclear'; readonly what: string }
  | { readonly type: 'nat'; readonly to: Target };

/** A packet that fits the condition meets the action; one that fits none of a rule's goes on to the next rule. */
export interface Outcome {
  readonly condition: Condition;
  readonly action: Action;
}

/** The packet's mark becomes `(mark & keep) ^ flip`; null where it becomes what is not known. */
export type MarkSet = { readonly keep: number; readonly flip: number } | null;

export interface Rule {
  readonly by: 'nft' | 'iptables-nft' | 'iptables';
  readonly outcomes: readonly Outcome[];
  /** Absent where it leaves the mark alone. */
  readonly mark?: MarkSet;
  /** What it fits is not tracked as a connection. */
  readonly untracks?: boolean;
}

export const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;
export type Hook = (typeof HOOKS)[number];

export interface Base {
  readonly chain: string;
  readonly hook: Hook;
  readonly priority: number;
  readonly type: 'nat' | 'filter' | 'route';
  /** What becomes of a packet that no rule decides. */
  readonly policy: 'accept' | 'drop';
}

export interface Table {
  readonly name: string;
  /** Null for both. */
  readonly family: Family | null;
  readonly chains: Map<string, Rule[]>;
  /** Null where it is not known which chains the kernel calls, and what leads to the others. */
  readonly bases: readonly Base[] | null;
}
