/** A time (ISO 8601) as it stands in the name of a file: `20260131-120000`. */
export function timeStamp(iso: string): string {
  return iso
    .slice(0, 19)
    .replace(/[^0-9T]/g, '')
    .replace('T', '-');
}
