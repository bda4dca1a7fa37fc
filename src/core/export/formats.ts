import type { Usage } from '../answer/usage.ts';
import { comparedGraph } from '../layout/compared-graph.ts';
import { buildSceneGraph } from '../layout/graph.ts';
import type { Theme } from '../layout/palette.ts';
import type { Scene, ViewOptions } from '../layout/scene.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { containerTable, processTable, type Table } from '../table/table.ts';
import { usageTable } from '../table/usage-table.ts';
import type { WiredNet } from '../wiring/groups.ts';
import { layOutWiring } from '../wiring/wiring.ts';
import { inEnglish } from '../words/language.ts';
import { clauses, type PlainMessage, t } from '../words/words.ts';
import { renderTable } from './csv.ts';
import { DATA_FORMATS } from './data-formats.ts';
import { renderDot } from './dot.ts';
import { type Drawing, type FileTheme, timeText } from './drawing.ts';
import { renderDrawio } from './drawio.ts';
import { levelsDrawing } from './levels-drawing.ts';
import { renderMermaid } from './mermaid.ts';
import { pageScene } from './page-scene.ts';
import { sceneDrawing } from './scene-drawing.ts';
import { renderSvg } from './svg.ts';
import { tableDrawings } from './table-drawing.ts';
import { usageBars } from './usage-drawing.ts';
import { wiringDrawing } from './wiring-drawing.ts';

/** What a file can show, as the views of the app are called. */
export const EXPORT_VIEWS = ['sharing', 'levels', 'wiring', 'table', 'processes', 'resources'] as const;
export type ExportView = (typeof EXPORT_VIEWS)[number];

/** The views that can compare two snapshots. */
export const COMPARED_VIEWS: readonly ExportView[] = ['sharing', 'table'];

/** What an export is made of. */
export interface Picture {
  readonly snapshot: Snapshot;
  readonly view: ExportView;
  readonly theme: FileTheme;
  /** The filter, for the views of sharing and of the table. */
  readonly options: ViewOptions;
  /** The picture as it stands on a screen; null for the one that files have. */
  readonly scene: Scene | null;
  /** The earlier snapshot that it is compared with, in the views that can (`COMPARED_VIEWS`); null or absent for none. */
  readonly before?: Snapshot | null;
  /** Links of the network namespaces; needed for the wiring only. */
  readonly nets: readonly WiredNet[];
  /** Who uses what, between two moments; needed for the resources only. No snapshot has it. */
  readonly usage?: Usage | null;
}

/** A file's text, or what the inspector makes a binary file from. */
export type Content =
  | { readonly type: 'text'; readonly text: string }
  /** `export.png` draws it. */
  | { readonly type: 'png'; readonly svg: string }
  /** `export.pdf` draws it, a page each. */
  | { readonly type: 'pdf'; readonly pages: readonly Drawing[] };

/** One format, for menus, page and command line alike. */
export interface ExportFormat {
  readonly id: ExportFormatId;
  /** What a menu calls it. */
  readonly label: PlainMessage;
  /** Without the dot. */
  readonly extension: string;
  readonly mimeType: string;
  /** The views that it can hold, the default first. Empty if it holds the snapshot itself, whatever is shown. */
  readonly views: readonly ExportView[];
  readonly render: (picture: Picture) => Content;
}

export type ExportFormatId = 'svg' | 'png' | 'pdf' | 'dot' | 'mermaid' | 'drawio' | 'csv' | keyof typeof DATA_FORMATS;

/**
 * The most rows of a table in one SVG, in a PNG and in one page of a PDF, and the most pages: larger files cannot be
 * used in any viewer.
 */
const SVG_ROWS = 2_000;
const PNG_ROWS = 700;
const PAGE_ROWS = 60;
const MOST_PAGES = 400;

const sceneOf = ({ scene, snapshot, options, before }: Picture): Scene =>
  scene ?? pageScene(snapshot, options, before ?? null);

function titles({ engine, host, demo }: Snapshot): { title: string; machine: string } {
  const machine = clauses(engine === null ? null : host.hostname, `Linux ${host.kernel}`);
  return { title: engine?.name ?? host.hostname, machine: demo ? t('Recording: {machine}', { machine }) : machine };
}

function usageIn({ usage }: Picture): Usage {
  if (usage == null) throw new Error('resources without their use');
  return usage;
}

function tableOf(picture: Picture): Table {
  const { view, snapshot, options, before = null } = picture;
  if (view === 'processes') return processTable(snapshot);
  if (view === 'resources') return usageTable(usageIn(picture));
  const { nodes } =
    before === null
      ? buildSceneGraph(snapshot, analyseSharing(snapshot), options)
      : comparedGraph(before, snapshot, options);
  return containerTable(snapshot, nodes, before);
}

/** The drawing of a picture; for a table one drawing for each page of `rows`. */
function drawings(picture: Picture, rows: number, pages: number): Drawing[] {
  const { view, snapshot, theme } = picture;
  const { takenAt } = snapshot;
  const { title, machine } = titles(snapshot);
  const since = picture.before?.takenAt;
  const subtitle =
    since === undefined ? machine : `${t('Compared with {time}', { time: timeText(since) })} · ${machine}`;
  switch (view) {
    case 'sharing':
      return [
        sceneDrawing(sceneOf(picture), {
          ...{ theme, title, subtitle, takenAt },
          legend: true,
          page: picture.scene === null,
        }),
      ];
    case 'levels':
      return [
        levelsDrawing(snapshot, { theme, title: t('Levels of {machine}', { machine: title }), subtitle, takenAt }),
      ];
    case 'wiring': {
      const wired = layOutWiring(snapshot, picture.nets);
      return [wiringDrawing(wired, { theme, title: t('Wiring of {machine}', { machine: title }), takenAt })];
    }
    case 'table':
    case 'processes': {
      const what =
        view === 'table'
          ? t('Containers of {machine}', { machine: title })
          : t('Processes of {machine}', { machine: title });
      return tableDrawings(tableOf(picture), { theme, title: what, subtitle, takenAt, rows, pages });
    }
    case 'resources': {
      const options = { theme, title: t('Resources of {machine}', { machine: title }), subtitle, takenAt, rows, pages };
      const above = (width: number, colours: Theme) => usageBars(usageIn(picture), width, colours);
      return tableDrawings(tableOf(picture), { ...options, above });
    }
  }
}

function svgOf(picture: Picture, rows: number): string {
  const [drawing] = drawings(picture, rows, 1);
  if (drawing === undefined) throw new Error('a view without a drawing');
  return renderSvg(drawing);
}

const text = (render: (picture: Picture) => string) => (picture: Picture) => ({
  type: 'text' as const,
  text: render(picture),
});
const data = (id: keyof typeof DATA_FORMATS) => text(({ snapshot }) => DATA_FORMATS[id](snapshot));
const csv = (label: PlainMessage) => ({ extension: 'csv', mimeType: 'text/csv', views: [], label });

/** Every format, in the order of menus. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {
    id: 'svg',
    label: 'SVG picture',
    extension: 'svg',
    mimeType: 'image/svg+xml',
    views: EXPORT_VIEWS,
    render: text((picture) => svgOf(picture, SVG_ROWS)),
  },
  {
    id: 'png',
    label: 'PNG picture',
    extension: 'png',
    mimeType: 'image/png',
    views: EXPORT_VIEWS,
    render: (picture) => ({ type: 'png', svg: svgOf(picture, PNG_ROWS) }),
  },
  {
    id: 'pdf',
    label: 'PDF',
    extension: 'pdf',
    mimeType: 'application/pdf',
    views: EXPORT_VIEWS,
    render: (picture) => ({ type: 'pdf', pages: drawings(picture, PAGE_ROWS, MOST_PAGES) }),
  },
  {
    id: 'drawio',
    label: 'draw.io',
    extension: 'drawio',
    mimeType: 'application/vnd.jgraph.mxfile',
    views: ['sharing'],
    render: text((picture) => renderDrawio(sceneOf(picture))),
  },
  {
    id: 'dot',
    label: 'Graphviz (DOT)',
    extension: 'dot',
    mimeType: 'text/vnd.graphviz',
    views: ['sharing'],
    render: text((picture) => renderDot(sceneOf(picture))),
  },
  {
    id: 'mermaid',
    label: 'Mermaid',
    extension: 'mmd',
    mimeType: 'text/vnd.mermaid',
    views: ['sharing'],
    render: text((picture) => renderMermaid(sceneOf(picture))),
  },
  {
    id: 'csv',
    label: 'Table (CSV)',
    extension: 'csv',
    mimeType: 'text/csv',
    views: ['table', 'processes', 'resources'],
    // This format is for programs, so its heads and words are the same in all languages.
    render: text((picture) => inEnglish(() => renderTable(tableOf(picture)))),
  },
  {
    id: 'json',
    label: 'Snapshot (JSON)',
    extension: 'json',
    mimeType: 'application/json',
    views: [],
    render: data('json'),
  },
  {
    id: 'markdown',
    label: 'Report (Markdown)',
    extension: 'md',
    mimeType: 'text/markdown',
    views: [],
    render: data('markdown'),
  },
  {
    id: 'graphml',
    label: 'GraphML',
    extension: 'graphml',
    mimeType: 'application/graphml+xml',
    views: [],
    render: data('graphml'),
  },
  {
    id: 'cytoscape',
    label: 'Cytoscape (JSON)',
    extension: 'cyjs',
    mimeType: 'application/vnd.cytoscape+json',
    views: [],
    render: data('cytoscape'),
  },
  { id: 'csv-containers', ...csv('Containers (CSV)'), render: data('csv-containers') },
  { id: 'csv-processes', ...csv('Processes (CSV)'), render: data('csv-processes') },
  { id: 'csv-namespaces', ...csv('Namespaces (CSV)'), render: data('csv-namespaces') },
  { id: 'csv-ports', ...csv('Ports (CSV)'), render: data('csv-ports') },
  { id: 'csv-mounts', ...csv('Mounts (CSV)'), render: data('csv-mounts') },
];

/** Longest side of a PNG, in pixels: beyond it many viewers give up. */
export const PNG_MAX_SIDE = 16_000;
/** Pixels of a PNG: 400 MB while it is drawn. */
export const PNG_MAX_AREA = 100_000_000;

/** Pixels per unit of the PNG of an SVG of ours: sharp on a dense screen and on a projector, where the size allows it. */
export function pngScale(svg: string): 1 | 2 {
  const size = (name: string) => Number(new RegExp(`^<svg[^>]* ${name}="([\\d.]+)"`).exec(svg)?.[1] ?? 0);
  const width = size('width') * 2;
  const height = size('height') * 2;
  return Math.max(width, height) <= PNG_MAX_SIDE && width * height <= PNG_MAX_AREA ? 2 : 1;
}

/** The format of that id. Throws for an id that is none: callers check what users typed against EXPORT_FORMATS. */
export function exportFormat(id: ExportFormatId): ExportFormat {
  const format = EXPORT_FORMATS.find((each) => each.id === id);
  if (format === undefined) throw new Error(`no export format ${id}`);
  return format;
}

/** The format with the file name's ending; undefined for none. If several have it, as `.csv`, the first in the list. */
export function formatOfName(name: string): ExportFormat | undefined {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return EXPORT_FORMATS.find(({ extension }) => extension === ending);
}
