import { cardMarks, groupMarks } from '../layout/card-marks.ts';
import { LARGEST_CARD } from '../layout/card-size.ts';
import { barMarks, hullMarks } from '../layout/hull-marks.ts';
import { hubMarks, hubShapeMark, linkMarks, strandMarks } from '../layout/line-marks.ts';
import { fitText, type Mark, round2, textWidth, type View } from '../layout/marks.ts';
import { THEMES, type ThemeName } from '../layout/palette.ts';
import type { Scene, SceneLink, SceneNode } from '../layout/scene.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { visibleText } from '../text/visible.ts';
import { element, words } from './element.ts';
import { escapeXml } from './escape.ts';

export interface SvgOptions {
  readonly theme: ThemeName;
  readonly title: string;
  readonly subtitle: string;
  /** ISO 8601, from the snapshot: the export has no clock of its own. */
  readonly takenAt: string;
  readonly legend: boolean;
}

/** In pixels. */
const HEADER = 66;
const LEGEND_ROW = 28;
const SIDE = 24;
const MIN_WIDTH = 900;
/** A file can be zoomed into, so cards are drawn large enough for all they have to say, as far as viewers bear it. */
const LARGEST_SIDE = 15_000;

/** Pixels that a unit of the scene takes, so that every card has room for its words. */
function pixelsPerUnit(scene: Scene): number {
  const card = scene.nodes.find(({ type }) => type !== 'host');
  const wanted = card === undefined ? 1 : Math.max(1, LARGEST_CARD.width / card.width);
  const side = Math.max(scene.bounds.width, scene.bounds.height);
  return Math.min(wanted, Math.max(1, LARGEST_SIDE / side));
}

/** The legend's marks with its height, wrapped to the width; in pixels from its top left corner. */
function legend(width: number, view: View, scene: Scene): { marks: Mark[]; height: number } {
  const { theme } = view;
  const marks: Mark[] = [];
  let x = 0;
  let y = 0;
  const item = (needed: number, draw: (at: { x: number; y: number }) => readonly Mark[], text: string) => {
    const whole = needed + 8 + textWidth(text, 11) + 22;
    if (x > 0 && x + whole > width) {
      x = 0;
      y += LEGEND_ROW;
    }
    marks.push(...draw({ x, y: y + 10 }), words(x + needed + 8, y + 14, 11, theme.text, text));
    x += whole;
  };
  const line = (at: { x: number; y: number }, length: number) => [at, { x: at.x + length, y: at.y }];
  for (const kind of NAMESPACE_KINDS) {
    item(
      62,
      (at) => [...strandMarks(kind, line(at, 38), view), hubShapeMark(kind, { x: at.x + 52, y: at.y }, 8, theme)],
      kind,
    );
  }
  x = 0;
  y += LEGEND_ROW;
  const sample = (end: SceneLink['end'], broken: boolean) => (at: { x: number; y: number }) =>
    linkMarks(
      {
        key: '',
        set: '',
        from: '',
        to: '',
        end,
        texts: [],
        room: null,
        broken,
        strands: [{ kind: 'net', namespace: '', points: line(at, 38) }],
      },
      view,
    );
  item(44, sample('owner', false), 'from who joined to whose it is');
  if (scene.links.some(({ end }) => end === 'hull' || end === 'ground')) {
    item(44, sample('hull', false), "the machine's own, by choice");
  }
  if (scene.links.some(({ broken }) => broken)) item(44, sample(null, true), 'declared, but not in force');
  return { marks, height: y + LEGEND_ROW };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How much of what there is the picture shows. */
function shownOf(scene: Scene): string {
  const containers = scene.nodes.filter((node) => node.type === 'container').length;
  const groups = scene.nodes.filter((node) => node.type !== 'container' && node.type !== 'host').length;
  const total = counted(scene.total, 'container', 'containers');
  const shown = containers === scene.total ? total : `${containers} of ${total}`;
  if (groups === 0) return shown;
  const processes = counted(groups, 'group of processes', 'groups of processes');
  return scene.total === 0 ? processes : `${shown}, ${processes}`;
}

/** A key as an XML name that nothing else has. */
function idOf(prefix: string, key: string): string {
  const safe = key.replace(/[^A-Za-z0-9.-]/gu, (char) => `_${(char.codePointAt(0) ?? 0).toString(16)}_`);
  return `${prefix}-${safe}`;
}

/** A group of elements that other programs can find again. */
function part(
  out: string[],
  className: string,
  key: string,
  data: Readonly<Record<string, string>>,
  title: string,
  marks: readonly Mark[],
): void {
  const attributes = Object.entries(data)
    .map(([name, value]) => ` data-${name}="${escapeXml(value)}"`)
    .join('');
  out.push(`<g id="${idOf(className, key)}" class="${className}"${attributes}>`);
  if (title !== '') out.push(`<title>${escapeXml(title)}</title>`);
  for (const mark of marks) out.push(element(mark));
  out.push('</g>');
}

function titleOfNode({ label, state, detail, command }: SceneNode): string {
  return [label, state, detail, command].filter((text) => text !== '').join(', ');
}

/**
 * The scene as a standalone SVG file: presentation attributes and real text only, no script, style, link or
 * foreignObject. The same input gives the same bytes.
 */
export function renderSvg(scene: Scene, options: SvgOptions): string {
  const theme = THEMES[options.theme];
  const scale = pixelsPerUnit(scene);
  const view: View = { theme, unit: 1 / scale };
  const { bounds } = scene;
  const width = Math.max(bounds.width * scale, MIN_WIDTH);
  const inner = width - 2 * SIDE;
  const key = options.legend ? legend(inner, { theme, unit: 1 }, scene) : null;
  const picture = bounds.height * scale;
  const height = HEADER + picture + (key === null ? 0 : key.height + 24);
  const line = [options.subtitle, shownOf(scene), options.takenAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')]
    .map(visibleText)
    .filter((text) => text !== '')
    .join(' · ');
  const title = visibleText(options.title);
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="graphics-document" width="${round2(width)}" height="${round2(height)}" viewBox="0 0 ${round2(width)} ${round2(height)}">`,
    `<title>${escapeXml(options.title)}</title>`,
    `<desc>${escapeXml(`${line}. Containers as cards inside the machine; lines and hubs join containers that share Linux namespaces.`)}</desc>`,
    element({ tag: 'rect', attrs: { x: 0, y: 0, width: round2(width), height: round2(height), fill: theme.panel } }),
    element(words(SIDE, 34, 20, theme.text, fitText(title, 20, inner, true), true)),
    element(words(SIDE, 55, 12, theme.muted, fitText(line, 12, inner))),
  ];
  const left = (width - bounds.width * scale) / 2 - bounds.x * scale;
  const top = HEADER - bounds.y * scale;
  out.push(`<g transform="translate(${round2(left)} ${round2(top)}) scale(${scale})">`);
  const host = scene.nodes.find(({ type }) => type === 'host');
  out.push('<g id="machine" class="machine">', ...hullMarks(scene, view).map(element));
  if (host !== undefined) out.push(...barMarks(host, view).map(element));
  out.push('</g>');
  for (const group of scene.groups) {
    part(out, 'group', group.key, { name: group.label, type: group.type }, '', groupMarks(group, view));
  }
  for (const node of scene.nodes) {
    if (node.type === 'host') continue;
    const className = node.type === 'container' ? 'container' : node.type;
    part(out, className, node.key, { name: node.label }, titleOfNode(node), cardMarks(node, view));
  }
  const labels = new Map(scene.nodes.map((node) => [node.key, node.label]));
  for (const link of scene.links) {
    const data = {
      kind: link.strands.map(({ kind }) => kind).join(' '),
      from: labels.get(link.from) ?? link.from,
      to: labels.get(link.to) ?? link.to,
    };
    part(out, 'line', link.key, link.broken ? { ...data, broken: 'true' } : data, '', linkMarks(link, view));
  }
  for (const hub of scene.hubs) {
    const kinds = hub.strands.map(({ kind }) => kind).join(' ');
    part(out, 'hub', hub.key, { kind: kinds, members: String(hub.members.length) }, '', hubMarks(hub, view));
  }
  out.push('</g>');
  if (key !== null) {
    out.push(
      `<g id="legend" class="legend" transform="translate(${SIDE} ${round2(HEADER + picture + 8)})">`,
      ...key.marks.map(element),
      '</g>',
    );
  }
  out.push('</svg>', '');
  return out.join('\n');
}
