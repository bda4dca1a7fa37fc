import { expect, it } from 'vitest';
import { explainFailure } from './failure.ts';
import type { Surroundings } from './products.ts';

const LINUX: Surroundings = {
  platform: 'linux',
  wsl: null,
  desktop: false,
  desktopSocket: null,
  dockerd: false,
  access: null,
};
const MAC: Surroundings = { ...LINUX, platform: 'darwin' };
const WINDOWS: Surroundings = { ...LINUX, platform: 'win32' };
const DEFAULT = 'unix:///var/run/docker.sock';

function missing(address: string, around: Surroundings): string {
  return explainFailure({ text: 'connect ENOENT', code: 'ENOENT', address, around });
}

function denied(access: Surroundings['access'], around: Surroundings = LINUX, address = DEFAULT): string {
  return explainFailure({ text: 'connect EACCES', code: 'EACCES', address, around: { ...around, access } });
}

it.each([
  [
    'Docker Desktop on a Mac',
    'unix:///Users/me/.docker/run/docker.sock',
    MAC,
    /^Docker Desktop is not running.*open -a/,
  ],
  ['the same, by the default place', DEFAULT, { ...MAC, desktop: true }, /^Docker Desktop is not running.*open -a/],
  [
    'its socket switched off',
    DEFAULT,
    { ...MAC, desktop: true, desktopSocket: '/Users/me/.docker/run/docker.sock' },
    /Settings › Advanced .*docker context use desktop-linux$/,
  ],
  ['Docker Desktop on Windows', 'npipe:////./pipe/dockerDesktopLinuxEngine', WINDOWS, /^Docker Desktop .*Start menu/],
  ['its default pipe', 'npipe:////./pipe/docker_engine', { ...WINDOWS, desktop: true }, /^Docker Desktop .*Start menu/],
  ['Docker Desktop on Linux', 'unix:///home/me/.docker/desktop/docker.sock', LINUX, /start docker-desktop$/],
  ['only Docker Desktop on Linux', DEFAULT, { ...LINUX, desktop: true }, /context use desktop-linux$/],
  ['WSL without integration', DEFAULT, { ...LINUX, wsl: 'Ubuntu' }, /Switch Ubuntu on in .*WSL integration/],
  [
    'WSL with an engine of its own',
    DEFAULT,
    { ...LINUX, wsl: 'Ubuntu', dockerd: true },
    /service docker start\. For Dock/,
  ],
  ['an engine on Linux', DEFAULT, { ...LINUX, dockerd: true }, /sudo systemctl start docker$/],
  ['no engine on Linux', DEFAULT, LINUX, /^The engine is not running: .* does not exist\. Start it\.$/],
  ['colima', 'unix:///Users/me/.colima/default/docker.sock', MAC, /^colima is not running.*: colima start$/],
  ['colima’s old place', 'unix:///Users/me/.colima/docker.sock', MAC, /: colima start$/],
  ['a profile of colima', 'unix:///Users/me/.config/colima/work/docker.sock', MAC, /: colima start work$/],
  ['Lima', 'unix:///Users/me/.lima/docker/sock/docker.sock', MAC, /: limactl start docker$/],
  ['OrbStack', 'unix:///Users/me/.orbstack/run/docker.sock', MAC, /: orb start$/],
  ['Rancher Desktop', 'unix:///Users/me/.rd/docker.sock', MAC, /dockerd \(moby\)/],
  ['rootless Docker', 'unix:///run/user/7/docker.sock', LINUX, /systemctl --user start docker$/],
  ['rootless Docker at home', 'unix:///home/me/.docker/run/docker.sock', LINUX, /systemctl --user start docker$/],
  ['Podman', 'unix:///run/podman/podman.sock', LINUX, /sudo systemctl start podman\.socket$/],
  ['rootless Podman', 'unix:///run/user/7/podman/podman.sock', LINUX, /systemctl --user start podman\.socket$/],
  ['a machine of Podman', 'npipe:////./pipe/podman-machine-default', WINDOWS, /: podman machine start$/],
  ['another machine', 'unix:///run/user/7/podman/work-api.sock', LINUX, /: podman machine start work$/],
])('says whose engine does not run and how it is started: %s', (_what, address, around, expected) => {
  expect(missing(address, around)).toMatch(expected);
});

it('says the same of a socket on which nobody listens', () => {
  const address = 'unix:///Users/me/.colima/default/docker.sock';
  const said = explainFailure({ text: 'connect ECONNREFUSED', code: 'ECONNREFUSED', address, around: MAC });
  expect(said).toMatch(/nobody listens: it is a leftover\. Start it: colima start$/);
});

it('names the group that may use a socket, and never advises root’s', () => {
  expect(denied({ group: 'wheel', member: false })).toMatch(/the group wheel may.*usermod -aG wheel \$USER/);
  expect(denied({ group: 'docker', member: true })).toMatch(/Log in again, or run: newgrp docker$/);
  expect(denied({ group: null, member: false })).toMatch(/its owner alone may use it\. Run Bulkhead with sudo\.$/);
  expect(denied(null)).toMatch(/group docker/);
  expect(denied(null, MAC)).toMatch(/another user’s/);
  expect(denied(null, WINDOWS, 'npipe:////./pipe/docker_engine')).toMatch(/docker-users/);
});
