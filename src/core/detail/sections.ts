import { pidText, whoseProcess } from '../services/whose.ts';
import { CAPABILITY_COUNT, capabilityNames } from '../snapshot/capabilities.ts';
import type { Container, Process, Snapshot } from '../snapshot/snapshot.ts';
import { bytesText } from '../text/bytes.ts';
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
    head: ['Id', 'Key', 'Owner', 'Mode', 'Size', used],
    rows: list.map((each) => [
      String(each.id),
      each.key,
      `uid ${each.uid}`,
      each.mode,
      size(each.size),
      each.used === null ? '' : String(each.used),
    ]),
    empty: 'None.',
  });
  return [
    objects('Shared memory', detail.shm, bytesText, 'Attached'),
    objects('Semaphores', detail.sem, String, ''),
    objects('Message queues', detail.msg, bytesText, 'Messages'),
    {
      title: 'POSIX message queues',
      part: 'posixQueues',
      head: ['Name', 'Waiting'],
      rows: (detail.queues ?? []).map(({ name, bytes }) => [name, bytesText(bytes)]),
      empty: detail.queues === null ? 'They cannot be listed from here.' : 'None.',
    },
  ];
}

/** "Root inside is uid N outside", in a sentence; null where it cannot be told. */
export function rootSentence(detail: DetailOf<'user'>): string | null {
  const line = detail.uids.find(({ inside, count }) => inside === 0 && count > 0);
  if (line === undefined) return detail.uids.length === 0 ? null : 'There is no root inside.';
  return line.outside === 0 ? 'Root inside is root outside.' : `Root inside is uid ${line.outside} outside.`;
}

function capabilitiesText(mask: string): string {
  const names = capabilityNames(mask);
  if (names.length >= CAPABILITY_COUNT) return 'all';
  return names.length === 0 ? 'none' : names.join(' ');
}

const SECCOMP = ['off', 'strict', 'filter'];

/** The letters of proc(5). */
const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a device',
  T: 'stopped',
  t: 'traced',
  Z: 'ended, not waited for (zombie)',
  I: 'idle',
  X: 'dead',
};

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
  const text = `${pidText(snapshot, parent)}: ${program}`;
  if (state !== 'Z') return text;
  const init = parent.nsPids.length > 1 && parent.nsPids.at(-1) === 1;
  return `${text}, which does not wait for it${init ? '. With --init the container has a first process that does' : ''}`;
}

/** What a process holds, with what the snapshot says of it. */
function processSections(detail: DetailOf<'process'>, { process, snapshot, time = utcText }: DetailContext): Section[] {
  const started = process === null ? null : startedAt(process, snapshot);
  const uid = detail.uids[1];
  const whose = process === null ? null : whoseProcess(snapshot, process);
  const named = (container: Container | null | undefined) =>
    container == null ? null : `${container.name} (${container.id.slice(0, 12)}, ${container.image})`;
  return [
    facts('process', 'Process', [
      ['Container', named(whose?.container)],
      ['Works for', named(whose?.serves)],
      ['Known because', whose?.because ?? null],
      ['Command', process === null || process.argv.length === 0 ? null : process.argv.join(' ')],
      ['Pids', process === null ? null : `${process.nsPids.join(' → ')} (from the outermost that is seen)`],
      ['Parent', process === null ? null : parentText(process, snapshot)],
      ['State', process === null ? null : (STATES[process.state] ?? process.state)],
      ['Started', started === null ? null : time(started)],
      ['Program', detail.exe],
      ['Working directory', detail.cwd],
      ['Root directory', detail.root],
      [
        'Memory',
        detail.rss === null ? null : `${bytesText(detail.rss)} resident, ${bytesText(detail.swap ?? 0)} swapped`,
      ],
      ['CPU', `${seconds(detail.userTime)} user, ${seconds(detail.systemTime)} system, nice ${detail.nice}`],
      [
        'User',
        uid === undefined
          ? null
          : detail.uidInside === null
            ? `uid ${uid} outside, without a number inside`
            : `uid ${uid} outside, ${detail.uidInside} inside`,
      ],
      ['Groups', detail.groups.length === 0 ? null : detail.groups.join(' ')],
      [
        'Effective capabilities',
        process?.capabilities == null ? null : capabilitiesText(process.capabilities.effective),
      ],
      ['Bounding capabilities', process?.capabilities == null ? null : capabilitiesText(process.capabilities.bounding)],
      [
        'Seccomp',
        process?.seccomp == null
          ? null
          : `${SECCOMP[process.seccomp] ?? process.seccomp}${detail.seccompFilters ? `, ${detail.seccompFilters} filters` : ''}`,
      ],
      ['No new privileges', process?.noNewPrivs == null ? null : process.noNewPrivs ? 'yes' : 'no'],
      ['Security label', detail.label],
      ['OOM score', detail.oomScore === null ? null : String(detail.oomScore)],
    ]),
    {
      title:
        detail.threads.length < detail.threadCount
          ? `${detail.threadCount} threads, the first ${detail.threads.length} of them`
          : `${detail.threads.length} threads`,
      part: 'threads',
      head: ['Thread', 'Name', 'State', 'CPU'],
      rows: detail.threads.map(({ tid, comm, state, cpu }) => [String(tid), comm, state, seconds(cpu)]),
      empty: 'None.',
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
        facts('names', 'Names', [
          ['Hostname', detail.hostname],
          ['NIS domain', detail.domainname],
        ]),
      ];
    case 'user':
      return [
        facts('ids', 'Root', [
          ['In a sentence', rootSentence(detail)],
          ['setgroups', detail.setgroups],
        ]),
        ...(['uids', 'gids'] as const).map(
          (ids): Section => ({
            title: ids === 'uids' ? 'User ids' : 'Group ids',
            part: 'ids',
            head: ['Inside', 'Outside', 'How many'],
            rows: detail[ids].map(({ inside, outside, count }) => [String(inside), String(outside), String(count)]),
            empty: 'Nothing is mapped.',
          }),
        ),
      ];
    case 'time':
      return [
        facts('clocks', 'Clocks', [
          ['Monotonic', `${detail.monotonic} s ahead of the host's`],
          ['Boot time', `${detail.boottime} s ahead of the host's`],
        ]),
      ];
    case 'pid':
      return [
        facts('pids', 'Process ids', [
          ['Init', detail.init === null ? null : `pid ${detail.init} outside is pid 1 inside`],
          ['Levels', detail.levels === null ? null : `${detail.levels}, from the outermost that is seen`],
        ]),
      ];
    case 'cgroup':
      return [facts('cgroups', 'Cgroups', [['A process in it', detail.root]])];
    case 'process':
      return processSections(detail, context);
    case 'limits':
      return limitSections(detail);
  }
}
