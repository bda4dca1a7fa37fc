import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Capability } from '#api/helper.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { inEnglish } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import type { EngineClient } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import type { Said } from '../told.ts';
import { ProbeMissingError, probeArch, readProbe } from './binary.ts';
import { guardLaunch } from './guardian.ts';
import { ensureImage, ensureShellImage, PROGRAM } from './image.ts';
import { helperLabels, LAUNCH_LABEL } from './owner.ts';
import { explainRefusal, type HelperRefusedError, worksHere } from './refusal.ts';
import { type Rung, readingRungs, shellRungs } from './rungs.ts';

/** Where the probe is to run: in a helper container of an engine; null for this machine, as a child of ours. */
export type Place = { readonly client: EngineClient; readonly engine: Engine } | null;

/** The probe's arguments: what it is to do comes first. */
export type ProbeArgs = readonly [verb: string, ...rest: string[]];

/** What the probe is started for. */
export interface Work {
  /** The value of the helper's label. */
  readonly purpose: 'probe' | 'detail' | 'signal' | 'shell';
  /** The probe's arguments. */
  readonly args: (there: There) => ProbeArgs;
  /** What it may do beside running; `root` is for shells, which the user has asked for. */
  readonly rights: readonly Capability[] | 'root';
  /** True when the user agreed that a helper which only reads may be privileged. */
  readonly privileged: boolean;
  /** How it learns that we are gone; null for one that ends by itself. */
  readonly life: Life | null;
}

/**
 * Signs of life for a helper. It ends with its stdin, but an engine that was killed leaves that open, and then nobody else
 * tells the helper that we are gone too. A child of ours needs none.
 */
export interface Life {
  /** The probe's options for it. */
  readonly options: readonly string[];
  readonly sign: string | Uint8Array;
  readonly everyMs: number;
}

/** For a probe that reads lines: an empty one asks nothing. A laptop's short sleep or a cut network is no reason to end. */
export const LINE_LIFE: Life = { options: ['--silence', '30000'], sign: '\n', everyMs: 5_000 };

/** What the probe's arguments may depend on. */
export interface There {
  readonly via: RunningProbe['via'];
  /** The path of a static shell of ours where the probe runs, for those that are root; null where there is none. */
  readonly shell: string | null;
}

export interface ProbeListener {
  onStdout(bytes: Buffer): void;
  onStderr(bytes: Buffer): void;
  /** Once, when it ends by itself; the reason is a clause for people. */
  onEnd(reason: Said): void;
}

/** A probe that runs. Whoever started it stops it. */
export interface RunningProbe {
  readonly via: 'helper' | 'direct';
  /** How its helper was configured; null without one. */
  readonly rung: Rung['name'] | null;
  /** Why it is not the first that was tried; null when it is. */
  readonly refused: HelperRefusedError | null;
  /** Resolves when the bytes are on their way, and also when there is nobody any more. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Stops and goes on with reading its output: it waits meanwhile. */
  pause(): void;
  resume(): void;
  /** Ends it and what it started; safe to call twice. Takes no longer than STOP_WITHIN_MS. */
  stop(): Promise<void>;
}

/** Whoever does not end within this time is killed, or left to its closed stdin where the engine does not answer. */
const STOP_WITHIN_MS = 4_000;
/** A child of ours ends at once when its stdin is closed, unless it hangs. */
const KILL_AFTER_MS = 1_000;

/**
 * Runs the probe, in a helper container where there is an engine. Where the engine refuses every helper and is surely on
 * this very kernel, the probe runs here instead, with this program's rights.
 * @throws HelperRefusedError when the engine refuses; EngineError when it is lost; ProbeMissingError when there is no
 * probe for its architecture, or it was not built
 */
export async function launchProbe(place: Place, work: Work, listener: ProbeListener): Promise<RunningProbe> {
  if (place === null) return launchHere(work, listener, null);
  try {
    return await launchHelper(place, work, listener);
  } catch (error) {
    if (!worksHere(error, place.engine)) throw error;
    return launchHere(work, listener, error);
  }
}

const endText = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null
    ? t('the probe ended (exit code {code})', { code: String(code) })
    : t('the probe ended ({signal})', { signal });

async function launchHere(
  work: Work,
  listener: ProbeListener,
  refused: HelperRefusedError | null,
): Promise<RunningProbe> {
  const arch = probeArch(process.arch);
  if (arch === null) {
    throw new ProbeMissingError(() => t('There is no probe for {arch} machines.', { arch: process.arch }));
  }
  const { path } = await readProbe(arch);
  const child = spawn(path, work.args({ via: 'direct', shell: null }), { stdio: ['pipe', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  let stopped = false;
  const closed = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      if (!stopped) listener.onEnd(() => endText(code, signal));
      resolve();
    });
  });
  child.stdout.on('data', (bytes: Buffer) => listener.onStdout(bytes));
  child.stderr.on('data', (bytes: Buffer) => listener.onStderr(bytes));
  // A closed pipe shows as the child's end.
  child.stdin.on('error', () => {});
  child.on('error', () => {});
  return {
    via: 'direct',
    rung: null,
    refused,
    write: (bytes) => written(child.stdin, bytes),
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    async stop() {
      stopped = true;
      child.stdin.end();
      // What is not read any more must not keep it from ending.
      child.stdout.resume();
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function written(stream: NodeJS.WritableStream & { destroyed?: boolean }, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed === true || !stream.writable) resolve();
    else stream.write(bytes, () => resolve());
  });
}

/**
 * Runs the probe in a helper container of the engine. Its stdin is held open by our connection, and only once: when we
 * die, the engine closes it, the probe exits and the container goes.
 */
async function launchHelper(place: NonNullable<Place>, work: Work, listener: ProbeListener): Promise<RunningProbe> {
  const { client, engine } = place;
  const { image, shell } = await prepareImage(place, work);
  const rungs = work.rights === 'root' ? shellRungs() : readingRungs(engine, work.rights);
  const [verb, ...args] = work.args({ via: 'helper', shell });
  let refusal: EngineError | null = null;
  for (const rung of rungs) {
    if (refusal !== null && rung.cures?.test(inEnglish(refusal.say)) !== true) continue;
    if (rung.name === 'privileged' && work.rights !== 'root' && !work.privileged) continue;
    const launch = randomUUID();
    const guardian = guardLaunch(client.connection, `${LAUNCH_LABEL}=${launch}`);
    try {
      const helper = await client.startHelper(
        {
          image,
          command: [`/${PROGRAM}`, verb, ...(work.life?.options ?? []), ...args],
          labels: helperLabels(work.purpose, launch),
          hostConfig: rung.config,
        },
        (chunk, stream) => (stream === 'stdout' ? listener.onStdout(chunk) : listener.onStderr(chunk)),
      );
      guardian.release();
      const refused = refusal === null ? null : explainRefusal(refusal, engine, false);
      return runningHelper(client, helper, { rung: rung.name, refused, life: work.life }, listener);
    } catch (error) {
      // Only what the engine refuses can be accepted in another form; one that was lost is asked again from the start.
      if (!(error instanceof EngineError) || error.status === null) {
        guardian.remove();
        throw error;
      }
      guardian.release();
      refusal ??= error;
    }
  }
  const privileges = rungs.find(({ name }) => name === 'privileged');
  const mayHelp =
    work.rights !== 'root' &&
    !work.privileged &&
    privileges?.cures?.test(inEnglish(refusal?.say ?? (() => ''))) === true;
  throw explainRefusal(refusal ?? new EngineError('no configuration is left', 500), engine, mayHelp);
}

async function prepareImage(
  { client, engine }: NonNullable<Place>,
  work: Work,
): Promise<{ image: string; shell: string | null }> {
  try {
    if (work.rights === 'root') return await ensureShellImage(client, engine);
    return { image: await ensureImage(client, engine), shell: null };
  } catch (error) {
    if (error instanceof EngineError && error.byProxy) throw explainRefusal(error, engine, false);
    throw error;
  }
}

function runningHelper(
  client: EngineClient,
  helper: { readonly id: string; readonly stdin: Duplex },
  { rung, refused, life }: Pick<RunningProbe, 'rung' | 'refused'> & Pick<Work, 'life'>,
  listener: ProbeListener,
): RunningProbe {
  const { id, stdin } = helper;
  const alive = life === null ? undefined : setInterval(() => void written(stdin, life.sign), life.everyMs);
  let stopping: Promise<void> | null = null;
  let ended = false;
  const end = (reason: Said): void => {
    if (ended) return;
    ended = true;
    clearInterval(alive);
    if (stopping === null) listener.onEnd(reason);
  };
  stdin.on('error', (error) => end(() => error.message));
  const gone = (): void => end(() => t('its helper container ended'));
  stdin.on('end', gone).on('close', gone);
  if (stdin.destroyed) queueMicrotask(gone);
  const stop = async (): Promise<void> => {
    clearInterval(alive);
    stdin.end();
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_WITHIN_MS);
    });
    await Promise.race([client.remove(id).catch(() => {}), limit]);
    clearTimeout(timer);
    stdin.destroy();
  };
  return {
    via: 'helper',
    rung,
    refused,
    write: (bytes) => written(stdin, bytes),
    pause: () => void stdin.pause(),
    resume: () => void stdin.resume(),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
