// Builds what is out of date: the page, the Electron host, the command line, and the probe where a compiler is.
// `--force` builds everything.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const force = process.argv.includes('--force');
const stamps = join(root, 'out', '.stamps');
const resolve = createRequire(join(root, 'package.json')).resolve;

/** The newest change below a path, in milliseconds; 0 for a path that is missing. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}

/** Runs a script with this Node. Its own output is shown only when it fails, or asked for with `--verbose`. */
function run(label, script, args) {
  const started = performance.now();
  const result = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: process.argv.includes('--verbose') ? 'inherit' : 'pipe',
  });
  if (result.status === 0) {
    console.log(`Built ${label} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
    return true;
  }
  console.error(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  console.error(`Building ${label} failed; the reason is above.`);
  return false;
}

/** The file of a package's command, which need not be among the package's exports. */
function command(name, path) {
  const manifest = resolve(`${name}/package.json`);
  return join(dirname(manifest), path);
}

const shared = ['package.json', 'package-lock.json', 'src'];
const steps = [
  {
    label: 'the page and the Electron host',
    key: 'electron',
    inputs: [...shared, 'electron.vite.config.ts', 'scripts/bundled-packages.mjs'],
    outputs: ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html', 'out/packages/renderer.json'],
    build: (label) => run(label, command('electron-vite', 'bin/electron-vite.js'), ['build']),
  },
  {
    label: 'the manual page',
    key: 'man',
    inputs: ['package.json', 'src/cli', 'scripts/build-man.mjs'],
    outputs: ['resources/man/bulkhead.1'],
    build: (label) => run(label, join(root, 'scripts', 'build-man.mjs'), []),
  },
  {
    label: 'the command line',
    key: 'cli',
    inputs: [...shared, 'vite.node.config.ts', 'scripts/bundled-packages.mjs'],
    outputs: ['out/cli/bulkhead.js', 'out/packages/cli.json'],
    build: (label) => run(label, command('vite', 'bin/vite.js'), ['build', '--config', 'vite.node.config.ts']),
  },
];

const probeScript = join(root, 'scripts', 'build-probe.mjs');
const probe = join(root, 'resources', 'probe');
if (!existsSync(probe) && existsSync(probeScript)) {
  // It says itself what it fetches, and what is missing.
  const { status } = spawnSync(process.execPath, [probeScript], { cwd: root, stdio: 'inherit' });
  if (status !== 0) console.log('Without the probe only recordings can be shown.');
}

let failed = false;
for (const step of steps) {
  const stamp = join(stamps, step.key);
  const latest = Math.max(...step.inputs.map((path) => newest(join(root, path))));
  const current = step.outputs.every((path) => existsSync(join(root, path))) && newest(stamp) >= latest;
  if (current && !force) continue;
  // The moment before the build: what changes during it is built next time.
  const began = new Date();
  if (!step.build(step.label)) {
    failed = true;
    break;
  }
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, began, began);
}
process.exitCode = failed ? 1 : 0;
