// What every package holds beside Electron itself, for all platforms, in two folders: `app`, which becomes app.asar, and
// `beside`, whose files stand beside that archive: programs that are started or sent to engines cannot be within it.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { icons } from './icons.mjs';
import { billOfMaterials, licences } from './parts.mjs';

const PROGRAMS = ['amd64', 'arm64'].flatMap((arch) => [
  `resources/probe/linux-${arch}/bulkhead-probe`,
  `resources/probe/linux-${arch}/bulkhead-probe.sha256`,
  `resources/shell/linux-${arch}/busybox`,
]);

const NO_NODE = 'The command line of Bulkhead needs Node.js 20.19 or newer on the PATH. The app does not.';

const SH = `#!/bin/sh
# Bulkhead's command line, run by the Node.js of this machine.
here=$(dirname "$(readlink -f "$0")")
if ! command -v node >/dev/null; then
  echo '${NO_NODE}' >&2
  exit 1
fi
exec node "$here/bin/bulkhead.mjs" "$@"
`;

// 9009: the command prompt found no such program.
const CMD = `@echo off
node "%~dp0bin\\bulkhead.mjs" %*
if %errorlevel% equ 9009 echo ${NO_NODE} 1>&2
`.replaceAll('\n', '\r\n');

/** Files of npm's packages that only their developers need. Of the fonts two are used. */
function needed(path) {
  if (/\.(d\.[cm]?ts|ts|map|md)$/.test(path)) return false;
  return !/dejavu-fonts-ttf[\\/]ttf[\\/]/.test(path) || /DejaVuSans(-Bold)?\.ttf$/.test(path);
}

/** Fails where a part is missing: a package without one would only say so on a user's machine. */
function requireParts(root) {
  const wanted = ['out/main/main.js', 'out/cli/bulkhead.js', 'resources/man/bulkhead.1', ...PROGRAMS];
  const missing = wanted.filter((path) => !existsSync(join(root, path)));
  if (missing.length === 0) return;
  throw new Error(
    `A package needs ${missing.join(', ')}. docs/releasing.md says which machine builds them; then run: npm run build && npm run build:probe`,
  );
}

/**
 * Fills `folder` with `app`, `beside` and `icons`.
 * @param {string} root folder of package.json
 * @param {string} folder emptied first
 */
export async function stage(root, folder) {
  requireParts(root);
  rmSync(folder, { recursive: true, force: true });
  const write = (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const copy = (to, paths) => {
    for (const path of paths) {
      cpSync(join(root, path), join(folder, to, path), {
        recursive: true,
        filter: (from) => !relative(root, from).startsWith('node_modules') || needed(from),
      });
    }
  };
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { name, version, description, license, type, engines, dependencies } = manifest;
  const modules = Object.keys(dependencies).map((each) => `node_modules/${each}`);
  const shipped = { name, version, description, license, author: 'Bulkhead', type, engines, dependencies };

  copy('app', ['out/main', 'out/preload', 'out/renderer', ...modules]);
  write(
    'app/package.json',
    `${JSON.stringify({ ...shipped, productName: 'Bulkhead', main: manifest.main }, null, 2)}\n`,
  );

  copy('beside/cli', ['bin', 'out/cli', 'out/renderer', ...modules]);
  write('beside/cli/package.json', `${JSON.stringify(shipped, null, 2)}\n`);
  write('beside/cli/bulkhead', SH);
  chmodSync(join(folder, 'beside/cli/bulkhead'), 0o755);
  write('beside/cli/bulkhead.cmd', CMD);

  copy('beside', [
    'resources/probe',
    'resources/shell',
    'resources/licences',
    'resources/man',
    'resources/demo-snapshot.json',
  ]);
  write('beside/LICENCES.txt', licences(root));
  write('beside/bulkhead.cdx.json', `${JSON.stringify(billOfMaterials(root), null, 2)}\n`);

  const drawn = await icons(join(root, 'src/renderer/icon.svg'));
  write('icons/icon.ico', drawn.ico);
  write('icons/icon.icns', drawn.icns);
  for (const [size, png] of drawn.pngs) write(`icons/${size}x${size}.png`, png);
}
