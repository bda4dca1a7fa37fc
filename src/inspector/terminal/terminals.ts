import { randomUUID } from 'node:crypto';
import { type RequestParams, type SubscriptionParams, TERMINAL_WINDOW, type TerminalEvent } from '#api/contract.ts';
import { errorText } from '../endpoint/system.ts';
import type { Connection } from '../engine/connection.ts';
import { EngineClient } from '../engine/engine.ts';
import { openContainerShell } from './container-shell.ts';
import { type Shell, ShellError, type ShellListener } from './shell.ts';

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

/** @param connect gives a connection to an endpoint; fails with a sentence for people */
export function createTerminals(connect: (endpoint: string) => Promise<Connection>): Terminals {
  const terminals = new Map<string, Open>();
  const ends = new Set<() => void>();
  const starting = new Set<Promise<void>>();

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
      if (shell === null) return;
      shell.close();
      connection?.close();
    };
    const exit = (code: number | null, message: string): void => {
      if (ended) return;
      tell({ type: 'exit', code, message });
      end();
    };
    const listener: ShellListener = {
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
        const client = new EngineClient(connection);
        await client.describe();
        if (ended) return connection.close();
        const { target, columns, rows } = params;
        if (target.type !== 'container') throw new ShellError('Not built yet.');
        const opened = await openContainerShell(
          client,
          { container: target.id, user: target.user, command: target.command, columns, rows },
          listener,
        );
        shell = opened;
        if (ended) {
          opened.close();
          connection.close();
          return;
        }
        if (waiting >= TERMINAL_WINDOW) opened.pause();
        terminals.set(id, {
          shell: opened,
          acknowledge(bytes) {
            waiting = Math.max(0, waiting - bytes);
            if (waiting < TERMINAL_WINDOW / 2) opened.resume();
          },
        });
        emit({ type: 'opened', terminal: id, command: opened.command });
        for (const event of early ?? []) emit(event);
        early = null;
      } catch (error) {
        early = null;
        exit(null, errorText(error));
        connection?.close();
      }
    }

    ends.add(end);
    const started = start().finally(() => starting.delete(started));
    starting.add(started);
    return end;
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
      await Promise.all(starting);
    },
  };
}
