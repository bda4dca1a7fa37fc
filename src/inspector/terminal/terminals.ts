import { randomUUID } from 'node:crypto';
import { type RequestParams, type SubscriptionParams, TERMINAL_WINDOW, type TerminalEvent } from '#api/contract.ts';
import { claimedProgram, engineProcess, treeOfVm, vmTarget } from '#core/enter/vm-target.ts';
import type { Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import type { Connection } from '../engine/connection.ts';
import { EngineClient } from '../engine/engine.ts';
import { errorText } from '../told.ts';
import { openContainerShell } from './container-shell.ts';
import { type EnterSpec, openEnteredShell, type ProcessRef } from './program-shell.ts';
import { type Shell, ShellError, type ShellListener } from './shell.ts';

/** Those in which the VM's own processes may differ from each other; a pid and a user namespace would hide the rest. */
const VM_KINDS: EnterSpec['namespaces'] = ['mnt', 'net', 'ipc', 'uts', 'cgroup'];

const INIT: ProcessRef = { pid: 1, startTime: 0, exe: null };

function refTo(process: Process | null): ProcessRef {
  if (process === null) return INIT;
  return { pid: process.pid, startTime: process.startTime, exe: claimedProgram(process) };
}

interface Open {
  readonly shell: Shell;
  acknowledge(bytes: number): void;
}

/** The open terminals of an inspector: each with a connection of its own, so that none waits for another's output. */
export interface Terminals {
  open(params: SubscriptionParams<'terminal'>, emit: (event: TerminalEvent) => void): () => void;
  input(params: RequestParams<'terminal.input'>): Promise<void>;
  resize(params: RequestParams<'terminal.resize'>): void;
  acknowledge(params: RequestParams<'terminal.acknowledge'>): void;
  /** Ends them all, also those that are just starting. */
  close(): Promise<void>;
}

export interface TerminalsOptions {
  /** A connection to an endpoint's engine, null for this machine; fails with a sentence for people. */
  connect(endpoint: string): Promise<Connection | null>;
  /** The newest snapshot of an endpoint. */
  snapshot(endpoint: string): Promise<Snapshot>;
  /** The pids of those that hold the engine's own socket, as far as that must be asked. */
  engineSocketHolders(endpoint: string, snapshot: Snapshot): Promise<ReadonlySet<number>>;
}

const NO_ENGINE: PlainMessage =
  'No process is surely this engine’s, run by root of the machine, so its tree is unknown. Choose the tree of init.';

export function createTerminals({ connect, snapshot, engineSocketHolders }: TerminalsOptions): Terminals {
  const terminals = new Map<string, Open>();
  const ends = new Set<() => void>();
  const pending = new Set<Promise<void>>();

  function open(params: SubscriptionParams<'terminal'>, emit: (event: TerminalEvent) => void): () => void {
    const id = randomUUID();
    let connection: Connection | null = null;
    let shell: Shell | null = null;
    let ended = false;
    /** What came before the one who asked knows the terminal's name. */
    let early: TerminalEvent[] | null = [];
    /** Bytes that were sent and not acknowledged. */
    let waiting = 0;

    const tell = (event: TerminalEvent): void => {
      if (early === null) emit(event);
      else early.push(event);
    };
    const end = (): void => {
      if (ended) return;
      ended = true;
      ends.delete(end);
      terminals.delete(id);
      // One that is just starting must have started to be ended: that is done below.
      if (shell !== null) finish(shell);
    };
    const finish = (opened: Shell): void => {
      const gone = opened.close().finally(() => {
        connection?.close();
        pending.delete(gone);
      });
      pending.add(gone);
    };
    const exit = (code: number | null, message: string): void => {
      if (ended) return;
      tell({ type: 'exit', code, message });
      // What ended before it was told of is told of first.
      if (early === null) end();
    };
    const listener: ShellListener = {
      onNotice(message) {
        if (!ended) emit({ type: 'notice', message });
      },
      onOutput(bytes) {
        if (ended) return;
        waiting += bytes.length;
        if (waiting >= TERMINAL_WINDOW) shell?.pause();
        tell({ type: 'output', data: bytes.toString('base64') });
      },
      onExit: exit,
    };

    async function start(): Promise<void> {
      try {
        connection = await connect(params.endpoint);
        const opened = await openShell(params, connection, listener, () => ended);
        if (opened === null) return connection?.close();
        shell = opened;
        if (ended) return finish(opened);
        if (waiting >= TERMINAL_WINDOW) opened.pause();
        terminals.set(id, {
          shell: opened,
          acknowledge(bytes) {
            waiting = Math.max(0, waiting - bytes);
            if (waiting < TERMINAL_WINDOW / 2) opened.resume();
          },
        });
        emit({ type: 'opened', terminal: id, command: opened.command });
        const told = early ?? [];
        early = null;
        for (const event of told) emit(event);
        if (told.at(-1)?.type === 'exit') end();
      } catch (error) {
        early = null;
        exit(null, errorText(error));
        connection?.close();
      }
    }

    ends.add(end);
    const started = start().finally(() => pending.delete(started));
    pending.add(started);
    return end;
  }

  /** Null when nobody waits for it any more. */
  async function openShell(
    { endpoint, target, columns, rows }: SubscriptionParams<'terminal'>,
    connection: Connection | null,
    listener: ShellListener,
    ended: () => boolean,
  ): Promise<Shell | null> {
    const client = connection === null ? null : new EngineClient(connection);
    const engine = await client?.describe();
    if (ended()) return null;
    if (target.type === 'container') {
      if (client === null) throw new ShellError(() => t('There is no engine here. Enter a process instead.'));
      const { id: container, user, command } = target;
      return openContainerShell(client, { container, user, command, columns, rows }, listener);
    }
    const now = await snapshot(endpoint);
    const holders = await engineSocketHolders(endpoint, now);
    let spec: EnterSpec;
    if (target.type === 'enter') {
      spec = { ...target, exe: null, base: refTo(treeOfVm(now)) };
    } else {
      const found = vmTarget(now, target.tree, holders);
      if (target.tree === 'engine' && found === null) throw new ShellError(() => t(NO_ENGINE));
      const { command } = target;
      spec = { ...refTo(found), namespaces: VM_KINDS, root: true, base: INIT, user: 'root', command };
    }
    const place = client === null || engine === undefined ? null : { client, engine };
    return openEnteredShell(place, spec, { columns, rows }, engineProcess(now, holders), listener);
  }

  return {
    open,
    async input({ terminal, data }) {
      // One that has just ended is no error: its end is told by an event of its own.
      await terminals.get(terminal)?.shell.write(Buffer.from(data, 'base64'));
    },
    resize({ terminal, columns, rows }) {
      terminals.get(terminal)?.shell.resize(columns, rows);
    },
    acknowledge({ terminal, bytes }) {
      terminals.get(terminal)?.acknowledge(bytes);
    },
    async close() {
      for (const end of [...ends]) end();
      // One that was just starting adds its own end.
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
