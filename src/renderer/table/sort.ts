import { compareNames } from '#core/layout/order.ts';
import type { GraphNode, StripSlot } from '#core/layout/scene.ts';
import { compareText } from '#core/snapshot/order.ts';
import type { Container } from '#core/snapshot/snapshot.ts';
import { type Column, factText, isKind } from '#core/table/columns.ts';
import type { Numbers } from '#core/table/letters.ts';
import { isUse, type Use, type UseColumn } from '../resources/uses.ts';

export type TableColumn = Column | UseColumn;

export interface Sort {
  readonly column: TableColumn;
  readonly down: boolean;
}

const RANK: Readonly<Record<StripSlot['standing'], number>> = { shared: 0, host: 1, private: 2, unknown: 3 };

/**
 * Rows by name; by a kind: who shares it together, group by group, then the host's, private and unknown; or by what a
 * column says, numbers by their size and empty cells last; by use with the highest first.
 */
export function sortRows(
  nodes: readonly GraphNode[],
  { column, down }: Sort,
  numbers: Numbers,
  containers: ReadonlyMap<string, Container>,
  uses: ReadonlyMap<string, Use>,
): GraphNode[] {
  const byName = (a: GraphNode, b: GraphNode) => compareNames(a.label, b.label) || compareText(a.key, b.key);
  const sign = down ? -1 : 1;
  if (column === 'name') return [...nodes].sort((a, b) => sign * byName(a, b));
  if (isUse(column)) {
    const used = ({ key }: GraphNode) => uses.get(key)?.[column] ?? -1;
    return [...nodes].sort((a, b) => sign * (used(b) - used(a)) || byName(a, b));
  }
  if (isKind(column)) {
    const slot = (node: GraphNode) => node.strip.find((each) => each.kind === column);
    const number = (node: GraphNode) => numbers.get(slot(node)?.namespace ?? '') ?? 0;
    const rank = (node: GraphNode) => RANK[slot(node)?.standing ?? 'unknown'];
    return [...nodes].sort((a, b) => sign * (rank(a) - rank(b) || number(a) - number(b)) || byName(a, b));
  }
  const texts = new Map(nodes.map((node) => [node.key, factText(column, node, containers.get(node.key))]));
  const text = (node: GraphNode) => texts.get(node.key) ?? '';
  const empty = (node: GraphNode) => Number(text(node) === '');
  return [...nodes].sort((a, b) => empty(a) - empty(b) || sign * compareNames(text(a), text(b)) || byName(a, b));
}
