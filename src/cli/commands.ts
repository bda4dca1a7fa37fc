import type { SessionStatus } from '#api/contract.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { sharedReport } from '#core/sharing/describe.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { type Command, pickEndpoint, snapshotExit, statusLines, takeSnapshot, untilAborted } from './context.ts';
import type { EndpointOptions } from './endpoint-choice.ts';
import { EXIT } from './exit-codes.ts';
import type { ListingOptions } from './listing.ts';
import { endpointsView, scanView, sharedView } from './views.ts';
import { createWatchJson } from './watch-json.ts';
import { createWatchView } from './watch-view.ts';

export interface ReadOptions extends EndpointOptions {
  readonly json?: boolean;
}

export function endpointsCommand(options: ListingOptions & { readonly json?: boolean }): Command {
  return async (context) => {
    const inspector = await context.inspector();
    const reports = await untilAborted(context.signal, inspector.request['endpoints.list']({}));
    context.out(options.json === true ? `${visibleJson(reports, 2)}\n` : endpointsView(reports, options, context));
    return reports.some((report) => report.usable && report.type !== 'demo') ? EXIT.ok : EXIT.noEndpoint;
  };
}

export function scanCommand(options: ReadOptions & ListingOptions & { readonly details?: boolean }): Command {
  return async (context) => {
    const snapshot = await takeSnapshot(context, options, options.details === true);
    context.out(
      options.json === true
        ? `${visibleJson(snapshot, 2)}\n`
        : scanView(snapshot, analyseSharing(snapshot), options, context),
    );
    return snapshotExit(snapshot);
  };
}

export function sharedCommand(options: ReadOptions & ListingOptions & { readonly all?: boolean }): Command {
  return async (context) => {
    const snapshot = await takeSnapshot(context, options);
    const sharing = analyseSharing(snapshot);
    context.out(
      options.json === true
        ? `${visibleJson(sharedReport(snapshot, sharing), 2)}\n`
        : sharedView(snapshot, sharing, options, context),
    );
    return snapshotExit(snapshot);
  };
}

/** Runs until it is ended: with --json a line an event of the contract that tells of the picture, else lines for people. */
export function watchCommand(options: ReadOptions): Command {
  return async (context) => {
    const endpoint = await pickEndpoint(context, options);
    const inspector = await context.inspector();
    const view = createWatchView();
    const json = createWatchJson();
    let told = '';
    const tell = (status: SessionStatus) => {
      const text = statusLines(status).join('\n');
      if (text !== told) for (const line of text.split('\n')) context.notice(visibleText(line));
      told = text;
    };
    await new Promise<void>((resolve) => {
      const stop = inspector.subscribe.session({ endpoint }, (event) => {
        if (event.type === 'status') tell(event.status);
        if (options.json === true) {
          if (event.type !== 'event') context.out(json(event));
        } else context.out(view(event));
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
