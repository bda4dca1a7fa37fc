import { createFrameReader, type FrameOrProblem } from '#core/parse/frames.ts';
import { inEnglish } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import type { ProbeArgs, ProbeListener, RunningProbe } from '../probe/launch.ts';
import type { Said } from '../told.ts';
import type { Clock } from './clock.ts';
import { createPace, type Pace } from './pace.ts';

/** No sign of life of the probe for so long means that it hangs. */
const SILENCE = 15_000;
/** A scan that takes longer than this, beyond the pause before it, is taken for one that never ends. */
const SCAN_WITHIN = 60_000;

export interface WatchOptions {
  readonly clock: Clock;
  /** Milliseconds between two scans while nothing asks for one sooner. */
  readonly interval: number;
  /** Aborts when nobody is interested any more. */
  readonly signal: AbortSignal;
  launch(args: ProbeArgs, listener: ProbeListener): Promise<RunningProbe>;
  /** Takes frames in; gives the milliseconds that the scan took which they complete, else null. */
  apply(frames: readonly FrameOrProblem[]): number | null;
  /** Called when the probe has ended, or hangs. */
  fail(reason: Said): void;
}

/** Runs the probe that scans repeatedly: reads what it writes, and notices when it falls silent. */
export function createWatch({ clock, interval, signal, launch, apply, fail }: WatchOptions): {
  /** Asks for scans between the regular ones. */
  readonly pace: Pace;
  start(): Promise<RunningProbe>;
} {
  let probe: RunningProbe | null = null;
  const pace = createPace(clock, () => void probe?.write('rescan\n'));

  async function start(): Promise<RunningProbe> {
    const decoder = new TextDecoder();
    const reader = createFrameReader();
    let complaint = '';
    let heard = clock.now();
    let scanned = heard;
    probe = await launch(['watch', '--interval', String(interval)], {
      onStdout: (bytes) => {
        heard = clock.now();
        // A probe that was ended may still write something.
        if (signal.aborted) return;
        const took = apply(inEnglish(() => reader.push(decoder.decode(bytes, { stream: true }))));
        if (took === null) return;
        scanned = heard;
        pace.took(took);
      },
      onStderr: (bytes) => {
        complaint = (complaint + bytes.toString()).slice(-2_000);
      },
      onEnd: (reason) => fail(() => t('The probe ended: {reason}', { reason: complaint.trim() || reason() })),
    });
    heard = clock.now();
    scanned = heard;
    const look = (): void => {
      if (signal.aborted) return;
      const now = clock.now();
      if (now - heard > SILENCE || now - scanned > interval + SCAN_WITHIN) {
        fail(() => t('The probe does not answer any more'));
      } else clock.after(1_000, look);
    };
    clock.after(1_000, look);
    return probe;
  }

  return { pace, start };
}
