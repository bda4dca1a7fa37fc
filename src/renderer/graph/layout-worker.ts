import { layoutScene } from '#core/layout/layout.ts';
import type { Placement, Point, Scene, SceneGraph } from '#core/layout/scene.ts';

/** A picture to place; answers come in the order of the questions. */
export interface LayoutQuestion {
  readonly id: number;
  readonly graph: SceneGraph;
  readonly previous: Placement | null;
  readonly pins: Readonly<Record<string, Point>>;
  readonly tick: number;
}

export interface LayoutAnswer {
  readonly id: number;
  readonly scene: Scene;
  readonly placement: Placement;
}

addEventListener('message', (event: MessageEvent<LayoutQuestion>) => {
  const { id, graph, previous, pins, tick } = event.data;
  const answer: LayoutAnswer = {
    id,
    ...layoutScene(graph, previous, { pins: new Map(Object.entries(pins)), tick }),
  };
  postMessage(answer);
});
