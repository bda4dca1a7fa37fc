import type { Usage } from '../answer/usage.ts';
import { dockerStats, percent, whyUnknown } from '../answer/usage-columns.ts';
import type { GroupUsage } from '../answer/usage-group.ts';
import { memoryOf } from '../answer/usage-report.ts';
import { bytesText } from '../text/bytes.ts';
import { t } from '../words/words.ts';
import type { CardUse } from './scene.ts';

/** From so much of its limit on something is near it. */
const NEAR = 0.9;
/** Percent of the time that something is held back before it is worth a colour. */
const HELD_BACK = 10;

function pressedBy(group: GroupUsage): CardUse['pressed'] {
  const { cgroup, throttledPercent } = group;
  const limit = cgroup?.memoryLimit ?? null;
  // File cache that goes at once is no want of memory: a container that reads much is at its limit all the time.
  const held = dockerStats(group);
  return {
    cpu: (throttledPercent ?? 0) >= HELD_BACK,
    memory: limit !== null && held !== null && held >= NEAR * limit,
  };
}

/** What the cards of the picture tell of use, by their nodes' keys. */
export function cardUses({ groups, cpu, memory }: Usage): ReadonlyMap<string, CardUse> {
  return new Map(
    groups
      .filter(({ group }) => group.processes.length > 0)
      .map((group): [string, CardUse] => {
        const { cpuPercent } = group;
        const held = memoryOf(group);
        return [
          group.group.key,
          {
            cpu: cpuPercent === null ? null : cpuPercent / (100 * cpu.cpus),
            memory: memory.total > 0 ? held / memory.total : null,
            pressed: pressedBy(group),
            text: [
              cpuPercent === null ? t('CPU unknown') : t('{percent} % CPU', { percent: percent(cpuPercent) }),
              bytesText(held),
            ].join(' · '),
            unknown: cpuPercent === null ? whyUnknown(group) : null,
          },
        ];
      }),
  );
}
