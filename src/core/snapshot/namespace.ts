/**
 * The eight kinds of Linux namespaces, in the order in which every view, strip and export shows them.
 * Source: namespaces(7).
 */
export const NAMESPACE_KINDS = ['mnt', 'pid', 'net', 'ipc', 'uts', 'user', 'cgroup', 'time'] as const;

export type NamespaceKind = (typeof NAMESPACE_KINDS)[number];

/** The ten links of `/proc/<pid>/ns`: the eight kinds and the two that only children will get. Source: proc(5). */
export const NAMESPACE_LINKS = [...NAMESPACE_KINDS, 'pid_for_children', 'time_for_children'] as const;

/** What `readlink /proc/<pid>/ns/<kind>` prints, for example `net:[4026532184]`. */
export type NamespaceId = string;

const ID_PATTERN = /^(mnt|pid|net|ipc|uts|user|cgroup|time):\[(\d+)\]$/;

/** Splits a namespace id into kind and inode; null when the text is no namespace id. */
export function parseNamespaceId(id: string): { kind: NamespaceKind; inode: number } | null {
  const match = ID_PATTERN.exec(id);
  return match === null ? null : { kind: match[1] as NamespaceKind, inode: Number(match[2]) };
}
