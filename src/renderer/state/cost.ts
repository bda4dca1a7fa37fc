/** What one scan cost, in milliseconds, and when it was told (milliseconds since 1970). */
export interface CostSample {
  readonly at: number;
  readonly durationMs: number;
  readonly cpuMs: number;
}

/** Long enough that one slow scan does not make the figure jump, short enough to follow a change. */
const WINDOW_MS = 30_000;

/** The samples with a new one; those that are too old are dropped. A repeated report of one scan counts once. */
export function keepSamples(samples: readonly CostSample[], next: CostSample): readonly CostSample[] {
  const last = samples.at(-1);
  // An event of the engine publishes again without a scan: the figures are then the very same.
  if (last !== undefined && last.durationMs === next.durationMs && last.cpuMs === next.cpuMs) return samples;
  return [...samples, next].filter((sample) => sample.at >= next.at - WINDOW_MS && sample.at <= next.at);
}

/** Share of one core that looking takes, 0 to 1; null while it was not seen long enough to tell. */
export function cpuShare(samples: readonly CostSample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < 2_000) return null;
  const spent = samples.slice(1).reduce((sum, sample) => sum + sample.cpuMs, 0);
  return spent / (last.at - first.at);
}
