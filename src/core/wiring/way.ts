import type { ReachAnswer } from '../answer/reach.ts';
import { vethText } from '../answer/reach-hop.ts';
import { words } from '../layout/element.ts';
import { type Mark, round2, textWidth } from '../layout/marks.ts';
import type { Theme } from '../layout/palette.ts';
import type { Box } from '../layout/scene.ts';
import { t } from '../words/words.ts';
import { FACT_SIZE, type Wiring } from './wiring.ts';

/** The way of an answer, drawn over the wiring. */
export interface DrawnWay {
  /** Cards that it touches, by key: the numbers of the hops there, from 1 on. */
  readonly boxes: ReadonlyMap<string, readonly number[]>;
  readonly groups: ReadonlySet<string>;
  readonly lines: ReadonlySet<string>;
  /** The first hop where the way does not surely go on, and the card or network that it is at; null for none. */
  readonly ends: { readonly key: string; readonly hop: number; readonly ok: false | null } | null;
}

/** The network namespace of each hop: one that names none is where the hop before it was. */
function places({ hops, begins }: ReachAnswer, machine: string | null): (string | null)[] {
  let at = begins ?? machine;
  return hops.map(({ shown }) => {
    at = shown?.net ?? at;
    return at;
  });
}

/**
 * Where the hops of an answer are in the wiring. A namespace in several networks is marked in the one whose
 * veth the way takes, or in all if it takes none.
 * @param machine the network namespace of the machine
 */
export function wayOnWiring(wiring: Wiring, answer: ReachAnswer, machine: string | null): DrawnWay {
  const at = places(answer, machine);
  const groupOf = new Map(wiring.groups.flatMap((group) => group.boxes.map((box) => [box.key, group] as const)));
  const cables = answer.hops.map(
    ({ what }) =>
      wiring.boxes.find(({ ports }) =>
        ports.some(({ name, peer }) => peer !== null && [vethText(name, peer), vethText(peer, name)].includes(what)),
      ) ?? null,
  );
  const taken = new Set(cables.flatMap((box) => (box === null ? [] : [box])));
  const groups = new Set<string>();
  const lines = new Set<string>();
  for (const box of taken) {
    const group = groupOf.get(box.key);
    if (group?.type === 'network') groups.add(group.key);
    for (const { key, ends } of wiring.lines) {
      // From the network's title down to the card: the piece along the cards is the column's.
      const trunk = ends[0] === ends[1] && ends[0] === group?.key && key === `${group.key} ${trunkOf(wiring, box)}`;
      if (trunk || ends.includes(box.key)) lines.add(key);
    }
  }
  const boxes = new Map<string, number[]>();
  const boxesOf = (net: string | null) => {
    const all = wiring.boxes.filter(({ namespace }) => namespace === net);
    const some = all.filter((box) => taken.has(box));
    return some.length > 0 ? some : all;
  };
  // Between two cards of one network there is its bridge: no card's, and counted where the way comes from.
  const bridged = (index: number): boolean => {
    const [before, after] = [cables[index - 1], cables[index + 1]];
    return before != null && after != null && groupOf.get(before.key) === groupOf.get(after.key);
  };
  at.forEach((net, index) => {
    const cable = cables[bridged(index) ? index - 1 : index];
    for (const { key } of cable == null ? boxesOf(net) : [cable]) {
      boxes.set(key, [...(boxes.get(key) ?? []), index + 1]);
    }
  });
  for (const { key } of boxesOf(answer.begins)) if (!boxes.has(key)) boxes.set(key, []);
  const stop = answer.hops.findIndex(({ ok }) => ok !== true);
  const hop = answer.hops[stop];
  if (hop === undefined || hop.ok === true) return { boxes, groups, lines, ends: null };
  // A hop about a network itself follows the veth that led to it, and belongs to no namespace.
  const before = cables[stop - 1] ?? null;
  const network = before !== null && hop.shown?.net == null ? groupOf.get(before.key)?.key : undefined;
  const key = network ?? cables[stop]?.key ?? boxesOf(at[stop] ?? null)[0]?.key;
  return { boxes, groups, lines, ends: key === undefined ? null : { key, hop: stop + 1, ok: hop.ok } };
}

/** The upright line that a card hangs on, by where it stands. */
function trunkOf({ lines }: Wiring, { key }: { readonly key: string }): number | undefined {
  return lines.find((line) => line.key === key)?.points[0]?.x;
}

/** Room for the words where the way ends, of any hop. */
const BESIDE_THE_END = 110;

function frame({ x, y, width, height }: Box, radius: number, stroke: string, more: Mark['attrs']): Mark {
  return {
    tag: 'rect',
    attrs: {
      x: round2(x),
      y: round2(y),
      width: round2(width),
      height: round2(height),
      rx: radius,
      fill: 'none',
      stroke,
      ...more,
    },
  };
}

/** A word on the edge of a card or network. */
function label(text: string, right: number, y: number, fill: string, on: string): Mark[] {
  const width = textWidth(text, FACT_SIZE, true) + 14;
  return [
    {
      tag: 'rect',
      attrs: { x: round2(right - width), y: round2(y - 9), width: round2(width), height: 18, rx: 9, fill },
    },
    words(right - width + 7, y + 4, FACT_SIZE, on, text, true),
  ];
}

/** Draws a way over the wiring: what it touches, with the numbers of its hops, and in words where it ends. */
export function wayMarks(wiring: Wiring, { boxes, groups, lines, ends }: DrawnWay, theme: Theme): Mark[] {
  const colour = theme.text;
  const marks: Mark[] = [];
  for (const group of wiring.groups)
    if (groups.has(group.key)) marks.push(frame(group, 10, colour, { 'stroke-width': 2 }));
  for (const { key, points } of wiring.lines) {
    if (!lines.has(key)) continue;
    const d = `M${points.map(({ x, y }) => `${round2(x)} ${round2(y)}`).join('L')}`;
    marks.push({ tag: 'path', attrs: { d, fill: 'none', stroke: colour, 'stroke-width': 4 } });
  }
  // Labels come last: no frame goes through them.
  const labels: Mark[] = [];
  for (const box of wiring.boxes) {
    const hops = boxes.get(box.key);
    if (hops === undefined) continue;
    const failed = ends?.key === box.key;
    if (!failed) marks.push(frame(box, 6, colour, { 'stroke-width': 3 }));
    const others = hops.filter((hop) => !failed || hop !== ends.hop);
    const right = box.x + box.width - (failed ? BESIDE_THE_END : 8);
    if (others.length > 0) labels.push(...label(numbers(others), right, box.y, colour, theme.page));
  }
  const end = ends === null ? undefined : [...wiring.boxes, ...wiring.groups].find(({ key }) => key === ends.key);
  if (ends !== null && end !== undefined) {
    const stop = ends.ok === false ? theme.danger : theme.warning;
    const said = ends.ok === false ? t('✗ {hop} fails', { hop: ends.hop }) : t('? {hop} unknown', { hop: ends.hop });
    marks.push(frame(end, 6, stop, { 'stroke-width': 3, 'stroke-dasharray': '7 4' }));
    labels.push(...label(said, end.x + end.width - 8, end.y, stop, theme.page));
  }
  return [...marks, ...labels];
}

/** `1–3, 7` */
function numbers(hops: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const hop of hops) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === hop - 1) last[1] = hop;
    else runs.push([hop, hop]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}
