import { defineConfig } from 'vitest/config';

const node = { environment: 'node' as const, testTimeout: 20_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...node, name: 'unit', include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'] } },
      { test: { ...node, name: 'probe', include: ['test/probe/**/*.test.ts'], fileParallelism: false } },
      { test: { ...node, name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      {
        test: {
          ...node,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
