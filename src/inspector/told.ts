/** A text for people that is said when it is read: in the language of then, and for the log in English. */
export type Said = () => string;

/** That something cannot be used: the reason is said when it is read. */
export const unusable = (say: Said) => ({
  ok: false as const,
  get reason(): string {
    return say();
  },
});

/** A failure that is told to people. */
export class ToldError extends Error {
  readonly say: Said;

  /** @param text others' words as they are, or ours */
  constructor(text: string | Said) {
    const say = typeof text === 'string' ? () => text : text;
    super(say());
    this.say = say;
  }
}

/** An error's text in the language of now, whatever was thrown. */
export function errorText(error: unknown): string {
  if (error instanceof ToldError) return error.say();
  return error instanceof Error ? error.message : String(error);
}
