// @vitest-environment jsdom
import { GraphDataModel, ModelXmlSerializer } from '@maxgraph/core';
import { MultiGraph } from 'graphology';
import { parse as parseGraphml } from 'graphology-graphml';
import mermaid from 'mermaid';
import { expect, it } from 'vitest';
import { EXPORT_VIEWS } from '../../src/core/export/formats.ts';
import { output, SNAPSHOTS, sceneOf, textOf } from '../support/exported.ts';
import { describeWith } from '../support/require.ts';

describeWith('exported files, read by other programs', { programs: ['xmllint'] }, () => {
  it.each(SNAPSHOTS)('%s: each SVG is XML for libxml2, without an element that acts', (_name, snapshot) => {
    const acting = 'count(//*[local-name()="script" or local-name()="a" or local-name()="foreignObject"])';
    for (const view of EXPORT_VIEWS) {
      const found = output('xmllint', ['--nonet', '--xpath', acting, '-'], textOf(snapshot, 'svg', view));
      expect(found.trim()).toBe('0');
    }
  });

  it.each(SNAPSHOTS)(
    '%s: maxGraph, the kin of what draw.io is built on, has all where the picture has it',
    (_name, snapshot) => {
      const file = textOf(snapshot, 'drawio', 'sharing');
      const model = new GraphDataModel();
      new ModelXmlSerializer(model).import(output('xmllint', ['--nonet', '--xpath', '//mxGraphModel', '-'], file));
      const scene = sceneOf(snapshot);
      const cells = Object.values(model.cells ?? {});
      const things = scene.nodes.length + scene.groups.length + scene.hubs.length;
      expect(cells.filter((cell) => cell.isVertex())).toHaveLength(things);
      const edges = cells.filter((cell) => cell.isEdge());
      expect(edges).toHaveLength(scene.links.reduce((sum, link) => sum + link.strands.length, 0));
      for (const edge of edges) expect(edge.source !== null && edge.target !== null).toBe(true);
      scene.nodes.forEach((node, index) => {
        if (node.type === 'host') return;
        const { x, y, width } = model.getCell(`node-${index}`)?.geometry ?? { x: 0, y: 0, width: 0 };
        expect([x, y, width]).toEqual([node.x - node.width / 2, node.y - node.height / 2, node.width]);
      });
      expect(model.getCell('layer-net')?.getChildCount()).toBeGreaterThan(0);
    },
  );

  it.each(SNAPSHOTS)('%s: graphology reads the GraphML', (_name, snapshot) => {
    const graph = parseGraphml<MultiGraph>(MultiGraph, textOf(snapshot, 'graphml', 'sharing'));
    const types = graph.mapNodes((_node, attributes): unknown => attributes.type);
    expect(types.filter((type) => type === 'container')).toHaveLength(snapshot.containers.length);
    expect(graph.size).toBeGreaterThan(snapshot.containers.length);
  });

  it.each(SNAPSHOTS)('%s: Mermaid reads its own file, or it is refused with advice', async (name, snapshot) => {
    if (name === 'large')
      expect(() => textOf(snapshot, 'mermaid', 'sharing')).toThrow(/Mermaid draws 500 lines at most/);
    else await mermaid.parse(textOf(snapshot, 'mermaid', 'sharing'));
  });

  it.each(SNAPSHOTS)(
    '%s: Mermaid reads the picture in the report, or the report says why there is none',
    async (name, snapshot) => {
      const report = textOf(snapshot, 'markdown', 'sharing');
      const block = /^```mermaid\n([\s\S]*?)^```$/m.exec(report)?.[1];
      if (name === 'large') expect(report).toMatch(/The picture is left out: Mermaid/);
      else await mermaid.parse(block ?? '');
    },
  );
});
