import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Client, Handlers, HostCommand, SessionEvent } from '#api/contract.ts';
import { createMemoryPorts } from '#api/memory-port.ts';
import { createClient, serve } from '#api/rpc.ts';
import { createWebSocketPort, WEB_SOCKET_PATH } from '#api/web-socket-port.ts';
import { startWebHost } from '#web/web-host.ts';
import { createScriptedHandlers, type ScriptedHandlers, SNAPSHOT } from './handlers.ts';

interface Connection {
  readonly client: Client;
  /** Ends the transport from the inspector's side. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/** The same contract over every transport that runs in Node; Electron's is tried in the end-to-end tests. */
const transports: readonly (readonly [string, (handlers: Handlers) => Promise<Connection>])[] = [
  [
    'memory',
    async (handlers) => {
      const [page, inspector] = createMemoryPorts();
      serve(inspector, handlers);
      const client = createClient(page);
      return { client, cut: async () => inspector.close(), close: async () => client.close() };
    },
  ],
  [
    'WebSocket',
    async (handlers) => {
      const staticDir = await mkdtemp(join(tmpdir(), 'bulkhead-contract-'));
      await writeFile(join(staticDir, 'index.html'), '<!doctype html>');
      const host = await startWebHost(handlers, { staticDir });
      const url = new URL(host.urlWithToken);
      const socket = new WebSocket(`ws://${url.host}${WEB_SOCKET_PATH}`, { origin: url.origin });
      const client = createClient(createWebSocketPort(socket, url.hash.slice('#token='.length)));
      return {
        client,
        cut: () => host.close(),
        close: async () => {
          client.close();
          await host.close();
          await rm(staticDir, { recursive: true });
        },
      };
    },
  ],
];

describe.each(transports)('the contract over %s', (_name, connect) => {
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
    expect(info).toEqual({ version: '0.0.0', host: 'cli', platform: 'linux', nativeMenu: false });
    expect(snapshot).toEqual(SNAPSHOT);
    expect(png).toEqual({ base64: '<svg/>', missing: 6 });
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
    await vi.waitFor(() => expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'closed' })));
    await expect(connection.client.request('app.info', {})).rejects.toMatchObject({ code: 'closed' });
  });
});
