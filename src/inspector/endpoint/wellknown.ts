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
  if (system.platform === 'win32') return [...WINDOWS_PIPES, ...(await podmanPipes(system))];
  const found = await Promise.all([colima(system), lima(system), podmanMachines(system)]);
  return [...fixedSockets(system), ...found.flat()];
}

/** A folder that cannot be read has nothing for us: these are guesses. */
async function namesIn(system: System, folder: string): Promise<readonly string[]> {
  try {
    return await system.readFolder(folder);
  } catch {
    return [];
  }
}

const WINDOWS_PIPES: readonly WellKnown[] = [
  pipe('Docker Desktop', 'dockerDesktopLinuxEngine'),
  pipe('Docker engine', 'docker_engine'),
];

/** One pipe per machine, named after it. */
async function podmanPipes(system: System): Promise<WellKnown[]> {
  const names = await namesIn(system, '//./pipe/');
  return names.filter((name) => name.startsWith('podman-machine-')).map((name) => pipe(`Podman (${name})`, name));
}

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
  const bases = new Set([join(system.home, '.colima'), join(system.home, '.config/colima')]);
  const own = system.env.COLIMA_HOME;
  if (own?.startsWith('/')) bases.add(own);
  const config = system.env.XDG_CONFIG_HOME;
  if (config?.startsWith('/')) bases.add(join(config, 'colima'));
  const found: WellKnown[] = [];
  for (const base of bases) {
    for (const profile of await namesIn(system, base)) {
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
  for (const instance of await namesIn(system, base)) {
    if (instance.startsWith('_') || instance.startsWith('.')) continue;
    for (const engine of ['docker', 'podman']) {
      found.push(socket(`lima-${instance}`, join(base, instance, 'sock', `${engine}.sock`)));
    }
  }
  return found;
}

/** `<machine>-api.sock` in the user's run-time folder; older versions keep a folder per machine below the data. */
async function podmanMachines(system: System): Promise<WellKnown[]> {
  const runtime = system.platform === 'darwin' ? system.env.TMPDIR : system.env.XDG_RUNTIME_DIR;
  const found: WellKnown[] = [];
  if (runtime?.startsWith('/')) {
    const folder = join(runtime, 'podman');
    for (const name of await namesIn(system, folder)) {
      if (!name.endsWith('-api.sock')) continue;
      found.push(socket(`Podman (${name.slice(0, -'-api.sock'.length)})`, join(folder, name)));
    }
  }
  const data = join(system.home, '.local/share/containers/podman/machine');
  for (const name of await namesIn(system, data)) {
    if (!name.includes('.')) found.push(socket(`Podman (${name})`, join(data, name, 'podman.sock')));
  }
  return found;
}

function socket(name: string, path: string): WellKnown {
  return { name, address: { kind: 'unix', path } };
}

function pipe(name: string, pipeName: string): WellKnown {
  return { name, address: { kind: 'npipe', path: `//./pipe/${pipeName}` } };
}
