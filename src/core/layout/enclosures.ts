import type { MemberId } from '../sharing/sharing.ts';
import { compareText } from '../snapshot/order.ts';
import { t } from '../words/words.ts';
import { INDENT } from './card-size.ts';
import type { BareGraph } from './card-texts.ts';
import { rounded, textWidth } from './marks.ts';
import type { CardSize, SceneGroup } from './scene.ts';
import type { Seat } from './seats.ts';
import { enclosure, type Slot } from './slot.ts';
import { titleOf } from './titles.ts';

/** Text of titles at the scale at which all is seen. */
const TITLE_SIZE = 12;

/**
 * The enclosures: one a part of a group, as large as its members need. One whose members are all pinned is not drawn.
 * `title` is the room that its title has, `written` how many pixels that takes whole.
 */
export function encloseGroups(
  graph: BareGraph,
  slots: readonly Slot[],
  seats: ReadonlyMap<MemberId, Seat>,
  card: CardSize,
) {
  const groups = new Map(graph.groups.map((group) => [group.key, group]));
  return slots
    .flatMap((slot): { slot: Slot; group: Omit<SceneGroup, 'title'>; title: number; written: number }[] => {
      const group = groups.get(slot.group);
      const members = slot.members.filter((member) => member !== null);
      if (group === undefined || members.every((member) => seats.get(member)?.node.pinned)) return [];
      const used = slot.members.findLastIndex((member) => member !== null) + 1;
      const continued = slot.part > 0;
      const drawn = {
        ...group,
        key: continued ? `${group.key}#${slot.part}` : group.key,
        label: continued ? t('{name} (continued)', { name: group.label }) : group.label,
        members,
        ...rounded(enclosure(slot, used, card)),
      };
      const { kind, label, count } = titleOf(drawn);
      const written = textWidth(`${kind} `, TITLE_SIZE) + textWidth(`${label}  ${count}`, TITLE_SIZE, true);
      return [{ slot, group: drawn, title: Math.min(written, drawn.width - 2 * INDENT), written }];
    })
    .sort((a, b) => compareText(a.group.key, b.group.key));
}
