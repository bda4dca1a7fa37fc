import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronState } from '../../scripts/electron-state.mjs';

let root = '';
const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bulkhead-state-'));
  write('package.json', '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

/** An installed package with its program fetched, as Electron's installer leaves it. */
function install(version: string, unpacked: string): void {
  write('node_modules/electron/package.json', JSON.stringify({ name: 'electron', version }));
  write('node_modules/electron/path.txt', 'electron');
  write('node_modules/electron/dist/electron', '');
  write('node_modules/electron/dist/version', unpacked);
}

describe('electronState', () => {
  it('is ready when the program of the wanted version is there', () => {
    install('45.4.1', 'v45.4.1\n');
    expect(electronState(root, {})).toEqual({
      state: 'ready',
      program: join(root, 'node_modules/electron/dist/electron'),
      version: '45.4.1',
    });
  });

  it('takes the program that the user names, if it exists', () => {
    expect(electronState(root, { ELECTRON_EXEC_PATH: process.execPath })).toMatchObject({ state: 'ready' });
    expect(electronState(root, { ELECTRON_EXEC_PATH: join(root, 'none') })).toMatchObject({
      state: 'override-missing',
    });
  });

  it('tells a missing package from a program that was not fetched', () => {
    expect(electronState(root, {})).toMatchObject({ state: 'not-installed', version: null });
    write('node_modules/electron/package.json', '{"version":"45.4.1"}');
    expect(electronState(root, {})).toMatchObject({ state: 'not-fetched', version: '45.4.1' });
  });

  it('sees half a program', () => {
    install('45.4.1', '45.4.1');
    rmSync(join(root, 'node_modules/electron/dist/electron'));
    expect(electronState(root, {})).toMatchObject({ state: 'incomplete' });
  });

  it('does not start the leftover of an older version', () => {
    install('45.4.1', '44.0.0');
    expect(electronState(root, {})).toMatchObject({ state: 'outdated' });
  });
});
