/**
 * Which product should be listening at a socket or pipe, and how it is started. Pure: what is found around the socket in,
 * a sentence or two out. Sources: docker/docs "Troubleshoot Docker Desktop", "WSL integration", "Advanced settings" and
 * "Linux post-installation steps"; colima, OrbStack, Rancher Desktop, Lima and Podman documentation.
 */
import { sentences, t } from '#core/words/words.ts';

/** What is found around a socket or pipe that cannot be used. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** The name of the WSL distribution that this is; null outside of WSL. */
  readonly wsl: string | null;
  /** Docker Desktop is installed here. */
  readonly desktop: boolean;
  /** Docker Desktop's socket of its own, where there is one; null also on Windows. */
  readonly desktopSocket: string | null;
  /** The engine's own program is installed here. */
  readonly dockerd: boolean;
  /** Whom the file lets in beside its owner; null where that cannot be seen. */
  readonly access: Access | null;
}

export interface Access {
  /** The group that may use the socket, by name or else number; null when no group may, or only root's own. */
  readonly group: string | null;
  /** True when this user is in the group, by what the system's list of groups says. */
  readonly member: boolean;
}

interface Product {
  readonly name: string;
  /** What starts it: a sentence. */
  readonly start: string;
}

const run = (command: string): string => t('Start it: {command}', { command });

/** The product of a socket's or pipe's path; null where the place belongs to none. */
function productOf(path: string, platform: NodeJS.Platform): Product | null {
  const pipe = /^[\\/]{2}\.[\\/]pipe[\\/](.*)$/.exec(path)?.[1];
  if (pipe !== undefined) {
    if (/^dockerDesktop/.test(pipe)) return desktop('win32');
    const machine = /^podman-machine-?(.*)$/.exec(pipe);
    return machine === null ? null : podmanMachine(machine[1] ?? '');
  }
  const colima = /\/\.?colima\/(?:([^/]+)\/)?docker\.sock$/.exec(path);
  if (colima !== null) {
    const profile = colima[1] ?? 'default';
    return { name: 'colima', start: run(profile === 'default' ? 'colima start' : `colima start ${profile}`) };
  }
  const lima = /\/\.lima\/([^/]+)\/sock\//.exec(path);
  if (lima !== null)
    return { name: t('Lima’s {name}', { name: lima[1] ?? '' }), start: run(`limactl start ${lima[1]}`) };
  if (/\/\.orbstack\//.test(path)) return { name: 'OrbStack', start: run('orb start') };
  if (/\/\.rd\/docker\.sock$/.test(path)) {
    return {
      name: 'Rancher Desktop',
      start: t(
        'Open it, and see in its Preferences › Container Engine that dockerd (moby) is chosen: containerd has no such socket.',
      ),
    };
  }
  if (/\/\.docker\/desktop\/docker\.sock$/.test(path)) return desktop('linux');
  if (/\/\.docker\/run\/docker\.sock$/.test(path) && platform === 'darwin') return desktop('darwin');
  if (/\/\.docker\/run\/docker\.sock$|\/run\/user\/\d+\/docker\.sock$/.test(path)) {
    return { name: t('The rootless engine'), start: run('systemctl --user start docker') };
  }
  const machine = /\/podman\/(?:machine\/(?:([^/]+)\/)?podman\.sock|(.+)-api\.sock)$/.exec(path);
  if (machine !== null) return podmanMachine(machine[1] ?? machine[2] ?? '');
  if (/^\/run\/podman\//.test(path)) return { name: 'Podman', start: run('sudo systemctl start podman.socket') };
  if (/\/podman\/podman\.sock$/.test(path))
    return { name: 'Podman', start: run('systemctl --user start podman.socket') };
  return null;
}

function podmanMachine(name: string): Product {
  return {
    name: t('Podman’s machine'),
    start: run(name === '' || name === 'default' ? 'podman machine start' : `podman machine start ${name}`),
  };
}

function desktop(platform: 'win32' | 'darwin' | 'linux'): Product {
  const name = 'Docker Desktop';
  if (platform === 'darwin') return { name, start: run('open -a Docker') };
  if (platform === 'linux') return { name, start: run('systemctl --user start docker-desktop') };
  return { name, start: t('Start it from the Start menu and wait until its window says that the engine runs.') };
}

const DEFAULT_SOCKET = /^(\/var)?\/run\/docker\.sock$/;
const DEFAULT_PIPE = /^[\\/]{2}\.[\\/]pipe[\\/]docker_engine$/;

/**
 * Nobody listens at a socket or pipe: whose it is and what to do.
 * @param path as the user can look at it
 * @param how whether there is no such file, or one where nobody listens
 */
export function notRunning(path: string, how: 'absent' | 'silent', around: Surroundings | null): string {
  const what =
    how === 'absent'
      ? t('{path} does not exist', { path })
      : t('{path} is there, but nobody listens: it is a leftover', { path });
  const product = productOf(path, around?.platform ?? 'linux');
  if (product !== null) return productIsDown(product, what);
  if (around !== null && (DEFAULT_SOCKET.test(path) || DEFAULT_PIPE.test(path))) {
    const said = defaultPlace(path, what, around);
    if (said !== null) return said;
  }
  return sentences(engineIsDown(what), t('Start it.'));
}

const productIsDown = ({ name, start }: Product, what: string): string =>
  sentences(t('{name} is not running: {what}.', { name, what }), start);

const engineIsDown = (what: string): string => t('The engine is not running: {what}.', { what });

/** The place where docker looks when it is told nothing. Which product puts a socket there depends on the machine. */
function defaultPlace(path: string, what: string, around: Surroundings): string | null {
  const { platform, wsl, desktopSocket, dockerd } = around;
  if (platform === 'win32') {
    return around.desktop ? productIsDown(desktop('win32'), what) : null;
  }
  if (platform === 'darwin') {
    if (desktopSocket !== null) {
      return t(
        'Docker Desktop does not put a socket at {path}. Switch it on in its Settings › Advanced (allow the default Docker socket to be used), or use its own: docker context use desktop-linux',
        { path },
      );
    }
    return around.desktop ? productIsDown(desktop('darwin'), what) : null;
  }
  if (wsl !== null && !dockerd) {
    return t(
      'There is no engine in {wsl}: {what}. Switch {wsl} on in Docker Desktop’s Settings › Resources › WSL integration, and open this terminal again.',
      { wsl, what },
    );
  }
  if (wsl !== null) {
    return t(
      'The engine of {wsl} is not running: {what}. Start it: sudo service docker start. For Docker Desktop’s, switch {wsl} on in its Settings › Resources › WSL integration.',
      { wsl, what },
    );
  }
  if (dockerd) return sentences(engineIsDown(what), run('sudo systemctl start docker'));
  if (around.desktop) {
    return t('Docker Desktop’s engine is not at {path}. Choose its context: docker context use desktop-linux', {
      path,
    });
  }
  return null;
}

/** The socket or pipe is there, and this user has no permission to use it. */
export function notAllowed(path: string, around: Surroundings | null): string {
  if (around?.platform === 'win32') {
    return t(
      'Permission denied on {path}. As administrator, add your user to the group docker-users (net localgroup docker-users NAME /add), and log in again.',
      { path },
    );
  }
  if (/podman/.test(path)) {
    return t(
      'Permission denied on {path}: it is root’s engine. Run Bulkhead with sudo, or start your own: systemctl --user start podman.socket',
      { path },
    );
  }
  if (around?.platform === 'darwin') {
    return t('Permission denied on {path}: it is another user’s. Log in as that user, or start your own engine.', {
      path,
    });
  }
  const access = around?.access ?? null;
  if (access === null) {
    return t(
      'Permission denied on {path}. Add your user to the group docker (sudo usermod -aG docker $USER) and log in again, or run Bulkhead with sudo.',
      { path },
    );
  }
  const { group, member } = access;
  if (group === null) {
    return t('Permission denied on {path}: its owner alone may use it. Run Bulkhead with sudo.', { path });
  }
  if (member) {
    return t(
      'Permission denied on {path}: the group {group} may use it, and you have come into it after you logged in. Log in again, or run: newgrp {group}',
      { path, group },
    );
  }
  return t(
    'Permission denied on {path}: the group {group} may use it. Add your user to it (sudo usermod -aG {group} $USER) and log in again, or run Bulkhead with sudo.',
    { path, group },
  );
}
