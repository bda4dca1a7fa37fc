import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECK_SEVERITIES, type CheckFinding, checkSchema } from '../../src/core/answer/schemas.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const run = promisify(execFile);

/** Asks again until it is so; hooks have no `expect.poll`. */
async function until(what: string, so: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !(await so()); await sleep(200))
    if (Date.now() - start > 30_000) throw new Error(`${what}: not within 30 s`);
}

const PROGRAM = 'out/cli/bulkhead.js';
const needs = {
  ...ENGINE_NEEDS,
  programs: [...ENGINE_NEEDS.programs, 'nsenter', 'unshare', 'chattr', 'mount', 'newuidmap', 'pgrep'],
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe', PROGRAM],
};

/** Codes that this machine cannot give, each with the reason; found on the machine below. */
const absent = new Map<string, string>();
/** Everything that was found on a real engine. */
const produced = new Map<string, Set<string>>();

function bulkhead(
  engine: TestEngine,
  home: string,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: home, DOCKER_HOST: engine.host };
    execFile(process.execPath, [PROGRAM, ...args], { env, maxBuffer: 2 ** 26 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function findings(engine: TestEngine, home: string): Promise<CheckFinding[]> {
  const { out, err } = await bulkhead(engine, home, 'check', '--json');
  if (out === '') throw new Error(err);
  const all = checkSchema.parse(JSON.parse(out));
  for (const { code, severity } of all) produced.set(code, (produced.get(code) ?? new Set()).add(severity));
  return all;
}

const of = (all: readonly CheckFinding[], container: string | null) =>
  all.filter((each) => each.container === container).map(({ severity, code }) => `${severity} ${code}`);

/** The directories of a cgroup in the hierarchies that this machine has: one on version 2, one a controller on version 1. */
async function hierarchies(): Promise<string[]> {
  const text = await readFile('/proc/mounts', 'utf8');
  const all = text.split('\n').map((line) => line.split(' '));
  return all.flatMap(([, point = '', type]) => (/^cgroup2?$/.test(type ?? '') ? [point] : []));
}

/** Where a process stands in a hierarchy. */
async function cgroupOf(pid: string, hierarchy: string): Promise<string> {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).trim().split('\n');
  const name = hierarchy.split('/').at(-1) ?? '';
  const own = lines.find((line) => line.split(':')[1]?.split(',').includes(name));
  return (own ?? lines.at(-1) ?? '').split(':').slice(2).join(':');
}

describeWith('every code of check, from real parts', needs, () => {
  let engine: TestEngine;
  let home: string;
  let all: CheckFinding[];
  const children: ChildProcess[] = [];
  /** What is undone at the end, the last first. */
  const undo: (() => Promise<unknown>)[] = [];

  const start = (name: string, args: readonly string[], ...command: string[]) =>
    engine.docker(
      ...['run', '-d', '--name', name, ...args, engine.image],
      ...(command.length === 0 ? ['/bin/sleep', '1000'] : command),
    );
  const pidOf = (name: string) => engine.docker('inspect', '-f', '{{.State.Pid}}', name);
  const background = (program: string, ...args: string[]): ChildProcess => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };

  beforeAll(async () => {
    engine = await startEngine();
    home = await mkdtemp(join(tmpdir(), 'bulkhead-check-'));
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const step of undo.reverse()) await step().catch(() => {});
    await engine?.stop();
    // Shims of what the engine forgot outlive it.
    const folder = engine === undefined ? null : dirname(engine.socket);
    const left =
      folder === null
        ? ''
        : await run('pgrep', ['-f', folder]).then(
            ({ stdout }) => stdout,
            () => '',
          );
    for (const pid of left.trim().split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
    if (home !== undefined) await rm(home, { recursive: true, force: true });
  });

  it('ends with 5 from the rank that was asked for on, and with 0 below it', async () => {
    /** Each brings a finding of its rank, the mildest first. */
    const steps = [
      ['notice', 'root-is-root', 'plain', []],
      ['warning', 'host-net', 'onhost', ['--network=host']],
      ['danger', 'cap-root', 'module', ['--cap-add=SYS_MODULE']],
      ['broken', 'port-not-published', 'lost', ['--network=none', '-p', '18390:80']],
    ] as const;
    for (const [severity, code, name, args] of steps) {
      await start(name, args);
      const now = await findings(engine, home);
      expect(now.find((each) => each.container === name && each.code === code)).toMatchObject({ severity });
      const worst = Math.min(...now.map((each) => CHECK_SEVERITIES.indexOf(each.severity)));
      for (const failOn of ['broken', 'danger', 'warning'] as const) {
        const { code: exit, out } = await bulkhead(engine, home, 'check', '--fail-on', failOn);
        expect({ name, failOn, exit, out }).toMatchObject({ exit: worst <= CHECK_SEVERITIES.indexOf(failOn) ? 5 : 0 });
        // A line a finding, and none that is milder.
        const ranks = CHECK_SEVERITIES.slice(0, CHECK_SEVERITIES.indexOf(failOn) + 1);
        for (const line of out.trimEnd().split('\n').filter(Boolean)) {
          expect(ranks).toContain(line.split(' ')[0]);
          expect(line).toMatch(/^[a-z]+ [a-z-]+ .+: .+ \[.+\]/);
        }
      }
    }
    for (const [, , name] of steps) await engine.docker('rm', '-f', name);
  });

  describe('all at once', () => {
    beforeAll(async () => {
      const folder = dirname(engine.socket);
      // Shares.
      await start('owner', []);
      await start('joiner', ['--network=container:owner']);
      await engine.docker('restart', '-t', '0', 'owner');
      await start('gone', []);
      await start('orphan', ['--network=container:gone']);
      await engine.docker('stop', '-t', '0', 'gone');
      // States.
      await start('restless', ['--restart=always'], '/bin/false');
      await start('stuck', []);
      const stuck = await engine.docker('inspect', '-f', '{{.Id}}', 'stuck');
      const kept = join(folder, 'data/containers', stuck, 'hostname');
      await run('chattr', ['+i', kept]).then(
        async () => {
          undo.push(() => run('chattr', ['-i', kept]));
          await engine.docker('rm', '-f', 'stuck').catch(() => '');
        },
        () => absent.set('dead', 'its file system has no immutable files, so that the engine can remove everything'),
      );
      // Ports.
      await start('silent', ['-p', '18301:80']);
      await start('inward', ['-p', '18302:80'], '/bin/httpd', '-f', '-p', '127.0.0.1:80');
      await start('cut', ['-p', '18303:80'], '/bin/httpd', '-f', '-p', '80');
      const index = (await engine.docker('exec', 'cut', 'cat', '/sys/class/net/eth0/iflink')).trim();
      for (const name of await readdir('/sys/class/net')) {
        const own = await readFile(`/sys/class/net/${name}/ifindex`, 'utf8').catch(() => '');
        if (own.trim() === index) await run('ip', ['link', 'set', name, 'down']);
      }
      await start('onhost', ['--network=host', '-p', '18304:80']);
      await start('nowhere', ['--network=none', '-p', '18305:80']);
      await engine.docker('network', 'create', '--internal', 'closed');
      await start('closed-in', ['--network=closed', '-p', '18306:80'], '/bin/httpd', '-f', '-p', '80');
      await start('uncarried', ['-p', '18308:80'], '/bin/httpd', '-f', '-p', '80');
      const proxies = (await run('pgrep', ['-f', 'docker-proxy .*-host-port 18308 '])).stdout.trim().split('\n');
      for (const pid of proxies) process.kill(Number(pid), 'SIGKILL');
      for (const program of ['iptables', 'ip6tables']) {
        const rules = (await run(program, ['-w', '-t', 'nat', '-S'])).stdout.split('\n');
        for (const rule of rules.filter((line) => line.startsWith('-A') && line.includes('--dport 18308 ')))
          await run(program, ['-w', '-t', 'nat', '-D', ...rule.split(' ').slice(1)]);
      }
      await start('served', ['-p', '18307:80'], '/bin/httpd', '-f', '-p', '80');
      // Rights.
      await start('privileged', ['--privileged']).catch(() =>
        absent.set('privileged', 'it lacks a capability itself, so that its runtime can give nobody all of them'),
      );
      await start('tracer', ['--pid=host', '--cap-add=SYS_PTRACE']);
      await start('caps', ['--cap-add=SYS_MODULE', '--cap-add=SYS_TIME', '--cap-add=NET_ADMIN']);
      await start('admin', ['--cap-add=SYS_ADMIN', '--uts=host']);
      await start('open', ['--security-opt=seccomp=unconfined', '--pid=host', '--ipc=host']);
      await start('devices', ['--device=/dev/loop0', '--device=/dev/ptmx:/dev/bh', '--device=/dev/full']);
      // Places.
      await start('socket', ['-v', `${engine.socket}:/s:ro`]);
      await start('containerd', ['-v', `${join(folder, 'exec/containerd/containerd.sock')}:/c`]);
      await start('neighbour', ['--pid=container:socket']);
      await start('root', ['-v', '/:/outside']);
      await start('root-read', ['-v', '/:/outside:ro']);
      await start('places', ['-v', '/etc:/e', '-v', '/usr/bin:/b', '-v', `${join(folder, 'data')}:/d`]);
      await start('kernel', ['-v', '/proc:/p', '-v', '/sys:/s', '-v', '/dev:/v']);
      const shared = join(home, 'shared');
      await mkdir(shared);
      await run('mount', ['--bind', shared, shared]);
      undo.push(() => run('umount', ['-l', shared]));
      await run('mount', ['--make-shared', shared]);
      await start('spreads', ['-v', `${shared}:/shared:shared`]);
      // As editors save: another file takes the name.
      const edited = join(home, 'edited.conf');
      await writeFile(edited, 'before');
      await start('edited', ['-v', `${edited}:/edited.conf`]);
      await writeFile(`${edited}.new`, 'after');
      await rename(`${edited}.new`, edited);
      // Processes.
      await start('zombie', [], '/bin/sh', '-c', 'sleep 0.1 & exec sleep 1000');
      await engine.docker('exec', '-d', 'admin', 'unshare', '-n', 'sleep', '1000');
      await start('mover', []);
      const [tree = ''] = (await hierarchies()).filter((point) => /\/pids$/.test(point) || point === '/sys/fs/cgroup');
      const elsewhere = join(tree, `bulkhead-check-${process.pid}`);
      await mkdir(elsewhere);
      undo.push(() => run('rmdir', [elsewhere]));
      await engine.docker('exec', '-d', 'mover', 'sleep', '999');
      const found = () =>
        run('pgrep', ['-fx', 'sleep 999']).then(
          ({ stdout }) => stdout.trim(),
          () => '',
        );
      await until('a second process in mover', async () => (await found()) !== '');
      await writeFile(join(elsewhere, 'cgroup.procs'), await found());
      await start('claimed', []);
      const stranger = background('sleep', '998');
      for (const point of await hierarchies()) {
        const path = await cgroupOf(await pidOf('claimed'), point);
        await writeFile(join(point, path, 'cgroup.procs'), String(stranger.pid)).catch(() => {});
      }
      // What is kept alive: by a descriptor, and by a name.
      const first = background('unshare', '-n', 'sleep', '997');
      const net = async (pid: number | string | undefined) => (await run('readlink', [`/proc/${pid}/ns/net`])).stdout;
      await until('a network namespace of its own', async () => (await net(first.pid)) !== (await net('self')));
      background('sh', '-c', `exec 9</proc/${first.pid}/ns/net; echo held; exec sleep 996`);
      await sleep(300);
      first.kill('SIGKILL');
      const named = `bulkhead-check-${process.pid}`;
      await run('ip', ['netns', 'add', named]);
      undo.push(() => run('ip', ['netns', 'delete', named]));
      // A descriptor on its way between two sockets is nobody's that could be seen.
      const cable = `bhk${process.pid % 100_000}`;
      const hidden = background(
        'python3',
        '-c',
        [
          'import os, socket, subprocess, sys, time',
          'a, b = socket.socketpair(socket.AF_UNIX)',
          'p = subprocess.Popen(["unshare", "-n", "sleep", "995"]); time.sleep(0.5)',
          'f = os.open(f"/proc/{p.pid}/ns/net", os.O_RDONLY)',
          `subprocess.run(["ip", "link", "add", "${cable}", "type", "veth", "peer", "name", "x", "netns", str(p.pid)], check=True)`,
          'socket.send_fds(a, [b"x"], [f]); os.close(f); p.kill(); p.wait()',
          'print("hidden", flush=True); sys.stdin.read()',
        ].join('\n'),
      );
      const told = await new Promise<boolean>((resolve) => {
        hidden.on('error', () => resolve(false));
        hidden.on('exit', () => resolve(false));
        hidden.stdout?.on('data', () => resolve(true));
      });
      if (told) undo.push(() => run('ip', ['link', 'delete', cable]));
      else absent.set('veth-dangling', 'it has no python3 to hide a network namespace with');
      // A helper whose program is gone, and which the engine did not remove.
      await engine.docker('run', '--name', 'helper', '--label', 'dev.bulkhead.helper=probe', engine.image, '/bin/true');

      await until('a container that is told to restart over and over', async () =>
        of(await findings(engine, home), 'restless').includes('broken keeps-restarting'),
      );
      // One that has only just ended may still be removed.
      await until('a helper that nobody removes', async () =>
        of(await findings(engine, home), 'helper').includes('warning helper-left'),
      );
      all = await findings(engine, home);
    }, 200_000);

    it.each([
      ['joiner', 'broken share-broken'],
      ['orphan', 'broken owner-gone'],
      ['restless', 'broken keeps-restarting'],
      ['silent', 'broken port-nobody-listens'],
      ['inward', 'broken port-loopback-only'],
      ['cut', 'broken port-leads-nowhere'],
      ['onhost', 'broken port-not-published'],
      ['nowhere', 'broken port-not-published'],
      ['closed-in', 'broken port-not-published'],
      ['edited', 'broken mount-replaced'],
      ['tracer', 'danger host-pid-ptrace'],
      ['caps', 'danger cap-root'],
      ['caps', 'warning cap-machine'],
      ['caps', 'notice cap-added'],
      ['open', 'warning no-seccomp'],
      ['open', 'warning host-pid'],
      ['open', 'warning host-ipc'],
      ['onhost', 'warning host-net'],
      ['admin', 'warning host-uts'],
      ['admin', 'notice left-its-namespaces'],
      ['devices', 'danger device-storage'],
      ['devices', 'warning device'],
      ['devices', 'notice device-usual'],
      ['neighbour', 'danger trusted-neighbour'],
      ['socket', 'danger engine-socket'],
      ['containerd', 'danger runtime-socket'],
      ['root', 'danger host-root'],
      ['root-read', 'warning host-root'],
      ['places', 'danger host-etc'],
      ['places', 'danger host-programs'],
      ['places', 'danger engine-data'],
      ['kernel', 'danger host-proc'],
      ['kernel', 'warning host-sys'],
      ['kernel', 'warning host-dev'],
      ['spreads', 'warning mounts-go-out'],
      ['zombie', 'notice zombies'],
      ['mover', 'warning left-its-cgroup'],
      ['claimed', 'warning claimed'],
      ['helper', 'warning helper-left'],
      ['uncarried', 'notice port-not-carried'],
      ['served', 'notice published-everywhere'],
      ['served', 'notice root-is-root'],
      ['served', 'notice new-privileges'],
      ['served', 'notice no-limits'],
    ])('%s: %s', (container, finding) => {
      expect(of(all, container)).toContain(finding);
    });

    it('what serves its port has nothing broken, dangerous or worth a warning', () => {
      expect(of(all, 'served').filter((each) => !each.startsWith('notice '))).toEqual([]);
    });

    it.each(['privileged', 'dead', 'veth-dangling'])('%s, where this machine can give it', (code) => {
      if (absent.has(code)) return;
      expect(all.map((each) => each.code)).toContain(code);
    });

    it('SYS_ADMIN is a danger but where a security module holds it', () => {
      expect(of(all, 'admin').filter((each) => each.endsWith(' cap-sys-admin'))).toHaveLength(1);
    });

    it('a namespace without a process is told with who holds it, and how to let go', () => {
      const held = all.filter(({ code }) => code === 'namespace-held');
      expect(held.find(({ evidence }) => /\(sleep\) has it open as descriptor 9/.test(evidence))).toMatchObject({
        severity: 'warning',
        cure: expect.stringMatching(/^End pid \d+/),
      });
      expect(held.find(({ cure }) => cure === `ip netns delete bulkhead-check-${process.pid}`)?.severity).toBe(
        'notice',
      );
    });

    it('a port that is not published is told with what takes it away, and the cure is one', async () => {
      const lost = (name: string) => all.find((each) => each.container === name && each.code === 'port-not-published');
      expect(lost('onhost')?.text).toContain('-p 18304:80 was requested, but is not in force. With --network=host');
      expect(lost('nowhere')?.text).toContain('With --network=none');
      expect(lost('closed-in')).toMatchObject({
        text: expect.stringContaining('closed alone'),
        cure: 'docker network connect bridge closed-in',
      });
      await run('docker', ['--host', engine.host, ...(lost('closed-in')?.cure ?? '').split(' ').slice(1)]);
      const after = await findings(engine, home);
      expect(of(after, 'closed-in').filter((each) => each.startsWith('broken '))).toEqual([]);
      const answer = await fetch('http://127.0.0.1:18306/', { signal: AbortSignal.timeout(3_000) });
      expect(answer.status).toBe(404);
    });

    it('the cure of a broken share closes it', async () => {
      const { cure } = all.find(({ code }) => code === 'share-broken') ?? {};
      expect(cure).toBe('docker restart joiner');
      await engine.docker('restart', '-t', '0', 'joiner');
      const orphan = all.find(({ code }) => code === 'owner-gone');
      expect(orphan?.cure).toBe('docker start gone && docker restart orphan');
      await engine.docker('start', 'gone');
      await engine.docker('restart', '-t', '0', 'orphan');
      const codes = (await findings(engine, home)).map(({ code }) => code);
      expect(codes).not.toContain('share-broken');
      expect(codes).not.toContain('owner-gone');
    });
  });

  it('a shim whose container the engine forgot, and whose process has ended', async () => {
    const id = await start('forgotten', []);
    const pid = await pidOf('forgotten');
    await engine.crash?.();
    await rm(join(dirname(engine.socket), 'data/containers', id), { recursive: true });
    await engine.restart();
    process.kill(Number(pid), 'SIGKILL');
    await sleep(500);
    const shims = (await findings(engine, home)).filter(({ code }) => code === 'shim-left');
    expect(shims.some(({ text }) => text.includes(id.slice(0, 12)))).toBe(true);
  });
});

describeWith('an engine that remaps users', needs, () => {
  let engine: TestEngine;
  let home: string;
  beforeAll(async () => {
    engine = await startEngine({ args: ['--userns-remap=default'] });
    home = await mkdtemp(join(tmpdir(), 'bulkhead-check-'));
  });
  afterAll(async () => {
    await engine?.stop();
    if (home !== undefined) await rm(home, { recursive: true, force: true });
  });

  it('tells who is left out of it', async () => {
    await engine.docker('run', '-d', '--name', 'exempt', '--userns=host', engine.image, '/bin/sleep', '1000');
    await engine.docker('run', '-d', '--name', 'mapped', engine.image, '/bin/sleep', '1000');
    const all = await findings(engine, home);
    expect(of(all, 'exempt')).toContain('warning host-user');
    expect(of(all, 'mapped')).not.toContain('notice root-is-root');
  });
});

describeWith('the list of codes', needs, () => {
  it('has no code that was neither found above nor is impossible here, and why', async () => {
    const lsms = await readFile('/sys/kernel/security/lsm', 'utf8').catch(() => '');
    if (!/apparmor|selinux/.test(lsms))
      absent.set('no-lsm', 'its kernel has neither AppArmor nor SELinux, so nobody is left out of it');
    if (!existsSync('/sys/fs/cgroup/cgroup.controllers'))
      absent.set('host-cgroup', 'with cgroup v1 the engine leaves that namespace with the machine for all');
    const text = await readFile('docs/checks.md', 'utf8');
    const documented = new Map(
      [...text.matchAll(/^\| `([a-z-]+)` \| ([a-z, ]+) \|/gm)].map(([, code = '', ranks = '']) => [
        code,
        ranks.split(', '),
      ]),
    );
    expect(documented.size).toBeGreaterThan(40);
    expect([...documented.keys()].filter((code) => !produced.has(code) && !absent.has(code))).toEqual([]);
    for (const [code, ranks] of produced)
      expect([code, [...ranks].filter((rank) => documented.get(code)?.includes(rank) !== true)]).toEqual([code, []]);
  });
});
