import { HOST, type MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { INDENT, rowHeight } from './card-size.ts';
import type { Hull } from './hull.ts';
import { round2, rounded } from './marks.ts';
import type { Router } from './route.ts';
import type { Box, CardSize, GraphSet, MachineLink, SceneLink } from './scene.ts';
import type { Seat } from './seats.ts';
import type { ShareLines } from './share-lines.ts';
import type { Slot } from './slot.ts';
import { reach, strandsAlong } from './strands.ts';

/** As many rows further than this the edge of the machine is too far for a line. */
const FAR = 1.6;

/** Where things are that a line to the machine's edge must get past. */
export interface MachineGround {
  readonly card: CardSize;
  readonly router: Router;
  readonly content: Box;
  /** The title of each group: its left edge, and its width. */
  readonly titles: ReadonlyMap<Slot, { readonly from: number; readonly width: number }>;
}

interface Upward {
  readonly link: Omit<SceneLink, 'strands' | 'room'>;
  readonly strands: GraphSet['strands'];
  readonly x: number;
  readonly seat: Seat;
}

/** What is shared with the machine by choice: a line to its edge where that is near, else to a piece of it. */
export class MachineLines {
  /** Where the titles of groups must end, so that a line can go up beside them. */
  readonly limits = new Map<Slot, number>();
  private readonly up: Upward[] = [];
  private readonly down: ((bottom: number) => void)[] = [];
  private readonly lines: ShareLines;
  private readonly ground: MachineGround;

  constructor(lines: ShareLines, ground: MachineGround) {
    this.lines = lines;
    this.ground = ground;
  }

  /** Whether a line goes up to the bar, with something written at it. */
  get above(): boolean {
    return this.up.length > 0;
  }

  plan(machine: readonly MachineLink[], seats: ReadonlyMap<MemberId, Seat>): void {
    for (const link of [...machine].sort((a, b) => compareText(a.node, b.node))) {
      const seat = seats.get(link.node);
      if (seat !== undefined && !this.planUp(link, seat)) this.planDown(link, seat);
    }
  }

  private linkOf({ node, texts }: MachineLink) {
    return { key: `hull:${node}`, set: `hull:${node}`, from: node, to: HOST, texts, broken: false };
  }

  /** @returns false where the bar is far, or something is in the way */
  private planUp(about: MachineLink, seat: Seat): boolean {
    const { card, router, content, titles } = this.ground;
    const { strands } = about;
    const { slot } = seat;
    const title = titles.get(slot);
    const wide = reach(strands, this.lines.room);
    const start = seat.left + 2 * INDENT + wide;
    const x = title === undefined ? start : Math.max(start, title.from + title.width + INDENT + wide);
    const near = seat.top - content.y < FAR * rowHeight(card) && x + wide + 2 < seat.right;
    if (seat.row !== 0 || !near || !router.clear(x, Number.NEGATIVE_INFINITY, slot.y)) return false;
    this.up.push({ link: { ...this.linkOf(about), end: 'hull' }, strands, x: round2(x), seat });
    if (title !== undefined) {
      this.limits.set(slot, Math.min(this.limits.get(slot) ?? Number.POSITIVE_INFINITY, x - wide - 3));
    }
    return true;
  }

  private planDown(about: MachineLink, seat: Seat): void {
    const { card, router, content } = this.ground;
    const { texts, strands } = about;
    const { slot } = seat;
    // Its chip says the same: where others want to say something too, they come first.
    this.lines.plan(seat, texts.slice(-1), this.lines.leastOf(strands), (share) => {
      const { x: at, words } = this.lines.inShare(share, strands);
      const last = slot.members.slice((seat.row + 1) * slot.columns).every((member, index) => {
        return member === null || index % slot.columns !== seat.column;
      });
      const open =
        last &&
        content.y + content.height - seat.bottom < FAR * rowHeight(card) &&
        router.clear(at, slot.y + slot.height, Number.POSITIVE_INFINITY);
      const finish = (bottom: number, end: SceneLink['end']) => {
        const points = [
          { x: at, y: seat.bottom },
          { x: at, y: round2(bottom) },
        ];
        const line = strandsAlong(points, strands, this.lines.room);
        this.lines.links.push({ ...this.linkOf(about), end, strands: line, room: words });
      };
      if (open) this.down.push((bottom) => finish(bottom, 'hull'));
      else finish(seat.bottom + card.shelf * 0.62, 'ground');
    });
  }

  /** Draws those that reach the edge, now that it is known where that is. */
  finish(hull: Hull): void {
    const { card, content } = this.ground;
    const edge = round2(hull.y + hull.bar);
    this.up.sort((a, b) => a.x - b.x);
    this.up.forEach(({ link, strands, x, seat }, index) => {
      const next = this.up.slice(index + 1).find((other) => other.x > x)?.x ?? hull.x + hull.width;
      const wide = reach(strands, this.lines.room) + INDENT;
      const points = [
        { x, y: seat.top },
        { x, y: edge },
      ];
      const width = Math.min(next - INDENT - wide, seat.right + card.lane - 4) - x - wide;
      const words = rounded({ x: x + wide, y: content.y - hull.above + 2, width, height: hull.above - card.edge - 3 });
      const line = strandsAlong(points, strands, this.lines.room);
      this.lines.links.push({ ...link, strands: line, room: width > 0 ? words : null });
    });
    for (const finish of this.down) finish(hull.y + hull.height - hull.foot);
  }
}
