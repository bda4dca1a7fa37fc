import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { Settings } from '../../../src/api/settings.ts';
import { createSettings } from '../../../src/inspector/settings/settings.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { startVm } from '../../support/vm.ts';
import { AppPage } from './app-page.ts';

const IN_VM = process.env.BULKHEAD_TEST_ENGINE === 'vm';

/** Someone who has read the first page, and let the helper run. */
export const AGREED: Partial<Settings> = { welcomed: true, helper: { agreed: true, never: [] } };

/** The browser host as users start it. */
export interface Served {
  /** The address with the token in its fragment. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts `bulkhead serve` from the build and waits for the address, its only line on stdout.
 * @param settings what the user has chosen before
 * @param file the file of settings as it is, instead of `settings`
 * @param hidden true hides the machine's own sockets (all of /run), so that no engine is found but those of `env`
 */
export async function startServe(
  env: Record<string, string>,
  hidden = false,
  settings: Partial<Settings> = AGREED,
  file: string | null = null,
): Promise<Served> {
  // No context or socket of the machine's own user may leak into the list of engines.
  const home = mkdtempSync(join(tmpdir(), 'bulkhead-home-'));
  const store = createSettings({ env: {}, home, platform: process.platform });
  await store.change(settings);
  if (file !== null) writeFileSync(store.file, file);
  const serve = [process.execPath, 'out/cli/bulkhead.js', 'serve', '--port', '0'];
  const line = hidden
    ? ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /run && exec "$@"', 'sh', ...serve]
    : serve;
  const child: ChildProcess = spawn(line[0] ?? '', line.slice(1), {
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', DOCKER_CONTEXT: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout?.on('data', (data: Buffer) => {
      out += data.toString();
      const end = out.indexOf('\n');
      if (end > 0) resolve(out.slice(0, end).trim());
    });
    child.stderr?.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      reject(new Error(`bulkhead serve ended with ${code} before it gave an address:\n${err}`)),
    );
  });
  return {
    url,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * `engine` and `served` live as long as the worker. `app` is the page, opened on the private engine; whatever it throws
 * or logs as an error, the content security policy's complaints among it, fails the test.
 */
export const test = base.extend<{ app: AppPage }, { engine: TestEngine; served: Served }>({
  engine: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the first parameter's fields
    async ({}, use) => {
      // The same tests, with everything in a VM that shares nothing with this machine.
      const engine = IN_VM ? await startVm() : await startEngine();
      await use(engine);
      await engine.stop();
    },
    // The first start on a machine builds the VM.
    { scope: 'worker', timeout: IN_VM ? 900_000 : 120_000 },
  ],
  served: [
    async ({ engine }, use) => {
      const served = await startServe({ DOCKER_HOST: engine.host });
      await use(served);
      await served.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  app: async ({ page, served }, use) => {
    const app = new AppPage(page);
    await app.open(served.url);
    await use(app);
    expect(app.errors, 'errors in the page').toEqual([]);
  },
});

export { expect };
