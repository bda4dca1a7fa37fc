import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEBIAN_ROOT_NEEDS, type DebianRoot, type RootProcess, startDebianRoot } from '../support/debian-root.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';
import { PACKAGE_NEEDS, packageStandIn } from '../support/standin-packages.ts';

const run = promisify(execFile);
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const needs = {
  ...ENGINE_NEEDS,
  programs: [...ENGINE_NEEDS.programs, ...DEBIAN_ROOT_NEEDS.programs, ...PACKAGE_NEEDS.programs],
  files: [...ENGINE_NEEDS.files, ...PACKAGE_NEEDS.files],
};

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

describeWith('a bare Debian', needs, () => {
  let engine: TestEngine;
  let packages: string;
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
    const packaging = packageStandIn('linux');
    debian = await startDebianRoot(engine.socket);
    packages = await packaging;
  }, 300_000);
  afterAll(async () => {
    await debian?.stop();
    await engine?.stop();
    if (packages) rmSync(packages, { recursive: true, force: true });
  });

  it('builds the same probe in another folder', async () => {
    expect(await probesElsewhere(process.env)).toEqual({
      'linux-amd64': digestFile('resources/probe/linux-amd64'),
      'linux-arm64': digestFile('resources/probe/linux-arm64'),
    });
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
    await apt('install', await debian.bring(join(packages, `bulkhead_${version}_amd64.deb`)));

    expect(await debian.run('bulkhead', '--version')).toContain(version);
    await engine.docker('run', '-d', '--name', 'web1', engine.image, '/bin/sleep', '1000');
    await engine.docker('run', '-d', '--name', 'web2', '--network=container:web1', engine.image, '/bin/sleep', '1000');
    expect(await debian.run('bulkhead', 'shared')).toContain('--network=container:web1');
    expect(await debian.run('gio', 'mime', 'application/vnd.bulkhead')).toContain('bulkhead.desktop');

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

    // A double click on a file does this.
    await debian.run('bulkhead', 'record', '--for', '2s', '-o', '/tmp/Kopie für 我.bulkhead');
    const opened = debian.start('sh', '-c', 'gio open "/tmp/Kopie für 我.bulkhead"; sleep 1000');
    try {
      const { browser, page } = await windowOf(opened);
      await page.getByText('Kopie für 我.bulkhead').first().waitFor();
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
