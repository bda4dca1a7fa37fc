// `npm start`: builds what is out of date, then opens Bulkhead in Electron, or else in the browser.
// `--browser` opens the browser at once. Everything after `--` goes to the program that is started.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronState } from './electron-state.mjs';

const FETCH_WITHIN_MS = 180_000;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const browserWanted = args.includes('--browser');
const passed = args.filter((arg) => arg !== '--browser' && arg !== '--');

/** Runs a program in the foreground until it ends, passes signals on, and ends as it does. */
function become(program, programArgs) {
  const child = spawn(program, programArgs, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`Could not start ${program}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
}

/** Lets Electron's own installer fetch its program, once. Returns why it failed, or null. */
function fetchElectron(version) {
  console.log(`Fetching Electron ${version}, about 110 MB; this happens once. (npm start -- --browser does without.)`);
  let script;
  try {
    script = join(dirname(createRequire(join(root, 'package.json')).resolve('electron/package.json')), 'install.js');
  } catch {
    return 'the electron package is not installed';
  }
  const result = spawnSync(process.execPath, [script, '--no'], {
    cwd: root,
    encoding: 'utf8',
    timeout: FETCH_WITHIN_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status === 0) return null;
  if (result.error !== undefined && 'code' in result.error && result.error.code === 'ETIMEDOUT') {
    return `it took longer than ${FETCH_WITHIN_MS / 1000} s`;
  }
  // The installer prints a stack; its line that names the error is all that a person needs.
  const said = /(?:Error|TypeError): (.+)/.exec(`${result.stderr}\n${result.stdout}`);
  return said?.[1]?.trim() ?? `its installer ended with ${result.status ?? result.signal}`;
}

function openBrowser(reason) {
  if (reason !== null) console.log(`${reason} Opening in your browser instead.`);
  become(process.execPath, [join(root, 'out', 'cli', 'bulkhead.js'), 'serve', '--open', ...passed]);
}

function main() {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) {
    console.error('Bulkhead was not built, so it cannot start. If packages are missing, run: npm install');
    process.exitCode = 1;
    return;
  }
  if (browserWanted) {
    openBrowser(null);
    return;
  }
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    openBrowser('There is no display here (DISPLAY and WAYLAND_DISPLAY are empty).');
    return;
  }
  let state = electronState(root, process.env);
  if (state.state !== 'ready' && state.version !== null && !process.env.CI) {
    const failure = fetchElectron(state.version);
    if (failure !== null) {
      openBrowser(`Electron's program could not be fetched: ${failure}.`);
      return;
    }
    state = electronState(root, process.env);
  }
  if (state.state !== 'ready') {
    openBrowser(`Electron cannot be used: ${state.reason}.`);
    return;
  }
  become(state.program, [root, ...passed]);
}

try {
  main();
} catch (error) {
  console.error(`Bulkhead could not start: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
