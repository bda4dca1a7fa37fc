import { defineConfig } from 'vitest/config';

const node = { environment: 'node' as const, testTimeout: 20_000 };
/** Tests on a real engine or kernel: one file at a time, because they measure and count what runs on the machine. */
const machine = { ...node, testTimeout: 60_000, hookTimeout: 120_000, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      { test: { ...node, name: 'unit', include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/unit/**/*.test.ts'] } },
      { test: { ...node, name: 'fence', include: ['test/fence/**/*.test.ts'] } },
      { test: { ...machine, name: 'probe', include: ['test/probe/**/*.test.ts'] } },
      { test: { ...node, name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      { test: { ...machine, name: 'cli', include: ['test/cli/**/*.test.ts'] } },
      // Two files, which do not meet each other: one of them waits for downloads.
      { test: { ...machine, name: 'package', fileParallelism: true, include: ['test/package/**/*.test.ts'] } },
      { test: { ...machine, name: 'windows', include: ['test/windows/**/*.test.ts'] } },
      // Everything in it is emulated.
      { test: { ...machine, name: 'vm', testTimeout: 180_000, include: ['test/vm/**/*.test.ts'] } },
      { test: { ...machine, name: 'integration', include: ['test/integration/**/*.test.ts'] } },
    ],
  },
});
