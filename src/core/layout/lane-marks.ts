import { type Mark, round2, SMALLEST_TEXT, textMark, textWidth, type View } from './marks.ts';
import type { Box, LaneSign, Point, SceneLane } from './scene.ts';

/** In pixels: half as wide as the lines of what is shared. */
const WIDTH = 1;
const JOINT = 1.9;

/** In pixels: the piece of a lane that stands before its name, between both, and between two names. */
const SAMPLE = 10;
const BESIDE = 4;
const GAP = 14;

interface Place {
  readonly text: string;
  readonly x: number;
  readonly width: number;
}

const widthOf = (text: string): number => SAMPLE + BESIDE + textWidth(text, SMALLEST_TEXT);

/**
 * As many of those texts as can stand side by side, each in the longest wording for which all have room; the last says
 * how many more there are. In pixels.
 */
function beside(all: LaneSign['texts'], room: number): Place[] {
  for (let count = all.length; count > 0; count -= 1) {
    const more = all.length - count;
    const some = all.slice(0, count);
    const levels = Math.max(...some.map(({ length }) => length));
    for (let level = 0; level < levels; level += 1) {
      let x = 0;
      const places = some.map((texts, index): Place => {
        const said = texts[level] ?? texts.at(-1) ?? '';
        const text = more > 0 && index === count - 1 ? `${said} +${more}` : said;
        const place = { text, x, width: widthOf(text) };
        x += place.width + GAP;
        return place;
      });
      if (x - GAP <= room) return places;
    }
  }
  return [];
}

/** Where a sign is written at a scale, and what; null where there is no room for it. */
export function signAt({ room, behind, texts, index }: LaneSign, unit: number): (Box & { text: string }) | null {
  if (room.height < (SMALLEST_TEXT + 2) * unit) return null;
  const place = beside(texts, room.width / unit - behind)[index];
  if (place === undefined) return null;
  const { text, x, width } = place;
  return { text, x: room.x + (behind + x) * unit, y: room.y, width: width * unit, height: room.height };
}

/** What is written at a lane, after a piece of it. */
function signMarks(sign: LaneSign, { theme, unit }: View): Mark[] {
  const at = signAt(sign, unit);
  if (at === null) return [];
  const middle = at.y + at.height / 2;
  const [x1, x2, y] = [round2(at.x), round2(at.x + SAMPLE * unit), round2(middle)];
  return [
    { tag: 'line', attrs: { x1, y1: y, x2, y2: y, stroke: theme.border, 'stroke-width': round2(1.4 * unit) } },
    textMark(at.x + (SAMPLE + BESIDE) * unit, middle + 4 * unit, SMALLEST_TEXT * unit, theme.muted, at.text),
  ];
}

function outline(points: readonly Point[]): string {
  return `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`;
}

/** All of a lane's lines as path data. */
export function laneOutline({ paths }: Pick<SceneLane, 'paths'>): string {
  return paths.map(outline).join('');
}

/** A network's lane: thin, in no kind's colour, with a point where a branch leaves it, and its name. */
export function laneMarks({ paths, joints, networks, signs }: Omit<SceneLane, 'key'>, view: View): Mark[] {
  const { theme, unit } = view;
  // Several as one are somewhat wider.
  const wide = (networks.length > 1 ? 1.8 : 1) * WIDTH * Math.min(unit, 1.6);
  const r = round2(JOINT * Math.min(unit, 1.2));
  const dots = joints.map(
    ({ x, y }) => `M${round2(x - r)} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  );
  return [
    {
      tag: 'path',
      attrs: { d: laneOutline({ paths }), fill: 'none', stroke: theme.border, 'stroke-width': round2(wide) },
    },
    ...(dots.length === 0
      ? []
      : [{ tag: 'path' as const, attrs: { d: dots.join(''), fill: theme.border, stroke: 'none' } }]),
    ...signs.flatMap((sign) => signMarks(sign, view)),
  ];
}

/** A lane with a branch, for legends: 34 wide, its middle at a point. */
export function laneSampleMarks({ x, y }: Point, view: View): Mark[] {
  const lane = [
    { x, y: y + 3 },
    { x: x + 34, y: y + 3 },
  ];
  const branch = [
    { x: x + 17, y: y - 5 },
    { x: x + 17, y: y + 3 },
  ];
  return laneMarks({ paths: [lane, branch], joints: [{ x: x + 17, y: y + 3 }], networks: [], signs: [] }, view);
}
