import type { Usage } from '../answer/usage.ts';
import {
  cpuBar,
  drawnParts,
  memoryBar,
  sumsOf,
  USAGE_PART_NAMES,
  type UsageBar,
  type UsagePartKind,
} from '../answer/usage-parts.ts';
import { words } from '../layout/element.ts';
import { type Mark, round2, textWidth } from '../layout/marks.ts';
import type { Theme } from '../layout/palette.ts';
import { visibleText } from '../text/visible.ts';
import { t } from '../words/words.ts';
import type { Part } from './drawing.ts';

const BAR = 20;
const TITLE = 18;
const LEGEND_ROW = 18;
const SIZE = 11;
const PATCH = 10;
const BETWEEN = 22;

/** `share` of one colour upon another. */
function mixed(colour: string, ground: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [one, other] = [colour, ground].map((each) => Number.parseInt(each.slice(at, at + 2), 16));
    return Math.round((one ?? 0) * share + (other ?? 0) * (1 - share));
  });
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
}

/** As resources.css has them. None is a kind's colour, which means that kind everywhere. */
function colourOf(kind: UsagePartKind, { name, page, text, muted, warning }: Theme): string {
  const accent = name === 'light' ? '#0B5CAD' : '#79B8F5';
  switch (kind) {
    case 'container':
      return accent;
    case 'service':
      return mixed(accent, page, 0.64);
    case 'rest':
      return mixed(accent, page, 0.36);
    case 'cache':
      return mixed(text, page, 0.48);
    case 'kernel':
      return mixed(text, page, 0.82);
    case 'unexplained':
      return warning;
    case 'free':
    case 'idle':
      return mixed(muted, page, 0.2);
  }
}

/** One bar with its title and what each colour is of. */
function barParts(bar: UsageBar, key: string, y: number, width: number, theme: Theme): { parts: Part[]; y: number } {
  const parts: Part[] = [];
  // Counted at two moments, the parts may add up to a little more than the whole.
  const whole = Math.max(
    bar.total,
    bar.parts.reduce((sum, { amount }) => sum + amount, 0),
  );
  let x = 0;
  for (const [index, { name, kind, amount }] of drawnParts(bar).entries()) {
    const wide = (amount / whole) * width;
    const title = t('{what}: {told}', { what: visibleText(name), told: bar.text(amount) });
    parts.push({
      ...{ className: 'use', key: `${key}-${index}`, data: { name, kind }, title },
      marks: [
        {
          tag: 'rect',
          attrs: {
            ...{ x: round2(x), y: y + TITLE, width: round2(Math.max(0.5, wide - 1)), height: BAR },
            fill: colourOf(kind, theme),
          },
        },
      ],
    });
    x += wide;
  }
  const legend: Mark[] = [words(0, y + 11, 12, theme.text, bar.title, true)];
  let at = 0;
  let row = y + TITLE + BAR + 8;
  for (const [kind, amount] of sumsOf(bar)) {
    const share = `${((amount / bar.total) * 100).toFixed(1)} %`;
    const said = `${t(USAGE_PART_NAMES[kind])} ${bar.text(amount)}${bar.text(amount) === share ? '' : ` (${share})`}`;
    const room = PATCH + 6 + textWidth(said, SIZE) + 18;
    if (at > 0 && at + room > width) {
      at = 0;
      row += LEGEND_ROW;
    }
    legend.push(
      {
        tag: 'rect',
        attrs: { x: round2(at), y: row, width: PATCH, height: PATCH, rx: 2, fill: colourOf(kind, theme) },
      },
      words(at + PATCH + 6, row + 9, SIZE, theme.text, said),
    );
    at += room;
  }
  parts.push({ className: 'legend', key, data: {}, title: '', marks: legend });
  return { parts, y: row + LEGEND_ROW + BETWEEN };
}

/** Who uses how much of the machine's memory and processors, as two bars. */
export function usageBars(
  usage: Usage,
  width: number,
  theme: Theme,
): { readonly parts: Part[]; readonly height: number } {
  const memory = barParts(memoryBar(usage), 'memory', 0, width, theme);
  const cpu = barParts(cpuBar(usage), 'processors', memory.y, width, theme);
  return { parts: [...memory.parts, ...cpu.parts], height: cpu.y - BETWEEN + 10 };
}
