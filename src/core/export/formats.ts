import type { ThemeName } from '../layout/palette.ts';
import type { Scene } from '../layout/scene.ts';
import { encodeSnapshot } from '../snapshot/decode.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { renderDot } from './dot.ts';
import { renderMermaid } from './mermaid.ts';
import { renderSvg } from './svg.ts';

/** What an export is made of: the picture as it is placed, and the snapshot below it. */
export interface Picture {
  readonly snapshot: Snapshot;
  readonly scene: Scene;
  readonly theme: ThemeName;
}

/** One format, for menus, page and command line alike. */
export interface ExportFormat {
  readonly id: 'svg' | 'png' | 'json' | 'dot' | 'mermaid';
  /** What a menu calls it. */
  readonly label: string;
  /** Without the dot. */
  readonly extension: string;
  readonly mimeType: string;
  /** `picture`: of what is shown, as it is shown. `data`: the whole snapshot, whatever is shown. */
  readonly source: 'picture' | 'data';
  /** The file's text is drawn into pixels by the inspector's `export.png`. */
  readonly raster: boolean;
  readonly render: (picture: Picture) => string;
}

function svg({ snapshot, scene, theme }: Picture): string {
  const { engine, host, takenAt, demo } = snapshot;
  const machine = `${engine === null ? '' : `${host.hostname}, `}Linux ${host.kernel}`;
  return renderSvg(scene, {
    theme,
    title: engine === null ? host.hostname : engine.name,
    subtitle: demo ? `Recording: ${machine}` : machine,
    takenAt,
    legend: true,
  });
}

/** Every format, in the order of the menu. A new one is one more entry, and one more command in the contract. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {
    id: 'svg',
    label: 'SVG picture',
    extension: 'svg',
    mimeType: 'image/svg+xml',
    source: 'picture',
    raster: false,
    render: svg,
  },
  {
    id: 'png',
    label: 'PNG picture',
    extension: 'png',
    mimeType: 'image/png',
    source: 'picture',
    raster: true,
    render: svg,
  },
  {
    id: 'json',
    label: 'Snapshot (JSON)',
    extension: 'json',
    mimeType: 'application/json',
    source: 'data',
    raster: false,
    render: ({ snapshot }) => encodeSnapshot(snapshot),
  },
  {
    id: 'dot',
    label: 'Graphviz (DOT)',
    extension: 'dot',
    mimeType: 'text/vnd.graphviz',
    source: 'picture',
    raster: false,
    render: ({ scene }) => renderDot(scene),
  },
  {
    id: 'mermaid',
    label: 'Mermaid',
    extension: 'mmd',
    mimeType: 'text/vnd.mermaid',
    source: 'picture',
    raster: false,
    render: ({ scene }) => renderMermaid(scene),
  },
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
export function exportFormat(id: ExportFormat['id']): ExportFormat {
  const format = EXPORT_FORMATS.find((each) => each.id === id);
  if (format === undefined) throw new Error(`no export format ${id}`);
  return format;
}
