import { posix } from 'node:path';
import type { Address } from './address.ts';
import type { System } from './system.ts';

/** A place where a product puts its socket or pipe. Nothing says yet that anything is there. */
export interface WellKnown {
  readonly name: string;
  readonly address: Address;
}

const { join } = posix;

/**
 * The sockets and pipes of the products we know, whether they exist or not.
 *
 * Docker Desktop's raw endpoints (`docker.raw.sock`, pipe `docker_engine_linux`) are left out on purpose: they go round
 * its API proxy and with it the organisation's policy (CVE-2023-0629).
 *
 * Sources: docker/docs "Mac permission requirements" and "Install Docker Desktop on Linux"; moby
 * contrib/dockerd-rootless-setuptool.sh; colima config/files.go; lima templates; podman
 * pkg/machine/shim/networking_unix.go; Rancher Desktop and OrbStack documentation.
 */
export async function wellKnownEndpoints(system: System): Promise<readonly WellKnown[]> {
  if (system.platform === 'win32') return WINDOWS_PIPES;
  const found = [...fixedSockets(system), ...(await colima(system)), ...(await lima(system))];
  if (system.platform === 'darwin') found.push(...(await podmanMachines(system)));
  return found;
}

const WINDOWS_PIPES: readonly WellKnown[] = [
  pipe('Docker Desktop', 'dockerDesktopLinuxEngine'),
  pipe('Docker engine', 'docker_engine'),
  pipe('Podman', 'podman-machine-default'),
];

function fixedSockets(system: System): WellKnown[] {
  const { home, platform } = system;
  const runtime = system.env.XDG_RUNTIME_DIR;
  const sockets: WellKnown[] = [socket('Docker engine', '/var/run/docker.sock')];
  if (platform === 'darwin') {
    sockets.push(
      socket('Docker Desktop', join(home, '.docker/run/docker.sock')),
      socket('OrbStack', join(home, '.orbstack/run/docker.sock')),
      socket('Podman', join(home, '.local/share/containers/podman/machine/podman.sock')),
    );
  } else {
    sockets.push(
      socket('Docker Desktop', join(home, '.docker/desktop/docker.sock')),
      // Where the setup tool puts it when there is no systemd.
      socket('Docker engine (rootless)', join(home, '.docker/run/docker.sock')),
      socket('Podman', '/run/podman/podman.sock'),
    );
    if (runtime?.startsWith('/')) {
      sockets.push(
        socket('Docker engine (rootless)', join(runtime, 'docker.sock')),
        socket('Podman (rootless)', join(runtime, 'podman/podman.sock')),
      );
    }
  }
  sockets.push(socket('Rancher Desktop', join(home, '.rd/docker.sock')));
  return sockets;
}

/** One socket per profile; the default profile has an old second one. */
async function colima(system: System): Promise<WellKnown[]> {
  const bases = new Set([join(system.home, '.colima')]);
  const own = system.env.COLIMA_HOME;
  if (own?.startsWith('/')) bases.add(own);
  const config = system.env.XDG_CONFIG_HOME;
  if (config?.startsWith('/')) bases.add(join(config, 'colima'));
  const found: WellKnown[] = [];
  for (const base of bases) {
    for (const profile of await system.readFolder(base)) {
      if (profile === 'docker.sock') found.push(socket('colima', join(base, profile)));
      // `_lima` and `_store` are colima's own.
      else if (!profile.startsWith('_') && !profile.startsWith('.')) {
        const name = profile === 'default' ? 'colima' : `colima-${profile}`;
        found.push(socket(name, join(base, profile, 'docker.sock')));
      }
    }
  }
  return found;
}

async function lima(system: System): Promise<WellKnown[]> {
  const own = system.env.LIMA_HOME;
  const base = own?.startsWith('/') ? own : join(system.home, '.lima');
  const found: WellKnown[] = [];
  for (const instance of await system.readFolder(base)) {
    if (instance.startsWith('_') || instance.startsWith('.')) continue;
    for (const engine of ['docker', 'podman']) {
      found.push(socket(`lima-${instance}`, join(base, instance, 'sock', `${engine}.sock`)));
    }
  }
  return found;
}

async function podmanMachines(system: System): Promise<WellKnown[]> {
  const temporary = system.env.TMPDIR;
  if (!temporary?.startsWith('/')) return [];
  const folder = join(temporary, 'podman');
  const names = await system.readFolder(folder);
  return names
    .filter((name) => name.endsWith('-api.sock'))
    .map((name) => socket(`Podman (${name.slice(0, -'-api.sock'.length)})`, join(folder, name)));
}

function socket(name: string, path: string): WellKnown {
  return { name, address: { kind: 'unix', path } };
}

function pipe(name: string, pipeName: string): WellKnown {
  return { name, address: { kind: 'npipe', path: `//./pipe/${pipeName}` } };
}
