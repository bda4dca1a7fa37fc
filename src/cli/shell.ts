import { createInterface } from 'node:readline';
import type { SubscriptionEvent, TerminalTarget } from '#api/contract.ts';
import { TERMINAL_INPUT } from '#api/contract.ts';
import { typedText } from '#core/answer/container-names.ts';
import { treeOfVm } from '#core/enter/vm-target.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, sentences, t } from '#core/words/words.ts';
import { type Command, type Context, pickEndpoint, takeSnapshot, untilAborted } from './context.ts';
import type { EndpointOptions } from './endpoint-choice.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { candidateLines, containersLike, findContainer } from './find-container.ts';

export interface ShellOptions extends EndpointOptions {
  /** True where the tree was left to us. */
  readonly vm?: 'init' | 'engine' | true;
  readonly user?: string;
}

export interface EnterOptions extends EndpointOptions, Partial<Readonly<Record<NamespaceKind, boolean>>> {
  readonly root?: boolean;
  readonly as: 'root' | 'target';
}

const INIT = 1;

/** What full privilege means, said before each shell that has it. */
const ROOT_IN_VM: PlainMessage =
  'This shell is root outside of all containers: what it changes, it changes for every container.';

const AS_TARGET: PlainMessage = 'This program may do what its target may, except as said here.';

/** Said to what runs behind a terminal when there is no more input. */
const END_OF_INPUT = '\u0004';

/** Ties our own terminal to one of the contract's until its program ends: bytes, size, and in the end its exit code. */
function attach(context: Context, endpoint: string, target: TerminalTarget): Promise<number> {
  const { input, output } = context.terminal;
  const raw = input.isTTY === true;
  return new Promise((resolve, reject) => {
    void context.inspector().then((inspector) => {
      let name: string | null = null;
      let sending = Promise.resolve();
      const send = (bytes: Buffer): void => {
        input.pause();
        sending = sending
          .then(async () => {
            for (let at = 0; at < bytes.length && name !== null; at += TERMINAL_INPUT) {
              const data = bytes.subarray(at, at + TERMINAL_INPUT).toString('base64');
              await inspector.request['terminal.input']({ terminal: name, data });
            }
            input.resume();
          })
          .catch(() => {});
      };
      const onEnd = (): void => send(Buffer.from(END_OF_INPUT));
      const onResize = (): void => {
        if (name === null) return;
        const { columns, rows } = size();
        void inspector.request['terminal.resize']({ terminal: name, columns, rows });
      };
      // A terminal that has no size says 0.
      const size = () => ({ columns: output.columns || 80, rows: output.rows || 24 });
      const finish = (settle: () => void): void => {
        input.off('data', send).off('end', onEnd).pause();
        output.off('resize', onResize);
        context.signal.removeEventListener('abort', aborted);
        if (raw) input.setRawMode(false);
        stop();
        settle();
      };
      const aborted = (): void => finish(() => resolve(EXIT.interrupted));
      const onEvent = (event: SubscriptionEvent<'terminal'>): void => {
        if (event.type === 'notice') {
          context.notice(visibleText(event.message));
        } else if (event.type === 'opened') {
          name = event.terminal;
          if (raw) input.setRawMode(true);
          input.on('data', send).on('end', onEnd).resume();
          output.on('resize', onResize);
        } else if (event.type === 'output') {
          const bytes = Buffer.from(event.data, 'base64');
          const terminal = name;
          // Acknowledged when it is on its way: a reader that is slow holds the program back, and no memory grows.
          output.write(bytes, () => {
            if (terminal !== null) {
              void inspector.request['terminal.acknowledge']({ terminal, bytes: bytes.length });
            }
          });
        } else {
          queueMicrotask(() =>
            finish(() => {
              if (event.code !== null) resolve(event.code);
              else reject(new CliError(EXIT.failed, visibleText(event.message)));
            }),
          );
        }
      };
      const stop = inspector.subscribe.terminal({ endpoint, target, ...size() }, onEvent);
      context.signal.addEventListener('abort', aborted, { once: true });
      if (context.signal.aborted) aborted();
    }, reject);
  });
}

/** A container by id, the start of an id, or name; else a process by its outer pid. */
function findTarget(snapshot: Snapshot, target: string): Process {
  const container = findContainer(snapshot, target);
  if (container !== null && container.pid === null) {
    throw new CliError(EXIT.failed, t('{name} is not running. Start it first.', { name: visibleText(container.name) }));
  }
  const pid = container?.pid ?? (/^\d+$/.test(target) ? Number(target) : null);
  const process = snapshot.processes.find((each) => each.pid === pid);
  if (process !== undefined) return process;
  throw new CliError(
    EXIT.usage,
    t('There is no container or process {name}. `bulkhead scan` lists the containers.', {
      name: visibleText(typedText(target)),
    }) + candidateLines(containersLike(snapshot, target)),
  );
}

/** Whether the user wants a root shell who has not asked for one in words. */
async function agrees(context: Context): Promise<boolean> {
  const { input } = context.terminal;
  if (input.isTTY !== true) {
    throw new CliError(EXIT.usage, t('Name a container, or say --vm for a root shell in the VM.'));
  }
  context.notice(sentences(t('No container was named.'), t(ROOT_IN_VM), t('Type yes to open a shell in the VM:')));
  const lines = createInterface({ input });
  const answer = new Promise<string>((resolve) => {
    lines.once('line', resolve).once('close', () => resolve(''));
  });
  try {
    return /^\s*y(es)?\s*$/i.test(await untilAborted(context.signal, answer));
  } finally {
    lines.close();
  }
}

/**
 * A shell in a container, as `docker exec`; without one, a root shell in the VM, if the user says so.
 * @param words the container and a command, or for the VM a command alone
 */
export function shellCommand(words: readonly string[], options: ShellOptions): Command {
  return async (context) => {
    const container = options.vm === undefined ? words[0] : undefined;
    const command = words.slice(container === undefined ? 0 : 1);
    if (container !== undefined) {
      const endpoint = await pickEndpoint(context, options);
      return attach(context, endpoint, { type: 'container', id: container, user: options.user ?? '', command });
    }
    if (options.vm !== undefined) context.notice(t(ROOT_IN_VM));
    else if (!(await agrees(context))) throw new CliError(EXIT.failed, t('No shell was opened.'));
    const endpoint = await pickEndpoint(context, options);
    const asked = options.vm === 'init' || options.vm === 'engine' ? options.vm : null;
    // Where init is closed to everybody, the engine's tree is the VM's own that can be had.
    const tree = asked ?? (treeOfVm(await takeSnapshot(context, options))?.pid === INIT ? 'init' : 'engine');
    return attach(context, endpoint, { type: 'vm', tree, command });
  };
}

/** Joins namespaces of a container's init or of a process: the chosen kinds, or all of them and its root directory. */
export function enterCommand(target: string, command: readonly string[], options: EnterOptions): Command {
  return async (context) => {
    const snapshot = await takeSnapshot(context, options);
    const endpoint = await pickEndpoint({ ...context, notice: () => {} }, options);
    const { pid, startTime, namespaces } = findTarget(snapshot, target);
    const chosen = NAMESPACE_KINDS.filter((kind) => options[kind] === true);
    const all = NAMESPACE_KINDS.filter((kind) => namespaces[kind] !== null);
    const some = chosen.length > 0 || options.root === true;
    context.notice(t(options.as === 'root' ? ROOT_IN_VM : AS_TARGET));
    return attach(context, endpoint, {
      type: 'enter',
      pid,
      startTime,
      namespaces: some ? chosen : all,
      root: some ? options.root === true : true,
      user: options.as,
      command: [...command],
    });
  };
}
