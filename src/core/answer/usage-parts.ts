import { bytesText } from '../text/bytes.ts';
import { type PlainMessage, t } from '../words/words.ts';
import type { MemoryPart, Usage } from './usage.ts';

/** A part of a bar that sums to the whole machine. */
export interface UsagePart {
  readonly name: string;
  readonly kind: UsagePartKind;
  readonly amount: number;
}

export type UsagePartKind = 'container' | 'service' | 'rest' | 'cache' | 'kernel' | 'free' | 'idle' | 'unexplained';

/** What a colour is of. */
export const USAGE_PART_NAMES: Readonly<Record<UsagePartKind, PlainMessage>> = {
  container: 'Containers',
  service: 'Services',
  rest: 'Other processes',
  cache: 'File cache',
  kernel: 'Kernel',
  free: 'Free',
  idle: 'Idle',
  unexplained: 'In none of these',
};

/** A bar: all of memory, or of the processors. */
export interface UsageBar {
  readonly title: string;
  readonly parts: readonly UsagePart[];
  readonly total: number;
  readonly text: (amount: number) => string;
}

/** Parts smaller than this share are drawn together. */
const SMALLEST = 0.004;

/** The small ones of each kind as one, so that a bar of 200 parts can still be read. */
export function drawnParts({ parts, total }: UsageBar): UsagePart[] {
  const large = parts.filter(({ amount }) => amount / total >= SMALLEST);
  const small = parts.filter((part) => part.amount > 0 && !large.includes(part));
  const kinds = [...new Set(small.map(({ kind }) => kind))];
  const rest = kinds.map((kind): UsagePart => {
    const own = small.filter((part) => part.kind === kind);
    return {
      kind,
      name:
        own.length === 1
          ? (own[0]?.name ?? '')
          : t('{kind}: {n, number} small ones', { kind: t(USAGE_PART_NAMES[kind]), n: own.length }),
      amount: own.reduce((sum, { amount }) => sum + amount, 0),
    };
  });
  const order = [...new Set(parts.map(({ kind }) => kind))];
  return [...large, ...rest].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.amount - a.amount);
}

/** What there is of each kind, in the order of the bar; what is nothing is left out. */
export function sumsOf({ parts }: UsageBar): readonly (readonly [UsagePartKind, number])[] {
  const sums = new Map<UsagePartKind, number>();
  for (const { kind, amount } of parts) sums.set(kind, (sums.get(kind) ?? 0) + amount);
  return [...sums].filter(([, amount]) => amount > 0);
}

export function memoryBar({ memory }: Usage): UsageBar {
  const nameOf = ({ kind, name, group }: MemoryPart) =>
    kind === 'cache' && group !== null ? t('file cache of {name}', { name }) : name;
  return {
    title: t('Memory: {total}', { total: bytesText(memory.total) }),
    parts: [
      ...memory.parts.map((part) => ({ name: nameOf(part), kind: part.kind, amount: part.bytes })),
      { name: t('in none of these'), kind: 'unexplained', amount: Math.max(0, memory.unexplained) },
    ],
    total: memory.total,
    text: bytesText,
  };
}

export function cpuBar({ cpu }: Usage): UsageBar {
  return {
    title: t('Processors: {cpus}', { cpus: cpu.cpus }),
    parts: cpu.parts.map(({ name, kind, percent }) => ({ name, kind, amount: percent })),
    total: cpu.cpus * 100,
    text: (amount) => `${amount.toFixed(1)} %`,
  };
}
