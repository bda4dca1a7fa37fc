import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { TERMINAL_INPUT, TERMINAL_WINDOW, type TerminalEvent } from '../../src/api/contract.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { GUARD } from '../../src/inspector/terminal/container-shell.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

/** A terminal as the page has one: acknowledges what it has read unless told not to. */
function open(inspector: Inspector, endpoint: string, container: string, command: string[] = []) {
  let text = '';
  let bytes = 0;
  let id = '';
  let typed = '';
  let exit: Extract<TerminalEvent, { type: 'exit' }> | null = null;
  let acknowledging = true;
  const close = inspector.subscribe.terminal(
    { endpoint, target: { type: 'container', id: container, user: '', command }, columns: 90, rows: 33 },
    (event) => {
      if (event.type === 'opened') {
        id = event.terminal;
        typed = event.command;
      } else if (event.type === 'exit') exit = event;
      else if (event.type === 'output') {
        const chunk = Buffer.from(event.data, 'base64');
        bytes += chunk.length;
        text = (text + chunk.toString()).slice(-20_000);
        if (acknowledging) void inspector.request['terminal.acknowledge']({ terminal: id, bytes: chunk.length });
      }
    },
  );
  const until = <T>(look: () => T) => vi.waitFor(look, { timeout: 20_000, interval: 20 });
  return {
    close,
    until,
    command: () => typed,
    text: () => text,
    bytes: () => bytes,
    acknowledge: (on: boolean) => {
      acknowledging = on;
    },
    opened: () => until(() => expect(id).not.toBe('')),
    says: (pattern: RegExp) => until(() => expect(text).toMatch(pattern)),
    exit: () =>
      until(() => {
        expect(exit).not.toBeNull();
        return exit;
      }),
    async type(input: string | Buffer) {
      await until(() => expect(id).not.toBe(''));
      const all = Buffer.from(input);
      for (let at = 0; at < all.length; at += TERMINAL_INPUT) {
        const data = all.subarray(at, at + TERMINAL_INPUT).toString('base64');
        await inspector.request['terminal.input']({ terminal: id, data });
      }
    },
    resize: (columns: number, rows: number) => inspector.request['terminal.resize']({ terminal: id, columns, rows }),
  };
}

describeWith('a shell in a container', ENGINE_NEEDS, () => {
  let engine: TestEngine;
  let inspector: Inspector;

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    await engine.docker('run', '-d', '--name', 'box', '--hostname', 'boxhost', engine.image, 'sleep', '1000');
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });
  const shell = (...command: string[]) => open(inspector, engine.host, 'box', command);
  /** Shells, commands and guards that run in the container beside its own process. */
  const inside = async () => {
    const rows = (await engine.docker('top', 'box', '-eo', 'pid,args')).split('\n').slice(1);
    return rows.filter((row) => !/sleep 1000/.test(row));
  };

  it('runs in the container, echoes, knows its size and follows it, and ends with its code', async () => {
    const terminal = shell();
    await terminal.type('hostname; tty; stty size\n');
    await terminal.says(/boxhost\r\n\/dev\/pts\/\d+\r\n33 90\r\n/);
    expect(terminal.text()).not.toContain('bulkhead');
    expect(terminal.command()).toBe('docker exec -it box sh');
    await terminal.resize(120, 40);
    await terminal.until(async () => {
      await terminal.type('stty size\n');
      expect(terminal.text()).toContain('40 120\r\n');
    });
    await terminal.type('exit 42\n');
    expect(await terminal.exit()).toEqual({ type: 'exit', code: 42, message: '' });
    await vi.waitFor(async () => expect(await inside()).toEqual([]), { timeout: 3_000 });
  });

  it('runs a command with its arguments as they are, and interrupts it', async () => {
    const arguments_ = shell('printf', '[%s]', 'a b', "it's", '$HOME');
    expect(await arguments_.exit()).toMatchObject({ code: 0 });
    expect(arguments_.text()).toBe("[a b][it's][$HOME]");
    expect(arguments_.command()).toBe(`docker exec -it box printf '[%s]' 'a b' 'it'\\''s' '$HOME'`);
    const interrupted = shell();
    await interrupted.type('sleep 500\n');
    // Typed before the program is in front, the shell's own line editor would take the key.
    await vi.waitFor(async () => expect((await inside()).join()).toMatch(/\d\s+sleep 500/));
    await interrupted.type('\u0003');
    await interrupted.type('echo code $?\n');
    await interrupted.says(/code 130/);
    interrupted.close();
  });

  it('carries UTF-8 and a paste of a megabyte whole', async () => {
    const terminal = shell();
    await terminal.type('stty -echo; printf "\\343\\201\\202\\360\\237\\232\\242\\n"\n');
    await terminal.says(/あ\u{1F6A2}/u);
    const line = `${'é'.repeat(31)}x\n`;
    const paste = line.repeat(Math.ceil(1_048_576 / Buffer.byteLength(line)));
    await terminal.type('cat > /tmp/paste; wc -c < /tmp/paste; md5sum < /tmp/paste\n');
    await terminal.type(paste);
    await terminal.type('\u0004');
    await terminal.says(new RegExp(`${Buffer.byteLength(paste)}\r\n`));
    const { createHash } = await import('node:crypto');
    await terminal.says(new RegExp(createHash('md5').update(paste).digest('hex')));
    terminal.close();
  });

  it('stops a flood that nobody reads, goes on when it is read, and uses no memory for it', async () => {
    const terminal = shell('yes');
    terminal.acknowledge(false);
    await terminal.until(() => expect(terminal.bytes()).toBeGreaterThanOrEqual(TERMINAL_WINDOW));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stopped = terminal.bytes();
    // One chunk may have been on its way.
    expect(stopped).toBeLessThan(TERMINAL_WINDOW * 1.5);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(terminal.bytes()).toBe(stopped);
    terminal.close();

    const flood = shell('yes');
    await flood.until(() => expect(flood.bytes()).toBeGreaterThan(1_000_000));
    const before = process.memoryUsage().rss;
    const from = flood.bytes();
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    // Many times what may be on its way at once: it goes on as it is read.
    expect(flood.bytes() - from).toBeGreaterThan(4 * TERMINAL_WINDOW);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    flood.close();
    await vi.waitFor(async () => expect(await inside()).toEqual([]), { timeout: 3_000 });
  });

  it('keeps twenty apart, and ends them and what they run when they are closed', async () => {
    const terminals = Array.from({ length: 20 }, () => shell());
    await Promise.all(
      terminals.map(async (terminal, index) => {
        await terminal.type(`echo number $((${index} + 1000))\n`);
        await terminal.says(new RegExp(`number ${index + 1000}\r\n`));
      }),
    );
    await terminals[0]?.type('sleep 777\n');
    await vi.waitFor(async () => expect((await inside()).join()).toContain('sleep 777'));
    for (const terminal of terminals) terminal.close();
    await vi.waitFor(async () => expect(await inside()).toEqual([]), { timeout: 3_000 });
  });

  it('says why there is none: no shell, no container, one that does not run, no engine', async () => {
    const folder = `${engine.socket}.empty`;
    await engine.docker('run', '-d', '--name', 'bare', engine.image, 'sleep', '1000');
    await engine.docker('exec', 'bare', 'rm', '/bin/sh');
    const bare = open(inspector, engine.host, 'bare');
    expect(await bare.exit()).toMatchObject({ code: null, message: expect.stringMatching(/has no \/bin\/sh/) });
    const missing = open(inspector, engine.host, 'nowhere');
    expect(await missing.exit()).toMatchObject({ code: null, message: expect.stringMatching(/No such container/) });
    await engine.docker('create', '--name', 'created', engine.image, 'sleep', '1');
    const created = open(inspector, engine.host, 'created');
    expect(await created.exit()).toMatchObject({ code: null, message: expect.stringMatching(/is not running/) });
    const lost = open(inspector, `unix://${folder}`, 'box');
    expect(await lost.exit()).toMatchObject({ code: null, message: expect.stringMatching(/\S/) });
    const recorded = open(inspector, 'demo', 'box');
    expect(await recorded.exit()).toMatchObject({ code: null, message: expect.stringMatching(/recording/) });
    await engine.docker('rm', '-f', 'bare', 'created');
  });

  it('tells when the container ends', async () => {
    await engine.docker('run', '-d', '--name', 'short', engine.image, 'sleep', '1000');
    const terminal = open(inspector, engine.host, 'short');
    await terminal.type('echo up\n');
    await terminal.says(/up\r\n/);
    await engine.docker('rm', '-f', 'short');
    expect(await terminal.exit()).toMatchObject({ type: 'exit' });
  });

  it('ends within 3 s when the app is killed with SIGKILL, with what it runs', async () => {
    const child = spawn(
      process.execPath,
      ['out/cli/bulkhead.js', 'shell', '--endpoint', engine.host, 'box', '--', 'sleep', '888'],
      { stdio: ['pipe', 'ignore', 'inherit'] },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await vi.waitFor(async () => expect((await inside()).join()).toContain('sleep 888'), { timeout: 15_000 });
    child.kill('SIGKILL');
    await ended;
    await vi.waitFor(async () => expect(await inside()).toEqual([]), { timeout: 3_000 });
  });

  it('leaves nothing when it is killed the moment that its program runs, or at any other', async () => {
    const sleepers = () => execFileSync('sh', ['-c', 'pgrep -f "^sleep 8989" || true'], { encoding: 'utf8' }).trim();
    for (const moment of [null, null, null, 400, 600, 800, 1_000]) {
      const args = ['shell', '--endpoint', engine.host, 'box', '--', 'sleep', '8989'];
      const child = spawn(process.execPath, ['out/cli/bulkhead.js', ...args], { stdio: ['pipe', 'ignore', 'inherit'] });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (moment === null) {
        for (const start = Date.now(); sleepers() === '' && Date.now() - start < 15_000; )
          await new Promise(setImmediate);
      } else await new Promise((resolve) => setTimeout(resolve, moment));
      child.kill('SIGKILL');
      await ended;
    }
    // What was just asked of the engine may still start.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await vi.waitFor(() => expect(sleepers()).toBe(''), { timeout: 6_000 });
    await vi.waitFor(async () => expect(await inside()).toEqual([]), { timeout: 8_000 });
  }, 60_000);

  it.each(['/bin/busybox sh', 'dash', 'bash'])(
    'its guard, run by %s, ends what it was not told the pid of',
    async (words) => {
      const [file = '', ...before] = words.split(' ');
      const mark = `BULKHEAD_SHELL=${randomUUID()}`;
      const program = spawn('env', ['ZZZ=a\nb', mark, 'sleep', '8990'], { stdio: 'ignore' });
      const bystander = spawn('sleep', ['8991'], { stdio: 'ignore' });
      const died = new Promise((resolve) => program.once('exit', (_code, signal) => resolve(signal)));
      const guard = spawn(file, [...before, '-c', GUARD, 'sh', mark], { stdio: ['pipe', 'pipe', 'inherit'] });
      await new Promise((resolve) => guard.stdout.once('data', resolve));
      guard.stdin.end('alive\n');
      expect(await died).toBe('SIGHUP');
      await new Promise((resolve) => guard.once('exit', resolve));
      expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
      bystander.kill();
    },
  );

  it('does not take a slow client for one that is gone', async () => {
    const terminal = shell();
    await terminal.type('echo up\n');
    await terminal.says(/up\r\n/);
    // As a machine that is busy: no sign of life for two seconds.
    const until = Date.now() + 2_000;
    while (Date.now() < until);
    await terminal.type('echo still here\n');
    await terminal.says(/still here\r\n/);
    terminal.close();
  });

  it('ends within 3 s of the crash of the engine', async () => {
    const terminal = shell();
    await terminal.type('sleep 9393\n');
    const sleepers = () => execFileSync('sh', ['-c', 'pgrep -f "^sleep 9393" || true'], { encoding: 'utf8' }).trim();
    await vi.waitFor(() => expect(sleepers()).not.toBe(''), { timeout: 10_000 });
    await engine.crash?.();
    await vi.waitFor(() => expect(sleepers()).toBe(''), { timeout: 4_000 });
    expect(await terminal.exit()).toMatchObject({ code: null, message: expect.stringMatching(/lost/) });
    await engine.restart();
  });
});
