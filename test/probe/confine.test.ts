import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/require.ts';
import { running, startEnter, startEnterBy } from './entering.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

const needs = { ...PROBE_NEEDS, programs: [...PROBE_NEEDS.programs, 'setpriv', 'capsh'] };

/** What Docker leaves to a container's root. */
const DOCKERS =
  '+chown,+dac_override,+fsetid,+fowner,+mknod,+net_raw,+setgid,+setuid,+setfcap,+setpcap,+net_bind_service,+sys_chroot,+kill,+audit_write';
const WAIT = 'echo ready; exec sleep 1000';

describeWith('what a program that is entered may do', needs, () => {
  const children = createChildren();
  const open: ReturnType<typeof startEnter>[] = [];
  const enter = (...args: string[]) => {
    const started = startEnter(...args);
    open.push(started);
    return started;
  };
  let folder: string;
  let target: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-enter-'));
    chmodSync(folder, 0o755);
    target = join(folder, 'target');
    execFileSync('gcc', ['-O1', '-o', target, 'native/probe/test/target.c']);
  });
  afterEach(async () => {
    for (const { child, ended } of open.splice(0)) {
      child.stdin?.end();
      await ended;
    }
    await children.end();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** `/proc/self/status` of a program that was entered, as fields; and what was said before it. */
  async function statusIn(pid: number, ...args: string[]) {
    const shell = enter('--pid', String(pid), ...args, '--', 'cat', '/proc/self/status');
    await shell.ended;
    const fields = Object.fromEntries(
      shell
        .out()
        .trim()
        .split('\r\n')
        .map((line) => line.split(/:\s*/, 2) as [string, string]),
    );
    return { fields, said: shell.said() };
  }
  const statusOf = (pid: number, field: string) =>
    new RegExp(`^${field}:\\s*(\\S.*|)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

  it('as the target: its capabilities and no others, also as root, and never new ones', async () => {
    const { pid } = await children.start('setpriv', `--bounding-set=-all,${DOCKERS}`, 'sh', '-c', WAIT);
    expect(statusOf(pid, 'CapBnd')).toBe('00000000a80425fb');
    const { fields, said } = await statusIn(pid, '--user', 'target');
    expect(said.filter(({ t }) => t === 'notice')).toEqual([]);
    for (const set of ['CapBnd', 'CapEff', 'CapPrm']) expect(fields[set]).toBe('00000000a80425fb');
    expect(fields).toMatchObject({ CapInh: '0000000000000000', CapAmb: '0000000000000000', NoNewPrivs: '1' });
    // Entered as root outside of containers, on the user's word, it is that.
    expect((await statusIn(pid)).fields.CapEff).toBe(statusOf(process.pid, 'CapEff'));
  });

  it('as a target without root: a set-user-id file of root gives nothing', async () => {
    const gift = join(folder, 'gift');
    cpSync(target, gift);
    chmodSync(gift, 0o4755);
    const { pid } = await children.start(
      ...(['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups'] as const),
      ...[`--bounding-set=-all,${DOCKERS}`, 'sh', '-c', WAIT],
    );
    const shell = enter('--pid', String(pid), '--user', 'target', '--', gift, 'capabilities');
    await shell.ended;
    expect(shell.out()).toMatch(/Uid:\s+1000\s+1000\s+1000\s+1000\r\nCapEff:\s+0000000000000000\r\n/);
  });

  it('keeps ambient capabilities of the target, and only those', async () => {
    const { pid } = await children.start(
      ...(['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--inh-caps=+kill,+net_raw'] as const),
      ...['--ambient-caps=+kill', 'sh', '-c', WAIT],
    );
    const { fields } = await statusIn(pid, '--user', 'target');
    expect(fields).toMatchObject({ CapEff: '0000000000000020', CapAmb: '0000000000000020' });
    expect(fields.CapInh).toBe(statusOf(pid, 'CapInh'));
    expect(fields.CapBnd).toBe(statusOf(pid, 'CapBnd'));
  });

  it('has no capability where the target’s count only in a user namespace that is not joined', async () => {
    const { pid } = await children.start('unshare', '--user', '--map-root-user', '--net', 'sh', '-c', WAIT);
    expect(statusOf(pid, 'CapEff')).not.toBe('0000000000000000');
    const { fields } = await statusIn(pid, '--ns', 'net', '--user', 'target');
    for (const set of ['CapBnd', 'CapEff', 'CapPrm']) expect(fields[set]).toBe('0000000000000000');
    const joined = await statusIn(pid, '--ns', 'user,net', '--user', 'target');
    expect(joined.fields).toMatchObject({ CapEff: statusOf(pid, 'CapEff'), Uid: expect.stringMatching(/^0/) });
  });

  it('takes over all seccomp filters of the target, and leaves it running', async () => {
    const { pid } = await children.start(target, 'filtered');
    const command = `mkdir ${folder}/made; ln ${target} ${folder}/linked; grep Seccomp /proc/self/status`;
    const shell = enter('--pid', String(pid), '--user', 'target', '--', 'sh', '-c', command);
    await shell.ended;
    expect(shell.said()[0]).toEqual({ t: 'started', program: 'sh' });
    expect(shell.out()).toContain('Protocol error');
    expect(shell.out()).toContain('Multihop attempted');
    expect(shell.out()).toMatch(/Seccomp:\s+2\r\nSeccomp_filters:\s+3\r\n/);
    expect(statusOf(pid, 'State')).toMatch(/^S/);
    expect(statusOf(pid, 'TracerPid')).toBe('0');
  });

  it('takes over the filters of a target that has stopped itself, and leaves it stopped', async () => {
    const { pid } = await children.start(target, 'filtered');
    process.kill(pid, 'SIGSTOP');
    for (let tries = 0; !statusOf(pid, 'State')?.startsWith('T'); tries++) expect(tries).toBeLessThan(1e5);
    const filters = async () => {
      const { fields, said } = await statusIn(pid, '--user', 'target');
      expect(said.filter(({ t }) => t === 'notice')).toEqual([]);
      return fields.Seccomp_filters;
    };
    expect(await filters()).toBe('3');
    expect(statusOf(pid, 'State')).toMatch(/^T \(stopped\)/);
    // And of one that stops and goes on all the time.
    const storm = await children.start('sh', '-c', `echo ready; while kill -STOP ${pid}; do kill -CONT ${pid}; done`);
    for (let round = 0; round < 10; round++) expect(await filters()).toBe('3');
    storm.child.kill('SIGKILL');
    process.kill(pid, 'SIGCONT');
    for (let tries = 0; !statusOf(pid, 'State')?.startsWith('S'); tries++) expect(tries).toBeLessThan(1e5);
    expect(statusOf(pid, 'TracerPid')).toBe('0');
  });

  it('says before the program starts what it cannot take over', async () => {
    const { pid } = await children.start(target, 'filtered');
    // Who is filtered may not read the filters of others.
    const shell = startEnterBy([target, 'run', PROBE], '--pid', String(pid), '--user', 'target', '--', 'true');
    open.push(shell);
    await shell.ended;
    expect(shell.said()).toEqual([
      { t: 'notice', message: expect.stringMatching(/^The target's seccomp filter is not taken over \(/) },
      { t: 'started', program: 'true' },
      { t: 'exit', code: 0, signal: null },
    ]);
  });

  it('is in the cgroup of the target, and not in one that is frozen', async () => {
    const { pid } = await children.start('sh', '-c', WAIT);
    const cgroups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    const unified = /^0::(.*)$/m.exec(cgroups)?.[1];
    const frozen = /^\d+:freezer:(.*)$/m.exec(cgroups)?.[1];
    const base = frozen === undefined ? `/sys/fs/cgroup${unified}` : `/sys/fs/cgroup/freezer${frozen}`;
    const own = join(base, `bulkhead-test-${process.pid}`);
    const freeze = (on: boolean) =>
      frozen === undefined
        ? writeFileSync(join(own, 'cgroup.freeze'), on ? '1' : '0')
        : writeFileSync(join(own, 'freezer.state'), on ? 'FROZEN' : 'THAWED');
    mkdirSync(own);
    try {
      writeFileSync(join(own, 'cgroup.procs'), String(pid));
      const shell = enter('--pid', String(pid), '--user', 'target', '--', 'cat', '/proc/self/cgroup');
      await shell.ended;
      expect(shell.out().replaceAll('\r', '')).toBe(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
      freeze(true);
      const refused = enter('--pid', String(pid), '--user', 'target', '--', 'true');
      await refused.ended;
      expect(refused.said()).toMatchObject([{ t: 'error', message: expect.stringMatching(/is paused/) }]);
    } finally {
      freeze(false);
      await children.end();
      for (let tries = 0; tries < 100; tries++) {
        try {
          execFileSync('rmdir', [own], { stdio: 'ignore' });
          break;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }
  });

  it('takes nothing of the target’s environment', async () => {
    const evil = join(folder, 'evil');
    writeFileSync(evil, `echo sourced; touch ${folder}/sourced\n`);
    const environment = [`ENV=${evil}`, `BASH_ENV=${evil}`, `PROMPT_COMMAND=. ${evil}`, 'LD_PRELOAD=/evil.so', 'IFS=x'];
    const { pid } = await children.start(
      'env',
      ...environment,
      'PATH=/evil:/bin:/usr/bin',
      'HOME=/evil',
      'sh',
      '-c',
      WAIT,
    );
    for (const user of ['root', 'target']) {
      const shell = enter('--pid', String(pid), '--ns', 'mnt', '--root', '--user', user, '--', '/usr/bin/env');
      await shell.ended;
      expect(shell.out().trim().split('\r\n').sort()).toEqual([
        'HOME=/root',
        'LANG=C.UTF-8',
        'LOGNAME=root',
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'TERM=xterm-256color',
        'USER=root',
      ]);
      const typed = enter('--pid', String(pid), '--ns', 'mnt', '--root', '--user', user, '--', 'sh', '-i');
      typed.type('echo ty""ped; exit\n');
      await typed.ended;
      expect(typed.out()).toContain('typed');
      expect(typed.out()).not.toContain('sourced');
    }
  });

  it.each([
    ['the image’s own BusyBox', []],
    ['the one that is brought', ['--shell', '/bin/busybox']],
  ])('nothing that the target’s environment names is run by %s', async (_which, brought) => {
    // As in a small image: its sh is BusyBox, which reads what ENV names.
    const root = mkdtempSync(join(folder, 'image-'));
    for (const name of ['bin', 'proc', 'tmp']) mkdirSync(join(root, name));
    chmodSync(join(root, 'tmp'), 0o777);
    if (brought.length === 0) cpSync('/bin/busybox', join(root, 'bin/sh'));
    const evil = 'echo sourced; : > /tmp/sourced\n';
    for (const name of ['evil', '.profile', '.ashrc', '.bashrc']) writeFileSync(join(root, name), evil);
    const { pid } = await children.start(
      ...(['env', 'ENV=/evil', 'BASH_ENV=/evil', 'LD_PRELOAD=/evil', 'PS1=$(/evil)', 'HOME=/'] as const),
      ...['perl', '-e', `chroot("${root}"); chdir("/"); $| = 1; print "ready\n"; sleep 1000`],
    );
    for (const user of ['root', 'target']) {
      const shell = enter('--pid', String(pid), '--root', '--user', user, ...brought);
      shell.type('echo ty""ped $ENV $BASH_ENV $LD_PRELOAD $HOME; exit\n');
      await shell.ended;
      expect(shell.said()[0]).toEqual({ t: 'started', program: brought.length === 0 ? '/bin/sh' : '' });
      expect(shell.out()).toContain('typed /root\r\n');
      expect(shell.out()).not.toContain('sourced');
    }
    expect(existsSync(join(root, 'tmp/sourced'))).toBe(false);
    // It would have been run, had the environment been taken.
    cpSync('/bin/busybox', join(root, 'bin/sh'));
    execFileSync('env', ['ENV=/evil', 'chroot', root, '/bin/sh', '-i'], { input: 'exit\n', stdio: 'pipe' });
    expect(existsSync(join(root, 'tmp/sourced'))).toBe(true);
  });

  it('leaves no group outside to a program in a user namespace', async () => {
    // As a user without rights makes one: nobody in it may call setgroups.
    const { pid } = await children.start(
      ...(['setpriv', '--reuid=1000', '--regid=1000', '--groups=1001'] as const),
      ...['unshare', '--user', '--map-root-user', 'sh', '-c', WAIT],
    );
    const withGroups = ['setpriv', '--groups=0,4,27', PROBE];
    for (const user of ['root', 'target']) {
      const shell = startEnterBy(
        withGroups,
        '--pid',
        String(pid),
        '--ns',
        'user',
        '--user',
        user,
        '--',
        'grep',
        'Groups',
        '/proc/self/status',
      );
      open.push(shell);
      await shell.ended;
      // Of the target's, 1001 is one that its namespace has no name for.
      expect(shell.out().replace(/\s+/g, ' ').trim()).toBe(user === 'root' ? 'Groups:' : 'Groups: 65534');
    }
  });

  it('takes the first user of a user namespace that has no user 0, and says so', async () => {
    const { pid } = await children.start('unshare', '--user', 'sh', '-c', WAIT);
    writeFileSync(`/proc/${pid}/uid_map`, '1000 5000 2\n');
    writeFileSync(`/proc/${pid}/gid_map`, '1001 5001 1\n');
    const shell = enter('--pid', String(pid), '--ns', 'user', '--', 'id', '-u');
    await shell.ended;
    expect(shell.out()).toBe('1000\r\n');
    expect(shell.said()[0]).toEqual({ t: 'notice', message: expect.stringMatching(/has no user 0/) });
    const levels = (...last: string[]) =>
      children.start(
        ...(['unshare', '--user', '--map-root-user'] as const),
        ...['unshare', '--user', '--map-root-user', 'unshare', '--user', ...last, 'sh', '-c', WAIT],
      );
    const third = await levels('--map-user=2000', '--map-group=2000');
    const unmapped = await levels();
    for (const [inner, uid] of [
      [third.pid, '2000'],
      [unmapped.pid, '65534'],
    ] as const) {
      for (const user of ['root', 'target']) {
        const deep = enter('--pid', String(inner), '--ns', 'user', '--user', user, '--', 'id', '-u');
        await deep.ended;
        expect(deep.out()).toBe(`${uid}\r\n`);
      }
    }
  });

  it('says that the end is unknown when the one that waits for the program is killed', async () => {
    const { pid } = await children.start('sh', '-c', WAIT);
    const shell = enter('--pid', String(pid), '--', 'sleep', '4848');
    await shell.until('sleep', () => running('sleep 4848').length === 1);
    const [stage = ''] = execFileSync('pgrep', ['-P', String(shell.child.pid)], { encoding: 'utf8' }).split('\n');
    process.kill(Number(stage), 'SIGKILL');
    expect(await shell.ended).toBe(1);
    expect(shell.said().at(-1)).toMatchObject({ t: 'error', message: expect.stringMatching(/not known/) });
    expect(running('sleep 4848')).toEqual([]);
  });
});
