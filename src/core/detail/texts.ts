import type { Detail, DetailOf, IdMap, Mount } from './detail.ts';
import { parseCgroupPaths } from './limits.ts';

/** Texts of /proc by their names, as the probe answers; null where a file could not be read. */
export type Texts = Readonly<Record<string, string | null>>;

/** Undoes the octal escapes of a mount table (\040): a byte each; the text is UTF-8 otherwise. */
function unescapeMount(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** /proc/pid/mountinfo, in its order. A line that does not fit is skipped. Source: proc(5). */
export function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const [head, tail] = line.split(' - ');
    const before = head?.split(' ') ?? [];
    const after = tail?.split(' ') ?? [];
    const [id, parent, device, root, point, options, ...propagation] = before;
    const [type, source, superOptions] = after;
    if (point === undefined || root === undefined || device === undefined || type === undefined) continue;
    mounts.push({
      id: Number(id),
      parent: Number(parent),
      device,
      root: unescapeMount(root),
      point: unescapeMount(point),
      options: options?.split(',') ?? [],
      propagation,
      type,
      source: unescapeMount(source ?? ''),
      superOptions: superOptions?.split(',').map(unescapeMount) ?? [],
    });
  }
  return mounts;
}

/** /proc/pid/uid_map and gid_map. Source: user_namespaces(7). */
export function parseIdMap(text: string): IdMap {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((numbers) => numbers.length === 3 && numbers.every(Number.isInteger))
    .map(([inside = 0, outside = 0, count = 0]) => ({ inside, outside, count }));
}

/** The number of an outer id inside; null where the map has none. */
export function insideOf(map: readonly IdMap[number][], outer: number): number | null {
  for (const { inside, outside, count } of map) {
    if (outer >= outside && outer - outside < count) return inside + outer - outside;
  }
  return null;
}

type IpcObject = DetailOf<'ipc'>['shm'][number];

/** A table of /proc/sysvipc, by the names in its head. Source: sysvipc(7). */
export function parseSysvipc(text: string, size: string, used: string | null): IpcObject[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.trim().split(/\s+/);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((values) => values.length >= names.length)
    .map((values) => {
      const of = (name: string): string => values[names.indexOf(name)] ?? '0';
      return {
        id: Number(of(names[1] ?? '')),
        key: `0x${(Number(of('key')) >>> 0).toString(16)}`,
        uid: Number(of('uid')),
        mode: of('perms'),
        size: Number(of(size)),
        used: used === null ? null : Number(of(used)),
      };
    });
}

/** A POSIX queue's own text: `QSIZE:129 NOTIFY:0 …`. Source: mq_overview(7). */
export function parseQueue(text: string): number {
  return Number(/QSIZE:(\d+)/.exec(text)?.[1] ?? 0);
}

/** /proc/pid/timens_offsets: seconds with their nanoseconds. Source: time_namespaces(7). */
export function parseOffsets(text: string): DetailOf<'time'> {
  const of = (clock: string): number => {
    const match = new RegExp(`^${clock}\\s+(-?\\d+)\\s+(\\d+)`, 'm').exec(text);
    return match === null ? 0 : Number(match[1]) + Number(match[2]) / 1e9;
  };
  return { kind: 'time', monotonic: of('monotonic'), boottime: of('boottime') };
}

function statusField(status: string, name: string): string | null {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1]?.trim() ?? null;
}

function kilobytes(status: string, name: string): number | null {
  const match = /^(\d+) kB$/.exec(statusField(status, name) ?? '');
  return match === null ? null : Number(match[1]) * 1024;
}

function numbers(text: string | null): number[] {
  return (text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(Number);
}

/** The fields of stat after the command's name, which may hold anything: they start with field 3, the state. */
function statFields(stat: string): { comm: string; fields: string[] } {
  const end = stat.lastIndexOf(')');
  return {
    comm: stat.slice(stat.indexOf('(') + 1, end),
    fields: stat
      .slice(end + 2)
      .trim()
      .split(' '),
  };
}

/** Ticks of user and system time are fields 14 and 15. */
function cpuOf(fields: readonly string[], clockTicks: number): { user: number; system: number } {
  return { user: Number(fields[11] ?? 0) / clockTicks, system: Number(fields[12] ?? 0) / clockTicks };
}

/** Those that people set and run into, as proc(5) names them. */
const ULIMITS = ['Max open files', 'Max processes', 'Max locked memory'];

/** /proc/pid/limits: a table with columns of fixed width. */
export function parseUlimits(text: string): NonNullable<DetailOf<'process'>['ulimits']> {
  const amount = (word: string): number | null => (word === 'unlimited' ? null : Number(word));
  return ULIMITS.flatMap((name) => {
    const [, soft = '', hard = ''] = new RegExp(`^${name} +(\\d+|unlimited) +(\\d+|unlimited)`, 'm').exec(text) ?? [];
    return soft === '' ? [] : [{ name, soft: amount(soft), hard: amount(hard) }];
  });
}

/**
 * What /proc/pid tells beyond a snapshot. Source: proc(5).
 * @param threadCount how many threads there are: not all of their texts need be among `threads`
 */
export function processDetail(
  texts: Texts,
  threads: Texts,
  threadCount: number,
  clockTicks: number,
): DetailOf<'process'> {
  const status = texts.status ?? '';
  const { fields } = statFields(texts.stat ?? '');
  const { user, system } = cpuOf(fields, clockTicks);
  const uids = numbers(statusField(status, 'Uid'));
  const filters = statusField(status, 'Seccomp_filters');
  return {
    kind: 'process',
    exe: texts.exe ?? null,
    cwd: texts.cwd ?? null,
    root: texts.root ?? null,
    rss: kilobytes(status, 'VmRSS'),
    swap: kilobytes(status, 'VmSwap'),
    virtual: kilobytes(status, 'VmSize'),
    userTime: user,
    systemTime: system,
    nice: Number(fields[16] ?? 0),
    uids,
    gids: numbers(statusField(status, 'Gid')),
    groups: numbers(statusField(status, 'Groups')),
    uidInside: insideOf(parseIdMap(texts.uid_map ?? ''), uids[1] ?? 0),
    seccompFilters: filters === null ? null : Number(filters),
    label: texts['attr/current']?.replace(/[\0\n]+$/, '') || null,
    oomScore: texts.oom_score === null || texts.oom_score === undefined ? null : Number(texts.oom_score),
    ...(texts.limits === null || texts.limits === undefined ? {} : { ulimits: parseUlimits(texts.limits) }),
    threadCount,
    threads: Object.entries(threads)
      .filter((entry): entry is [string, string] => entry[1] !== null)
      .map(([name, stat]) => {
        const thread = statFields(stat);
        const cpu = cpuOf(thread.fields, clockTicks);
        return {
          tid: Number.parseInt(name, 10),
          comm: thread.comm,
          state: thread.fields[0] ?? '?',
          cpu: cpu.user + cpu.system,
        };
      })
      .sort((a, b) => a.tid - b.tid),
  };
}

/** What the small kinds hold. */
export function smallDetail(kind: 'uts' | 'user' | 'time' | 'cgroup', texts: Texts): Detail {
  const line = (name: string): string => (texts[name] ?? '').replace(/\n$/, '');
  switch (kind) {
    case 'uts':
      return { kind, hostname: line('sys/kernel/hostname'), domainname: line('sys/kernel/domainname') };
    case 'user':
      return {
        kind,
        uids: parseIdMap(texts.uid_map ?? ''),
        gids: parseIdMap(texts.gid_map ?? ''),
        setgroups: texts.setgroups?.trim() ?? null,
      };
    case 'time':
      return parseOffsets(texts.timens_offsets ?? '');
    case 'cgroup':
      return { kind, root: texts.cgroup === null ? null : parseCgroupPaths(texts.cgroup ?? '').path('memory') };
  }
}
