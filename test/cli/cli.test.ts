import { type ChildProcessWithoutNullStreams, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { endpointReportSchema } from '../../src/api/contract.ts';
import { createWebSocketPort, WEB_SOCKET_CLOSE, WEB_SOCKET_PATH } from '../../src/api/web-socket-port.ts';
import { decodeSnapshot } from '../../src/core/snapshot/decode.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';
const needs = {
  ...ENGINE_NEEDS,
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe', PROGRAM],
};

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly bytes: Buffer;
  readonly err: string;
}

describeWith('the command line, built, on a real engine', needs, () => {
  let engine: TestEngine;
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    engine = await startEngine();
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-cli-'));
    // A home of its own, so that contexts of the machine's user play no part.
    environment = { PATH: process.env.PATH, HOME: folder, DOCKER_HOST: engine.host };
    const run = (name: string, ...args: string[]) =>
      engine.docker('run', '-d', '--name', name, ...args, engine.image, '/bin/sleep', '1000');
    await run('web1', '--uts=host');
    await run('web2', '--uts=host', '--network=container:web1');
  });
  afterAll(async () => {
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function bulkhead(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      const options = { env: { ...environment, ...env }, encoding: 'buffer' as const, maxBuffer: 64 * 1024 * 1024 };
      execFile(process.execPath, [PROGRAM, ...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, bytes: stdout, out: stdout.toString(), err: stderr.toString() });
      });
    });
  }

  /** The same in a terminal, at which something is typed to each question. */
  function atTerminal(
    args: readonly string[],
    ...typed: readonly (readonly [RegExp, string])[]
  ): Promise<{ code: number | null; text: string }> {
    return new Promise((resolve) => {
      const command = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
      const child = spawn('script', ['-qec', command, '/dev/null'], { env: environment });
      let text = '';
      const waiting = [...typed];
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString();
        const [question, answer] = waiting[0] ?? [];
        if (question?.test(text)) {
          waiting.shift();
          child.stdin.write(answer);
        }
      });
      child.once('close', (code) => resolve({ code, text }));
    });
  }

  it('opens a root shell only for who asks for one in words', async () => {
    const silent = await bulkhead(['shell', '--endpoint', engine.host]);
    expect(silent).toMatchObject({ code: 2, err: expect.stringMatching(/say --vm for a root shell/) });
    const refused = await atTerminal(['shell', '--endpoint', engine.host], [/Type yes/, 'no\n']);
    expect(refused).toMatchObject({
      code: 1,
      text: expect.stringMatching(/root outside.*Type yes[\s\S]*No shell was opened/),
    });
    expect(await engine.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper')).toBe('');
    const agreed = await atTerminal(['shell', '--endpoint', engine.host], [/Type yes/, 'yes\n'], [/# $/, 'exit 7\n']);
    expect(agreed.code).toBe(7);
  });

  function start(...args: string[]): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [PROGRAM, ...args], { env: environment });
  }

  /** Waits until what a running command printed matches. */
  function printed(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      let text = '';
      const timer = setTimeout(() => reject(new Error(`${pattern} never came: ${text}`)), 20_000);
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString();
        const found = pattern.exec(text);
        if (found === null) return;
        clearTimeout(timer);
        resolve(found);
      });
    });
  }
  const ended = (child: ChildProcessWithoutNullStreams): Promise<number | null> =>
    new Promise((resolve) => child.once('close', resolve));

  it('inspect says of a process that may not be looked into what is unknown', async () => {
    const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, PROGRAM, 'inspect'];
    const look = (...args: string[]) =>
      execFileSync('setpriv', [...nobody, ...args, '--endpoint', 'local', '1'], {
        env: { PATH: process.env.PATH, HOME: '/nonexistent' },
        encoding: 'utf8',
      });
    const text = look();
    expect(text).toMatch(/── namespaces\n {2}Which mnt, pid, net, .*namespaces it is in could not be read/);
    for (const what of ['Program', 'Working directory', 'Root directory'])
      expect(text).toMatch(new RegExp(`^${what} +could not be read$`, 'm'));
    const { parts } = JSON.parse(look('--json')) as { parts: { name: string; error: string | null }[] };
    expect(parts.find(({ name }) => name === 'namespaces')?.error).toContain('could not be read');
    const own = await bulkhead(['inspect', '--endpoint', 'local', String(process.pid)]);
    expect(own.out).not.toContain('── namespaces');
  });

  it('help that was asked for is a success, help that is shown for wrong use is not', async () => {
    const code = async (...args: string[]) => (await bulkhead(args)).code;
    expect(await code('help', 'scan')).toBe(0);
    expect(await code('help')).toBe(0);
    expect(await code('help', 'nosuch')).toBe(2);
    expect(await code()).toBe(2);
  });

  it('--help documents every command and the exit codes; --version says the version', async () => {
    const help = await bulkhead(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['endpoints', 'scan', 'shared', 'watch', 'export', 'serve', 'Exit codes']) {
      expect(help.out).toContain(word);
    }
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await bulkhead(['--version'])).toMatchObject({ code: 0, out: `${version}\n`, err: '' });
  });

  it('wrong use ends with 2, prints nothing to stdout and says what to do', async () => {
    for (const args of [['scann'], ['scan', '--jsn'], ['export', '--format', 'gif'], ['serve', '--port', '99999']]) {
      const { code, out, err } = await bulkhead(args);
      expect(code, args.join(' ')).toBe(2);
      expect(out).toBe('');
      expect(err).not.toBe('');
    }
  });

  it('endpoints: the engine, as a table and as the contract’s JSON', async () => {
    const table = await bulkhead(['endpoints']);
    expect(table.code).toBe(0);
    expect(table.out).toContain(engine.host);
    expect(table.out).not.toContain('\u001b');
    const reports = endpointReportSchema.array().parse(JSON.parse((await bulkhead(['endpoints', '--json'])).out));
    expect(reports.find(({ current }) => current)).toMatchObject({ address: engine.host, usable: true });
    expect(reports.some(({ type }) => type === 'local')).toBe(true);
  });

  it('scan: a table for people, without colour in a pipe; snapshot 1 with --json', async () => {
    const { code, out } = await bulkhead(['scan']);
    expect(code).toBe(0);
    expect(out).not.toContain('\u001b');
    expect(out).toMatch(/^web1 +running/m);
    const decoded = decodeSnapshot((await bulkhead(['scan', '--json'])).out);
    expect(decoded.ok && decoded.snapshot.containers.filter(({ helper }) => !helper).map(({ name }) => name)).toEqual([
      'web1',
      'web2',
    ]);
  });

  it('shared --json: namespaces, members and causes, as documented', async () => {
    const rows = JSON.parse((await bulkhead(['shared', '--json'])).out) as { kind: string; namespace: string }[];
    expect(rows.find(({ kind }) => kind === 'net')).toEqual({
      namespace: expect.stringMatching(/^net:\[\d+\]$/),
      kind: 'net',
      members: ['web1', 'web2'],
      causes: { web1: expect.any(String), web2: '--network=container:web1' },
    });
    expect(rows.find(({ kind }) => kind === 'uts')).toMatchObject({
      members: ['host', 'web1', 'web2'],
      causes: { web1: '--uts=host', web2: '--uts=host' },
    });
    expect((await bulkhead(['shared'])).out).toContain('--network=container:web1');
  });

  it('--endpoint takes an address or local; what cannot be used ends with 3 and lists what can', async () => {
    const other = { DOCKER_HOST: `unix://${folder}/nothing.sock` };
    expect((await bulkhead(['scan', '--endpoint', engine.host], other)).out).toContain('web1');
    expect((await bulkhead(['scan', '--endpoint', 'local'])).out).toMatch(/^uts +uts:\[\d+\] +\d+ /m);
    const local = decodeSnapshot((await bulkhead(['scan', '--endpoint', 'local', '--json'], other)).out);
    expect(local.ok && local.snapshot.engine).toBeNull();
    expect(local.ok && local.snapshot.processes.some(({ pid }) => pid === process.pid)).toBe(true);
    for (const wish of ['typo', `unix://${folder}/nothing.sock`]) {
      const { code, out, err } = await bulkhead(['scan', '--endpoint', wish]);
      expect(out).toBe('');
      expect(err).not.toMatch(/\n\s+at /);
      expect([1, 3], `${wish}: ${err}`).toContain(code);
    }
  });

  it('watch --json: a line an event, until Ctrl+C, which ends with 0', async () => {
    const child = start('watch', '--json');
    await printed(child, /"type":"snapshot"/);
    const change = printed(child, /"type":"change".*later/);
    await engine.docker('run', '-d', '--name=later', engine.image, '/bin/sleep', '1000');
    const [line] = await change;
    expect(line).not.toContain('\n');
    const end = ended(child);
    child.kill('SIGINT');
    expect(await end).toBe(0);
    await engine.docker('rm', '-f', 'later');
  });

  it('watch: what started and what ended, for people', async () => {
    const child = start('watch');
    await printed(child, /2 containers/);
    const came = printed(child, /passer-by/);
    await engine.docker('run', '--rm', '--name=passer-by', engine.image, '/bin/true');
    await came;
    const end = ended(child);
    child.kill('SIGINT');
    expect(await end).toBe(0);
  });

  it('watch: who is connected to a network and cut from it, and who makes a namespace', async () => {
    const options = ['--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined'];
    await engine.docker('run', '-d', '--name=wanderer', ...options, engine.image, '/bin/sleep', '1000');
    await engine.docker('network', 'create', 'far');
    const [people, programs] = [start('watch'), start('watch', '--json')];
    await Promise.all([printed(people, /wanderer|3 containers/), printed(programs, /"type":"snapshot"/)]);
    const told = (first: RegExp, second: RegExp) => Promise.all([printed(people, first), printed(programs, second)]);
    const connected = told(/wanderer connected to network far, /, /"what":"connected".*wanderer was connected/);
    await engine.docker('network', 'connect', 'far', 'wanderer');
    await connected;
    const cut = told(/wanderer disconnected from network far/, /"what":"disconnected".*wanderer was disconnected/);
    await engine.docker('network', 'disconnect', 'far', 'wanderer');
    await cut;
    const made = told(
      /in wanderer: uts uts:.* which it made|in wanderer, which made uts:/,
      /"what":"made".*wanderer made/,
    );
    await engine.docker('exec', '-d', 'wanderer', '/bin/sh', '-c', 'unshare -u sleep 30');
    await made;
    for (const child of [people, programs]) {
      const end = ended(child);
      child.kill('SIGINT');
      expect(await end).toBe(0);
    }
    await engine.docker('rm', '-f', 'wanderer');
    await engine.docker('network', 'rm', 'far');
  });

  it('export: every format, the same bytes for the same input, from a file, from stdin and to a file', async () => {
    const saved = join(folder, 'saved.json');
    await writeFile(saved, (await bulkhead(['scan', '--json'])).bytes);
    for (const format of ['svg', 'png', 'json', 'dot', 'mermaid']) {
      const first = await bulkhead(['export', saved, '--format', format]);
      expect(first.code, first.err).toBe(0);
      expect(first.bytes.length).toBeGreaterThan(100);
      if (format !== 'png') expect(first.out).toContain('web1');
      const target = join(folder, `picture.${format}`);
      const second = await bulkhead(['export', saved, '--format', format, '-o', target]);
      expect(second).toMatchObject({ code: 0, out: '' });
      expect(first.bytes.equals(await readFile(target))).toBe(true);
    }
    for (const format of ['graphml', 'cytoscape', 'markdown', 'csv-containers', 'svg', 'json']) {
      expect((await bulkhead(['export', saved, '--format', format])).out, format).toContain('web1');
      const masked = await bulkhead(['export', saved, '--format', format, '--mask']);
      expect(masked.code, masked.err).toBe(0);
      expect(masked.out, format).toContain('name-');
      expect(masked.out, format).not.toMatch(/web[12]/);
    }
    const piped = start('export', '-', '--format', 'dot');
    const graph = printed(piped, /web1/);
    // Who writes into the pipe may take their time.
    await new Promise((resolve) => setTimeout(resolve, 700));
    piped.stdin.end(await readFile(saved));
    await graph;
    expect(await ended(piped)).toBe(0);
    // As PowerShell's `>` writes it.
    const wide = start('export', '-', '--format', 'dot');
    const same = printed(wide, /web1/);
    wide.stdin.end(Buffer.from(`\ufeff${await readFile(saved, 'utf8')}`, 'utf16le'));
    await same;
    expect(await ended(wide)).toBe(0);
    const waiting = start('export', '-', '--format', 'dot');
    await new Promise((resolve) => setTimeout(resolve, 700));
    waiting.kill('SIGINT');
    expect(await ended(waiting)).toBe(130);
  });

  it('export: what is no snapshot, or of the future, is refused with what to do', async () => {
    const bad = join(folder, 'bad.json');
    for (const text of ['{', '{}', '{"format":"bulkhead-snapshot","version":99}']) {
      await writeFile(bad, text);
      const { code, out, err } = await bulkhead(['export', bad, '--format', 'svg']);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain('bad.json');
      expect(err).not.toMatch(/\n\s+at /);
    }
    expect((await bulkhead(['export', join(folder, 'missing.json'), '--format', 'svg'])).code).toBe(2);
    const huge = join(folder, 'huge.json');
    await writeFile(huge, '{');
    await truncate(huge, 600 * 1024 * 1024);
    expect(await bulkhead(['export', huge, '--format', 'svg'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('256 are the limit'),
    });
    await writeFile(huge, '['.repeat(5_000_000));
    expect(await bulkhead(['export', huge, '--format', 'svg'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('levels deep'),
    });
    const endless = start('export', '-', '--format', 'svg');
    endless.stdin.on('error', () => {});
    const feed = setInterval(
      () => endless.stdin.writableNeedDrain || endless.stdin.write(Buffer.alloc(8 << 20, 32)),
      1,
    );
    expect(await ended(endless)).toBe(2);
    clearInterval(feed);
  });

  it('a reader that goes away is no error', async () => {
    const child = start('scan', '--json');
    child.stdout.once('data', () => child.stdout.destroy());
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => {
      complaint += data.toString();
    });
    expect(await ended(child)).toBe(0);
    expect(complaint).toBe('');
  });

  it('serve: prints one address on loopback, serves the page there, and ends with Ctrl+C', async () => {
    const child = start('serve');
    const [address] = await printed(child, /^http:\/\/127\.0\.0\.1:\d+\/\S+$/m);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const end = ended(child);
    child.kill('SIGINT');
    expect(await end).toBe(0);
  });

  it('a container’s name and arguments cannot steer the terminal', async () => {
    await engine.docker('run', '-d', '--name=odd', engine.image, '/bin/sh', '-c', 'sleep 1000 #\u001b[31mred\u202e');
    for (const args of [['scan'], ['shared'], ['scan', '--json']]) {
      const { out } = await bulkhead(args);
      for (const character of ['\u001b', '\u202e']) expect(out).not.toContain(character);
    }
    await engine.docker('rm', '-f', 'odd');
  });
});

describeWith('serve --open', { linux: true, files: [PROGRAM, 'out/renderer/index.html'] }, () => {
  it('shows no other user of the machine how to get in, and leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bulkhead-open-'));
    // In the browser's place: it writes down what it was given, which is what `ps` would show.
    await writeFile(
      join(folder, 'xdg-open'),
      `#!/bin/sh\nprintf '%s\\n' "$@" >${folder}/given.part\nmv ${folder}/given.part ${folder}/given\n`,
      {
        mode: 0o755,
      },
    );
    const child = spawn(process.execPath, [PROGRAM, 'serve', '--open'], {
      env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder, XDG_RUNTIME_DIR: folder },
    });
    try {
      const printed = await new Promise<string>((resolve) =>
        child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
      );
      const token = new URL(printed).hash.slice('#token='.length);
      let given = '';
      while (given === '') {
        given = await readFile(join(folder, 'given'), 'utf8').catch(() => '');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(given).not.toContain(token);
      expect(given).not.toContain('#');
      const file = given.trim();
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
      const page = await readFile(file, 'utf8');
      expect(page).not.toContain(token);
      const [, code = ''] = /#code=([\w-]{43})/.exec(page) ?? [];
      expect(code).not.toBe('');

      const { host, origin } = new URL(printed);
      const connect = () => new WebSocket(`ws://${host}${WEB_SOCKET_PATH}`, { origin });
      const first = new Promise((resolve) => createWebSocketPort(connect(), { code, onToken: resolve }));
      expect(await first).toBe(token);
      const refused = new Promise((resolve) => createWebSocketPort(connect(), { code, onToken: () => {} }, resolve));
      expect(await refused).toBe(WEB_SOCKET_CLOSE.token);
      // Used, it is gone.
      while (existsSync(dirname(file))) await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      const end = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGINT');
      await end;
      await rm(folder, { recursive: true, force: true });
    }
  });
});
