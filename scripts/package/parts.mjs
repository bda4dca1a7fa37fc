// What a package is made of: the licences of all parts in one file, and a bill of materials (CycloneDX).
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ARCHITECTURES = ['amd64', 'arm64'];

const read = (...parts) => readFileSync(join(...parts), 'utf8');
const readJson = (...parts) => JSON.parse(read(...parts));
const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** npm's packages that are shipped: those in a bundle, as the build wrote them down, and the dependencies beside it. */
export function shippedPackages(root) {
  const lock = readJson(root, 'package-lock.json').packages;
  const folder = join(root, 'out', 'packages');
  const places = readdirSync(folder).flatMap((name) => readJson(folder, name));
  const beside = Object.keys(lock[''].dependencies).map((name) => `node_modules/${name}`);
  return [...new Set([...places, ...beside])].sort().map((place) => {
    const { version, license, integrity } = lock[place] ?? {};
    if (version === undefined) throw new Error(`${place} is in a bundle and not in package-lock.json. Run: npm ci`);
    return { place, name: place.replace(/^.*node_modules\//, ''), version, license: license ?? null, integrity };
  });
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? null : read(folder, file).trim();
}

/** For a package that only names its licence. */
function standardText(root, license) {
  const file = join(root, 'resources/licences', `${license}.txt`);
  return existsSync(file) ? read(file).trim() : `Its package brings no text; it names the licence ${license}.`;
}

function shellSource(root) {
  return read(root, 'resources/shell/linux-amd64/SOURCE').trim();
}

/** One text with every part's licence. */
export function licences(root) {
  const packages = shippedPackages(root).map(({ place, name, version, license }) => [
    `${name} ${version} (${license ?? 'see below'})`,
    licenceText(join(root, place)) ?? standardText(root, license),
  ]);
  const gpl = read(root, 'resources/licences/GPL-2.txt').trim();
  const lgpl = read(root, 'resources/licences/LGPL-2.1.txt').trim();
  const probe =
    'The probe is linked statically with the GNU C Library. Its own source is complete in native/probe of the source of\n' +
    'Bulkhead, under the MIT licence, with the command that builds it, so it can be linked with another C library.';
  const parts = [
    ['Bulkhead (MIT)', read(root, 'LICENSE').trim()],
    ...packages,
    ['GNU C Library, in the probe (LGPL-2.1-or-later)', `${probe}\n\n${lgpl}`],
    ['BusyBox, a program of its own (GPL-2.0-only)', `${shellSource(root)}\n\n${gpl}`],
    ['Electron (MIT) and Chromium', 'See LICENSE.electron.txt and LICENSES.chromium.html, which Electron brings.'],
  ];
  const line = '-'.repeat(80);
  return parts.map(([title, text]) => `${line}\n${title}\n${line}\n${text}\n`).join('\n');
}

const licenceOf = (id) =>
  id === null ? {} : { licenses: [/[ ()]/.test(id) ? { expression: id } : { license: { id } }] };

function npmComponent({ name, version, license, integrity }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [algorithm, digest] = integrity?.split('-') ?? [];
  const content = digest === undefined ? undefined : Buffer.from(digest, 'base64').toString('hex');
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...licenceOf(license),
    ...(algorithm === 'sha512' ? { hashes: [{ alg: 'SHA-512', content }] } : {}),
  };
}

/** Programs for Linux that every package brings: `resources/KIND/linux-ARCH/FILE`. */
function programs(root, version) {
  const shell = /BusyBox ([\d.]+)/.exec(shellSource(root))?.[1];
  return ARCHITECTURES.flatMap((arch) => {
    const kinds = [
      ['probe', 'bulkhead-probe', version, 'MIT'],
      ['shell', 'busybox', shell, 'GPL-2.0-only'],
    ];
    return kinds.map(([kind, file, of, license]) => {
      const path = `resources/${kind}/linux-${arch}/${file}`;
      if (!existsSync(join(root, path))) throw new Error(`${path} is missing.`);
      return {
        type: 'application',
        'bom-ref': path,
        name: `${file} (linux/${arch})`,
        ...(of === undefined ? {} : { version: of }),
        ...licenceOf(license),
        hashes: [{ alg: 'SHA-256', content: sha256(join(root, path)) }],
      };
    });
  });
}

/** A bill of materials of what is shipped. Format: CycloneDX 1.5. */
export function billOfMaterials(root) {
  const { name, version, license, devDependencies } = readJson(root, 'package.json');
  const app = `pkg:npm/${name}@${version}`;
  const electron = {
    type: 'framework',
    'bom-ref': `pkg:npm/electron@${devDependencies.electron}`,
    name: 'electron',
    version: devDependencies.electron,
    purl: `pkg:npm/electron@${devDependencies.electron}`,
    ...licenceOf('MIT'),
  };
  const libc = { type: 'library', 'bom-ref': 'glibc', name: 'glibc', ...licenceOf('LGPL-2.1-or-later') };
  const components = [electron, ...shippedPackages(root).map(npmComponent), ...programs(root, version), libc];
  const probes = components.filter((each) => each['bom-ref'].startsWith('resources/probe/'));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': app, name, version, ...licenceOf(license) } },
    components,
    dependencies: [
      { ref: app, dependsOn: components.filter((each) => each !== libc).map((each) => each['bom-ref']) },
      ...probes.map((each) => ({ ref: each['bom-ref'], dependsOn: ['glibc'] })),
    ],
  };
}
