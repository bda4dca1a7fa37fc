import { LayoutPage } from '#core/layout/exchange.ts';
import { fillsStage } from '#core/layout/hull.ts';
import type { Point, Scene, SceneGraph, Stage } from '#core/layout/scene.ts';
import { language } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import type { LayoutAnswer, LayoutQuestion } from './layout-worker.ts';
import { currentStage } from './stage.ts';

/** A layout takes a fraction of a second; after so many milliseconds something is wrong. */
const PATIENCE_MS = 15_000;
/** How many times tidying can be undone. */
const UNDO_LIMIT = 20;

export type Pins = Readonly<Record<string, Point>>;

type Placements = Map<string, number>;

interface Job {
  readonly place: string;
  /** Counts the tidyings. */
  readonly epoch: number;
  readonly graph: SceneGraph;
  readonly pins: Pins;
}

/** Asks the worker for layouts: one question at a time, and of those waiting only the newest. */
export class LayoutDesk {
  private readonly worker = new Worker(new URL('./layout-worker.ts', import.meta.url), {
    type: 'module',
    name: language(),
  });
  private readonly page = new LayoutPage();
  /** For each arrangement the id of the question that placed it: the worker keeps the placements by that id. */
  private placements: Placements = new Map();
  /** The placements before each tidying, newest last. */
  private untidied: Placements[] = [];
  private newest: Job | null = null;
  /** The question that is being answered; its answer goes into `into`, unless that was replaced meanwhile. */
  private asked: { readonly job: Job; readonly into: Placements; readonly stage: Stage } | null = null;
  /** The size of the view has changed: a picture that does not fill it well is laid out again. */
  private refitting = false;
  /** The size of the view that the picture was last made for. */
  private stage: Stage | null = null;
  private waiting: Job | null = null;
  private questions = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly onScene: (job: Job, scene: Scene) => void;
  private readonly onFailure: (message: string) => void;

  constructor(onScene: LayoutDesk['onScene'], onFailure: LayoutDesk['onFailure']) {
    this.onScene = onScene;
    this.onFailure = onFailure;
    this.worker.addEventListener('message', (event: MessageEvent<LayoutAnswer>) => this.receive(event.data));
    this.worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.fail(event.message || t('the layout could not be started'));
    });
    this.worker.addEventListener('messageerror', () => this.fail(t('the answer of the layout could not be read')));
  }

  ask(job: Job): void {
    // Another endpoint or file is another picture, which takes nothing over from the old one.
    if (!this.belongs(job)) {
      this.untidied = job.place === this.newest?.place ? [...this.untidied, this.placements].slice(-UNDO_LIMIT) : [];
      this.placements = new Map();
    }
    this.newest = job;
    this.waiting = job;
    this.next();
  }

  /** Undoes the last tidying. @returns false if there is none */
  untidy(): boolean {
    const before = this.untidied.pop();
    if (before === undefined || this.newest === null) return false;
    this.placements = before;
    this.waiting = this.newest;
    this.next();
    return true;
  }

  /** Fits the picture to the present size of the view. */
  refit(): void {
    const stage = currentStage();
    if (this.newest === null || (stage.width === this.stage?.width && stage.height === this.stage.height)) return;
    this.refitting = true;
    this.waiting = this.newest;
    this.next();
  }

  end(): void {
    clearTimeout(this.timer);
    this.worker.terminate();
  }

  private belongs(job: Job): boolean {
    return job.place === this.newest?.place && job.epoch === this.newest.epoch;
  }

  private next(): void {
    const job = this.waiting;
    if (this.asked !== null || job === null) return;
    const stage = currentStage();
    this.asked = { job, into: this.placements, stage };
    this.waiting = null;
    this.questions += 1;
    this.timer = setTimeout(() => this.fail(t('the layout does not answer')), PATIENCE_MS);
    this.worker.postMessage({
      id: this.questions,
      graph: this.page.ask(job.graph),
      pins: job.pins,
      previous: this.placements.get(job.graph.arrangement) ?? null,
      kept: [this.placements, ...this.untidied].flatMap((placements) => [...placements.values()]),
      tick: Math.floor(performance.now() / 1000),
      stage,
    } satisfies LayoutQuestion);
  }

  private receive(answer: LayoutAnswer): void {
    const { asked } = this;
    if (answer.id !== this.questions || asked === null) return;
    clearTimeout(this.timer);
    this.asked = null;
    if (!answer.ok) {
      this.fail(answer.message);
      return;
    }
    const { job, into, stage } = asked;
    this.stage = stage;
    const scene = this.page.receive(answer.scene, job.graph);
    if (this.belongs(job) && into === this.placements) {
      const known = into.has(job.graph.arrangement);
      if (this.refitting && known && !fillsStage(scene, stage)) {
        into.delete(job.graph.arrangement);
        this.waiting ??= job;
      } else {
        into.set(job.graph.arrangement, answer.id);
        this.onScene(job, scene);
      }
      this.refitting = false;
    }
    this.next();
  }

  private fail(message: string): void {
    clearTimeout(this.timer);
    this.onFailure(message);
  }
}
