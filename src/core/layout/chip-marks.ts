import { counted, t } from '../words/words.ts';
import { CENTRED, type Mark, round2, SMALLEST_TEXT, textMark, textWidth, type View } from './marks.ts';
import { KIND_STYLES, kindColour, onKindColour } from './palette.ts';
import type { Point, StripSlot } from './scene.ts';

export const CHIP_HEIGHT = 15;

/**
 * What is said of one kind: `net 3` shared by three, `uts host` the machine's, `ipc ?` unknown, `mnt` private.
 * @param brief where all eight stand beside each other: a house for the machine, and no more
 */
function chipText({ kind, standing, partners, joined }: StripSlot, brief: boolean): string {
  const { short } = KIND_STYLES[kind];
  if (standing === 'private') return short;
  if (standing === 'unknown') return `${short} ?`;
  if (brief) return standing === 'host' ? `${short}⌂` : `${short} ${partners > 98 ? '99+' : partners + 1}`;
  const text = standing === 'host' ? `${short} host` : `${short} ${counted(partners + 1)}`;
  return joined ? t('{chip} joined', { chip: text }) : text;
}

export function chipWidth(slot: StripSlot, brief: boolean): number {
  return Math.ceil(textWidth(chipText(slot, brief), SMALLEST_TEXT)) + (brief ? 4 : 7);
}

export const chipGap = (brief: boolean) => (brief ? 2 : 4);

/** A kind as a chip: filled where others share it, outlined where it is the machine's or its own, dashed unknown. */
export function chipMarks(slot: StripSlot, at: Point, brief: boolean, { theme, unit }: View): Mark[] {
  const text = chipText(slot, brief);
  const colour = kindColour(slot.kind, theme.name);
  const shared = slot.standing === 'shared';
  const width = chipWidth(slot, brief) * unit;
  const chosen = slot.standing === 'host' && slot.told;
  const fill = shared ? onKindColour(slot.kind, theme.name) : chosen ? theme.text : theme.muted;
  const size = SMALLEST_TEXT * unit;
  return [
    {
      tag: 'rect',
      attrs: {
        x: round2(at.x),
        y: round2(at.y),
        width: round2(width),
        height: round2(CHIP_HEIGHT * unit),
        rx: round2(3 * unit),
        fill: shared ? colour : 'none',
        stroke: chosen || shared ? colour : theme.groupBorder,
        'stroke-width': round2((chosen ? 1.6 : 1) * unit),
        ...(slot.standing === 'unknown' ? { 'stroke-dasharray': `${round2(2 * unit)} ${round2(2 * unit)}` } : {}),
      },
    },
    textMark(at.x + width / 2, at.y + 11.2 * unit, size, fill, text, CENTRED),
  ];
}

/** The chips that there is room for from left to right, and their width. */
export function chipRow(slots: readonly StripSlot[], room: number, brief = false) {
  let width = 0;
  const shown: StripSlot[] = [];
  for (const slot of slots) {
    const next = width + (width > 0 ? chipGap(brief) : 0) + chipWidth(slot, brief);
    if (next > room) break;
    shown.push(slot);
    width = next;
  }
  return { shown, width };
}
