import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { INDENT, padding } from './card-size.ts';
import { round2, rounded } from './marks.ts';
import { byKey } from './order.ts';
import type { Router, Target } from './route.ts';
import type { Box, CardSize, GraphSet, Point, SceneGraph, SceneHub, SceneLink } from './scene.ts';
import type { Seat } from './seats.ts';
import { Shelves } from './shelves.ts';
import { isSingle } from './slot.ts';
import { reach, strandsAlong } from './strands.ts';

/** The radius of a hub at the least. */
const LEAST_HUB = 1.2;

/** A line that needs the shelf of a card, and what is drawn once it has its share of it. */
interface Plan {
  readonly shelf: Seat;
  readonly texts: readonly string[];
  readonly draw: (share: Box) => void;
  /** How wide it is without its words. */
  readonly least: number;
}

type About = Pick<SceneLink, 'key' | 'set' | 'texts' | 'broken'> & { readonly strands: GraphSet['strands'] };

function byPlace(a: Seat, b: Seat): number {
  return a.node.y - b.node.y || a.node.x - b.node.x;
}

/** Whether the second card stands right below the first, so that a line between them is straight. */
function stacked(upper: Seat, lower: Seat): boolean {
  if (upper.slot === lower.slot) return upper.column === lower.column && lower.row === upper.row + 1;
  return (
    isSingle(upper.slot) &&
    isSingle(lower.slot) &&
    upper.slot.x === lower.slot.x &&
    lower.slot.y === upper.slot.y + upper.slot.height
  );
}

/**
 * The lines that leave a card through the shelf below it. All say first what they want to write there; then each gets its
 * share of the shelf, and is drawn.
 */
export class ShareLines {
  readonly links: SceneLink[] = [];
  readonly hubs: SceneHub[] = [];
  /** How far strands may reach to either side: as wide as the narrowest corridor bears. */
  readonly room: number;
  /** Below whose cards something stands. */
  readonly shelves = new Set<MemberId>();
  private readonly plans: Plan[] = [];
  private readonly card: CardSize;
  private readonly router: Router;
  private readonly seats: ReadonlyMap<MemberId, Seat>;

  constructor(card: CardSize, router: Router, seats: ReadonlyMap<MemberId, Seat>) {
    this.card = card;
    this.router = router;
    this.seats = seats;
    this.room = Math.max(1, Math.min(card.edge, card.band / 2, padding(card) / 2) - 1);
  }

  plan(shelf: Seat, texts: readonly string[], least: number, draw: (share: Box) => void): void {
    this.shelves.add(shelf.node.key);
    this.plans.push({ shelf, texts, least, draw });
  }

  /** How wide a line in a shelf is at the least. */
  leastOf(strands: readonly unknown[]): number {
    return 2 * reach(strands, this.room) + 2;
  }

  /** A line in a share of a shelf, and what is left of it for words. */
  inShare(share: Box, strands: readonly unknown[]): { x: number; words: Box } {
    const wide = reach(strands, this.room);
    const x = round2(share.x + Math.min(INDENT + wide, share.width / 2));
    return { x, words: rounded({ ...share, x: x + wide + INDENT, width: share.x + share.width - x - wide - INDENT }) };
  }

  planSets(sets: SceneGraph['sets']): void {
    for (const set of byKey(sets)) {
      const members = set.members.flatMap((member) => this.seats.get(member) ?? []);
      const owner = set.owner === null ? undefined : members.find(({ node }) => node.key === set.owner);
      const first = owner ?? [...members].sort(byPlace)[0];
      if (first === undefined || members.length < 2) continue;
      const others = members.filter((each) => each !== first);
      const [other] = others;
      if (others.length === 1 && other !== undefined) {
        const { texts, strands } = set;
        const about = { key: `link:${set.key}`, set: set.key, texts, broken: false, strands };
        this.planLine(about, other, first, owner !== undefined);
      } else this.planHub(set, first, others, owner !== undefined);
    }
  }

  planBroken(shares: SceneGraph['broken']): void {
    const sorted = [...shares].sort((a, b) => compareText(a.container, b.container) || compareText(a.kind, b.kind));
    for (const { kind, container, target, texts } of sorted) {
      const from = this.seats.get(container);
      const to = target === null ? undefined : this.seats.get(target);
      if (from === undefined) continue;
      const key = `broken:${kind}:${container}`;
      const about = { key, set: key, texts, broken: true, strands: [{ kind, namespace: '' }] };
      if (to !== undefined) this.planLine(about, from, to, true);
      else this.planLooseEnd(about, from);
    }
  }

  /** Gives every plan its share, and draws it. */
  draw(): void {
    const shelves = new Shelves(this.card);
    for (const { shelf, texts, least } of this.plans) shelves.ask(shelf.node.key, texts, least);
    for (const { shelf, draw } of this.plans) draw(shelves.take(shelf));
  }

  private planLine(about: About, from: Seat, to: Seat, owned: boolean): void {
    const { strands } = about;
    const common = { ...about, from: from.node.key, to: to.node.key, end: owned ? ('owner' as const) : null };
    const [upper, lower] = from.node.y <= to.node.y ? [from, to] : [to, from];
    if (stacked(upper, lower)) {
      this.plan(upper, about.texts, this.leastOf(strands), (share) => {
        const { x, words } = this.inShare(share, strands);
        const ends = [
          { x, y: from === upper ? upper.bottom : lower.top },
          { x, y: from === upper ? lower.top : upper.bottom },
        ];
        this.links.push({ ...common, strands: strandsAlong(ends, strands, this.room), room: words });
      });
      return;
    }
    this.plan(from, about.texts, this.leastOf(strands), (share) => {
      const { x, words } = this.inShare(share, strands);
      const target: Target = { type: 'card', seat: to };
      const points = this.router.route(from, { x, y: from.bottom }, target, about.set, reach(strands, this.room));
      this.links.push({ ...common, strands: strandsAlong(points, strands, this.room), room: words });
    });
  }

  private planHub(set: GraphSet, first: Seat, others: readonly Seat[], owned: boolean): void {
    const { card, room } = this;
    const wide = reach(set.strands, room);
    const isBelow = (seat: Seat) =>
      seat.slot === first.slot && seat.column === first.column && seat.row === first.row + 1;
    // Beside whatever else stands below its card.
    const starts = new Map<Seat, Point>();
    for (const seat of others) {
      if (isBelow(seat)) continue;
      this.plan(seat, [], 2 * wide + INDENT, (share) => {
        starts.set(seat, { x: round2(share.x + Math.min(wide, share.width / 2)), y: seat.bottom });
      });
    }
    this.plan(first, set.texts, 2 * Math.max(wide, LEAST_HUB) + INDENT, (share) => {
      const radius = round2(Math.max(LEAST_HUB, Math.min(card.shelf / 2 - 2, share.width / 2 - 3)));
      const at = { x: round2(share.x + radius + 2), y: round2(first.bottom + card.shelf - radius - 1) };
      const left = at.x + radius + INDENT;
      const words = rounded({ ...share, x: left, width: share.x + share.width - left });
      this.hubs.push({ ...set, ...at, radius, room: words });
      const spoke = (seat: Seat, points: readonly Point[], end: SceneLink['end']) =>
        this.links.push({
          key: `spoke:${set.key}:${seat.node.key}`,
          set: set.key,
          from: seat.node.key,
          to: set.key,
          strands: strandsAlong(points, set.strands, room),
          end,
          texts: set.texts,
          room: null,
          broken: false,
        });
      const top = { x: at.x, y: round2(at.y - radius) };
      spoke(first, [top, { x: at.x, y: first.bottom }], owned ? 'owner' : null);
      const target: Target = { type: 'shelf', seat: first, at: { x: at.x, y: round2(at.y + radius) } };
      for (const seat of others) {
        const start = starts.get(seat);
        const points =
          start === undefined
            ? [{ x: at.x, y: seat.top }, target.at]
            : this.router.route(seat, start, target, set.key, wide);
        spoke(seat, points, null);
      }
    });
  }

  /** A share with a container that is not there any more. */
  private planLooseEnd(about: About, from: Seat): void {
    this.plan(from, about.texts, this.leastOf(about.strands), (share) => {
      const { x, words } = this.inShare(share, about.strands);
      const points = [
        { x, y: from.bottom },
        { x, y: round2(from.bottom + this.card.shelf - 2) },
      ];
      this.links.push({
        ...about,
        from: from.node.key,
        to: from.node.key,
        strands: strandsAlong(points, about.strands, this.room),
        end: null,
        room: words,
      });
    });
  }
}
