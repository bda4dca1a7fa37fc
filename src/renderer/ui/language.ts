import type { Settings } from '#api/settings.ts';
import { LANGUAGES, type Language, language, setLanguage, spoken } from '#core/words/language.ts';

const KEPT = 'bulkhead.language';

/** The language in which the page begins, before the settings are there: that of its last time, else the browser's. */
export function beginLanguage(): void {
  const kept = LANGUAGES.find((each) => each === localStorage.getItem(KEPT));
  setLanguage(kept ?? spoken(navigator.languages));
  document.documentElement.lang = language();
}

/**
 * Makes the page speak what was chosen. What is drawn already is drawn anew by whoever calls this.
 * @param system what the host speaks where nothing was chosen
 */
export function chooseLanguage(choice: Settings['language'], system: Language): void {
  setLanguage(choice === 'system' ? system : choice);
  document.documentElement.lang = language();
  if (choice === 'system') localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, choice);
}
