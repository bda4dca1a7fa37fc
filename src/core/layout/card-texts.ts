import type { GraphNode, Scene, SceneGraph } from './scene.ts';

/** What cards only say: it does not count for where they stand. */
const NO_TEXTS = {
  ...{ short: '', command: '', init: null, detail: '', processes: 0, strip: [], warnings: 0, broken: false },
} as const satisfies Partial<GraphNode>;

/**
 * A graph without what its cards only say, for who places them elsewhere: of a thousand cards that is most of what would
 * have to be copied there and back. `withTexts` gives it back.
 */
export function withoutTexts(graph: SceneGraph): SceneGraph {
  return {
    ...graph,
    nodes: graph.nodes.map(({ key, type, label, state, group }) => ({ ...NO_TEXTS, key, type, label, state, group })),
  };
}

/** The scene as it would be, had the whole graph been placed. */
export function withTexts(scene: Scene, graph: SceneGraph): Scene {
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  return {
    ...scene,
    nodes: scene.nodes.map((placed) => {
      const { x, y, width, height, pinned } = placed;
      return { ...(nodes.get(placed.key) ?? placed), x, y, width, height, pinned };
    }),
  };
}
