import { padding, pitch } from './card-size.ts';
import type { CardSize } from './scene.ts';
import type { Seat } from './seats.ts';
import { isSingle, type Slot } from './slot.ts';

/** A line that others run along: what it is called among them, where its middle is, how far from there they may lie. */
export interface Rail {
  readonly name: string;
  readonly at: number;
  readonly room: number;
}

/** Where lines run between the cards of a picture, and between its slots. */
export class Rails {
  private readonly names = new Map<Slot, number>();
  private readonly card: CardSize;

  constructor(slots: readonly Slot[], card: CardSize) {
    this.card = card;
    slots.forEach((slot, index) => {
      this.names.set(slot, index);
    });
  }

  /** Below a row of cards. */
  below({ slot, row, bottom }: Seat): Rail {
    const { shelf, band, edge } = this.card;
    const name = `row ${this.names.get(slot)} ${row}`;
    return isSingle(slot)
      ? { name, at: bottom + shelf + edge / 2, room: edge / 2 - 1 }
      : { name, at: bottom + shelf + band / 2, room: band / 2 - 1 };
  }

  /** Above a row of cards of a group: below the row before, or below the title. */
  above({ slot, row, top }: Seat): Rail {
    const { band } = this.card;
    return { name: `row ${this.names.get(slot)} ${row - 1}`, at: top - band / 2, room: band / 2 - 1 };
  }

  /** Beside a column of cards, the first left of all. */
  lane(slot: Slot, lane: number): Rail {
    const name = `lane ${this.names.get(slot)} ${lane}`;
    const inner = padding(this.card);
    const at = slot.x + lane * pitch(this.card);
    if (lane === 0) return { name, at: at + this.card.lane / 2 - inner / 2, room: inner / 2 - 1 };
    if (lane === slot.columns) return { name, at: at - this.card.lane / 2 + inner / 2, room: inner / 2 - 1 };
    return { name, at, room: this.card.lane / 2 - 4 };
  }

  /** Along an edge of slots. */
  corridor(axis: 'x' | 'y', at: number): Rail {
    return { name: `${axis} ${at}`, at, room: this.card.edge - 2 };
  }
}
