import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SessionStatus } from '#api/contract.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { sharedReport } from '#core/sharing/describe.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { type Command, pickEndpoint, snapshotExit, takeSnapshot, untilAborted } from './context.ts';
import type { Wish } from './endpoint-choice.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { createWatchView, endpointsView, scanView, sharedView } from './views.ts';

export interface ReadOptions extends Wish {
  readonly json?: boolean;
}

export function endpointsCommand(options: { readonly json?: boolean }): Command {
  return async (context) => {
    const inspector = await context.inspector();
    const reports = await untilAborted(context.signal, inspector.request['endpoints.list']({}));
    context.out(options.json === true ? `${visibleJson(reports, 2)}\n` : endpointsView(reports, context.colour));
    return reports.some((report) => report.usable && report.type !== 'demo') ? EXIT.ok : EXIT.noEndpoint;
  };
}

export function scanCommand(options: ReadOptions): Command {
  return async (context) => {
    const snapshot = await takeSnapshot(context, options);
    context.out(
      options.json === true
        ? `${visibleJson(snapshot, 2)}\n`
        : scanView(snapshot, analyseSharing(snapshot), context.colour),
    );
    return snapshotExit(snapshot);
  };
}

export function sharedCommand(options: ReadOptions): Command {
  return async (context) => {
    const snapshot = await takeSnapshot(context, options);
    const sharing = analyseSharing(snapshot);
    context.out(
      options.json === true
        ? `${visibleJson(sharedReport(snapshot, sharing), 2)}\n`
        : sharedView(snapshot, sharing, context.colour),
    );
    return snapshotExit(snapshot);
  };
}

/** Runs until it is ended: with --json a line an event of the contract, else lines for people. */
export function watchCommand(options: ReadOptions): Command {
  return async (context) => {
    const endpoint = await pickEndpoint(context, options);
    const inspector = await context.inspector();
    const view = createWatchView();
    let told = '';
    const tell = (status: SessionStatus) => {
      const text = [status.message, ...status.notices.map(({ message, advice }) => `${message} ${advice}`)].join('\n');
      if (text !== told) for (const line of text.split('\n')) context.notice(visibleText(line));
      told = text;
    };
    await new Promise<void>((resolve) => {
      const stop = inspector.subscribe.session({ endpoint }, (event) => {
        if (event.type === 'status') tell(event.status);
        if (options.json === true) context.out(`${visibleJson(event)}\n`);
        else context.out(view(event));
      });
      const end = () => {
        stop();
        resolve();
      };
      if (context.signal.aborted) end();
      else context.signal.addEventListener('abort', end, { once: true });
    });
    return EXIT.ok;
  };
}

/** The command that shows an address to the user, by platform. */
function openAddress(url: string, failed: () => void): void {
  const [program, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  const child = spawn(program as string, args as string[], { stdio: 'ignore', detached: true });
  child.on('error', failed);
  child.unref();
}

/** Serves the app to a browser on this machine until it is ended. The address is the only line on stdout. */
export function serveCommand(options: { readonly port: number; readonly open?: boolean }): Command {
  return async (context) => {
    const { startWebHost, WebHostError } = await import('#web/web-host.ts');
    const inspector = await context.inspector();
    // From src/cli and from out/cli alike: the built page is two folders up, in out/renderer.
    const staticDir = fileURLToPath(new URL('../../out/renderer', import.meta.url));
    const host = await startWebHost(inspector, { staticDir, port: options.port }).catch((error: unknown) => {
      throw error instanceof WebHostError ? new CliError(EXIT.failed, error.message) : error;
    });
    context.out(`${host.urlWithToken}\n`);
    context.notice('Open this address in a browser on this machine. It holds a secret: do not share it. Ctrl+C ends.');
    if (options.open === true) {
      openAddress(host.urlWithToken, () => context.notice('No browser could be opened: open the address yourself.'));
    }
    await new Promise<void>((resolve) => {
      if (context.signal.aborted) resolve();
      else context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await host.close();
    return EXIT.ok;
  };
}
