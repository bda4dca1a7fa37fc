import { readFileSync, writeFileSync } from 'node:fs';
import { renderDot } from '#core/export/dot.ts';
import { renderMermaid } from '#core/export/mermaid.ts';
import { renderSvg } from '#core/export/svg.ts';
import { buildSceneGraph, DEFAULT_VIEW } from '#core/layout/graph.ts';
import { layoutScene } from '#core/layout/layout.ts';
import type { Scene } from '#core/layout/scene.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type Snapshot, snapshotSchema } from '#core/snapshot/snapshot.ts';
import { type Command, type Context, takeSnapshot, untilAborted } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { safe } from './text.ts';

export const EXPORT_FORMATS = ['svg', 'png', 'json', 'dot', 'mermaid'] as const;

export interface ExportOptions {
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly output?: string;
  readonly endpoint?: string;
}

/** The shape that the picture is laid out for: a wide page. */
const ASPECT = 16 / 9;

/**
 * Reads the text of a snapshot file.
 * @param source what the messages call it
 * @throws CliError that says what is wrong with it
 */
export function decodeSnapshot(text: string, source: string): Snapshot {
  const refuse = (why: string) => new CliError(EXIT.failed, `${safe(source)} cannot be opened: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('it is not JSON. Make one with `bulkhead scan --json`.');
  }
  const head = value as { format?: unknown; version?: unknown } | null;
  if (typeof head !== 'object' || head === null || head.format !== SNAPSHOT_FORMAT) {
    throw refuse('it is no Bulkhead snapshot. Make one with `bulkhead scan --json`.');
  }
  if (typeof head.version === 'number' && head.version > SNAPSHOT_VERSION) {
    throw refuse(`it has format ${head.version}, and this Bulkhead reads up to ${SNAPSHOT_VERSION}. Use a newer one.`);
  }
  const result = snapshotSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw refuse(`it is damaged at ${safe(issue?.path.join('.') ?? '')}: ${safe(issue?.message ?? '')}.`);
}

async function read(context: Context, file: string | undefined, endpoint: string | undefined): Promise<Snapshot> {
  if (file === undefined) return takeSnapshot(context, endpoint);
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.failed, `${safe(file)} cannot be read: ${safe((error as Error).message)}`);
  }
  return decodeSnapshot(text, file === '-' ? 'stdin' : file);
}

function sceneOf(snapshot: Snapshot): Scene {
  const graph = buildSceneGraph(snapshot, analyseSharing(snapshot), DEFAULT_VIEW);
  return layoutScene(graph, null, { aspect: ASPECT, pins: new Map(), tick: 0 }).scene;
}

function renderPicture(snapshot: Snapshot): string {
  const { engine, host, takenAt } = snapshot;
  const machine = `${host.hostname}, Linux ${host.kernel}`;
  return renderSvg(sceneOf(snapshot), {
    theme: 'light',
    title: engine === null ? host.hostname : engine.name,
    subtitle: snapshot.demo ? `Recording: ${machine}` : machine,
    takenAt,
    legend: true,
  });
}

async function render(
  context: Context,
  snapshot: Snapshot,
  format: ExportOptions['format'],
): Promise<string | Uint8Array> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(snapshot, null, 2)}\n`;
    case 'dot':
      return renderDot(sceneOf(snapshot));
    case 'mermaid':
      return renderMermaid(sceneOf(snapshot));
    case 'svg':
      return renderPicture(snapshot);
    case 'png': {
      const inspector = await context.inspector();
      const drawing = inspector.request['export.png']({ svg: renderPicture(snapshot), scale: 2 });
      const { base64, missing } = await untilAborted(context.signal, drawing);
      if (missing > 0) context.notice(`The font has no shape for ${missing} characters of names.`);
      return Buffer.from(base64, 'base64');
    }
  }
}

/** Writes the picture or the data of a snapshot file, or of a new scan. The same input gives the same bytes. */
export function exportCommand(file: string | undefined, options: ExportOptions): Command {
  return async (context) => {
    if (options.format === 'png' && options.output === undefined && context.stdoutIsTerminal) {
      throw new CliError(EXIT.usage, 'A terminal cannot show a PNG. Name a file with -o, or pipe it on.');
    }
    const snapshot = await read(context, file, options.endpoint);
    const data = await render(context, snapshot, options.format);
    if (options.output === undefined) {
      context.out(data);
      return EXIT.ok;
    }
    try {
      writeFileSync(options.output, data);
    } catch (error) {
      throw new CliError(EXIT.failed, `${safe(options.output)} cannot be written: ${safe((error as Error).message)}`);
    }
    context.notice(`Wrote ${safe(options.output)}`);
    return EXIT.ok;
  };
}
