import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** What asks for the platform; types, comments and words on the screen do not. */
const ASKS = /(process|navigator)\.platform|platform (===|!==)|'(win32|darwin)'|\b(win32|darwin):/;

const WINE = 'test/windows/windows.test.ts';
const ELECTRON = 'test/e2e/electron.spec.ts';

/**
 * Every file that asks for the platform: the tests that answer for all of its platforms, or why none does. Those beside
 * the source run on Windows' Node too: test/windows/windows.test.ts takes them along.
 */
const COVERED: Readonly<Record<string, readonly string[] | string>> = {
  'src/api/commands.ts': 'it documents a value, which keys.ts and menu.ts find',
  'src/api/contract.ts': 'it documents a value',
  'src/renderer/commands/keys.ts': ['src/renderer/commands/keys.test.ts'],
  'src/main/main.ts': ['src/main/main-parts.test.ts', ELECTRON],
  'src/main/updates.ts': ['src/main/updates.test.ts'],
  'src/main/menu.ts': ['src/main/main-parts.test.ts'],
  'src/cli/serve.ts': [WINE, 'test/e2e/serve-open.spec.ts'],
  'src/inspector/about/diagnostics.ts': 'it names the system',
  'src/inspector/endpoint/address.ts': ['src/inspector/endpoint/address.test.ts', WINE],
  'src/inspector/endpoint/discover.ts': [WINE],
  'src/inspector/endpoint/surroundings.ts': ['src/inspector/endpoint/surroundings.test.ts'],
  'src/inspector/endpoint/system.ts': ['src/inspector/endpoint/surroundings.test.ts', WINE],
  'src/inspector/endpoint/wellknown.ts': ['src/inspector/endpoint/wellknown.test.ts', WINE],
  'src/inspector/engine/products.ts': ['src/inspector/engine/products.test.ts'],
  'src/inspector/inspector.ts': 'it tells the page, which asks in keys.ts',
  'src/inspector/log/log.ts': ['src/inspector/log/log.test.ts'],
  'src/inspector/probe/refusal.ts': 'no other kernel is this one; without the question there would be nothing to start',
  'src/inspector/render/fonts.ts': 'folders that only a real system has; the PNG under Wine is drawn with none of them',
  'src/inspector/session/picture.ts': [WINE],
  'src/inspector/settings/settings.ts': ['src/inspector/settings/settings.test.ts'],
  'scripts/build-probe.mjs': [WINE, 'test/package/package.test.ts'],
  'scripts/build-shell.mjs': [WINE],
  'scripts/package.mjs': ['test/package/package.test.ts'],
  'scripts/setup-debian.mjs': 'it installs nothing but on Debian',
  'scripts/start.mjs': [WINE],
};

it('every file that asks for the platform is tested for its platforms, or has a reason', () => {
  const files = ['src', 'scripts', 'bin'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)).replaceAll('\\', '/')),
  );
  const asking = files.filter(
    (file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.test\.tsx?$/.test(file) && ASKS.test(readFileSync(file, 'utf8')),
  );
  expect(asking.sort()).toEqual(Object.keys(COVERED).sort());
  for (const tests of Object.values(COVERED).filter((each) => typeof each !== 'string')) {
    for (const test of tests) expect(existsSync(test), test).toBe(true);
  }
});
