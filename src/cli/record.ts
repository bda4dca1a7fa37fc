import { applyPatch } from '#core/diff/diff.ts';
import { CHANGES_BETWEEN, isMoment } from '#core/recording/recording.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { timeStamp } from '#core/text/time-stamp.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { type Command, pickEndpoint, statusLines } from './context.ts';
import type { EndpointOptions } from './endpoint-choice.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { openRecording, type RecordingFile } from './recording-file.ts';

export interface RecordOptions extends EndpointOptions {
  readonly output?: string;
  /** Milliseconds; without it until Ctrl+C. */
  readonly for?: number;
}

const unwritable = (file: string, error: unknown): CliError =>
  new CliError(
    EXIT.failed,
    t('{file} cannot be written: {reason}', {
      file: visibleText(file),
      reason: visibleText((error as Error).message),
    }),
  );

function open(file: string): RecordingFile {
  try {
    return openRecording(file);
  } catch (error) {
    throw unwritable(file, error);
  }
}

const named = (now: string): string => `bulkhead-${timeStamp(now)}.bulkhead`;

/** Writes every change into a file, until its time is over or Ctrl+C. What is there is kept: it is appended to. */
export function recordCommand(options: RecordOptions): Command {
  return async (context) => {
    const file = options.output ?? named(new Date().toISOString());
    const endpoint = await pickEndpoint(context, options);
    const inspector = await context.inspector();
    const recording = open(file);
    let snapshot: Snapshot | null = null;
    let changes = 0;
    let moments = 0;
    let bytes = 0;
    let told = '';
    let failed: Error | null = null;
    /** Since when nothing is seen. */
    let lost = recording.last;
    await new Promise<void>((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (): void => {
        stop();
        clearTimeout(timer);
        resolve();
      };
      const write = (entry: Parameters<RecordingFile['append']>[0]): void => {
        try {
          bytes += recording.append(entry);
          if (isMoment(entry)) moments += 1;
        } catch (error) {
          failed = error as Error;
          end();
        }
      };
      const stop = inspector.subscribe.session({ endpoint }, (event) => {
        if (event.type === 'status') {
          const text = statusLines(event.status).join('\n');
          if (text !== told) for (const line of text.split('\n')) context.notice(visibleText(line));
          told = text;
          if (event.status.phase === 'stale' && snapshot !== null) lost ??= event.status.since;
          return;
        }
        if (lost !== null && event.type !== 'event') {
          const to =
            event.type === 'alive' ? event.takenAt : (event.type === 'change' ? event.patch : event.snapshot).takenAt;
          write({ type: 'gap', gap: { from: lost, to } });
          lost = null;
        }
        if (event.type === 'snapshot') {
          snapshot = event.snapshot;
          changes = 0;
          write(event);
        } else if (event.type === 'change' && snapshot !== null) {
          snapshot = applyPatch(snapshot, event.patch);
          changes = (changes + 1) % CHANGES_BETWEEN;
          write(changes === 0 ? { type: 'snapshot', snapshot } : event);
        } else if (event.type === 'event' && snapshot !== null) write(event);
      });
      if (options.for !== undefined) timer = setTimeout(end, options.for);
      if (context.signal.aborted) end();
      else context.signal.addEventListener('abort', end, { once: true });
    });
    if (failed !== null) {
      throw unwritable(file, failed);
    }
    context.notice(
      t('Wrote {file}: {moments, plural, one {# moment} other {# moments}}, {size} kB.', {
        file: visibleText(file),
        moments,
        size: String(Math.ceil(bytes / 1024)),
      }),
    );
    return EXIT.ok;
  };
}
