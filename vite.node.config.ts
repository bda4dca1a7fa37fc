import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

/** The command line with its browser host, for Node alone. Dependencies stay in node_modules, as npm installs them. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/cli',
    emptyOutDir: true,
    rolldownOptions: {
      input: { bulkhead: 'src/cli/main.ts' },
      external: [/^node:/, ...builtinModules, ...external],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
