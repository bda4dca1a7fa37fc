// Writes resources/man/bulkhead.1, the manual page, from the definitions of the command line.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { runnerImport } from 'vite';

const load = (path) => runnerImport(path, { configFile: false, logLevel: 'error' });
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const { module: program } = await load('./src/cli/program.ts');
const { module: man } = await load('./src/cli/man.ts');
mkdirSync('resources/man', { recursive: true });
writeFileSync('resources/man/bulkhead.1', man.manPage(program.createProgram(version, () => {})));
process.exit(0);
