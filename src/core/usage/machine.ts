import type { MachineUsage } from './schema.ts';

const KERNEL: readonly (readonly [name: string, fields: readonly string[]])[] = [
  ['slab (the kernel’s objects)', ['Slab']],
  ['page tables', ['PageTables', 'SecPageTables']],
  ['stacks', ['KernelStack']],
  ['per-processor data', ['Percpu']],
  ['swap compression', ['Zswap']],
  ['huge pages', ['Hugetlb']],
];

function avg10(text: string | null | undefined): number | null {
  const found = /^some avg10=([\d.]+)/m.exec(text ?? '')?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * Memory and processors of the whole machine. Source: proc(5), Linux Documentation/filesystems/proc.rst.
 * @param texts `meminfo`, `stat`, `vmstat` and `pressure/*`; null without a readable `meminfo`
 */
export function machineUsage(texts: Readonly<Record<string, string | null | undefined>>): MachineUsage | null {
  const rows = new Map<string, number>();
  for (const [, name = '', kib] of (texts.meminfo ?? '').matchAll(/^(\w+(?:\(\w+\))?):\s+(\d+)(?: kB)?$/gm)) {
    rows.set(name, Number(kib) * 1024);
  }
  const bytes = (...names: string[]) => names.reduce((sum, name) => sum + (rows.get(name) ?? 0), 0);
  if (!rows.has('MemTotal')) return null;
  const shared = bytes('Shmem');
  const ticks = (/^cpu +(.+)$/m.exec(texts.stat ?? '')?.[1] ?? '').split(' ').map(Number);
  // user nice system idle iowait irq softirq steal; time of guests is in user's already.
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0] = ticks;
  const oomKills = /^oom_kill (\d+)$/m.exec(texts.vmstat ?? '')?.[1];
  return {
    total: bytes('MemTotal'),
    free: bytes('MemFree'),
    available: bytes('MemAvailable'),
    anonymous: bytes('AnonPages'),
    shared,
    fileCache: Math.max(0, bytes('Cached', 'Buffers', 'SwapCached') - shared),
    kernel: [
      ...KERNEL.map(([name, fields]) => ({ name, bytes: bytes(...fields) })),
      // Stacks are allocated there and counted there, too (CONFIG_VMAP_STACK, as kernels for containers have it).
      { name: 'vmalloc', bytes: Math.max(0, bytes('VmallocUsed') - bytes('KernelStack')) },
    ].filter((part) => part.bytes > 0),
    kernelReclaimable: bytes('KReclaimable'),
    swapTotal: bytes('SwapTotal'),
    swapUsed: Math.max(0, bytes('SwapTotal') - bytes('SwapFree')),
    cpus: (texts.stat ?? '').match(/^cpu\d+ /gm)?.length ?? 0,
    busyTicks: user + nice + system + irq + softirq,
    idleTicks: idle + iowait,
    oomKills: oomKills === undefined ? null : Number(oomKills),
    pressure: {
      cpu: avg10(texts['pressure/cpu']),
      memory: avg10(texts['pressure/memory']),
      io: avg10(texts['pressure/io']),
    },
  };
}
