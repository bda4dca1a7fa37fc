import * as z from 'zod';
import { enterCommandLine } from '#core/enter/command-line.ts';
import type { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { type Shell, ShellError, type ShellListener } from './shell.ts';

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

/** A program of ours that runs elsewhere: its stdin, and an end. Its output goes to a `ProgramListener`. */
export interface Program {
  /** Resolves when the bytes are on their way, and also when there is nobody any more. */
  write(bytes: Buffer): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it and what it started; safe to call twice. */
  stop(): Promise<void>;
}

export interface ProgramListener {
  onStdout(bytes: Buffer): void;
  onStderr(bytes: Buffer): void;
  /** Once, when it ends by itself. */
  onEnd(): void;
}

export type StartProgram = (args: readonly string[], listener: ProgramListener) => Promise<Program>;

/** How the probe learns that we are gone, beside the end of its stdin; null where that is certain to come. */
export type Life = null | {
  /** With the end of this process, which feeds the helper's stdin, everything ends. Null where it is not known. */
  readonly engine: Pick<ProcessRef, 'pid' | 'startTime'> | null;
};

/** More often than the shortest silence after which the probe ends everything. */
const SIGN_OF_LIFE_MS = 500;
/** With the engine's process in sight a silence is a slow machine, or a network that was cut without a word. */
const SILENCE_MS = 20_000;
/** Without it, a silence is all that tells that the engine was killed. */
const SILENCE_WITHOUT_ENGINE_MS = 3_000;
/** The streams end with the helper, right after the program; this is for those that do not. */
const LAST_OUTPUT_MS = 2_000;

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

function lifeArguments(life: Life): string[] {
  if (life === null) return [];
  if (life.engine === null) return ['--silence', String(SILENCE_WITHOUT_ENGINE_MS)];
  const { pid, startTime } = life.engine;
  return ['--engine', String(pid), '--engine-start', String(startTime), '--silence', String(SILENCE_MS)];
}

function argumentsOf(spec: EnterSpec, columns: number, rows: number, shell: string | null, life: Life): string[] {
  const args = ['enter', '--pid', String(spec.pid), '--start', String(spec.startTime), ...lifeArguments(life)];
  if (spec.exe !== null) args.push('--exe', spec.exe);
  if (!spec.namespaces.includes('mnt')) {
    args.push('--base', String(spec.base.pid), '--base-start', String(spec.base.startTime));
    if (spec.base.exe !== null) args.push('--base-exe', spec.base.exe);
  }
  if (spec.namespaces.length > 0) args.push('--ns', spec.namespaces.join(','));
  if (spec.root) args.push('--root');
  args.push('--user', spec.user, '--size', `${columns}x${rows}`);
  if (shell !== null) args.push('--shell', shell);
  return [...args, '--', ...spec.command];
}

/**
 * Joins namespaces and runs a shell or command there, with a terminal, through the probe's `enter`.
 * @param shell the path of our own static shell where the program runs; null where there is none
 * @throws ShellError when the target is gone, a namespace cannot be joined, or there is no shell
 */
export async function openEnteredShell(
  start: StartProgram,
  spec: EnterSpec,
  size: { readonly columns: number; readonly rows: number },
  shell: string | null,
  life: Life,
  listener: ShellListener,
): Promise<Shell> {
  let closed = false;
  let ended = false;
  let line = '';
  let complaint = '';
  /** The exit code, once it was told and while output may still come. */
  let ending: number | null = null;
  let program: Program | null = null;
  let alive: NodeJS.Timeout | undefined;
  let settle: (outcome: { readonly program: string } | { readonly error: string }) => void = () => {};
  const started = new Promise<Parameters<typeof settle>[0]>((resolve) => {
    settle = resolve;
  });
  const finish = (code: number | null, text: string): void => {
    if (ended || closed) return;
    ended = true;
    clearInterval(alive);
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
    if (said.data.t === 'notice') listener.onNotice(said.data.message);
    else if (said.data.t === 'started') settle({ program: said.data.program });
    else if (said.data.t === 'error') {
      complaint = said.data.message;
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
  const running = await start(argumentsOf(spec, size.columns, size.rows, shell, life), {
    onStdout: (bytes) => listener.onOutput(bytes),
    onStderr(bytes) {
      const lines = (line + bytes.toString()).split('\n');
      line = (lines.pop() ?? '').slice(0, 10_000);
      for (const each of lines) say(each);
    },
    onEnd() {
      if (ending !== null) return finish(ending, '');
      const reason = complaint || 'The shell was lost: its helper ended. Open it again.';
      settle({ error: reason });
      finish(null, reason);
    },
  });
  program = running;
  void running.write(BEGIN);
  alive = setInterval(() => void running.write(message('p', Buffer.alloc(0))), SIGN_OF_LIFE_MS);
  const close = (): Promise<void> => {
    closed = true;
    clearInterval(alive);
    return running.stop();
  };
  const outcome = await started;
  if (ended) clearInterval(alive);
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
