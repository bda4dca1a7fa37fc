import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds the probe for each architecture that a compiler is here for. `--check` compiles and keeps nothing. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'native/probe/src');
const check = process.argv.includes('--check');
const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
const targets = [
  { arch: 'amd64', compilers: own === 'amd64' ? ['gcc', 'cc'] : ['x86_64-linux-gnu-gcc'] },
  { arch: 'arm64', compilers: own === 'arm64' ? ['gcc', 'cc'] : ['aarch64-linux-gnu-gcc'] },
];
const FLAGS = [
  ...[
    '-std=c11',
    '-D_GNU_SOURCE',
    '-O2',
    '-static',
    '-s',
    '-ffunction-sections',
    '-fdata-sections',
    '-Wl,--gc-sections',
  ],
  ...['-Wall', '-Wextra', '-Werror', '-Wshadow', '-Wstrict-prototypes', '-Wmissing-prototypes', '-Wformat=2'],
];

function runs(program) {
  return process.platform === 'linux' && spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

const files = readdirSync(sources).map((name) => join(sources, name));
const newest = Math.max(...files.map((file) => statSync(file).mtimeMs));
let built = 0;
for (const { arch, compilers } of targets) {
  const output = join(root, 'resources/probe', `linux-${arch}`, 'bulkhead-probe');
  const done = statSync(output, { throwIfNoEntry: false });
  if (!check && done !== undefined && done.mtimeMs > newest) {
    built++;
    continue;
  }
  const compiler = compilers.find(runs);
  if (compiler === undefined) {
    console.warn(`The probe for linux/${arch} is not built: none of ${compilers.join(', ')} is here.`);
    continue;
  }
  mkdirSync(dirname(output), { recursive: true });
  const c = files.filter((file) => file.endsWith('.c'));
  const { status } = spawnSync(compiler, [...FLAGS, ...c, '-o', check ? '/dev/null' : output], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  built++;
}
if (built === 0) {
  console.error('No compiler for the probe was found. On Debian: apt-get install gcc libc6-dev.');
  process.exit(3);
}
