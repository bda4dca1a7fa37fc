import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { build } from 'vite';
import { afterAll, beforeAll } from 'vitest';
import { createClient } from '#api/client.ts';
import type { Handlers, Port } from '#api/contract.ts';
import { serve } from '#api/serve.ts';
import { describeWith } from '../support/require.ts';
import { contractSuite } from './suite.ts';

/** What the page keeps for the test: its end of the connection, and where messages go. */
interface TestWindow {
  readonly bulkhead: { connect(): Port };
  port: Port;
  received(text: string): void;
  ended(): void;
}

describeWith(
  'Electron’s IPC, with the built preload',
  { files: ['out/preload/preload.cjs', process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium'] },
  () => {
    let folder: string;
    let relay: Server;
    let electron: ElectronApplication;
    let page: Page;
    let onRelay: (socket: Socket) => void = () => {};
    let onText: (text: string) => void = () => {};
    let onEnd: () => void = () => {};

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bulkhead-ipc-'));
      await build({
        configFile: false,
        logLevel: 'error',
        build: {
          ssr: 'test/standin/contract-main.ts',
          outDir: folder,
          target: 'node20',
          rolldownOptions: { external: ['electron'], output: { format: 'es', entryFileNames: 'main.mjs' } },
        },
        ssr: { noExternal: true, external: ['electron'] },
      });
      await mkdir(join(folder, 'page'), { recursive: true });
      await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>contract</title>');
      await copyFile('out/preload/preload.cjs', join(folder, 'preload.cjs'));
      await symlink(resolve('node_modules'), join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), '{"name":"contract","version":"0.0.0","main":"main.mjs"}');
      relay = createServer((socket) => onRelay(socket));
      await new Promise<void>((done) => relay.listen(0, '127.0.0.1', done));
      electron = await _electron.launch({
        executablePath: process.env.BULKHEAD_ELECTRON ?? resolve('test/standin/electron.mjs'),
        args: [folder],
        env: { ...process.env, BULKHEAD_RELAY: String((relay.address() as AddressInfo).port) } as Record<
          string,
          string
        >,
      });
      page = await electron.firstWindow();
      await page.waitForFunction(() => 'bulkhead' in window && document.title === 'contract');
      await page.exposeFunction('received', (text: string) => onText(text));
      await page.exposeFunction('ended', () => onEnd());
    }, 60_000);
    afterAll(async () => {
      await electron?.close();
      relay?.close();
      await rm(folder, { recursive: true, force: true });
    });

    contractSuite('Electron’s IPC', async (handlers: Handlers) => {
      const far = new Promise<Socket>((done) => {
        onRelay = done;
      });
      const messageListeners: ((text: string) => void)[] = [];
      const closeListeners: (() => void)[] = [];
      onText = (text) => {
        for (const listener of messageListeners) listener(text);
      };
      onEnd = () => {
        for (const listener of closeListeners) listener();
      };
      await page.evaluate(() => {
        const test = window as unknown as TestWindow;
        test.port = test.bulkhead.connect();
        test.port.onMessage((text) => test.received(text));
        test.port.onClose(() => test.ended());
      });
      const socket = await far;
      const inspectorListeners: ((text: string) => void)[] = [];
      createInterface({ input: socket }).on('line', (line) => {
        for (const listener of inspectorListeners) listener(JSON.parse(line));
      });
      serve(
        {
          send: (text) => socket.write(`${JSON.stringify(text)}\n`),
          onMessage: (listener) => inspectorListeners.push(listener),
          onClose: (listener) => socket.on('close', listener),
          close: () => socket.end(),
        },
        handlers,
      );
      // One call after the other: what is sent in order must arrive in order.
      let sending: Promise<unknown> = Promise.resolve();
      const client = createClient({
        send: (text) => {
          sending = sending.then(() => page.evaluate((it) => (window as unknown as TestWindow).port.send(it), text));
        },
        onMessage: (listener) => messageListeners.push(listener),
        onClose: (listener) => closeListeners.push(listener),
        close: () => {
          sending = sending.then(() => page.evaluate(() => (window as unknown as TestWindow).port.close()));
        },
      });
      return {
        client,
        cut: async () => {
          socket.destroy();
        },
        close: async () => {
          client.close();
          await sending;
        },
      };
    });
  },
);
