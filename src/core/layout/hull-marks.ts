import { visibleText } from '../text/visible.ts';
import { BOLD, fitText, type Mark, round2, SMALLEST_TEXT, textMark, textWidth, type View } from './marks.ts';
import type { Scene, SceneNode } from './scene.ts';

/** The machine around everything: its outline, and what is true of everybody at its foot. */
export function hullMarks({ hull, remarks }: Pick<Scene, 'hull' | 'remarks'>, { theme, unit }: View): Mark[] {
  const { x, y, width, height, foot } = hull;
  const top = round2(Math.min(12 * unit, height / 8));
  const low = round2(Math.min(34 * unit, height / 5));
  const d = `M${round2(x + top)} ${y}H${round2(x + width - top)}q${top} 0 ${top} ${top}V${round2(y + height - low)}q0 ${low} ${-low} ${low}H${round2(x + low)}q${-low} 0 ${-low} ${-low}V${round2(y + top)}q0 ${-top} ${top} ${-top}z`;
  const out: Mark[] = [
    { tag: 'path', attrs: { d, fill: theme.page, stroke: theme.hull, 'stroke-width': round2(2.5 * unit) } },
  ];
  const line = foot / Math.max(1, remarks.length + 0.5);
  const size = Math.min(12 * unit, line * 0.7);
  if (size < SMALLEST_TEXT * unit || remarks.length === 0) return out;
  const base = round2(y + height - foot);
  out.push({
    tag: 'line',
    attrs: {
      x1: x,
      y1: base,
      x2: round2(x + width),
      y2: base,
      stroke: theme.groupBorder,
      'stroke-width': round2(unit),
    },
  });
  remarks.forEach((remark, index) => {
    const text = fitText(remark, size, width - 2 * low);
    out.push(textMark(x + low, y + height - foot + line * (index + 0.78), size, theme.muted, text));
  });
  return out;
}

/** The bar along the top edge: what the machine is, and what it has. */
export function barMarks(host: SceneNode, { theme, unit }: View): Mark[] {
  const x = host.x - host.width / 2;
  const y = host.y - host.height / 2;
  const r = round2(Math.min(12 * unit, host.height / 2));
  const d = `M${round2(x)} ${round2(y + host.height)}V${round2(y + r)}q0 ${-r} ${r} ${-r}H${round2(x + host.width - r)}q${r} 0 ${r} ${r}V${round2(y + host.height)}z`;
  const out: Mark[] = [{ tag: 'path', attrs: { d, fill: theme.hull, stroke: theme.hull, 'stroke-width': 0 } }];
  const size = Math.min(15 * unit, host.height * 0.42);
  if (size < SMALLEST_TEXT * unit) return out;
  const small = Math.max(SMALLEST_TEXT * unit, size * 0.8);
  const baseline = host.y + size * 0.36;
  const left = x + 18 * unit;
  const room = host.width - 36 * unit;
  const name = fitText(visibleText(host.label), size, room, true);
  out.push(textMark(left, baseline, size, theme.onHull, name, BOLD));
  const used = textWidth(name, size, true) + 10 * unit;
  const facts = [host.detail, host.facts ?? ''].filter((fact) => fact !== '').join(' · ');
  const said = fitText(visibleText(facts), small, room - used);
  if (said.length > 3) out.push(textMark(left + used, baseline, small, theme.onHull, said));
  return out;
}
