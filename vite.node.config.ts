import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';
import { bundledPackages } from './scripts/bundled-packages.mjs';
import { unusedPackages } from './scripts/unused-packages.mjs';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

/** The command line with its browser host, for Node alone. Dependencies stay in node_modules, as npm installs them. */
export default defineConfig({
  plugins: [unusedPackages, bundledPackages('cli')],
  // What is no dependency is bundled, whatever it requires itself: only dependencies are installed beside it.
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out/cli',
    emptyOutDir: true,
    rolldownOptions: {
      // The threads that draw PNGs and PDFs and the guardian of helpers are started by their files' names, and stand where the code that starts them does.
      input: {
        bulkhead: 'src/cli/main.ts',
        'chunks/png-worker': 'src/inspector/render/png-worker.mjs',
        'chunks/pdf-worker': 'src/inspector/render/pdf-worker.mjs',
        'chunks/guardian': 'src/inspector/probe/guardian.mjs',
      },
      external: [/^node:/, ...builtinModules, ...external],
      output: {
        format: 'es',
        entryFileNames: ({ name }) => (name === 'bulkhead' ? '[name].js' : '[name].mjs'),
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
    },
  },
});
