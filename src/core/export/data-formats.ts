import { encodeSnapshot } from '../snapshot/decode.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { CSV_TABLES } from './csv.ts';
import { renderCytoscape, renderGraphml } from './graphml.ts';
import { renderReport } from './report.ts';

/** Formats for other programs, and for tickets, made of the whole snapshot without a picture. */
export const DATA_FORMATS = {
  json: encodeSnapshot,
  graphml: renderGraphml,
  cytoscape: renderCytoscape,
  markdown: renderReport,
  'csv-containers': CSV_TABLES.containers,
  'csv-processes': CSV_TABLES.processes,
  'csv-namespaces': CSV_TABLES.namespaces,
  'csv-ports': CSV_TABLES.ports,
  'csv-mounts': CSV_TABLES.mounts,
} as const satisfies Record<string, (snapshot: Snapshot) => string>;
