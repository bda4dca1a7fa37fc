// How often lines cross in our picture, beside a layered layout of the same graph.
import ELK from 'elkjs/lib/elk.bundled.js';

/** Pairs of lines that cross; lines with an end in common do not count. */
function crossings(lines) {
  const pieces = lines.flatMap(({ ends, points }) =>
    points.slice(1).map((to, index) => ({ ends, from: points[index], to })),
  );
  const side = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  let count = 0;
  for (const [index, a] of pieces.entries()) {
    for (const b of pieces.slice(index + 1)) {
      if (a.ends.some((end) => b.ends.includes(end))) continue;
      if (
        side(a.from, a.to, b.from) * side(a.from, a.to, b.to) < 0 &&
        side(b.from, b.to, a.from) * side(b.from, b.to, a.to) < 0
      ) {
        count += 1;
      }
    }
  }
  return count;
}

/** Counts of a graph's picture: ours, and elkjs's. */
export async function countCrossings({ graph, nodes, edges }, layoutScene) {
  const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
  const ours = crossings(
    scene.links
      .filter(({ set }) => !set.startsWith('hull:'))
      .map(({ from, to, strands }) => ({ ends: [from, to], points: strands[0].points })),
  );
  const elk = await new ELK().layout({
    id: 'root',
    layoutOptions: { 'elk.algorithm': 'layered', 'elk.edgeRouting': 'ORTHOGONAL' },
    children: nodes.map(({ id }) => ({ id, width: 150, height: 40 })),
    edges: edges.map(({ from, to }, index) => ({ id: `e${index}`, sources: [from], targets: [to] })),
  });
  const layered = crossings(
    elk.edges.flatMap(({ sources, targets, sections = [] }) =>
      sections.map(({ startPoint, bendPoints = [], endPoint }) => ({
        ends: [sources[0], targets[0]],
        points: [startPoint, ...bendPoints, endPoint],
      })),
    ),
  );
  return { ours, layered };
}
