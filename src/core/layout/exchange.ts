import { type BareGraph, type BareScene, type Told, withoutTexts, withTexts } from './card-texts.ts';
import { type LayoutOptions, placeScene } from './layout.ts';
import { changesOf, keptFrom, type ListChanges, withChangesOf } from './list-changes.ts';
import type { Placement, Scene, SceneGraph } from './scene.ts';

/*
 * A worker thread places the page's graphs. Both sides keep the last graph and the last scene, so that only changes are sent
 * between them: most of a picture is the same from one second to the next.
 */

const GRAPH_LISTS = ['nodes', 'groups', 'sets', 'broken', 'machine', 'networks'] as const;
const SCENE_LISTS = ['nodes', 'groups', 'hubs', 'links', 'lanes'] as const;

export type GraphChanges = ListChanges<BareGraph, (typeof GRAPH_LISTS)[number]>;
export type SceneChanges = ListChanges<BareScene, (typeof SCENE_LISTS)[number]>;

/** The page's side. Every graph that it sends gets one answer, in order: a scene, or a failure. */
export class LayoutPage {
  private sent: BareGraph | null = null;
  private told: Told | null = null;

  /** What to send of a graph. */
  ask(graph: SceneGraph): GraphChanges {
    const { sent } = this;
    this.sent = withoutTexts(graph, sent);
    return changesOf(sent, this.sent, GRAPH_LISTS);
  }

  /** The scene of the graph that was sent; what did not change is the same object as in the scene before. */
  receive(changes: SceneChanges, graph: SceneGraph): Scene {
    const bare = withChangesOf(this.told?.bare ?? null, changes, SCENE_LISTS);
    const scene = withTexts(bare, graph, this.told);
    this.told = { bare, graph, scene };
    return scene;
  }
}

/** The worker's side. It also keeps the placements: the page refers to them by the id of the question. */
export class LayoutThread {
  private graph: BareGraph | null = null;
  private scene: BareScene | null = null;
  private readonly placements = new Map<number, Placement>();

  /**
   * @param id names the placement from now on
   * @param previous the question whose placement it begins with; null tidies up
   * @param kept the questions whose placements may still be asked for
   */
  place(
    {
      id,
      previous,
      kept,
      graph,
    }: {
      readonly id: number;
      readonly previous: number | null;
      readonly kept: readonly number[];
      readonly graph: GraphChanges;
    },
    options: LayoutOptions,
  ): SceneChanges {
    this.graph = withChangesOf(this.graph, graph, GRAPH_LISTS);
    const before = previous === null ? null : (this.placements.get(previous) ?? null);
    const wanted = new Set(kept);
    for (const known of this.placements.keys()) if (!wanted.has(known)) this.placements.delete(known);
    const { scene, placement } = placeScene(this.graph, before, options);
    this.placements.set(id, placement);
    const old = this.scene;
    this.scene = keptFrom(old, scene, SCENE_LISTS);
    return changesOf(old, this.scene, SCENE_LISTS);
  }
}
