import { createReadStream } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import { pageFile, pageHeaders } from '#api/page.ts';
import { t } from '#core/words/words.ts';

/** Sends a short plain-text answer with the headers of every answer. */
export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...pageHeaders(),
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  });
  response.end(`${text}\n`);
}

/**
 * Answers with a file of the page, or says that there is none.
 * @param folder of the built page, without links in its path
 * @param connect where the page may connect to, beside its own origin
 */
export async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  connect: readonly string[],
): Promise<void> {
  const file = pageFile((request.url ?? '').replace(/[?#].*$/s, ''));
  if (file === null) {
    answer(response, 404, t('No such page.'));
    return;
  }
  try {
    const path = await realpath(join(folder, file.path));
    // A link inside the folder may lead out of it.
    if (!path.startsWith(folder + sep)) throw new Error('outside');
    const handle = await open(path, 'r');
    const stat = await handle.stat();
    if (!stat.isFile()) {
      await handle.close();
      throw new Error('not a file');
    }
    response.writeHead(200, {
      ...pageHeaders(connect),
      'Content-Type': file.type,
      'Content-Length': stat.size,
      'Cache-Control': file.path.endsWith('.html') ? 'no-store' : 'no-cache',
    });
    if (request.method === 'HEAD') {
      await handle.close();
      response.end();
      return;
    }
    const stream = createReadStream(path, { fd: handle, end: Math.max(0, stat.size - 1) });
    stream.on('error', () => response.destroy());
    response.on('close', () => stream.destroy());
    stream.pipe(response);
  } catch {
    if (response.headersSent) response.destroy();
    else answer(response, 404, t('No such page.'));
  }
}
