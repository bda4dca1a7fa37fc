import { compareNames } from '#core/layout/order.ts';
import type { GraphNode, StripSlot } from '#core/layout/scene.ts';
import type { NamespaceKind } from '#core/snapshot/namespace.ts';
import { compareText } from '#core/snapshot/order.ts';
import type { Numbers } from './letters.ts';

export interface Sort {
  readonly column: 'name' | NamespaceKind;
  readonly down: boolean;
}

const RANK: Readonly<Record<StripSlot['standing'], number>> = { shared: 0, host: 1, private: 2, unknown: 3 };

/** Rows by name, or by a kind: who shares it together, group by group, then the host's, private and unknown. */
export function sortRows(nodes: readonly GraphNode[], { column, down }: Sort, numbers: Numbers): GraphNode[] {
  const slot = (node: GraphNode) => node.strip.find((each) => each.kind === column);
  const number = (node: GraphNode) => numbers.get(slot(node)?.namespace ?? '') ?? 0;
  const rank = (node: GraphNode) => RANK[slot(node)?.standing ?? 'unknown'];
  const byName = (a: GraphNode, b: GraphNode) => compareNames(a.label, b.label) || compareText(a.key, b.key);
  const sign = down ? -1 : 1;
  if (column === 'name') return [...nodes].sort((a, b) => sign * byName(a, b));
  return [...nodes].sort((a, b) => sign * (rank(a) - rank(b) || number(a) - number(b)) || byName(a, b));
}
