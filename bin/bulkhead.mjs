#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../out/cli/bulkhead.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`bulkhead: Node.js 20.19 or newer is needed; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('bulkhead: not built yet. Run `npm run build` in the folder of Bulkhead, then try again.\n');
  process.exitCode = 1;
}
