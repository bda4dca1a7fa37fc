/** Engines leave out what they do not know, or say it is empty. */
export function orNull(value: string | null | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
