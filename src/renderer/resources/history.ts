import type { Usage } from '#core/answer/usage.ts';
import { memoryOf } from '#core/answer/usage-report.ts';

/** Milliseconds that are kept. */
export const KEPT_MS = 10 * 60_000;

/** What was used at one moment, by the key of a group, a project or a pod. */
export interface Moment {
  /** Of the page's clock, in milliseconds. */
  readonly at: number;
  readonly cpu: ReadonlyMap<string, number>;
  readonly memory: ReadonlyMap<string, number>;
}

/** The moments of the last ten minutes with one more, oldest first. */
export function withMoment(before: readonly Moment[], at: number, usage: Usage): Moment[] {
  const all = [...usage.groups, ...usage.sets.map(({ sum }) => sum)];
  const moment: Moment = {
    at,
    cpu: new Map(all.map(({ group, cpuPercent }) => [group.key, cpuPercent ?? 0])),
    memory: new Map(all.map((group) => [group.group.key, memoryOf(group)])),
  };
  return [...before.filter((each) => each.at > at - KEPT_MS), moment];
}

/**
 * The path of a group's line over ten minutes, with a gap where nothing was measured.
 * @param most the value at the top of the chart
 */
export function sparkPath(
  moments: readonly Moment[],
  key: string,
  of: 'cpu' | 'memory',
  most: number,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const last = moments.at(-1)?.at ?? 0;
  let path = '';
  let before: number | null = null;
  for (const moment of moments) {
    const value = moment[of].get(key);
    if (value === undefined) {
      before = null;
      continue;
    }
    const x = width * (1 - (last - moment.at) / KEPT_MS);
    const y = height - 1 - Math.min(1, most <= 0 ? 0 : value / most) * (height - 2);
    path += `${before === null || moment.at - before > 5_000 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    before = moment.at;
  }
  return path;
}
