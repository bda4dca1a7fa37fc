import { useSyncExternalStore } from 'react';
import { THEMES, type Theme } from '#core/layout/palette.ts';

const query = matchMedia('(prefers-color-scheme: dark)');

/** The theme that the system asks for now. */
export function currentTheme(): Theme {
  return THEMES[query.matches ? 'dark' : 'light'];
}

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The system's theme, followed as it changes. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme);
}
