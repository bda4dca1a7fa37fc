import type { GroupSummary } from './group-summary.ts';
import { BOLD, CENTRED, fitText, type Mark, round2, SMALLEST_TEXT, textMark, textWidth, type View } from './marks.ts';
import type { Theme } from './palette.ts';
import type { Point, SceneGroup } from './scene.ts';
import { smallSignMarks } from './small-signs.ts';
import { titleOf } from './titles.ts';

/** A group's enclosure with its title and count above. */
export function groupMarks(group: SceneGroup, { theme, unit }: View): Mark[] {
  const box: Mark = {
    tag: 'rect',
    attrs: {
      x: group.x,
      y: group.y,
      width: group.width,
      height: group.height,
      rx: round2(Math.min(10, group.height / 6)),
      fill: theme.panel,
      stroke: theme.groupBorder,
      'stroke-width': round2(Math.min(unit, 1.5)),
    },
  };
  if (group.title.height < (SMALLEST_TEXT + 2) * unit) return [box];
  const size = Math.min(12 * unit, Math.max(SMALLEST_TEXT * unit, group.title.height * 0.55));
  return [
    box,
    ...titleMarks(
      group,
      size,
      { x: group.title.x + 3 * unit, y: group.title.y + group.title.height / 2 + size * 0.4 },
      group.title.width - 6 * unit,
      theme,
    ),
  ];
}

/** Between a title and its count, in parts of the size. */
const GAP = 0.45;
/** Of a title that is cut to fewer letters nobody knows which it is. */
const FEWEST_LETTERS = 3;

/** Of `default/billing` the pod's own name is what tells pods apart. */
function briefOf({ type }: SceneGroup, label: string): string {
  return type === 'pod' ? label.slice(label.lastIndexOf('/') + 1) : label;
}

function titleMarks(group: SceneGroup, size: number, at: Point, room: number, theme: Theme): Mark[] {
  const { kind, label: whole, count } = titleOf(group);
  const gap = size * GAP;
  const countWidth = textWidth(count, size);
  const kindWidth = textWidth(kind, size) + gap;
  // With the kind: pods beside each other are called alike.
  const fits = kindWidth + textWidth(whole, size, true) + gap + countWidth <= room;
  const label = fits ? whole : briefOf(group, whole);
  const labelWidth = textWidth(label, size, true);
  const out: Mark[] = [];
  let x = at.x;
  let left = room;
  // First what kind of group it is gives way, then the end of its name, then its count.
  if (kindWidth + labelWidth + gap + countWidth <= room) {
    out.push(textMark(x, at.y, size, theme.muted, kind));
    x += kindWidth;
    left -= kindWidth;
  }
  const besides = left - countWidth - gap;
  const counted = labelWidth <= besides || besides > size * 3;
  const said = fitText(label, size, left - (counted ? countWidth + gap : 0), true);
  if (said.length < 2) return out;
  out.push(textMark(x, at.y, size, theme.text, said, BOLD));
  if (counted) out.push(textMark(x + textWidth(said, size, true) + gap, at.y, size, theme.muted, count));
  return out;
}

/** Whether a group from afar has room for its title, so that it is read. */
export function farTitleFits(group: SceneGroup, { unit }: View): boolean {
  if (group.height < (SMALLEST_TEXT + 3) * unit || group.width < 30 * unit) return false;
  const label = briefOf(group, titleOf(group).label);
  const said = fitText(label, SMALLEST_TEXT * unit, group.width - 12 * unit, true);
  return said.length > FEWEST_LETTERS || label.length <= FEWEST_LETTERS;
}

/** Between what a group from afar shows and its edge, in pixels. */
const INSET = 4;

/**
 * A group from so far that its members cannot be named. It says its title and how many are in it, as large as all of that
 * has room for; else only how many; and by signs what is broken, found or shared inside. Dashed where nothing runs.
 */
export function farGroupMarks(group: SceneGroup, view: View, summary?: GroupSummary): Mark[] {
  const { theme, unit } = view;
  const [plain] = groupMarks({ ...group, title: { ...group.title, height: 0 } }, view);
  if (plain === undefined) return [];
  const { label: whole, count } = titleOf(group);
  const box: Mark = {
    ...plain,
    attrs: {
      ...plain.attrs,
      ...(summary !== undefined && summary.broken > 0
        ? { stroke: theme.danger, 'stroke-width': round2(Math.min(1.6 * unit, 2.5)) }
        : {}),
      ...(summary !== undefined && summary.stopped === group.members.length
        ? { 'stroke-dasharray': `${round2(4 * unit)} ${round2(3 * unit)}`, stroke: theme.border }
        : {}),
    },
  };
  const signs = (top: number, centred = true): Mark[] => {
    if (summary === undefined) return [];
    const inset = Math.min(INSET * unit, group.width / 8);
    const room = {
      x: group.x + inset,
      y: group.y + top,
      width: group.width - 2 * inset,
      height: group.height - top - inset,
    };
    return smallSignMarks({ ...summary, broken: summary.broken > 0, warned: summary.warned > 0 }, room, view, centred);
  };
  const least = SMALLEST_TEXT * unit;
  if (farTitleFits(group, view)) {
    const label = briefOf(group, whole);
    const room = group.width - 12 * unit;
    const across = textWidth(label, 1, true) + GAP + textWidth(count, 1);
    const size = Math.min(22 * unit, Math.max(least, Math.min(group.height * 0.3, (0.99 * room) / across)));
    const at = { x: group.x + 6 * unit, y: group.y + Math.min(group.height / 2 + size * 0.36, size * 1.4) };
    return [box, ...titleMarks(group, size, at, room, theme), ...signs(size * 1.4 + INSET * unit, false)];
  }
  if (textWidth(count, least) > group.width - INSET * unit || group.height < least + 2 * unit)
    return [box, ...signs(Math.min(INSET * unit, group.height / 8))];
  const middle = group.x + group.width / 2;
  const base = group.y + Math.min(group.height / 2 + least * 0.36, least * 1.2);
  return [box, textMark(middle, base, least, theme.muted, count, CENTRED), ...signs(least * 1.2 + 3 * unit)];
}
