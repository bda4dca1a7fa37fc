import { readFileSync, writeFileSync } from 'node:fs';
import { exportDot, exportJson, exportMermaid, exportSvg } from '#core/export/formats.ts';
import { buildSceneGraph } from '#core/layout/graph.ts';
import { layoutScene } from '#core/layout/layout.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type Snapshot, snapshotSchema } from '#core/snapshot/snapshot.ts';
import { type Command, takeSnapshot } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { safe } from './text.ts';

export const EXPORT_FORMATS = ['svg', 'png', 'json', 'dot', 'mermaid'] as const;

export interface ExportOptions {
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly output?: string;
  readonly endpoint?: string;
}
