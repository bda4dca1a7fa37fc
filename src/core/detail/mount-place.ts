import { bytesText } from '../text/bytes.ts';
import { t } from '../words/words.ts';
import type { Mount } from './detail.ts';

/** The value of one of the file system's own options; null where it has none of that name. */
function option(mount: Mount, name: string): string | null {
  return mount.superOptions.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** The directories of an overlay, top first: what was written, then the image's layers. */
export function overlayLayers(mount: Mount): { readonly upper: string | null; readonly lower: readonly string[] } {
  return { upper: option(mount, 'upperdir'), lower: option(mount, 'lowerdir')?.split(':') ?? [] };
}

/**
 * A path of the VM as the user's own machine has it, where a desktop product shares files that way; null elsewhere.
 * `/host_mnt/Users/…` and `/run/host_mark/…` are Docker Desktop's on a Mac, `/run/desktop/mnt/host/c/…` its own on
 * WSL 2, `/host_mnt/c/…` its own on Hyper-V.
 */
export function desktopPath(path: string): string | null {
  const windows = /^\/(?:run\/desktop\/mnt\/host|host_mnt)\/([a-z])(\/.*)?$/.exec(path);
  if (windows !== null) return windowsPath(windows[1] ?? '', windows[2] ?? '/');
  const mac = /^\/(?:host_mnt|run\/host_mark)(\/.+)$/.exec(path);
  return mac?.[1] ?? null;
}

function windowsPath(drive: string, path: string): string {
  return `${drive.toUpperCase()}:${path.replaceAll('/', '\\')}`;
}

/** The part of a file system that is mounted, behind what the file system is. */
function below({ root }: Mount): string {
  return root === '/' ? '' : root;
}

/** `1024k` and its like, in bytes. Source: tmpfs(5). */
function sizeOption(text: string | null): number | null {
  const match = /^(\d+)([kmg]?)$/i.exec(text ?? '');
  if (match === null) return null;
  return Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
}

/** `[2001:db8::1]` for an address of IPv6: what follows begins with a colon. */
function host(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** Where a path of the user's own machine comes in: a drive of Windows, or a folder of a Mac. */
function sharedPlace(mount: Mount): string | null {
  // WSL 2 mounts drives by 9p or virtiofs, and writes the drive as the source or among the options.
  const drive =
    /^([a-z]):\\?$/i.exec(mount.source) ?? /(?:^|;)path=([a-z]):\\?(?:;|$)/i.exec(option(mount, 'aname') ?? '');
  if (drive !== null) return windowsPath(drive[1] ?? '', mount.root);
  return desktopPath(`${mount.source}${below(mount)}`) ?? desktopPath(mount.root);
}

/** The kernel writes this behind what has no name any more: it was removed, or another was put in its place. */
const GONE = '//deleted';

/** Whether what is mounted has been removed or replaced where it came from: editors do that to each file they save. */
export const isReplaced = ({ root }: Mount): boolean => root.endsWith(GONE);

/** The mount with the name that it had. */
export const asItWas = (mount: Mount): Mount =>
  isReplaced(mount) ? { ...mount, root: mount.root.slice(0, -GONE.length) || '/' } : mount;

/** What a mount really is, as the kernel has it: the directory and its device, the server and its export, a size. */
export function mountPlace(mount: Mount): string {
  const place = placeOf(asItWas(mount));
  return isReplaced(mount) ? t('{place}, removed or replaced there since', { place }) : place;
}

function placeOf(mount: Mount): string {
  const { type, source, root } = mount;
  const shared = sharedPlace(mount);
  if (shared !== null) return t('{path} (your computer, by {type})', { path: shared, type });
  switch (type) {
    case 'nfs':
    case 'nfs4': {
      // Docker's volume driver writes `:/data`, with the server among the options.
      const server = source.startsWith(':') ? host(option(mount, 'addr') ?? '?') : '';
      const version = option(mount, 'vers');
      return `${server}${source}${below(mount)} (NFS${version === null ? '' : ` ${version}`})`;
    }
    case 'cifs':
    case 'smb3': {
      const version = option(mount, 'vers');
      const protocol = version === null ? 'SMB' : `SMB ${version}`;
      return root === '/'
        ? `${source} (${protocol})`
        : t('{share}, folder {path} ({protocol})', { share: source, path: root, protocol });
    }
    case 'overlay': {
      const { upper, lower } = overlayLayers(mount);
      const count = lower.length;
      const whole =
        upper === null
          ? t('{count, plural, one {# layer} other {# layers}}, read-only', { count })
          : t('{upper}, above {count, plural, one {# layer} other {# layers}}', { upper, count });
      return root === '/' ? whole : t('{path} of an overlay ({whole})', { path: root, whole });
    }
    case 'tmpfs': {
      const size = sizeOption(option(mount, 'size'));
      const most = size === null ? t('half of the memory') : bytesText(size);
      const name = source === 'tmpfs' || source === 'none' || source === '' ? 'tmpfs' : `tmpfs ${source}`;
      return root === '/'
        ? t('{name}, at most {size}', { name, size: most })
        : t('{path} of {name}, at most {size}', { path: root, name, size: most });
    }
    case 'btrfs': {
      const subvolume = option(mount, 'subvol');
      if (subvolume === null || subvolume === '/') return onDevice(mount);
      const values = { subvolume, device: source, type };
      if (root === subvolume) return t('subvolume {subvolume} on {device} ({type})', values);
      return t('{path}, in subvolume {subvolume} on {device} ({type})', { ...values, path: root });
    }
    default:
      return onDevice(mount);
  }
}

function onDevice({ type, source, root }: Mount): string {
  if (source.startsWith('/dev/')) return t('{path} on {device} ({type})', { path: root, device: source, type });
  if (root === '/') return source === type || source === '' ? type : `${source} (${type})`;
  if (source === type || source === '') return t('{path} of {name}', { path: root, name: type });
  return t('{path} of {name} ({type})', { path: root, name: source, type });
}
