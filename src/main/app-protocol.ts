import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import { pageFile, pageHeaders } from '#api/page.ts';
import type { OfferedFiles } from './files.ts';
import { APP_HOST, APP_ORIGIN, APP_SCHEME } from './origin.ts';

/**
 * Must run before the app is ready: Chromium fixes its schemes then.
 * @param corsEnabled whether a page of another origin, a development server's, may fetch from it where the answer allows it
 */
export function registerAppScheme(corsEnabled = false): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true, corsEnabled };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

function refusal(): Response {
  return new Response('No such page.\n', {
    status: 404,
    headers: { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8' },
  });
}

/** A file that the user opened, in pieces as it is read: it may be large. */
async function offered(path: string, pageOrigin: string): Promise<Response> {
  const { size } = await stat(path);
  const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  return new Response(body, {
    headers: {
      ...pageHeaders(),
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(size),
      ...(pageOrigin === APP_ORIGIN ? {} : { 'Access-Control-Allow-Origin': pageOrigin }),
    },
  });
}

/**
 * Answers `app://bulkhead/…` from a folder, with the page's policy as a header, and with what was offered. Everything else
 * is 404.
 * @param pageOrigin of the page, which may fetch what was offered
 */
export function serveAppScheme(folder: string, files: OfferedFiles, pageOrigin = APP_ORIGIN): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const url = new URL(request.url);
    const opened = url.host === APP_HOST && request.method === 'GET' ? files.take(url.pathname) : null;
    if (opened !== null) return offered(opened, pageOrigin).catch(refusal);
    const file = pageFile(url.pathname);
    if (url.host !== APP_HOST || request.method !== 'GET' || file === null) return refusal();
    try {
      const root = await realpath(folder);
      const path = await realpath(join(root, file.path));
      if (!path.startsWith(root + sep)) return refusal();
      return new Response(new Uint8Array(await readFile(path)), {
        headers: { ...pageHeaders(), 'Content-Type': file.type, 'Cache-Control': 'no-cache' },
      });
    } catch {
      return refusal();
    }
  });
}
