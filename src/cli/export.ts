import { writeFileSync } from 'node:fs';
import { DATA_FORMATS, type DataFormat, isDataFormat } from '#core/export/data-formats.ts';
import { EXPORT_FORMATS, type ExportFormat, exportFormat, pngScale } from '#core/export/formats.ts';
import { maskSnapshot } from '#core/export/mask.ts';
import { buildSceneGraph, DEFAULT_VIEW } from '#core/layout/graph.ts';
import { layoutScene } from '#core/layout/layout.ts';
import type { ThemeName } from '#core/layout/palette.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { type Command, type Context, untilAborted } from './context.ts';
import type { Wish } from './endpoint-choice.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { readSnapshot } from './read-snapshot.ts';

/** The values of `--format`, and of `--theme`. */
export const FORMAT_IDS: readonly string[] = [...EXPORT_FORMATS.map(({ id }) => id), ...Object.keys(DATA_FORMATS)];
export const THEME_IDS: readonly ThemeName[] = ['light', 'dark'];

export interface ExportOptions extends Wish {
  readonly format: ExportFormat['id'] | DataFormat;
  /** Pseudonyms for all that people named. */
  readonly mask?: boolean;
  readonly theme: ThemeName;
  readonly output?: string;
}

async function render(context: Context, snapshot: Snapshot, options: ExportOptions): Promise<string | Uint8Array> {
  if (isDataFormat(options.format)) return DATA_FORMATS[options.format](snapshot);
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
  const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
  const { raster, render } = exportFormat(options.format);
  const text = render({ snapshot, scene, theme: options.theme });
  if (!raster) return text;
  const inspector = await context.inspector();
  const drawing = inspector.request['export.png']({ svg: text, scale: pngScale(text) });
  const { base64, missing } = await untilAborted(context.signal, drawing);
  if (missing > 0) context.notice(`The font has no shape for ${missing} characters of names.`);
  return Buffer.from(base64, 'base64');
}

/** Writes the picture or the data of a snapshot file, or of a new scan. The same input gives the same bytes. */
export function exportCommand(file: string | undefined, options: ExportOptions): Command {
  return async (context) => {
    if (options.format === 'png' && options.output === undefined && context.stdoutIsTerminal) {
      throw new CliError(EXIT.usage, 'A terminal cannot show a PNG. Name a file with -o, or pipe it on.');
    }
    const read = await readSnapshot(context, file, options);
    const snapshot = options.mask === true ? maskSnapshot(read) : read;
    const data = await render(context, snapshot, options);
    if (options.output === undefined) {
      context.out(data);
      return EXIT.ok;
    }
    try {
      writeFileSync(options.output, data);
    } catch (error) {
      throw new CliError(
        EXIT.failed,
        `${visibleText(options.output)} cannot be written: ${visibleText((error as Error).message)}`,
      );
    }
    context.notice(`Wrote ${visibleText(options.output)}`);
    return EXIT.ok;
  };
}
