// The shell that Bulkhead brings where a target has none: Debian's static BusyBox, unchanged. See docs/decisions/0009.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const INSTALLED = '/bin/busybox';
const IMAGE = 'debian:bookworm-slim';
const PT_INTERP = 3;

/** True for a 64-bit ELF file that needs no other file to run: one that names no interpreter. */
function isStatic(bytes) {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2) return false;
  const start = Number(bytes.readBigUInt64LE(32));
  const size = bytes.readUInt16LE(54);
  for (let index = 0; index < bytes.readUInt16LE(56); index++) {
    if (bytes.readUInt32LE(start + index * size) === PT_INTERP) return false;
  }
  return true;
}

/**
 * Debian's package for another architecture, unpacked and not installed: apt looks with lists of its own, and this
 * machine's are not touched. Null where there is no apt or no archive.
 */
function fromDebian(arch) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return null;
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-shell-'));
  try {
    for (const name of ['state/lists/partial', 'cache/archives/partial'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'state/status'), '');
    const settings = [
      ...[`Dir::State=${folder}/state`, `Dir::State::status=${folder}/state/status`, `Dir::Cache=${folder}/cache`],
      ...[`APT::Architecture=${arch}`, `APT::Architectures=${arch}`, 'APT::Sandbox::User=root', 'Acquire::Retries=1'],
    ].flatMap((setting) => ['-o', setting]);
    const run = (command, args) =>
      spawnSync(command, args, { cwd: folder, stdio: 'ignore', timeout: 120_000 }).status === 0;
    if (!run('apt-get', [...settings, 'update']) || !run('apt-get', [...settings, 'download', 'busybox-static']))
      return null;
    const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (file === undefined || !run('dpkg-deb', ['-x', file, 'tree'])) return null;
    const places = ['bin/busybox', 'usr/bin/busybox'].map((name) => join(folder, 'tree', name));
    const found = places.find((name) => existsSync(name));
    return found === undefined ? null : readFileSync(found);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outputOf(arch) {
  return join(root, 'resources/shell', `linux-${arch}`, 'busybox');
}

/** Where the source of that BusyBox is, by the version that it says of itself. */
export function sourceNote(bytes) {
  const [, version, debian] = /BusyBox v([\d.]+) \(Debian ([\w:.+~-]+)\)/.exec(bytes.toString('latin1')) ?? [];
  // A package that was only built again has the same source.
  const source = debian?.replace(/\+b\d+$/, '');
  return [
    `The file busybox beside this one is BusyBox${version === undefined ? '' : ` ${version}`}, from Debian's package busybox-static, unchanged.`,
    'It is a program of its own under the GNU General Public License, version 2: see LICENSE beside this file.',
    '',
    `Its complete source is Debian's source package busybox${source === undefined ? '' : ` ${source}`}:`,
    `    apt-get source busybox${source === undefined ? '' : `=${source}`}`,
    '',
  ].join('\n');
}

/** The licence and the source go with the program. */
function addNotes(arch) {
  const folder = dirname(outputOf(arch));
  copyFileSync(join(root, 'resources/licences/GPL-2.txt'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'SOURCE'), sourceNote(readFileSync(outputOf(arch))));
}

function keep(arch, bytes) {
  const output = outputOf(arch);
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, bytes);
  chmodSync(output, 0o755);
  addNotes(arch);
}

/**
 * Puts the shell for `arch` into resources: this machine's own, else out of Debian's package, here or in the user's
 * engine.
 * Without it everything works but shells in targets that have none.
 */
export function buildShell(arch, { inEngine }) {
  if (existsSync(outputOf(arch))) return addNotes(arch);
  const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
  if (!inEngine && process.platform === 'linux' && arch === own && existsSync(INSTALLED)) {
    const bytes = readFileSync(INSTALLED);
    if (isStatic(bytes)) return keep(arch, bytes);
  }
  if (!inEngine && arch !== own) {
    const bytes = fromDebian(arch);
    if (bytes !== null && isStatic(bytes)) return keep(arch, bytes);
  }
  if (inEngine) {
    const recipe =
      'apt-get update >&2 && apt-get install -y --no-install-recommends busybox-static >&2 && cat /bin/busybox';
    const got = spawnSync('docker', ['run', '--rm', IMAGE, 'sh', '-ec', recipe], {
      maxBuffer: 16 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (got.status === 0 && isStatic(got.stdout)) return keep(arch, got.stdout);
  }
  console.warn(
    `There is no static BusyBox for linux/${arch}: targets without a shell get none. On Debian: apt-get install busybox-static.`,
  );
}
