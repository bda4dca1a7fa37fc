import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { describeWith } from '../support/require.ts';
import { message, running, startEnter, startEnterBy, startTime } from './entering.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

describeWith('entering', PROBE_NEEDS, () => {
  const children = createChildren();
  const open: ReturnType<typeof startEnter>[] = [];
  const enter = (...args: string[]) => {
    const started = startEnter(...args);
    open.push(started);
    return started;
  };
  afterEach(async () => {
    for (const { child, ended } of open.splice(0)) {
      child.stdin?.end();
      await ended;
    }
    await children.end();
  });
  const target = (...unshare: string[]) =>
    children.start(
      'unshare',
      ...unshare,
      'sh',
      '-c',
      // Without a namespace of its own it would be this machine's name.
      `${unshare.includes('--uts') ? 'hostname entered; ' : ''}echo ready; exec sleep 1000`,
    );

  it('joins what was chosen and nothing else, and ends with the program’s code', async () => {
    const { pid } = await target('--uts', '--net', '--ipc');
    const shell = enter(
      '--pid',
      String(pid),
      '--ns',
      'uts,net',
      '--',
      'sh',
      '-c',
      'for k in uts net ipc mnt pid; do readlink /proc/self/ns/$k; done; exit 7',
    );
    expect(await shell.ended).toBe(0);
    const link = (who: number | 'self', kind: string) => readlinkSync(`/proc/${who}/ns/${kind}`);
    expect(shell.out().trim().split('\r\n')).toEqual([
      link(pid, 'uts'),
      link(pid, 'net'),
      link('self', 'ipc'),
      link('self', 'mnt'),
      link('self', 'pid'),
    ]);
    expect(shell.said()).toEqual([
      { t: 'started', program: 'sh' },
      { t: 'exit', code: 7, signal: null },
    ]);
  });

  it('waits for the first line of who started it where the program ends sooner', async () => {
    const { pid } = await target('--uts');
    const child = spawn(PROBE, ['enter', '--pid', String(pid), '--ns', 'uts', '--', 'echo', 'short']);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(child.exitCode).toBeNull();
    child.stdin.write('\n');
    expect(await ended).toBe(0);
  });

  it('is a terminal: its size, a change of it, Ctrl-C, job control', async () => {
    const { pid } = await target('--uts');
    const shell = enter('--pid', String(pid), '--ns', 'uts', '--size', '91x31', '--', 'sh');
    shell.type('hostname; tty; stty size\n');
    await shell.says(/entered\r\n\/dev\/pts\/\d+\r\n31 91\r\n/);
    shell.size(120, 40);
    shell.type('stty size\n');
    await shell.says(/40 120\r\n/);
    shell.type('sleep 4242\n');
    await shell.until('sleep', () => running('sleep 4242').length === 1);
    shell.type('\u0003');
    shell.type('echo code $?\n');
    await shell.says(/code 130/);
  });

  it('ends everything when stdin ends: foreground, background, and what left the session', async () => {
    const { pid } = await target('--pid', '--fork', '--mount-proc', '--kill-child');
    const inner = Number(execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }));
    const shell = enter('--pid', String(inner), '--ns', 'pid,mnt', '--', 'sh');
    shell.type('echo pid $$; nohup sleep 4343 >/dev/null 2>&1 & sleep 4344\n');
    await shell.until('both', () => running('sleep 4343').length === 1 && running('sleep 4344').length === 1);
    await shell.says(/pid \d{1,3}\r\n/);
    const start = Date.now();
    shell.child.stdin?.end();
    await shell.ended;
    expect(Date.now() - start).toBeLessThan(3_000);
    expect([...running('sleep 4343'), ...running('sleep 4344')]).toEqual([]);
  });

  it('ends everything when it is killed by what drives it', async () => {
    const { pid } = await target('--uts');
    const shell = enter('--pid', String(pid), '--ns', 'uts', '--', 'sh', '-c', 'trap "" HUP; sleep 4545; sleep 4546');
    await shell.until('sleep', () => running('sleep 4545').length === 1);
    shell.child.stdin?.destroy();
    await shell.ended;
    expect([...running('sleep 4545'), ...running('sleep 4546')]).toEqual([]);
  });

  it('ends everything after a silence, where that is asked for, and goes on as long as there are signs', async () => {
    const { pid } = await target('--uts');
    const shell = enter('--pid', String(pid), '--silence', '2500', '--ns', 'uts', '--', 'sleep', '4747');
    const signs = setInterval(() => shell.child.stdin?.write(message('p', Buffer.alloc(0))), 500);
    const silent = enter('--pid', String(pid), '--ns', 'uts', '--', 'sleep', '4748');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(running('sleep 4747')).toHaveLength(1);
    expect(running('sleep 4748')).toHaveLength(1);
    expect(silent.child.exitCode).toBeNull();
    clearInterval(signs);
    const start = Date.now();
    await shell.ended;
    expect(Date.now() - start).toBeLessThan(3_000);
    expect(running('sleep 4747')).toEqual([]);
  });

  it('goes on after a silence of a machine that is only slow, where it sees the process that feeds it', async () => {
    const { pid } = await target('--uts');
    const feeder = await children.start('sh', '-c', 'echo ready; exec sleep 1000');
    const watched = ['--engine', String(feeder.pid), '--engine-start', startTime(feeder.pid), '--silence', '20000'];
    const shell = enter('--pid', String(pid), ...watched, '--ns', 'uts', '--', 'cat');
    await shell.until('start', () => shell.said().some(({ t }) => t === 'started'));
    // More than the 2.5 s after which it took a slow machine for one that is gone.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    shell.type('still here\n');
    await shell.says(/still here\r\nstill here/);
  });

  it('keeps its own executable from who is entered: nobody there can open it, to write it when it has ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-enter-'));
    try {
      const copy = join(folder, 'entering-probe');
      copyFileSync(PROBE, copy);
      const before = readFileSync(copy);
      // As root in a container, which may not trace others.
      const attack = [
        'import os',
        "print('ready', flush=True)",
        'while True:',
        '    for pid in os.listdir("/proc"):',
        '        try:',
        '            if not pid.isdigit() or open(f"/proc/{pid}/comm").read() != "entering-probe\\n": continue',
        `            open("${folder}/seen", "a").close()`,
        '            for flags in (os.O_RDONLY, os.O_WRONLY):',
        '                os.open(f"/proc/{pid}/exe", flags)',
        `                open("${folder}/opened", "a").close()`,
        '        except OSError: pass',
      ].join('\n');
      const outer = await children.start(
        ...(['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'] as const),
        ...['setpriv', '--bounding-set=-sys_ptrace', 'python3', '-c', attack],
      );
      const inner = execFileSync('pgrep', ['-P', String(outer.pid)], { encoding: 'utf8' }).trim();
      // It is there for a moment only, before the program runs.
      for (let tries = 0; tries < 50 && !existsSync(join(folder, 'seen')); tries++) {
        const shell = startEnterBy([copy], '--pid', inner, '--ns', 'pid,mnt', '--', 'true');
        open.push(shell);
        await shell.ended;
      }
      expect(existsSync(join(folder, 'seen'))).toBe(true);
      expect(existsSync(join(folder, 'opened'))).toBe(false);
      expect(readFileSync(copy).equals(before)).toBe(true);
    } finally {
      children.end();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('ends everything at once with the process that feeds it, though stdin stays open', async () => {
    const { pid } = await target('--uts');
    const engine = await children.start('sh', '-c', 'echo ready; exec sleep 1000');
    const watched = ['--engine', String(engine.pid), '--engine-start', startTime(engine.pid), '--silence', '20000'];
    const shell = enter('--pid', String(pid), ...watched, '--', 'sleep', '4749');
    await shell.until('sleep', () => running('sleep 4749').length === 1);
    engine.child.kill('SIGKILL');
    const start = Date.now();
    await shell.ended;
    expect(Date.now() - start).toBeLessThan(2_000);
    expect(running('sleep 4749')).toEqual([]);
  });

  it('enters nobody who runs another program than it must', async () => {
    // As anybody may call themselves.
    const { pid } = await children.start('bash', '-c', 'echo ready; exec -a /usr/bin/dockerd sleep 1000');
    const { pid: other } = await target('--uts');
    for (const args of [
      ['--pid', String(pid), '--exe', 'dockerd'],
      ['--pid', String(other), '--ns', 'uts', '--base', String(pid), '--base-exe', 'dockerd'],
    ]) {
      const refused = enter(...args, '--', 'true');
      expect(await refused.ended).toBe(1);
      expect(refused.said()).toMatchObject([
        { t: 'error', message: expect.stringMatching(/calls itself dockerd, and runs .*\/sleep: it is not entered/) },
      ]);
    }
    const right = enter('--pid', String(pid), '--exe', 'sleep', '--', 'true');
    expect(await right.ended).toBe(0);
    const reused = enter('--pid', String(other), '--base', String(pid), '--base-start', '1', '--', 'true');
    expect(await reused.ended).toBe(1);
  });

  it('holds a flood back while nobody reads, and lets the keyboard through', async () => {
    const { pid } = await target('--uts');
    const shell = enter('--pid', String(pid), '--ns', 'uts', '--', 'sh');
    shell.type('yes\n');
    await shell.until('a flood', () => shell.bytes() > 1_000_000);
    shell.child.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const status = readFileSync(`/proc/${shell.child.pid}/status`, 'utf8');
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])).toBeLessThan(20_000);
    shell.type('\u0003echo over $?\n');
    shell.child.stdout?.resume();
    await shell.says(/over 130/);
  });

  it('carries a megabyte of input whole', async () => {
    const { pid } = await target('--uts');
    const shell = enter(
      '--pid',
      String(pid),
      '--ns',
      'uts',
      '--',
      'sh',
      '-c',
      'stty raw -echo; echo go; head -c 1048576 | md5sum',
    );
    await shell.says(/go/);
    const paste = Buffer.alloc(1_048_576, 'zażółć gęślą jaźń ');
    for (let at = 0; at < paste.length; at += 16_384) shell.type(paste.subarray(at, at + 16_384));
    const sum = execFileSync('md5sum', { input: paste, encoding: 'utf8' }).slice(0, 32);
    await shell.says(new RegExp(sum));
  });

  it('brings a shell where the target has none, without a file there', async () => {
    // A process whose root directory holds nothing to run.
    const bare = await children.start(
      'unshare',
      '--mount',
      'perl',
      '-e',
      'system("mount -t tmpfs none /mnt && mkdir /mnt/proc && mount -t proc proc /mnt/proc"); chroot("/mnt"); chdir("/"); $| = 1; print "ready\n"; sleep 1000',
    );
    const shell = enter('--pid', String(bare.pid), '--ns', 'mnt', '--root', '--shell', '/bin/busybox');
    shell.type('ls /; readlink /proc/self/exe\n');
    await shell.says(/\r\nproc\r\n/);
    expect(shell.said()[0]).toEqual({ t: 'started', program: '' });
    const none = enter('--pid', String(bare.pid), '--ns', 'mnt', '--root');
    await none.ended;
    expect(none.said()).toMatchObject([{ t: 'error', message: expect.stringMatching(/no shell in this tree/) }]);
  });

  it.each([
    ['a FIFO', 'mkfifo /dev/ptmx'],
    ['another device', 'mknod /dev/ptmx c 1 3'],
  ])('does not open what a tree has for its /dev/ptmx where that is %s', async (_what, make) => {
    // The kernel notes whoever opens it (inotify(7): IN_OPEN), however short: a device may act when it is opened.
    const script = [
      'import ctypes, os, sys',
      'libc = ctypes.CDLL(None)',
      `os.system('mount -t tmpfs none /dev; ${make}')`,
      'watch = libc.inotify_init1(os.O_NONBLOCK)',
      "libc.inotify_add_watch(watch, b'/dev/ptmx', 0x20)",
      "print('ready', flush=True)",
      'sys.stdin.readline()',
      "try: os.read(watch, 4096); print('opened', flush=True)",
      "except BlockingIOError: print('untouched', flush=True)",
    ].join('\n');
    const { pid, child } = await children.start('unshare', '--mount', 'python3', '-c', script);
    const shell = enter('--pid', String(pid), '--ns', 'mnt', '--root', '--', 'echo', 'inside');
    await shell.ended;
    expect(shell.out()).toBe('inside\r\n');
    const said = new Promise((resolve) => child.stdout?.once('data', resolve));
    child.stdin?.write('\n');
    expect(String(await said).trim()).toBe('untouched');
  });

  it('takes the user of the target, outside and in a user namespace', async () => {
    const { pid } = await children.start(
      'setpriv',
      '--reuid=1234',
      '--regid=1235',
      '--groups=1236',
      'sh',
      '-c',
      'echo ready; exec sleep 1000',
    );
    const shell = enter('--pid', String(pid), '--user', 'target', '--', 'id');
    await shell.ended;
    expect(shell.out()).toMatch(/uid=1234.* gid=1235.* groups=1235.*1236|uid=1234.* gid=1235.* groups=.*1236/);
    const mapped = await children.start(
      'unshare',
      '--user',
      '--map-root-user',
      'sh',
      '-c',
      'echo ready; exec sleep 1000',
    );
    const inside = enter(
      '--pid',
      String(mapped.pid),
      '--ns',
      'user',
      '--user',
      'target',
      '--',
      'sh',
      '-c',
      'id -u; readlink /proc/self/ns/user',
    );
    await inside.ended;
    expect(inside.out()).toContain(`0\r\n${readlinkSync(`/proc/${mapped.pid}/ns/user`)}`);
  });

  it('says which signal ended the program, and ends one that has stopped itself', async () => {
    const { pid } = await target('--uts');
    const killed = enter('--pid', String(pid), '--ns', 'uts', '--', 'sh', '-c', 'kill -9 $$');
    expect(await killed.ended).toBe(0);
    expect(killed.said().at(-1)).toEqual({ t: 'exit', code: null, signal: 9 });
    const stopped = enter('--pid', String(pid), '--ns', 'uts', '--', 'sh', '-c', 'sleep 4750 & kill -STOP $$; wait');
    await stopped.until('sleep', () => running('sleep 4750').length === 1);
    stopped.child.stdin?.end();
    await stopped.ended;
    expect(running('sleep 4750')).toEqual([]);
  });

  it('refuses who is gone, and says so', async () => {
    const { pid } = await target('--uts');
    for (const args of [
      ['--pid', String(pid), '--start', '1'],
      ['--pid', '999999999'],
    ]) {
      const refused = enter(...args, '--', 'id');
      expect(await refused.ended).toBe(1);
      expect(refused.said()).toMatchObject([{ t: 'error', message: expect.stringMatching(/has ended/) }]);
      expect(refused.out()).toBe('');
    }
    const missing = enter('--pid', String(pid), '--', '/no/such/program');
    await missing.ended;
    expect(missing.said().at(-1)).toMatchObject({
      t: 'error',
      message: expect.stringMatching(/cannot be run: No such file/),
    });
  });

  it('signals exactly one process, and not one that has its number by now', async () => {
    const { pid, child } = await target('--uts');
    const start = startTime(pid);
    const signal = (...args: string[]) => spawn(PROBE, ['signal', ...args], { stdio: 'ignore' });
    const code = (program: ChildProcess) => new Promise<number | null>((resolve) => program.once('exit', resolve));
    expect(await code(signal(String(pid), '1', '9'))).toBe(3);
    expect(child.exitCode).toBeNull();
    expect(await code(signal(String(pid), start, '0'))).toBe(2);
    const died = new Promise<string | null>((resolve) => child.once('exit', (_code, by) => resolve(by)));
    expect(await code(signal(String(pid), start, '15'))).toBe(0);
    expect(await died).toBe('SIGTERM');
  });
});
