import type { MemberId } from '../sharing/sharing.ts';
import { SMALLEST_TEXT, textWidth } from './marks.ts';
import type { Box, CardSize } from './scene.ts';
import type { Seat } from './seats.ts';

/** What a line needs in a shelf beside its words. */
const WORDLESS = 18;

/** What one of those who stand in a shelf needs: so much room for itself, and where there is more so much with its words. */
interface Wish {
  readonly least: number;
  readonly width: number;
}

/** The shelf below each card, divided among those who need it by how much they have to say. */
export class Shelves {
  private readonly wishes = new Map<MemberId, Wish[]>();
  private readonly given = new Map<MemberId, number>();
  private readonly card: CardSize;

  constructor(card: CardSize) {
    this.card = card;
  }

  /**
   * Says beforehand that something will stand in the shelf of that card, with what is written at it.
   * @param least how wide it is itself
   */
  ask(key: MemberId, texts: readonly string[], least: number): void {
    // The last wording is the shortest: everybody gets room for something between that and all.
    const said = textWidth(texts[Math.min(1, texts.length - 1)] ?? '', SMALLEST_TEXT);
    const wish = { least, width: texts.length === 0 ? 0 : WORDLESS + said };
    const list = this.wishes.get(key);
    if (list === undefined) this.wishes.set(key, [wish]);
    else list.push(wish);
  }

  /** The part of the shelf for one of those who asked, in the order in which they did. */
  take({ node, left, bottom }: Seat): Box {
    const index = this.given.get(node.key) ?? 0;
    this.given.set(node.key, index + 1);
    const widths = divided(this.wishes.get(node.key) ?? [], this.card.width - 8);
    const before = widths.slice(0, index).reduce((sum, width) => sum + width, 0);
    return { x: left + 6 + before, y: bottom + 1, width: widths[index] ?? 0, height: this.card.shelf - 2 };
  }
}

/** As the wishes are, but nobody gets less than it needs while others have more than that. */
function divided(wishes: readonly Wish[], room: number): number[] {
  const needed = wishes.reduce((sum, { least }) => sum + least, 0);
  if (needed >= room) return wishes.map(({ least }) => (least * room) / needed);
  const modest = new Set<Wish>();
  for (;;) {
    let [left, wanted] = [room, 0];
    for (const wish of wishes) {
      if (modest.has(wish)) left -= wish.least;
      else wanted += wish.width;
    }
    const part = wanted === 0 ? 0 : left / wanted;
    const before = modest.size;
    for (const wish of wishes) if (wish.width * part < wish.least) modest.add(wish);
    if (modest.size === before) {
      return wishes.map((wish) => (modest.has(wish) ? wish.least : wish.width * part));
    }
  }
}
