/** The languages of the page, the command line and the exports, as BCP 47 tags. */
export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

let current: Language = 'en';

/** The language in which this process, page or worker speaks. */
export const language = (): Language => current;

/** Texts that were already made stay in the old language; the caller makes them again. */
export function setLanguage(next: Language): void {
  current = next;
}

/** Runs something in English, whatever the present language: for programs, the log and diagnostics. */
export function inEnglish<T>(say: () => T): T {
  const before = current;
  current = 'en';
  try {
    return say();
  } finally {
    current = before;
  }
}

/**
 * The first of somebody's languages that Bulkhead speaks, else English.
 * @param tags as a browser (`zh-Hans-CN`) or POSIX (`zh_CN.UTF-8`) writes them, the preferred first
 */
export function spoken(tags: readonly string[]): Language {
  for (const tag of tags) {
    const [primary] = tag.toLowerCase().split(/[-_.@]/);
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}
