import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { t } from '../words/words.ts';
import { INDENT } from './card-size.ts';
import type { LaneDraft, LanePart } from './lanes.ts';
import { round2, rounded } from './marks.ts';
import { laneTexts } from './networks.ts';
import type { Box, CardSize, LaneSign } from './scene.ts';
import { isSingle, type Slot } from './slot.ts';

/** Between a title and what is said beside it, in pixels. */
const GAP = 14;
/** A title may be drawn somewhat wider than it was measured. */
const SLACK = 1.06;

/** The head of a group: what it is called, its enclosure, and whether lines pass beside its title. */
export interface Head {
  readonly label: string;
  readonly box: Box;
  /** The width of its title, in pixels. */
  readonly written: number;
  readonly crossed: boolean;
}

/** What is written at a lane, from the longest wording to the shortest. */
function textsOf({ networks }: LaneDraft, within: string): readonly string[] {
  const [only] = networks;
  return networks.length === 1 && only !== undefined
    ? laneTexts(only, within)
    : [t('{count, plural, one {# network} other {# networks}}', { count: networks.length })];
}

/**
 * Where lanes say what they are: beside the title of a group, and below a card that stands alone, where nothing else
 * stands there. A lane that leads from one to the other says it below one card only.
 */
export function signLanes(
  lanes: readonly LaneDraft[],
  heads: ReadonlyMap<Slot, Head>,
  shelves: ReadonlySet<MemberId>,
  card: CardSize,
): ReadonlyMap<string, readonly LaneSign[]> {
  const signs = new Map<string, LaneSign[]>(lanes.map(({ key }) => [key, []]));
  const bySlot = new Map<Slot, { readonly lane: LaneDraft; readonly part: LanePart }[]>();
  for (const lane of lanes) {
    for (const part of lane.parts) {
      const list = bySlot.get(part.slot);
      if (list === undefined) bySlot.set(part.slot, [{ lane, part }]);
      else list.push({ lane, part });
    }
  }
  const members = ({ rows }: LanePart) => rows.reduce((sum, { seats }) => sum + seats.length, 0);
  for (const [slot, all] of [...bySlot].sort(([a], [b]) => a.y - b.y || a.x - b.x)) {
    const alone = isSingle(slot);
    const told = all
      .filter(({ lane }) => !(alone && lane.joins.length > 0 && (signs.get(lane.key)?.length ?? 0) > 0))
      // Who has most to do with the group comes first.
      .sort((a, b) => members(b.part) - members(a.part) || compareText(a.lane.key, b.lane.key));
    const write = (within: string, room: Box, behind: number) => {
      const texts = told.map(({ lane }) => textsOf(lane, within));
      told.forEach(({ lane }, index) => {
        signs.get(lane.key)?.push({ room: rounded(room), behind: round2(behind), texts, index });
      });
    };
    if (alone) {
      const part = all[0]?.part;
      const seat = part?.rows[0]?.seats[0];
      if (part === undefined || seat === undefined || shelves.has(seat.node.key)) continue;
      const [x, y] = [seat.left + 2 * INDENT, seat.bottom + 0.25];
      write('', { x, y, width: seat.right - INDENT - x, height: part.floor - y }, 0);
      continue;
    }
    const head = heads.get(slot);
    if (head === undefined || head.crossed) continue;
    const { box, written, label } = head;
    const room = { x: box.x + INDENT, y: box.y, width: box.width - 2 * INDENT, height: card.head };
    write(label, room, written * SLACK + GAP);
  }
  return signs;
}
