import { type ChildProcess, spawn } from 'node:child_process';
import { test as base, expect, type Page } from '@playwright/test';
import { startEngine } from '../support/engine.ts';

type Engine = Awaited<ReturnType<typeof startEngine>>;

/** The browser host as users start it, connected to the private engine. */
export interface Served {
  /** The address with the token in its fragment. */
  readonly url: string;
  readonly process: ChildProcess;
}

/** Starts `bulkhead serve` from the build and waits for the address, its only line on stdout. */
export async function startServe(env: Record<string, string>): Promise<Served> {
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve', '--port', '0'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      const end = out.indexOf('\n');
      if (end > 0) resolve(out.slice(0, end).trim());
    });
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      reject(new Error(`bulkhead serve ended with ${code} before it gave an address:\n${err}`)),
    );
  });
  return { url, process: child };
}

export async function stopServe(served: Served): Promise<void> {
  if (served.process.exitCode !== null) return;
  const ended = new Promise((resolve) => served.process.once('exit', resolve));
  served.process.kill('SIGTERM');
  await ended;
}

/** `engine` and `served` live as long as the worker; `app` is a page opened with the token, whose errors fail the test. */
export const test = base.extend<{ app: Page }, { engine: Engine; served: Served }>({
  engine: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the first parameter's fields
    async ({}, use) => {
      const engine = await startEngine();
      await use(engine);
      await engine.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  served: [
    async ({ engine }, use) => {
      const served = await startServe({ DOCKER_HOST: engine.host });
      await use(served);
      await stopServe(served);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  app: async ({ page, served }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(served.url);
    await use(page);
    expect(errors, 'errors in the page').toEqual([]);
  },
});

export { expect };
