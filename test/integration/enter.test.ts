import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { TerminalTarget } from '../../src/api/contract.ts';
import type { DetailOf } from '../../src/core/detail/detail.ts';
import { vmTarget } from '../../src/core/enter/vm-target.ts';
import { NAMESPACE_KINDS } from '../../src/core/snapshot/namespace.ts';
import { createDetails } from '../../src/inspector/detail/details.ts';
import { connect } from '../../src/inspector/endpoint/connect.ts';
import { resolveEndpoint } from '../../src/inspector/endpoint/discover.ts';
import { realSystem } from '../../src/inspector/endpoint/system.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { look } from '../support/look.ts';
import { describeWith } from '../support/require.ts';
import { runTerminal } from '../support/run-terminal.ts';

const needs = { ...ENGINE_NEEDS, files: [...ENGINE_NEEDS.files, 'out/cli/bulkhead.js'] };

describeWith('below decks of a real engine', needs, () => {
  let engine: TestEngine;
  let inspector: Inspector;

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    await engine.docker(
      ...['run', '-d', '--name', 'web1', '-p', '8000', '--uts=host', '--memory=64m', '--cpus=0.5', '--pids-limit=50'],
      ...['-v', '/tmp:/outside', '--tmpfs', '/scratch', engine.image, '/bin/web', '8000'],
    );
    await engine.docker('run', '-d', '--name', 'web2', '--network=container:web1', engine.image, '/bin/web', '8001');
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  const helpers = () => engine.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper');

  /** Runs a program through the contract and gives what it printed and how it ended. */
  const run = (target: TerminalTarget) => runTerminal(inspector, engine.host, target);

  async function target(name: string, ...command: string[]) {
    const { init } = await look(inspector, engine.host);
    const { pid, startTime, namespaces } = init(name);
    const known = NAMESPACE_KINDS.filter((kind) => namespaces[kind] !== null);
    return { type: 'enter' as const, pid, startTime, namespaces: known, root: true, user: 'root' as const, command };
  }

  it('enters all of a container, and is in each of its namespaces', async () => {
    const where = await target(
      'web2',
      'sh',
      '-c',
      'for k in net uts ipc mnt; do readlink /proc/self/ns/$k; done; ls /bin/web; exit 3',
    );
    const { text, code } = await run(where);
    const links = ['net', 'uts', 'ipc', 'mnt'].map((kind) => readlinkSync(`/proc/${where.pid}/ns/${kind}`));
    expect(text.trim().split('\n')).toEqual([...links, '/bin/web']);
    expect(code).toBe(3);
  });

  it('gives all of the output, also of a program that ends at once', async () => {
    const where = await target('web1', 'seq', '3000');
    const all = Array.from({ length: 3000 }, (_each, index) => `${index + 1}\n`).join('');
    for (let round = 0; round < 5; round++) expect((await run(where)).text).toBe(all);
  });

  it('as the target has what docker exec has, and nothing of the image’s environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-suid-'));
    // Runs `cat` as whoever owns it: a BusyBox that is set-user-id gives that up.
    writeFileSync(
      join(folder, 'gift.c'),
      '#include <unistd.h>\nint main(void) { return setuid(0) + execl("/bin/cat", "cat", "/proc/self/status", NULL); }\n',
    );
    execFileSync('gcc', ['-static', '-o', join(folder, 'gift'), join(folder, 'gift.c')]);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'gift'), 0o4755);
    writeFileSync(join(folder, 'evil'), 'echo sourced\n');
    const options = ['-d', '-v', `${folder}:/gift`, '-e', 'ENV=/gift/evil', '-e', 'LD_PRELOAD=/gift/evil'];
    await engine.docker('run', ...options, '--name', 'plain', engine.image, 'sleep', '1000');
    await engine.docker('run', ...options, '--name', 'user', '--user', '1000', engine.image, 'sleep', '1000');
    const fields = (text: string) =>
      Object.fromEntries(text.split('\n').map((line) => line.split(/:\s*/, 2) as [string, string]));
    for (const [name, ...command] of [
      ['plain', 'cat', '/proc/self/status'],
      ['user', 'cat', '/proc/self/status'],
      ['user', '/gift/gift'],
    ] as const) {
      const theirs = fields(await engine.docker('exec', name, ...command));
      const { text, notices } = await run({ ...(await target(name, ...command)), user: 'target' });
      expect(notices).toEqual([]);
      const ours = fields(text);
      // docker exec lets a set-user-id file add to what it has; a program that is entered gets nothing by it.
      const suid = command[0] === '/gift/gift';
      for (const each of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb', 'Uid']) {
        if (!suid) expect([each, ours[each]]).toEqual([each, theirs[each]]);
      }
      for (const each of ['CapBnd', 'Seccomp', 'Seccomp_filters']) expect(ours[each]).toBe(theirs[each]);
      expect(ours.NoNewPrivs).toBe('1');
      if (suid) expect(ours).toMatchObject({ CapEff: '0000000000000000', Uid: expect.stringMatching(/^1000/) });
    }
    for (const user of ['root', 'target'] as const) {
      const where = { ...(await target('plain', 'sh', '-i', '-c', 'env')), user };
      const { text } = await run(where);
      expect(text).not.toMatch(/sourced|^ENV=|^LD_PRELOAD=/m);
      expect(text).toMatch(/^HOME=\/root$/m);
    }
    await engine.docker('rm', '-f', 'plain', 'user');
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes nothing from an image that is made to be entered: its environment, and what that leads to', async () => {
    const make = [
      'mkdir -p /trap /home',
      'for name in sh env cat id; do printf "#!/bin/sh\\ntouch /tmp/ran-\\$0\\necho sourced\\n" > /trap/$name; chmod 755 /trap/$name; done',
      'printf "touch /tmp/ran\\necho sourced\\n" > /trap/evil',
      'mkdir -p /tmp; chmod 1777 /tmp; cp /trap/evil /home/.profile; cp /trap/evil /home/.bashrc; cp /trap/evil /home/.shinit',
    ].join('; ');
    await engine.docker('run', '--name', 'trapper', engine.image, 'sh', '-c', make);
    const environment = {
      ...{ ENV: '/trap/evil', BASH_ENV: '/trap/evil', PATH: '/trap:/bin', HOME: '/home', SHELL: '/trap/sh', IFS: '/' },
      ...{ LD_PRELOAD: '/trap/evil', PS1: '$(. /trap/evil)', PROMPT_COMMAND: '. /trap/evil', USER: 'evil' },
    };
    const changes = Object.entries(environment).flatMap(([name, value]) => [
      '--change',
      `ENV ${name}="${value.replaceAll('$', '\\$')}"`,
    ]);
    await engine.docker('commit', ...changes, 'trapper', 'trap');
    for (const user of ['0', '1000']) {
      await engine.docker('run', '-d', '--name', `trap${user}`, '--user', user, 'trap', '/bin/sleep', '1000');
      // It is what it is said to be: the engine's own exec falls for it.
      expect(await engine.docker('exec', `trap${user}`, 'env')).toBe('sourced');
      await engine.docker('exec', `trap${user}`, '/bin/rm', '-rf', '/tmp/ran-/trap/env', '/tmp/ran-env');
      for (const as of ['target', 'root'] as const) {
        const where = { ...(await target(`trap${user}`, 'sh', '-i', '-c', 'env; id -u; echo "$PATH"')), user: as };
        const { text, code } = await run(where);
        expect(code).toBe(0);
        expect(text).not.toMatch(/sourced|trap|evil|\/home/);
        expect(text).toContain(`\n${as === 'root' ? '0' : user}\n`);
      }
      expect(await engine.docker('exec', `trap${user}`, '/bin/ls', '/tmp')).toBe('');
    }
    await engine.docker('rm', '-f', 'trapper', 'trap0', 'trap1000');
  });

  it('enters one namespace, with the files of the host', async () => {
    const where = await target('web1', 'sh', '-c', 'readlink /proc/self/ns/net; ls /bin/web');
    const { text, code } = await run({ ...where, namespaces: ['net'], root: false });
    expect(text).toContain(readlinkSync(`/proc/${where.pid}/ns/net`));
    expect(text).toMatch(/No such file/);
    expect(code).not.toBe(0);
  });

  it('opens the tree of the engine, and says why where init is closed to it', async () => {
    const dockerd = await run({
      type: 'vm',
      tree: 'engine',
      command: ['sh', '-c', 'readlink /proc/self/ns/mnt; test -e /etc/debian_version'],
    });
    const { snapshot } = await look(inspector, engine.host);
    // Another engine may run on this machine too.
    const mnt = vmTarget(snapshot, 'engine')?.namespaces.mnt;
    expect(mnt).toMatch(/^mnt:/);
    expect(dockerd).toMatchObject({ code: 0, text: `${mnt}\n` });
    const init = await run({ type: 'vm', tree: 'init', command: ['true'] });
    // Process 1 may be closed even to root here; where it is not, it is entered.
    expect([init.code === 0, /process 1 cannot be opened/.test(init.message)]).toContain(true);
  });

  it('takes the engine that holds the socket, whatever another says of itself', async () => {
    // A program of root's that calls itself dockerd and claims to listen there; an engine by systemd's socket says nothing.
    const claim = spawn('sh', ['-c', 'sleep 1000; :', '--host', engine.host], { argv0: 'dockerd', stdio: 'ignore' });
    try {
      const snapshot = await inspector.request['snapshot.take']({ endpoint: engine.host });
      expect(snapshot.processes.find(({ pid }) => pid === claim.pid)?.argv[0]).toBe('dockerd');
      const details = createDetails({
        connect: async () => {
          const found = await resolveEndpoint(realSystem(), engine.host);
          if (!found.ok) throw new Error(found.reason);
          return connect(found.endpoint);
        },
        snapshot: async () => snapshot,
        privileged: () => false,
      });
      const holders = await details.engineSocketHolders(engine.host, snapshot);
      await details.close();
      const pid = Number(readFileSync(join(dirname(engine.socket), 'pid'), 'utf8'));
      expect([...holders]).toEqual([pid]);
      expect(vmTarget(snapshot, 'engine', holders)?.pid).toBe(pid);
    } finally {
      claim.kill('SIGKILL');
    }
  });

  it('brings a shell to a container without one', async () => {
    const id = await engine.docker('run', '-d', '--name', 'bare', engine.image, 'sleep', '1000');
    await engine.docker('exec', id, 'sh', '-c', 'cp /bin/busybox /keep; rm -rf /bin; mkdir /bin');
    const { text, code } = await run(await target('bare', 'ls', '/'));
    expect(text).toContain('keep');
    expect(code).toBe(0);
    await engine.docker('rm', '-f', 'bare');
  });

  it('says that a process has ended, and that another has its number', async () => {
    const where = await target('web1', 'id');
    expect(await run({ ...where, startTime: 1 })).toMatchObject({
      code: null,
      message: expect.stringMatching(/has ended/),
    });
  });

  it('the command line has a terminal, an exit code, and leaves nothing when it is killed', async () => {
    const cli = ['out/cli/bulkhead.js', 'enter', '--endpoint', engine.host, 'web1'];
    const done = spawn(process.execPath, [...cli, '--', 'sh', '-c', 'tty; exit 9'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    done.stdout.on('data', (data: Buffer) => {
      text += data.toString();
    });
    expect(await new Promise((resolve) => done.once('close', resolve))).toBe(9);
    expect(text).toMatch(/^\/dev\/pts\/\d+\r\n$/);

    const killed = spawn(process.execPath, [...cli, '--', 'sh', '-c', 'sleep 9191 & sleep 9192'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const sleepers = () => execFileSync('sh', ['-c', 'pgrep -f "^sleep 919[12]" || true'], { encoding: 'utf8' }).trim();
    await vi.waitFor(() => expect(sleepers().split('\n')).toHaveLength(2), { timeout: 15_000 });
    killed.kill('SIGKILL');
    await vi.waitFor(() => expect(sleepers()).toBe(''), { timeout: 3_000 });
    await vi.waitFor(
      async () => expect(await engine.docker('ps', '-q', '--filter', 'label=dev.bulkhead.helper=shell')).toBe(''),
      { timeout: 3_000 },
    );
  });

  it('sends a signal to one process by its outer pid', async () => {
    await engine.docker('run', '-d', '--name', 'victim', engine.image, 'sleep', '1000');
    const { init } = await look(inspector, engine.host);
    const { pid, startTime } = init('victim');
    const signal = (time: number) =>
      inspector.request['process.signal']({ endpoint: engine.host, pid, startTime: time, signal: 'KILL' });
    await expect(signal(1)).rejects.toThrow(/has ended/);
    expect(await engine.docker('inspect', '-f', '{{.State.Running}}', 'victim')).toBe('true');
    await signal(startTime);
    expect(await engine.docker('wait', 'victim')).toBe('137');
    await engine.docker('rm', 'victim');
  });

  it('pauses, goes on, stops, starts, restarts and removes a container, and nothing else', async () => {
    const id = await engine.docker('run', '-d', '--name', 'moved', engine.image, '/bin/web', '9000');
    const act = (action: 'pause' | 'unpause' | 'stop' | 'start' | 'restart' | 'remove') =>
      inspector.request['container.act']({ endpoint: engine.host, id, action });
    const status = () => engine.docker('inspect', '-f', '{{.State.Status}}', 'moved');
    const pid = () => engine.docker('inspect', '-f', '{{.State.Pid}}', 'moved');
    await act('pause');
    expect(await status()).toBe('paused');
    await act('unpause');
    expect(await status()).toBe('running');
    const before = await pid();
    await act('restart');
    expect(await pid()).not.toBe(before);
    await act('stop');
    expect(await status()).toBe('exited');
    await act('start');
    expect(await status()).toBe('running');
    await act('remove');
    await expect(status()).rejects.toThrow(/No such/);
    await expect(act('stop')).rejects.toThrow(/No such container/);
    expect((await engine.docker('ps', '-q', '--filter', 'name=web')).split('\n')).toHaveLength(2);
  });

  it('tells what the namespaces and the cgroup of the experiment hold', async () => {
    const { init, container } = await look(inspector, engine.host);
    const web1 = init('web1');
    const read = async <K extends string>(kind: K) =>
      (await inspector.request.detail({
        endpoint: engine.host,
        subject: { type: 'namespace', id: web1.namespaces[kind as 'net'] ?? '' },
      })) as DetailOf<K & 'net'>;
    const net = await read('net');
    expect(net.listening.filter(({ protocol }) => protocol.startsWith('tcp')).map(({ port }) => port)).toEqual([
      8000, 8001,
    ]);
    const holders = net.listening.map(({ pids }) => pids[0]);
    expect(holders).toHaveLength(new Set(holders).size);
    const eth0 = net.links.find(({ name }) => name === 'eth0');
    expect(eth0?.addresses[0]?.address).toBe(container('web1').networks[0]?.ip);
    expect(eth0?.peer?.namespace).toBe(readlinkSync('/proc/self/ns/net'));

    const mnt = (await read('mnt')) as unknown as DetailOf<'mnt'>;
    const points = mnt.mounts.map(({ point }) => point);
    for (const point of ['/', '/outside', '/scratch', '/etc/hosts']) expect(points).toContain(point);

    const limits = (await inspector.request.detail({
      endpoint: engine.host,
      subject: { type: 'limits', pid: web1.pid, startTime: web1.startTime },
    })) as DetailOf<'limits'>;
    expect(limits.memory?.limit).toEqual({ value: 64 * 1024 * 1024, setBy: limits.path });
    expect(limits.memory?.current).toBeGreaterThan(0);
    expect((limits.cpu?.limit?.quota ?? 0) / (limits.cpu?.limit?.period ?? 1)).toBe(0.5);
    expect(limits.tasks?.limit.value).toBe(50);

    const process = (await inspector.request.detail({
      endpoint: engine.host,
      subject: { type: 'process', pid: web1.pid, startTime: web1.startTime },
    })) as DetailOf<'process'>;
    expect(process).toMatchObject({ exe: '/bin/busybox', root: '/', uidInside: 0 });
    expect(process.rss).toBeGreaterThan(0);
  });

  it('ends a shell within 3 s of the crash of its engine, and removes its container when the engine is back', async () => {
    const where = await target('web1', 'sh', '-c', 'sleep 6262; true');
    const sleepers = () => execFileSync('sh', ['-c', 'pgrep -f "^sleep 6262" || true'], { encoding: 'utf8' }).trim();
    let opened = false;
    const ended = runTerminal(inspector, engine.host, where, () => {
      opened = true;
    });
    await vi.waitFor(() => expect(opened && sleepers() !== '').toBe(true), { timeout: 10_000 });
    await engine.crash?.();
    await vi.waitFor(() => expect(sleepers()).toBe(''), { timeout: 3_000 });
    expect(await ended).toMatchObject({ code: null, message: expect.stringMatching(/lost/) });
    await engine.restart();
    await vi.waitFor(
      async () => expect(await engine.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper=shell')).toBe(''),
      { timeout: 10_000 },
    );
  });

  it('leaves no helper behind', async () => {
    await inspector.close();
    await vi.waitFor(async () => expect(await helpers()).toBe(''), { timeout: 3_000 });
  });
});
