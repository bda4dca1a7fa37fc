import { type Mark, round2, type View } from './marks.ts';
import type { CardUse, SceneNode } from './scene.ts';

/** In pixels. */
const THICK = 3;
/** Between a bar and the edge of its card, and between the two bars. */
const GAP = 3;
/** So much of a bar is drawn for whatever is used at all. */
const LEAST = 1.5;

function dashes(x: number, y: number, width: number, stroke: string, unit: number): Mark {
  return {
    tag: 'line',
    attrs: {
      ...{ x1: round2(x), y1: round2(y), x2: round2(x + width), y2: round2(y) },
      ...{ stroke, 'stroke-width': round2(unit), 'stroke-dasharray': `${round2(3 * unit)} ${round2(3 * unit)}` },
    },
  };
}

/** Two bars along the lower edge of a card: processors on the left, memory on the right, full where all of it is used. */
export function barsOfUse({ cpu, memory, pressed }: CardUse, node: SceneNode, { theme, unit }: View): Mark[] {
  // Beside the round corners.
  const inset = Math.min(9, node.width / unit / 12) * unit;
  const high = Math.min(THICK, node.height / unit / 9) * unit;
  const top = node.y + node.height / 2 - high - Math.min(GAP, high) * 0.8;
  const wide = (node.width - 2 * inset - GAP * unit) / 2;
  const bar = (x: number, width: number, fill: string): Mark => ({
    tag: 'rect',
    attrs: {
      ...{ x: round2(x), y: round2(top), width: round2(width), height: round2(high) },
      ...{ rx: round2(high / 2), fill },
    },
  });
  return ([cpu, memory] as const).flatMap((share, index) => {
    const x = node.x - node.width / 2 + inset + index * (wide + GAP * unit);
    // A line of dashes in the bar's place: not known is not nothing.
    if (share === null) return [dashes(x, top + high / 2, wide, theme.muted, unit)];
    const used = share <= 0 ? 0 : Math.max(LEAST * unit, Math.min(1, share) * wide);
    const fill = pressed[index === 0 ? 'cpu' : 'memory'] ? theme.warning : theme.muted;
    return [bar(x, wide, theme.groupBorder), ...(used === 0 ? [] : [bar(x, used, fill)])];
  });
}

/** The two bars as they stand on a card, for the legend: 44 wide, 16 high. */
export function barSampleMarks({ theme, unit }: View): Mark[] {
  const bar = (x: number, width: number, fill: string): Mark => ({
    tag: 'rect',
    attrs: { x: x * unit, y: 6.5 * unit, width: width * unit, height: THICK * unit, rx: (THICK / 2) * unit, fill },
  });
  return [
    ...[bar(1, 19.5, theme.groupBorder), bar(1, 6, theme.muted)],
    ...[bar(20.5 + GAP, 19.5, theme.groupBorder), bar(20.5 + GAP, 12, theme.muted)],
  ];
}
