import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { CARD_SIZES, LARGEST_CARD, pitch, rowHeight } from './card-size.ts';
import type { BareNode } from './card-texts.ts';
import { nameKey } from './order.ts';
import type { CardSize, Point, Stage } from './scene.ts';
import { type Partners, seats } from './seating.ts';
import { isSingle, type Slot, slotHeight, slotSize } from './slot.ts';

/** Proportions of groups that are tried: width over height. */
const SHAPES = [0.7, 1.2, 2, 3.2] as const;
/** Column counts of the picture that are tried on either side of what its area asks for. */
const TRIES = 6;
/** A picture has about so many times the columns that its area asks for. */
const USUAL_WASTE = 1.1;
/** Above so many slots the smallest cards are the only ones that can do. */
const MANY = 500;
/** What the hull takes of the stage around its content, in pixels. */
const HULL_WIDTH = 40;
const HULL_HEIGHT = 110;

interface Circumstances {
  readonly nodes: ReadonlyMap<MemberId, BareNode>;
  readonly partners: Partners;
  readonly stage: Stage;
}

/** Slots that are placed as one: a group, and to its right those outside it that share with somebody in it. */
interface Block {
  readonly slot: Slot;
  /** Stacks of slots, one a column. */
  readonly docked: readonly (readonly Slot[])[];
}

interface Arrangement {
  readonly scale: number;
  readonly card: CardSize;
  readonly columnsOf: ReadonlyMap<Slot, number>;
  readonly places: ReadonlyMap<Slot, Point>;
}

/** Slots that share with each other, as blocks. */
function blocksOf(slots: readonly Slot[], { partners }: Circumstances): Block[] {
  const slotOf = new Map<MemberId, Slot>();
  for (const slot of slots) for (const member of slot.members) if (member !== null) slotOf.set(member, slot);
  const docks = new Map<Slot, Slot[]>();
  const taken = new Set<Slot>();
  const byGroup = [...slots].sort((a, b) => b.members.length - a.members.length || compareText(a.group, b.group));
  const sorted = [...byGroup.filter((slot) => !isSingle(slot)), ...byGroup.filter(isSingle)];
  for (const slot of sorted) {
    if (taken.has(slot)) continue;
    const list: Slot[] = [];
    for (const member of slot.members) {
      for (const partner of partners.get(member ?? '') ?? []) {
        const other = slotOf.get(partner);
        if (other === undefined || other === slot || !isSingle(other) || taken.has(other) || docks.has(other)) continue;
        taken.add(other);
        list.push(other);
      }
    }
    docks.set(slot, list);
  }
  return [...docks].map(([slot, list]) => {
    // Two alone stand one below the other; else as many in a column as the group has rows, and a few more.
    const most = isSingle(slot) ? 3 : Math.max(2, Math.ceil(Math.sqrt(slot.members.length)) + 1);
    const stacks: Slot[][] = [];
    list.forEach((each, index) => {
      if (index % most === 0) stacks.push([]);
      stacks.at(-1)?.push(each);
    });
    return { slot, docked: stacks };
  });
}

function columnsFor(slot: Slot, shape: number, card: CardSize, limit: number): number {
  const count = slot.members.length;
  if (isSingle(slot)) return 1;
  if (slot.group === 'services') return Math.min(limit, count);
  const wanted = Math.round(Math.sqrt((count * rowHeight(card) * shape) / pitch(card)));
  const columns = Math.max(1, Math.min(wanted, count, limit));
  // No wider than its rows are full.
  return Math.ceil(count / Math.ceil(count / columns));
}

/**
 * Places blocks in that order, each as high as it can be, in so many columns.
 * @param length of all slots one below the other, with their members in one column
 * @param least stops as soon as it is clear that the scale will not be larger than this
 * @param place is told where each slot is, and how many columns it has
 * @returns the scale at which all of it is seen, at most `least` where it was stopped
 */
function arrange(
  blocks: readonly Block[],
  columns: number,
  shape: number,
  { card, stage, length }: { readonly card: CardSize; readonly stage: Stage; readonly length: number },
  least = 0,
  place?: (slot: Slot, at: Point, columns: number) => void,
): number {
  const step = pitch(card);
  const bottoms = new Float64Array(columns);
  let right = 0;
  let bottom = 0;
  // Of all columns together: up to where they are filled, and at the least what is still to come.
  let filled = 0;
  let left = length;
  const put = (slot: Slot, column: number, y: number, wide: number) => {
    place?.(slot, { x: column * step, y }, wide);
    right = Math.max(right, (column + wide) * step);
    const end = y + slotHeight(slot, wide, slot.members.length, card);
    bottom = Math.max(bottom, end);
    left -= slotHeight(slot, 1, slot.members.length, card);
    for (let each = column; each < column + wide; each += 1) {
      filled += end - (bottoms[each] ?? 0);
      bottoms[each] = end;
    }
  };
  const scale = (height: number) => Math.min((stage.width - HULL_WIDTH) / right, (stage.height - HULL_HEIGHT) / height);
  for (const { slot, docked } of blocks) {
    const upright = isSingle(slot) && docked.length === 1 && docked[0]?.length === 1;
    const beside = upright ? 0 : docked.length;
    const wide = columnsFor(slot, shape, card, Math.max(1, columns - beside));
    const whole = Math.min(columns, wide + beside);
    // The services are the band at the bottom.
    let best = 0;
    let top = slot.group === 'services' ? bottom : Number.POSITIVE_INFINITY;
    if (slot.group !== 'services') {
      for (let column = 0; column + whole <= columns; column += 1) {
        let y = 0;
        for (let each = column; each < column + whole; each += 1) y = Math.max(y, bottoms[each] ?? 0);
        if (y < top) {
          top = y;
          best = column;
        }
      }
    }
    put(slot, best, top, wide);
    docked.forEach((stack, index) => {
      const column = upright ? best : best + wide + index;
      const fits = column < columns;
      for (const each of stack) {
        const at = fits ? column : best;
        put(each, at, fits && !upright ? Math.max(top, bottoms[at] ?? 0) : (bottoms[at] ?? 0), 1);
      }
    });
    // With what comes it only gets smaller.
    if (scale(Math.max(bottom, (filled + left) / columns)) <= least) return least;
  }
  return scale(bottom);
}

/** The best of several arrangements with cards of one size. */
function bestFor(slots: readonly Slot[], card: CardSize, circumstances: Circumstances): Arrangement {
  const { nodes, stage } = circumstances;
  const ranked = blocksOf(slots, circumstances).map((block) => {
    const { slot, docked } = block;
    const first = nodes.get(slot.members[0] ?? '');
    const name = first?.label ?? '';
    return {
      block,
      rank: slot.group === 'services' ? 2 : first?.type === 'container' ? 0 : 1,
      single: Number(isSingle(slot)),
      size: slot.members.length + docked.flat().length,
      name,
      order: nameKey(name),
    };
  });
  ranked.sort(
    (a, b) =>
      a.rank - b.rank ||
      a.single - b.single ||
      b.size - a.size ||
      compareText(a.order, b.order) ||
      compareText(a.name, b.name) ||
      compareText(a.block.slot.group, b.block.slot.group),
  );
  const blocks = ranked.map(({ block }) => block);
  const length = slots.reduce((sum, slot) => sum + slotHeight(slot, 1, slot.members.length, card), 0);
  const ground = { card, stage, length };
  const area = slots.reduce((sum, slot) => {
    const columns = columnsFor(slot, 1, card, slot.members.length);
    return sum + columns * pitch(card) * slotHeight(slot, columns, slot.members.length, card);
  }, 0);
  const middle = Math.max(1, Math.round(Math.sqrt((area * stage.width) / stage.height) / pitch(card)));
  // What is not better than one that is likely good, somewhat less so that this is found again, need not be tried to its end.
  const likely = Math.max(1, Math.round(middle * USUAL_WASTE));
  let best = { scale: 0.999 * arrange(blocks, likely, SHAPES[0], ground), shape: 1, columns: 1 };
  for (const shape of SHAPES) {
    for (let columns = Math.max(1, middle - TRIES); columns <= middle + TRIES; columns += 1) {
      const scale = arrange(blocks, columns, shape, ground, best.scale);
      if (scale > best.scale) best = { scale, shape, columns };
    }
  }
  const places = new Map<Slot, Point>();
  const columnsOf = new Map<Slot, number>();
  arrange(blocks, best.columns, best.shape, ground, 0, (slot, at, columns) => {
    places.set(slot, at);
    columnsOf.set(slot, columns);
  });
  return { scale: best.scale, card, columnsOf, places };
}

/** Places all slots on an empty page, with the largest cards that the stage has room for. */
export function pack(slots: Slot[], circumstances: Circumstances): { slots: Slot[]; card: CardSize } {
  const { nodes, partners } = circumstances;
  if (slots.length === 0) return { slots, card: LARGEST_CARD };
  const members = slots.reduce((sum, slot) => sum + slot.members.length, 0);
  // The largest cards with which all of it is seen at its own size; of those that are smaller any would do.
  let low = members > MANY ? CARD_SIZES.length - 1 : 0;
  let high = CARD_SIZES.length - 1;
  let best: Arrangement | null = null;
  while (low < high) {
    const middle = (low + high) >> 1;
    const next = bestFor(slots, CARD_SIZES[middle] ?? LARGEST_CARD, circumstances);
    if (next.scale >= 1) {
      high = middle;
      best = next;
    } else low = middle + 1;
  }
  const wanted = CARD_SIZES[low] ?? LARGEST_CARD;
  if (best?.card !== wanted) best = bestFor(slots, wanted, circumstances);
  const { card, columnsOf, places } = best;
  for (const slot of slots) {
    slot.columns = columnsOf.get(slot) ?? 1;
    slot.members = seats(
      slot.members.filter((member) => member !== null),
      slot.columns,
      nodes,
      partners,
    );
    Object.assign(slot, slotSize(slot, slot.members.length, card), places.get(slot));
  }
  return { slots, card };
}
