import type { Snapshot } from '../snapshot/snapshot.ts';
import { escapeXml } from '../text/escape.ts';
import { type ShareEdge, type ShareNode, shareGraph } from './share-graph.ts';

const NODE_FIELDS = ['type', 'label', 'image', 'state', 'kind'] as const satisfies readonly (keyof ShareNode)[];
const EDGE_FIELDS = ['kind', 'cause'] as const satisfies readonly (keyof ShareEdge)[];

/** GraphML, as yEd, Gephi and networkx read it. Source: http://graphml.graphdrawing.org/specification.html */
export function renderGraphml(snapshot: Snapshot): string {
  const { nodes, edges } = shareGraph(snapshot);
  const key = (of: 'node' | 'edge', name: string) =>
    `  <key id="${of}-${name}" for="${of}" attr.name="${name}" attr.type="string"/>`;
  const data = (of: 'node' | 'edge', fields: readonly (readonly [string, string])[]) =>
    fields
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `<data key="${of}-${name}">${escapeXml(value)}</data>`)
      .join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...NODE_FIELDS.map((name) => key('node', name)),
    ...EDGE_FIELDS.map((name) => key('edge', name)),
    '  <graph id="bulkhead" edgedefault="undirected">',
    ...nodes.map(
      (node) =>
        `    <node id="${escapeXml(node.id)}">${data(
          'node',
          NODE_FIELDS.map((name) => [name, node[name]]),
        )}</node>`,
    ),
    ...edges.map(
      (edge) =>
        `    <edge id="${escapeXml(edge.id)}" source="${escapeXml(edge.source)}" target="${escapeXml(edge.target)}">${data(
          'edge',
          EDGE_FIELDS.map((name) => [name, edge[name]]),
        )}</edge>`,
    ),
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}

/** The elements of cytoscape, as its `json()` and Cytoscape's own import have them. */
export function renderCytoscape(snapshot: Snapshot): string {
  const { nodes, edges } = shareGraph(snapshot);
  return `${JSON.stringify({ elements: { nodes: nodes.map((data) => ({ data })), edges: edges.map((data) => ({ data })) } }, null, 1)}\n`;
}
