// Runs in a page: the same graph, drawn by what a user would take instead. Each with its defaults and the layout that it
// is usually taken with; the promise resolves when the picture stands and has been painted.
import cytoscape from 'cytoscape';
import fcose from 'cytoscape-fcose';
import Graph from 'graphology';
import forceAtlas2 from 'graphology-layout-forceatlas2';
import Sigma from 'sigma';
import { DataSet, Network } from 'vis-network/standalone';

const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

const drawers = {
  async cytoscape(container, { nodes, edges }) {
    cytoscape.use(fcose);
    const picture = cytoscape({
      container,
      elements: [
        ...nodes.map((data) => ({ data })),
        ...edges.map(({ from, to }) => ({ data: { source: from, target: to } })),
      ],
      style: [
        { selector: 'node', style: { label: 'data(label)', shape: 'round-rectangle', width: 90, height: 30 } },
        { selector: 'edge', style: { 'curve-style': 'bezier', 'target-arrow-shape': 'triangle' } },
      ],
      layout: { name: 'preset' },
    });
    const layout = picture.layout({ name: 'fcose', animate: false });
    const stopped = new Promise((resolve) => layout.one('layoutstop', resolve));
    layout.run();
    await stopped;
  },
  async vis(container, { nodes, edges }) {
    const data = { nodes: new DataSet(nodes), edges: new DataSet(edges) };
    const picture = new Network(container, data, { nodes: { shape: 'box' }, edges: { arrows: 'to' } });
    await new Promise((resolve) => picture.once('stabilizationIterationsDone', resolve));
    picture.stopSimulation();
  },
  async sigma(container, { nodes, edges }) {
    const graph = new Graph({ multi: true });
    nodes.forEach(({ id, label }, index) => {
      const angle = (2 * Math.PI * index) / nodes.length;
      graph.addNode(id, { label, size: 5, x: Math.cos(angle), y: Math.sin(angle) });
    });
    for (const { from, to } of edges) graph.addEdge(from, to);
    forceAtlas2.assign(graph, { iterations: 200, settings: forceAtlas2.inferSettings(graph) });
    new Sigma(graph, container);
  },
};

/** @returns milliseconds from the graph in memory to the painted picture */
window.drawPicture = async (name, graph) => {
  const container = document.querySelector('#picture');
  const start = performance.now();
  await drawers[name](container, graph);
  await painted();
  return performance.now() - start;
};
