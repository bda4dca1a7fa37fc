import type { Snapshot } from '../snapshot/snapshot.ts';
import { type UsageGroup, usageGroups } from '../usage/groups.ts';
import type { UsageSample } from '../usage/schema.ts';
import { type PlainMessage, t } from '../words/words.ts';
import type { GroupUsage } from './usage-group.ts';
import { type SetUsage, usageSets } from './usage-sets.ts';

/** A part of the machine's memory or processor time; the parts of one list overlap nowhere. */
export interface MemoryPart {
  readonly name: string;
  /** `container` and `service` are what programs hold there; their file cache is a part of its own. */
  readonly kind: 'container' | 'service' | 'rest' | 'cache' | 'kernel' | 'free';
  readonly bytes: number;
  /** The key of the group; null for what belongs to none. */
  readonly group: string | null;
}

export interface CpuPart {
  readonly name: string;
  readonly kind: 'container' | 'service' | 'rest' | 'idle';
  /** Of one processor: two busy processors are 200. */
  readonly percent: number;
  readonly group: string | null;
}

export interface ProcessUsage {
  readonly pid: number;
  readonly cpuPercent: number | null;
  readonly resident: number;
  readonly readPerSecond: number | null;
  readonly writtenPerSecond: number | null;
}

export interface Usage {
  readonly memory: {
    readonly total: number;
    readonly parts: readonly MemoryPart[];
    /** What is in no part: the total less the sum of them. */
    readonly unexplained: number;
  };
  readonly cpu: { readonly cpus: number; readonly parts: readonly CpuPart[] };
  readonly groups: readonly GroupUsage[];
  /** The same once more, by compose project and pod. */
  readonly sets: readonly SetUsage[];
  readonly processes: ReadonlyMap<number, ProcessUsage>;
}

/** What the kernel uses memory for, as a sample has it. */
const KERNEL_NAMES: readonly PlainMessage[] = [
  'slab (the kernel’s objects)',
  'page tables',
  'stacks',
  'per-processor data',
  'swap compression',
  'huge pages',
];

function kernelName(name: string): string {
  const known = KERNEL_NAMES.find((each) => each === name);
  return known === undefined ? name : t(known);
}

const most = <T extends { bytes: number }>(parts: readonly T[]): T[] =>
  parts.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);

function memoryParts({ machine, groups }: UsageSample, all: readonly UsageGroup[]): MemoryPart[] {
  const programs: MemoryPart[] = [];
  const caches: MemoryPart[] = [];
  for (const { key, kind, name } of all) {
    const use = groups[key];
    if (use === undefined) continue;
    programs.push({ name, kind, group: key, bytes: (use.anonymous ?? 0) + (use.shared ?? 0) });
    caches.push({ name, kind: 'cache', group: key, bytes: use.fileCache ?? 0 });
  }
  const sum = (parts: readonly MemoryPart[]) => parts.reduce((total, { bytes }) => total + bytes, 0);
  const rest = (name: string, kind: MemoryPart['kind'], bytes: number): MemoryPart => {
    return { name, kind, group: null, bytes: Math.max(0, bytes) };
  };
  return [
    ...most(programs),
    ...most([rest(t('other processes'), 'rest', machine.anonymous + machine.shared - sum(programs))]),
    ...most(caches),
    ...most([rest(t('file cache of all others'), 'cache', machine.fileCache - sum(caches))]),
    ...most(machine.kernel.map(({ name, bytes }) => rest(kernelName(name), 'kernel', bytes))),
    rest(t('free'), 'free', machine.free),
  ];
}

/** The growth of a number that only grows, a second; null where it is unknown, or began anew. */
function rate(before: number | null | undefined, after: number | null | undefined, seconds: number): number | null {
  if (before == null || after == null || after < before || seconds <= 0) return null;
  return (after - before) / seconds;
}

/** Percent of one processor of a rate of microseconds or ticks. */
const percent = (value: number | null, perSecond: number): number | null =>
  value === null ? null : (value / perSecond) * 100;

const identity = ({ pid, startTime }: { pid: number; startTime: number }) => `${pid} ${startTime}`;

function processUsage(before: UsageSample, after: UsageSample, clockTicks: number): Map<number, ProcessUsage> {
  const seconds = (after.at - before.at) / 1_000;
  const known = new Map(before.processes.map((process) => [identity(process), process]));
  return new Map(
    after.processes.map((process) => {
      const old = known.get(identity(process));
      return [
        process.pid,
        {
          pid: process.pid,
          // One that is new has used all that it did since: its ticks are of this second.
          cpuPercent: percent(rate(old?.cpu ?? 0, process.cpu, seconds), clockTicks),
          resident: process.resident,
          readPerSecond: rate(old?.readBytes, process.readBytes, seconds),
          writtenPerSecond: rate(old?.writtenBytes, process.writtenBytes, seconds),
        },
      ];
    }),
  );
}

const total = (values: readonly (number | null)[]): number | null =>
  values.length === 0 || values.some((value) => value === null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

function groupUsage(
  group: UsageGroup,
  before: UsageSample,
  after: UsageSample,
  processes: ReadonlyMap<number, ProcessUsage>,
  network: string | null,
): GroupUsage {
  const links = (sample: UsageSample) => (network === null ? undefined : sample.networks[network]);
  const seconds = (after.at - before.at) / 1_000;
  const [old, cgroup] = [before.groups[group.key], after.groups[group.key] ?? null];
  const own = group.processes.flatMap(({ pid }) => processes.get(pid) ?? []);
  const counted = cgroup?.cpuMicroseconds != null;
  return {
    group,
    cpuPercent: counted
      ? percent(rate(old?.cpuMicroseconds, cgroup.cpuMicroseconds, seconds), 1e6)
      : total(own.map(({ cpuPercent }) => cpuPercent)),
    throttledPercent: percent(rate(old?.throttledMicroseconds, cgroup?.throttledMicroseconds, seconds), 1e6),
    readPerSecond:
      cgroup?.readBytes != null
        ? rate(old?.readBytes, cgroup.readBytes, seconds)
        : total(own.map(({ readPerSecond }) => readPerSecond)),
    writtenPerSecond:
      cgroup?.writtenBytes != null
        ? rate(old?.writtenBytes, cgroup.writtenBytes, seconds)
        : total(own.map(({ writtenPerSecond }) => writtenPerSecond)),
    receivedPerSecond: rate(links(before)?.received, links(after)?.received, seconds),
    sentPerSecond: rate(links(before)?.sent, links(after)?.sent, seconds),
    resident: own.reduce((sum, { resident }) => sum + resident, 0),
    threads: cgroup?.tasks ?? group.processes.reduce((sum, { threads }) => sum + threads, 0),
    cgroup,
  };
}

function cpuParts(
  before: UsageSample,
  after: UsageSample,
  groups: readonly GroupUsage[],
  clockTicks: number,
): readonly CpuPart[] {
  const seconds = (after.at - before.at) / 1_000;
  const busy = percent(rate(before.machine.busyTicks, after.machine.busyTicks, seconds), clockTicks) ?? 0;
  const parts: CpuPart[] = groups
    .map(({ group: { key, kind, name }, cpuPercent }) => ({ name, kind, group: key, percent: cpuPercent ?? 0 }))
    .filter((part) => part.percent > 0)
    .sort((a, b) => b.percent - a.percent);
  const sum = parts.reduce((all, part) => all + part.percent, 0);
  const rest = Math.max(0, busy - sum);
  const idle = Math.max(0, after.machine.cpus * 100 - sum - rest);
  return [
    ...parts,
    { name: t('the kernel and other processes'), kind: 'rest', group: null, percent: rest },
    { name: t('idle'), kind: 'idle', group: null, percent: idle },
  ];
}

/**
 * Who uses the machine: its memory to the last part, and its processors between two moments.
 * Memory is the kernel's own count: programs (anonymous and shared) by cgroup, then file cache by cgroup, then what
 * belongs to no cgroup of a container or service, then the kernel's, then what is free.
 */
export function usageOf(snapshot: Snapshot, before: UsageSample, after: UsageSample): Usage {
  const { clockTicks } = snapshot.host;
  const all = usageGroups(snapshot);
  const processes = processUsage(before, after, clockTicks);
  const inits = new Map(snapshot.containers.map(({ id, pid }) => [id, pid]));
  const networkOf = (group: UsageGroup): string | null =>
    group.processes.find(({ pid }) => pid === inits.get(group.key))?.namespaces.net ?? null;
  const groups = all.map((group) => groupUsage(group, before, after, processes, networkOf(group)));
  const parts = memoryParts(after, all);
  const explained = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    memory: { total: after.machine.total, parts, unexplained: after.machine.total - explained },
    cpu: { cpus: after.machine.cpus, parts: cpuParts(before, after, groups, clockTicks) },
    groups,
    sets: usageSets(groups, ({ group }) => networkOf(group)),
    processes,
  };
}
