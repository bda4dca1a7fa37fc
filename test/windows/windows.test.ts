import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endpointReportSchema } from '../../src/api/contract.ts';
import { decodeSnapshot } from '../../src/core/snapshot/decode.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';
import { PACKAGE_NEEDS, packageStandIn } from '../support/standin-packages.ts';
import { createAuthority } from '../support/tls.ts';
import {
  type Outcome,
  type Pipes,
  startWindows,
  WINDOWS_NEEDS,
  type Windows,
  type WindowsProcess,
} from '../support/windows.ts';

const run = promisify(execFile);
const PROGRAM = 'out/cli/bulkhead.js';
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const needs = {
  ...ENGINE_NEEDS,
  ...WINDOWS_NEEDS,
  programs: [...ENGINE_NEEDS.programs, ...WINDOWS_NEEDS.programs, ...PACKAGE_NEEDS.programs, 'openssl'],
  files: [...ENGINE_NEEDS.files, ...PACKAGE_NEEDS.files, PROGRAM, CHROMIUM],
};

/** Rooms that ask for the platform, or meet paths, pipes and line ends. */
const ROOMS = ['src/api', 'src/cli', 'src/inspector', 'src/web', 'test/contract'];

/** The rooms' tests, without those of a browser's document, of Vitest's own clocks, and those that start a program of Linux. */
function portableTests(): string[] {
  return ROOMS.flatMap((room) => readdirSync(room, { recursive: true }).map((name) => join(room, String(name))))
    .filter((file) => file.endsWith('.test.ts'))
    .filter(
      (file) => !/@vitest-environment|\bdescribeWith\b|electron|\bvi\.(use|mock)/.test(readFileSync(file, 'utf8')),
    );
}

// Wine is not Windows: file locks, rights of pipes, ConPTY and long paths are not proved by it. The compiler cannot be
// loaded there, so `build` and `start` are run with everything built, and `test` and `check`, which compile, are not.
describeWith('Windows’ Node under Wine, an engine behind named pipes', needs, () => {
  let engine: TestEngine;
  let windows: Windows;
  let pipes: Pipes;

  beforeAll(async () => {
    [engine, windows] = await Promise.all([startEngine(), startWindows()]);
    pipes = await windows.pipes(['docker_engine', 'dockerDesktopLinuxEngine'], engine.socket);
    const start = (name: string, ...args: string[]) =>
      engine.docker('run', '-d', '--name', name, ...args, engine.image, '/bin/sleep', '1000');
    await start('web1', '--hostname', 'first');
    await start('web2', '--network=container:web1');
  });
  afterAll(async () => {
    await pipes?.close();
    await windows?.stop();
    await engine?.stop();
  });

  const bulkhead = (args: readonly string[], env?: Record<string, string>): Promise<Outcome> =>
    windows.run([PROGRAM, ...args], env);
  const start = (...args: string[]): WindowsProcess => windows.start([PROGRAM, ...args]);
  const helpers = () => engine.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper');
  const ran = { code: 0, err: expect.any(String) };

  /** Waits until a program has printed what matches. */
  const printed = (program: WindowsProcess, pattern: RegExp): Promise<string> =>
    expect
      .poll(async () => (await program.output()).out, { timeout: 50_000, interval: 200 })
      .toMatch(pattern)
      .then(async () => pattern.exec((await program.output()).out)?.[0] ?? '');
  const noHelperIsLeft = () => expect.poll(helpers, { timeout: 10_000, interval: 200 }).toBe('');

  it('passes the tests of the rooms that meet the platform', { timeout: 300_000 }, async () => {
    const pem = join(windows.drive, 'self-signed.pem');
    const key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x'.split(' ');
    await run('openssl', ['req', '-x509', '-days', '2', ...key, '-keyout', `${pem}.key`, '-out', `${pem}.cert`]);
    await writeFile(pem, `${await readFile(`${pem}.key`, 'utf8')}${await readFile(`${pem}.cert`, 'utf8')}`);
    const { err } = await windows.run(
      ['test/windows/run.mjs', 'C:\\report', ...portableTests()],
      { BULKHEAD_TEST_PEM: 'C:\\self-signed.pem' },
      240_000,
    );
    const lines = (await readFile(join(windows.drive, 'report'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.pop(), err).toBe('done');
    const failed = lines.filter(({ error }) => error !== null);
    expect(failed.map(({ name, error }) => `${name.join(' › ')}\n${error}`)).toEqual([]);
    expect(lines.length).toBeGreaterThan(150);
    console.log(`Under Wine: ${lines.length} tests of ${portableTests().length} files.`);
  });

  it('finds the engine behind Docker’s pipes', async () => {
    const { code, out } = await bulkhead(['endpoints', '--json']);
    expect(code).toBe(0);
    const reports = endpointReportSchema.array().parse(JSON.parse(out));
    // Both pipes lead to one engine, which is listed once.
    expect(reports.filter(({ type }) => type === 'engine')).toMatchObject([
      { usable: true, current: true, address: 'npipe:////./pipe/docker_engine' },
    ]);
    // Windows has no Linux of its own to show.
    expect(reports.find(({ type }) => type === 'local')).toMatchObject({ usable: false });
  });

  it('takes contexts from the folder of the user', async () => {
    const name = 'arbeit';
    const folder = join(windows.home, '.docker/contexts/meta', createHash('sha256').update(name).digest('hex'));
    const docker = { Host: 'npipe:////./pipe/dockerDesktopLinuxEngine', SkipTLSVerify: false };
    await mkdir(folder, { recursive: true });
    // As `docker context create` writes it; Docker's program for Linux refuses to write one with a pipe.
    await writeFile(join(folder, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
    const { out } = await bulkhead(['endpoints']);
    expect(out).toMatch(/docker_engine.*context arbeit/);
    expect(await bulkhead(['scan', '--context', 'arbeit'])).toMatchObject({
      ...ran,
      out: expect.stringMatching(/^web1 /m),
    });
  });

  it('scans through the helper container, inspects, and runs a command in a container', {
    timeout: 180_000,
  }, async () => {
    const scan = await bulkhead(['scan', '--json']);
    expect(scan).toMatchObject(ran);
    const decoded = decodeSnapshot(scan.out);
    expect(decoded.ok && decoded.snapshot.probe?.via).toBe('helper');
    const inspect = await bulkhead(['inspect', 'web2', '--json']);
    expect(inspect).toMatchObject(ran);
    expect(JSON.parse(inspect.out)).toBeTruthy();
    expect((await bulkhead(['shared'])).out).toMatch(/--network=container:web1/);
    expect(await bulkhead(['shell', 'web2', '--', 'hostname'])).toMatchObject({
      ...ran,
      out: expect.stringMatching(/first\r?\n/),
    });
    expect((await bulkhead(['shell', 'web2', '--', 'sh', '-c', 'exit 7'])).code).toBe(7);
    await noHelperIsLeft();
  });

  it('says that a pipe does not exist, and waits for one that is busy', { timeout: 120_000 }, async () => {
    const missing = await bulkhead(['scan', '--endpoint', 'npipe:////./pipe/nobody']);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toMatch(/nobody/);
    pipes.block(2_000);
    expect(await bulkhead(['scan'], { DOCKER_HOST: 'npipe:////./pipe/docker_engine' })).toMatchObject(ran);
  });

  it('speaks TLS with the files that Docker’s variables name', async () => {
    const folder = join(windows.drive, 'my certificates');
    await mkdir(folder);
    const authority = await createAuthority(folder, 'authority');
    const server = await authority.issue('server', 'IP:127.0.0.1');
    const client = await authority.issue('client', null);
    await Promise.all([
      writeFile(join(folder, 'ca.pem'), await readFile(authority.ca)),
      writeFile(join(folder, 'cert.pem'), await readFile(client.cert)),
      writeFile(join(folder, 'key.pem'), await readFile(client.key)),
    ]);
    const files = {
      ca: await readFile(authority.ca),
      cert: await readFile(server.cert),
      key: await readFile(server.key),
    };
    const door = createServer({ ...files, requestCert: true, rejectUnauthorized: true }, (near) => {
      const far = connect(engine.socket);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as { port: number };
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' };
    expect(await bulkhead(['scan'], { ...env, DOCKER_CERT_PATH: 'C:\\my certificates' })).toMatchObject(ran);
    const refused = await bulkhead(['scan', '--endpoint', 'default'], { ...env, DOCKER_CERT_PATH: 'C:\\nowhere' });
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('nowhere') });
    door.close();
  });

  it('writes pictures to paths with blanks and letters of any language', async () => {
    await mkdir(join(windows.drive, 'Über mir'));
    for (const name of ['Brücke 1.svg', '船.png']) {
      const path = `C:\\Über mir\\${name}`;
      const args = ['export', '--format', name.slice(-3), '-o', path, 'resources/demo-snapshot.json'];
      const { code, err } = await bulkhead(args);
      expect(code, err).toBe(0);
      expect(existsSync(join(windows.drive, 'Über mir', name))).toBe(true);
    }
    // The same bytes as on Linux.
    const { stdout } = await run(
      process.execPath,
      [PROGRAM, 'export', '--format', 'svg', 'resources/demo-snapshot.json'],
      {
        maxBuffer: 2 ** 26,
      },
    );
    expect(await readFile(join(windows.drive, 'Über mir', 'Brücke 1.svg'), 'utf8')).toBe(stdout);
  });

  it('starts by the npm scripts, and hands the page to the browser', { timeout: 120_000 }, async () => {
    expect(await windows.run(['scripts/build-probe.mjs'])).toMatchObject(ran);
    // Wine hands what Windows would show in a browser to Linux's xdg-open.
    const folder = join(windows.drive, 'opened');
    await mkdir(folder);
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" >${folder}/given\n`, { mode: 0o755 });
    const program = windows.start(['scripts/start.mjs', '--browser'], { PATH: `${folder}:${process.env.PATH}` });
    const given = () => (existsSync(join(folder, 'given')) ? readFileSync(join(folder, 'given'), 'utf8') : '');
    await expect.poll(given, { timeout: 50_000, interval: 200 }).toMatch(/open\.html$/);
    expect((await program.output()).out).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
    program.kill('SIGINT');
    await program.ended;
    await noHelperIsLeft();
  });

  it('runs out of the zip that is packaged for Windows', { timeout: 180_000 }, async () => {
    const packages = await packageStandIn('win');
    const folder = join(windows.drive, 'Program Files', 'Bulkhead für 我');
    await mkdir(folder, { recursive: true });
    const [zip] = readdirSync(packages).filter((name) => /-win-x64\.zip$/.test(name));
    await run('bsdtar', ['-xf', join(packages, String(zip)), '-C', folder]);
    await rm(packages, { recursive: true });
    // As in a command prompt whose PATH has Node.
    const prompt = (line: string): Promise<Outcome> =>
      windows.run([
        '-e',
        `const { status } = require('node:child_process').spawnSync(process.argv[1], { shell: true, stdio: 'inherit', env:
          { ...process.env, PATH: require('node:path').dirname(process.execPath) + ';' + process.env.PATH } });
         process.exitCode = status;`,
        `"C:\\Program Files\\Bulkhead für 我\\resources\\cli\\bulkhead.cmd" ${line}`,
      ]);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await prompt('--version')).toMatchObject({ ...ran, out: expect.stringContaining(version) });
    // With the probe out of the zip.
    expect(await prompt('shared')).toMatchObject({ ...ran, out: expect.stringContaining('--network=container:web1') });
    const picture = 'export --format png -o "C:\\out of the zip.png"';
    expect(await prompt(`${picture} resources\\demo-snapshot.json`)).toMatchObject(ran);
    expect((await readFile(join(windows.drive, 'out of the zip.png'))).subarray(1, 4).toString()).toBe('PNG');
    expect((await prompt('nothing')).code).toBe(2);
  });

  it('is live again after the pipe broke, and Ctrl+C ends it', async () => {
    const watch = start('watch');
    await printed(watch, /2 containers/);
    pipes.break();
    await engine.docker('run', '-d', '--name', 'after', engine.image, '/bin/sleep', '1000');
    await printed(watch, /after/);
    watch.kill('SIGINT');
    expect((await watch.ended).code).toBe(0);
    await noHelperIsLeft();
    await engine.docker('rm', '-f', 'after');
  });

  it('leaves no helper when it is killed', async () => {
    const watch = start('watch', '--json');
    await printed(watch, /"type":"snapshot"/);
    expect(await helpers()).not.toBe('');
    watch.kill('SIGKILL');
    await noHelperIsLeft();
  });

  it('shows the living picture in a browser', async () => {
    const serve = start('serve', '--port', '0');
    const url = (await printed(serve, /http:\S+/)).trim();
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(url);
      await page.getByRole('contentinfo').getByText(/^Live/).waitFor({ timeout: 60_000 });
      const card = (name: string) => page.locator(`[data-name="${name}"]`).first();
      await card('web1').waitFor();
      await engine.docker('run', '-d', '--name', 'born', engine.image, '/bin/sleep', '1000');
      await card('born').waitFor({ timeout: 30_000 });
      await engine.docker('rm', '-f', 'born');
      await card('born').waitFor({ state: 'detached', timeout: 30_000 });
    } finally {
      await browser.close();
    }
    serve.kill('SIGINT');
    await serve.ended;
    await noHelperIsLeft();
  });
});
