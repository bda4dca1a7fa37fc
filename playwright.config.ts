import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Debian's browser where it is installed, else the one that Playwright was told to fetch. */
const CHROMIUM = process.env.BULKHEAD_CHROMIUM ?? '/usr/bin/chromium';

/** The engine is in a VM that is emulated in software: everything that it does takes several times as long. */
const SLOW = process.env.BULKHEAD_TEST_ENGINE === 'vm' ? 4 : 1;

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // One engine, one machine: tests start and stop containers and must not see each other's.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.BULKHEAD_MUST_RUN === '1',
  timeout: 60_000 * SLOW,
  expect: { timeout: 10_000 * SLOW },
  reporter: [['list']],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    {
      name: 'web',
      testIgnore: '**/electron.spec.ts',
      use: {
        browserName: 'chromium',
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(existsSync(CHROMIUM) ? { executablePath: CHROMIUM } : {}),
          // Chromium's sandbox refuses to start for root.
          args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
        },
      },
    },
    { name: 'electron', testMatch: '**/electron.spec.ts' },
  ],
});
