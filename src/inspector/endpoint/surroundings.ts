import { posix } from 'node:path';
import { t } from '#core/words/words.ts';
import type { Access, Surroundings } from '../engine/products.ts';
import type { Address } from './address.ts';
import type { System } from './system.ts';

const { join } = posix;

/** Looks at what is around a socket or pipe that could not be used; null for an address that is neither. */
export async function lookAround(system: System, address: Address): Promise<Surroundings | null> {
  if (address.kind !== 'unix' && address.kind !== 'npipe') return null;
  const { platform } = system;
  const [wsl, desktop, desktopSocket, dockerd, access] = await Promise.all([
    wslName(system),
    hasDesktop(system),
    ownSocket(system),
    hasEngine(system),
    address.kind === 'unix' ? accessOf(system, address.path) : null,
  ]);
  return { platform, wsl, desktop, desktopSocket, dockerd, access };
}

/** WSL says its distribution's name to the programs that it starts; sudo drops it, the kernel's name stays. */
async function wslName(system: System): Promise<string | null> {
  if (system.platform !== 'linux') return null;
  const name = system.env.WSL_DISTRO_NAME;
  if (name !== undefined && name !== '') return name;
  const kernel = await system.readFile('/proc/sys/kernel/osrelease').catch(() => null);
  return /microsoft.*wsl/i.test(kernel ?? '') ? t('this WSL distribution') : null;
}

async function hasDesktop(system: System): Promise<boolean> {
  const [folder, name] = {
    win32: [`${system.env.ProgramFiles ?? 'C:\\Program Files'}\\Docker\\Docker`, 'Docker Desktop.exe'],
    darwin: ['/Applications', 'Docker.app'],
  }[system.platform as string] ?? ['/opt/docker-desktop', 'bin'];
  const names = await system.readFolder(folder ?? '').catch((): string[] => []);
  return names.includes(name ?? '');
}

/** As docker-ce and Debian's docker.io have it. */
async function hasEngine(system: System): Promise<boolean> {
  return (await exists(system, '/usr/bin/dockerd')) || (await exists(system, '/usr/sbin/dockerd'));
}

async function ownSocket(system: System): Promise<string | null> {
  if (system.platform === 'win32') return null;
  const path = join(
    system.home,
    system.platform === 'darwin' ? '.docker/run/docker.sock' : '.docker/desktop/docker.sock',
  );
  return (await exists(system, path)) ? path : null;
}

const exists = async (system: System, path: string): Promise<boolean> => (await system.identify(path)) !== null;

async function accessOf(system: System, path: string): Promise<Access | null> {
  const owner = await system.owner(path);
  if (owner === null) return null;
  // To bring somebody into root's group is no advice.
  if (!owner.groupMayWrite || owner.gid === 0) return { group: null, member: false };
  const groups = (await system.readFile('/etc/group').catch(() => null)) ?? '';
  for (const line of groups.split('\n')) {
    const [name, , gid, members] = line.split(':');
    if (name === undefined || Number(gid) !== owner.gid || gid === '') continue;
    const user = system.env.USER ?? system.env.LOGNAME ?? '';
    return { group: name, member: user !== '' && (members ?? '').split(',').includes(user) };
  }
  return { group: String(owner.gid), member: false };
}
