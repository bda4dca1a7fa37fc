/** Bytes of a word in memory. Browsers compress pointers to half of it: there it is an upper bound. */
const WORD = 8;

/**
 * The memory that plain JSON values take, in bytes, as V8 lays them out: a header and a word a field, and strings by
 * their characters. What is used twice is counted twice.
 */
export function heapSize(value: unknown): number {
  if (typeof value === 'string') return 2 * WORD + Math.ceil(value.length / WORD) * WORD;
  // Small integers stand in the field itself.
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 2 * WORD;
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = 4 * WORD;
  if (Array.isArray(value)) {
    if (value.length > 0) bytes += (2 + value.length) * WORD;
    for (const item of value) bytes += heapSize(item);
    return bytes;
  }
  for (const key in value) bytes += WORD + heapSize((value as Record<string, unknown>)[key]);
  return bytes;
}
