/** Answers: isolation, check, why, use, find, differences. */
export const answers = {} as const;
