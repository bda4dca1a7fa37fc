import { readFileSync } from 'node:fs';
import type { SessionEvent } from '#api/contract.ts';
import { diffSnapshots } from '#core/diff/diff.ts';
import { assemble } from '#core/parse/assemble.ts';
import {
  applyProbeFrame,
  createFacts,
  removeContainer,
  setContainers,
  setEngine,
  upsertContainer,
} from '#core/parse/facts.ts';
import type { FrameOrProblem } from '#core/parse/frames.ts';
import type { Container, Engine, Snapshot } from '#core/snapshot/snapshot.ts';
import { inEnglish } from '#core/words/language.ts';
import type { Clock } from './clock.ts';

/** One frame of a 60 Hz screen: more often cannot be seen. */
const PUBLISH_EVERY = 16;

/** Tells this machine's kernel from another's; on other systems no Linux is this machine. */
const OWN_BOOT_ID = ownBootId();

function ownBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return process.platform === 'linux' ? null : '';
  }
}

/** What probe and engine have told, merged; tells its listener what changes, at most once a frame. */
export class Picture {
  readonly #clock: Clock;
  readonly #emit: (event: SessionEvent) => void;
  #facts = createFacts(OWN_BOOT_ID);
  #via: 'helper' | 'direct' = 'helper';
  #complete = false;
  #snapshot: Snapshot | null = null;
  #cancel: (() => void) | null = null;
  #published = 0;
  /** Containers that were told of one by one since a list was asked for: that is newer than the list. */
  #newer: Set<string> | null = null;

  constructor(clock: Clock, emit: (event: SessionEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** The newest that was published. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** Forgets the facts; the published picture stays until there is a whole one. */
  begin(): void {
    this.stop();
    this.#facts = createFacts(OWN_BOOT_ID);
    this.#complete = false;
    this.#newer = null;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  setEngine(engine: Engine): void {
    setEngine(this.#facts, engine);
  }

  setVia(via: 'helper' | 'direct'): void {
    this.#via = via;
  }

  /** There is no probe: what the engine tells is all. */
  completeWithoutProbe(): void {
    this.#complete = true;
    this.#schedule();
  }

  /** A list of all containers was asked for: what is told of single ones from now on is newer. */
  listAsked(): void {
    this.#newer = new Set();
  }

  listAnswered(list: readonly Container[]): void {
    const newer = this.#newer ?? new Set();
    const known = this.#facts.containers;
    const merged = [...known.values()].filter(({ id }) => newer.has(id));
    setContainers(this.#facts, [...list.filter(({ id }) => !newer.has(id)), ...merged]);
    this.#newer = null;
    this.#schedule();
  }

  setContainer(container: Container): void {
    this.#newer?.add(container.id);
    upsertContainer(this.#facts, container);
    this.#schedule();
  }

  removeContainer(id: string): void {
    this.#newer?.add(id);
    removeContainer(this.#facts, id);
    this.#schedule();
  }

  /** @returns the milliseconds that the newest scan took; null when none was completed */
  apply(frames: readonly FrameOrProblem[]): number | null {
    let took: number | null = null;
    for (const frame of frames) {
      applyProbeFrame(this.#facts, frame);
      // A batch is one moment: half of one would show processes without their namespaces.
      if (frame.t === 'end') {
        took = frame.durationUs / 1000;
        this.#complete = true;
        this.#schedule();
      }
    }
    return took;
  }

  #schedule(): void {
    if (!this.#complete || this.#cancel !== null) return;
    const wait = Math.max(0, this.#published + PUBLISH_EVERY - this.#clock.now());
    this.#cancel = this.#clock.after(wait, () => {
      this.#cancel = null;
      this.#publish();
    });
  }

  #publish(): void {
    this.#published = this.#clock.now();
    // A snapshot is in English: it is saved, and read by others.
    const moment = { takenAt: new Date(this.#published).toISOString(), via: this.#via };
    const next = inEnglish(() => assemble(this.#facts, moment));
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
}
