import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostCommand } from '#api/contract.ts';
import { t } from '#core/words/words.ts';
import { linkOf } from './links.ts';

/**
 * The file that a command line asks to open: its last word that is no option and no link; null without one.
 * @param argv without the program, and without the app's own folder
 */
export function fileOf(argv: readonly string[], workingDirectory: string): string | null {
  const name = argv.findLast((word) => word !== '' && !word.startsWith('-') && linkOf([word]) === null);
  if (name === undefined) return null;
  // The menus of Linux hand files over as addresses.
  return name.startsWith('file://') ? fileURLToPath(name) : resolve(workingDirectory, name);
}

/** The files that a user opened and the page has not fetched yet, each by an address that nobody can guess. */
export interface OfferedFiles {
  /** @returns its address */
  offer(path: string): string;
  /** The file of an address's path, which is good for once; null for any other. */
  take(pathname: string): string | null;
}

const OFFERED = '/opened/';

/** @param origin goes before each address where the page is of another one, as a development server's; else empty */
export function createOfferedFiles(origin = ''): OfferedFiles {
  const paths = new Map<string, string>();
  return {
    offer(path) {
      const pathname = `${OFFERED}${randomUUID()}`;
      paths.set(pathname, path);
      return `${origin}${pathname}`;
    },
    take(pathname) {
      const path = paths.get(pathname) ?? null;
      paths.delete(pathname);
      return path;
    },
  };
}

/** The command that opens a file. @throws Error that says why it cannot be read */
export async function openCommand(path: string, { offer }: OfferedFiles): Promise<HostCommand> {
  const found = await stat(path);
  // Only now: the first paint needs none of it.
  const { LARGEST_SNAPSHOT_BYTES, tooLarge } = await import('#core/snapshot/decode.ts');
  if (!found.isFile()) throw new Error(t('It is not a file.'));
  if (found.size > LARGEST_SNAPSHOT_BYTES) throw new Error(tooLarge(found.size));
  return { command: 'open', file: { name: basename(path), address: offer(path) } };
}
