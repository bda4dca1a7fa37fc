import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Client,
  type Handlers,
  type HostCommand,
  type SessionEvent,
  type SubscriptionParams,
  TERMINAL_INPUT,
  type TerminalEvent,
} from '#api/contract.ts';
import { createScriptedHandlers, type ScriptedHandlers, SNAPSHOT } from './handlers.ts';

/** Both ends of a transport, with the handlers at the far one. */
export interface Connection {
  readonly client: Client;
  /** Ends the transport from the inspector's side. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/** What the contract promises, whatever lies between page and inspector. */
export function contractSuite(transport: string, connect: (handlers: Handlers) => Promise<Connection>): void {
  describe(`the contract over ${transport}`, () => {
    let scripted: ScriptedHandlers;
    let connection: Connection;

    beforeEach(async () => {
      scripted = createScriptedHandlers();
      connection = await connect(scripted.handlers);
    });
    afterEach(() => connection.close());

    it('answers requests, each its own, and changes no text', async () => {
      const { client } = connection;
      const [info, snapshot, png] = await Promise.all([
        client.request('app.info', {}),
        client.request('snapshot.take', { endpoint: 'demo' }),
        client.request('export.png', { svg: '<svg/>', scale: 2 }),
      ]);
      expect(info).toEqual({
        version: '0.0.0',
        host: 'cli',
        platform: 'linux',
        nativeMenu: false,
        updatesItself: false,
        systemLanguage: 'en',
      });
      expect(snapshot).toEqual(SNAPSHOT);
      expect(png).toEqual({ base64: '<svg/>', missing: '<svg/>' });
    });

    it('carries a megabyte in each direction', async () => {
      const svg = 'é'.repeat(1_000_000);
      const result = await connection.client.request('export.png', { svg, scale: 1 });
      expect(result.base64 === svg).toBe(true);
    });

    it('tells the code and the message of a failure, and no more', async () => {
      const failing = connection.client.request('snapshot.take', { endpoint: 'nowhere' });
      await expect(failing).rejects.toMatchObject({
        code: 'endpoint-unknown',
        message: 'No endpoint nowhere. Choose another one.',
      });
    });

    it('refuses parameters that break the contract', async () => {
      const wrong = { svg: '', scale: 3 } as unknown as { svg: string; scale: 1 };
      await expect(connection.client.request('export.png', wrong)).rejects.toMatchObject({ code: 'bad-request' });
    });

    it('delivers events in order to who subscribed, until they unsubscribe', async () => {
      const events: SessionEvent[] = [];
      const commands: HostCommand[] = [];
      const stop = connection.client.subscribe('session', { endpoint: 'demo' }, (event) => events.push(event));
      connection.client.subscribe('host.commands', {}, (command) => commands.push(command));
      await vi.waitFor(() => expect(scripted.open()).toBe(2));
      for (let number = 0; number < 50; number++) {
        scripted.session({ type: 'alive', takenAt: 'now', durationMs: number, cpuMs: 0 });
      }
      scripted.command('fit');
      await vi.waitFor(() => expect(commands).toEqual([{ command: 'fit' }]));
      expect(events.map((event) => (event.type === 'alive' ? event.durationMs : -1))).toEqual([...Array(50).keys()]);
      stop();
      await vi.waitFor(() => expect(scripted.open()).toBe(1));
    });

    it('tells a change of the settings before it answers it', async () => {
      const told: string[] = [];
      connection.client.subscribe('settings', {}, ({ language }) => told.push(language));
      await vi.waitFor(() => expect(scripted.open()).toBe(1));
      await connection.client.request('settings.change', { change: { language: 'zh-CN' } });
      expect(told).toEqual(['zh-CN']);
    });

    const TERMINAL: SubscriptionParams<'terminal'> = {
      endpoint: 'demo',
      target: { type: 'container', id: 'c', user: '', command: [] },
      columns: 80,
      rows: 24,
    };

    it('carries the bytes of a terminal both ways, in order, until it is closed', async () => {
      const events: TerminalEvent[] = [];
      const stop = connection.client.subscribe('terminal', TERMINAL, (event) => events.push(event));
      await vi.waitFor(() => expect(events).toEqual([{ type: 'opened', terminal: 'container', command: 'sh' }]));
      const pieces = Array.from({ length: 20 }, (_, byte) => Buffer.alloc(TERMINAL_INPUT, byte).toString('base64'));
      for (const data of pieces) await connection.client.request('terminal.input', { terminal: 'container', data });
      expect(events.slice(1)).toEqual(pieces.map((data) => ({ type: 'output', data })));
      stop();
      await vi.waitFor(() => expect(scripted.open()).toBe(0));
    });

    it('refuses terminal input that is too long or no base64, and sizes that are none', async () => {
      const { client } = connection;
      const input = (data: string) => client.request('terminal.input', { terminal: 'x', data });
      await expect(input('A'.repeat(TERMINAL_INPUT * 2))).rejects.toMatchObject({ code: 'bad-request' });
      await expect(input('not base64')).rejects.toMatchObject({ code: 'bad-request' });
      await expect(client.request('terminal.resize', { terminal: 'x', columns: 0, rows: 1 })).rejects.toMatchObject({
        code: 'bad-request',
      });
    });

    it('ends the subscriptions of a client that closes', async () => {
      connection.client.subscribe('host.commands', {}, () => {});
      await vi.waitFor(() => expect(scripted.open()).toBe(1));
      connection.client.close();
      await vi.waitFor(() => expect(scripted.open()).toBe(0));
    });

    it('tells every subscriber and caller when the inspector goes', async () => {
      const onEnd = vi.fn();
      connection.client.subscribe('host.commands', {}, () => {}, onEnd);
      await vi.waitFor(() => expect(scripted.open()).toBe(1));
      await connection.cut();
      await vi.waitFor(() =>
        expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'closed' })),
      );
      await expect(connection.client.request('app.info', {})).rejects.toMatchObject({ code: 'closed' });
    });
  });
}
