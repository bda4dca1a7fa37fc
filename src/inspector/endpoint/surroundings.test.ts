import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { discoverEndpoints } from './discover.ts';
import { lookAround } from './surroundings.ts';
import { realSystem, type System } from './system.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bulkhead-home-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

/** This machine with another home, and with files of its own at some paths. */
function machine(platform: NodeJS.Platform, files: Record<string, string> = {}, env: System['env'] = {}): System {
  const real = realSystem({ env, home, platform });
  return {
    ...real,
    readFile: async (path) => files[path] ?? null,
    readFolder: async (path) => {
      const names = Object.keys(files).filter((file) => file.startsWith(`${path}/`) || file.startsWith(`${path}\\`));
      return names.length === 0 ? real.readFolder(path) : names.map((name) => name.slice(path.length + 1));
    },
    identify: async (path) => (path in files ? path : null),
  };
}

const at = (system: System, path = '/var/run/docker.sock') => lookAround(system, { kind: 'unix', path });

it('knows WSL by its variable, and under sudo by the kernel', async () => {
  expect(await at(machine('linux', {}, { WSL_DISTRO_NAME: 'Ubuntu' }))).toMatchObject({ wsl: 'Ubuntu' });
  const kernel = { '/proc/sys/kernel/osrelease': '6.6.87.2-microsoft-standard-WSL2\n' };
  expect(await at(machine('linux', kernel))).toMatchObject({ wsl: 'this WSL distribution' });
  expect(await at(machine('linux', { '/proc/sys/kernel/osrelease': '6.1.0-amd64' }))).toMatchObject({ wsl: null });
});

it('knows what is installed, by platform', async () => {
  const mac = machine('darwin', { '/Applications/Docker.app': '', [`${home}/.docker/run/docker.sock`]: '' });
  expect(await at(mac)).toMatchObject({ desktop: true, desktopSocket: `${home}/.docker/run/docker.sock` });
  expect(await at(machine('darwin', { '/Applications/Other.app': '' }))).toMatchObject({ desktop: false });
  const windows = machine('win32', { 'D:\\P\\Docker\\Docker\\Docker Desktop.exe': '' }, { ProgramFiles: 'D:\\P' });
  expect(await lookAround(windows, { kind: 'npipe', path: '//./pipe/docker_engine' })).toMatchObject({ desktop: true });
  expect(await at(machine('linux', { '/usr/bin/dockerd': '' }))).toMatchObject({ dockerd: true, desktop: false });
});

it.skipIf(process.platform === 'win32')('reads whose group a file is, and whether that group may use it', async () => {
  const path = join(home, 'sock');
  await writeFile(path, '');
  const gid = process.getuid?.() === 0 ? 1234 : (process.getgid?.() ?? 0);
  if (process.getuid?.() === 0) await chown(path, 0, gid);
  const system = machine('linux', { '/etc/group': `other:x:7:\nmoby:x:${gid}:you,me\n` }, { USER: 'me' });
  await chmod(path, 0o660);
  expect((await at(system, path))?.access).toEqual({ group: 'moby', member: true });
  expect((await at({ ...system, env: { USER: 'm' } }, path))?.access).toEqual({ group: 'moby', member: false });
  expect((await at(machine('linux'), path))?.access).toEqual({ group: String(gid), member: false });
  await chmod(path, 0o600);
  expect((await at(system, path))?.access).toEqual({ group: null, member: false });
  expect((await at(system, join(home, 'none')))?.access).toBeNull();
});

it.skipIf(process.platform === 'win32')('lists what was set up and does not run, and no mere guess', async () => {
  await mkdir(join(home, '.colima', 'default'), { recursive: true });
  await writeFile(join(home, '.colima', 'default', 'colima.yaml'), '');
  const reports = await discoverEndpoints({ system: realSystem({ env: {}, home, platform: 'darwin' }) });
  const found = reports
    .filter(({ type, usable }) => type === 'engine' && !usable)
    .map(({ name, reason }) => [name, reason]);
  expect(found).toContainEqual(['colima', expect.stringMatching(/^colima is not running: .*colima start$/)]);
  expect(found.map(([name]) => name)).not.toContain('OrbStack');
});
