import type { NamespaceKind } from '../snapshot/namespace.ts';
import { hubShapePath } from './line-marks.ts';
import { type Mark, round2, type View } from './marks.ts';
import { kindColour } from './palette.ts';
import type { Box } from './scene.ts';
import { alarmMarks } from './sign-marks.ts';

/** What small signs tell where there is no room for words. */
export interface SmallSigns {
  readonly shared: readonly NamespaceKind[];
  readonly host: readonly NamespaceKind[];
  readonly broken: boolean;
  readonly warned: boolean;
}

/** In pixels: a sign's radius, at least and at most, and how much room it has in radii. */
const SMALLEST = 2;
const LARGEST = 4;
const PITCH = 2.5;

/**
 * Signs side by side, from the top: a broken share, a finding, then each shared kind by the shape of its hub, drawn on a
 * piece of the machine's edge if it is the machine's by choice. They are as large as the room allows; none are drawn where
 * they would be too small to tell apart.
 */
export function smallSignMarks(told: SmallSigns, box: Box, { theme, unit }: View, centred = false): Mark[] {
  const signs: ((x: number, y: number, r: number) => readonly Mark[])[] = [];
  if (told.broken) signs.push((x, y, r) => alarmMarks(x, y, r / 5, theme, true));
  if (told.warned) signs.push((x, y, r) => alarmMarks(x, y, r / 5, theme, false));
  const shape = (kind: NamespaceKind, x: number, y: number, r: number): Mark => ({
    tag: 'path',
    attrs: {
      d: hubShapePath(kind, x, y, r * 0.8),
      fill: theme.page,
      stroke: kindColour(kind, theme.name),
      'stroke-width': round2(r * 0.55),
    },
  });
  for (const kind of told.shared) signs.push((x, y, r) => [shape(kind, x, y, r)]);
  for (const kind of told.host) {
    signs.push((x, y, r) => {
      const [x1, x2, edge] = [round2(x - r), round2(x + r), round2(y + r)];
      const ground = { x1, y1: edge, x2, y2: edge, stroke: theme.hull, 'stroke-width': round2(r * 0.5) };
      return [shape(kind, x, y - r * 0.35, r * 0.8), { tag: 'line', attrs: ground }];
    });
  }
  if (signs.length === 0) return [];
  for (let r = LARGEST * unit; r >= SMALLEST * unit; r *= 0.85) {
    const columns = Math.floor(box.width / (PITCH * r));
    const rows = Math.floor(box.height / (PITCH * r));
    if (columns * rows < signs.length) continue;
    const across = Math.min(columns, signs.length);
    const left = centred ? box.x + (box.width - across * PITCH * r) / 2 : box.x;
    return signs.flatMap((sign, index) =>
      sign(left + (0.5 + (index % columns)) * PITCH * r, box.y + (0.5 + Math.floor(index / columns)) * PITCH * r, r),
    );
  }
  return [];
}
