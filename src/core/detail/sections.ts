import { pidText, whoseProcess } from '../services/whose.ts';
import { CAPABILITY_COUNT, capabilityNames } from '../snapshot/capabilities.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';
import { type PlainMessage, t } from '../words/words.ts';
import type { Detail, DetailOf } from './detail.ts';
import { limitSections } from './limit-sections.ts';
import { mountSections } from './mount-sections.ts';
import { netSections } from './net-sections.ts';
import { facts, type Section, seconds } from './section.ts';

function ipcSections(detail: DetailOf<'ipc'>): Section[] {
  const objects = (
    title: string,
    list: DetailOf<'ipc'>['shm'],
    size: (value: number) => string,
    used: string,
  ): Section => ({
    title,
    part: 'systemV',
    head: ['Id', t('Key ⟨of IPC⟩'), t('Owner ⟨user⟩'), t('Mode ⟨permissions⟩'), t('Size'), used],
    rows: list.map((each) => [
      String(each.id),
      each.key,
      `uid ${each.uid}`,
      each.mode,
      size(each.size),
      each.used === null ? '' : String(each.used),
    ]),
    empty: t('None.'),
  });
  return [
    objects(t('Shared memory'), detail.shm, bytesText, t('Attached')),
    objects(t('Semaphores'), detail.sem, String, ''),
    objects(t('Message queues'), detail.msg, bytesText, t('Messages')),
    {
      title: t('POSIX message queues'),
      part: 'posixQueues',
      head: [t('Name'), t('Waiting ⟨bytes⟩')],
      rows: (detail.queues ?? []).map(({ name, bytes }) => [name, bytesText(bytes)]),
      empty: detail.queues === null ? t('They cannot be listed from here.') : t('None.'),
    },
  ];
}

/** "Root inside is uid N outside", in a sentence; null where it cannot be told. */
export function rootSentence(detail: DetailOf<'user'>): string | null {
  const line = detail.uids.find(({ inside, count }) => inside === 0 && count > 0);
  if (line === undefined) return detail.uids.length === 0 ? null : t('There is no root inside.');
  return line.outside === 0
    ? t('Root inside is root outside.')
    : t('Root inside is uid {uid} outside.', { uid: line.outside });
}

function capabilitiesText(mask: string): string {
  const names = capabilityNames(mask);
  if (names.length >= CAPABILITY_COUNT) return t('all');
  return names.length === 0 ? t('none') : names.join(' ');
}

const SECCOMP = ['off', 'strict', 'filter'];

/** The letters of proc(5). */
const STATES: Readonly<Record<string, PlainMessage>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a device',
  T: 'stopped ⟨process⟩',
  t: 'traced',
  Z: 'ended, not waited for (zombie)',
  I: 'idle',
  X: 'dead ⟨process⟩',
};

function stateText(letter: string): string {
  const known = STATES[letter];
  return known === undefined ? letter : t(known);
}

function seccompText(mode: number, filters: number | null): string {
  const name = SECCOMP[mode] ?? String(mode);
  return filters
    ? t('{mode}, {count, plural, one {# filter} other {# filters}}', { mode: name, count: filters })
    : name;
}

/** What a detail is told with. */
interface DetailContext {
  readonly snapshot: Snapshot;
  readonly container: Container | null;
  readonly process: Process | null;
  /** A moment (ISO 8601) in words; in UTC where nothing is said. */
  readonly time?: (iso: string) => string;
  /** How `reach` names the network namespace: a container's name, or empty for the machine; null where it has no name. */
  readonly reachAs?: string | null;
}

/** A moment (ISO 8601) as everybody reads the same. */
function utcText(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

/** When it began (ISO 8601); null where the boot time is not known. */
function startedAt({ startTime }: Process, { host }: Snapshot): string | null {
  return host.bootTime === null ? null : new Date((host.bootTime + startTime / host.clockTicks) * 1_000).toISOString();
}

/** Who has to wait for it when it ends; null where that is not seen. */
function parentText({ ppid, state }: Process, snapshot: Snapshot): string | null {
  const parent = snapshot.processes.find(({ pid }) => pid === ppid);
  if (parent === undefined) return null;
  const program = parent.argv.length === 0 ? parent.comm : parent.argv.join(' ');
  const text = t('{pid}: {program}', { pid: pidText(snapshot, parent), program });
  if (state !== 'Z') return text;
  const init = parent.nsPids.length > 1 && parent.nsPids.at(-1) === 1;
  return init
    ? t('{parent}, which does not wait for it. With --init the container has a first process that does', {
        parent: text,
      })
    : t('{parent}, which does not wait for it', { parent: text });
}

/** What a process holds, with what the snapshot says of it. */
const ULIMIT_NAMES: Readonly<Record<string, PlainMessage>> = {
  'Max open files': 'Open files',
  'Max processes': 'Processes of its user',
  'Max locked memory': 'Locked memory',
};
/** Counted, and not in bytes. */
const COUNTED = new Set(['Max open files', 'Max processes']);

/** Without its first process a pid namespace is at its end. Source: pid_namespaces(7). */
function initText(pid: number, { processes }: Snapshot): string {
  return processes.find((each) => each.pid === pid)?.state === 'Z'
    ? t('pid {pid} outside is pid 1 inside; it has ended, so no process can start in it any more', { pid })
    : t('pid {pid} outside is pid 1 inside', { pid });
}

function ulimitRow({ name, soft, hard }: NonNullable<DetailOf<'process'>['ulimits']>[number]): [string, string] {
  const text = (value: number): string => (COUNTED.has(name) ? String(value) : bytesText(value));
  const known = ULIMIT_NAMES[name];
  const most = (): string => {
    if (soft === null) return t('no limit');
    const limit = text(soft);
    if (soft === hard) return t('at most {limit} (ulimit)', { limit });
    return hard === null
      ? t('at most {limit}, until it sets another (ulimit)', { limit })
      : t('at most {limit}, which it may raise to {hard} (ulimit)', { limit, hard: text(hard) });
  };
  return [known === undefined ? name : t(known), most()];
}

function processSections(detail: DetailOf<'process'>, { process, snapshot, time = utcText }: DetailContext): Section[] {
  const started = process === null ? null : startedAt(process, snapshot);
  const uid = detail.uids[1];
  const whose = process === null ? null : whoseProcess(snapshot, process);
  // Who may not look at the namespaces may not look at these; a process that has ended has none.
  const closed = process !== null && process.state !== 'Z' && process.namespaces.mnt === null;
  const unread = closed ? t('could not be read') : null;
  const named = (container: Container | null | undefined) =>
    container == null ? null : `${container.name} (${container.id.slice(0, 12)}, ${container.image})`;
  return [
    facts('process', t('Process'), [
      [t('Container'), named(whose?.container)],
      [t('Works for'), named(whose?.serves)],
      [t('Known because'), whose?.because ?? null],
      [t('Command'), process === null || process.argv.length === 0 ? null : process.argv.join(' ')],
      [
        t('Pids'),
        process === null ? null : t('{pids} (from the outermost visible level)', { pids: process.nsPids.join(' → ') }),
      ],
      [t('Parent'), process === null ? null : parentText(process, snapshot)],
      [t('State'), process === null ? null : stateText(process.state)],
      [t('Started'), started === null ? null : time(started)],
      [t('Program'), detail.exe ?? unread],
      [t('Working directory'), detail.cwd ?? unread],
      [t('Root directory'), detail.root ?? unread],
      [
        t('Memory'),
        detail.rss === null
          ? null
          : t('{resident} resident, {swapped} swapped', {
              resident: bytesText(detail.rss),
              swapped: bytesText(detail.swap ?? 0),
            }),
      ],
      [
        'CPU',
        t('{user} user, {system} system, nice {nice}', {
          user: seconds(detail.userTime),
          system: seconds(detail.systemTime),
          nice: detail.nice,
        }),
      ],
      [
        t('User'),
        uid === undefined
          ? null
          : detail.uidInside === null
            ? t('uid {uid} outside, without a number inside', { uid })
            : t('uid {uid} outside, {inside} inside', { uid, inside: detail.uidInside }),
      ],
      [t('Groups'), detail.groups.length === 0 ? null : detail.groups.join(' ')],
      [
        t('Effective capabilities'),
        process?.capabilities == null ? null : capabilitiesText(process.capabilities.effective),
      ],
      [
        t('Bounding capabilities'),
        process?.capabilities == null ? null : capabilitiesText(process.capabilities.bounding),
      ],
      [t('Seccomp'), process?.seccomp == null ? null : seccompText(process.seccomp, detail.seccompFilters)],
      [t('No new privileges'), process?.noNewPrivs == null ? null : process.noNewPrivs ? t('yes') : t('no')],
      [t('Security label'), detail.label],
      [t('OOM score'), detail.oomScore === null ? null : String(detail.oomScore)],
      ...(process?.state === 'Z' ? [] : (detail.ulimits ?? [])).map(ulimitRow),
    ]),
    {
      title:
        detail.threads.length < detail.threadCount
          ? t('{count, number} threads, the first {shown, number} of them', {
              count: detail.threadCount,
              shown: detail.threads.length,
            })
          : t('{count, plural, one {# thread} other {# threads}}', { count: detail.threads.length }),
      part: 'threads',
      head: [t('Thread'), t('Name'), t('State'), 'CPU'],
      rows: detail.threads.map(({ tid, comm, state, cpu }) => [String(tid), comm, state, seconds(cpu)]),
      empty: t('None.'),
    },
  ];
}

/** A detail in words. */
export function detailSections(detail: Detail, context: DetailContext): Section[] {
  switch (detail.kind) {
    case 'net':
      return netSections(detail, context.snapshot, context.reachAs ?? null);
    case 'mnt':
      return mountSections(detail, context.container, context.snapshot);
    case 'ipc':
      return ipcSections(detail);
    case 'uts':
      return [
        facts('names', t('Names'), [
          [t('Hostname'), detail.hostname],
          [t('NIS domain'), detail.domainname],
        ]),
      ];
    case 'user':
      return [
        facts('ids', 'Root', [
          [t('In a sentence'), rootSentence(detail)],
          ['setgroups', detail.setgroups],
        ]),
        ...(['uids', 'gids'] as const).map(
          (ids): Section => ({
            title: ids === 'uids' ? t('User ids') : t('Group ids'),
            part: 'ids',
            head: [t('Inside'), t('Outside'), t('How many')],
            rows: detail[ids].map(({ inside, outside, count }) => [String(inside), String(outside), String(count)]),
            empty: t('Nothing is mapped.'),
          }),
        ),
      ];
    case 'time':
      return [
        facts('clocks', t('Clocks'), [
          [t('Monotonic'), t('{seconds} s ahead of the host’s', { seconds: detail.monotonic })],
          [t('Boot time'), t('{seconds} s ahead of the host’s', { seconds: detail.boottime })],
        ]),
      ];
    case 'pid':
      return [
        facts('pids', t('Process ids'), [
          [t('Main process'), detail.init === null ? null : initText(detail.init, context.snapshot)],
          [
            t('Levels'),
            detail.levels === null
              ? null
              : t('{count, number}, from the outermost visible level', { count: detail.levels }),
          ],
        ]),
      ];
    case 'cgroup':
      return [facts('cgroups', t('Cgroups'), [[t('Cgroup of a process in it'), detail.root]])];
    case 'process':
      return processSections(detail, context);
    case 'limits':
      return limitSections(detail);
  }
}
