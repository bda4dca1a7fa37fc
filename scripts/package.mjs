// `npm run package -- [linux] [win] [mac] [x64] [arm64] [--offline]`: packages, into dist/ or the folder that
// BULKHEAD_PACKAGES names; without words this system's, for both architectures. electron-builder puts the app together and
// makes what only it can (AppImage, dmg, installer); for these it fetches tools, so `--offline` leaves them out. Electron
// itself it fetches too, unless BULKHEAD_ELECTRON_DIST names a folder with unpacked ones: linux-x64, win-arm64 and so on.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Arch, build, Platform } from 'electron-builder';
import { packageLinux } from './package/linux.mjs';
import { stage } from './package/stage.mjs';

const SYSTEMS = {
  linux: { platform: Platform.LINUX, fetched: ['AppImage'] },
  win: { platform: Platform.WINDOWS, fetched: ['nsis'] },
  mac: { platform: Platform.MAC, fetched: ['dmg', 'zip'] },
};
const ARCHITECTURES = ['x64', 'arm64'];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = process.env.BULKHEAD_PACKAGES ?? join(root, 'dist');
const staged = join(out, 'stage');

function words() {
  const args = process.argv.slice(2);
  const offline = args.includes('--offline');
  const rest = args.filter((arg) => arg !== '--offline');
  const unknown = rest.filter((arg) => !(arg in SYSTEMS) && !ARCHITECTURES.includes(arg));
  if (unknown.length > 0) {
    console.error(
      `There is no ${unknown.join(', ')}. There are: ${Object.keys(SYSTEMS).join(', ')}, ${ARCHITECTURES.join(', ')}, --offline.`,
    );
    process.exit(2);
  }
  const own = { darwin: 'mac', win32: 'win' }[process.platform] ?? 'linux';
  const systems = rest.filter((arg) => arg in SYSTEMS);
  const architectures = rest.filter((arg) => ARCHITECTURES.includes(arg));
  return {
    offline,
    systems: systems.length > 0 ? systems : [own],
    architectures: architectures.length > 0 ? architectures : ARCHITECTURES,
  };
}

/** What Electron shows without an app: electron-builder leaves it in an unpacked one that it was given. */
function removeDefaultApp({ appOutDir }) {
  for (const folder of ['resources', 'Electron.app/Contents/Resources']) {
    rmSync(join(appOutDir, folder, 'default_app.asar'), { force: true });
  }
}

/** Where an installed app looks for releases, when its user asks it to: known where a release is made. */
function publishing() {
  const [owner, repo] = process.env.GITHUB_REPOSITORY?.split('/') ?? [];
  return repo === undefined ? null : { provider: 'github', owner, repo };
}

function configuration(manifest, system, arch) {
  const { $schema, ...fixed } = JSON.parse(readFileSync(join(root, 'packaging/electron-builder.json'), 'utf8'));
  const icon = { linux: '', win: 'icon.ico', mac: 'icon.icns' }[system];
  const dist = process.env.BULKHEAD_ELECTRON_DIST;
  return {
    ...fixed,
    publish: publishing(),
    electronVersion: manifest.devDependencies.electron,
    directories: { ...fixed.directories, app: relative(root, join(staged, 'app')), output: out },
    extraResources: [{ from: join(staged, 'beside'), to: '.' }],
    [system]: { ...fixed[system], icon: join(staged, 'icons', icon) },
    ...(dist === undefined ? {} : { electronDist: join(dist, `${system}-${arch}`), afterExtract: removeDefaultApp }),
  };
}

/** The folder in which electron-builder has put the app together. */
function unpackedFolder(system, arch) {
  const suffix = arch === 'arm64' ? '-arm64' : '';
  return join(out, system === 'mac' ? `mac${suffix}` : `${system}${suffix}-unpacked`);
}

/** libarchive's tar, which writes zips: Windows and macOS have it as their own. */
const ARCHIVER = { linux: 'bsdtar', win32: join(process.env.SystemRoot ?? '', 'System32', 'tar.exe') };

function makeZip(folder, file) {
  const program = ARCHIVER[process.platform] ?? 'tar';
  rmSync(file, { force: true });
  const args = ['-a', '-cf', file, '--exclude=app-update.yml', '-C', folder, ...readdirSync(folder)];
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
  return file;
}

async function packageOne({ manifest, system, arch, offline, epoch }) {
  const { platform, fetched } = SYSTEMS[system];
  const made = await build({
    projectDir: root,
    publish: 'never',
    config: configuration(manifest, system, arch),
    targets: platform.createTarget(offline ? ['dir'] : fetched, Arch[arch]),
  });
  const unpacked = unpackedFolder(system, arch);
  const { version } = manifest;
  if (system === 'linux') made.push(...packageLinux({ root, staged, unpacked, out, version, arch, epoch }));
  if (system === 'win') made.push(makeZip(unpacked, join(out, `bulkhead-${version}-win-${arch}.zip`)));
  return made;
}

const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** What a release's page says: the probes' hashes. */
function writeNotes(manifest) {
  const lines = ['amd64', 'arm64'].map((arch) => {
    return `    ${digest(join(root, `resources/probe/linux-${arch}/bulkhead-probe`))}  linux/${arch}`;
  });
  const notes = [
    `Bulkhead ${manifest.version}`,
    '',
    'SHA-256 of the probe, the program that Bulkhead starts in your engine. It is the same in all packages, and the same',
    'again when it is built from this release as docs/releasing.md says:',
    '',
    ...lines,
    '',
  ];
  writeFileSync(join(out, 'release-notes.md'), notes.join('\n'));
}

const { offline, systems, architectures } = words();
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? Math.floor(Date.now() / 1000));
if (spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' }).status !== 0) {
  process.exit(1);
}
mkdirSync(out, { recursive: true });
await stage(root, staged);
const files = [];
for (const system of systems) {
  for (const arch of architectures) files.push(...(await packageOne({ manifest, system, arch, offline, epoch })));
}
writeNotes(manifest);
writeFileSync(join(out, 'SHA256SUMS'), files.map((path) => `${digest(path)}  ${basename(path)}\n`).join(''));
for (const file of files) console.log(relative(root, file));
if (offline) console.log('Offline: no AppImage, no installer for Windows, no dmg.');
