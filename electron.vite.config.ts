import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { bundledPackages } from './scripts/bundled-packages.mjs';
import { unusedPackages } from './scripts/unused-packages.mjs';

export default defineConfig({
  main: {
    plugins: [unusedPackages, bundledPackages('main')],
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        // The threads that draw PNGs and PDFs and the guardian of helpers are started by their files' names, and stand where the code that starts them does.
        input: {
          main: 'src/main/main.ts',
          'chunks/png-worker': 'src/inspector/render/png-worker.mjs',
          'chunks/pdf-worker': 'src/inspector/render/pdf-worker.mjs',
          'chunks/guardian': 'src/inspector/probe/guardian.mjs',
        },
        output: { format: 'es', entryFileNames: ({ name }) => (name === 'main' ? '[name].js' : '[name].mjs') },
      },
    },
  },
  preload: {
    plugins: [bundledPackages('preload')],
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can be no ES module, and may require nothing but electron: hence one bundled file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'src/preload/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      outDir: join(import.meta.dirname, 'out/renderer'),
      minify: true,
      // The page's policy allows no data: addresses for scripts and styles; small assets stay files.
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(import.meta.dirname, 'src/renderer/index.html') },
    },
    plugins: [react(), bundledPackages('renderer')],
    worker: { plugins: () => [bundledPackages('worker')] },
  },
});
