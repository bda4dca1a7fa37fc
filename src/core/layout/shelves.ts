import type { MemberId } from '../sharing/sharing.ts';
import { SMALLEST_TEXT, textWidth } from './marks.ts';
import type { Box, CardSize } from './scene.ts';
import type { Seat } from './seats.ts';

/** What a line needs in a shelf beside its words. */
const WORDLESS = 18;

/** The shelf below each card, divided among those who need it by how much they have to say. */
export class Shelves {
  private readonly wishes = new Map<MemberId, number[]>();
  private readonly given = new Map<MemberId, number>();
  private readonly card: CardSize;

  constructor(card: CardSize) {
    this.card = card;
  }

  /** Says beforehand that something will stand in the shelf of that card. */
  ask(key: MemberId, texts: readonly string[]): void {
    // The last wording is the shortest: everybody gets room for something between that and all.
    const wish = WORDLESS + textWidth(texts[Math.min(1, texts.length - 1)] ?? '', SMALLEST_TEXT);
    const list = this.wishes.get(key);
    if (list === undefined) this.wishes.set(key, [wish]);
    else list.push(wish);
  }

  /** The part of the shelf for one of those who asked, in the order in which they did. */
  take({ node, left, bottom }: Seat): Box {
    const wishes = this.wishes.get(node.key) ?? [1];
    const index = this.given.get(node.key) ?? 0;
    this.given.set(node.key, index + 1);
    const all = wishes.reduce((sum, wish) => sum + wish, 0);
    const before = wishes.slice(0, index).reduce((sum, wish) => sum + wish, 0);
    const room = this.card.width - 8;
    const x = left + 6 + (room * before) / all;
    return { x, y: bottom + 1, width: (room * (wishes[index] ?? 1)) / all, height: this.card.shelf - 2 };
  }
}
