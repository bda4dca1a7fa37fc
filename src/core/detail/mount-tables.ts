import type { Container } from '../snapshot/snapshot.ts';
import type { Mount } from './detail.ts';

/** The numbers of the propagation groups that mounts are in, or get theirs from. Source: mount_namespaces(7). */
export function propagationGroups(mounts: readonly Mount[]): Set<string> {
  return new Set(
    mounts.flatMap(({ propagation }) =>
      propagation.flatMap((each) => /^(?:shared|master):(\d+)$/.exec(each)?.[1] ?? []),
    ),
  );
}

/** Of those groups, who else shares them: mount tables of other namespaces, by id. */
export function propagationPeers(groups: ReadonlySet<string>, others: ReadonlyMap<string, readonly Mount[]>) {
  const peers: Record<string, string[]> = {};
  for (const [id, mounts] of others) {
    const shared = new Set(
      mounts.flatMap(({ propagation }) => propagation.flatMap((each) => /^shared:(\d+)$/.exec(each)?.[1] ?? [])),
    );
    for (const group of shared) if (groups.has(group)) peers[group] = [...(peers[group] ?? []), id];
  }
  return peers;
}

/** What a mount of a container is. */
export type MountRole = 'image' | 'volume' | 'bind' | 'tmpfs' | 'engine' | 'kernel' | 'other';

/** File systems that the kernel makes up. */
const KERNEL = new Set([
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'devpts',
  'mqueue',
  'securityfs',
  'debugfs',
  'bpf',
  'nsfs',
]);
/** What engines write for each container. */
const ENGINE_FILES = new Set(['/etc/resolv.conf', '/etc/hostname', '/etc/hosts', '/run/.containerenv']);

/** Why a mount is in a container; without one, only what its type says. */
export function mountRole(mount: Mount, container: Container | null): MountRole {
  const declared = container?.mounts.find(({ destination }) => destination === mount.point);
  if (declared !== undefined) {
    if (declared.type === 'volume' || declared.type === 'bind' || declared.type === 'tmpfs') return declared.type;
    return 'other';
  }
  if (KERNEL.has(mount.type)) return 'kernel';
  if (container !== null && mount.point === '/') return 'image';
  if (container !== null && ENGINE_FILES.has(mount.point)) return 'engine';
  return mount.type === 'tmpfs' || mount.type === 'devtmpfs' ? 'tmpfs' : 'other';
}

/** The directories of an overlay, top first: what was written, then the image's layers. */
export function overlayLayers(mount: Mount): { readonly upper: string | null; readonly lower: readonly string[] } {
  const option = (name: string): string | null =>
    mount.superOptions.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  return { upper: option('upperdir'), lower: option('lowerdir')?.split(':') ?? [] };
}

/**
 * A path of the VM as the user's own machine has it, where a desktop product shares files that way; null elsewhere.
 * `/host_mnt/Users/…` and `/run/host_mark/…` are Docker Desktop's on a Mac, `/run/desktop/mnt/host/c/…` on WSL 2.
 */
export function desktopPath(path: string): string | null {
  const windows = /^\/run\/desktop\/mnt\/host\/([a-z])(\/.*)?$/.exec(path);
  if (windows !== null) return `${windows[1]?.toUpperCase()}:${(windows[2] ?? '/').replaceAll('/', '\\')}`;
  const mac = /^\/(?:host_mnt|run\/host_mark)(\/.+)$/.exec(path);
  return mac?.[1] ?? null;
}

export interface MountRow {
  readonly mount: Mount;
  readonly depth: number;
}

/**
 * The table as a tree: each mount below the one that it is mounted on, in the table's order. Every mount is one row,
 * in tables that contradict themselves too (an id given twice, parents in a circle).
 */
export function mountTree(mounts: readonly Mount[]): MountRow[] {
  const ids = new Set(mounts.map(({ id }) => id));
  const children = new Map<number, Mount[]>();
  const roots: Mount[] = [];
  for (const mount of mounts) {
    if (mount.parent === mount.id || !ids.has(mount.parent)) roots.push(mount);
    else {
      const list = children.get(mount.parent);
      if (list === undefined) children.set(mount.parent, [mount]);
      else list.push(mount);
    }
  }
  const rows: MountRow[] = [];
  const walk = (mount: Mount): void => {
    const pending = [{ mount, depth: 0 }];
    for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
      rows.push(row);
      const below = children.get(row.mount.id) ?? [];
      // The first of an id has them all.
      children.delete(row.mount.id);
      for (const child of below.reverse()) pending.push({ mount: child, depth: row.depth + 1 });
    }
  };
  for (const root of roots) walk(root);
  // What is left is in a circle: it begins anywhere.
  for (const list of children.values()) for (const mount of list.splice(0)) walk(mount);
  return rows;
}

export interface MountComparison {
  /** Mount points that both have, of the same part of the same file system: what one writes, the other sees. */
  readonly same: readonly Mount[];
  /** Mount points that both have, of different file systems. */
  readonly different: readonly { readonly a: Mount; readonly b: Mount }[];
  readonly onlyA: readonly Mount[];
  readonly onlyB: readonly Mount[];
  /** The same part of a file system at different mount points. */
  readonly elsewhere: readonly { readonly a: Mount; readonly b: Mount }[];
}

/** Two tables by mount point, and by what is mounted. The last mount of a point is the one that is seen. */
export function compareMounts(a: readonly Mount[], b: readonly Mount[]): MountComparison {
  const content = ({ device, root }: Mount): string => `${device} ${root}`;
  const pointsA = new Map(a.map((mount) => [mount.point, mount]));
  const pointsB = new Map(b.map((mount) => [mount.point, mount]));
  const contentB = new Map([...pointsB.values()].map((mount) => [content(mount), mount]));
  const same: Mount[] = [];
  const different: { a: Mount; b: Mount }[] = [];
  const onlyA: Mount[] = [];
  const elsewhere: { a: Mount; b: Mount }[] = [];
  for (const mount of pointsA.values()) {
    const there = pointsB.get(mount.point);
    if (there === undefined) onlyA.push(mount);
    else if (content(there) === content(mount)) same.push(mount);
    else different.push({ a: mount, b: there });
    const twin = contentB.get(content(mount));
    if (twin !== undefined && twin.point !== mount.point) elsewhere.push({ a: mount, b: twin });
  }
  return { same, different, onlyA, onlyB: [...pointsB.values()].filter(({ point }) => !pointsA.has(point)), elsewhere };
}
