import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { HOST } from '../../src/core/sharing/sharing.ts';
import { NAMESPACE_KINDS } from '../../src/core/snapshot/namespace.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { type Look, look } from '../support/look.ts';
import { describeWith } from '../support/require.ts';

const needs = {
  ...ENGINE_NEEDS,
  programs: [...ENGINE_NEEDS.programs, 'nsenter', 'unshare'],
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'],
};

describeWith('who shares what, on a real engine', needs, () => {
  let engine: TestEngine;
  let inspector: Inspector;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    const ids = await engine.docker('ps', '-aq', '--filter', 'label=test');
    if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  const run = (name: string, ...args: string[]): Promise<string> =>
    engine.docker('run', '-d', '--label=test', '--name', name, ...args, engine.image, '/bin/sleep', '1000');
  const scan = (): Promise<Look> => look(inspector, engine.host);

  /** A process outside of every container; resolves when it has become `sleep`. */
  async function outside(program: string, ...args: string[]): Promise<number> {
    const child = spawn(program, [...args, 'sleep', '1000'], { stdio: 'ignore' });
    children.push(child);
    const { pid } = child;
    if (pid === undefined) throw new Error(`${program} did not start`);
    for (let attempt = 0; attempt < 100; attempt++) {
      if (readlinkSync(`/proc/${pid}/exe`).endsWith('/sleep')) return pid;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${program} did not become sleep`);
  }

  it('tells every namespace as the kernel does', async () => {
    await run('plain');
    const { init, snapshot } = await scan();
    const { pid, namespaces } = init('plain');
    for (const kind of NAMESPACE_KINDS) {
      expect(namespaces[kind]).toBe(readlinkSync(`/proc/${pid}/ns/${kind}`));
      expect(snapshot.namespaces.find(({ id }) => id === namespaces[kind])?.pids).toContain(pid);
    }
    expect(String(pid)).toBe(await engine.docker('inspect', '-f', '{{.State.Pid}}', 'plain'));
    expect(snapshot.processes.find((one) => one.pid === process.pid)?.container).toBeNull();
  });

  it('--pid=container: and a shareable --ipc=container:', async () => {
    await run('owner', '--ipc=shareable');
    await run('guest', '--pid=container:owner', '--ipc=container:owner');
    const { members, cause, standing, init } = await scan();
    for (const kind of ['pid', 'ipc'] as const) {
      expect(members(kind, 'guest')).toEqual(['guest', 'owner']);
      expect(cause(kind, 'guest')).toMatchObject({ code: 'container-mode', flag: `--${kind}=container:owner` });
      expect(cause(kind, 'owner')?.code).toBe('owner');
    }
    expect(standing('net', 'guest')).toBe('private');
    expect(init('owner').nsPids.at(-1)).toBe(1);
    expect(init('guest').nsPids.at(-1)).toBeGreaterThan(1);
  });

  it('--pid=host, --network=host, --ipc=host, --uts=host', async () => {
    await run('open', '--pid=host', '--network=host', '--ipc=host', '--uts=host');
    const { members, cause, standing, init, sharing, container } = await scan();
    for (const [kind, flag] of [
      ['pid', '--pid=host'],
      ['net', '--network=host'],
      ['ipc', '--ipc=host'],
      ['uts', '--uts=host'],
    ] as const) {
      expect(standing(kind, 'open')).toBe('host');
      expect(members(kind, 'open')).toEqual([HOST, 'open']);
      expect(cause(kind, 'open')).toMatchObject({ code: 'host-mode', flag });
    }
    expect(standing('mnt', 'open')).toBe('private');
    expect(init('open').nsPids).toEqual([init('open').pid]);
    const codes = sharing.findings.filter((one) => one.container === container('open').id).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['host-pid', 'host-net', 'host-ipc', 'root-is-root']));
  });

  it('--cgroupns=host and private, --network=none', async () => {
    await run('seen', '--cgroupns=host');
    await run('apart', '--cgroupns=private', '--network=none');
    const { standing, members, container } = await scan();
    expect(standing('cgroup', 'seen')).toBe('host');
    expect(members('cgroup', 'seen')).toEqual([HOST, 'seen']);
    expect(standing('cgroup', 'apart')).toBe('private');
    expect(standing('net', 'apart')).toBe('private');
    expect(container('apart').modes).toMatchObject({ net: 'none', cgroup: 'private' });
  });

  it('three and five containers on one network namespace are one set each, as pods are', async () => {
    for (const [pod, size] of [
      ['a', 3],
      ['b', 5],
    ] as const) {
      await run(`${pod}-pause`);
      for (let index = 1; index < size; index++) await run(`${pod}-${index}`, `--network=container:${pod}-pause`);
    }
    const { members, sharing, standing, cause } = await scan();
    expect(members('net', 'a-1')).toEqual(['a-1', 'a-2', 'a-pause']);
    expect(members('net', 'b-4')).toEqual(['b-1', 'b-2', 'b-3', 'b-4', 'b-pause']);
    for (const name of ['b-1', 'b-2', 'b-3', 'b-4']) {
      expect(standing('net', name)).toBe('shared');
      expect(cause('net', name)?.text).toBe('--network=container:b-pause');
    }
    const net = sharing.sets.filter(({ members: all }) => !all.includes(HOST)).map(({ members: all }) => all.length);
    expect(net.sort()).toEqual([3, 5]);
  });

  it('a stopped owner whose namespace others still use, and a restarted one', async () => {
    await run('owner');
    await run('left', '--network=container:owner');
    await engine.docker('stop', '-t', '0', 'owner');
    const stopped = await scan();
    expect(stopped.container('owner').state).toBe('exited');
    expect(stopped.standing('net', 'owner')).toBe('unknown');
    expect(stopped.sharing.broken).toMatchObject([{ container: stopped.container('left').id, kind: 'net' }]);
    expect(stopped.sharing.broken[0]?.text).toContain('which has stopped');
    const net = stopped.init('left').namespaces.net;
    await engine.docker('start', 'owner');
    const restarted = await scan();
    expect(restarted.init('left').namespaces.net).toBe(net);
    expect(restarted.init('owner').namespaces.net).not.toBe(net);
    expect(restarted.sharing.broken[0]?.text).toContain('does not');
  });

  it('processes that entered a container, left it, or were never in one', async () => {
    await run('home', '--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined');
    const pid = (await scan()).init('home').pid;
    const entered = await outside('nsenter', '-t', String(pid), '-n', '-u');
    const alone = await outside('unshare', '-n', '-i');
    await engine.docker('exec', '-d', 'home', '/bin/unshare', '-n', '/bin/sleep', '1000');
    const seen = await scan();
    const home = seen.init('home').namespaces;
    expect(seen.sharing.guests.get(home.net ?? '')).toEqual([entered]);
    expect(seen.sharing.guests.get(home.uts ?? '')).toEqual([entered]);
    expect(seen.standing('net', 'home')).toBe('private');
    const own = seen.snapshot.processes.find((process) => process.pid === alone)?.namespaces;
    expect(own?.net).toBe(readlinkSync(`/proc/${alone}/ns/net`));
    expect(seen.snapshot.namespaces.find(({ id }) => id === own?.ipc)?.pids).toEqual([alone]);
    const elsewhere = seen.sharing.containers.get(seen.container('home').id)?.net.elsewhere ?? [];
    expect(elsewhere).toHaveLength(1);
    expect(seen.snapshot.processes.find((process) => process.pid === elsewhere[0])?.namespaces.net).not.toBe(home.net);
  });

  it('what is reached through mounts: by directory, under another name, through a volume', async () => {
    await run('monitor', '-v', '/:/rootfs:ro', '-v', '/var/run:/var/run:ro', '-v', '/sys:/sys:ro');
    await run('runtime', '-v', '/run/containerd:/run/containerd', '-v', '/etc:/host/etc');
    await run('near', '-v', `${dirname(engine.socket)}:/engine:ro`);
    await engine.docker(
      'volume',
      'create',
      '-d',
      'local',
      '-o',
      'type=none',
      '-o',
      'o=bind',
      '-o',
      'device=/',
      'every',
    );
    await run('volume', '-v', 'every:/mnt');
    const { sharing, container } = await scan();
    const codes = (name: string) =>
      sharing.findings
        .filter(({ container: id, code }) => id === container(name).id && /^host-|-socket$/.test(code))
        .map(({ severity, code }) => `${severity} ${code}`);
    expect(codes('monitor')).toEqual(['danger engine-socket', 'warning host-root', 'notice host-sys']);
    expect(codes('runtime')).toEqual(['danger runtime-socket', 'danger host-etc']);
    expect(codes('near')).toEqual(expect.arrayContaining(['danger engine-socket']));
    expect(codes('volume')).toEqual(['danger engine-socket', 'danger host-root']);
  });

  it('a paused container keeps its place; a restarting one is told as such', async () => {
    await run('still');
    await engine.docker('pause', 'still');
    await engine.docker('run', '-d', '--label=test', '--name=again', '--restart=always', engine.image, '/bin/false');
    let seen = await scan();
    for (let tries = 0; tries < 20 && seen.container('again').state !== 'restarting'; tries++) seen = await scan();
    expect(seen.container('again').state).toBe('restarting');
    expect(seen.container('still').state).toBe('paused');
    expect(seen.standing('net', 'still')).toBe('private');
    expect(seen.init('still').pid).toBe(Number(await engine.docker('inspect', '-f', '{{.State.Pid}}', 'still')));
    await engine.docker('unpause', 'still');
  });
});

describeWith('--userns-remap on a second dockerd', { ...needs, programs: [...needs.programs, 'newuidmap'] }, () => {
  let engine: TestEngine;
  let inspector: Inspector;

  beforeAll(async () => {
    engine = await startEngine({ args: ['--userns-remap=default'] });
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  it('each container has a user namespace of its own, unless it asks for the host’s', async () => {
    await engine.docker('run', '-d', '--name=mapped', engine.image, '/bin/sleep', '1000');
    await engine.docker('run', '-d', '--name=joined', '--network=container:mapped', engine.image, '/bin/sleep', '1000');
    await engine.docker('run', '-d', '--name=plain', '--userns=host', engine.image, '/bin/sleep', '1000');
    const { standing, cause, init, snapshot, members } = await look(inspector, engine.host);
    expect(snapshot.probe).not.toBeNull();
    expect(standing('user', 'mapped')).not.toBe('host');
    const first = Number(
      execFileSync('sh', ['-c', 'grep ^dockremap: /etc/subuid | cut -d: -f2'], { encoding: 'utf8' }),
    );
    expect(init('mapped').uid).toBe(first);
    expect(members('user', 'joined')).toEqual(['joined', 'mapped']);
    expect(cause('user', 'joined')?.text).toContain('--network=container:mapped');
    expect(standing('user', 'plain')).toBe('host');
    expect(cause('user', 'plain')).toMatchObject({ code: 'host-mode', flag: '--userns=host' });
    const own = snapshot.namespaces.find(({ id }) => id === init('mapped').namespaces.net);
    expect(own?.owner).toBe(init('mapped').namespaces.user);
  });
});
