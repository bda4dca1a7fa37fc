import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { t } from '#core/words/words.ts';
import type { WebHost } from '#web/web-host.ts';
import type { Command } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';

/** Time for a browser to start and to fetch the page. */
const OPEN_WITHIN_MS = 60_000;

/** Shows a file to the user, by platform; `failed` when there is nothing that would. */
function openFile(path: string, failed: () => void): void {
  const [program, args] =
    process.platform === 'darwin'
      ? ['open', [path]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', path]]
        : ['xdg-open', [path]];
  const child = spawn(program as string, args as string[], { stdio: 'ignore', detached: true });
  child.on('error', failed);
  child.on('exit', (code) => {
    if (code !== 0) failed();
  });
  child.unref();
}

/**
 * Opens the user's browser without telling the other users of the machine the secret: arguments of programs are for
 * everybody to see, so the browser gets a file that only its user may read, and which leads on to an address that is good
 * once. Returns the function that removes the file; it goes by itself when it is worth nothing any more.
 */
async function openBrowser(host: WebHost, failed: () => void): Promise<() => Promise<void>> {
  const { url, settled } = host.oneTimeUrl(OPEN_WITHIN_MS);
  // Made with mode 700. Where there is none for the user alone, the system's folder of temporary files.
  const folder = await mkdtemp(join(process.env.XDG_RUNTIME_DIR || tmpdir(), 'bulkhead-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const page = join(folder, 'open.html');
  // `replace`, so that not even this page is in the history. The address holds nothing but letters, digits, - and _.
  await writeFile(
    page,
    `<!doctype html><meta charset="utf-8"><title>Bulkhead</title><script>location.replace(${JSON.stringify(url)})</script><a href="${url}">${t('Open Bulkhead')}</a>\n`,
    { mode: 0o600 },
  );
  openFile(page, failed);
  void settled.then(remove).catch(() => {});
  return remove;
}

/** Serves the app to a browser on this machine until it is ended. The address is the only line on stdout. */
export function serveCommand(options: { readonly port: number; readonly open?: boolean }): Command {
  return async (context) => {
    const { startWebHost, WebHostError } = await import('#web/web-host.ts');
    const inspector = await context.inspector('web');
    // From src/cli and from out/cli alike: the built page is two folders up, in out/renderer.
    const staticDir = fileURLToPath(new URL('../../out/renderer', import.meta.url));
    const host = await startWebHost(inspector, { staticDir, port: options.port }).catch((error: unknown) => {
      throw error instanceof WebHostError ? new CliError(EXIT.failed, error.message) : error;
    });
    context.out(`${host.urlWithToken}\n`);
    context.notice(
      t('Open this address in a browser on this machine. It holds a secret: do not share it. Ctrl+C ends.'),
    );
    const failed = () => context.notice(t('No browser could be opened: open the address yourself.'));
    let remove = async (): Promise<void> => {};
    if (options.open === true) {
      remove = await openBrowser(host, failed).catch(() => {
        failed();
        return remove;
      });
    }
    await new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      else context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.all([host.close(), remove()]);
    return EXIT.ok;
  };
}
