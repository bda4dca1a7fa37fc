import type { Detail, Subject } from '../detail/detail.ts';

/** Worst first. `holds`: this keeps it apart. `unknown`: it could not be read, and may be anything. */
export const ISOLATION_RANKS = ['danger', 'warning', 'notice', 'unknown', 'holds'] as const;
export type IsolationRank = (typeof ISOLATION_RANKS)[number];

/** One thing that keeps a container apart, or does not. */
export interface IsolationLine {
  /** Stable; docs/checks.md tells of those that are findings. */
  readonly code: string;
  readonly rank: IsolationRank;
  readonly title: string;
  /** What follows, in plain words. */
  readonly text: string;
  /** The fact that it rests on, and who tells it. */
  readonly evidence: string;
  /** What closes it, a flag where there is one. */
  readonly cure: string | null;
  /** Where the rule is written. */
  readonly source: string;
}

/** One that nothing closes: what keeps it apart, and what of that could not be read. */
export const line = (
  code: string,
  rank: IsolationRank,
  title: string,
  text: string,
  evidence: string,
  source: string,
): IsolationLine => ({ code, rank, title, text, evidence, cure: null, source });

/** What one running container can do to the machine and to others. */
export interface IsolationCard {
  readonly id: string;
  readonly container: string;
  /** The worst of its lines; `holds` where only that is left. */
  readonly rank: IsolationRank;
  /** Worst first. */
  readonly lines: readonly IsolationLine[];
}

/** Details that were read, by what they are of; null for those that were not. */
export type Known = (subject: Subject) => Detail | null;
