import type { Duplex } from 'node:stream';
import { shellQuote } from '#core/enter/command-line.ts';
import type { EngineClient } from '../engine/engine.ts';
import { oneLine } from '../engine/failure.ts';
import { type Shell, ShellError, type ShellListener } from './shell.ts';

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
 * by without a terminal: its stdin ends with our connection, and it ends the first. Needs nothing but a shell's own
 * commands; without `sleep` there is no time between the two signals. An engine that was killed leaves its stdin open:
 * where the shell can wait for a limited time, a silence of 2 s ends it too.
 */
const GUARD = `read -r pid || exit 0
limit=
if echo | read -r -t 1 word 2>/dev/null; then limit='-t 2'; fi
echo ready
while read -r $limit word; do if [ "$word" = bye ]; then exit 0; fi; done
kill -HUP "$pid"
sleep 1
kill -KILL "$pid"`;

/** As much of an engine's text as is kept to be told, in bytes. */
const LONGEST_REFUSAL = 2_000;
const SIGN_OF_LIFE_MS = 500;
/** The engine may say that a process runs for a moment after its output has ended. */
const EXIT_TRIES = 20;
const EXIT_PAUSE_MS = 100;

const LOST = 'The connection to the engine was lost. Open the shell again when the engine answers.';

/** What a shell that did not start means. The engine tells it as output of the program that never was. */
function refusal(text: string): string {
  if (/no such file or directory|not found/i.test(text)) {
    return 'This container has no /bin/sh. Enter it instead: Bulkhead then brings a shell of its own.';
  }
  return `The shell could not be started: ${oneLine(text.trim()) || 'the engine does not say why'}`;
}

/** As engines print ids; a name stays as it is. */
function shortId(container: string): string {
  return /^[0-9a-f]{64}$/.test(container) ? container.slice(0, 12) : container;
}

/** The pid that the program said first, and what came with it. Rejects with what it says instead. */
function greeting(stream: Duplex): Promise<{ pid: string; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let said = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      said = Buffer.concat([said, chunk]).subarray(0, LONGEST_REFUSAL + chunk.length);
      const end = said.indexOf('\n');
      const pid = /^bulkhead:(\d+)\r?$/.exec(said.subarray(0, Math.max(0, end)).toString('latin1'))?.[1];
      if (pid === undefined) return;
      // Nothing is read until somebody listens again.
      stream.pause();
      stream.off('data', onData).off('close', onClose).off('end', onClose);
      resolve({ pid, rest: said.subarray(end + 1) });
    };
    const onClose = (): void => reject(new ShellError(refusal(said.toString())));
    stream.on('data', onData).on('close', onClose).on('end', onClose);
  });
}

/** Resolves when the guard knows whom to end. */
function guarding(stream: Duplex, pid: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEnd = (): void =>
      reject(new ShellError('The shell was not started: nothing would end it after a lost connection. Try again.'));
    stream.once('data', () => resolve()).on('close', onEnd);
    stream.write(`${pid}\n`);
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
  const env = ['TERM=xterm-256color'];
  const program = ['/bin/sh', '-c', PROGRAM, 'sh', ...spec.command];
  const shell = await client.startExec(container, { command: program, user, env, tty: true });
  shell.stream.on('error', () => {});
  const [greeted, guarded] = await Promise.allSettled([
    greeting(shell.stream),
    client.startExec(container, { command: ['/bin/sh', '-c', GUARD], user, env: [], tty: false }),
  ]);
  if (guarded.status === 'fulfilled') guarded.value.stream.on('error', () => {});
  if (greeted.status === 'rejected' || guarded.status === 'rejected') {
    shell.stream.destroy();
    if (guarded.status === 'fulfilled') guarded.value.stream.destroy();
    throw greeted.status === 'rejected' ? greeted.reason : (guarded as PromiseRejectedResult).reason;
  }
  const guard = guarded.value.stream;
  await guarding(guard, greeted.value.pid);
  const alive = setInterval(() => guard.write('alive\n'), SIGN_OF_LIFE_MS);
  guard.once('close', () => clearInterval(alive));

  let closed = false;
  let ended = false;

  function resize(columns: number, rows: number): void {
    // One that comes when the process is just ending is of no use any more.
    client.resizeExec(shell.id, columns, rows).catch(() => {});
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
        const code = await client.execExitCode(shell.id);
        if (code !== null) return finish(code, '');
      } catch {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, EXIT_PAUSE_MS));
    }
    finish(null, LOST);
  }

  if (greeted.value.rest.length > 0) listener.onOutput(greeted.value.rest);
  let settling = false;
  const onEnd = (): void => {
    if (settling) return;
    settling = true;
    void settle();
  };
  shell.stream.on('data', (chunk: Buffer) => listener.onOutput(chunk));
  shell.stream.on('end', onEnd).on('close', onEnd);
  if (shell.stream.destroyed) onEnd();
  resize(spec.columns, spec.rows);
  shell.stream.resume();

  return {
    command: `docker exec -it${options} ${shellQuote(shortId(container))} ${typed}`,
    write(bytes) {
      return new Promise((resolve) => {
        if (ended || shell.stream.destroyed) resolve();
        else shell.stream.write(bytes, () => resolve());
      });
    },
    resize,
    pause: () => shell.stream.pause(),
    resume: () => shell.stream.resume(),
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(alive);
      guard.destroy();
      shell.stream.destroy();
    },
  };
}
