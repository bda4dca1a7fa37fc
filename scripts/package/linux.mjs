// The Linux packages that this machine's own tools make: deb (dpkg-deb), rpm (rpmbuild) and tar.gz.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** How each tool names an architecture. */
const NAMES = { x64: { deb: 'amd64', rpm: 'x86_64' }, arm64: { deb: 'arm64', rpm: 'aarch64' } };

function run(program, args, options = {}) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
}

function put(folder, path, content) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const entries = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true });

/** Modes as a package has them, whatever this user's umask. */
function setModes(folder) {
  for (const entry of entries(folder)) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    chmodSync(path, entry.isDirectory() || (statSync(path).mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
  // Chromium's helper for machines where its sandbox may not make user namespaces, as Ubuntu's since 24.04.
  const sandbox = join(folder, 'opt/bulkhead/chrome-sandbox');
  if (existsSync(sandbox)) chmodSync(sandbox, 0o4755);
}

/** The tree that deb and rpm install. */
function layOut(root, staged, unpacked, tree) {
  rmSync(tree, { recursive: true, force: true });
  cpSync(unpacked, join(tree, 'opt/bulkhead'), { recursive: true, verbatimSymlinks: true });
  // Only an AppImage replaces itself; these are for a package manager, or for whoever unpacked them.
  rmSync(join(tree, 'opt/bulkhead/resources/app-update.yml'), { force: true });
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  symlinkSync('../../opt/bulkhead/resources/cli/bulkhead', join(tree, 'usr/bin/bulkhead'));
  put(tree, 'usr/share/applications/bulkhead.desktop', readFileSync(join(root, 'packaging/bulkhead.desktop')));
  put(tree, 'usr/share/mime/packages/bulkhead.xml', readFileSync(join(root, 'packaging/bulkhead.xml')));
  const manual = readFileSync(join(staged, 'beside/resources/man/bulkhead.1'));
  put(tree, 'usr/share/man/man1/bulkhead.1.gz', gzipSync(manual, { level: 9 }));
  put(tree, 'usr/share/doc/bulkhead/copyright', readFileSync(join(staged, 'beside/LICENCES.txt')));
  put(tree, 'usr/share/icons/hicolor/scalable/apps/bulkhead.svg', readFileSync(join(root, 'src/renderer/icon.svg')));
  for (const name of readdirSync(join(staged, 'icons'))) {
    const size = /^(\d+x\d+)\.png$/.exec(name)?.[1];
    // 1024 is no folder of the theme that all others fall back to.
    if (size === undefined || size === '1024x1024') continue;
    put(tree, `usr/share/icons/hicolor/${size}/apps/bulkhead.png`, readFileSync(join(staged, 'icons', name)));
  }
  setModes(tree);
}

/** A file of packaging/ with its @WORDS@ filled in. */
function fill(root, name, words) {
  return readFileSync(join(root, 'packaging', name), 'utf8').replace(/@([A-Z]+)@/g, (_, word) => String(words[word]));
}

function makeDeb(root, tree, { version, arch, out, env }) {
  const bytes = entries(tree).reduce((sum, entry) => {
    return sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0);
  }, 0);
  const words = { VERSION: version, ARCH: NAMES[arch].deb, KIB: Math.ceil(bytes / 1024) };
  put(tree, 'DEBIAN/control', fill(root, 'deb.control', words));
  const file = join(out, `bulkhead_${version}_${NAMES[arch].deb}.deb`);
  run('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', tree, file], { env });
  rmSync(join(tree, 'DEBIAN'), { recursive: true });
  return file;
}

function makeRpm(root, tree, { version, arch, out, env }) {
  const work = join(out, 'rpm');
  rmSync(work, { recursive: true, force: true });
  // Folders that are only ours; all others are the system's.
  const owned = [
    '%dir /opt/bulkhead',
    ...readdirSync(join(tree, 'opt/bulkhead')).map((name) => `"/opt/bulkhead/${name}"`),
  ];
  const shared = entries(join(tree, 'usr')).filter((entry) => !entry.isDirectory());
  const files = [...owned, ...shared.map(({ parentPath, name }) => `"${join(parentPath, name).slice(tree.length)}"`)];
  put(work, 'bulkhead.spec', fill(root, 'bulkhead.spec', { VERSION: version, TREE: tree, FILES: files.join('\n') }));
  const options = [
    '-bb',
    '--quiet',
    '--target',
    NAMES[arch].rpm,
    '--define',
    `_topdir ${work}`,
    '--define',
    `_rpmdir ${work}`,
    // Debian's rpm has its database in the user's home.
    '--define',
    `_dbpath ${join(work, 'db')}`,
  ];
  run('rpmbuild', [...options, join(work, 'bulkhead.spec')], { env });
  const name = `bulkhead-${version}-1.${NAMES[arch].rpm}.rpm`;
  cpSync(join(work, NAMES[arch].rpm, name), join(out, name));
  rmSync(work, { recursive: true });
  return join(out, name);
}

function makeTar(tree, { version, arch, out, epoch }) {
  const file = join(out, `bulkhead-${version}-linux-${arch}.tar.gz`);
  const reproducible = ['--sort=name', `--mtime=@${epoch}`, '--owner=0', '--group=0', '--numeric-owner'];
  run('tar', [...reproducible, '--use-compress-program=gzip -n', '-cf', file, '-C', join(tree, 'opt'), 'bulkhead']);
  return file;
}

/**
 * @param {{ root: string, staged: string, unpacked: string, out: string, version: string, arch: 'x64' | 'arm64', epoch: number }} what
 * epoch: seconds since 1970 that all files are dated; two builds of one source with the same epoch are equal
 * @returns {string[]} the files that were written
 */
export function packageLinux({ root, staged, unpacked, ...what }) {
  const tree = join(what.out, `tree-${what.arch}`);
  layOut(root, staged, unpacked, tree);
  const details = { ...what, env: { ...process.env, SOURCE_DATE_EPOCH: String(what.epoch) } };
  const files = [makeTar(tree, details), makeDeb(root, tree, details), makeRpm(root, tree, details)];
  rmSync(tree, { recursive: true });
  return files;
}
