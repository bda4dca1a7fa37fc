import type { GraphNode, Point, Scene, SceneGraph, SceneNode } from './scene.ts';

/** What counts of a node for where it stands. All else its card only says, and that is most of a graph. */
export type BareNode = Pick<GraphNode, 'key' | 'type' | 'label' | 'group'>;

/** What is placed: a whole graph is one too. */
export type BareGraph = Omit<SceneGraph, 'nodes'> & { readonly nodes: readonly BareNode[] };

/** Where a card is: `x`,`y` is its centre. */
export interface PlacedCard extends Point {
  readonly key: GraphNode['key'];
  readonly width: number;
  readonly height: number;
  readonly pinned: boolean;
}

/** A scene before its cards say anything. */
export type BareScene = Omit<Scene, 'nodes'> & { readonly nodes: readonly PlacedCard[] };

/** A graph without what its cards only say; nodes of which the rest is as in `before` are those of `before`. */
export function withoutTexts(graph: SceneGraph, before: BareGraph | null = null): BareGraph {
  const known = new Map(before?.nodes.map((node) => [node.key, node]));
  const nodes = graph.nodes.map(({ key, type, label, group }): BareNode => {
    const old = known.get(key);
    return old?.type === type && old.label === label && old.group === group ? old : { key, type, label, group };
  });
  return { ...graph, nodes };
}

function sameFields(a: SceneNode, b: SceneNode): boolean {
  const names = Object.keys(a) as (keyof SceneNode)[];
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** A scene with what its cards say, and what it was made of. */
export interface Told {
  readonly bare: BareScene;
  readonly graph: SceneGraph;
  readonly scene: Scene;
}

/** The scene with what its cards say; nodes that are as in `before` are those of `before`. */
export function withTexts(bare: BareScene, graph: SceneGraph, before: Told | null = null): Scene {
  const said = byKeys(graph.nodes);
  const old = {
    said: byKeys(before?.graph.nodes),
    bare: byKeys(before?.bare.nodes),
    told: byKeys(before?.scene.nodes),
  };
  const nodes = bare.nodes.flatMap((placed): SceneNode[] => {
    const { key, x, y, width, height, pinned } = placed;
    const node = said.get(key);
    if (node === undefined) return [];
    const last = old.told.get(key);
    if (last !== undefined && old.said.get(key) === node && old.bare.get(key) === placed) return [last];
    const told = { ...node, x, y, width, height, pinned };
    return [last !== undefined && sameFields(last, told) ? last : told];
  });
  return { ...bare, nodes };
}

function byKeys<T extends { readonly key: string }>(nodes: readonly T[] = []): ReadonlyMap<string, T> {
  return new Map(nodes.map((node) => [node.key, node]));
}
