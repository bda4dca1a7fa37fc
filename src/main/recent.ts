import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const MOST = 8;

/** The files that were opened last, the newest first; kept in a file, so that the next start has them. */
export interface RecentFiles {
  list(): readonly string[];
  add(path: string): void;
  clear(): void;
}

function read(file: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(value) ? value.filter((path) => typeof path === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/**
 * @param file where the list is kept; a damaged or missing one is as an empty list
 * @param onChange told after each change
 */
export function createRecentFiles(file: string, onChange: () => void): RecentFiles {
  let paths = read(file);
  const change = (next: readonly string[]): void => {
    paths = next;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${JSON.stringify(paths, null, 2)}\n`, { mode: 0o600 });
    } catch {
      // A list that cannot be kept is lost with the app, and nothing else.
    }
    onChange();
  };
  return {
    list: () => paths,
    add: (path) => change([path, ...paths.filter((each) => each !== path)].slice(0, MOST)),
    clear: () => change([]),
  };
}
