import type { MemberId } from '../sharing/sharing.ts';
import { pitch } from './card-size.ts';
import type { BareGraph, PlacedCard } from './card-texts.ts';
import { round2 } from './marks.ts';
import { byKey } from './order.ts';
import type { CardSize, Point } from './scene.ts';
import { type Slot, seatsOf } from './slot.ts';

/** A card with its place in its slot. */
export interface Seat {
  readonly node: PlacedCard;
  readonly slot: Slot;
  readonly row: number;
  readonly column: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The cards, with pinned ones where they were put. */
export function placeNodes(
  graph: BareGraph,
  slots: readonly Slot[],
  card: CardSize,
  pins: ReadonlyMap<MemberId, Point>,
): PlacedCard[] {
  const seats = seatsOf(slots, card);
  const { width, height } = card;
  return byKey(graph.nodes.filter(({ type }) => type !== 'host')).map(({ key }) => {
    const pin = pins.get(key);
    const at = pin ?? seats.get(key) ?? { x: 0, y: 0 };
    return { key, x: round2(at.x), y: round2(at.y), width, height, pinned: pin !== undefined };
  });
}

/** A slot for a card that was put somewhere. */
function slotOfPin({ key, x, y }: PlacedCard, card: CardSize): Slot {
  return {
    group: `node:pinned ${key}`,
    part: 0,
    columns: 1,
    x: x - card.width / 2 - card.lane / 2,
    y: y - card.height / 2 - card.edge,
    width: pitch(card),
    height: card.height + card.shelf + 2 * card.edge,
    members: [key],
    freedAt: null,
  };
}

export function seatsByKey(nodes: readonly PlacedCard[], slots: readonly Slot[], card: CardSize): Map<MemberId, Seat> {
  const places = new Map<MemberId, { slot: Slot; index: number }>();
  for (const slot of slots) {
    slot.members.forEach((member, index) => {
      if (member !== null) places.set(member, { slot, index });
    });
  }
  return new Map(
    nodes.map((node): [MemberId, Seat] => {
      const place = node.pinned ? undefined : places.get(node.key);
      const slot = place?.slot ?? slotOfPin(node, card);
      const index = place?.index ?? 0;
      return [
        node.key,
        {
          node,
          slot,
          row: Math.floor(index / slot.columns),
          column: index % slot.columns,
          left: node.x - node.width / 2,
          right: node.x + node.width / 2,
          top: node.y - node.height / 2,
          bottom: node.y + node.height / 2,
        },
      ];
    }),
  );
}
