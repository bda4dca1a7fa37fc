import { sentences, t } from '../words/words.ts';
/** One step of the way from one place to another. */
export interface ReachHop {
  readonly what: string;
  /** Whether the way goes on there; null where that is not known. */
  readonly ok: boolean | null;
  /** Which fact that rests on, and where it was read. */
  readonly evidence: string;
  /** What shows the same; null where no command does. */
  readonly shown: Shown | null;
}

/** A command, and the network namespace that it is run in. */
export interface Shown {
  readonly command: string;
  /** What of the command a reader has to see to; empty where it runs as it stands. */
  readonly remark: string;
  /** Null where it is no matter of one network namespace. */
  readonly net: string | null;
}

/** @param shown a command between backticks, or one of a network namespace */
export function hop(what: string, ok: ReachHop['ok'], evidence: string, shown?: string | Shown): ReachHop {
  if (shown === undefined) return { what, ok, evidence, shown: null };
  if (typeof shown !== 'string') return { what, ok, evidence, shown };
  return { what, ok, evidence, shown: { command: shown.replaceAll('`', ''), remark: '', net: null } };
}

/** The hop over a pair of veth links: the wiring finds the cable of a way by these words. */
export function vethText(here: string, there: string): string {
  return `veth ${here} ⇄ ${there}`;
}

/** The evidence with the command that shows the same, as programs and terminals get it. */
export function evidenceText({ evidence, shown }: ReachHop): string {
  if (shown === null) return evidence;
  const { command, remark } = shown;
  return sentences(
    evidence,
    remark === '' ? t('Shown by: `{command}`', { command }) : t('Shown by: `{command}` {remark}', { command, remark }),
  );
}

/** What was asked cannot be answered: `message` says what is wrong with it and what would be right. */
export class ReachError extends Error {}
