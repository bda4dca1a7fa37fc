/** Where the source of that BusyBox is, by the version that it says of itself. */
export function sourceNote(bytes: Buffer): string;
