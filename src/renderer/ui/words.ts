import { language } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
/** How old something is. Clocks may differ a little: a time in the future counts as now. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return t('{n, number} s', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{n, number} min', { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t('{n, number} h', { n: hours }) : t('{n, number} days', { n: Math.floor(hours / 24) });
}

/** How long ago something was, in the words of a status line. */
export function ago(milliseconds: number): string {
  return milliseconds < 1_500 ? t('now ⟨how long ago⟩') : t('{age} ago', { age: age(milliseconds) });
}

const DAY = { year: 'numeric', month: 'short', day: 'numeric' } as const;
const TIME_ALONE = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const TIME = { ...TIME_ALONE, timeZoneName: 'short' } as const;
const formats = new Map<string, Intl.DateTimeFormat>();

/** In the page's language; making one is slow, so each is kept. */
function format(options: Intl.DateTimeFormatOptions, zone: string | undefined): Intl.DateTimeFormat {
  // The order of day and month differs between countries that write English: a month by its name leaves no doubt.
  const locale = language() === 'en' ? 'en-GB' : language();
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const made =
    formats.get(key) ??
    new Intl.DateTimeFormat(locale, { ...options, ...(zone === undefined ? {} : { timeZone: zone }) });
  formats.set(key, made);
  return made;
}

/**
 * A moment (ISO 8601) as people read it, in their own time zone, which is said. Files have UTC.
 * @param zone for tests
 */
export function dateTime(iso: string, zone?: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : format({ ...DAY, ...TIME }, zone).format(time);
}

/** The time of day of a moment in milliseconds since 1970, as `dateTime`. */
export function clock(at: number, zone?: string): string {
  return format(TIME, zone).format(at);
}

/** The same without its zone, for a row of times of which it is said once. */
export function timeOfDay(at: number, zone?: string): string {
  return format(TIME_ALONE, zone).format(at);
}
