import type { SessionEvent } from '#api/contract.ts';
import type { Container, Engine } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import type { ContainerList } from '../engine/engine.ts';
import type { EngineEvent } from '../engine/events.ts';
import type { ProbeArgs, ProbeListener, RunningProbe } from '../probe/launch.ts';
import { HelperRefusedError } from '../probe/refusal.ts';
import { errorText, type Said } from '../told.ts';
import { type Asker, createAsker } from './asker.ts';
import type { Clock } from './clock.ts';
import { CHANGES, EXECS, toldOf } from './event-meaning.ts';
import {
  type HelperLeave,
  helperNotice,
  probeNotices,
  refusalNotice,
  unreadableNotice,
  withheldNotice,
} from './notices.ts';
import type { Pace } from './pace.ts';
import { Picture } from './picture.ts';
import { type Notice, type Status, said } from './status.ts';
import { createWatch } from './watch.ts';

/** An engine is asked for a sign of life so often: where the probe is not its container, nothing else tells. */
const SIGN_OF_LIFE = 5_000;
/** How long a start that is no longer wanted may take to end. */
const START_ENDS_WITHIN = 4_000;
/** An engine that needs longer to list its containers does not answer. */
const LIST_WITHIN = 60_000;
/** What earlier runs left is removed first, but not at any price. */
const LEFTOVERS_WITHIN = 10_000;
const FIRST_RETRY = 500;
const LAST_RETRY = 15_000;
/** A connection that lived so long was healthy: after its end the retries begin with the shortest pause again. */
const STEADY = 5_000;

/** An engine as a session needs it: an EngineClient with its connection. */
export interface SessionEngine {
  describe(): Promise<Engine>;
  readonly withheld: Said | null;
  ping(): Promise<void>;
  events(onEvent: (event: EngineEvent) => void, onEnd: (reason: Said) => void, signal: AbortSignal): Promise<void>;
  removeLeftovers(): Promise<void>;
  containers(): Promise<ContainerList>;
  container(id: string): Promise<Container | null>;
  /** Starts the probe that watches, in a helper of this engine. */
  launch(engine: Engine, args: ProbeArgs, privileged: boolean, listener: ProbeListener): Promise<RunningProbe>;
  close(): void;
}

/** What a session watches: an engine, or this machine without one. */
export type Target =
  | { readonly type: 'local'; launch(args: ProbeArgs, listener: ProbeListener): Promise<RunningProbe> }
  | { readonly type: 'engine'; connect(): Promise<SessionEngine> };

export interface SessionOptions {
  readonly target: Target;
  /** @param message of a status: it is said anew where another language is wanted */
  readonly emit: (event: SessionEvent, message?: Said) => void;
  readonly clock: Clock;
  /** From 0 to 1, without 1. */
  readonly random: () => number;
  /** True when the user agreed, for this run, that the helper may be privileged. */
  readonly privileged: boolean;
  /** Whether a helper may run in the engine at all. */
  readonly helper: HelperLeave;
  /** Milliseconds between scans while nothing asks for one sooner: what a quiet system costs against how old it looks. */
  readonly interval: number;
}

/** The end of a life that was asked for: the next one starts at once. */
const AGAIN = Symbol('again');

/** What lives from one connection to its loss. */
interface Life {
  readonly control: AbortController;
  fail(reason: Said | typeof AGAIN): void;
  engine: SessionEngine | null;
  probe: RunningProbe | null;
  pace: Pace | null;
}

/**
 * Watches one endpoint and tells its state. Lives from construction to `close`: loses and finds its engine and its probe
 * again by itself. What is told is merged by its picture.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #picture: Picture;
  readonly #closed = new AbortController();
  /** Ends of lives that are over: they may take a while, and nobody waits for them but `close`. */
  readonly #endings = new Set<Promise<void>>();
  #privileged: boolean;
  #helper: HelperLeave;
  #interval: number;
  #status: Status;
  #life: Life | null = null;
  readonly #done: Promise<void>;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#privileged = options.privileged;
    this.#helper = options.helper;
    this.#interval = options.interval;
    this.#picture = new Picture(options.clock, options.emit);
    this.#status = this.#statusOf('connecting', () => t('Connecting.'));
    this.#done = this.#run();
  }

  /** What a subscriber that comes now must be told first. */
  greet(emit: (event: SessionEvent, message?: Said) => void): void {
    emit({ type: 'status', status: said(this.#status) }, this.#status.message);
    const { snapshot } = this.#picture;
    if (snapshot !== null) emit({ type: 'snapshot', snapshot });
  }

  /** The language has changed: what was told last is told again. */
  sayAgain(): void {
    this.#tell();
  }

  /** The user agrees that the helper may be privileged: it is started again. */
  allowPrivileged(): void {
    if (this.#privileged) return;
    this.#privileged = true;
    this.#life?.fail(AGAIN);
  }

  /** The user lets the helper run, or no longer: the session starts again. */
  setHelper(helper: HelperLeave): void {
    if (this.#helper === helper || this.#options.target.type === 'local') return;
    this.#helper = helper;
    this.#life?.fail(AGAIN);
  }

  /** Milliseconds between scans from now on: the probe is started again. */
  setInterval(interval: number): void {
    if (this.#interval === interval) return;
    this.#interval = interval;
    this.#life?.fail(AGAIN);
  }

  /** Ends everything it started: probe, helper container, connections. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#done;
    await Promise.all(this.#endings);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    let retry = FIRST_RETRY;
    while (!signal.aborted) {
      let liveSince = Number.POSITIVE_INFINITY;
      const reason = await this.#live(() => {
        liveSince = this.#clock.now();
      });
      if (signal.aborted) return;
      const phase = this.#picture.snapshot === null ? 'connecting' : 'stale';
      if (reason === AGAIN) {
        this.#setStatus(this.#statusOf(phase, () => t('Starting the probe again.')));
        continue;
      }
      // A life that ends at once is a failed try like any other.
      if (this.#clock.now() - liveSince > STEADY) retry = FIRST_RETRY;
      // Spread, so that several windows do not reconnect at the same moment.
      const wait = retry * (0.75 + this.#options.random() / 2);
      const sentence = (): string => t('{reason}.', { reason: reason().replace(/[.。]$/, '') });
      this.#setStatus(this.#statusOf(phase, sentence, new Date(this.#clock.now() + wait).toISOString()));
      await this.#pause(wait);
      retry = Math.min(LAST_RETRY, retry * 2);
    }
  }

  /** One connected life: resolves with the reason of its end, as soon as there is one. */
  async #live(onLive: () => void): Promise<Said | typeof AGAIN> {
    const control = new AbortController();
    const ended = new Promise<Said | typeof AGAIN>((resolve) => {
      control.signal.addEventListener('abort', () => resolve(control.signal.reason), { once: true });
    });
    const life: Life = { control, fail: (reason) => control.abort(reason), engine: null, probe: null, pace: null };
    const stop = (): void => life.fail(AGAIN);
    this.#closed.signal.addEventListener('abort', stop, { once: true });
    this.#life = life;
    this.#picture.begin();
    const started = this.#start(life).then((status) => {
      if (control.signal.aborted) return;
      onLive();
      this.#setStatus(status);
    });
    started.catch((error: unknown) => life.fail(() => errorText(error)));
    const reason = await ended;
    this.#closed.signal.removeEventListener('abort', stop);
    this.#life = null;
    this.#picture.stop();
    const ending = this.#endLife(life, started).finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
    return reason;
  }

  /** Takes a limited time, also where the engine does not answer. */
  async #endLife(life: Life, started: Promise<void>): Promise<void> {
    // A helper that is just being started can be removed only then.
    await this.#atMost(START_ENDS_WITHIN, started);
    life.pace?.stop();
    await life.probe?.stop().catch(() => {});
    // Ends what still waits for an answer.
    life.engine?.close();
    await started.catch(() => {});
  }

  /** Connects, reads and starts the probe; gives the status that is then true. */
  async #start(life: Life): Promise<Status> {
    const { target } = this.#options;
    if (target.type === 'local') {
      await this.#startProbe(life, (args, listener) => target.launch(args, listener));
      return this.#statusOf('live', () => t('This machine.'));
    }
    const link = await target.connect();
    life.engine = link;
    const engine = await link.describe();
    if (life.control.signal.aborted) return this.#status;
    this.#picture.setEngine(engine);
    const { withheld } = link;
    const asker = this.#createAsker(life, link);
    await link.events((event) => this.#onEvent(life, asker, event), life.fail, life.control.signal);
    await this.#atMost(LEFTOVERS_WITHIN, link.removeLeftovers());
    if (life.control.signal.aborted) return this.#status;
    this.#picture.listAsked();
    const late = this.#clock.after(LIST_WITHIN, () =>
      life.fail(() => t('The engine did not list its containers within {seconds} s', { seconds: LIST_WITHIN / 1_000 })),
    );
    const { containers, unreadable, refusal } = await link.containers().finally(late);
    if (life.control.signal.aborted) return this.#status;
    this.#picture.listAnswered(containers);
    const live = (last: () => Notice[]): Status => {
      this.#watchEngine(life, link);
      const name = engine.name || engine.endpoint;
      return this.#statusOf(
        'live',
        () => t('Live: {name}.', { name }),
        null,
        () => [...withheldNotice(withheld), ...unreadableNotice(unreadable, refusal), ...last()],
      );
    };
    const helper = this.#helper;
    if (helper !== 'granted') {
      this.#picture.completeWithoutProbe();
      return live(() => [helperNotice(helper)]);
    }
    try {
      const launch = (args: ProbeArgs, listener: ProbeListener): Promise<RunningProbe> =>
        link.launch(engine, args, this.#privileged, listener);
      const probe = await this.#startProbe(life, launch);
      return live(() => probeNotices(probe, engine));
    } catch (error) {
      if (!(error instanceof HelperRefusedError)) throw error;
      this.#picture.completeWithoutProbe();
      return live(() => [refusalNotice(error)]);
    }
  }

  async #startProbe(
    life: Life,
    launch: (args: ProbeArgs, listener: ProbeListener) => Promise<RunningProbe>,
  ): Promise<RunningProbe> {
    const watch = createWatch({
      clock: this.#clock,
      interval: this.#interval,
      signal: life.control.signal,
      launch,
      apply: (frames) => this.#picture.apply(frames),
      fail: life.fail,
    });
    life.pace = watch.pace;
    const probe = await watch.start();
    life.probe = probe;
    this.#picture.setVia(probe.via);
    return probe;
  }

  /** Ends the life when the engine gives no sign of its own. */
  #watchEngine(life: Life, link: SessionEngine): void {
    const ask = async (): Promise<void> => {
      if (life.control.signal.aborted) return;
      try {
        await link.ping();
        this.#clock.after(SIGN_OF_LIFE, ask);
      } catch (error) {
        life.fail(() => errorText(error));
      }
    };
    this.#clock.after(SIGN_OF_LIFE, ask);
  }

  #createAsker(life: Life, link: SessionEngine): Asker {
    return createAsker(
      (id) => link.container(id),
      (id, container) => {
        if (life.control.signal.aborted) return;
        if (container === null) this.#picture.removeContainer(id);
        else this.#picture.setContainer(container);
      },
    );
  }

  #onEvent(life: Life, asker: Asker, event: EngineEvent): void {
    if (life.control.signal.aborted) return;
    const told = event.helper ? null : toldOf(event, new Date(this.#clock.now()).toISOString());
    if (told !== null) this.#options.emit({ type: 'event', event: told });
    const changes = CHANGES.test(event.action);
    if (changes || EXECS.test(event.action)) life.pace?.want();
    if (!changes) return;
    if (event.action === 'destroy') {
      asker.forget(event.container);
      this.#picture.removeContainer(event.container);
    } else asker.ask(event.container);
  }

  #setStatus(next: Status): void {
    const since = next.phase === this.#status.phase ? this.#status.since : next.since;
    this.#status = { ...next, since };
    this.#tell();
  }

  #tell(): void {
    this.#options.emit({ type: 'status', status: said(this.#status) }, this.#status.message);
  }

  #statusOf(
    phase: Status['phase'],
    message: Said,
    retryAt: string | null = null,
    notices: () => Notice[] = () => [],
  ): Status {
    return { phase, message, since: new Date(this.#clock.now()).toISOString(), retryAt, notices };
  }

  /** Waits for the end of something, whatever the end is, but no longer than that. */
  #atMost(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, resolve);
      const done = (): void => {
        cancel();
        resolve();
      };
      work.then(done, done);
    });
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#closed;
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, done);
      signal.addEventListener('abort', done, { once: true });
      function done(): void {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
  }
}
