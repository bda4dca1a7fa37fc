import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unescapeBytes } from '../../src/core/parse/bytes.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, decode, PROBE, PROBE_NEEDS, parseScan, scan } from './probe.ts';

const SANITIZED = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
const C = ['-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror'];

describeWith('the probe among hostile processes', PROBE_NEEDS, () => {
  const children = createChildren();
  let folder: string;
  let holder: string;
  let sanitized: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-probe-'));
    // Others than root run the probe from here.
    chmodSync(folder, 0o755);
    holder = join(folder, 'holder');
    sanitized = join(folder, 'sanitized');
    execFileSync('gcc', ['-O1', '-pthread', '-o', holder, 'native/probe/test/holder.c']);
    execFileSync('sh', ['-c', `gcc ${[...C, ...SANITIZED].join(' ')} native/probe/src/*.c -o ${sanitized}`]);
    copyFileSync(PROBE, join(folder, 'probe'));
  });
  afterEach(() => children.end());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // The same, run by what ships and by what would notice a byte read too far.
  describe.each([
    ['as built', () => PROBE],
    ['with address and undefined-behaviour sanitizers', () => sanitized],
  ])('%s', (_name, program) => {
    it('gives arguments back as they are: line breaks, quotes, escapes, emptiness', async () => {
      const words = ['a\nb', '"quoted" \\x41 \\', '\u001b[31mred', '', '\u202e\u2028', '</script>'];
      const { pid } = await children.start('sh', '-c', 'echo ready; while :; do sleep 1; done', 'name', ...words);
      const argv = scan(program()).processes.get(pid)?.argv ?? [];
      // The probe escapes bytes reversibly; what is valid text and no escape stays as it is.
      const back = argv.map((word) => Buffer.from(unescapeBytes(word)).toString('utf8'));
      expect(back.slice(4)).toEqual(words);
    });

    it('gives bytes back that are no UTF-8', async () => {
      const script = "printf 'ready\\n'; exec -a \"$(printf '\\377\\376x')\" sleep 1000";
      const { pid } = await children.start('bash', '-c', script);
      for (let tries = 0; readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'sleep\n'; tries++)
        expect(tries).toBeLessThan(1e6);
      const [name = ''] = scan(program()).processes.get(pid)?.argv ?? [];
      expect([...unescapeBytes(name)]).toEqual([0xff, 0xfe, 0x78]);
    });

    it('cuts a command line of a megabyte and says so', async () => {
      const words = Array.from({ length: 10 }, () => 'x'.repeat(100_000));
      const script = 'echo ready; while :; do sleep 1; done';
      const { pid } = await children.start('sh', '-c', script, 'name', ...words);
      const process = scan(program()).processes.get(pid);
      expect(process?.argvTruncated).toBe(true);
      expect(process?.argv.join('').length).toBeLessThan(5_000);
    });

    it('reads any name, no arguments, kernel threads and zombies', async () => {
      const named = await children.start(holder, 'comm', ') S 1\n"');
      const cleared = await children.start(holder, 'empty-argv');
      const parent = await children.start(holder, 'zombie');
      const { processes } = scan(program());
      expect(processes.get(named.pid)?.comm).toBe(') S 1\n"');
      expect(processes.get(named.pid)?.ppid).toBe(process.pid);
      expect(processes.get(cleared.pid)?.argv.join('')).toBe('');
      expect(processes.get(Number(parent.line))).toMatchObject({ state: 'Z', ppid: parent.pid, argv: [] });
      expect(processes.get(2)).toMatchObject({ comm: 'kthreadd', kernelThread: true, argv: [] });
    });

    it('survives processes that end while they are read', () => {
      const storm = spawn('sh', ['-c', 'while :; do true & /bin/true; done'], { stdio: 'ignore' });
      try {
        for (let round = 0; round < 40; round++) {
          const { frames } = scan(program());
          expect(frames.at(-1)).toMatchObject({ t: 'end', batch: 1 });
        }
      } finally {
        storm.kill('SIGKILL');
      }
    });

    it('watches a restless machine without losing a line', async () => {
      const storm = spawn('sh', ['-c', 'while :; do unshare -n /bin/true; done'], { stdio: 'ignore' });
      const child = spawn(program(), ['watch', '--interval', '20'], { stdio: ['pipe', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString('utf8');
      });
      await new Promise((done) => setTimeout(done, 2_000));
      storm.kill('SIGKILL');
      child.stdin.end();
      expect(await new Promise((done) => child.once('exit', done))).toBe(0);
      expect(decode(text).filter(({ t }) => t === 'end').length).toBeGreaterThan(5);
    });
  });

  describeWith('with FUSE', { files: ['/dev/fuse'] }, () => {
    it('does not wait for a file system whose server does not answer, and neither does a signal', async () => {
      const stuck = join(folder, 'stuck');
      const place = join(folder, 'place');
      mkdirSync(place, { recursive: true });
      execFileSync('gcc', ['-O1', '-pthread', '-o', stuck, 'native/probe/test/stuck.c']);
      const { line, child } = await children.start('unshare', '--mount', stuck, place);
      const [pid = '', fd = ''] = line.split(' ');
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
      // Whoever waits for that server can be killed by nothing but its end: a test must not be one of them.
      const probe = (input: string, ...args: string[]) =>
        new Promise<string>((resolve, reject) => {
          const run = spawn(PROBE, args, { stdio: ['pipe', 'pipe', 'inherit'] });
          let text = '';
          run.stdout.on('data', (data: Buffer) => {
            text += data.toString();
          });
          const timer = setTimeout(() => {
            child.kill('SIGKILL');
            reject(new Error(`${args[0]} hangs: ${text}`));
          }, 20_000);
          run.once('close', () => {
            clearTimeout(timer);
            resolve(text);
          });
          run.stdin.end(input);
        });
      const { processes } = parseScan(await probe('', 'scan'));
      // The kernel gives no arguments that are in a file.
      expect(processes.get(Number(pid))).toMatchObject({ comm: 'stuck', threads: 2, argv: [] });
      const questions = [
        `files 1 ${pid} ${start} cmdline environ exe root stat`,
        `inside 2 net 1 ${pid}/fd/${fd} net/dev`,
        `inside 3 net 1 ${pid}/root${place}/file net/dev`,
        `network 4 1 ${pid}/fd/${fd}`,
        `usage 5`,
      ];
      const answers = (await probe(questions.map((question) => `${question}\n`).join(''), 'serve'))
        .split('\n')
        .slice(1, -1);
      expect(answers.map((answer) => JSON.parse(answer))).toMatchObject([
        { id: '1', texts: { exe: stuck, environ: '', stat: expect.stringContaining('(stuck)') } },
        { id: '2', error: 'gone' },
        { id: '3', error: 'gone' },
        { id: '4', error: 'gone' },
        { id: '5' },
      ]);
      expect(await probe('', 'signal', pid, start, '15')).toBe('sent\n');
    });
  });

  it('opens no FIFO that has, in the tree of one process, the place of a namespace in the tree of others', async () => {
    const place = join(folder, 'namespace');
    const root = join(folder, 'changed-root');
    const script = [
      'import ctypes, os, sys, time',
      'libc = ctypes.CDLL(None)',
      "libc.unshare(0x20000); libc.mount(None, b'/', None, 0x44000, None)",
      `open('${place}', 'w').close()`,
      '(made, is_made), (go, let_go) = os.pipe(), os.pipe()',
      'inner = os.fork()',
      'if not inner:',
      "    libc.unshare(0x40000000); os.write(is_made, b'.'); os.read(go, 1); os._exit(0)",
      'os.read(made, 1)',
      `libc.mount(b'/proc/%d/ns/net' % inner, b'${place}', None, 0x1000, None)`,
      "os.write(let_go, b'.'); os.waitpid(inner, 0)",
      'other = os.fork()',
      'if not other: time.sleep(1000)',
      `os.makedirs('${root}${folder}'); os.mkfifo('${root}${place}')`,
      `inode = os.stat('${place}').st_ino`,
      `os.chroot('${root}')`,
      // The kernel notes whoever opens it (inotify(7): IN_OPEN), however short.
      'watch = libc.inotify_init1(os.O_NONBLOCK)',
      `libc.inotify_add_watch(watch, b'${place}', 0x20)`,
      'print(inode, other, flush=True)',
      'sys.stdin.readline()',
      "try: os.read(watch, 4096); print('opened', flush=True)",
      "except BlockingIOError: print('untouched', flush=True)",
    ].join('\n');
    const { pid, line, child } = await children.start('python3', '-c', script);
    const [inode, other] = line.split(' ');
    try {
      expect(pid).toBeLessThan(Number(other));
      expect(scan().namespaces.get(`net:[${inode}]`)).toMatchObject({
        pins: [{ type: 'mount', path: place }],
        owner: expect.stringMatching(/^user:/),
      });
      const questions = [pid, other].map((who) => `network ${who} ${inode} ${who}/root${place}\n`).join('');
      const answers = execFileSync(PROBE, ['serve'], { input: questions, encoding: 'utf8', timeout: 20_000 });
      expect(
        answers
          .trim()
          .split('\n')
          .slice(1)
          .map((answer) => JSON.parse(answer)),
      ).toMatchObject([
        { id: String(pid), error: 'gone' },
        { id: other, network: { links: [{ name: 'lo' }] } },
      ]);
      const said = new Promise((resolve) => child.stdout?.once('data', resolve));
      child.stdin?.write('\n');
      expect(String(await said).trim()).toBe('untouched');
    } finally {
      process.kill(Number(other), 'SIGKILL');
    }
  });

  it('takes nothing for an answer of the kernel that another process sent', () => {
    const forged = join(folder, 'forged');
    const sources = ['netlink', 'attributes', 'util'].map((name) => `native/probe/src/${name}.c`);
    execFileSync('gcc', [...C, ...SANITIZED, 'native/probe/test/forged.c', ...sources, '-o', forged]);
    expect(execFileSync(forged, { encoding: 'utf8' })).toBe('50 sent, 0 taken, lo is there\n');
  });

  it('counts what is forbidden, for a user without rights, and tells of hidepid', () => {
    const open = parseScan(
      execFileSync('su', ['nobody', '-s', '/bin/sh', '-c', `${folder}/probe scan`], { encoding: 'utf8' }),
    );
    const end = open.frames.at(-1);
    expect(open.processes.get(2)?.comm).toBe('kthreadd');
    expect(end?.t === 'end' && end.unreadable).toBeGreaterThan(3);
    const hide = `mount -t proc -o hidepid=2 proc /proc && exec su nobody -s /bin/sh -c '${folder}/probe scan'`;
    const text = execFileSync('unshare', ['--mount', 'sh', '-c', hide], { encoding: 'utf8' });
    const hidden = parseScan(text);
    expect(hidden.processes.has(2)).toBe(false);
    const last = hidden.frames.at(-1);
    expect(last?.t === 'end' && last.problems.map(({ code }) => code)).toEqual(['hidepid']);
  });

  it('knows the initial namespaces without process 1', () => {
    const [, host] = scan().frames;
    if (host?.t !== 'host') throw new Error('the second frame is not the host');
    const kthreadd = scan().processes.get(2);
    for (const kind of ['mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup', 'time'] as const) {
      expect(host.initial[kind]).toBe(kthreadd?.namespaces[kind]);
    }
  });

  it('its parsers hold against damaged text, under sanitizers', () => {
    const fuzz = join(folder, 'fuzz');
    const sources = ['json', 'parse', 'parse_cgroup', 'kinds', 'util', 'usage', 'dir'].map(
      (name) => `native/probe/src/${name}.c`,
    );
    execFileSync('gcc', [...C, ...SANITIZED, 'native/probe/test/fuzz.c', ...sources, '-o', fuzz]);
    for (const seed of ['1', '2', '20261124']) {
      expect(execFileSync(fuzz, ['1000000', seed], { encoding: 'utf8' })).toBe('1000000 rounds\n');
    }
  });

  it.each([
    ['answers of the kernel and questions', 'fuzz-netlink'],
    ['rules of nftables', 'fuzz-nft'],
  ])('%s are read without trust, under sanitizers', (_, name) => {
    const fuzz = join(folder, name);
    const sources = readdirSync('native/probe/src')
      .filter((file) => file.endsWith('.c') && file !== 'main.c')
      .map((file) => `native/probe/src/${file}`);
    execFileSync('gcc', [...C, ...SANITIZED, `native/probe/test/${name}.c`, ...sources, '-o', fuzz]);
    for (const seed of ['1', '2', '20261126']) {
      expect(execFileSync(fuzz, ['300000', seed], { encoding: 'utf8' })).toBe('300000 rounds\n');
    }
  });
});

const ARM = 'resources/probe/linux-arm64/bulkhead-probe';

describeWith(
  'the probe’s binaries',
  { ...PROBE_NEEDS, programs: ['file', 'qemu-aarch64-static'], files: [PROBE, ARM] },
  () => {
    it('are static and under a megabyte', () => {
      for (const [path, machine] of [
        ['resources/probe/linux-amd64/bulkhead-probe', 'x86-64'],
        [ARM, 'ARM aarch64'],
      ] as const) {
        const what = execFileSync('file', ['-b', path], { encoding: 'utf8' });
        expect(what).toContain(machine);
        expect(what).toContain('static-pie linked');
        expect(readFileSync(path).length).toBeLessThan(1_000_000);
      }
    });

    it('say the same on arm64, as far as an emulator can show', () => {
      const before = scan();
      const text = execFileSync('qemu-aarch64-static', [ARM, 'scan'], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      const arm = parseScan(text);
      const own = scan();
      expect(arm.frames[0]).toMatchObject({ t: 'hello', arch: 'arm64' });
      const held = (one: typeof own) =>
        new Set([...one.namespaces.values()].map(({ id, kind, initial }) => `${id} ${kind} ${initial}`));
      // What begins or ends meanwhile may be seen or not.
      const [first, last, other] = [held(before), held(own), held(arm)];
      expect([...other].filter((each) => !first.has(each) && !last.has(each))).toEqual([]);
      expect([...first].filter((each) => last.has(each) && !other.has(each))).toEqual([]);
      expect(arm.processes.get(process.pid)?.namespaces).toEqual(own.processes.get(process.pid)?.namespaces);
    });

    it.each([
      ['amd64', 'x86-64'],
      ['arm64', 'ARM aarch64'],
    ])('the shell that is brought is static, for %s', (arch, machine) => {
      const shell = `resources/shell/linux-${arch}/busybox`;
      const told = execFileSync('file', ['--brief', shell], { encoding: 'utf8' });
      expect(told).toContain(machine);
      expect(told).toContain('statically linked');
      const program = arch === 'arm64' ? ['qemu-aarch64-static', shell] : [shell];
      const [first = '', ...rest] = program;
      expect(execFileSync(first, [...rest, 'sh', '-c', 'echo $((6*7))'], { encoding: 'utf8' })).toBe('42\n');
    });
  },
);
