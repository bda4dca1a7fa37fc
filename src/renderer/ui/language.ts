import type { Settings } from '#api/settings.ts';
import { LANGUAGES, type Language, language, setLanguage, spoken } from '#core/words/language.ts';

const KEPT = 'bulkhead.language';

/** The language of the page before the settings have arrived: that of the last visit, else the browser's. */
export function beginLanguage(): void {
  const kept = LANGUAGES.find((each) => each === localStorage.getItem(KEPT));
  setLanguage(kept ?? spoken(navigator.languages));
  document.documentElement.lang = language();
}

/**
 * Sets the page's language. The caller redraws what is already drawn.
 * @param system the host's language, for when none was chosen
 */
export function chooseLanguage(choice: Settings['language'], system: Language): void {
  setLanguage(choice === 'system' ? system : choice);
  document.documentElement.lang = language();
  if (choice === 'system') localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, choice);
}
