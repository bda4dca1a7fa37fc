import { visibleText } from '../text/visible.ts';
import { t } from '../words/words.ts';
import { cardChangeMarks } from './change-marks.ts';
import { CHIP_HEIGHT, chipGap, chipMarks, chipRow, chipWidth } from './chip-marks.ts';
import { toldKinds } from './group-summary.ts';
import { BOLD, fitText, type Mark, round2, SMALLEST_TEXT, textMark, textWidth, type View } from './marks.ts';
import type { Theme } from './palette.ts';
import type { GraphNode, SceneNode, StripSlot } from './scene.ts';
import { alarmMarks, signMarks } from './sign-marks.ts';
import { smallSignMarks } from './small-signs.ts';
import { barsOfUse } from './use-marks.ts';

/** In pixels: a card of this size is drawn with text of the usual size, a larger one with larger text and more of it. */
const USUAL = { width: 300, height: 86 } as const;
const LINE = 14.5;
const LEFT = 9;
/** Between the left edge and the text: the state's dot is there. */
const INDENT = 22;
/** A card that is this high and wide has room for all eight kinds. */
const ALL_WIDTH = 270;
const ALL_HEIGHT = 4 * LINE + 20;
/** Below this height not even a name fits. */
export const LOWEST = SMALLEST_TEXT + 3;
/** In pixels: how large a card is that shows all there is to show. */
export const WHOLE_CARD = { width: 300, height: ALL_HEIGHT + 2 } as const;
function frame(node: SceneNode, theme: Theme, unit: number): Mark {
  const running = node.state === 'running';
  const width = Math.min(unit, 1.3) * (node.broken ? 1.8 : 1);
  return {
    tag: 'rect',
    attrs: {
      x: round2(node.x - node.width / 2),
      y: round2(node.y - node.height / 2),
      width: node.width,
      height: node.height,
      rx: round2(Math.min(node.type === 'container' || node.type === 'foreign' ? 7 : 2, node.height / 4)),
      fill: running ? theme.node : theme.panel,
      stroke: node.broken ? theme.danger : theme.border,
      'stroke-width': round2(width),
      ...(running ? {} : { 'stroke-dasharray': `${round2(4 * width)} ${round2(3 * width)}` }),
    },
  };
}
/** What a card without words tells by signs. */
function brief(node: SceneNode, view: View): Mark[] {
  const pad = Math.min(1.5 * view.unit, node.height / 8);
  const room = {
    x: node.x - node.width / 2 + 2 * pad,
    y: node.y - node.height / 2 + pad,
    width: node.width - 4 * pad,
    height: node.height - 2 * pad,
  };
  const [shared, host] = [toldKinds([node.strip], 'shared'), toldKinds([node.strip], 'host')];
  return smallSignMarks({ shared, host, broken: node.broken, warned: node.warnings > 0 }, room, view);
}
/** The command of its init, and `pid inside → pid outside`, which is never cut. */
function commandText({ command, init }: GraphNode, size: number, room: number): string {
  const pids =
    init === null ? '' : init.inside === init.outside ? `${init.outside}` : `${init.inside} → ${init.outside}`;
  if (pids === '') return fitText(visibleText(command), size, room);
  const left = room - textWidth(`  ${pids}`, size);
  const said = left < 24 ? '' : fitText(visibleText(command), size, left);
  return said === '' ? (textWidth(pids, size) <= room ? pids : '') : `${said}  ${pids}`;
}

/**
 * A node's card. What has no room is left out, in this order: how many processes, the image, the command, the chips;
 * then the name is cut at its end, and at last there is no text at all. Text grows only where there is room for all.
 * @param all shows all eight kinds wherever there is room for them, not only what is not ordinary
 */
export function cardMarks(node: SceneNode, view: View): Mark[] {
  const { theme, unit } = view;
  const pixels = { width: node.width / unit, height: node.height / unit };
  const growth = Math.max(1, 0.85 * Math.min(pixels.width / USUAL.width, pixels.height / USUAL.height));
  const s = unit * growth;
  const width = node.width / s;
  const height = node.height / s;
  const out: Mark[] = [frame(node, theme, unit)];
  const pinned = (): Mark[] => {
    const head = { cx: round2(node.x - node.width / 2 + 4 * unit), cy: round2(node.y - node.height / 2 + 4 * unit) };
    const attrs = {
      ...head,
      r: round2(5 * unit),
      fill: theme.text,
      stroke: theme.page,
      'stroke-width': round2(2 * unit),
    };
    return node.pinned ? [{ tag: 'circle', attrs }] : [];
  };
  if (height < LOWEST) return [...out, ...brief(node, view), ...cardChangeMarks(node.change, node, view), ...pinned()];
  if (node.use !== undefined) out.push(...barsOfUse(node.use, node, view));
  const left = node.x - node.width / 2;
  const top = node.y - node.height / 2;
  const write = (x: number, y: number, size: number, fill: string, text: string, more: Mark['attrs'] = {}) =>
    out.push(textMark(left + x * s, top + y * s, size * s, fill, text, more));
  const chips = (shown: readonly StripSlot[], from: number, y: number, brief = false) => {
    let x = from;
    for (const slot of shown) {
      out.push(...chipMarks(slot, { x: left + x * s, y: top + y * s }, brief, { theme, unit: s }));
      x += chipWidth(slot, brief) + chipGap(brief);
    }
  };
  const lines = Math.max(1, Math.floor((height - 8) / LINE));
  const narrow = width < 110;
  const indent = narrow ? 13 : width < 150 ? 19 : INDENT;
  const right = width - (narrow ? 4 : width < 150 ? 6 : LEFT);
  const told = node.strip.filter((slot) => slot.told);
  const whole = width >= ALL_WIDTH && height >= ALL_HEIGHT && node.strip.length > 0;
  const slots = whole ? node.strip : told;
  // On its own line where there are so many chips that nothing would be left of what they stand beside.
  const wanted = chipRow(slots, right - indent, whole).width;
  const ownLine = whole || (wanted > (right - indent) * 0.45 && lines > 3);
  const command = node.command !== '' || node.init !== null;
  const image = node.detail !== '';
  const texts: ('image' | 'command' | 'chips')[] = [];
  if (ownLine && slots.length > 0 && lines >= 2) texts.push('chips');
  if (command && texts.length < lines - 1) texts.unshift('command');
  if (image && texts.length < lines - 1) texts.unshift('image');
  const rows = 1 + texts.length;
  const nameSize = narrow ? SMALLEST_TEXT : width < 150 ? 12 : 13;
  const weight = narrow ? {} : BOLD;
  const first = rows === 1 ? height / 2 + nameSize * 0.36 : (height - rows * LINE) / 2 + 12;
  const dotY = top + (first - nameSize * 0.36) * s;
  out.push(...signMarks(node, left + (narrow ? 7 : width < 150 ? 10 : 12) * s, dotY, narrow ? s * 0.75 : s, theme));
  const alarm = node.broken || node.warnings > 0;
  let nameRight = right;
  if (alarm && width >= 150) {
    out.push(...alarmMarks(left + (right - 6) * s, dotY, s, theme, node.broken));
    nameRight -= 17;
  } else if (alarm) {
    // Upon the corner, where it takes no room of the name.
    const at = { x: left + (width - 4) * s, y: top + s };
    out.push({ tag: 'circle', attrs: { cx: round2(at.x), cy: round2(at.y), r: round2(7 * s), fill: theme.node } });
    out.push(...alarmMarks(at.x, at.y, s * 0.85, theme, node.broken));
  }
  const beside =
    !ownLine && rows === 1
      ? chipRow(told, nameRight - indent - textWidth(visibleText(node.short), nameSize, !narrow) - 6)
      : null;
  if (beside !== null) {
    chips(beside.shown, nameRight - beside.width, (dotY - top) / s - CHIP_HEIGHT / 2);
    if (beside.shown.length > 0) nameRight -= beside.width + 6;
  }
  const name = fitText(visibleText(node.short), nameSize, nameRight - indent, !narrow);
  write(indent, first, nameSize, node.broken ? theme.danger : theme.text, name, weight);
  const running = node.state === 'running';
  texts.forEach((what, index) => {
    const y = first + (index + 1) * LINE;
    let end = right;
    const last = index === texts.length - 1;
    if (last && !ownLine && told.length > 0) {
      const row = chipRow(told, (right - indent) * 0.7);
      chips(row.shown, right - row.width, y - 11.5);
      if (row.shown.length > 0) end -= row.width + 8;
    }
    if (what === 'chips') {
      chips(chipRow(slots, right - indent, whole).shown, indent, y - 11, whole);
    } else if (what === 'command') {
      const text = commandText(node, SMALLEST_TEXT, end - indent);
      if (text !== '') write(indent, y, SMALLEST_TEXT, theme.text, text);
    } else {
      const count = running
        ? (node.use?.text ?? t('{count, plural, one {# process} other {# processes}}', { count: node.processes }))
        : t(node.state);
      const detail = visibleText(node.detail);
      const countWidth = textWidth(count, SMALLEST_TEXT) + 10;
      const room = end - indent;
      // What somebody asked to see goes before where an image is from.
      const asked = node.use !== undefined && countWidth <= room * 0.62;
      const counted = textWidth(detail, SMALLEST_TEXT) + countWidth <= room || !running || asked;
      if (counted && countWidth < room) {
        write(end, y, SMALLEST_TEXT, theme.muted, count, { 'text-anchor': 'end' });
      }
      // An image is told by its end: what comes before the last slash is where it is from.
      const brief = detail.slice(detail.lastIndexOf('/') + 1);
      const space = room - (counted ? countWidth : 0);
      const said = textWidth(detail, SMALLEST_TEXT) <= space ? detail : node.type === 'container' ? brief : detail;
      write(indent, y, SMALLEST_TEXT, theme.muted, fitText(said, SMALLEST_TEXT, space));
    }
  });
  return [...out, ...cardChangeMarks(node.change, node, view), ...pinned()];
}
