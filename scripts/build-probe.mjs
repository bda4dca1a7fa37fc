// Builds the probe for each architecture that a compiler is here for, else for the user's own engine, inside it: with the
// compiler that releases are built with, so that the bytes are theirs. BULKHEAD_COMPILER_IMAGE names an image to use
// instead, with a gcc in it; or put a release's probe where this script would. Beside it the shell for targets without one.
// `--check` compiles it and its tests with the compiler's static analyser, and keeps nothing; `--own` builds it for this
// machine's architecture alone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildShell } from './build-shell.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'native/probe/src');
const check = process.argv.includes('--check');
const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
const targets = [
  {
    arch: 'amd64',
    compilers: own === 'amd64' ? ['gcc', 'cc'] : ['x86_64-linux-gnu-gcc'],
    // Indirect jumps land only where the compiler says: Intel's CET, Arm's BTI and PAC.
    flags: ['-fcf-protection=full'],
  },
  {
    arch: 'arm64',
    compilers: own === 'arm64' ? ['gcc', 'cc'] : ['aarch64-linux-gnu-gcc'],
    flags: ['-mbranch-protection=standard'],
  },
];
const FLAGS = [
  ...[
    '-std=c11',
    '-D_GNU_SOURCE',
    '-O2',
    '-fPIE',
    '-static-pie',
    '-s',
    '-ffunction-sections',
    '-fdata-sections',
    '-Wl,--gc-sections',
  ],
  ...['-Wall', '-Wextra', '-Werror', '-Wshadow', '-Wstrict-prototypes', '-Wmissing-prototypes', '-Wformat=2'],
  ...['-Wconversion', '-Wsign-conversion', '-Wswitch-enum', '-Wcast-qual', '-Wwrite-strings', '-Wundef'],
  ...['-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=3', '-fstack-protector-strong', '-fstack-clash-protection'],
  ...['-Wl,-z,relro', '-Wl,-z,now', '-Wl,-z,noexecstack', '-Wl,--build-id=none'],
];

/** For machines without a compiler: pulled only to build. With the packages that it installs about 80 MB to fetch. */
const BUILD_IMAGE = 'debian:bookworm-slim';
const OWN_IMAGE = process.env.BULKHEAD_COMPILER_IMAGE;

const files = readdirSync(sources).sort();
const newest = Math.max(...files.map((name) => statSync(join(sources, name)).mtimeMs));
const units = files.filter((name) => name.endsWith('.c'));

function runs(program) {
  return process.platform === 'linux' && spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

function outputOf(arch) {
  return join(root, 'resources/probe', `linux-${arch}`, 'bulkhead-probe');
}

/** Beside the probe, as sha256sum(1) writes it: the same sources and compiler give the same bytes anywhere. */
function writeDigest(arch) {
  const digest = createHash('sha256')
    .update(readFileSync(outputOf(arch)))
    .digest('hex');
  writeFileSync(`${outputOf(arch)}.sha256`, `${digest}  bulkhead-probe\n`);
}

/** Null when there is no compiler for it here, else whether it was built. */
function buildHere({ arch, compilers, flags }) {
  const output = outputOf(arch);
  const done = statSync(output, { throwIfNoEntry: false });
  if (!check && done !== undefined && done.mtimeMs > newest) return true;
  const compiler = compilers.find(runs);
  if (compiler === undefined) return null;
  mkdirSync(dirname(output), { recursive: true });
  // From the sources' own folder: no path of this machine reaches the binary.
  // The static analyser too, once: it sees the same on both architectures.
  const analyser = check && arch === own ? ['-fanalyzer'] : [];
  const args = [...FLAGS, ...flags, ...analyser, ...units, '-o', check ? '/dev/null' : output];
  return spawnSync(compiler, args, { cwd: sources, stdio: 'inherit' }).status === 0;
}

/** What the tests of the probe run, each a program of its own: whether the compiler and its analyser object. */
function testsHold({ compilers }) {
  const folder = join(root, 'native/probe/test');
  const compiler = compilers.find(runs);
  if (compiler === undefined) return true;
  const args = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-fanalyzer', '-c', '-o', '/dev/null'];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .every((name) => spawnSync(compiler, [...args, name], { cwd: folder, stdio: 'inherit' }).status === 0);
}

/** The files as a shell script that writes and compiles them: nothing of this machine need be mounted. */
function recipe({ flags }) {
  const write = files.map((name) => {
    const text = readFileSync(join(sources, name)).toString('base64');
    return `echo ${text} | base64 -d > ${name}`;
  });
  const install = 'apt-get update -qq && apt-get install -qq -y --no-install-recommends gcc libc6-dev';
  return [
    `command -v gcc >/dev/null || { ${install}; } >&2`,
    'cd /tmp',
    ...write,
    `gcc ${[...FLAGS, ...flags].join(' ')} ${units.join(' ')} -o probe 1>&2 && cat probe`,
  ].join('\n');
}

/** Builds in a container of the user's engine, for the engine's own architecture. */
function buildInEngine() {
  const asked = spawnSync('docker', ['version', '--format', '{{.Server.Arch}}'], { encoding: 'utf8' });
  const arch = asked.stdout?.trim();
  const target = targets.find((each) => each.arch === arch);
  if (asked.status !== 0 || target === undefined) return false;
  const image = OWN_IMAGE ?? BUILD_IMAGE;
  const fetched = OWN_IMAGE === undefined ? ' and gcc out of Debian, about 80 MB to fetch' : '';
  console.log(`No Linux compiler is here: building the probe in your engine, with the image ${image}${fetched}.`);
  // An image that has a compiler needs no network.
  const network = OWN_IMAGE === undefined ? [] : ['--network=none'];
  const built = spawnSync('docker', ['run', '--rm', '-i', ...network, image, 'sh', '-e'], {
    input: recipe(target),
    maxBuffer: 16 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (built.status !== 0 || built.stdout.length === 0) return false;
  const output = outputOf(arch);
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, built.stdout);
  chmodSync(output, 0o755);
  writeDigest(arch);
  buildShell(arch, { inEngine: true });
  return true;
}

const wanted = process.argv.includes('--own') ? targets.filter(({ arch }) => arch === own) : targets;
const results = wanted.map((target) => ({ ...target, built: buildHere(target) }));
if (results.some(({ built }) => built === false)) process.exit(1);
if (check && !targets.filter(({ arch }) => arch === own).every(testsHold)) process.exit(1);
for (const { arch, built } of results) {
  if (check || !built) continue;
  writeDigest(arch);
  buildShell(arch, { inEngine: false });
}
for (const { arch, compilers, built } of results) {
  if (built === null)
    console.warn(`The probe for linux/${arch} is not built: none of ${compilers.join(', ')} is here.`);
}
// What cannot be checked here was said above; it is an error where everything must run.
const skipped = check && process.env.BULKHEAD_MUST_RUN !== '1';
if (results.every(({ built }) => built === null) && !skipped && (check || !buildInEngine())) {
  console.error(
    'No compiler for the probe was found. On Debian: apt-get install gcc libc6-dev. Elsewhere start Docker.',
  );
  process.exit(3);
}
