import type { Settings } from '#api/settings.ts';
import { LANGUAGES, language, setLanguage, spoken } from '#core/words/language.ts';

const KEPT = 'bulkhead.language';

/** The language in which the page begins, before the settings are there: that of its last time, else the browser's. */
export function beginLanguage(): void {
  const kept = LANGUAGES.find((each) => each === localStorage.getItem(KEPT));
  setLanguage(kept ?? spoken(navigator.languages));
  document.documentElement.lang = language();
}

/** Makes the page speak what was chosen. What is drawn already is drawn anew by whoever calls this. */
export function chooseLanguage(choice: Settings['language']): void {
  setLanguage(choice === 'system' ? spoken(navigator.languages) : choice);
  document.documentElement.lang = language();
  if (choice === 'system') localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, choice);
}
