import { type GraphChanges, LayoutThread, type SceneChanges } from '#core/layout/exchange.ts';
import type { Point, Stage } from '#core/layout/scene.ts';
import { setLanguage, spoken } from '#core/words/language.ts';
import { warmUp } from './layout-warm-up.ts';

// The page gives it its own as its name.
setLanguage(spoken([self.name]));

/** A picture to place. */
export interface LayoutQuestion {
  readonly id: number;
  readonly graph: GraphChanges;
  /** The question whose placement stays as it is where nothing changed. */
  readonly previous: number | null;
  /** The questions whose placements may still be asked for. */
  readonly kept: readonly number[];
  readonly pins: Readonly<Record<string, Point>>;
  /** Seconds, any origin. */
  readonly tick: number;
  readonly stage: Stage;
}

/** Answers come in the order of the questions. */
export type LayoutAnswer =
  | { readonly id: number; readonly ok: true; readonly scene: SceneChanges }
  | { readonly id: number; readonly ok: false; readonly message: string };

const thread = new LayoutThread();

function answer(question: LayoutQuestion): LayoutAnswer {
  const { id, pins, tick, stage } = question;
  try {
    return { id, ok: true, scene: thread.place(question, { pins: new Map(Object.entries(pins)), tick, stage }) };
  } catch (error) {
    return { id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

let asked = false;
addEventListener('message', (event: MessageEvent<LayoutQuestion>) => {
  asked = true;
  postMessage(answer(event.data));
});
warmUp(() => asked);
