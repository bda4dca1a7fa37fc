import { HOST, type MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { padding, pitch, rowHeight } from './card-size.ts';
import { type Hull, hullAround } from './hull.ts';
import { round2, textWidth } from './marks.ts';
import { Router, type Seat, Shelves, STRAND_PITCH, strandsAlong, type Target } from './route.ts';
import type {
  Box,
  CardSize,
  GraphSet,
  Placement,
  Point,
  Scene,
  SceneGraph,
  SceneGroup,
  SceneHub,
  SceneLink,
  SceneNode,
  Stage,
} from './scene.ts';
import { enclosure, isSingle, type Slot, seatsOf } from './slot.ts';
import { updateSlots } from './slots.ts';
import { titleOf } from './titles.ts';

export interface LayoutOptions {
  /** Where the user put nodes: centres. A pinned node keeps its place in its group for later. */
  readonly pins: ReadonlyMap<MemberId, Point>;
  /** Seconds, any origin: only used to free places that were empty for long. */
  readonly tick: number;
  /** What the picture shall fill; a page where nobody says. */
  readonly stage?: Stage;
}

const PAGE: Stage = { width: 1600, height: 1000 };
/** Between the left edge of a card's share and the line in it, and between a line and what is written at it. */
const INDENT = 5;
/** Text of titles at the scale at which all is seen. */
const TITLE_SIZE = 12;
/** As many rows further than this the edge of the machine is too far for a line. */
const FAR = 1.6;

/** The cards, with pinned ones where they were put. */
function placeNodes(graph: SceneGraph, slots: readonly Slot[], card: CardSize, options: LayoutOptions): SceneNode[] {
  const seats = seatsOf(slots, card);
  const { width, height } = card;
  return [...graph.nodes]
    .filter(({ type }) => type !== 'host')
    .sort((a, b) => compareText(a.key, b.key))
    .map((node) => {
      const pin = options.pins.get(node.key);
      const at = pin ?? seats.get(node.key) ?? { x: 0, y: 0 };
      return { ...node, x: round2(at.x), y: round2(at.y), width, height, pinned: pin !== undefined };
    });
}

/** A slot for a card that was put somewhere. */
function slotOfPin({ key, x, y }: SceneNode, card: CardSize): Slot {
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

function seatsByKey(nodes: readonly SceneNode[], slots: readonly Slot[], card: CardSize): Map<MemberId, Seat> {
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

/** The enclosures: one a part of a group, as large as its members need. One whose members are all pinned is not drawn. */
function encloseGroups(graph: SceneGraph, slots: readonly Slot[], seats: ReadonlyMap<MemberId, Seat>, card: CardSize) {
  const groups = new Map(graph.groups.map((group) => [group.key, group]));
  return slots
    .flatMap((slot): { slot: Slot; group: Omit<SceneGroup, 'title'>; title: number }[] => {
      const group = groups.get(slot.group);
      const members = slot.members.filter((member) => member !== null);
      if (group === undefined || members.every((member) => seats.get(member)?.node.pinned)) return [];
      const used = slot.members.findLastIndex((member) => member !== null) + 1;
      const continued = slot.part > 0;
      const drawn = {
        ...group,
        key: continued ? `${group.key}#${slot.part}` : group.key,
        label: continued ? `${group.label} (continued)` : group.label,
        members,
        ...rounded(enclosure(slot, used, card)),
      };
      const { kind, label, count } = titleOf(drawn);
      const title = textWidth(`${kind} `, TITLE_SIZE) + textWidth(`${label}  ${count}`, TITLE_SIZE, true);
      return [{ slot, group: drawn, title: Math.min(title, drawn.width - 2 * INDENT) }];
    })
    .sort((a, b) => compareText(a.group.key, b.group.key));
}

function rounded({ x, y, width, height }: Box): Box {
  return { x: round2(x), y: round2(y), width: round2(width), height: round2(height) };
}

/** A line that needs the shelf of a card, and what is drawn once it has its share of it. */
interface Plan {
  readonly shelf: Seat;
  readonly texts: readonly string[];
  readonly draw: (share: Box) => void;
}

/**
 * Gives everything a place. What was placed before stays where it was, to the bit; `previous` null tidies up.
 * Pure and deterministic: no clock, no chance, and only + − × ÷ √, which all JavaScript engines round alike.
 */
export function layoutScene(
  graph: SceneGraph,
  previous: Placement | null,
  options: LayoutOptions,
): { scene: Scene; placement: Placement } {
  const stage = options.stage ?? PAGE;
  const { slots, card } = updateSlots(graph, previous, { tick: options.tick, stage });
  const nodes = placeNodes(graph, slots, card, options);
  const seats = seatsByKey(nodes, slots, card);
  const enclosed = encloseGroups(graph, slots, seats, card);
  const titles = new Map(enclosed.map(({ slot, group, title }) => [slot, { from: group.x + INDENT, width: title }]));
  const used = new Set([...seats.values()].map(({ slot }) => slot));
  const router = new Router(
    [...slots, ...[...used].filter((slot) => !slots.includes(slot) && slot.group !== '')],
    card,
  );
  const content = contentOf(
    nodes,
    enclosed.map(({ group }) => group),
    card,
  );

  const links: SceneLink[] = [];
  const hubs: SceneHub[] = [];
  const plans: Plan[] = [];
  /** Where the titles of groups must end, so that a line can go up beside them. */
  const limits = new Map<Slot, number>();
  // As wide as the narrowest corridor bears.
  const room = Math.max(1, Math.min(card.edge, card.band / 2, padding(card) / 2) - 1);
  const half = (strands: readonly unknown[]) =>
    (Math.max(0, strands.length - 1) * Math.min(STRAND_PITCH, (2 * room) / Math.max(1, strands.length - 1))) / 2;
  /** A line in a share of a shelf, and what is left of it for words. */
  const inShare = (share: Box, strands: readonly unknown[]) => {
    const wide = half(strands);
    const x = round2(share.x + Math.min(INDENT + wide, share.width / 2));
    return { x, words: rounded({ ...share, x: x + wide + INDENT, width: share.x + share.width - x - wide - INDENT }) };
  };

  const draw = (
    about: Pick<SceneLink, 'key' | 'set' | 'texts' | 'broken'> & { readonly strands: GraphSet['strands'] },
    from: Seat,
    to: Seat,
    owned: boolean,
  ) => {
    const { strands } = about;
    const common = { ...about, from: from.node.key, to: to.node.key, end: owned ? ('owner' as const) : null };
    const [upper, lower] = from.node.y <= to.node.y ? [from, to] : [to, from];
    const stacked =
      upper.slot === lower.slot
        ? upper.column === lower.column && lower.row === upper.row + 1
        : isSingle(upper.slot) &&
          isSingle(lower.slot) &&
          upper.slot.x === lower.slot.x &&
          lower.slot.y === upper.slot.y + upper.slot.height;
    if (stacked) {
      plans.push({
        shelf: upper,
        texts: about.texts,
        draw: (share) => {
          const { x, words } = inShare(share, strands);
          const ends = [
            { x, y: from === upper ? upper.bottom : lower.top },
            { x, y: from === upper ? lower.top : upper.bottom },
          ];
          links.push({ ...common, strands: strandsAlong(ends, strands, room), room: words });
        },
      });
      return;
    }
    plans.push({
      shelf: from,
      texts: about.texts,
      draw: (share) => {
        const { x, words } = inShare(share, strands);
        const points = router.route(from, { x, y: from.bottom }, { type: 'card', seat: to }, about.set, half(strands));
        links.push({ ...common, strands: strandsAlong(points, strands, room), room: words });
      },
    });
  };

  for (const set of [...graph.sets].sort((a, b) => compareText(a.key, b.key))) {
    const members = set.members.flatMap((member) => seats.get(member) ?? []);
    const owner = set.owner === null ? undefined : members.find(({ node }) => node.key === set.owner);
    const first = owner ?? [...members].sort(byPlace)[0];
    if (first === undefined || members.length < 2) continue;
    const others = members.filter((each) => each !== first);
    const about = { set: set.key, texts: set.texts, broken: false, strands: set.strands };
    const [other] = others;
    if (others.length === 1 && other !== undefined) {
      draw({ ...about, key: `link:${set.key}` }, other, first, owner !== undefined);
      continue;
    }
    plans.push({
      shelf: first,
      texts: set.texts,
      draw: (share) => {
        const radius = round2(Math.max(1.2, Math.min(card.shelf / 2 - 2, share.width / 2 - 3)));
        const at = { x: round2(share.x + radius + 2), y: round2(first.bottom + card.shelf - radius - 1) };
        const left = at.x + radius + INDENT;
        const words = rounded({ ...share, x: left, width: share.x + share.width - left });
        hubs.push({ ...set, ...at, radius, room: words });
        const spoke = (seat: Seat, points: readonly Point[], end: SceneLink['end']) =>
          links.push({
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
        spoke(first, [top, { x: at.x, y: first.bottom }], owner === undefined ? null : 'owner');
        const target: Target = { type: 'shelf', seat: first, at: { x: at.x, y: round2(at.y + radius) } };
        for (const seat of others) {
          const below = seat.slot === first.slot && seat.column === first.column && seat.row === first.row + 1;
          const start = { x: round2(seat.left + INDENT + half(set.strands) + 1), y: seat.bottom };
          const points = below
            ? [{ x: at.x, y: seat.top }, target.at]
            : router.route(seat, start, target, set.key, half(set.strands));
          spoke(seat, points, null);
        }
      },
    });
  }

  const broken = [...graph.broken].sort((a, b) => compareText(a.container, b.container) || compareText(a.kind, b.kind));
  for (const share of broken) {
    const from = seats.get(share.container);
    const to = share.target === null ? undefined : seats.get(share.target);
    if (from === undefined) continue;
    const key = `broken:${share.kind}:${share.container}`;
    const strands = [{ kind: share.kind, namespace: '' }];
    const about = { key, set: key, texts: share.texts, broken: true, strands };
    if (to !== undefined) draw(about, from, to, true);
    else {
      plans.push({
        shelf: from,
        texts: about.texts,
        draw: (share) => {
          const { x, words } = inShare(share, strands);
          const points = [
            { x, y: from.bottom },
            { x, y: round2(from.bottom + card.shelf - 2) },
          ];
          links.push({
            ...about,
            from: from.node.key,
            to: from.node.key,
            strands: strandsAlong(points, strands, room),
            end: null,
            room: words,
          });
        },
      });
    }
  }

  // What is shared with the machine by choice goes to its edge where that is near, else to a piece of it.
  const up: { link: Omit<SceneLink, 'strands' | 'room'>; strands: GraphSet['strands']; x: number; seat: Seat }[] = [];
  const down: { x: number; seat: Seat; finish: (bottom: number) => void }[] = [];
  const far = FAR * rowHeight(card);
  for (const { node: key, strands, texts } of [...graph.machine].sort((a, b) => compareText(a.node, b.node))) {
    const seat = seats.get(key);
    if (seat === undefined) continue;
    const { slot } = seat;
    const link = { key: `hull:${key}`, set: `hull:${key}`, from: key, to: HOST, texts, broken: false };
    const title = titles.get(slot);
    const wide = half(strands);
    const start = seat.left + 2 * INDENT + wide;
    const x = title === undefined ? start : Math.max(start, title.from + title.width + INDENT + wide);
    const near = seat.top - content.y < far && x + wide + 2 < seat.right;
    if (seat.row === 0 && near && router.clear(x, Number.NEGATIVE_INFINITY, slot.y)) {
      up.push({ link: { ...link, end: 'hull' }, strands, x: round2(x), seat });
      if (title !== undefined) limits.set(slot, Math.min(limits.get(slot) ?? Number.POSITIVE_INFINITY, x - wide - 3));
      continue;
    }
    plans.push({
      shelf: seat,
      // Its chip says the same: where others want to say something too, they come first.
      texts: texts.slice(-1),
      draw: (share) => {
        const { x: at, words } = inShare(share, strands);
        const last = slot.members.slice((seat.row + 1) * slot.columns).every((member, index) => {
          return member === null || index % slot.columns !== seat.column;
        });
        const open =
          last &&
          content.y + content.height - seat.bottom < far &&
          router.clear(at, slot.y + slot.height, Number.POSITIVE_INFINITY);
        const finish = (bottom: number, end: SceneLink['end']) => {
          const points = [
            { x: at, y: seat.bottom },
            { x: at, y: round2(bottom) },
          ];
          links.push({ ...link, end, strands: strandsAlong(points, strands, room), room: words });
        };
        if (open) down.push({ x: at, seat, finish: (bottom) => finish(bottom, 'hull') });
        else finish(seat.bottom + card.shelf * 0.62, 'ground');
      },
    });
  }

  const shelves = new Shelves(card);
  for (const { shelf, texts } of plans) shelves.ask(shelf.node.key, texts);
  for (const { shelf, draw } of plans) draw(shelves.take(shelf));

  const hull = hullAround(content, stage, { above: up.length > 0, remarks: graph.remarks.length });
  const edge = round2(hull.y + hull.bar);
  up.sort((a, b) => a.x - b.x);
  up.forEach(({ link, strands, x, seat }, index) => {
    const next = up.slice(index + 1).find((other) => other.x > x)?.x ?? hull.x + hull.width;
    const wide = half(strands) + INDENT;
    const points = [
      { x, y: seat.top },
      { x, y: edge },
    ];
    const width = Math.min(next - INDENT - wide, seat.right + card.lane - 4) - x - wide;
    const words = rounded({ x: x + wide, y: content.y - hull.above + 2, width, height: hull.above - card.edge - 3 });
    links.push({ ...link, strands: strandsAlong(points, strands, room), room: width > 0 ? words : null });
  });
  for (const { finish } of down) finish(hull.y + hull.height - hull.foot);

  const groups = enclosed.map(({ slot, group }): SceneGroup => {
    const end = Math.min(limits.get(slot) ?? Number.POSITIVE_INFINITY, group.x + group.width - INDENT);
    const x = round2(group.x + INDENT);
    return { ...group, title: rounded({ x, y: group.y, width: Math.max(0, end - x), height: card.head }) };
  });
  const host = graph.nodes.find(({ type }) => type === 'host');
  const drawn = host === undefined ? nodes : [barOf(host, hull), ...nodes];
  const { x, y, width, height, foot, margin } = hull;
  links.sort((a, b) => compareText(a.key, b.key));
  hubs.sort((a, b) => compareText(a.key, b.key));
  const { total, arrangement, remarks } = graph;
  return {
    scene: {
      nodes: drawn,
      groups,
      hubs,
      links,
      hull: { ...rounded({ x, y, width, height }), foot: round2(foot) },
      remarks,
      bounds: rounded({ x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }),
      total,
      arrangement,
    },
    placement: { card, slots },
  };
}

function byPlace(a: Seat, b: Seat): number {
  return a.node.y - b.node.y || a.node.x - b.node.x;
}

/** The machine's node: the bar along the top edge of the hull. */
function barOf(host: SceneGraph['nodes'][number], { x, y, width, bar }: Hull): SceneNode {
  return {
    ...host,
    x: round2(x + width / 2),
    y: round2(y + bar / 2),
    width: round2(width),
    height: round2(bar),
    pinned: false,
  };
}

function contentOf(nodes: readonly SceneNode[], groups: readonly Box[], card: CardSize): Box {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  const cover = (x0: number, y0: number, x1: number, y1: number) => {
    left = Math.min(left, x0);
    top = Math.min(top, y0);
    right = Math.max(right, x1);
    bottom = Math.max(bottom, y1);
  };
  for (const { x, y, width, height } of nodes) {
    cover(x - width / 2, y - height / 2 - card.edge, x + width / 2, y + height / 2 + card.shelf + card.edge);
  }
  for (const { x, y, width, height } of groups) cover(x, y - card.edge, x + width, y + height + card.edge);
  if (left > right) cover(0, 0, card.width, card.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
