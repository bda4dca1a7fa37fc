/** One step of the way from one place to another. */
export interface ReachHop {
  readonly what: string;
  /** Whether the way goes on there; null where that is not known. */
  readonly ok: boolean | null;
  /** Which fact that rests on, where it was read, and the command that shows the same. */
  readonly evidence: string;
}

export function hop(what: string, ok: ReachHop['ok'], evidence: string, shown?: string): ReachHop {
  return { what, ok, evidence: shown === undefined ? evidence : `${evidence} Shown by: ${shown}` };
}

/** What was asked cannot be answered: `message` says what is wrong with it and what would be right. */
export class ReachError extends Error {}
