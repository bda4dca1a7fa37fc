import { useSyncExternalStore } from 'react';
import type { THEME_CHOICES } from '#api/settings.ts';
import { THEMES, type Theme } from '#core/layout/palette.ts';

type ThemeChoice = (typeof THEME_CHOICES)[number];

const query = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: ThemeChoice = 'system';

query.addEventListener('change', () => {
  for (const listener of listeners) listener();
});

/** The theme of the page now: the chosen one, else the system's. */
export function currentTheme(): Theme {
  const dark = choice === 'system' ? query.matches : choice === 'dark';
  return THEMES[dark ? 'dark' : 'light'];
}

/** Gives the page that theme; the style sheets follow the document's `data-theme`. */
export function chooseTheme(next: ThemeChoice): void {
  if (choice === next) return;
  choice = next;
  document.documentElement.dataset.theme = next;
  for (const listener of listeners) listener();
}

/** Calls the listener when the theme may have changed; returns the function that ends it. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The page's theme, followed as it changes. */
export function useTheme(): Theme {
  return useSyncExternalStore(onTheme, currentTheme);
}
