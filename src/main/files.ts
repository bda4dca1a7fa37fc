import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostCommand } from '#api/contract.ts';
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

/** The command that opens a file, with its content. @throws Error that says why it cannot be read */
export async function openCommand(path: string): Promise<HostCommand> {
  const { size } = await stat(path);
  // Only now: the first paint needs none of it.
  const { LARGEST_SNAPSHOT_BYTES, tooLarge } = await import('#core/snapshot/decode.ts');
  if (size > LARGEST_SNAPSHOT_BYTES) throw new Error(tooLarge(size));
  return { command: 'open', file: { name: basename(path), base64: (await readFile(path)).toString('base64') } };
}
