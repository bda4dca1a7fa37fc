import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import type { BareGraph, BareNode } from './card-texts.ts';
import { byKey, nameKey } from './order.ts';

/** For each member those with whom it shares something, or should: of a wide set only who it leads to. */
export type Partners = ReadonlyMap<MemberId, readonly MemberId[]>;

export function partnersOf(graph: BareGraph): Partners {
  const out = new Map<MemberId, MemberId[]>();
  const join = (from: MemberId, to: MemberId) => {
    const list = out.get(from);
    if (list === undefined) out.set(from, [to]);
    else if (!list.includes(to)) list.push(to);
  };
  for (const { members, owner } of byKey(graph.sets)) {
    const [first, second] = members;
    if (first === undefined || second === undefined) continue;
    if (members.length === 2) {
      join(first, second);
      join(second, first);
    } else {
      const centre = owner !== null && members.includes(owner) ? owner : first;
      for (const member of members) if (member !== centre) join(member, centre);
    }
  }
  for (const { container, target } of graph.broken) {
    if (target === null) continue;
    join(container, target);
    join(target, container);
  }
  return out;
}

/** Members in the order of their names. */
export function seatingOrder(members: readonly MemberId[], nodes: ReadonlyMap<MemberId, BareNode>): MemberId[] {
  if (members.length < 2) return [...members];
  const named = members.map((key) => {
    const name = nodes.get(key)?.label ?? '';
    return { key, name, order: nameKey(name) };
  });
  named.sort((a, b) => compareText(a.order, b.order) || compareText(a.name, b.name) || compareText(a.key, b.key));
  return named.map(({ key }) => key);
}

/**
 * Places of a group's members, row by row. Two that share something stand one below the other, so that their line is
 * short and what is written at it has the width of a card; who shares with an outsider stands at the right side, where
 * the outsider is put.
 */
export function seats(
  members: readonly MemberId[],
  columns: number,
  nodes: ReadonlyMap<MemberId, BareNode>,
  partners: Partners,
): (MemberId | null)[] {
  const order = seatingOrder(members, nodes);
  if (members.length < (columns > 1 ? 3 : 2)) return order;
  const own = new Set(members);
  const outward = (member: MemberId) => partners.get(member)?.some((other) => !own.has(other)) === true;
  const chains = inChains(order, partners);
  // Outsiders are put beside the first row.
  if (columns === 1) {
    return [true, false].flatMap((first) => chains.filter((chain) => chain.some(outward) === first)).flat();
  }
  if (chains.every(({ length }) => length === 1) && !order.some(outward)) return order;
  const rows = Math.ceil(members.length / columns);
  const grid: MemberId[][] = Array.from({ length: columns }, () => []);
  // As many places as there are members: the last row may be short, from the right.
  const spare = rows * columns - members.length;
  const room = (column: number) => (column >= columns - spare ? rows - 1 : rows) - (grid[column]?.length ?? 0);
  const put = (chain: readonly MemberId[], wish: readonly number[]) => {
    const column =
      wish.find((each) => room(each) >= chain.length) ??
      wish.find((each) => room(each) > 0) ??
      grid.findIndex((_, each) => room(each) > 0);
    const taken = chain.slice(0, Math.max(1, room(column)));
    grid[column]?.push(...taken);
    if (taken.length < chain.length) put(chain.slice(taken.length), wish);
  };
  const fromLeft = grid.map((_, column) => column);
  const fromRight = [...fromLeft].reverse();
  for (const chain of chains) if (chain.some(outward)) put(chain, fromRight);
  for (const chain of chains) if (!chain.some(outward) && chain.length > 1) put(chain, fromLeft);
  const out: (MemberId | null)[] = Array.from({ length: members.length }, () => null);
  grid.forEach((list, column) => {
    list.forEach((member, row) => {
      out[row * columns + column] = member;
    });
  });
  const loose = chains.filter((chain) => chain.length === 1 && !chain.some(outward)).flat();
  return out.map((member) => member ?? loose.shift() ?? null);
}

/** Members in order, each with one that shares with it at once below: whom others joined above who joined. */
function inChains(order: readonly MemberId[], partners: Partners): MemberId[][] {
  const rest = new Set(order);
  const joiners = new Map<MemberId, MemberId[]>();
  for (const member of order) {
    for (const other of partners.get(member) ?? []) {
      const list = joiners.get(other);
      if (list === undefined) joiners.set(other, [member]);
      else list.push(member);
    }
  }
  const out: MemberId[][] = [];
  for (const first of order) {
    if (!rest.has(first)) continue;
    const partner = partners.get(first)?.find((other) => rest.has(other));
    // Who only leads to a hub of others waits until that one's turn, and comes below it.
    const top = partner !== undefined && partners.get(partner)?.includes(first) !== true ? partner : first;
    rest.delete(top);
    const below = [...(joiners.get(top) ?? []).slice(0, 50), ...(partners.get(top) ?? [])].find((other) =>
      rest.has(other),
    );
    if (below === undefined) out.push([top]);
    else {
      rest.delete(below);
      out.push([top, below]);
    }
    if (top !== first && rest.has(first)) {
      rest.delete(first);
      out.push([first]);
    }
  }
  return out;
}
