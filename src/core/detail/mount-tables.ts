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
