import { readFile } from 'node:fs/promises';
import { encodingOf } from '#core/text/encoding.ts';

/** A file that people write by hand: editors and shells of Windows put a byte order mark before it, or write UTF-16. */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path);
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}
