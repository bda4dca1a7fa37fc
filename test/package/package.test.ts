import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractFile, listPackage } from '@electron/asar';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SENTINEL } from '../standin/distribution.mjs';
import { describeWith } from '../support/require.ts';
import { PACKAGE_NEEDS, packageStandIn } from '../support/standin-packages.ts';

const run = promisify(execFile);
const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digestOf = (path: string) => sha256(readFileSync(path));

let packages: string;
const at = (...parts: string[]) => join(packages, ...parts);

/** Where each system's program, with its fuses, and its resources are. */
const UNPACKED = [
  ['linux-unpacked', 'bulkhead', 'resources'],
  ['linux-arm64-unpacked', 'bulkhead', 'resources'],
  ['win-unpacked', 'Bulkhead.exe', 'resources'],
  ['win-arm64-unpacked', 'Bulkhead.exe', 'resources'],
  ...['mac', 'mac-arm64'].map((name) => [
    name,
    'Bulkhead.app/Contents/Frameworks/Electron Framework.framework/Electron Framework',
    'Bulkhead.app/Contents/Resources',
  ]),
] as [string, string, string][];

/** Each is the same but for Electron: what is in it says nothing of Electron's own behaviour. */
describeWith('packages, on a stand-in for Electron', PACKAGE_NEEDS, () => {
  beforeAll(async () => {
    packages = await packageStandIn('linux', 'win', 'mac');
  });
  afterAll(() => rmSync(packages, { recursive: true, force: true }));

  it.each(UNPACKED)('%s holds the app, both probes and shells, and nothing else', (folder, program, resources) => {
    expect(
      readdirSync(at(folder, resources))
        .filter((name) => name !== 'icon.icns')
        .sort(),
    ).toEqual(['LICENCES.txt', 'app.asar', 'bulkhead.cdx.json', 'cli', 'resources'].sort());
    // In the fuses' order: as docs/releasing.md lists them.
    expect(readFileSync(at(folder, program)).toString('latin1')).toContain(`${SENTINEL}\u0001\u0009000011001`);

    const archive = at(folder, resources, 'app.asar');
    const listed = listPackage(archive, { isPack: false }).map((path) => path.replace(/^[\\/]/, ''));
    expect([...new Set(listed.map((path) => path.split('/')[0]))].sort()).toEqual([
      'node_modules',
      'out',
      'package.json',
    ]);
    expect(listed.filter((path) => /^out\/[^/]+$/.test(path)).sort()).toEqual([
      'out/main',
      'out/preload',
      'out/renderer',
    ]);
    const modules = listed.filter((path) => /^node_modules\/(@[^/]+\/)?[^/@]+$/.test(path));
    expect(modules.map((path) => path.slice('node_modules/'.length)).sort()).toEqual(Object.keys(dependencies).sort());
    expect(listed.filter((path) => /\.(ts|map|md)$/.test(path))).toEqual([]);
    expect(JSON.parse(extractFile(archive, 'package.json').toString())).toMatchObject({
      main: 'out/main/main.js',
      version,
    });

    const machines = { amd64: 62, arm64: 183 };
    for (const [arch, machine] of Object.entries(machines)) {
      for (const name of [`probe/linux-${arch}/bulkhead-probe`, `shell/linux-${arch}/busybox`]) {
        const bytes = readFileSync(at(folder, resources, 'resources', name));
        expect(bytes.subarray(0, 4).toString('latin1')).toBe('\u007fELF');
        expect(bytes.readUInt16LE(18), name).toBe(machine);
      }
      const probe = at(folder, resources, `resources/probe/linux-${arch}/bulkhead-probe`);
      expect(readFileSync(`${probe}.sha256`, 'utf8')).toBe(`${digestOf(probe)}  bulkhead-probe\n`);
      expect(readFileSync(at('release-notes.md'), 'utf8')).toContain(digestOf(probe));
    }
  });

  it('are listed with their hashes', () => {
    const names = readFileSync(at('SHA256SUMS'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  '));
    expect(names.map(([, name]) => name).sort()).toEqual([
      `bulkhead-${version}-1.aarch64.rpm`,
      `bulkhead-${version}-1.x86_64.rpm`,
      `bulkhead-${version}-linux-arm64.tar.gz`,
      `bulkhead-${version}-linux-x64.tar.gz`,
      `bulkhead-${version}-win-arm64.zip`,
      `bulkhead-${version}-win-x64.zip`,
      `bulkhead_${version}_amd64.deb`,
      `bulkhead_${version}_arm64.deb`,
    ]);
    for (const [digest, name] of names) expect(digestOf(at(String(name)))).toBe(digest);
  });

  it('install the same files as deb and as rpm', async () => {
    const lines = async (program: string, ...args: string[]) =>
      (await run(program, args, { maxBuffer: 2 ** 26 })).stdout.trimEnd().split('\n');
    const deb = (await lines('dpkg-deb', '-c', at(`bulkhead_${version}_amd64.deb`)))
      .filter((line) => !line.startsWith('d'))
      .map((line) => line.split(/\s+/)[5]?.slice(1));
    const database = ['--dbpath', at('rpm-database')];
    const rpm = await lines('rpm', ...database, '-qpl', '--nosignature', at(`bulkhead-${version}-1.x86_64.rpm`));
    expect(deb).toContain('/usr/bin/bulkhead');
    expect(deb.filter((path) => !rpm.includes(String(path)))).toEqual([]);
    const [sandbox] = (await lines('dpkg-deb', '-c', at(`bulkhead_${version}_amd64.deb`))).filter((line) =>
      line.includes('chrome-sandbox'),
    );
    expect(sandbox).toMatch(/^-rwsr-xr-x root\/root/);
  });

  it('name the licence of every part, and list the parts', () => {
    const resources = at('linux-unpacked/resources');
    const licences = readFileSync(join(resources, 'LICENCES.txt'), 'utf8');
    const bill = JSON.parse(readFileSync(join(resources, 'bulkhead.cdx.json'), 'utf8')) as {
      specVersion: string;
      components: {
        'bom-ref': string;
        name: string;
        version?: string;
        hashes?: { content: string }[];
      }[];
      dependencies: { ref: string; dependsOn: string[] }[];
      metadata: { component: { 'bom-ref': string } };
    };
    const named = (name: string) => bill.components.find((each) => each.name === name);
    for (const name of ['react', 'd3-force', '@xterm/xterm', 'dockerode', 'pdfkit', 'zod', 'ws']) {
      expect(named(name), name).toBeDefined();
      expect(licences).toContain(`\n${name} ${named(name)?.version} (`);
    }
    expect(named('mermaid')).toBeUndefined();
    expect(licences).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(licences).toContain('GNU GENERAL PUBLIC LICENSE');
    expect(licences).not.toContain('it names the licence null');
    const probe = named('bulkhead-probe (linux/arm64)');
    expect(probe?.hashes?.[0]?.content).toBe(digestOf('resources/probe/linux-arm64/bulkhead-probe'));
    const refs = [bill.metadata.component['bom-ref'], ...bill.components.map((each) => each['bom-ref'])];
    expect(new Set(refs).size).toBe(refs.length);
    for (const { ref, dependsOn } of bill.dependencies) {
      for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
    }
  });

  it('have icons that readers of them know', async () => {
    const kind = async (name: string) => (await run('file', ['--brief', at('stage/icons', name)])).stdout;
    expect(await kind('icon.ico')).toMatch(/^MS Windows icon resource - 7 icons, 16x16 with PNG image data/);
    expect(await kind('icon.icns')).toMatch(/^Mac OS X icon/);
    expect(await kind('512x512.png')).toMatch(/^PNG image data, 512 x 512/);
  });

  it('are the same again when they are built again', async () => {
    const again = await packageStandIn('linux');
    try {
      for (const name of readdirSync(again).filter((each) => /\.(deb|rpm|tar\.gz)$/.test(each))) {
        expect(digestOf(join(again, name)), name).toBe(digestOf(at(name)));
      }
    } finally {
      rmSync(again, { recursive: true, force: true });
    }
  });
});
