#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../out/cli/bulkhead.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('bulkhead: not built yet. Run `npm run build` in the folder of Bulkhead, then try again.\n');
  process.exitCode = 1;
}
