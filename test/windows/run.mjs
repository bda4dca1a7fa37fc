// Runs test files on Windows' Node: node run.mjs REPORT FILE... What each test did is appended to REPORT, a line of JSON
// each, and a last line says that none is missing.
import { appendFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const words = new URL('./vitest-on-node.mjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vitest' ? { url: words, shortCircuit: true } : next(specifier, context),
});

const { runFiles } = await import(words);
const [report, ...files] = process.argv.slice(2);
writeFileSync(report, '');
const append = (line) => appendFileSync(report, `${JSON.stringify(line)}\n`);
await runFiles(files, (name, error) => append({ name, error: error === null ? null : String(error?.stack ?? error) }));
append('done');
process.exit();
