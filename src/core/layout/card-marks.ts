import { visibleText } from '../text/visible.ts';
import { BOLD, CENTRED, fitText, type Mark, round2, SMALLEST_TEXT, textMark, textWidth, type View } from './marks.ts';
import { KIND_STYLES, kindColour, onKindColour, type Theme } from './palette.ts';
import type { GraphNode, Point, SceneGroup, SceneNode, StripSlot } from './scene.ts';
import { titleOf } from './titles.ts';

/** In pixels: a card of this size is drawn with text of the usual size, a larger one with larger text and more of it. */
const USUAL = { width: 300, height: 86 } as const;
const LINE = 14.5;
const CHIP_HEIGHT = 15;
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

/**
 * What is said of one kind: `net 3` shared by three, `uts host` the machine's, `ipc ?` unknown, `mnt` private.
 * @param brief where all eight stand beside each other: a house for the machine, and no more
 */
function chipText({ kind, standing, partners, reason }: StripSlot, brief: boolean): string {
  const { short } = KIND_STYLES[kind];
  if (standing === 'private') return short;
  if (standing === 'unknown') return `${short} ?`;
  if (brief) return standing === 'host' ? `${short}⌂` : `${short} ${partners > 98 ? '99+' : partners + 1}`;
  const text = standing === 'host' ? `${short} host` : `${short} ${partners + 1}`;
  return reason === 'joined at run time' ? `${text} joined` : text;
}

function chipWidth(slot: StripSlot, brief: boolean): number {
  return Math.ceil(textWidth(chipText(slot, brief), SMALLEST_TEXT)) + (brief ? 4 : 7);
}

const chipGap = (brief: boolean) => (brief ? 2 : 4);

/** A kind as a chip: filled where others share it, outlined where it is the machine's or its own, dashed unknown. */
function chipMarks(slot: StripSlot, at: Point, brief: boolean, { theme, unit }: View): Mark[] {
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
function chipRow(slots: readonly StripSlot[], room: number, brief = false) {
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

/** What stands before the name: the state of a container, or what a node is that is none. */
function signMarks({ type, state }: SceneNode, x: number, y: number, s: number, theme: Theme): Mark[] {
  const line = (d: string): Mark => ({
    tag: 'path',
    attrs: { d, stroke: theme.muted, 'stroke-width': round2(1.3 * s), fill: 'none' },
  });
  const p = (dx: number, dy: number) => `${round2(x + dx * s)} ${round2(y + dy * s)}`;
  if (type === 'process') return [line(`M${p(-4, -4)}L${p(0, 0)}L${p(-4, 4)}M${p(1, 4)}L${p(5, 4)}`)];
  if (type === 'service')
    return [
      line(
        `M${p(-5, -5)}H${round2(x + 5 * s)}V${round2(y - s)}H${round2(x - 5 * s)}ZM${p(-5, 1)}H${round2(x + 5 * s)}V${round2(y + 5 * s)}H${round2(x - 5 * s)}Z`,
      ),
    ];
  if (type === 'foreign')
    return [
      line(
        `M${p(-5, -5)}H${round2(x + 5 * s)}V${round2(y + 5 * s)}H${round2(x - 5 * s)}ZM${p(-2, -2)}H${round2(x + 2 * s)}V${round2(y + 2 * s)}H${round2(x - 2 * s)}Z`,
      ),
    ];
  const dot = { cx: round2(x), cy: round2(y), r: round2(4 * s) };
  if (state === 'running') return [{ tag: 'circle', attrs: { ...dot, fill: theme.running } }];
  const ring: Mark = {
    tag: 'circle',
    attrs: { ...dot, fill: 'none', stroke: theme.muted, 'stroke-width': round2(1.5 * s) },
  };
  return state === 'paused'
    ? [ring, line(`M${p(-1.3, -2)}V${round2(y + 2 * s)}M${p(1.3, -2)}V${round2(y + 2 * s)}`)]
    : [ring];
}

function warningMarks(x: number, y: number, s: number, theme: Theme, broken: boolean): Mark[] {
  const colour = broken ? theme.danger : theme.warning;
  const p = (dx: number, dy: number) => `${round2(x + dx * s)} ${round2(y + dy * s)}`;
  const stroke = {
    fill: 'none',
    stroke: colour,
    'stroke-width': round2(1.4 * s),
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
  };
  return [
    {
      tag: 'path',
      attrs: {
        d: `M${p(0, -6)}L${p(6, 5)}L${p(-6, 5)}ZM${p(0, -2)}L${p(0, 1.4)}M${p(0, 3.2)}L${p(0, 3.3)}`,
        ...stroke,
      },
    },
  ];
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
  if (height < LOWEST) return [...out, ...pinned()];
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
    out.push(...warningMarks(left + (right - 6) * s, dotY, s, theme, node.broken));
    nameRight -= 17;
  } else if (alarm) {
    // Upon the corner, where it takes no room of the name.
    const at = { x: left + (width - 4) * s, y: top + s };
    out.push({ tag: 'circle', attrs: { cx: round2(at.x), cy: round2(at.y), r: round2(7 * s), fill: theme.node } });
    out.push(...warningMarks(at.x, at.y, s * 0.85, theme, node.broken));
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
      const count = running ? (node.processes === 1 ? '1 process' : `${node.processes} processes`) : node.state;
      const detail = visibleText(node.detail);
      const countWidth = textWidth(count, SMALLEST_TEXT) + 10;
      const room = end - indent;
      const counted = textWidth(detail, SMALLEST_TEXT) + countWidth <= room || !running;
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
  return [...out, ...pinned()];
}

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

function titleMarks(group: SceneGroup, size: number, at: Point, room: number, theme: Theme): Mark[] {
  const { kind, label: whole, count } = titleOf(group);
  const gap = size * 0.45;
  const countWidth = textWidth(count, size);
  const kindWidth = textWidth(kind, size) + gap;
  // Of `default/billing` the pod's own name is what tells pods apart.
  const brief = whole.slice(whole.lastIndexOf('/') + 1);
  const label = group.type !== 'pod' || textWidth(whole, size, true) + gap + countWidth <= room ? whole : brief;
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
  const counted = left - countWidth - gap > size * 3;
  const said = fitText(label, size, left - (counted ? countWidth + gap : 0), true);
  if (said.length < 2) return out;
  out.push(textMark(x, at.y, size, theme.text, said, BOLD));
  if (counted) out.push(textMark(x + textWidth(said, size, true) + gap, at.y, size, theme.muted, count));
  return out;
}

/** A group from so far that its members cannot be named: its title and how many are in it, as large as it has room for. */
export function farGroupMarks(group: SceneGroup, { theme, unit }: View): Mark[] {
  const [box] = groupMarks({ ...group, title: { ...group.title, height: 0 } }, { theme, unit });
  if (box === undefined) return [];
  const size = Math.min(22 * unit, Math.max(SMALLEST_TEXT * unit, group.height * 0.3));
  if (group.height < (SMALLEST_TEXT + 3) * unit || group.width < 30 * unit) return [box];
  const at = { x: group.x + 6 * unit, y: group.y + Math.min(group.height / 2 + size * 0.36, size * 1.4) };
  return [box, ...titleMarks(group, size, at, group.width - 12 * unit, theme)];
}
