import { layoutScene } from '#core/layout/layout.ts';
import type { Placement, Point, Scene, SceneGraph, Stage } from '#core/layout/scene.ts';
import { setLanguage, spoken } from '#core/words/language.ts';

// The page gives it its own as its name.
setLanguage(spoken([self.name]));

/** A picture to place. */
export interface LayoutQuestion {
  readonly id: number;
  readonly graph: SceneGraph;
  readonly previous: Placement | null;
  readonly pins: Readonly<Record<string, Point>>;
  /** Seconds, any origin. */
  readonly tick: number;
  readonly stage: Stage;
}

/** Answers come in the order of the questions. */
export type LayoutAnswer =
  | { readonly id: number; readonly ok: true; readonly scene: Scene; readonly placement: Placement }
  | { readonly id: number; readonly ok: false; readonly message: string };

function answer({ id, graph, previous, pins, tick, stage }: LayoutQuestion): LayoutAnswer {
  try {
    return { id, ok: true, ...layoutScene(graph, previous, { pins: new Map(Object.entries(pins)), tick, stage }) };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

addEventListener('message', (event: MessageEvent<LayoutQuestion>) => postMessage(answer(event.data)));
