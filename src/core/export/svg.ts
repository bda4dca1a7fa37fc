import {
  fitText,
  groupMarks,
  hubMarks,
  hubShapeMark,
  linkMarks,
  type Mark,
  nodeMarks,
  round2,
  slotMarks,
  slotSize,
  strandMarks,
  textWidth,
} from '../layout/marks.ts';
import { THEMES, type Theme, type ThemeName } from '../layout/palette.ts';
import type { Scene } from '../layout/scene.ts';
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

const HEADER = 74;
const LEGEND_ROW = 30;
/** The eight kinds of the legend in one row. */
const MIN_WIDTH = 1020;

/** The legend's marks with its height, wrapped to the width. */
function legend(
  left: number,
  top: number,
  width: number,
  theme: Theme,
  broken: boolean,
): { marks: Mark[]; height: number } {
  const marks: Mark[] = [];
  let x = left;
  let y = top;
  const advance = (needed: number) => {
    if (x > left && x + needed > left + width) {
      x = left;
      y += LEGEND_ROW;
    }
  };
  for (const kind of NAMESPACE_KINDS) {
    const item = 96 + textWidth(kind, 11);
    advance(item);
    marks.push(
      ...strandMarks(
        kind,
        [
          { x, y: y + 10 },
          { x: x + 46, y: y + 10 },
        ],
        theme,
      ),
    );
    marks.push(hubShapeMark(kind, { x: x + 60, y: y + 10 }, 8, theme));
    marks.push(words(x + 75, y + 14, 11, theme.text, kind));
    x += item;
  }
  x = left;
  y += LEGEND_ROW;
  const standings = [
    ['private', 'private to the container'],
    ['shared', 'shared, with the number of members'],
    ['host', "the host's own"],
    ['unknown', 'could not be read'],
  ] as const;
  for (const [standing, text] of standings) {
    const item = slotSize.width + 34 + textWidth(text, 11);
    advance(item);
    marks.push(...slotMarks({ kind: 'net', standing, partners: 2 }, { x, y: y - 2 }, theme));
    marks.push(words(x + slotSize.width + 8, y + 14, 11, theme.text, text));
    x += item;
  }
  if (!broken) return { marks, height: y + LEGEND_ROW - top };
  const text = 'declared, but not in force';
  advance(90 + textWidth(text, 11));
  marks.push(
    ...linkMarks(
      {
        key: '',
        set: '',
        from: '',
        to: '',
        broken: true,
        strands: [
          {
            kind: 'net',
            namespace: '',
            points: [
              { x, y: y + 10 },
              { x: x + 46, y: y + 10 },
            ],
          },
        ],
      },
      theme,
    ),
  );
  marks.push(words(x + 56, y + 14, 11, theme.text, text));
  return { marks, height: y + LEGEND_ROW - top };
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

/**
 * The scene as a standalone SVG file: presentation attributes and real text only, no script, style, link or
 * foreignObject. The same input gives the same bytes.
 */
export function renderSvg(scene: Scene, options: SvgOptions): string {
  const theme = THEMES[options.theme];
  const width = Math.max(scene.bounds.width, MIN_WIDTH);
  const left = scene.bounds.x - (width - scene.bounds.width) / 2;
  const inner = width - 56;
  const top = scene.bounds.y - HEADER;
  const broken = scene.links.some((link) => link.broken);
  const key = options.legend
    ? legend(left + 28, scene.bounds.y + scene.bounds.height + 16, inner, theme, broken)
    : null;
  const height = scene.bounds.height + HEADER + (key === null ? 0 : key.height + 28);
  const line = [options.subtitle, shownOf(scene), options.takenAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')]
    .map(visibleText)
    .filter((part) => part !== '')
    .join(' · ');
  const title = visibleText(options.title);
  const body: Mark[] = [
    {
      tag: 'rect',
      attrs: { x: round2(left), y: round2(top), width: round2(width), height: round2(height), fill: theme.page },
    },
    words(left + 28, top + 38, 20, theme.text, fitText(title, 20, inner, true), true),
    words(left + 28, top + 60, 12, theme.muted, fitText(line, 12, inner)),
    ...scene.groups.flatMap((group) => groupMarks(group, theme)),
    ...scene.links.flatMap((link) => linkMarks(link, theme)),
  ];
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="graphics-document" width="${round2(width)}" height="${round2(height)}" viewBox="${round2(left)} ${round2(top)} ${round2(width)} ${round2(height)}">`,
    `<title>${escapeXml(options.title)}</title>`,
    `<desc>${escapeXml(`${line}. Containers as boxes; lines and hubs join containers that share Linux namespaces.`)}</desc>`,
    ...body.map(element),
  ];
  for (const node of scene.nodes) {
    out.push(`<g><title>${escapeXml(`${node.label}, ${node.state}, ${node.detail}`)}</title>`);
    out.push(...nodeMarks(node, theme).map(element), '</g>');
  }
  out.push(...scene.hubs.flatMap((hub) => hubMarks(hub, theme)).map(element));
  if (key !== null) out.push(...key.marks.map(element));
  out.push('</svg>', '');
  return out.join('\n');
}
