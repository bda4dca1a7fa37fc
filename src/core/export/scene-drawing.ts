import { cardMarks } from '../layout/card-marks.ts';
import { LARGEST_CARD } from '../layout/card-size.ts';
import { CHANGE_STYLES, changeSampleMarks, changesIn } from '../layout/change-marks.ts';
import { words } from '../layout/element.ts';
import { groupMarks } from '../layout/group-marks.ts';
import { LARGEST_FIT } from '../layout/hull.ts';
import { barMarks, hullMarks } from '../layout/hull-marks.ts';
import { laneMarks, laneSampleMarks } from '../layout/lane-marks.ts';
import { legendSigns, signSample } from '../layout/legend-marks.ts';
import { hubMarks, hubShapeMark, linkMarks, strandMarks } from '../layout/line-marks.ts';
import { fitText, type Mark, round2, textWidth, type View } from '../layout/marks.ts';
import { sentenceOfLane } from '../layout/networks.ts';
import type { Point, Scene, SceneLink, SceneNode } from '../layout/scene.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { visibleText } from '../text/visible.ts';
import { clauses, t } from '../words/words.ts';
import { type Drawing, type FileTheme, fileTheme, type Part, timeText } from './drawing.ts';
import { PAGE, PAGE_RATIO } from './page-scene.ts';

export interface SceneDrawingOptions {
  readonly theme: FileTheme;
  readonly title: string;
  readonly subtitle: string;
  /** ISO 8601, from the snapshot: the export has no clock of its own. */
  readonly takenAt: string;
  readonly legend: boolean;
  /** Pads the picture to the proportions of a page; without it the file is as large as the picture. */
  readonly page: boolean;
}

/** In pixels. */
const HEADER = 66;
const LEGEND_ROW = 28;
const SIDE = 24;
const MIN_WIDTH = 900;
/**
 * A file can be zoomed into, so cards are drawn large enough for all their text, up to a size that viewers can handle.
 */
const LARGEST_SIDE = 15_000;

/** Pixels that a unit of the scene takes: a page's worth at least, and so many that every card has room for its words. */
function pixelsPerUnit(scene: Scene): number {
  const card = scene.nodes.find(({ type }) => type !== 'host');
  const { width, height } = scene.bounds;
  const cards = card === undefined ? 1 : LARGEST_CARD.width / card.width;
  const page = Math.min(LARGEST_FIT, PAGE.width / width, PAGE.height / height);
  return Math.min(Math.max(1, cards, page), Math.max(1, LARGEST_SIDE / Math.max(width, height)));
}

/** The legend's marks with its height, wrapped to the width; in pixels from its top left corner. */
function legend(width: number, view: View, scene: Scene): { marks: Mark[]; height: number } {
  const { theme } = view;
  const marks: Mark[] = [];
  let x = 0;
  let y = 0;
  const item = (needed: number, draw: (at: Point) => readonly Mark[], text: string) => {
    const whole = needed + 8 + textWidth(text, 11) + 22;
    if (x > 0 && x + whole > width) {
      x = 0;
      y += LEGEND_ROW;
    }
    marks.push(...draw({ x, y: y + 10 }), words(x + needed + 8, y + 14, 11, theme.text, text));
    x += whole;
  };
  const line = (at: Point, length: number) => [at, { x: at.x + length, y: at.y }] as const;
  for (const kind of NAMESPACE_KINDS) {
    item(
      62,
      (at) => [...strandMarks(kind, line(at, 38), view), hubShapeMark(kind, { x: at.x + 52, y: at.y }, 8, theme)],
      kind,
    );
  }
  x = 0;
  y += LEGEND_ROW;
  const has = {
    machine: scene.links.some(({ end }) => end === 'hull' || end === 'ground'),
    broken: scene.links.some(({ broken }) => broken),
  };
  for (const sign of legendSigns(has)) item(44, (at) => signSample(sign, line(at, 38), view), sign.text);
  if (scene.lanes.length > 0) item(44, (at) => laneSampleMarks(at, view), t('Docker network'));
  const changes = changesIn([...scene.nodes, ...scene.links]);
  if (changes.length > 0) {
    x = 0;
    y += LEGEND_ROW;
    for (const change of changes) {
      item(34, (at) => changeSampleMarks(change, { x: at.x, y: at.y - 8 }, theme), t(CHANGE_STYLES[change].word));
    }
  }
  return { marks, height: y + LEGEND_ROW };
}

/** How much of the machine the picture shows. */
function shownOf(scene: Scene): string {
  const present = scene.nodes.filter(({ change }) => change !== 'removed');
  const containers = present.filter((node) => node.type === 'container').length;
  const groups = present.filter((node) => node.type !== 'container' && node.type !== 'host').length;
  const all = scene.total;
  const shown =
    containers === all
      ? t('{count, plural, one {# container} other {# containers}}', { count: all })
      : t('{count, number} of {all, plural, one {# container} other {# containers}}', { count: containers, all });
  if (groups === 0) return shown;
  const processes = t('{count, plural, one {# group of processes} other {# groups of processes}}', { count: groups });
  return all === 0 ? processes : clauses(shown, processes);
}

function titleOfNode({ label, state, detail, command, change }: SceneNode): string {
  const became = change === undefined ? '' : t(CHANGE_STYLES[change].word);
  return clauses(...[label, became, t(state), detail, command].filter((text) => text !== ''));
}

const NOTHING: Part['data'] = {};

const changed = ({ change }: Pick<SceneLink, 'change'>): Part['data'] => (change === undefined ? {} : { change });

/** The picture of who shares what. */
export function sceneDrawing(scene: Scene, options: SceneDrawingOptions): Drawing {
  const { theme, background } = fileTheme(options.theme);
  const scale = pixelsPerUnit(scene);
  const view: View = { theme, unit: 1 / scale };
  const { bounds } = scene;
  const least = Math.max(bounds.width * scale, MIN_WIDTH);
  const key = options.legend ? legend(least - 2 * SIDE, { theme, unit: 1 }, scene) : null;
  const picture = bounds.height * scale;
  const filled = HEADER + picture + (key === null ? 0 : key.height + 24);
  const width = options.page ? Math.max(least, filled * PAGE_RATIO) : least;
  const height = options.page ? Math.max(filled, width / PAGE_RATIO) : filled;
  const inner = width - 2 * SIDE;
  const line = [options.subtitle, shownOf(scene), timeText(options.takenAt)]
    .map(visibleText)
    .filter((text) => text !== '')
    .join(' · ');
  const host = scene.nodes.find(({ type }) => type === 'host');
  const labels = new Map(scene.nodes.map((node) => [node.key, node.label]));
  const hull = hullMarks(scene, background === 'none' ? { ...view, theme: { ...theme, page: 'none' } } : view);
  const machine = [...hull, ...(host === undefined ? [] : barMarks(host, view))];
  const parts: Part[] = [{ className: 'machine', key: '', data: NOTHING, title: '', marks: machine }];
  for (const group of scene.groups) {
    const data = { name: group.label, type: group.type };
    parts.push({ className: 'group', key: group.key, data, title: '', marks: groupMarks(group, view) });
  }
  for (const lane of scene.lanes) {
    const data = { name: lane.networks.map(({ name }) => name).join(' ') };
    parts.push({
      className: 'network',
      key: lane.key,
      data,
      title: sentenceOfLane(lane, labels),
      marks: laneMarks(lane, view),
    });
  }
  for (const node of scene.nodes) {
    if (node.type === 'host') continue;
    const className = node.type === 'container' ? 'container' : node.type;
    const data = { name: node.label, ...changed(node) };
    parts.push({ className, key: node.key, data, title: titleOfNode(node), marks: cardMarks(node, view) });
  }
  for (const link of scene.links) {
    const data = {
      kind: link.strands.map(({ kind }) => kind).join(' '),
      from: labels.get(link.from) ?? link.from,
      to: labels.get(link.to) ?? link.to,
      ...(link.broken ? { broken: 'true' } : {}),
      ...changed(link),
    };
    parts.push({ className: 'line', key: link.key, data, title: '', marks: linkMarks(link, view) });
  }
  for (const hub of scene.hubs) {
    const data = { kind: hub.strands.map(({ kind }) => kind).join(' '), members: String(hub.members.length) };
    parts.push({ className: 'hub', key: hub.key, data, title: '', marks: hubMarks(hub, view) });
  }
  const legendPart: Part = { className: 'legend', key: '', data: NOTHING, title: '', marks: key?.marks ?? [] };
  return {
    width: round2(width),
    height: round2(height),
    title: options.title,
    description: t(
      '{line}. Containers as cards inside the machine; lines and hubs join containers that share Linux namespaces.',
      { line },
    ),
    background,
    head: [
      words(SIDE, 34, 20, theme.text, fitText(visibleText(options.title), 20, inner, true), true),
      words(SIDE, 55, 12, theme.muted, fitText(line, 12, inner)),
    ],
    layers: [
      {
        x: round2((width - bounds.width * scale) / 2 - bounds.x * scale),
        y: round2(HEADER + (height - filled) / 2 - bounds.y * scale),
        scale,
        parts,
      },
      ...(key === null ? [] : [{ x: SIDE, y: round2(height - key.height - 16), scale: 1, parts: [legendPart] }]),
    ],
  };
}
