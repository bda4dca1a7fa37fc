import type { Container } from '../snapshot/snapshot.ts';
import type { Mount } from './detail.ts';
import { asItWas } from './mount-place.ts';

/** A mount as the engine tells of it. */
export type Declared = Container['mounts'][number];

/** Docker names a volume that nobody named by 64 hexadecimal digits. */
export function isAnonymous({ type, name }: Declared): boolean {
  return type === 'volume' && /^[0-9a-f]{64}$/.test(name ?? '');
}

/** How many names at the end two paths have in common. */
function commonEnd(a: string, b: string): number {
  const [left, right] = [a.split('/').reverse(), b.split('/').reverse()];
  let count = 0;
  while (left[count] !== undefined && left[count] !== '' && left[count] === right[count]) count += 1;
  return count;
}

/** What every container has anyway. */
const STANDARD = new Set(['proc', 'sysfs', 'devpts', 'mqueue', 'cgroup', 'cgroup2']);

/** True where what is mounted can be what was declared: the file system's part and the source are one path's ends. */
function fits(mount: Mount, declared: Declared): boolean {
  const { type, root } = asItWas(mount);
  if (STANDARD.has(type)) return false;
  if (declared.type === 'tmpfs') return type === 'tmpfs' && root === '/';
  // A volume of the local driver may be any device or server.
  if (declared.type === 'volume') return true;
  return root === '/' || declared.source === root || declared.source.endsWith(root) || root.endsWith(declared.source);
}

/**
 * What the engine declares, by the mount that it became. The kernel follows links of the image, the engine does not
 * tell: `/var/run/docker.sock` is mounted on `/run/docker.sock` where `/var/run` leads to `/run`. Such a one is found by
 * the end of its path and by what is mounted, if only one fits.
 */
export function matchDeclared(
  mounts: readonly Mount[],
  declared: readonly Declared[],
): { readonly of: ReadonlyMap<Mount, Declared>; readonly missing: readonly Declared[] } {
  // The last mount of a point is the one that is seen.
  const byPoint = new Map(mounts.map((mount) => [mount.point, mount]));
  const of = new Map<Mount, Declared>();
  const behind: Declared[] = [];
  for (const each of declared) {
    const mount = byPoint.get(each.destination);
    if (mount === undefined) behind.push(each);
    else of.set(mount, each);
  }
  const missing: Declared[] = [];
  for (const each of behind) {
    const candidates = [...byPoint.values()]
      .filter((mount) => mount.point !== '/' && !of.has(mount) && fits(mount, each))
      .map((mount) => ({ mount, common: commonEnd(mount.point, each.destination) }))
      .filter(({ common }) => common > 0)
      .sort((a, b) => b.common - a.common);
    const [best, second] = candidates;
    if (best === undefined || best.common === second?.common) missing.push(each);
    else of.set(best.mount, each);
  }
  return { of, missing };
}
