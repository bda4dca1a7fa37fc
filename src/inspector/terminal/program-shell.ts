import * as z from 'zod';
import { enterCommandLine } from '#core/enter/command-line.ts';
import type { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { createLineReader } from '#core/text/lines.ts';
import { stored } from '#core/words/stored.ts';
import { t } from '#core/words/words.ts';
import { type Life, launchProbe, type Place, type ProbeArgs, type RunningProbe, type Work } from '../probe/launch.ts';
import { type Shell, ShellError, type ShellListener, startLimit } from './shell.ts';

/** A process, for the probe to be sure that it is that one. */
export interface ProcessRef {
  readonly pid: number;
  /** Clock ticks since boot; 0 for whatever process has the pid. */
  readonly startTime: number;
  /** The file name of the program that it must run, by the kernel's word; null for any. */
  readonly exe: string | null;
}

/** What `bulkhead-probe enter` is told, beside the terminal's size. */
export interface EnterSpec extends ProcessRef {
  readonly namespaces: readonly (typeof NAMESPACE_KINDS)[number][];
  /** The target's root directory. */
  readonly root: boolean;
  /** Whose mount tree is taken where the target's is not: what is not joined stays the VM's, not the helper's own. */
  readonly base: ProcessRef;
  readonly user: 'root' | 'target';
  /** Empty for a shell. */
  readonly command: readonly string[];
}

/** The process that feeds a helper's stdin: with its end everything ends. Null where it is not known. */
type Engine = Pick<ProcessRef, 'pid' | 'startTime'> | null;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** More often than the shortest silence after which the probe ends everything. */
const SIGN_OF_LIFE_MS = 500;
/** With the engine's process in sight a silence is a slow machine, or a network that was cut without a word. */
const SILENCE_MS = 20_000;
/** Without it, a silence is all that tells that the engine was killed. */
const SILENCE_WITHOUT_ENGINE_MS = 3_000;
/** The streams end with the helper, right after the program; this is for those that do not. */
const LAST_OUTPUT_MS = 2_000;

/** The longest line that the probe says beside the program's output, in UTF-16 units. */
const LONGEST_SAYING = 10_000;

const saidSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('started'), program: z.string() }),
  z.object({ t: z.literal('notice'), message: z.string() }),
  z.object({ t: z.literal('error'), message: z.string() }),
  z.object({ t: z.literal('exit'), code: z.int().nullable(), signal: z.int().nullable() }),
]);

/** Ends whatever came before: Podman lets the body of the request that attached through. */
const BEGIN = Buffer.from('\n');

/** One message of the probe's terminal: native/probe/README.md. */
function message(what: 'i' | 'r' | 'p', body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(what, 0, 'latin1');
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function lifeWith(engine: Engine): Life {
  const options =
    engine === null
      ? ['--silence', String(SILENCE_WITHOUT_ENGINE_MS)]
      : ['--engine', String(engine.pid), '--engine-start', String(engine.startTime), '--silence', String(SILENCE_MS)];
  return { options, sign: message('p', Buffer.alloc(0)), everyMs: SIGN_OF_LIFE_MS };
}

function argumentsOf(spec: EnterSpec, { columns, rows }: Size, shell: string | null): ProbeArgs {
  const args: [string, ...string[]] = ['enter', '--pid', String(spec.pid), '--start', String(spec.startTime)];
  if (spec.exe !== null) args.push('--exe', spec.exe);
  if (!spec.namespaces.includes('mnt')) {
    args.push('--base', String(spec.base.pid), '--base-start', String(spec.base.startTime));
    if (spec.base.exe !== null) args.push('--base-exe', spec.base.exe);
  }
  if (spec.namespaces.length > 0) args.push('--ns', spec.namespaces.join(','));
  if (spec.root) args.push('--root');
  args.push('--user', spec.user, '--size', `${columns}x${rows}`);
  if (shell !== null) args.push('--shell', shell);
  args.push('--', ...spec.command);
  return args;
}

/**
 * Joins namespaces and runs a shell or command there, with a terminal, through the probe's `enter`.
 * @param engine the process of the place's engine
 * @throws ShellError when the target is gone, a namespace cannot be joined, or there is no shell;
 * as launchProbe where it cannot run
 */
export async function openEnteredShell(
  place: Place,
  spec: EnterSpec,
  size: Size,
  engine: Engine,
  listener: ShellListener,
): Promise<Shell> {
  let closed = false;
  let ended = false;
  const read = createLineReader(LONGEST_SAYING);
  let complaint = '';
  /** The exit code, once it was told and while output may still come. */
  let ending: number | null = null;
  let program: RunningProbe | null = null;
  let settle: (outcome: { readonly program: string } | { readonly error: string }) => void = () => {};
  const started = new Promise<Parameters<typeof settle>[0]>((resolve) => {
    settle = resolve;
  });
  const finish = (code: number | null, text: string): void => {
    if (ended || closed) return;
    ended = true;
    void program?.stop();
    listener.onExit(code, text);
  };
  const say = (text: string): void => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      complaint = text.slice(0, 500);
      return;
    }
    const said = saidSchema.safeParse(value);
    if (!said.success) return;
    if (said.data.t === 'notice') listener.onNotice(stored(said.data.message));
    else if (said.data.t === 'started') settle({ program: said.data.program });
    else if (said.data.t === 'error') {
      complaint = stored(said.data.message);
      settle({ error: complaint });
      // One that was told to have started may still not have become the program.
      finish(null, complaint);
    } else {
      const code = said.data.code ?? 128 + (said.data.signal ?? 0);
      ending = code;
      // A seccomp filter may have kept it from saying that it started.
      settle({ program: '' });
      // The two outputs overtake each other: the last of the program's may come after this.
      setTimeout(() => finish(code, ''), LAST_OUTPUT_MS).unref();
    }
  };
  const work: Work = {
    purpose: 'shell',
    args: ({ shell }) => argumentsOf(spec, size, shell),
    rights: 'root',
    privileged: true,
    life: lifeWith(engine),
  };
  const running = await launchProbe(place, work, {
    onStdout(bytes) {
      // Its output tells that it runs, whatever the probe may say; from then on a reader can hold it back.
      settle({ program: '' });
      listener.onOutput(bytes);
    },
    onStderr(bytes) {
      for (const each of read(bytes.toString())) if (each !== null) say(each);
    },
    onEnd() {
      if (ending !== null) return finish(ending, '');
      const reason = complaint || t('The shell was lost: its helper ended. Open it again.');
      settle({ error: reason });
      finish(null, reason);
    },
  });
  program = running;
  void running.write(BEGIN);
  const close = (): Promise<void> => {
    closed = true;
    return running.stop();
  };
  const stopLimit = startLimit((error) => settle({ error: error.say() }));
  const outcome = await started;
  stopLimit();
  if ('error' in outcome) {
    await close();
    throw new ShellError(outcome.error);
  }
  return {
    command: enterCommandLine(spec),
    async write(bytes) {
      if (!ended && !closed) await running.write(message('i', bytes));
    },
    resize(columns, rows) {
      const body = Buffer.alloc(4);
      body.writeUInt16BE(columns, 0);
      body.writeUInt16BE(rows, 2);
      if (!ended && !closed) void running.write(message('r', body));
    },
    pause: () => running.pause(),
    resume: () => running.resume(),
    close,
  };
}
