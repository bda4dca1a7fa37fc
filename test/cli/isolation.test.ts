import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IsolationCard } from '../../src/core/answer/isolation-card.ts';
import { isolationSchema } from '../../src/core/answer/schemas.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';
const needs = {
  ...ENGINE_NEEDS,
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe', PROGRAM],
};

describeWith('isolation on a real engine', needs, () => {
  let engine: TestEngine;
  let folder: string;
  let cards: IsolationCard[];
  let privileged: boolean;

  function bulkhead(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      const env = { PATH: process.env.PATH, HOME: folder, DOCKER_HOST: engine.host };
      execFile(process.execPath, [PROGRAM, ...args], { env, maxBuffer: 2 ** 26 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  const run = (name: string, ...args: string[]) =>
    engine.docker('run', '-d', '--name', name, ...args, engine.image, '/bin/sleep', '1000');

  beforeAll(async () => {
    engine = await startEngine();
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-isolation-'));
    await symlink(engine.socket, join(folder, 'innocent'));
    await mkdir(join(folder, 'project'));
    await engine.docker('volume', 'create', '-o', 'type=none', '-o', 'o=bind', '-o', 'device=/etc', 'settings');
    await run('plain');
    await run(
      'hardened',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      '--user=1000',
      '--memory=64m',
      '--cpus=1',
      '--pids-limit=50',
    );
    // Where this machine itself lacks a capability, its runtime can give nobody all of them.
    privileged = await run('privileged', '--privileged').then(
      () => true,
      () => false,
    );
    await run('caps', '--cap-add=SYS_MODULE', '--cap-add=SYS_TIME', '--cap-add=NET_ADMIN');
    await run('open', '--security-opt=seccomp=unconfined', '--uts=host', '--pid=host', '--ipc=host', '--network=host');
    await run('linked', '-v', `${join(folder, 'innocent')}:/innocent:ro`);
    await run('parent', '-v', `${join(engine.socket, '..')}:/outside`);
    await run('volume', '-v', 'settings:/settings', '-v', `${join(folder, 'project')}:/project`);
    await run('device', '--device=/dev/null:/dev/ttyS9', '--device=/dev/full');
    await run('beside', '--pid=container:linked', '-p', '127.0.0.1:0:80');
    const told = await bulkhead('isolation', '--json');
    if (told.code !== 0) throw new Error(told.err);
    cards = isolationSchema.parse(JSON.parse(told.out));
  });
  afterAll(async () => {
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const of = (name: string) => cards.find(({ container }) => container === name)?.lines ?? [];
  const codes = (name: string, ...ranks: string[]) =>
    of(name)
      .filter(({ rank }) => ranks.includes(rank))
      .map(({ code }) => code)
      .sort();
  const line = (name: string, code: string) => of(name).find((each) => each.code === code);

  it('each flag is found, at its rank, and nothing that was not asked for', () => {
    expect(codes('plain', 'danger', 'warning')).toEqual([]);
    expect(codes('hardened', 'danger', 'warning', 'notice').filter((code) => !code.startsWith('no-lsm'))).toEqual([]);
    expect(codes('privileged', 'danger')).toEqual(privileged ? ['privileged'] : []);
    expect(codes('caps', 'danger', 'warning')).toEqual(['cap-machine', 'cap-root']);
    expect(line('caps', 'cap-added')?.text).toContain('NET_ADMIN');
    expect(codes('open', 'danger', 'warning')).toEqual(['host-ipc', 'host-net', 'host-pid', 'no-seccomp']);
    expect(codes('open', 'notice')).toContain('host-uts');
    expect(codes('device', 'danger', 'warning')).toEqual([]);
    expect(line('device', 'device-usual')?.evidence).toContain('/dev/null at /dev/ttyS9');
    expect(codes('volume', 'danger')).toEqual(['host-etc']);
    expect(cards[0]?.rank).toBe('danger');
  });

  it('the socket is found behind a link and in a directory above, by the kernel’s mount table', () => {
    expect(line('linked', 'engine-socket')).toMatchObject({
      rank: 'danger',
      evidence: expect.stringMatching(/^The mount table of pid \d+ has .*docker\.sock at \/innocent \(read-only\)/),
    });
    expect(line('parent', 'engine-socket')?.rank).toBe('danger');
    // Who looks into the one that has it has it too.
    expect(line('beside', 'trusted-neighbour')).toMatchObject({ rank: 'danger', title: 'Shares pid with linked' });
  });

  it('what holds is the kernel’s own answer', () => {
    expect(line('hardened', 'limits')?.evidence).toMatch(
      /memory 64\.0 MiB \(.*\), 1\.00 processors \(.*\), 50 threads/,
    );
    expect(line('hardened', 'no-new-privileges')?.rank).toBe('holds');
    expect(line('hardened', 'user')?.title).toBe('Runs as uid 1000');
    expect(line('hardened', 'capabilities')?.text).toBe('It has none, and no program in it can get one.');
    expect(line('plain', 'seccomp')?.evidence).toMatch(/Seccomp of its main process \(pid \d+\) is 2, with 1 filter\./);
    expect(line('plain', 'mounts-not-read')).toBeUndefined();
  });

  it('one as a card, for people; a saved snapshot says what it does not know; a wrong name lists the right ones', async () => {
    const card = await bulkhead('isolation', 'linked');
    expect(card.code).toBe(0);
    expect(card.out).toMatch(/^linked\n\ndanger Engine socket inside engine-socket\n {2}It reaches .*\n {2}evidence: /);
    const file = join(folder, 'saved.json');
    await writeFile(file, (await bulkhead('scan', '--json')).out);
    const saved: IsolationCard[] = JSON.parse((await bulkhead('isolation', 'plain', '--snapshot', file, '--json')).out);
    expect(saved).toHaveLength(1);
    expect(saved[0]?.lines.find(({ code }) => code === 'mounts-not-read')?.rank).toBe('unknown');
    expect((await bulkhead('isolation')).out).toMatch(/^RANK +CONTAINER +DANGERS.*\ndanger +/);
    expect(await bulkhead('isolation', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('plain') });
  });

  it('check has the findings at the rank that was asked for', async () => {
    const { code, out } = await bulkhead('check', '--fail-on', 'danger');
    expect(code).toBe(5);
    expect(out).toMatch(/^danger cap-root caps: /m);
    expect(out).not.toMatch(/^(warning|notice) /m);
  });
});
