import { textWidth } from '../layout/marks.ts';
import type { Box, Point } from '../layout/scene.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { visibleText } from '../text/visible.ts';
import { commas, firstOf, t } from '../words/words.ts';
import { groupWiring, type WiredGroup, type WiredMember, type WiredNet, type WiredPort } from './groups.ts';
import type { NetworkFacts } from './network-facts.ts';

/** How the network namespaces are wired together: one enclosure a network, in it a card for each namespace. */

/** A line of text on a card. */
export interface WiringText {
  readonly text: string;
  readonly tone: 'name' | 'plain' | 'muted';
}

export interface WiringBox extends Box {
  /** A namespace that is in several networks has a card in each. */
  readonly key: string;
  readonly namespace: string;
  /** The containers in it, or what it is known by. */
  readonly title: string;
  readonly ports: readonly WiredPort[];
  readonly texts: readonly WiringText[];
}

export interface WiringGroup extends Box {
  readonly key: string;
  readonly type: WiredGroup['type'];
  readonly title: string;
  /** Driver, subnet, gateway and what else is to be known. */
  readonly facts: readonly string[];
  /** How many namespaces are in it, and how many of those have no card. */
  readonly count: number;
  readonly leftOut: number;
  /** Whether its members stand in it as words only: `texts` then. */
  readonly folded: boolean;
  readonly texts: readonly WiringText[];
  readonly boxes: readonly WiringBox[];
}

/** From a network to the link of a member, or from one namespace to the other: upright and level pieces. */
export interface WiringLine {
  readonly key: string;
  readonly points: readonly Point[];
  readonly up: boolean;
  /** The keys of the boxes or groups that it joins. */
  readonly ends: readonly [string, string];
}

export interface Wiring {
  readonly groups: readonly WiringGroup[];
  readonly boxes: readonly WiringBox[];
  readonly lines: readonly WiringLine[];
  readonly notes: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Namespaces that are in the picture, on cards or within a folded network. */
  readonly shown: number;
  /** Those that are not: with nothing but their loopback, or beyond the limit. */
  readonly leftOut: number;
}

export const LINE = 16;
export const TITLE = 24;
export const FACT_SIZE = 11;
export const NAME_SIZE = 12;
/** From a card's edge to its text. */
export const INSET = 10;
const WIDTH = 1180;
const MARGIN = 24;
const GAP = 18;
const PADDING = 12;
/** Left of each column of cards: the line from the network to them. */
const GUTTER = 16;
/** Of a card: the least that its text needs; the most that a page gives it. */
const CARD = 236;
const WIDEST_CARD = 330;
const CARD_GAP = 8;
const CARD_EDGE = 7;
/** The most lines of one sort on a card; the rest is counted. */
const MOST_LINES = 5;
/** Above so many members a card is one line. */
const MANY = 16;
/** The most cards of a network; the others are counted. */
const MOST_CARDS = 120;
/** With more networks and more links than that each network is folded: all of them are seen at once. */
const FEW_NETWORKS = 8;
const FEW_LINKS = 60;
/** In a folded network: the most lines of names, and how many names are tried. */
const FOLDED_LINES = 3;
const FOLDED_NAMES = 24;

/** Words in as few lines as they need, none wider than the room; what does not fit alone stays whole in its line. */
export function wrapped(parts: readonly string[], separator: string, size: number, room: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last}${separator}${part}`;
    if (last !== undefined && textWidth(longer, size) <= room) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function some<T>(items: readonly T[], most: number, more: (count: number) => T): T[] {
  return items.length <= most ? [...items] : [...items.slice(0, most - 1), more(items.length - most + 1)];
}

function portText({ name, detail, peer, up }: WiredPort, room: number): string {
  const short = `${name} ${detail}`.trim();
  const long = peer === null ? short : `${short} ↔ ${peer}`;
  const said = textWidth(visibleText(long), FACT_SIZE) <= room ? long : short;
  return visibleText(up ? said : t('{link} (down)', { link: said }));
}

function textsOf(member: WiredMember, type: WiredGroup['type'], room: number, brief: boolean): WiringText[] {
  const { names, ports, published, also } = member;
  if (brief) {
    return [
      {
        text: firstOf(names.map(visibleText), 1),
        tone: 'name',
      },
      {
        text: visibleText([ports[0]?.detail ?? '', ...published].filter((part) => part !== '').join('  ')),
        tone: 'muted',
      },
    ];
  }
  // The machine has all the width: what is alike stands in one line.
  const together = (parts: readonly string[], separator: string, size: number): string[] =>
    type === 'machine' ? wrapped(parts, separator, size, room) : [...parts];
  return [
    ...some<WiringText>(
      together(names.map(visibleText), ', ', NAME_SIZE * 1.1).map((text): WiringText => ({ text, tone: 'name' })),
      MOST_LINES,
      (count): WiringText => ({ text: t('and {count, number} more', { count }), tone: 'muted' }),
    ),
    ...some<WiringText>(
      together(
        ports.map((port) => portText(port, room)),
        ' · ',
        FACT_SIZE,
      ).map((text): WiringText => ({ text, tone: 'muted' })),
      2 * MOST_LINES,
      (count) => ({ text: t('and {count, plural, one {# more link} other {# more links}}', { count }), tone: 'muted' }),
    ),
    ...some<WiringText>(
      wrapped(
        published.flatMap((label) => visibleText(label).split(', ')),
        ', ',
        FACT_SIZE,
        room,
      ).map((text): WiringText => ({ text, tone: 'plain' })),
      MOST_LINES,
      (count) => ({
        text: t('and {count, plural, one {# more line} other {# more lines}} of ports', { count }),
        tone: 'muted',
      }),
    ),
    ...(also.length === 0
      ? []
      : [{ text: visibleText(t('also in {networks}', { networks: commas(also) })), tone: 'muted' as const }]),
  ];
}

/** As many parts as fit into a number of lines, and how many are left over. */
function inLines(parts: readonly string[], most: number, size: number, room: number): string[] {
  for (let kept = Math.min(parts.length, FOLDED_NAMES); kept > 0; kept -= 1) {
    const left = parts.length - kept;
    const said = [...parts.slice(0, kept), ...(left === 0 ? [] : [t('and {count, number} more', { count: left })])];
    const lines = wrapped(said, ', ', size, room);
    if (lines.length <= most || kept === 1) return lines.slice(0, most);
  }
  return [];
}

/** Who is in a folded network, and which ports lead into it. */
function foldedTexts({ members }: WiredGroup, room: number): WiringText[] {
  const names = [...new Set(members.flatMap((member) => member.names))].map(visibleText);
  const ports = members.flatMap(({ published }) => published).map(visibleText);
  return [
    ...inLines(names, FOLDED_LINES, FACT_SIZE, room).map((text): WiringText => ({ text, tone: 'plain' })),
    ...inLines(ports, 1, FACT_SIZE, room).map((text): WiringText => ({ text, tone: 'muted' })),
  ];
}

/** In how many columns of the page a network stands. */
function columnsOf({ type, members }: WiredGroup, most: number): number {
  if (type === 'machine') return most;
  if (type === 'pair') return Math.min(2, most);
  const wanted = Math.max(1, Math.min(most, Math.ceil(Math.sqrt(members.length / 2))));
  // So that networks side by side fill the page.
  for (let columns = wanted; columns < most; columns += 1) if (most % columns === 0) return columns;
  return most;
}

/**
 * Networks side by side in columns, each where it ends highest; in each the cards of its members, which hang on a line
 * from its title. A namespace in several networks has a card in each, so that no line leaves its network and none crosses
 * another or anything that is written. Deterministic; near linear in links.
 * @param options.width pixels that the page has
 * @param options.fold true where networks are folded while there are many of them; never in a file, which nobody unfolds
 * @param options.folds what was folded or unfolded by hand, by the keys of groups
 */
export function layOutWiring(
  snapshot: Snapshot,
  facts: readonly WiredNet[],
  options: {
    readonly networks?: readonly NetworkFacts[];
    readonly width?: number;
    readonly fold?: boolean;
    readonly folds?: ReadonlyMap<string, boolean>;
  } = {},
): Wiring {
  const { groups: wired, notes } = groupWiring(snapshot, facts, options.networks);
  const page = (options.width ?? WIDTH) - 2 * MARGIN + GAP;
  const around = GUTTER + 2 * PADDING + GAP;
  const columns = Math.max(1, Math.floor(page / (CARD + around)));
  const step = around + Math.max(CARD, Math.min(WIDEST_CARD, Math.floor(page / columns) - around));
  const bottoms = Array.from({ length: columns }, () => MARGIN);
  const groups: WiringGroup[] = [];
  const lines: WiringLine[] = [];
  const drawn = new Set<string>();

  const networks = wired.filter(({ type }) => type === 'network');
  const many =
    options.fold === true &&
    networks.length > FEW_NETWORKS &&
    networks.reduce((sum, { members }) => sum + members.length, 0) > FEW_LINKS;
  for (const group of wired) {
    const folded = group.type === 'network' && (options.folds?.get(group.key) ?? many);
    const wide = folded ? 1 : columnsOf(group, columns);
    let column = 0;
    let y = Number.POSITIVE_INFINITY;
    for (let first = 0; first + wide <= columns; first += 1) {
      const top = Math.max(...bottoms.slice(first, first + wide));
      if (top < y) [column, y] = [first, top];
    }
    const x = MARGIN + column * step;
    const width = wide * step - GAP;
    const across = group.type === 'machine' ? 1 : wide;
    const cardWidth = (width - 2 * PADDING - across * GUTTER - (across - 1) * CARD_GAP) / across;
    const room = cardWidth - 2 * INSET;
    const said = wrapped(group.facts.map(visibleText), ' · ', FACT_SIZE, width - 2 * PADDING);
    const head = y + PADDING / 2 + TITLE + said.length * LINE + CARD_GAP;
    const inside = folded ? foldedTexts(group, width - 2 * PADDING) : [];
    const brief = group.members.length > MANY;
    const tops = Array.from({ length: across }, () => head + inside.length * LINE);
    if (folded) for (const { namespace } of group.members) drawn.add(namespace);
    const boxes: WiringBox[] = [];
    const ends: Point[] = [];
    for (const [index, member] of group.members.slice(0, folded ? 0 : MOST_CARDS).entries()) {
      const at = index % across;
      const texts = textsOf(member, group.type, room, brief);
      const rows = brief ? 1 : texts.length;
      const box: WiringBox = {
        key: `${group.key} ${member.namespace}`,
        namespace: member.namespace,
        title: member.names.join(', '),
        ports: member.ports,
        texts,
        x: x + PADDING + GUTTER + at * (cardWidth + CARD_GAP + GUTTER),
        y: tops[at] ?? head,
        width: cardWidth,
        height: rows * LINE + 2 * CARD_EDGE,
      };
      tops[at] = box.y + box.height + CARD_GAP;
      boxes.push(box);
      drawn.add(member.namespace);
      if (group.type !== 'network') continue;
      const middle = box.y + CARD_EDGE + LINE / 2;
      const trunk = box.x - GUTTER / 2;
      ends[at] = { x: trunk, y: middle };
      lines.push({
        key: box.key,
        points: [
          { x: trunk, y: middle },
          { x: box.x, y: middle },
        ],
        up: member.ports.some(({ up }) => up),
        ends: [group.key, box.key],
      });
    }
    for (const end of ends) {
      const points = [{ x: end.x, y: head - CARD_GAP }, end];
      lines.push({ key: `${group.key} ${end.x}`, points, up: true, ends: [group.key, group.key] });
    }
    const [one, other] = boxes;
    if (group.type === 'pair' && one !== undefined && other !== undefined) {
      const level = one.y === other.y;
      const middle = one.y + CARD_EDGE + LINE / 2;
      lines.push({
        key: group.key,
        points: level
          ? [
              { x: one.x + one.width, y: middle },
              { x: other.x, y: middle },
            ]
          : [
              { x: one.x + one.width / 2, y: one.y + one.height },
              { x: one.x + one.width / 2, y: other.y },
            ],
        up: one.ports.some(({ up }) => up),
        ends: [one.key, other.key],
      });
    }
    const bottom = Math.max(...tops) - CARD_GAP + PADDING;
    for (let each = column; each < column + wide; each += 1) bottoms[each] = bottom + GAP;
    const { key, type, title, members } = group;
    groups.push({
      ...{ key, type, title: visibleText(title), facts: said, boxes, x, y, width, height: bottom - y },
      count: members.length,
      leftOut: folded ? 0 : members.length - boxes.length,
      folded,
      texts: inside,
    });
  }
  const used = groups.length === 0 ? 1 : columns;
  return {
    groups,
    boxes: groups.flatMap(({ boxes }) => boxes),
    lines,
    notes,
    width: 2 * MARGIN + used * step - GAP,
    height: Math.max(...bottoms) - GAP + MARGIN + notes.length * (LINE + 2),
    shown: drawn.size,
    leftOut: facts.length - drawn.size,
  };
}
