import type { Process } from '../snapshot/snapshot.ts';

export interface TreeRow {
  readonly process: Process;
  /** 0 for a process whose parent is not among the given ones. */
  readonly depth: number;
}

/**
 * Processes as rows of a tree, parents before children, siblings in the given order. Linear, and it ends even if the
 * data has loops.
 */
export function treeRows(processes: readonly Process[]): readonly TreeRow[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number, Process[]>();
  const roots: Process[] = [];
  for (const process of processes) {
    const siblings = children.get(process.ppid);
    if (!pids.has(process.ppid) || process.ppid === process.pid) roots.push(process);
    else if (siblings === undefined) children.set(process.ppid, [process]);
    else siblings.push(process);
  }
  const rows: TreeRow[] = [];
  const seen = new Set<number>();
  const stack: TreeRow[] = [];
  const push = (list: readonly Process[], depth: number): void => {
    for (let index = list.length - 1; index >= 0; index--) {
      const process = list[index];
      if (process !== undefined) stack.push({ process, depth });
    }
  };
  const walk = (): void => {
    for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
      if (seen.has(row.process.pid)) continue;
      seen.add(row.process.pid);
      rows.push(row);
      push(children.get(row.process.pid) ?? [], row.depth + 1);
    }
  };
  push(roots, 0);
  walk();
  // In a damaged file processes may be each other's parents: those are reached from no root.
  for (const process of processes) {
    push([process], 0);
    walk();
  }
  return rows;
}
