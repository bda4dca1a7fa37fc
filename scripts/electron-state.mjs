import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Whether Electron's program is here, by looking only: since Electron 42, requiring the package starts a download.
 *
 * @typedef {{ state: 'ready', program: string, version: string | null }
 *   | { state: 'override-missing' | 'not-installed' | 'not-fetched' | 'incomplete' | 'outdated', reason: string,
 *       version: string | null }} ElectronState
 * @param {string} root folder of package.json
 * @param {Record<string, string | undefined>} env
 * @returns {ElectronState}
 */
export function electronState(root, env) {
  const override = env.ELECTRON_EXEC_PATH;
  if (override !== undefined && override !== '') {
    return existsSync(override)
      ? { state: 'ready', program: override, version: null }
      : { state: 'override-missing', reason: `ELECTRON_EXEC_PATH names no file: ${override}`, version: null };
  }

  let folder;
  let version;
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve('electron/package.json');
    folder = dirname(manifest);
    version = String(JSON.parse(readFileSync(manifest, 'utf8')).version);
  } catch {
    return { state: 'not-installed', reason: 'the electron package is not installed; run npm install', version: null };
  }

  let name;
  try {
    name = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
  } catch {
    return { state: 'not-fetched', reason: "Electron's program was never fetched", version };
  }
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH || join(folder, 'dist');
  const program = join(dist, name);
  if (name === '' || !existsSync(program)) {
    return { state: 'incomplete', reason: `Electron's program is missing: ${program}`, version };
  }
  // A folder that the user named holds what the user put there.
  if (!env.ELECTRON_OVERRIDE_DIST_PATH) {
    let unpacked = '';
    try {
      unpacked = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
    } catch {
      return { state: 'incomplete', reason: `Electron's program is incomplete: ${dist} has no version`, version };
    }
    if (unpacked !== version) {
      return { state: 'outdated', reason: `Electron ${unpacked} is a leftover; ${version} is wanted`, version };
    }
  }
  return { state: 'ready', program, version };
}
