import type { MemberId } from '../sharing/sharing.ts';
import { padding, pitch, rowHeight } from './card-size.ts';
import type { Box, CardSize, Placement, Point } from './scene.ts';

/** What the name of a slot of one who stands alone begins with. */
export const SINGLE = 'node:';

/** A group, or a node that stands alone, with the room around it: slots touch, and lines run along where they do. */
export interface Slot {
  readonly group: string;
  readonly part: number;
  columns: number;
  x: number;
  y: number;
  width: number;
  height: number;
  members: (MemberId | null)[];
  freedAt: number | null;
}

export const isSingle = (slot: Pick<Slot, 'group'>) => slot.group.startsWith(SINGLE);

/** From a slot's top to that of its first row of cards. */
function headroom(slot: Pick<Slot, 'group'>, card: CardSize): number {
  return isSingle(slot) ? card.edge : card.edge + card.head + card.band;
}

/** The centre of a member's card, relative to its slot. It depends on the index alone, so growth moves nobody. */
export function seat(slot: Pick<Slot, 'group' | 'columns'>, index: number, card: CardSize): Point {
  const row = Math.floor(index / slot.columns);
  return {
    x: card.lane / 2 + card.width / 2 + (index % slot.columns) * pitch(card),
    y: headroom(slot, card) + card.height / 2 + row * rowHeight(card),
  };
}

/** The height of a slot with so many places in so many columns. */
export function slotHeight(slot: Pick<Slot, 'group'>, columns: number, places: number, card: CardSize): number {
  if (isSingle(slot)) return 2 * card.edge + card.height + card.shelf;
  return headroom(slot, card) + Math.max(1, Math.ceil(places / columns)) * rowHeight(card) + card.edge;
}

/** The size of a slot with so many places. */
export function slotSize(
  slot: Pick<Slot, 'group' | 'columns'>,
  places: number,
  card: CardSize,
): { width: number; height: number } {
  return { width: slot.columns * pitch(card), height: slotHeight(slot, slot.columns, places, card) };
}

/** Where every seated member is: the centres of the cards. */
export function seatsOf(slots: Placement['slots'], card: CardSize): Map<MemberId, Point> {
  const out = new Map<MemberId, Point>();
  for (const slot of slots) {
    slot.members.forEach((member, index) => {
      if (member === null) return;
      const at = seat(slot, index, card);
      out.set(member, { x: slot.x + at.x, y: slot.y + at.y });
    });
  }
  return out;
}

/** The enclosure that is drawn for a slot with so many places in use. */
export function enclosure(slot: Slot, places: number, card: CardSize): Box {
  const inset = card.lane / 2 - padding(card);
  const { height } = slotSize(slot, places, card);
  return {
    x: slot.x + inset,
    y: slot.y + card.edge,
    width: Math.min(slot.columns, Math.max(1, places)) * pitch(card) - 2 * inset,
    height: height - 2 * card.edge,
  };
}
