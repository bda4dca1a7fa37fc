import { readFileSync } from 'node:fs';
import type { SessionEvent, SessionStatus } from '#api/contract.ts';
import { diffSnapshots } from '#core/diff/diff.ts';
import type { FrameOrProblem } from '#core/parse/frames.ts';
import {
  applyProbeFrame,
  assemble,
  createFacts,
  removeContainer,
  setContainers,
  setEngine,
  upsertContainer,
} from '#core/snapshot/assemble.ts';
import type { Engine, Snapshot } from '#core/snapshot/snapshot.ts';
import { errorText } from '../endpoint/system.ts';
import type { Connection } from '../engine/connection.ts';
import { EngineClient, type EngineEvent } from '../engine/engine.ts';
import { startDirectProbe } from '../probe/direct.ts';
import { HelperRefusedError, removeLeftovers, startHelperProbe, worksHere } from '../probe/helper.ts';
import type { ProbeListener, RunningProbe } from '../probe/run.ts';

/** Milliseconds between scans while nothing asks for one sooner: what a quiet system costs against how old it looks. */
const INTERVAL = 1_000;
/** One frame of a 60 Hz screen: more often cannot be seen. */
const PUBLISH_EVERY = 16;
/** No sign of life of the probe for so long means that it hangs. */
const SILENCE = 15_000;
const FIRST_RETRY = 500;
const LAST_RETRY = 15_000;
/** What lived so long is taken to be well: after its end the tries begin anew. */
const STEADY = 5_000;

/** Actions that change what the engine says of a container. */
const CHANGES = /^(create|start|restart|die|stop|kill|pause|unpause|destroy|rename|update|oom)/;
/** Actions that start or end processes of a container and change nothing else; `exec_start` carries its command. */
const EXECS = /^exec_(start|die)/;

/** Tells this machine's kernel from another's; on other systems no Linux is this machine. */
const OWN_BOOT_ID = ownBootId();

function ownBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return process.platform === 'linux' ? null : '';
  }
}

export type Target =
  | { readonly type: 'local' }
  | { readonly type: 'engine'; readonly connect: () => Promise<Connection> };

export interface SessionOptions {
  readonly target: Target;
  readonly emit: (event: SessionEvent) => void;
}

type Notice = SessionStatus['notices'][number];

/**
 * Collects facts of one endpoint, merges them and publishes what changes. Lives from construction to `close`: loses and
 * finds its engine and its probe again by itself.
 */
export class Session {
  readonly #target: Target;
  readonly #emit: (event: SessionEvent) => void;
  readonly #abort = new AbortController();
  #facts = createFacts(OWN_BOOT_ID);
  #snapshot: Snapshot | null = null;
  #status: SessionStatus = status('connecting', 'Connecting.', null, []);
  #probe: RunningProbe | null = null;
  #via: 'helper' | 'direct' = 'helper';
  #client: EngineClient | null = null;
  /** The newest question asked of each container: answers may overtake each other. */
  readonly #asked = new Map<string, number>();
  #questions = 0;
  #publishTimer: NodeJS.Timeout | null = null;
  #lastPublish = 0;
  #complete = false;
  #heard = 0;
  readonly #done: Promise<void>;

  constructor(options: SessionOptions) {
    this.#target = options.target;
    this.#emit = options.emit;
    this.#done = this.#run();
  }

  /** What a subscriber that comes now must be told first. */
  greet(emit: (event: SessionEvent) => void): void {
    emit({ type: 'status', status: this.#status });
    if (this.#snapshot !== null) emit({ type: 'snapshot', snapshot: this.#snapshot });
  }

  /** Ends everything it started: probe, helper container, connections. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    let retry = FIRST_RETRY;
    while (!this.#abort.signal.aborted) {
      let liveSince = Number.POSITIVE_INFINITY;
      const reason = await this.#live(() => {
        liveSince = Date.now();
      });
      if (this.#abort.signal.aborted) return;
      // A life that ends at once is a failed try like any other.
      if (Date.now() - liveSince > STEADY) retry = FIRST_RETRY;
      // Spread, so that several windows do not knock at the same moment.
      const wait = retry * (0.75 + Math.random() / 2);
      const sentence = `${reason.replace(/\.$/, '')}. Next try in ${Math.max(1, Math.round(wait / 1000))} s.`;
      const phase = this.#snapshot === null ? 'connecting' : 'stale';
      this.#setStatus(status(phase, sentence, new Date(Date.now() + wait).toISOString(), []));
      await pause(wait, this.#abort.signal);
      retry = Math.min(LAST_RETRY, retry * 2);
    }
  }

  /** One connected life: resolves with the reason of its end. */
  async #live(onLive: () => void): Promise<string> {
    const life = new AbortController();
    const stop = (): void => life.abort('closed');
    this.#abort.signal.addEventListener('abort', stop, { once: true });
    const ended = new Promise<string>((resolve) => {
      life.signal.addEventListener('abort', () => resolve(String(life.signal.reason)), { once: true });
    });
    const fail = (reason: string): void => life.abort(reason);
    let connection: Connection | null = null;
    const notices: Notice[] = [];
    this.#facts = createFacts(OWN_BOOT_ID);
    this.#complete = false;
    try {
      let engine: Engine | null = null;
      if (this.#target.type === 'engine') {
        connection = await this.#target.connect();
        const client = new EngineClient(connection);
        this.#client = client;
        engine = await client.describe();
        setEngine(this.#facts, engine);
        await client.events((event) => this.#onEvent(client, event), fail, life.signal);
        await removeLeftovers(client).catch(() => {});
        setContainers(this.#facts, await client.containers());
      }
      this.#heard = Date.now();
      await this.#startProbe(engine, fail, notices);
      if (this.#probe === null) {
        this.#complete = true;
        this.#schedulePublish();
      }
      onLive();
      this.#setStatus(status('live', engine === null ? 'This machine.' : `Live: ${engine.name}.`, null, notices));
      const watchdog = setInterval(() => {
        if (this.#probe !== null && Date.now() - this.#heard > SILENCE) fail('The probe does not answer any more');
      }, 1_000);
      try {
        return await ended;
      } finally {
        clearInterval(watchdog);
      }
    } catch (error) {
      return errorText(error);
    } finally {
      this.#abort.signal.removeEventListener('abort', stop);
      life.abort('closed');
      if (this.#publishTimer !== null) clearTimeout(this.#publishTimer);
      this.#publishTimer = null;
      await this.#probe?.stop().catch(() => {});
      this.#probe = null;
      this.#client = null;
      await connection?.close();
    }
  }

  async #startProbe(engine: Engine | null, fail: (reason: string) => void, notices: Notice[]): Promise<void> {
    const listener: ProbeListener = {
      onFrames: (frames) => this.#onFrames(frames),
      onEnd: (reason) => fail(`The probe ended: ${reason}`),
    };
    try {
      if (engine === null || this.#client === null) {
        this.#via = 'direct';
        this.#probe = await startDirectProbe(INTERVAL, listener);
      } else {
        this.#via = 'helper';
        this.#probe = await startHelperProbe(this.#client, engine, INTERVAL, listener);
        if (engine.rootless) {
          notices.push({
            code: 'rootless',
            severity: 'notice',
            message:
              'The engine runs without root, so of other users’ processes only what everybody may read is known.',
            advice: 'To see the rest, use an engine that runs as root.',
          });
        }
      }
    } catch (error) {
      if (engine === null) throw error;
      const refused = error instanceof HelperRefusedError;
      if (worksHere(error, engine)) {
        this.#via = 'direct';
        this.#probe = await startDirectProbe(INTERVAL, listener);
        notices.push({
          code: 'direct',
          severity: 'notice',
          message: `${errorText(error)} The probe runs on this machine directly instead, with the rights of this program.`,
          advice:
            process.getuid?.() === 0 ? 'Nothing is missing.' : 'As root it would see the processes of others too.',
        });
        return;
      }
      notices.push({
        code: refused ? error.code : 'probe',
        severity: 'warning',
        message: errorText(error),
        advice: refused ? error.advice : 'Until then only what the engine itself tells is shown.',
      });
    }
  }

  #onFrames(frames: readonly FrameOrProblem[]): void {
    this.#heard = Date.now();
    for (const frame of frames) {
      applyProbeFrame(this.#facts, frame);
      // A batch is one moment: half of one would show processes without their namespaces.
      if (frame.t === 'end') {
        this.#complete = true;
        this.#schedulePublish();
      }
    }
  }

  #onEvent(client: EngineClient, event: EngineEvent): void {
    const changes = CHANGES.test(event.action);
    if (changes || EXECS.test(event.action)) this.#probe?.rescan();
    if (!changes) return;
    if (event.action === 'destroy') {
      this.#asked.delete(event.container);
      removeContainer(this.#facts, event.container);
      this.#schedulePublish();
      return;
    }
    const question = ++this.#questions;
    this.#asked.set(event.container, question);
    client.container(event.container).then(
      (container) => {
        if (this.#client !== client || this.#asked.get(event.container) !== question) return;
        this.#asked.delete(event.container);
        if (container === null) removeContainer(this.#facts, event.container);
        else upsertContainer(this.#facts, container);
        this.#schedulePublish();
      },
      // A lost engine shows as the end of its event stream.
      () => {},
    );
  }

  #schedulePublish(): void {
    if (!this.#complete || this.#publishTimer !== null) return;
    const wait = Math.max(0, this.#lastPublish + PUBLISH_EVERY - Date.now());
    this.#publishTimer = setTimeout(() => {
      this.#publishTimer = null;
      this.#publish();
    }, wait);
  }

  #publish(): void {
    this.#lastPublish = Date.now();
    const next = assemble(this.#facts, { takenAt: new Date().toISOString(), via: this.#via });
    const before = this.#snapshot;
    this.#snapshot = next;
    if (before === null) {
      this.#emit({ type: 'snapshot', snapshot: next });
      return;
    }
    const patch = diffSnapshots(before, next);
    if (patch !== null) this.#emit({ type: 'change', patch });
    else {
      this.#emit({
        type: 'alive',
        takenAt: next.takenAt,
        durationMs: next.probe?.durationMs ?? 0,
        cpuMs: next.probe?.cpuMs ?? 0,
      });
    }
  }

  #setStatus(next: SessionStatus): void {
    const since = next.phase === this.#status.phase ? this.#status.since : next.since;
    this.#status = { ...next, since };
    this.#emit({ type: 'status', status: this.#status });
  }
}

function status(
  phase: SessionStatus['phase'],
  message: string,
  retryAt: string | null,
  notices: readonly Notice[],
): SessionStatus {
  return { phase, message, since: new Date().toISOString(), retryAt, notices: [...notices] };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
