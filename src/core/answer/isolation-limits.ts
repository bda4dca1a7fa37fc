import type { DetailOf } from '../detail/detail.ts';
import { missingLimits } from '../sharing/rights.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';
import { commas, t } from '../words/words.ts';
import { type IsolationLine, line } from './isolation-card.ts';

const SOURCE = 'https://docs.docker.com/engine/containers/resource_constraints/; cgroups(7)';

/** What its cgroup and those above allow it at most: a limit that is missing, and those that hold. */
function measured({ memory, cpu, tasks, path, elsewhere = [] }: DetailOf<'limits'>): IsolationLine[] {
  // What its process has left limits it no more.
  const left = (controller: string): boolean => elsewhere.some((each) => each.controller === controller);
  const memoryLimit = left('memory') ? null : (memory?.limit ?? null);
  const cpus = cpu?.limit == null || left('cpu') ? null : cpu.limit.quota / cpu.limit.period;
  const tasksLimit = left('pids') ? null : (tasks?.limit ?? null);
  const told = [
    memoryLimit?.value == null
      ? null
      : t('memory {size} ({cgroup})', { size: bytesText(memoryLimit.value), cgroup: memoryLimit.setBy ?? path }),
    cpus === null
      ? null
      : t('{processors} processors ({cgroup})', { processors: cpus.toFixed(2), cgroup: cpu?.limit?.setBy ?? path }),
    tasksLimit?.value == null
      ? null
      : t('{count, number} threads ({cgroup})', { count: tasksLimit.value, cgroup: tasksLimit.setBy ?? path }),
  ].filter((each) => each !== null);
  const missing = missingLimits(
    { memory: memoryLimit?.value ?? null, cpus, tasks: tasksLimit?.value ?? null },
    elsewhere.length === 0
      ? t('Neither {cgroup} nor a cgroup above has one.', { cgroup: path })
      : t('Its main process is not in {cgroup} for all controllers: {elsewhere}.', {
          cgroup: path,
          elsewhere: commas(elsewhere.map((each) => `${each.controller} ${each.path}`)),
        }),
  );
  const holds =
    told.length === 0
      ? []
      : [
          line(
            'limits',
            'holds',
            t('Limits are in force'),
            t('It cannot take more than these.'),
            t('Its cgroups have these limits: {limits}.', { limits: commas(told) }),
            SOURCE,
          ),
        ];
  if (missing === null) return holds;
  const { severity, ...rest } = missing;
  return [{ ...rest, rank: severity }, ...holds];
}

export function limits({ limits: set }: Container, detail: DetailOf<'limits'> | null): IsolationLine[] {
  if (detail !== null) return measured(detail);
  if (set === null) {
    return [
      line(
        'limits-not-known',
        'unknown',
        t('Limits'),
        t('How much it may use is not known.'),
        t('The engine does not tell, and its cgroup was not read.'),
        SOURCE,
      ),
    ];
  }
  const { memory, cpus, tasks } = set;
  const told = [
    memory === null ? null : t('memory {size}', { size: bytesText(memory) }),
    cpus === null ? null : t('{count, plural, one {# processor} other {# processors}}', { count: cpus }),
    tasks === null ? null : t('{count, plural, one {# thread} other {# threads}}', { count: tasks }),
  ].filter((each) => each !== null);
  if (told.length === 0) return [];
  return [
    line(
      'limits',
      'holds',
      t('Limits are set'),
      t('It cannot take more than these.'),
      t('The engine set {limits}; its cgroup was not read.', { limits: commas(told) }),
      SOURCE,
    ),
  ];
}
