import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractFile, listPackage } from '@electron/asar';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SENTINEL } from '../standin/distribution.mjs';
import { DEBIAN_ROOT_NEEDS, type DebianRoot, type RootProcess, startDebianRoot } from '../support/debian-root.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
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
    const rpm = await lines('rpm', '-qpl', '--nosignature', at(`bulkhead-${version}-1.x86_64.rpm`));
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

  /** Builds the probe in a folder of its own; gives the digests that it wrote, by architecture. */
  async function probesElsewhere(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-probe-'));
    try {
      for (const path of ['native', 'scripts', 'resources/licences']) {
        cpSync(path, join(folder, path), { recursive: true });
      }
      symlinkSync(join(process.cwd(), 'resources/shell'), join(folder, 'resources/shell'));
      await run(process.execPath, [join(folder, 'scripts/build-probe.mjs')], { env });
      const built = readdirSync(join(folder, 'resources/probe'));
      return Object.fromEntries(built.map((name) => [name, digestFile(join(folder, 'resources/probe', name))]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const digestFile = (folder: string) => readFileSync(join(folder, 'bulkhead-probe.sha256'), 'utf8');

  it('bring a probe that another folder’s build makes again', async () => {
    expect(await probesElsewhere(process.env)).toEqual({
      'linux-amd64': digestFile('resources/probe/linux-amd64'),
      'linux-arm64': digestFile('resources/probe/linux-arm64'),
    });
  });

  const installing = {
    ...ENGINE_NEEDS,
    root: true,
    programs: [...ENGINE_NEEDS.programs, ...DEBIAN_ROOT_NEEDS.programs],
  };
  describeWith('the deb in a bare Debian', installing, () => {
    let engine: TestEngine;
    let debian: DebianRoot;

    /** The app's window, by the port that Chromium says it has. */
    async function windowOf(app: RootProcess): Promise<{ browser: Browser; page: Page }> {
      const listening = /DevTools listening on ws:\/\/[^:]+:(\d+)/;
      await expect.poll(() => app.output(), { timeout: 30_000 }).toMatch(listening);
      const port = listening.exec(await app.output())?.[1];
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      const find = () =>
        browser.contexts().flatMap((context) => context.pages().filter((page) => page.url().includes('app.invalid')));
      await expect.poll(() => find().length, { timeout: 20_000 }).toBe(1);
      const [page] = find();
      if (page === undefined) throw new Error('The window went away.');
      return { browser, page };
    }

    beforeAll(async () => {
      engine = await startEngine();
      debian = await startDebianRoot(engine.socket);
    }, 300_000);
    afterAll(async () => {
      await debian?.stop();
      await engine?.stop();
    });

    it('builds the same probe where no compiler is, in the engine', { timeout: 180_000 }, async () => {
      const archive = join(packages, 'debian.tar');
      const leave = ['./proc/*', './sys/*', './dev/*', './var/cache/*', './var/lib/apt/lists/*'];
      await run('tar', ['-C', debian.folder, ...leave.map((path) => `--exclude=${path}`), '-cf', archive, '.']);
      await engine.docker('import', archive, 'debian:bookworm-slim');
      rmSync(archive);
      const path = mkdtempSync(join(packages, 'path-'));
      symlinkSync('/usr/bin/docker', join(path, 'docker'));
      expect(await probesElsewhere({ PATH: path, DOCKER_HOST: engine.host })).toEqual({
        'linux-amd64': digestFile('resources/probe/linux-amd64'),
      });
    });

    it('is installed, started from its menu entry, shows the picture, and is removed without a trace', {
      timeout: 240_000,
    }, async () => {
      const apt = (...args: string[]) => debian.run('apt-get', '-y', '-q', '--no-install-recommends', ...args);
      // Chromium stands where Electron's own would; gio starts what a menu starts.
      await apt('install', 'chromium', 'desktop-file-utils', 'fonts-dejavu-core', 'libglib2.0-bin');
      const before = await debian.files();
      await apt('install', await debian.bring(at(`bulkhead_${version}_amd64.deb`)));

      expect(await debian.run('bulkhead', '--version')).toContain(version);
      await engine.docker('run', '-d', '--name', 'web1', engine.image, '/bin/sleep', '1000');
      await engine.docker(
        'run',
        '-d',
        '--name',
        'web2',
        '--network=container:web1',
        engine.image,
        '/bin/sleep',
        '1000',
      );
      expect(await debian.run('bulkhead', 'shared')).toContain('--network=container:web1');
      expect(await debian.run('gio', 'mime', 'application/vnd.bulkhead.snapshot+json')).toContain('bulkhead.desktop');

      const app = debian.start('sh', '-c', 'gio launch /usr/share/applications/bulkhead.desktop; sleep 1000');
      try {
        const { browser, page } = await windowOf(app);
        await page.getByRole('button', { name: 'Start the helper', exact: true }).click();
        await page.getByRole('contentinfo').getByText(/^Live/).waitFor({ timeout: 30_000 });
        for (const name of ['web1', 'web2']) await page.locator(`[data-name="${name}"]`).first().waitFor();
        await page.getByText('--network=container:web1').first().waitFor();
        // The probe that it runs there came out of the package.
        expect(await engine.docker('ps', '-q', '--filter', 'label=dev.bulkhead.helper')).not.toBe('');
        if (process.env.BULKHEAD_PICTURE) await page.screenshot({ path: process.env.BULKHEAD_PICTURE });
        await browser.close();
      } finally {
        await app.stop();
      }
      // Killed, it leaves no helper either; and nothing has started the app's program as Node.
      await expect
        .poll(() => engine.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper'), { timeout: 15_000 })
        .toBe('');
      expect(readdirSync(join(debian.folder, 'tmp'))).not.toContain('standin-run-as-node');

      // A double click on a snapshot does this.
      const file = await debian.bring('resources/demo-snapshot.json');
      await debian.run('mv', file, '/tmp/Kopie für 我.bulkhead.json');
      const opened = debian.start('sh', '-c', 'gio open "/tmp/Kopie für 我.bulkhead.json"; sleep 1000');
      try {
        const { browser, page } = await windowOf(opened);
        await page.getByText('Kopie für 我.bulkhead.json').first().waitFor();
        await browser.close();
      } finally {
        await opened.stop();
      }

      await apt('purge', '--autoremove', 'bulkhead');
      // Chromium, which is no part of the package, makes a folder of its own when it is started.
      const left = (await debian.files()).filter(
        (path) => !before.includes(path) && !path.startsWith('/usr/lib/chromium'),
      );
      expect(left).toEqual([]);
    });
  });
});
