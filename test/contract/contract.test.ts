import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createClient } from '#api/client.ts';
import { createMemoryPorts } from '#api/memory-port.ts';
import { serve } from '#api/serve.ts';
import { createWebSocketPort, WEB_SOCKET_PATH } from '#api/web-socket-port.ts';
import { startWebHost } from '#web/web-host.ts';
import { contractSuite } from './suite.ts';

contractSuite('memory', async (handlers) => {
  const [page, inspector] = createMemoryPorts();
  serve(inspector, handlers);
  const client = createClient(page);
  return { client, cut: async () => inspector.close(), close: async () => client.close() };
});

contractSuite('WebSocket', async (handlers) => {
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
});
