import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { shellQuote } from '#core/enter/command-line.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import type { EngineClient } from '../engine/engine.ts';
import { oneLine } from '../engine/failure.ts';
import { type Shell, ShellError, type ShellListener, startLimit } from './shell.ts';

export interface ContainerShellSpec {
  readonly container: string;
  /** As `docker exec --user`; empty for the container's own. */
  readonly user: string;
  /** Empty for a shell. */
  readonly command: readonly string[];
  readonly columns: number;
  readonly rows: number;
}

/** Says its pid in the container first, then becomes the program: the pid stays. */
const PROGRAM = `echo "bulkhead:$$"
if [ $# -gt 0 ]; then exec "$@"; fi
if command -v bash >/dev/null 2>&1; then exec bash; fi
exec /bin/sh`;

/**
 * An engine lets a process of `exec` live on when its client is gone, whatever the client died of. So a second one stands
 * by without a terminal, from before the first: its stdin ends with our connection, and it ends the first, which it knows
 * by its pid, or before that was told, by a mark in its environment. Needs nothing but a shell's own commands; without
 * `sleep` there is no time between the two signals. An engine that was killed leaves its stdin open: where the shell can
 * wait for a limited time, three silent seconds end it too, and longer where the machine was as slow as that before.
 */
export const GUARD = `limit= pid= most=0 silent=0
if echo | read -r -t 1 word 2>/dev/null; then limit='-t 1'; fi
echo ready
while [ "$silent" -le $((2 + 2 * most)) ]; do
  if read -r $limit word; then
    if [ "$silent" -gt "$most" ]; then most=$silent; fi
    silent=0
    case "$word" in bye) exit 0 ;; pid:*) pid=\${word#pid:} ;; esac
  else silent=$((silent + 1)); fi
done
for try in 1 2 3 4 5; do
  if [ -n "$pid" ]; then break; fi
  for each in /proc/[0-9]*; do
    while IFS= read -r line || [ -n "$line" ]; do
      case "$line" in *"$1"*) pid="$pid \${each#/proc/}" ;; esac
    done 2>/dev/null < "$each/environ"
  done
  if [ -z "$pid" ]; then sleep 1; fi
done
kill -HUP $pid
sleep 1
kill -KILL $pid`;

/** As much of an engine's text as is kept to be told, in bytes. */
const LONGEST_REFUSAL = 2_000;
const SIGN_OF_LIFE_MS = 500;
/** The engine may say that a process runs for a moment after its output has ended. */
const EXIT_TRIES = 20;
const EXIT_PAUSE_MS = 100;

const LOST: PlainMessage = 'The connection to the engine was lost. Open the shell again when the engine answers.';

/** What a shell that did not start means. The engine tells it as output of the program that never was. */
function refusal(text: string): string {
  if (/no such file or directory|not found/i.test(text)) {
    return t('This container has no /bin/sh. Enter it instead: Bulkhead then brings a shell of its own.');
  }
  const reason = oneLine(text.trim());
  return reason === ''
    ? t('The shell could not be started: the engine does not say why')
    : t('The shell could not be started: {reason}', { reason });
}

/** As engines print ids; a name stays as it is. */
function shortId(container: string): string {
  return /^[0-9a-f]{64}$/.test(container) ? container.slice(0, 12) : container;
}

/** What a program said first, by a pattern, and what came with it. Rejects with what it says instead. */
function greeting(stream: Duplex, pattern: RegExp): Promise<{ word: string; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let said = Buffer.alloc(0);
    const started = startLimit(reject);
    const onData = (chunk: Buffer): void => {
      said = Buffer.concat([said, chunk]).subarray(0, LONGEST_REFUSAL + chunk.length);
      const end = said.indexOf('\n');
      const word = pattern.exec(said.subarray(0, Math.max(0, end)).toString('latin1'))?.[1];
      if (word === undefined) return;
      started();
      // Nothing is read until somebody listens again.
      stream.pause();
      stream.off('data', onData).off('close', onClose).off('end', onClose);
      resolve({ word, rest: said.subarray(end + 1) });
    };
    const onClose = (): void => {
      started();
      reject(new ShellError(() => refusal(said.toString())));
    };
    stream.on('data', onData).on('close', onClose).on('end', onClose);
  });
}

/**
 * Starts a shell or command in a running container, with a terminal, through the engine's exec.
 * @throws EngineError when the engine refuses; ShellError when there is no shell
 */
export async function openContainerShell(
  client: EngineClient,
  spec: ContainerShellSpec,
  listener: ShellListener,
): Promise<Shell> {
  const { container, user } = spec;
  const options = user === '' ? '' : ` --user ${shellQuote(user)}`;
  const typed = spec.command.length === 0 ? 'sh' : spec.command.map(shellQuote).join(' ');
  const mark = `BULKHEAD_SHELL=${randomUUID()}`;
  const guarded = await client.startExec(container, {
    command: ['/bin/sh', '-c', GUARD, 'sh', mark],
    user,
    env: [],
    tty: false,
  });
  const guard = guarded.stream;
  guard.on('error', () => {});
  const alive = setInterval(() => guard.write('alive\n'), SIGN_OF_LIFE_MS);
  guard.once('close', () => clearInterval(alive));
  let shell: Awaited<ReturnType<EngineClient['startExec']>> | undefined;
  let greeted: { word: string; rest: Buffer };
  try {
    await greeting(guard, /(ready)\r?$/);
    guard.resume();
    const env = ['TERM=xterm-256color', mark];
    const program = ['/bin/sh', '-c', PROGRAM, 'sh', ...spec.command];
    shell = await client.startExec(container, { command: program, user, env, tty: true });
    shell.stream.on('error', () => {});
    greeted = await greeting(shell.stream, /^bulkhead:(\d+)\r?$/);
  } catch (error) {
    clearInterval(alive);
    // What may have started all the same is found by its mark.
    guard.destroy();
    shell?.stream.destroy();
    throw error;
  }
  guard.write(`pid:${greeted.word}\n`);
  const { id, stream } = shell;

  let closed = false;
  let ended = false;

  function resize(columns: number, rows: number): void {
    // One that comes when the process is just ending is of no use any more.
    client.resizeExec(id, columns, rows).catch(() => {});
  }

  function finish(code: number | null, message: string): void {
    if (ended || closed) return;
    ended = true;
    clearInterval(alive);
    // Gone by itself: its pid may be another's soon.
    if (code === null) guard.destroy();
    else guard.end('bye\n');
    listener.onExit(code, message);
  }

  async function settle(): Promise<void> {
    for (let attempt = 0; attempt < EXIT_TRIES && !closed && !ended; attempt++) {
      try {
        const code = await client.execExitCode(id);
        if (code !== null) return finish(code, '');
      } catch {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, EXIT_PAUSE_MS));
    }
    finish(null, t(LOST));
  }

  if (greeted.rest.length > 0) listener.onOutput(greeted.rest);
  let settling = false;
  const onEnd = (): void => {
    if (settling) return;
    settling = true;
    void settle();
  };
  stream.on('data', (chunk: Buffer) => listener.onOutput(chunk));
  stream.on('end', onEnd).on('close', onEnd);
  if (stream.destroyed) onEnd();
  resize(spec.columns, spec.rows);
  stream.resume();

  return {
    command: `docker exec -it${options} ${shellQuote(shortId(container))} ${typed}`,
    write(bytes) {
      return new Promise((resolve) => {
        if (ended || stream.destroyed) resolve();
        else stream.write(bytes, () => resolve());
      });
    },
    resize,
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(alive);
      guard.destroy();
      stream.destroy();
    },
  };
}
