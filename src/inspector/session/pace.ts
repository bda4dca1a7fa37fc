import type { Clock } from './clock.ts';

/** Milliseconds between two scans that were asked for, at least: what follows within it is one scan. */
const LEAST_DISTANCE = 100;
/**
 * The distance is also so many times the length of a scan: even when they are asked for without end, scans take a tenth
 * of a core.
 */
const REST = 10;

/** Asks for scans: the first at once, those that follow closely together later, as one. */
export interface Pace {
  want(): void;
  /** A scan took so many milliseconds. */
  took(ms: number): void;
  stop(): void;
}

export function createPace(clock: Clock, scan: () => void): Pace {
  let duration = 0;
  let last = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  const run = (): void => {
    cancel = null;
    last = clock.now();
    scan();
  };
  return {
    want() {
      if (cancel !== null) return;
      const wait = last + Math.max(LEAST_DISTANCE, REST * duration) - clock.now();
      if (wait <= 0) run();
      else cancel = clock.after(wait, run);
    },
    took(ms) {
      duration = ms;
    },
    stop() {
      cancel?.();
    },
  };
}
