import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';
const needs = {
  ...ENGINE_NEEDS,
  programs: [...ENGINE_NEEDS.programs, 'mount', 'umount'],
  files: [...ENGINE_NEEDS.files, PROGRAM, 'resources/probe/linux-amd64/bulkhead-probe'],
};

describeWith('mounts, on a real engine', needs, () => {
  let engine: TestEngine;
  let folder: string;
  let disk: string;

  beforeAll(async () => {
    engine = await startEngine();
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-mounts-'));
    const photos = join(folder, 'old photos (1999)');
    mkdirSync(photos);
    await engine.docker(
      ...['volume', 'create', '-d', 'local', '-o', 'type=none', '-o', 'o=bind', '-o', `device=${photos}`, 'photos'],
    );
    await engine.docker('volume', 'create', '-o', 'type=tmpfs', '-o', 'device=tmpfs', '-o', 'o=size=3m', 'small');
    await engine.docker(
      ...['run', '-d', '--name=db', '-v', 'photos:/data', '-v', 'small:/small', '-v', 'pg:/var/lib/db'],
      ...['-v', '/var/lib/db/data', engine.image, 'sleep', '1000'],
    );
    // An image in which /var/run leads to /run, as most have it.
    await engine.docker(
      ...['run', '--name=maker', engine.image, 'sh', '-c', 'mkdir -p /run /var && ln -s /run /var/run'],
    );
    await engine.docker('commit', 'maker', 'linked');
    const file = join(folder, 'name');
    writeFileSync(file, 'x');
    await engine.docker(
      ...[
        'run',
        '-d',
        '--name=agent',
        '-v',
        `${engine.socket}:/var/run/docker.sock`,
        '-v',
        `${file}:/var/run/deep/name`,
      ],
      ...['linked', 'sleep', '1000'],
    );
    disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', 'disk', disk]);
    execFileSync('mount', ['--make-shared', disk]);
    mkdirSync(join(disk, 'usb'));
    for (const [name, mode] of [
      ['apart', 'rprivate'],
      ['follower', 'rslave'],
    ] as const) {
      await engine.docker('run', '-d', `--name=${name}`, '-v', `${disk}:/all:${mode}`, engine.image, 'sleep', '1000');
    }
    execFileSync('mount', ['-t', 'tmpfs', 'usb-stick', join(disk, 'usb')]);
  });
  afterAll(async () => {
    await engine?.stop();
    if (disk !== undefined) {
      execFileSync('umount', ['-l', join(disk, 'usb')]);
      execFileSync('umount', ['-l', disk]);
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** The lines of `bulkhead inspect` that begin with that place, after the blanks of the tree. */
  async function lines(name: string, place: string): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, 'inspect', name], {
      env: { PATH: process.env.PATH, HOME: folder, DOCKER_HOST: engine.host },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout
      .split('\n')
      .filter((line) => line.trim().split(/ {2,}/)[0] === place)
      .join('\n');
  }

  it('a volume is told with the directory or the memory that it really is', async () => {
    const data = await lines('db', '/data');
    expect(data).toMatch(/old photos \(1999\) on \S+ \(\w+\)|old photos \(1999\) of /);
    expect(data).toContain('volume photos');
    expect(await lines('db', '/small')).toContain('at most 3.0 MiB');
  });

  it('a volume that nobody named is told from the one around it', async () => {
    const told = await lines('db', '/var/lib/db/data');
    expect(told).toMatch(/anonymous volume [0-9a-f]{12}/);
    expect(told).toContain('and not to volume pg around it');
  });

  it('a bind whose destination is a link of the image is a bind, with what was declared', async () => {
    const socket = await lines('agent', '/run/docker.sock');
    expect(socket).toMatch(/ bind +.*docker\.sock/);
    expect(socket).toContain(`${engine.socket} at /var/run/docker.sock`);
    expect(await lines('agent', '/run/deep/name')).toMatch(/ bind /);
  });

  it('what was mounted later is seen by who follows, and it is said why by both', async () => {
    expect(await lines('apart', '/all')).toContain('Not seen: it is private');
    expect(await lines('apart', '/all/usb')).toBe('');
    expect(await lines('follower', '/all')).toMatch(/What is mounted outside is seen here: it follows /);
    expect(await lines('follower', '/all/usb')).toMatch(/inside a bind +tmpfs usb-stick/);
  });
});
