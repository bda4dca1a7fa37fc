import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatAddress } from './address.ts';
import { realSystem, type System } from './system.ts';
import { wellKnownEndpoints } from './wellknown.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bulkhead-home-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

/** `name address` of all, with the home written as `~`. */
async function list(platform: NodeJS.Platform, env: System['env'] = {}, pipes: readonly string[] = []) {
  const real = realSystem({ env, home, platform });
  const system: System = {
    ...real,
    readFolder: (path) => (path === '//./pipe/' ? Promise.resolve(pipes) : real.readFolder(path)),
  };
  const found = await wellKnownEndpoints(system);
  return found.map(({ name, address }) => `${name} ${formatAddress(address)}`.replace(home, '~'));
}

const folder = (...parts: string[]) => mkdir(join(home, ...parts), { recursive: true });

it('knows the sockets of products on a Mac', async () => {
  expect(await list('darwin')).toEqual([
    'Docker engine unix:///var/run/docker.sock',
    'Docker Desktop unix://~/.docker/run/docker.sock',
    'OrbStack unix://~/.orbstack/run/docker.sock',
    'Podman unix://~/.local/share/containers/podman/machine/podman.sock',
    'Rancher Desktop unix://~/.rd/docker.sock',
  ]);
});

it('knows the sockets of engines on Linux, rootful and rootless', async () => {
  expect(await list('linux', { XDG_RUNTIME_DIR: '/run/user/7' })).toEqual([
    'Docker engine unix:///var/run/docker.sock',
    'Docker Desktop unix://~/.docker/desktop/docker.sock',
    'Docker engine (rootless) unix://~/.docker/run/docker.sock',
    'Podman unix:///run/podman/podman.sock',
    'Docker engine (rootless) unix:///run/user/7/docker.sock',
    'Podman (rootless) unix:///run/user/7/podman/podman.sock',
    'Rancher Desktop unix://~/.rd/docker.sock',
  ]);
});

// The folders of these products exist on Macs and Linux only, with their paths.
const elsewhere = it.skipIf(process.platform === 'win32');

elsewhere('finds every profile of colima and every instance of Lima, and not their own folders', async () => {
  await folder('.colima', 'default');
  await folder('.colima', 'work');
  await folder('.colima', '_lima');
  await folder('elsewhere', 'x');
  await folder('.lima', 'box');
  await folder('.lima', '_config');
  const found = await list('darwin', { COLIMA_HOME: join(home, 'elsewhere') });
  expect(found.filter((line) => /colima|lima/.test(line))).toEqual([
    'colima unix://~/.colima/default/docker.sock',
    'colima-work unix://~/.colima/work/docker.sock',
    'colima-x unix://~/elsewhere/x/docker.sock',
    'lima-box unix://~/.lima/box/sock/docker.sock',
    'lima-box unix://~/.lima/box/sock/podman.sock',
  ]);
});

elsewhere('finds Podman’s machines', async () => {
  await folder('tmp', 'podman', 'dev-api.sock');
  await folder('tmp', 'podman', 'dev.sock');
  await folder('.local/share/containers/podman/machine', 'old');
  const found = await list('darwin', { TMPDIR: join(home, 'tmp') });
  expect(found.filter((line) => line.startsWith('Podman ('))).toEqual([
    'Podman (dev) unix://~/tmp/podman/dev-api.sock',
    'Podman (old) unix://~/.local/share/containers/podman/machine/old/podman.sock',
  ]);
});

it('knows the pipes of Windows, and never the raw one that goes round policy', async () => {
  expect(await list('win32', {}, ['docker_engine_linux', 'podman-machine-dev', 'other'])).toEqual([
    'Docker Desktop npipe:////./pipe/dockerDesktopLinuxEngine',
    'Docker engine npipe:////./pipe/docker_engine',
    'Podman (podman-machine-dev) npipe:////./pipe/podman-machine-dev',
  ]);
});

it('takes a folder that cannot be read for an empty one', async () => {
  const system: System = {
    ...realSystem({ env: {}, home, platform: 'darwin' }),
    readFolder: () => Promise.reject(new Error('EACCES')),
  };
  expect(await wellKnownEndpoints(system)).toHaveLength(5);
});
