/** How old something is. Clocks may differ by a little: what is of the future is of now. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** How long ago something was, in the words of a status line. */
export function ago(milliseconds: number): string {
  return milliseconds < 1_500 ? 'now' : `${age(milliseconds)} ago`;
}

/** `1 container`, `2 containers`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A time of a snapshot as people read it, always in UTC so that two people read the same. */
export function utc(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The time of day of a moment in milliseconds since 1970, in UTC as `utc`. */
export function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}
