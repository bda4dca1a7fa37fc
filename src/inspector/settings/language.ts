import type { Settings } from '#api/settings.ts';
import { type Language, spoken } from '#core/words/language.ts';
import type { System } from '../endpoint/system.ts';

/**
 * The languages of the user, the preferred first. On a Unix, as gettext has it: LANGUAGE, unless the locale is C, then
 * LC_ALL, LC_MESSAGES and LANG. Where none of them is set, as on Windows, the one that Node found.
 */
export function systemLanguages({ env }: Pick<System, 'env'>): readonly string[] {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG;
  if (locale === undefined || locale === '') return [Intl.DateTimeFormat().resolvedOptions().locale];
  if (/^(C|POSIX)(\.|$)/.test(locale)) return [];
  return [...(env.LANGUAGE ?? '').split(':').filter((each) => each !== ''), locale];
}

/** The language that the user has chosen, else the system's. */
export const languageOf = ({ language }: Pick<Settings, 'language'>, system: Pick<System, 'env'>): Language =>
  language === 'system' ? spoken(systemLanguages(system)) : language;
